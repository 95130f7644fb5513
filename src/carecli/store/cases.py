"""Cases as rows: what is derived from their events, kept so that nobody has to fold them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.domain.events import Kind
from carecli.domain.instants import iso
from carecli.domain.sight import confidential
from carecli.store.article_ties import ArticleTies
from carecli.store.codec import canonical, folded
from carecli.store.entries import CaseRow, StandingEscalation
from carecli.store.late import LateWriting
from carecli.store.session import OF_CASES, Connection, Session
from carecli.store.sight import of_cases
from carecli.store.standing import StandingWriting
from carecli.store.timers import TimerWriting

if TYPE_CHECKING:
    from carecli.domain.case import Case
    from carecli.domain.timers import Timer

_COLUMNS: Final = (
    "number",
    "account",
    "contact",
    "owner",
    "product_group",
    "deployment",
    "service",
    "component",
    "type",
    "status",
    "severity",
    "subject",
    "opened_at",
    "modified_at",
    "closed",
    "held",
    "escalated",
    "confidential",
    "state",
    "texts",
)
_UPSERT: Final = (
    f"INSERT INTO cases ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
    f" ON CONFLICT (number) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[1:])}"
)

REASON_MAX: Final = 500
"""How many characters of an escalation's reason a tick is told."""


class Stored(NamedTuple):
    """A case as its row was read, and the JSON that it was read from."""

    case: Case
    told: dict[str, Any]


class CaseReading(Session):
    """Cases by number and by reference."""

    def case(self, number: int) -> Case | None:
        """The case, whole, or None."""
        from carecli.domain import case_state

        row = self.state(number)
        return None if row is None else case_state.case(*row)

    def cases(self, numbers: Sequence[int]) -> Iterator[Case]:
        """These cases, whole, in any order."""
        return (stored.case for stored in self._stored(numbers))

    def _stored(self, numbers: Sequence[int]) -> Iterator[Stored]:
        from carecli.domain import case_state

        seen = of_cases(self.sight)
        rows = self.db.execute(
            f"SELECT state, texts FROM cases WHERE {OF_CASES}{seen.sql}",  # noqa: S608
            (canonical(numbers), *seen.parameters),
        )
        for state, texts in rows:
            told = json.loads(state)
            yield Stored(case_state.case(told, json.loads(texts)), told)

    def state(self, number: int) -> CaseRow | None:
        """The case as JSON values, for readers that need no more."""
        row = self.db.execute("SELECT state, texts FROM cases WHERE number = ?", (number,)).fetchone()
        if row is None:
            return None
        found = CaseRow(*map(json.loads, row))
        return found if self.sight.state(found.state) else None

    def listed(self, numbers: Sequence[int]) -> tuple[Mapping[str, Any], ...]:
        """The states of these cases in this order."""
        seen = of_cases(self.sight)
        rows = self.db.execute(
            f"SELECT number, state FROM cases WHERE {OF_CASES}{seen.sql}",  # noqa: S608
            (canonical(numbers), *seen.parameters),
        )
        states = dict(rows.fetchall())
        return tuple(json.loads(states[number]) for number in numbers if number in states)

    def held_follow_ups(self) -> list[int]:
        """Cases whose ladder is held because a mail could not be delivered (FU-6)."""
        seen = of_cases(self.sight)
        return self.column(
            f"SELECT number FROM cases WHERE held = 1{seen.sql} ORDER BY number",  # noqa: S608 - no input
            seen.parameters,
        )

    def visible(self, numbers: Iterable[int]) -> set[int]:
        """Of these cases those that are there for whoever looks (DC-3)."""
        seen = of_cases(self.sight)
        asked = f"SELECT number FROM cases WHERE {OF_CASES}{seen.sql}"  # noqa: S608 - no input
        return set(self.column(asked, (canonical(sorted(set(numbers))), *seen.parameters)))

    def escalations(self) -> list[StandingEscalation]:
        """Cases that stand escalated, longest first, each with the beginning of its last reason (ESC-1)."""
        seen = of_cases(self.sight, "c")
        rows = self.db.execute(
            f"""SELECT c.state, (
                    SELECT substr(e.data ->> 'text', 1, ?) FROM events AS e
                    WHERE e.number = c.number AND e.kind = ? ORDER BY e.seq DESC LIMIT 1
                )
                FROM cases AS c INDEXED BY cases_escalated WHERE c.escalated = 1{seen.sql}
                ORDER BY c.state -> 'escalation' ->> 'since', c.number""",  # noqa: S608 - no input
            (REASON_MAX, Kind.ESCALATED.value, *seen.parameters),
        )
        return [StandingEscalation(json.loads(state), reason or "") for state, reason in rows]

    def external(self, reference: str) -> int | None:
        """The case that was imported under another desk's reference (IMP-1)."""
        number: int | None = self.one("SELECT number FROM externals WHERE reference = ?", (reference,))
        return number


