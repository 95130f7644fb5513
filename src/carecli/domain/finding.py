"""What a list or a search asks for, and the page that answers it (FIND-1..3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.domain.vocabulary import Priority, Status

if TYPE_CHECKING:
    from carecli.domain.case import Case

TABS = (
    Status.OPEN,
    Status.AWAITING_INFO,
    Status.SOLUTION_PROPOSED,
    Status.SERVICE_RESTORED,
    Status.CLOSED,
)
SORTS = ("modified", "opened", "number", "priority", "status", "subject", "account", "owner", "contact")


class Scope(NamedTuple):
    """Whose cases: each None leaves that side open; `contact`, `owner` and `group` narrow further."""

    account: str | None = None
    contact: str | None = None
    owner: str | None = None
    group: str | None = None


class Filter(NamedTuple):
    """What the cases have in common; names match without regard to case."""

    statuses: tuple[Status, ...] = ()
    closed: bool = False
    type: str | None = None
    priority: Priority | None = None
    account: str | None = None
    deployment: str | None = None
    service: str | None = None
    component: str | None = None
    owner: str | None = None
    contact: str | None = None
    group: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    escalated: bool = False


class Query(NamedTuple):
    """A list: scope, filter, order and page; `limit` None means all rows.

    `filter.closed` False leaves closed cases out unless `filter.statuses` names them. `since` and
    `until` bound the opening, half-open.
    """

    scope: Scope = Scope()
    filter: Filter = Filter()
    sort: str = "modified"
    descending: bool = True
    limit: int | None = 25
    offset: int = 0


class Asked(NamedTuple):
    """What somebody asks a list or an export for, by the names that the desk has for it (FIND-1, FIND-2)."""

    mine: bool
    group: bool
    everything: bool
    in_group: str | None
    filter_: Filter
    sort: str
    descending: bool
    limit: int | None
    page: int


class Found(NamedTuple):
    """A page of case states (`case_state.state`), how many there are in all, and the count by tab.

    `snippets` shows a search's hit for each case; `ranked` tells how many of the newest hits were
    ranked where there were too many to rank them all.
    """

    states: tuple[Mapping[str, Any], ...]
    total: int
    tabs: dict[Status, int]
    snippets: tuple[str, ...] = ()
    ranked: int | None = None

    @property
    def cases(self) -> tuple[Case, ...]:
        """The page as cases, long texts left empty."""
        from carecli.domain import case_state

        return tuple(case_state.case(state) for state in self.states)
