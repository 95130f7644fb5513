"""The cases that wait for time, by their first timer, with their states (TICK-2)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from carecli.domain.finding import Scope
from carecli.domain.instants import instant, iso
from carecli.store.codec import folded
from carecli.store.entries import Expected
from carecli.store.session import Session
from carecli.store.timers import OF_CASES_ALONE

_BY_CASE: Final = """SELECT min(t.fires_at), c.number, c.state
    FROM cases AS c INDEXED BY {index} CROSS JOIN timers AS t INDEXED BY timers_of_case ON t.number = c.number
    WHERE {where} AND c.closed = 0 AND t.{of_cases} AND t.fires_at <= ?1 GROUP BY c.number
    UNION ALL SELECT min(t.fires_at), c.number, c.state
    FROM timers AS t INDEXED BY timers_of_deadlines CROSS JOIN cases AS c ON c.number = t.number
    WHERE {where} AND c.closed = 1 AND t.kind = 5 AND t.fires_at <= ?1 GROUP BY c.number ORDER BY 1, 2"""
"""By the open cases of a contact, an owner or an account, which are few; deadlines outlive their cases."""

_BY_TIME: Final = """SELECT t.fires_at, t.number, c.state
    FROM timers AS t CROSS JOIN cases AS c ON c.number = t.number
    WHERE {where} AND t.{of_cases} AND t.fires_at <= ?1 ORDER BY t.fires_at, t.number"""
"""By the queue itself: a desk's or a product group's cases are many, and whoever takes few reads few."""


class ForecastReading(Session):
    """What waits for time, and for whom."""

    def expected(self, scope: Scope, until: datetime) -> Iterator[Expected]:
        """Each case of the scope with a timer due by `until`, by the first of them; read as it is taken."""
        sql, names = _question(scope)
        seen = set[int]()
        for first_at, number, state in self.db.execute(sql, (iso(until), *names)):
            if number not in seen:
                seen.add(number)
                yield Expected(instant(first_at), number, json.loads(state))


def _question(scope: Scope) -> tuple[str, list[str]]:
    columns = {"contact": scope.contact, "owner": scope.owner, "account": scope.account, "group": scope.group}
    asked = {name: folded(value) for name, value in columns.items() if value is not None}
    named = ("product_group" if name == "group" else name for name in asked)
    where = " AND ".join(f"c.{column} = ?{place}" for place, column in enumerate(named, 2)) or "1"
    narrow = next((name for name in asked if name != "group"), None)
    sql = _BY_TIME if narrow is None else _BY_CASE
    return sql.format(where=where, index=f"cases_of_{narrow}", of_cases=OF_CASES_ALONE), list(asked.values())
