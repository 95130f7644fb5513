"""What needs somebody next: a few rows of each kind and their number, by index alone, at any size."""

import json
from datetime import datetime
from typing import Final

from carecli.domain.events import Kind
from carecli.domain.instants import iso
from carecli.domain.vocabulary import Metric, Status, Substatus
from carecli.store.codec import canonical, folded
from carecli.store.entries import Needing
from carecli.store.session import OF_CASES, Session
from carecli.store.sight import Parameter, of_cases, of_numbers

_STANDING: Final = "FROM standing AS s CROSS JOIN cases AS c ON c.number = s.number WHERE s.mark = ?"
# The + keeps SQLite from walking all the desk's marks for each of the owner's cases.
_STANDING_OF: Final = """FROM cases AS c INDEXED BY cases_of_owner CROSS JOIN standing AS s ON s.number = c.number
    WHERE +s.mark = ? AND c.owner = ? AND c.closed = 0"""
_RESPONDED: Final = f"""FROM cases AS c INDEXED BY cases_of_owner WHERE c.owner = ? AND c.closed = 0
    AND c.status = '{Status.OPEN}' AND c.state ->> 'substatus' = '{Substatus.CUSTOMER_RESPONDED}'"""
# The owner first: only of others' cases it is looked into to whom they are escalated.
_ESCALATED_TO: Final = """FROM cases AS c INDEXED BY cases_escalated WHERE c.escalated = 1 AND (c.owner = ?1
    OR ?2 IN (SELECT value FROM json_each(c.state, '$.escalation.addressed')))"""
_UNASSIGNED: Final = "FROM cases AS c INDEXED BY cases_of_owner WHERE c.owner IS NULL AND c.closed = 0"
_UNASSIGNED_OF: Final = """FROM cases AS c INDEXED BY cases_unassigned
    WHERE c.owner IS NULL AND c.closed = 0 AND c.product_group = ?"""


class HomeReading(Session):
    """What waits for people."""

    def standing(self, mark: Kind, owner: str | None, limit: int) -> tuple[list[Needing], int]:
        """The first clocks that stand warned or breached, of an owner or the desk, and how many do (SLA-7)."""
        rows = "SELECT c.state, s.metric, s.cycle"
        order = "ORDER BY s.due_at, s.number, s.metric, s.cycle LIMIT ?"
        seen = of_cases(self.sight, "c")
        if owner is not None:
            which, asked = f"{_STANDING_OF}{seen.sql}", (mark.value, folded(owner), *seen.parameters)
            return self._needing(f"{rows} {which} {order}", *asked, limit), self._count(which, *asked)
        counted = of_numbers(self.sight, "standing.number")
        total = self._count(f"FROM standing WHERE mark = ?{counted.sql}", mark.value, *counted.parameters)
        return self._needing(f"{rows} {_STANDING}{seen.sql} {order}", mark.value, *seen.parameters, limit), total

    def responded(self, owner: str, limit: int) -> tuple[list[Needing], int]:
        """An owner's cases that the customer answered, the longest ago first, and how many there are."""
        return self._cases(_RESPONDED, "c.modified_at, c.number", limit, folded(owner))

    def unassigned(self, group: str | None, limit: int) -> tuple[list[Needing], int]:
        """A group's or the desk's open cases without an owner, the first to take first, and how many there are."""
        if group is None:
            return self._cases(_UNASSIGNED, "c.modified_at, c.status, c.number", limit)
        return self._cases(_UNASSIGNED_OF, "c.severity, c.opened_at, c.number", limit, folded(group))

    def escalated_to(self, email: str, limit: int) -> tuple[list[Needing], int, bool]:
        """The cases that stand escalated and are somebody's, or to somebody by name, the longest untouched first.

        Then how many there are, and whether another one owns any of them (ESC-1).
        """
        asked: tuple[Parameter, ...] = (folded(email), email)
        seen = of_cases(self.sight, "c")
        # Numbers alone: the states of the first few are read afterwards.
        own = "coalesce(c.owner = ?1, FALSE)"
        which = f"SELECT c.number, {own} {_ESCALATED_TO}{seen.sql} ORDER BY c.modified_at, c.number"
        found = self.db.execute(which, (*asked, *seen.parameters)).fetchall()
        first = canonical([number for number, _ in found[:limit]])
        rows = f"SELECT state, NULL, 0 FROM cases WHERE {OF_CASES} ORDER BY modified_at, number"  # noqa: S608
        return self._needing(rows, first), len(found), not all(own for _, own in found)

    def mail_stuck(self, at: datetime) -> tuple[int, int]:
        """How many mails may leave by now and have not, and how many of them have failed (MAIL-6)."""
        waiting, failed = self.db.execute(
            """SELECT count(*), count(*) FILTER (WHERE state = 'failed') FROM outbox
                WHERE state IN ('queued', 'failed') AND next_at IS NOT NULL AND not_before <= ?""",
            (iso(at),),
        ).fetchone()
        return int(waiting), int(failed)

    def _cases(self, which: str, order: str, limit: int, *asked: Parameter) -> tuple[list[Needing], int]:
        seen = of_cases(self.sight, "c")
        which, asked = f"{which}{seen.sql}", (*asked, *seen.parameters)
        found = self._needing(f"SELECT c.state, NULL, 0 {which} ORDER BY {order} LIMIT ?", *asked, limit)
        return found, self._count(which, *asked)

    def _count(self, which: str, *asked: Parameter) -> int:
        return int(self.one(f"SELECT count(*) {which}", asked))

    def _needing(self, sql: str, *asked: Parameter) -> list[Needing]:
        return [
            Needing(json.loads(state), Metric(metric) if metric else None, cycle)
            for state, metric, cycle in self.db.execute(sql, asked)
        ]
