"""Words as people type them: set apart, and where nobody writes them so, the nearest that somebody does (KB-1)."""

from collections.abc import Iterable, Mapping
from typing import Final

SHORTEST: Final = 4
"""Shorter words are not corrected: too many others are as near."""
LONGEST: Final = 30
WORDS_MAX: Final = 50
"""More words than anybody types into a search."""

_COMMON: Final = """
a about after again all also am an and any are as at be because been before but by can cannot could did do
does done for from get got had has have he her here him his how i if in into is it its just like me my no
not now of off on one only or other our out over please s she should since so some t than that the their
them then there these they this those to too under up us very was we were what when where which while who
why will with would you your
"""
COMMON: Final = frozenset(_COMMON.split())
"""Words that say nothing of what a text is about."""


def words(text: str) -> list[str]:
    """The words of a text as the index knows them: without letter case and without marks on letters."""
    plain = text.lower()
    if not plain.isascii():
        # Imported here: every command reads this module's names, and few read a text.
        import unicodedata

        bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
        plain = unicodedata.normalize("NFC", bare)
    return "".join(c if c.isalnum() else " " for c in plain).split()


def asked(text: str) -> list[str]:
    """Each word of a search once, the most that anybody types."""
    return list(dict.fromkeys(words(text)))[:WORDS_MAX]


def telling(text: Iterable[str]) -> list[str]:
    """Those of the words that say what a text is about; all of them where none does."""
    all_ = list(text)
    return [word for word in all_ if word not in COMMON] or all_


def correctable(word: str) -> bool:
    """Whether a word is long enough for another one to be meant by it; numbers mean themselves."""
    return SHORTEST <= len(word) <= LONGEST and not any(c.isdigit() for c in word)


def distance_max(word: str) -> int:
    """How many slips of the hand may lie between a word and the one that was meant."""
    return 1 if len(word) < 6 else 2 if len(word) < 12 else 3


def lengths(word: str) -> tuple[int, int]:
    """How short and how long the words are that one may be a slip for."""
    most = distance_max(word)
    return len(word) - most, len(word) + most


def beginnings(word: str) -> tuple[str, ...]:
    """How the words most likely begin that one is a slip for: few people miss the first letter, or swap it."""
    return tuple(dict.fromkeys(word[:2]))


def nearest(word: str, known: Mapping[str, int]) -> str | None:
    """The known word that a word is most likely a slip for, of equals the one that most articles hold.

    A slip is a letter too many, too few, another one, or two that stand the wrong way round.
    """
    if not correctable(word) or not known:
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA, JaroWinkler

    near = process.extract(
        word, list(known), scorer=OSA.distance, score_cutoff=distance_max(word), limit=None, processor=None
    )
    best = (
        min(
            ((distance + (text[0] != word[0]), -JaroWinkler.similarity(word, text), -known[text], text))
            for text, distance, _ in near
        )
        if near
        else None
    )
    return best[-1] if best else None
