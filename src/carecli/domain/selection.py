"""Which component a new case is about, chosen from its words (OPEN-6)."""

from typing import NamedTuple


class Candidate(NamedTuple):
    """A component and how much speaks for it, from 0 to 1; all candidates together make at most 1."""

    component: str
    share: float


class Word(NamedTuple):
    """A word or pair of words of the case, and how much it spoke for the chosen component."""

    word: str
    weight: float


class Selection(NamedTuple):
    """The chosen component first, the next best behind it; `words` are why, the weightiest first."""

    candidates: tuple[Candidate, ...]
    words: tuple[Word, ...] = ()

    @property
    def component(self) -> str | None:
        """The chosen one, None where nothing speaks for any."""
        return self.candidates[0].component if self.candidates else None
