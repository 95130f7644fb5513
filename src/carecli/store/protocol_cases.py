"""What the desk asks of a store about cases: each as it stands, and pages of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from carecli.domain.case import Case
from carecli.domain.finding import Found, Query, Scope
from carecli.domain.timers import Timer
from carecli.store.entries import CaseRow, CaseTexts


class CaseReading(Protocol):
    """Cases by number, by what they are, and by their words."""

    def visible(self, numbers: Iterable[int]) -> set[int]:
        """Of these cases those that are there for whoever looks (DC-3)."""

    def case(self, number: int) -> Case | None:
        """The case, whole, or None."""

    def cases(self, numbers: Sequence[int]) -> Iterator[Case]:
        """These cases, whole, in any order."""

    def state(self, number: int) -> CaseRow | None:
        """The case as JSON values, for readers that need no more."""

    def listed(self, numbers: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        """The states of these cases in this order."""

    def external(self, reference: str) -> int | None:
        """The case that was imported under another desk's reference (IMP-1)."""

    def find(self, query: Query) -> Found:
        """A page of cases (FIND-1, FIND-2)."""

    def every(self, query: Query) -> Iterator[Mapping[str, Any]]:
        """The states of the cases that `find` would find, read as they are asked for (EXP-1)."""

    def numbered(self, scope: Scope, lowest: int, highest: int, limit: int) -> list[tuple[int, str]]:
        """The highest numbers of cases from `lowest` to `highest`, each with its subject."""

    def search(self, words: str, query: Query, *, notes: bool, ranked: bool = True) -> Found:
        """A page of cases that hold all these words, best first or as the query sorts (FIND-3).

        `notes` looks into notes too.
        """


class CaseWriting(CaseReading, Protocol):
    """Cases as they are numbered, kept and made findable."""

    def next_number(self) -> int:
        """The next case number: in order, never given twice (OPEN-1)."""

    def put_last_number(self, number: int) -> None:
        """Have the next case number be the one behind this one, or a later one (OPEN-1)."""

    def save(self, case: Case, timers: Iterable[Timer]) -> None:
        """Replace what is derived from a case: its row, its clocks, its timers."""

    def save_all(self, cases: Sequence[Case], timers: Iterable[Timer]) -> None:
        """Replace what is derived from these cases; the timers are those of all of them."""

    def index(self, texts: CaseTexts) -> None:
        """Add texts of a case to the search index; texts of a known case are added to what it has."""

    def remember_external(self, reference: str, number: int) -> None:
        """Note the reference under which a case was imported (IMP-1)."""
