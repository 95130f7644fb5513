"""Amounts of time as policies write them: `15m` runs day and night, `6bh` and `2bd` only in business time."""

from enum import StrEnum
from functools import lru_cache
from typing import Final, Self

from carecli.errors import Invalid

COUNT_LIMIT: Final = 1_000_000_000
_HINT: Final = "write a whole number and a unit: 90s 15m 4h 3d run day and night; 30bm 6bh 2bd business time"


class Unit(StrEnum):
    """What an amount counts: with a `b` business time (CAL-1, CAL-2), without it 24x7 (CAL-3)."""

    SECONDS = "s"
    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"
    BUSINESS_SECONDS = "bs"
    BUSINESS_MINUTES = "bm"
    BUSINESS_HOURS = "bh"
    BUSINESS_DAYS = "bd"

    @property
    def business(self) -> bool:
        """Whether only open time counts."""
        return self.value[0] == "b"


_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600}


class Amount:
    """A count of one unit, 0 to 1,000,000,000; anything else raises Invalid.

    Written out, as `Calendar` is: importing `dataclasses` takes longer than the arithmetic of a list.
    """

    __slots__ = ("count", "unit")

    def __init__(self, count: int, unit: Unit) -> None:
        if not 0 <= count <= COUNT_LIMIT:
            raise Invalid(f"{count} is outside 0 to {COUNT_LIMIT:,}", hint=_HINT)
        self.count: Final = count
        self.unit: Final = unit

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amount) and (self.count, self.unit) == (other.count, other.unit)

    def __hash__(self) -> int:
        return hash((self.count, self.unit))

    def __repr__(self) -> str:
        return f"Amount({self.count}, {self.unit!r})"

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> Self:
        """Read `15m`, `4h`, `6bh`, `2bd`, `3d`, `90s`, `30bm`, `90bs`; anything else raises Invalid."""
        digits = text.rstrip("smhdb")
        # isdigit alone would let other scripts' digits in; a long run of digits is a slip, not an amount.
        if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(COUNT_LIMIT))):
            raise Invalid(f"{_shown(text)} is no amount of time", hint=_HINT, rule="CAL-3")
        try:
            return cls(int(digits), Unit(text[len(digits) :]))
        except ValueError:
            raise Invalid(f"{_shown(text)} has no unit known here", hint=_HINT, rule="CAL-3") from None

    @property
    def business(self) -> bool:
        """Whether only open time counts towards it."""
        return self.unit.business

    @property
    def seconds(self) -> int | None:
        """Its length in seconds of its own base; None for days, whose length the calendar tells."""
        size = _SECONDS.get(self.unit.value[-1])
        return None if size is None else self.count * size

    @property
    def plain_seconds(self) -> int:
        """Its length in seconds around the clock, where a day has 24 hours; business time has no such length."""
        assert not self.business, "only a calendar tells how long business time takes"
        return self.count * 86_400 if self.seconds is None else self.seconds

    def __str__(self) -> str:
        return f"{self.count}{self.unit.value}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
