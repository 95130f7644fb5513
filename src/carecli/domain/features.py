"""What a text is weighed by: its words, the pairs that stand together, and pieces of words (OPEN-6).

Pieces of four letters are what words have in common that are written wrong, bent or joined otherwise, in any
language; scripts that put no blanks between words are weighed by two signs at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import re

TEXT_MAX: Final = 20_000
"""How many characters of a text are looked at."""

WORDS_MAX: Final = 250
"""How many words: what a case is about stands at its beginning, and behind it logs and quotes."""

WORD_MAX: Final = 30
"""How many letters of a word: what is longer is a key or a path."""

DIGITS_MAX: Final = 4
"""Longer numbers are of one case alone: telephone numbers, dates, orders."""

PIECE: Final = 4
STRENGTH: Final = 1_024
"""What a feature alone in its text weighs."""

_SHARES: Final = {"pair": 1.0, "piece": 0.7}
_MARK: Final = "#"
"""Begins a piece, which no word does."""

# The runs of letters and digits in scripts that put no blanks between words: from Thai to Lao, Burmese, Khmer,
# and Chinese and Japanese with all that lies behind them.
_UNBROKEN: Final = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u2e80", "\U0010ffff"))


def words(text: str) -> list[str]:
    """The words of a text in their order, without letter case; at most WORDS_MAX of them."""
    from unicodedata import normalize

    begin = text[:TEXT_MAX]
    plain = begin if begin.isascii() else normalize("NFKC", begin)
    found: list[str] = []
    for run in _runs().findall(plain.casefold().replace("'", "").replace("’", "")):
        found.extend(_read(run))
        if len(found) >= WORDS_MAX:
            break
    return found[:WORDS_MAX]


def _read(run: str) -> Iterable[str]:
    if run.isascii():
        return () if len(run) > DIGITS_MAX and run.isdigit() else (run[:WORD_MAX],)
    if len(run) > 2 and any(first <= run[0] <= last for first, last in _UNBROKEN):
        return [run[place : place + 2] for place in range(len(run) - 1)]
    return (run[:WORD_MAX],)


def name_words(name: str) -> list[str]:
    """The words of a component's name: split at blanks, hyphens, underscores, and where `camelCase` changes."""
    return words(_humps().sub(" ", name))


def features(said: Sequence[str]) -> dict[str, int]:
    """The features of these words with their strengths; the vector of them is STRENGTH long, or nothing."""
    found = dict.fromkeys(said, 1.0)
    found |= dict.fromkeys(pairs(said), _SHARES["pair"])
    for word in list(found):
        found |= dict.fromkeys(pieces(word), _SHARES["piece"])
    length = sum(strength * strength for strength in found.values()) ** 0.5
    return {feature: round(strength / length * STRENGTH) for feature, strength in found.items()}


def pairs(said: Sequence[str]) -> Iterator[str]:
    """The pairs of words that stand together; the first and the last word stand beside an end."""
    return (f"{one} {other}" for one, other in zip(("", *said), (*said, ""), strict=True)) if said else iter(())


def pieces(word: str) -> list[str]:
    """The pieces of a word with its ends, of PIECE letters each; none of a pair."""
    if " " in word:
        return []
    whole = f"<{word}>"
    return [_MARK + whole[place : place + PIECE] for place in range(len(whole) - PIECE + 1)]


def is_word(feature: str) -> bool:
    """Whether a feature is a word, and no pair or piece."""
    return " " not in feature and not feature.startswith(_MARK)


def spoken(said: Sequence[str], worth: Mapping[str, float]) -> dict[str, float]:
    """What features are worth, told of the words and pairs that they belong to: the sum stays the same.

    A piece of several words counts for the first of them, and a word beside an end for the word.
    """
    told: dict[str, float] = {}
    left = dict(worth)
    for word in dict.fromkeys(said):
        told[word] = left.pop(word, 0.0) + sum(left.pop(piece, 0.0) for piece in pieces(word))
    for pair in dict.fromkeys(pairs(said)):
        shown = pair.strip()
        told[shown] = told.get(shown, 0.0) + left.pop(pair, 0.0)
    return told


@cache
def _runs() -> re.Pattern[str]:
    import re

    return re.compile(r"[^\W_]+")


@cache
def _humps() -> re.Pattern[str]:
    import re

    return re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
