"""Lists of cases: scope, filter, order and page as SQL (FIND-1, FIND-2)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from carecli.domain.finding import SORTS, TABS, Filter, Found, Query, Scope
from carecli.domain.instants import iso
from carecli.domain.sight import NOBODY, Sight
from carecli.domain.vocabulary import Status
from carecli.errors import Invalid
from carecli.store.cases import CaseReading
from carecli.store.codec import folded
from carecli.store.session import NO_LIMIT, stream
from carecli.store.sight import HIDDEN, Condition, Parameter, of_accounts, of_cases

_AT_ONCE: Final = 200
_SORT_COLUMNS: Final[Mapping[str, str]] = {
    "modified": "modified_at",
    "opened": "opened_at",
    "priority": "severity",
}
_SCOPED: Final = (("account", "account"), ("contact", "contact"), ("owner", "owner"), ("group", "product_group"))
_FILTERED: Final = (*_SCOPED, ("deployment", "deployment"), ("service", "service"), ("component", "component"))

_INDICES: Final = (
    ("contact", "cases_of_contact"),
    ("owner", "cases_of_owner"),
    ("account", "cases_of_account"),
    ("group", "cases_of_group"),
)
"""Narrowest first."""


class Finding(CaseReading):
    """Pages of cases by their columns."""

    def find(self, query: Query) -> Found:
        """A page of cases (FIND-1, FIND-2); ties go by number, in the direction of the sort."""
        tabs = self._tabs(query)
        found = [number for (number,) in self.db.execute(*self._asked(query))]
        return Found(self.listed(found), total(tabs, query.filter), with_all_tabs(tabs))

    def every(self, query: Query) -> Iterator[Mapping[str, Any]]:
        """The states of the cases that `find` would find, in bounded memory however many (EXP-1)."""
        # Their numbers alone are sorted: SQLite puts what does not fit into its memory on the disk.
        found = stream(self.db, *self._asked(query))
        while numbers := [number for (number,) in islice(found, _AT_ONCE)]:
            yield from self.listed(numbers)

    def _asked(self, query: Query) -> tuple[str, list[Parameter]]:
        """What asks for the numbers of the cases that are on the page, in the query's order."""
        limit = NO_LIMIT if query.limit is None else query.limit
        asked = [*matching(query), *standing(query.filter), *of_cases(self.sight, leading=True).conditions]
        numbers, parameters = select("number", led(query, self.sight), asked)
        return f"{numbers} {order(query)} LIMIT ? OFFSET ?", [*parameters, limit, query.offset]

    def numbered(self, scope: Scope, lowest: int, highest: int, limit: int) -> list[tuple[int, str]]:
        """The highest numbers of cases from `lowest` to `highest`, each with its subject."""
        within = (Condition("cases.number >= ?", lowest), Condition("cases.number <= ?", highest))
        asked = [*_named(scope, _SCOPED), *within, *of_cases(self.sight, leading=True).conditions]
        numbers, parameters = select("cases.number", led(Query(scope), self.sight), asked)
        rows = self.db.execute(
            "SELECT number, state ->> 'subject' FROM cases"  # noqa: S608
            f" WHERE number IN ({numbers} ORDER BY cases.number DESC LIMIT ?) ORDER BY number DESC",
            (*parameters, limit),
        )
        return rows.fetchall()

    def _tabs(self, query: Query) -> dict[Status, int]:
        asked = [*matching(query), *of_accounts(self.sight, "cases.account").conditions]
        if asked:
            counted, parameters = select("status, count(*)", led(query, self.sight), asked)
            rows = self.db.execute(f"{counted} GROUP BY status", parameters)
        else:
            rows = self.db.execute("SELECT status, cases FROM tallies WHERE cases > 0")
        hidden = self._hidden(asked)
        counts = {Status(status): count - hidden.get(status, 0) for status, count in rows}
        return {status: count for status, count in counts.items() if count}

    def _hidden(self, asked: Iterable[Condition]) -> dict[str, int]:
        """By status how many of these cases are hidden: taken from a count they cost it none of its index."""
        if self.sight.confidential_of is None:
            return {}
        known = [Condition(HIDDEN, folded(self.sight.confidential_of)), *asked]
        clause = " AND ".join(condition.sql for condition in known)
        counted = self.db.execute(
            "SELECT status, count(*) FROM cases INDEXED BY cases_confidential"  # noqa: S608 - names from this program
            f" WHERE {clause} GROUP BY status",
            [condition.parameter for condition in known],
        )
        return dict(counted.fetchall())


