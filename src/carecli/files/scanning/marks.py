"""The marks that stand in a redacted copy for what was there: `[card-number-1]`, the same for the same (ATT-2)."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.matches import Match

MOST: Final = 200_000
"""How many values are told apart; those beyond share the mark `[...-x]`, so that memory stays bounded."""


class Marks:
    """Which mark stands for which value; one for all the files of a command. It keeps hashes, never values."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._counts: Counter[str] = Counter()

    def mark(self, match: Match) -> str:
        """The mark of what was found."""
        name = match.detail if match.kind is Sensitive.PATTERN else match.kind.value
        key = blake2b(f"{name}\0{match.value}".encode("utf-8", "surrogatepass"), digest_size=12).digest()
        number = self._numbers.get(key)
        if number is None:
            if len(self._numbers) >= MOST:
                return f"[{name}-x]"
            self._counts[name] += 1
            number = self._numbers[key] = self._counts[name]
        return f"[{name}-{number}]"


def recognised(names: Iterable[str]) -> re.Pattern[str]:
    """What a mark looks like, given the names of the desk's own patterns."""
    kinds = [kind.value for kind in Sensitive if kind is not Sensitive.PATTERN]
    return re.compile(rf"\[(?:{'|'.join(map(re.escape, [*kinds, *names]))})-(?:\d{{1,6}}|x)\]")
