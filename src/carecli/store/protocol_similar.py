"""What the desk asks of a store: cases like a text (OPEN-7, OPEN-11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.store.entries_opening import Issue


class SimilarReading(Protocol):
    """Cases like a text (OPEN-7, OPEN-11)."""

    def spread(self, words: Sequence[str], most: int) -> int:
        """How many cases hold any of these forms of a word, counted up to `most`."""

    def holding(self, words: Sequence[Sequence[str]], most: int) -> list[int]:
        """The newest cases whose subject or description hold a form of each of these words."""

    def numbers_of(self, account: str, most: int, *, open_only: bool) -> list[int]:
        """An account's cases, those that moved last first."""

    def among_open(self, numbers: Sequence[int]) -> list[int]:
        """Of these cases those that are not closed, in their order."""

    def issues(self, numbers: Sequence[int]) -> list[Issue]:
        """Of these cases what likeness is told by, in any order."""

    def last_number(self) -> int:
        """The highest number of a case: about how many there are."""
