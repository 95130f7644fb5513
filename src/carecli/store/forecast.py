"""The cases that wait for time, by their first timer, with their states (TICK-2)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from carecli.domain.finding import Scope
from carecli.domain.instants import instant, iso
from carecli.domain.timers import TimerKind
from carecli.domain.vocabulary import CaseType
from carecli.store.codec import folded
from carecli.store.entries import Expected
from carecli.store.session import Session, stream
from carecli.store.sight import Clause, Parameter, of_accounts, of_cases
from carecli.store.timers import OF_CASES_ALONE

_BY_CASE: Final = """SELECT min(t.fires_at), c.number, NULL
    FROM cases AS c INDEXED BY {index} CROSS JOIN timers AS t INDEXED BY timers_of_case ON t.number = c.number
    WHERE {where} AND c.closed = 0 AND {of_cases} AND t.fires_at <= ?1 GROUP BY c.number ORDER BY 1, 2"""
"""By the open cases of a contact, an owner or an account, which are few; their states are read when taken."""

_OF_CLOSED: Final = f"""SELECT min(t.fires_at), c.number, c.state
    FROM timers AS t INDEXED BY timers_of_deadlines CROSS JOIN cases AS c ON c.number = t.number
    WHERE {{where}} AND c.closed = 1 AND t.kind = {TimerKind.DEADLINE} AND t.fires_at <= ?1
    GROUP BY c.number, c.state ORDER BY 1, 2"""  # noqa: S608 - a number from this program
"""Their closed cases, by the deadlines of the whole desk: those outlive cases, and few cases have any (INC-2)."""

_BY_TIME: Final = """SELECT t.fires_at, t.number, c.state
    FROM timers AS t CROSS JOIN cases AS c ON c.number = t.number
    WHERE {where} AND {of_cases} AND t.fires_at <= ?1 ORDER BY t.fires_at, t.number"""
"""By the queue itself: a desk's or a product group's cases are many, and whoever takes few reads few."""

_OF_CASES_ALONE: Final = f"t.{OF_CASES_ALONE}"
_PROMISED: Final = (
    f"(t.kind IN ({TimerKind.BREACH}, {TimerKind.DEADLINE})"
    f" OR t.kind = {TimerKind.FOLLOW_UP} AND c.type = '{CaseType.INCIDENT}')"
)
"""What a customer was promised; the close of an incident begins deadlines (INC-2)."""

_MANY: Final = 2_000


class ForecastReading(Session):
    """What waits for time, and for whom."""

    def expected(self, scope: Scope, until: datetime, *, promised: bool = False) -> Iterator[Expected]:
        """Each case of the scope with a timer due by `until`, by the first of them; read as it is taken.

        With `promised` by what a customer was promised alone: breaches, deadlines, and what begins those.
        """
        questions, names = _questions(
            scope, of_cases(self.sight, "c", leading=not self._many()), promised=promised
        )
        # Imported here: lists and single cases read this module, and ask for no forecast.
        from heapq import merge

        # Asked one by one, as one statement of both would have SQLite sort what the index has in order.
        # Not by the cursors themselves: one that is left behind by an error would be closed after its database.
        found = [map(tuple, stream(self.db, sql, (iso(until), *names))) for sql in questions]
        seen = set[int]()
        for first_at, number, state in merge(*found, key=_first):
            if number not in seen:
                seen.add(number)
                told = state or self.one("SELECT state FROM cases WHERE number = ?", (number,))
                yield Expected(instant(first_at), number, json.loads(told))

    def _many(self) -> bool:
        """Whether the accounts that are seen have so many open cases that the queue is the shorter way."""
        seen = of_accounts(self.sight, "cases.account")
        if not seen.conditions:
            return False
        which = f"cases INDEXED BY cases_of_account WHERE closed = 0{seen.sql} LIMIT {_MANY}"
        counted = f"SELECT count(*) FROM (SELECT 1 FROM {which}) AS open"  # noqa: S608 - a number from this program
        return int(self.one(counted, seen.parameters)) == _MANY


def _first(row: tuple[str, int, str | None]) -> tuple[str, int]:
    return row[:2]


def _questions(scope: Scope, seen: Clause, *, promised: bool) -> tuple[list[str], list[Parameter]]:
    columns = {"contact": scope.contact, "owner": scope.owner, "account": scope.account, "group": scope.group}
    asked = {name: folded(value) for name, value in columns.items() if value is not None}
    named = ("product_group" if name == "group" else name for name in asked)
    known = [*(f"c.{column} = ?" for column in named), *(condition.sql for condition in seen.conditions)]
    where = " AND ".join(sql.replace("?", f"?{place}") for place, sql in enumerate(known, 2)) or "TRUE"
    of_accounts = seen.sql.startswith(" AND c.account ")
    narrow = next((name for name in asked if name != "group"), "account" if of_accounts else None)
    asking = (_BY_TIME,) if narrow is None else (_BY_CASE, _OF_CLOSED)
    kinds = _PROMISED if promised else _OF_CASES_ALONE
    told = {"where": where, "index": f"cases_of_{narrow}", "of_cases": kinds}
    return [sql.format(**told) for sql in asking], [*asked.values(), *seen.parameters]
