"""A look through one text: its windows, what the rules say of them, and what of that counts."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

from carecli.domain.sanitising import Finding, Pattern, Sensitive
from carecli.files.scanning.addresses import addresses
from carecli.files.scanning.cards import cards
from carecli.files.scanning.ibans import ibans
from carecli.files.scanning.marks import recognised
from carecli.files.scanning.matches import Match
from carecli.files.scanning.patterns import TIMEOUT_S, Own, allowing, compiled
from carecli.files.scanning.phones import phones
from carecli.files.scanning.secrets import secrets
from carecli.files.scanning.tokens import tokens
from carecli.files.scanning.windows import Window, windows

_FIRST: Final = {kind: rank for rank, kind in enumerate(Sensitive)}
_NUMBERS: Final = frozenset({Sensitive.CARD, Sensitive.IBAN, Sensitive.PHONE})
_JOINTS: Final = frozenset({"", "-", "_", ".", ",", "+"})
"""What joins digits to a longer whole."""


class Allowed:
    """What is no customer data: values, domains as `@desk.example`, and regular expressions as `/.../`."""

    def __init__(self, entries: Sequence[str]) -> None:
        self._values = frozenset(_plain(entry) for entry in entries)
        self._domains = tuple(entry.casefold() for entry in entries if entry.startswith("@"))
        self._shapes = [allowing(entry) for entry in entries if _is_expression(entry)]

    def __contains__(self, match: object) -> bool:
        if not isinstance(match, Match) or not self._values:
            return False
        return (
            _plain(match.value) in self._values
            or (match.kind is Sensitive.EMAIL and match.value.casefold().endswith(self._domains))
            or any(self._meets(shape, match.value) for shape in list(self._shapes))
        )

    def _meets(self, shape: Any, value: str) -> bool:
        """Whether an expression lets a value pass; one that takes too long lets nothing pass from then on."""
        try:
            return shape.fullmatch(value, timeout=TIMEOUT_S) is not None
        except TimeoutError:
            self._shapes.remove(shape)
            return False


def _is_expression(entry: str) -> bool:
    return len(entry) > 2 and entry[0] == entry[-1] == "/"


def _plain(value: str) -> str:
    """A value as it compares: without letter case and the signs between groups of digits."""
    return re.sub(r"[ ()\-/\xa0]", "", value).casefold()


class Wanted(NamedTuple):
    """What to look for, and what to let pass."""

    patterns: Sequence[Pattern] = ()
    region: str | None = None
    allow: Sequence[str] = ()


class Ready:
    """What to look for made ready, once for all the texts of a file; raises Invalid."""

    def __init__(self, wanted: Wanted) -> None:
        self.own = {pattern.name: compiled(pattern) for pattern in wanted.patterns}
        """The desk's own expressions; one that took too long goes."""
        self.region = wanted.region
        self.allowed = Allowed(wanted.allow)
        self.mark = recognised(pattern.name for pattern in wanted.patterns)


class Seen(NamedTuple):
    """What a window brought: characters `begin` to `border` of its text, and where matches lie in it."""

    window: Window
    matches: tuple[Match, ...]
    spans: tuple[tuple[int, int, Match | None], ...]
    """Stretches that a mark replaces, or (None) that go with the one before; they may reach over the border."""
    origin: int


class Look:
    """A look through one text. What starts first counts; what overlaps it goes with it."""

    def __init__(self, ready: Ready) -> None:
        self._ready = ready
        self._own = Own(ready.own)
        self._taken = 0
        self.gone = self._own.gone

    def through(self, chunks: Iterable[str]) -> Iterator[Seen]:
        """The windows of a text with what was found in each."""
        origin = 0
        for window in windows(chunks):
            # The next window's text begins where this one's border is, less what both show.
            yield self._at(window, origin - window.begin)
            origin += window.border - window.begin

    def _at(self, window: Window, origin: int) -> Seen:
        found = sorted(
            (match for match in self._candidates(window, origin) if window.begin <= match.start < window.border),
            key=lambda match: (match.start, _FIRST[match.kind], -match.end),
        )
        matches: list[Match] = []
        spans: list[tuple[int, int, Match | None]] = []
        for match in self._unmarked(window, found) if found else ():
            if match in self._ready.allowed or (match.doubt is not None and origin + match.doubt >= self._taken):
                continue
            start, end = origin + match.start, origin + match.end
            if start >= self._taken:
                matches.append(match)
                spans.append((match.start, match.end, match))
            elif end > self._taken:
                spans.append((self._taken - origin, match.end, None))
            self._taken = max(self._taken, end)
        return Seen(window, tuple(matches), tuple(spans), origin)

    def _candidates(self, window: Window, origin: int) -> Iterator[Match]:
        return chain(
            cards(window),
            ibans(window),
            secrets(window),
            tokens(window),
            addresses(window),
            phones(window, self._ready.region),
            self._own.matches(window, origin),
        )

    def _unmarked(self, window: Window, found: list[Match]) -> Iterator[Match]:
        """The matches that are no part of a mark, nor digits that stand right beside one."""
        marks = [mark.span() for mark in self._ready.mark.finditer(window.text)]
        if not marks:
            return iter(found)
        ends = [end for _, end in marks]
        return (match for match in found if not _touches(window.text, match, marks[slice(*_near(ends, match))]))


def _near(ends: Sequence[int], match: Match) -> tuple[int, int]:
    """Which marks may touch a match: from those that end where it begins to one beyond its end."""
    return bisect_left(ends, match.start - 1), bisect_left(ends, match.end) + 2


def _touches(text: str, match: Match, marks: Iterable[tuple[int, int]]) -> bool:
    """Whether a match is a mark's, or digits that were no number before the mark stood beside them."""
    if match.kind is Sensitive.PATTERN:
        return any(start <= match.start and match.end <= end for start, end in marks)
    for start, end in marks:
        if match.start < end and start < match.end:
            return True
        between = text[end : match.start] if end <= match.start else text[match.end : start]
        if match.kind in _NUMBERS and between in _JOINTS:
            return True
    return False


class Place:
    """Where in a text a look is: the line and column of each match, as windows go by.

    A line ends with a line feed, as `grep -n` and `less` count: a progress bar's carriage returns end none.
    """

    def __init__(self) -> None:
        self._line = 1
        self._line_start = 0
        self._counted = 0

    def of(self, seen: Seen, at: int) -> tuple[int, int]:
        """The line and column of a character of a window, both from 1; later places only."""
        self._count(seen, at)
        return self._line, seen.origin + at - self._line_start + 1

    def past(self, seen: Seen) -> None:
        """Go on to the next window."""
        self._count(seen, seen.window.border)

    def _count(self, seen: Seen, at: int) -> None:
        start, text = self._counted - seen.origin, seen.window.text
        lines = text.count("\n", start, at)
        if lines:
            self._line += lines
            self._line_start = seen.origin + text.rfind("\n", start, at) + 1
        self._counted = seen.origin + at


def finding(match: Match, line: int, column: int, member: str | None) -> Finding:
    """A match as the world may see it."""
    # What a file in another encoding cannot be read as is a lone surrogate here, which no screen takes.
    shown = match.shown.encode("utf-8", "replace").decode("utf-8")
    return Finding(match.kind, match.detail, line, column, shown, member)
