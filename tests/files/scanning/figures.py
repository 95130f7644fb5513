"""What the scanner finds of a table of lines, counted: recall and precision by kind."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.looking import Look, Ready, Wanted

Line = tuple[str, tuple[tuple[Sensitive, str], ...]]


def found(line: str, region: str | None = "US") -> tuple[tuple[Sensitive, str], ...]:
    """The kind and the very characters of all that is found in a text."""
    return tuple(
        (match.kind, seen.window.text[match.start : match.end])
        for seen in Look(Ready(Wanted(region=region))).through([line])
        for match in seen.matches
    )


class Figures(NamedTuple):
    """How many there are, how many of those were found, and how many more were."""

    there: Counter[Sensitive]
    met: Counter[Sensitive]
    more: Counter[Sensitive]

    def recall(self, kind: Sensitive) -> float:
        """The share of what is there that was found."""
        return self.met[kind] / self.there[kind]

    def precision(self, kind: Sensitive) -> float:
        """The share of what was found that is there."""
        return self.met[kind] / max(1, self.met[kind] + self.more[kind])

    def table(self) -> Iterator[str]:
        """Lines to print."""
        for kind in self.there:
            yield (
                f"{kind.value:15} {self.met[kind]:3} of {self.there[kind]:3} found, {self.more[kind]:2} more:"
                f" recall {self.recall(kind):.0%}, precision {self.precision(kind):.0%}"
            )


def figures(lines: Iterable[Line]) -> tuple[Figures, list[str]]:
    """The figures of a table, and what went wrong in words."""
    there, met, more = Counter[Sensitive](), Counter[Sensitive](), Counter[Sensitive]()
    wrong = []
    for line, expected in lines:
        got = Counter(found(line))
        wanted = Counter(expected)
        there.update(kind for kind, _ in wanted.elements())
        met.update(kind for kind, _ in (got & wanted).elements())
        more.update(kind for kind, _ in (got - wanted).elements())
        wrong += [f"missed {value!r} in {line!r}" for _, value in (wanted - got).elements()]
        wrong += [f"{kind.value} {value!r} in {line!r}" for kind, value in (got - wanted).elements()]
    return Figures(there, met, more), wrong