def led(query: Query, sight: Sight) -> Query:
    """The query, led to its index by the accounts that are seen where nothing narrower leads it."""
    if sight.accounts is None or query.scope.account is not None:
        return query
    return query._replace(scope=query.scope._replace(account=next(iter(sight.accounts), NOBODY)))


def matching(query: Query) -> Iterator[Condition]:
    """What a case must be to be in the query at all, its status aside."""
    yield from _named(query.scope, _SCOPED)
    yield from _named(query.filter, _FILTERED)
    if query.filter.type:
        yield Condition("cases.type = ?", str(query.filter.type))
    if query.filter.priority:
        yield Condition("cases.severity = ?", query.filter.priority.severity)
    if query.filter.since:
        yield Condition("cases.opened_at >= ?", iso(query.filter.since))
    if query.filter.until:
        yield Condition("cases.opened_at < ?", iso(query.filter.until))
    if query.filter.escalated:
        # Said outright, not by a parameter: it leads to the index of these cases alone.
        yield Condition("cases.escalated = 1 AND 1 = ?", 1)


def standing(wanted: Filter) -> Iterator[Condition]:
    """What its status must be."""
    closed = [status is Status.CLOSED for status in wanted.statuses] or [False, wanted.closed]
    # Said also where the statuses imply it: it leads to the indices.
    if all(closed) or not any(closed):
        yield Condition("cases.closed = ?", int(all(closed)))
    if wanted.statuses:
        names = ", ".join(f"'{Status(status).value}'" for status in wanted.statuses)
        yield Condition(f"cases.status IN ({names}) AND 1 = ?", 1)


def wants(wanted: Filter, status: Status) -> bool:
    """Whether a filter lets a status through."""
    return status in wanted.statuses if wanted.statuses else wanted.closed or status is not Status.CLOSED


def total(tabs: Mapping[Status, int], wanted: Filter) -> int:
    """How many cases a query finds in all."""
    return sum(count for status, count in tabs.items() if wants(wanted, status))


def with_all_tabs(counts: Mapping[Status, int]) -> dict[Status, int]:
    """The counts with the tabs of a list, zero where there is none."""
    return {**dict.fromkeys(TABS, 0), **counts}


def select(columns: str, query: Query, conditions: Iterable[Condition]) -> tuple[str, list[Parameter]]:
    """A SELECT from the cases that meet the conditions, by the index of the narrowest name, and its parameters."""
    known = list(conditions)
    clause = " AND ".join(condition.sql for condition in known)
    parameters = [condition.parameter for condition in known]
    return f"SELECT {columns} FROM {_source(query)}{' WHERE ' if known else ''}{clause}", parameters  # noqa: S608


def is_narrow(query: Query) -> bool:
    """Whether an index leads to the cases that a query may find, its words and status aside."""
    return _source(query) != "cases"


def _source(query: Query) -> str:
    if query.filter.escalated:
        return "cases INDEXED BY cases_escalated"
    # Named outright: without statistics SQLite guesses, and walks through every open case for one contact's.
    for name, index in _INDICES:
        if getattr(query.scope, name) is not None or getattr(query.filter, name) is not None:
            return f"cases INDEXED BY {index}"
    return "cases"


def _named(names: Scope | Filter, columns: tuple[tuple[str, str], ...]) -> Iterator[Condition]:
    for attribute, column in columns:
        name: str | None = getattr(names, attribute)
        if name is not None:
            yield Condition(f"cases.{column} = ?", folded(name))


def order(query: Query) -> str:
    """The ORDER BY of a query; raises Invalid for an order that is not known (FIND-2)."""
    if query.sort not in SORTS:
        raise Invalid(f"{query.sort!r} is no order", hint=f"choose from: {', '.join(SORTS)}", rule="FIND-2")
    column = _SORT_COLUMNS.get(query.sort, query.sort)
    direction = "DESC" if query.descending else "ASC"
    # As SQLite does anyhow; said only where there may be none, as PostgreSQL walks no index so.
    without = (" NULLS LAST" if query.descending else " NULLS FIRST") if column == "owner" else ""
    return f"ORDER BY cases.{column} {direction}{without}, cases.number {direction}"
