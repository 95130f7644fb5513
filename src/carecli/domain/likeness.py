"""How like two texts are: shared words, the rarer the weightier, subjects above descriptions (OPEN-7, OPEN-11).

Chosen among several ways by `benchmarks/duplicates.py`. Nothing is learned: what a word weighs is how rare it is
among the cases that are looked through, so that it works from the first case on and in any language; endings are
taken off English words alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import exp, sqrt
from typing import Final, NamedTuple

from carecli.domain.rarity import rarity

NEAR_FROM: Final = 0.7
"""From which likeness of their subjects on two cases are almost surely one issue (OPEN-11); by measurement."""

SUBJECT_WORDS_MAX: Final = 40
DESCRIBED_WORDS_MAX: Final = 150
RARE_MAX: Final = 20
"""How many words of a description are compared, the rarest of it: more only blur (see the benchmark)."""

_WORD: Final = re.compile(r"[^\W_]+")
_ENDINGS: Final = ("ing", "ies", "ied", "es", "ed", "ly", "s", "e")
_FORMS: Final = ("", "e", "s", "es", "ed", "ing", "ly")
_STEM_MIN: Final = 3
_READ_MAX: Final = 8_000
"""How many characters of a description are read."""

# What a word counts by where it stands: in both subjects, in the subject asked for and the other's description,
# the reverse, and in both descriptions.
_SUBJECTS: Final = 1.0
_SUBJECT_TOLD: Final = 0.75
_TOLD_SUBJECT: Final = 0.5
_TOLD: Final = 0.15
_SATURATION: Final = 1.2
_LENGTH_SHARE: Final = 0.75
_RECENT_GAIN: Final = 0.4
_RECENT_DAYS: Final = 90.0
_SAME_WORD_FROM: Final = 0.8
_TYPO_LENGTH_MIN: Final = 5


class Text(NamedTuple):
    """The stems of what is asked for: of its subject and of its description, in their order."""

    subject: tuple[str, ...]
    description: tuple[str, ...]


class Counted(NamedTuple):
    """How often the stems that are asked for stand in a case's subject and description, and how long these are."""

    subject: Mapping[str, int]
    description: Mapping[str, int]
    subject_length: int
    description_length: int


class Asked(NamedTuple):
    """What others are compared with: the stems of the subject, the rarest of the description, what each tells."""

    subject: frozenset[str]
    described: frozenset[str]
    weights: Mapping[str, float]


class Lengths(NamedTuple):
    """How many words subjects and descriptions have on average."""

    subject: float
    description: float


def words(text: str) -> list[str]:
    """The words of a text, letter case aside."""
    return _WORD.findall(text[:_READ_MAX].casefold())


def stem(word: str) -> str:
    """A word without its English ending: `archives` and `archiving` are both `archiv`; other words as they are."""
    if not (word.isascii() and word.isalpha()):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_MIN:
            rest = word[: -len(ending)]
            if ending in {"ies", "ied"}:
                return rest + "y"
            doubled = ending in {"ing", "ed"} and len(rest) > _STEM_MIN and rest[-1] == rest[-2]
            return rest[:-1] if doubled and rest[-1] not in "ls" else rest
    return word


def forms(of: str) -> tuple[str, ...]:
    """The words that a stem may stand for, to look for in an index of whole words."""
    if not (of.isascii() and of.isalpha()):
        return (of,)
    ending = (f"{of[:-1]}ies", f"{of[:-1]}ied") if of.endswith("y") else (f"{of}{of[-1]}ing", f"{of}{of[-1]}ed")
    return (*(f"{of}{end}" for end in _FORMS), *ending)


def text(subject: str, description: str) -> Text:
    """A case's words, their endings taken off."""
    return Text(tuple(map(stem, words(subject))), tuple(map(stem, words(description))))


def stems_by_form(stems: Iterable[str]) -> Mapping[str, str]:
    """The words that these stems may stand for, each with its stem."""
    return {form: one for one in stems for form in forms(one)}


def counted(known: Mapping[str, str], subject: str, description: str) -> Counted:
    """How often the known stems stand in a case's texts; no word of it need be taken apart for that."""
    said, told = words(subject), words(description)
    return Counted(_counts(known, said), _counts(known, told), len(said), len(told))


def _counts(known: Mapping[str, str], said: Iterable[str]) -> Mapping[str, int]:
    return Counter(known[word] for word in said if word in known)


