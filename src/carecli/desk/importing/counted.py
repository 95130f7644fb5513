"""What is asked of an import, and what has come of it so far (IMP-1)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from carecli.domain.import_mapping import ImportMapping
from carecli.domain.import_report import ImportReport, StateMeant
from carecli.domain.people import Account

LISTED = 10_000
"""How many lines a report lists of each kind; the rest is counted."""
STATES = 1_000
"""How many states of theirs a report tells: more are no states."""


@dataclass(slots=True)
class Count:
    """What has been brought in so far.

    People and accounts are known by name, letter case aside: a trial keeps none from one batch to the next.
    """

    cases: int = 0
    known: int = 0
    grown: int = 0
    events: int = 0
    breaches: int = 0
    refused_total: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    contacts: dict[str, str] = field(default_factory=dict)
    """By address the account that each was added to."""
    staff: set[str] = field(default_factory=set)
    accounts: dict[str, Account] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    shifted: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    standing: Counter[str] = field(default_factory=Counter)

    def refuse(self, line: int, why: str) -> None:
        """Note what cannot be taken, by its line."""
        self.refused_total += 1
        if len(self.refused) < LISTED:
            self.refused.append((line, why))


class Task(NamedTuple):
    """What is asked of an import: by which mapping, for which account where none is named, with which clocks."""

    mapping: ImportMapping
    account: str | None
    sla: str
    dry_run: bool
    names: Mapping[str, str]
    counted: Count
    progress: Callable[[int], None]


def report(task: Task) -> ImportReport:
    """What an import brought in, and what it left out."""
    counted, mapping = task.counted, task.mapping
    meant = ((state, mapping.states.meaning(state), rows) for state, rows in sorted(counted.states.items()))
    return ImportReport(
        cases=counted.cases,
        known=counted.known,
        events=counted.events,
        refused=tuple(counted.refused),
        shifted=tuple(sorted(counted.shifted)),
        breaches=counted.breaches,
        accounts=len(counted.accounts),
        contacts=len(counted.contacts),
        staff=len(counted.staff),
        dry_run=task.dry_run,
        source=mapping.title,
        grown=counted.grown,
        refused_total=counted.refused_total,
        garbled=tuple(counted.garbled),
        first_at=counted.first_at,
        last_at=counted.last_at,
        states=tuple(StateMeant(state, meaning.word if meaning else "", rows) for state, meaning, rows in meant),
        standing=dict(sorted(counted.standing.items())),
    )
