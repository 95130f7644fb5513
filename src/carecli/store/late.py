"""The deadlines that stand missed, so that a tick need not look at every case (TICK-2, SR-1, INC-2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import iso
from carecli.store.codec import canonical, folded
from carecli.store.entries import LateDeadline, Needing
from carecli.store.session import OF_CASES, Session
from carecli.store.sight import of_cases

if TYPE_CHECKING:
    from carecli.domain.case import Case

_COLUMNS: Final = "number, id, due_at"
_SELECT: Final = f"SELECT {_COLUMNS} FROM late_deadlines WHERE {OF_CASES}"  # noqa: S608 - names from this program
_DELETE: Final = "DELETE FROM late_deadlines WHERE (number, id) = (?, ?)"

LateRow = tuple[int, int, str]


class LateReading(Session):
    """Deadlines that need somebody."""

    def late_deadlines(self) -> list[LateDeadline]:
        """Deadlines that stand missed and unmet, on closed cases too, by due time."""
        seen = of_cases(self.sight, "c")
        rows = self.db.execute(
            f"""SELECT l.id, c.state,
                    coalesce((
                        SELECT max(e.position) FROM events AS e
                        WHERE e.number = l.number AND e.kind = 'deadline-missed'
                          AND CAST(e.data ->> 'id' AS TEXT) = CAST(l.id AS TEXT)
                    ), 0)
                FROM late_deadlines AS l JOIN cases AS c USING (number)
                WHERE TRUE{seen.sql} ORDER BY l.due_at, l.number, l.id""",  # noqa: S608 - no input
            seen.parameters,
        )
        return [LateDeadline(json.loads(state), id_, position) for id_, state, position in rows]

    def late(self, owner: str | None, limit: int) -> tuple[list[Needing], int]:
        """The first that stand missed, of who sees to them or the desk's, and how many do (SR-1, INC-2)."""
        seen = of_cases(self.sight, "c")
        rows = self.db.execute(
            f"""SELECT c.state, l.id FROM late_deadlines AS l CROSS JOIN cases AS c USING (number)
                WHERE TRUE{seen.sql} ORDER BY l.due_at, l.number, l.id""",  # noqa: S608 - no input
            seen.parameters,
        )
        # Read one by one: they are few, and who sees to one stands in its case's state alone.
        read = (Needing(json.loads(state), None, id_) for state, id_ in rows)
        found = [one for one in read if owner is None or folded(_seen_to_by(one)) == folded(owner)]
        return found[:limit], len(found)


def _seen_to_by(needing: Needing) -> str:
    known = next(one for one in needing.state["deadlines"] if one["id"] == needing.cycle)
    return str(known["owner"] or needing.state["owner"] or "")


class LateWriting(LateReading):
    """The marks as a case changes."""

    def put_late_deadlines(self, cases: Sequence[Case]) -> None:
        """Replace the marks of these cases."""
        rows = {row for case in cases for row in _rows(case)}
        stored = set(self.db.execute(_SELECT, (canonical([case.number for case in cases]),)))
        self.db.executemany(_DELETE, [row[:2] for row in stored - rows])
        self.db.executemany("INSERT INTO late_deadlines VALUES (?, ?, ?)", sorted(rows - stored))


def _rows(case: Case) -> Iterator[LateRow]:
    return ((case.number, one.id, iso(one.due_at)) for one in case.deadlines if one.open and one.missed_at)
