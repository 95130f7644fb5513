"""What has come of the cases of another `care` so far, and which are left out (IMP-1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from carecli.domain.import_report import ImportReport

ADDED = ("cases", "known", "grown", "events", "breaches", "accounts", "contacts", "staff", "lines", "shifted")


@dataclass(slots=True)
class Count:
    """What has been brought in so far."""

    cases: int = 0
    known: int = 0
    grown: int = 0
    events: int = 0
    breaches: int = 0
    accounts: int = 0
    contacts: int = 0
    staff: int = 0
    lines: int = 0
    shifted: list[int] = field(default_factory=list)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def add(self, more: Count) -> None:
        """What one more transaction brought in."""
        for name in ADDED:
            setattr(self, name, getattr(self, name) + getattr(more, name))
        self.saw(*(at for at in (more.first_at, more.last_at) if at))

    def saw(self, *moments: datetime) -> None:
        """Moments that were read."""
        for at in moments:
            self.first_at, self.last_at = min(self.first_at or at, at), max(self.last_at or at, at)


class LeftOut(NamedTuple):
    """A case that is left out: the line of its opening, and why."""

    line: int
    why: str


def report(count: Count, refused: dict[int, LeftOut], *, dry_run: bool) -> ImportReport:
    """What came of it, with the cases that were left out by their line."""
    return ImportReport(
        cases=count.cases,
        known=count.known,
        events=count.events,
        refused=tuple(sorted(refused.values())),
        shifted=tuple(sorted(count.shifted)),
        breaches=count.breaches,
        accounts=count.accounts,
        contacts=count.contacts,
        staff=count.staff,
        dry_run=dry_run,
        source="care",
        grown=count.grown,
        refused_total=len(refused),
        first_at=count.first_at,
        last_at=count.last_at,
    )
