"""The deadlines that stand missed, so that a tick need not look at every case (TICK-2, SR-1, INC-2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import iso
from carecli.store.codec import canonical
from carecli.store.entries import LateDeadline
from carecli.store.session import OF_CASES, Session

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
        rows = self.db.execute(
            """SELECT l.id, c.state,
                    coalesce((
                        SELECT max(e.position) FROM events AS e
                        WHERE e.number = l.number AND e.kind = 'deadline-missed' AND e.data ->> 'id' = l.id
                    ), 0)
                FROM late_deadlines AS l JOIN cases AS c USING (number)
                ORDER BY l.due_at, l.number, l.id"""
        )
        return [LateDeadline(json.loads(state), id_, position) for id_, state, position in rows]


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