def telling(of: Text) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems to weigh: of the subject, and of the description those that the subject does not have."""
    subject = tuple(dict.fromkeys(of.subject))[:SUBJECT_WORDS_MAX]
    known = frozenset(subject)
    told = dict.fromkeys(one for one in of.description if one not in known and len(one) > 1)
    return subject, tuple(told)[:DESCRIBED_WORDS_MAX]


def asked(of: Text, spread: Mapping[str, int], total: int, *, beside: int = 0) -> Asked:
    """What to compare with, given in how many of `total` cases each stem stands.

    Words of the description that stand in no other case tell nothing; `beside` is 1 where the case itself counts.
    """
    subject, told = telling(of)
    weights = {one: rarity(spread.get(one, 0), total) for one in (*subject, *told)}
    often = Counter(of.description)
    met = [one for one in told if spread.get(one, 0) > beside]
    rarest = sorted(met, key=lambda one: -weights[one] * sqrt(min(often[one], 3)))[:RARE_MAX]
    kept = {one: weights[one] for one in (*subject, *rarest)}
    return Asked(frozenset(subject), frozenset(rarest), kept)


def lengths(texts: Sequence[Counted]) -> Lengths:
    """How long the texts are on average; at least a word."""
    count = len(texts) or 1
    return Lengths(
        max(1.0, sum(one.subject_length for one in texts) / count),
        max(1.0, sum(one.description_length for one in texts) / count),
    )


def score(of: Asked, other: Counted, average: Lengths) -> float:
    """How much speaks for one issue: BM25 over both fields, crosswise as well."""
    subject_norm = _norm(other.subject_length, average.subject)
    described_norm = _norm(other.description_length, average.description)
    return sum(
        weight * _bm25(of, sought, counts, norm)
        for weight, sought, counts, norm in (
            (_SUBJECTS, of.subject, other.subject, subject_norm),
            (_SUBJECT_TOLD, of.subject, other.description, described_norm),
            (_TOLD_SUBJECT, of.described, other.subject, subject_norm),
            (_TOLD, of.described, other.description, described_norm),
        )
    )


def _bm25(of: Asked, sought: Iterable[str], counts: Mapping[str, int], norm: float) -> float:
    told = ((of.weights[one], counts[one]) for one in sought if one in counts)
    return sum(weight * count * (_SATURATION + 1) / (count + norm) for weight, count in told)


def _norm(length: int, average: float) -> float:
    """What a long text takes off: a word is likelier to stand in it by chance."""
    return _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * length / average)


def likeness(points: float, whole: float, days_apart: float) -> float:
    """From 0 to 1: the points of a case beside those of the text itself, less for what is long ago.

    One issue is mostly told of within weeks; beside a year what was written then counts three quarters.
    """
    recent = (1 + _RECENT_GAIN * exp(-abs(days_apart) / _RECENT_DAYS)) / (1 + _RECENT_GAIN)
    return min(1.0, points / whole * recent) if whole else 0.0


def subject_likeness(
    one: Sequence[str], other: Sequence[str], weights: Mapping[str, float], unknown: float
) -> float:
    """The share of two subjects' words, by weight, that both have; a slip of the keyboard makes no other word.

    `unknown` is what a word weighs that the text asked for does not have.
    """
    mine, theirs = set(one), set(other)
    both = mine & theirs
    slips = _slips(mine - both, theirs - both)
    alike = sum(weights.get(word, unknown) for word in both | slips.keys())
    apart = (mine - both - slips.keys()) | (theirs - both - set(slips.values()))
    whole = alike + sum(weights.get(word, unknown) for word in apart)
    return alike / whole if whole else 0.0


def _slips(mine: Iterable[str], theirs: set[str]) -> dict[str, str]:
    """Words that were meant to be the same, but for a letter or two; names with digits differ by one."""
    from rapidfuzz.distance.OSA import normalized_similarity

    found: dict[str, str] = {}
    for word in sorted(mine):
        left = sorted(theirs - set(found.values()))
        likest = max(left, key=lambda other: normalized_similarity(word, other), default="")
        if _may_slip(word) and _may_slip(likest) and normalized_similarity(word, likest) >= _SAME_WORD_FROM:
            found[word] = likest
    return found


def _may_slip(word: str) -> bool:
    return len(word) >= _TYPO_LENGTH_MIN and word.isalpha()
