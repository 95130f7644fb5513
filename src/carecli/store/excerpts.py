"""Where words stand in texts: the excerpt that FTS5's snippet() would choose, on both engines (FIND-3, KB-1).

That function holds each place of a word against all others, so that a mail with one word twenty thousand times
took minutes. Here the time follows the length of the texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, islice
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from carecli.store.words import aligned

CONTEXT_WORDS: Final = 16
"""How many words are shown."""

PLACES_MAX: Final = 1_000
"""Of words that stand in more places of a text, only the first places and those near them are weighed."""

FIRST: Final = 50
"""How many places of each are its first ones."""

PART_MAX: Final = 1_000
"""How many characters are shown of a word, or between two: some texts are one word from end to end."""

# What FTS5 gives an excerpt for a word, for each time that it comes again, and for where the excerpt begins.
_NEW: Final = 1_000
_AGAIN: Final = 1
_BEGINS_TEXT: Final = 120
_BEGINS_SENTENCE: Final = 100

_SENTENCE_END: Final = re.compile(r"[.:][ \t\n\r]+")
_WORD: Final = re.compile("[^ ]+")

Told = Callable[[str], list[str]]


class Phrase(NamedTuple):
    """Words that stand one behind the other; the last one may be unfinished."""

    words: tuple[str, ...]
    unfinished: bool

    def goes_on(self, words: Sequence[str], at: int) -> bool:
        """Whether a text that has its first word there has the others behind it."""
        *others, last = self.words
        stands = words[at : at + len(self.words)]
        if len(stands) < len(self.words) or stands[:-1] != others:
            return False
        return stands[-1].startswith(last) if self.unfinished else stands[-1] == last


class Sought(NamedTuple):
    """What is looked for: how often each phrase was asked for, in the order of their last times."""

    phrases: Mapping[Phrase, int]
    told: Told
    """Tells the words of a text."""


class _Place(NamedTuple):
    """Where a phrase stands: its first word, by number, and the one behind its last."""

    at: int
    end: int
    phrase: Phrase


def sought(asked: Sequence[str], told: Told, *, unfinished: bool) -> Sought:
    """What is looked for by words as people type them, each maybe a phrase; the last one may be `unfinished`."""
    typed = [Phrase(tuple(told(word)), unfinished=False) for word in asked]
    if unfinished and typed:
        typed[-1] = typed[-1]._replace(unfinished=True)
    times = Counter(typed)
    return Sought({phrase: times[phrase] for phrase in reversed(dict.fromkeys(reversed(typed)))}, told)


def excerpt(texts: Sequence[str], wanted: Sought, *, every: bool = False, rather: int | None = None) -> str:
    """The words between « and » in the text that tells the most of them; "" where none has any.

    Where `every` one must occur in some of the texts, it is "" too unless they do. A text that has any is taken
    before the others where it is the one to `rather` have, by its number.
    """
    told = [_Text(text, wanted) for text in texts]
    if every and {place.phrase for text in told for place in text.places} != wanted.phrases.keys():
        return ""
    best = told[rather] if rather is not None and told[rather].places else max(told, key=attrgetter("score"))
    return best.excerpt() if best.places else ""


class _Text:
    """A text with the places where the words stand in it."""

    def __init__(self, text: str, wanted: Sought) -> None:
        self._text = text
        self._times = wanted.phrases
        words = wanted.told(text)
        self._size = len(words)
        self.places = _places(words, wanted.phrases)
        """In their order; too many are thinned out."""
        self._ats = [place.at for place in self.places]
        self._asked = [0, *accumulate(self._times[place.phrase] for place in self.places)]

    @property
    def score(self) -> int:
        """How much the best excerpt tells; 0 where no word occurs."""
        return self._best[0]

    @cached_property
    def _best(self) -> tuple[int, int]:
        """The score of the best excerpt, of equals the first, and the word that it begins with."""
        best, looked_at = (0, 0), -1
        for at in dict.fromkeys(self._ats):
            score, near = self._scored(at)
            if score > best[0]:
                best = (score, self._centred(near))
            if self._size > CONTEXT_WORDS:
                begin = self._sentences[bisect_right(self._sentences, at) - 1]
                if looked_at < begin < at:
                    looked_at = begin
                    score = self._scored(begin)[0] + (_BEGINS_SENTENCE if begin else _BEGINS_TEXT)
                    best = max(best, (score, begin), key=itemgetter(0))
        return best

    def _scored(self, begin: int) -> tuple[int, slice]:
        """What an excerpt tells that begins with a word, and which places are in it."""
        first = bisect_left(self._ats, begin)
        behind = bisect_left(self._ats, begin + CONTEXT_WORDS, first)
        new = {place.phrase for place in self.places[first:behind]}
        score = sum([self._times[phrase] for phrase in new]) * (_NEW - _AGAIN)
        return score + (self._asked[behind] - self._asked[first]) * _AGAIN, slice(first, behind)

    def _centred(self, which: slice) -> int:
        """Where an excerpt begins that has these places in its middle."""
        near = self.places[which]
        wide = near[-1].end - near[0].at
        begin = near[0].at - int((CONTEXT_WORDS - wide) / 2)
        return max(0, min(begin, self._size - CONTEXT_WORDS))

    @cached_property
    def _sentences(self) -> list[int]:
        """The words that sentences begin with, by number; the first one is one."""
        found, number, behind = [0], 0, 0
        for sentence in _SENTENCE_END.finditer(self._text):
            begin = sentence.end()
            if self._aligned[begin : begin + 1].strip():
                number += len(self._aligned[behind:begin].split())
                behind = begin
                if number:
                    found.append(number)
        return found

    @cached_property
    def _aligned(self) -> str:
        return aligned(self._text)

    def excerpt(self) -> str:
        """The best excerpt, with dots where the text goes on."""
        begin = self._best[1]
        begun = len(self._text) - len(self._aligned.split(None, begin)[begin])
        spans = [word.span() for word in islice(_WORD.finditer(self._aligned, begun), CONTEXT_WORDS)]
        shown, done = ("…", spans[0][0]) if begin else ("", 0)
        for at, end in self._runs(begin):
            first, last = spans[at - begin][0], spans[min(end - begin, len(spans)) - 1][1]
            shown += f"{self._part(done, first)}«{self._part(first, last)}»"
            done = last
        is_end = begin + CONTEXT_WORDS >= self._size
        return shown + (self._part(done, len(self._text)) if is_end else f"{self._part(done, spans[-1][1])}…")

    def _part(self, begin: int, end: int) -> str:
        cut = begin + PART_MAX
        return self._text[begin:end] if end <= cut else f"{self._text[begin:cut]}…"

    def _runs(self, begin: int) -> Iterator[tuple[int, int]]:
        """The places in an excerpt, those that overlap as one; what begins before it is not marked."""
        runs: list[tuple[int, int]] = []
        for place in self.places:
            if runs and place.at < runs[-1][1]:
                runs[-1] = (runs[-1][0], max(runs[-1][1], place.end))
            else:
                runs.append((place.at, place.end))
        return (run for run in runs if begin <= run[0] < begin + CONTEXT_WORDS)


def _places(words: Sequence[str], phrases: Mapping[Phrase, int]) -> list[_Place]:
    """Where phrases stand in a text, in the order of its words and of the phrases."""
    found = {phrase: ats for phrase, ats in _found(words, phrases).items() if ats}
    if sum(map(len, found.values())) > PLACES_MAX:
        found = _thinned(found)
    places = [_Place(at, at + len(phrase.words), phrase) for phrase in phrases for at in found.get(phrase, ())]
    return sorted(places, key=attrgetter("at"))


def _found(words: Sequence[str], phrases: Mapping[Phrase, int]) -> dict[Phrase, list[int]]:
    found: dict[Phrase, list[int]] = {phrase: [] for phrase in phrases}
    begun: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        if len(phrase.words) == 1 and phrase.unfinished:
            found[phrase] = [at for at, word in enumerate(words) if word.startswith(phrase.words[0])]
        elif phrase.words:
            begun.setdefault(phrase.words[0], []).append(phrase)
    for at, word in [(at, word) for at, word in enumerate(words) if word in begun]:
        for phrase in begun[word]:
            ats = found[phrase]
            if len(phrase.words) == 1 or (len(ats) < PLACES_MAX and phrase.goes_on(words, at)):
                ats.append(at)
    return found


def _thinned(found: Mapping[Phrase, list[int]]) -> dict[Phrase, list[int]]:
    """Of each phrase the first places, and those that may be shown beside one of these."""
    near = {
        beside
        for ats in found.values()
        for at in ats[:FIRST]
        for beside in range(at - CONTEXT_WORDS, at + CONTEXT_WORDS + 1)
    }
    return {phrase: [at for at in ats if at in near] for phrase, ats in found.items()}
