"""Rows that opening, similar cases, articles and components are made with; few commands read any."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Workload(NamedTuple):
    """What a member of staff has to do: how many open cases, and the latest case given, 0 for none (ROUTE-1)."""

    open_cases: int
    latest: int


class AlertGroup(NamedTuple):
    """The latest case of an alert group, and the hash of what fired when monitoring last told of it (OPEN-12)."""

    number: int
    firing: str


class ArticleRank(NamedTuple):
    """An article that holds words of a search, and how well it fits: more is better (KB-1)."""

    id: int
    score: float


class ArticleSearch(NamedTuple):
    """A search for articles that hold `every` word or any; the last word may be `unfinished` (KB-1).

    `public` is one among what contacts read alone (DC-3).
    """

    words: Sequence[str]
    public: bool
    every: bool
    unfinished: bool = False


class Issue(NamedTuple):
    """What a case says of its issue, and where it belongs (OPEN-11)."""

    number: int
    subject: str
    description: str
    account: str
    service: str | None
    status: str
    opened_at: datetime


class Progress(NamedTuple):
    """Up to which position of the log components were learned; `edition` changes with whatever is learned."""

    position: int = 0
    edition: int = 0