class CaseWriting(CaseReading, TimerWriting, StandingWriting, LateWriting, ArticleTies):
    """Cases as they change."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self._known: dict[int, Stored] = {}

    def cases(self, numbers: Sequence[int]) -> Iterator[Case]:
        """These cases, whole, in any order; nobody else changes them while this transaction lasts."""
        for stored in self._stored(numbers):
            self._known[stored.case.number] = stored
            yield stored.case

    def next_number(self) -> int:
        """The next case number: in order, never given twice (OPEN-1)."""
        return int(self.one("UPDATE counters SET value = value + 1 WHERE name = 'case' RETURNING value"))

    def put_last_number(self, number: int) -> None:
        """Have the next case number be the one behind this one, or a later one (OPEN-1)."""
        self.db.execute("UPDATE counters SET value = ?1 WHERE name = 'case' AND value < ?1", (number,))

    def save(self, case: Case, timers: Iterable[Timer]) -> None:
        """Replace what is derived from a case: its row, its clocks, its timers."""
        self.save_all([case], timers)

    def save_all(self, cases: Sequence[Case], timers: Iterable[Timer]) -> None:
        """Replace what is derived from these cases; the timers are those of all of them."""
        # Most that time does leaves the columns as they are, and so every index but that of the number.
        states, rows = [], []
        for case in cases:
            was = self._known.pop(case.number, None)
            if was and _alike(case, was.case):
                states.append((_state_again(case, was), case.number))
            else:
                rows.append(_row(case))
        self.db.executemany("UPDATE cases SET state = ? WHERE number = ?", states)
        self.db.executemany(_UPSERT, rows)
        self.put_standing(cases)
        self.put_late_deadlines(cases)
        self.put_article_ties(cases)
        self.put_timers([case.number for case in cases], timers)

    def remember_external(self, reference: str, number: int) -> None:
        """Note the reference under which a case was imported (IMP-1); the first one stays."""
        self.db.execute("INSERT INTO externals VALUES (?, ?) ON CONFLICT DO NOTHING", (reference, number))


def _state_again(case: Case, was: Stored) -> str:
    from carecli.domain import case_state

    return canonical(case_state.state(case, *was))


def _alike(case: Case, other: Case) -> bool:
    """Whether two cases differ in clocks, deadlines and ladder steps alone, which the state alone tells."""
    held, was_held = (c.followup is not None and c.followup.held for c in (case, other))
    rest, was_rest = (c._replace(seq=0, clocks=(), followup=None, deadlines=()) for c in (case, other))
    return held == was_held and rest == was_rest


def _row(case: Case) -> tuple[object, ...]:
    # Imported here, as in `case`: lists and searches do without the rules behind a case.
    from carecli.domain import case_state

    return (
        case.number,
        folded(case.account),
        folded(case.contact),
        _folded_or_none(case.owner),
        _folded_or_none(case.group),
        _folded_or_none(case.deployment),
        _folded_or_none(case.service),
        _folded_or_none(case.component),
        case.type.value,
        case.status.value,
        case.priority.severity,
        folded(case.subject),
        iso(case.opened_at),
        iso(case.modified_at),
        int(case.closed),
        int(case.followup is not None and case.followup.held),
        int(case.escalated),
        int(confidential(case)),
        canonical(case_state.state(case)),
        canonical(case_state.texts(case)),
    )


def _folded_or_none(name: str | None) -> str | None:
    return None if name is None else folded(name)
