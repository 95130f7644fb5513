"""A vocabulary whose words are used as people use theirs: a few all the time, most of them hardly ever."""

from itertools import accumulate
from random import Random
from typing import Final

COMMON: Final = (
    "call", "queue", "agent", "since", "report", "customer", "after", "error", "login", "update", "phone", "no",
    "screen", "morning", "every", "transfer", "drops", "recording", "shows", "wrong", "slow", "campaign", "skill",
    "routing", "again", "still", "password", "supervisor", "wallboard", "export", "message", "voice", "delay",
    "station", "browser", "contact", "script", "number", "missing", "empty", "failed", "seconds", "setting",
)  # fmt: skip
RARE: Final = "zyzzogeton"
"""Stands in a handful of cases, whatever the desk's size."""

RARE_CASES: Final = 5
_SYLLABLES: Final = (
    "ba",
    "co",
    "di",
    "fe",
    "gru",
    "ha",
    "ji",
    "ko",
    "lan",
    "mer",
    "no",
    "pri",
    "qua",
    "ris",
    "tel",
)


class Words:
    """Draws texts; word n of the vocabulary is drawn about 1/n as often as the first (Zipf)."""

    def __init__(self, random: Random, size: int = 30_000) -> None:
        self.random = random
        known = dict.fromkeys(COMMON)
        while len(known) < size:
            known["".join(random.choices(_SYLLABLES, k=random.choice((2, 3, 3, 4))))] = None
        self.known = list(known)
        self._weights = list(accumulate(1 / (place + 2) for place in range(size)))

    def text(self, low: int, high: int) -> str:
        """So many words, a sentence that means nothing."""
        count = self.random.randint(low, high)
        return " ".join(self.random.choices(self.known, cum_weights=self._weights, k=count)).capitalize() + "."
