"""Ties between cases: each is told on both, in words that answer each other (OPEN-11, REO-1)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from carecli.domain.events import Event, Kind
from carecli.domain.sight import confidential
from carecli.errors import Refused

if TYPE_CHECKING:
    from carecli.domain.case import Case


class LinkKind(StrEnum):
    """What a case is to another."""

    RELATES = "relates"
    DUPLICATE_OF = "duplicate-of"
    DUPLICATED_BY = "duplicated-by"
    CAUSED_BY = "caused-by"
    CAUSES = "causes"
    FOLLOWS = "follows"
    FOLLOWED_BY = "followed-by"
    SPLIT_FROM = "split-from"
    SPLIT_TO = "split-to"

    @property
    def inverse(self) -> "LinkKind":
        """What the other case is to this one."""
        return INVERSES[self]


PAIRS = (
    (LinkKind.RELATES, LinkKind.RELATES),
    (LinkKind.DUPLICATE_OF, LinkKind.DUPLICATED_BY),
    (LinkKind.CAUSED_BY, LinkKind.CAUSES),
    (LinkKind.FOLLOWS, LinkKind.FOLLOWED_BY),
    (LinkKind.SPLIT_FROM, LinkKind.SPLIT_TO),
)
INVERSES: Mapping[LinkKind, LinkKind] = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}


class Link(NamedTuple):
    """A tie to another case; `internal` where that is another account's, which only staff may know of (DC-3)."""

    kind: str
    number: int
    internal: bool = False


def after(links: Sequence[Link], event: Event) -> tuple[Link, ...]:
    """The ties after one was added or undone."""
    kind, number = event.data["kind"], event.data["number"]
    if event.kind is Kind.LINKED:
        return (*links, Link(kind, number, not event.public))
    return tuple(link for link in links if (link.kind, link.number) != (kind, number))


def require_like(case: "Case", far: "Case") -> None:
    """Raise Refused where a tie would name a data-privacy request to somebody who may not see it (SR-1)."""
    if (confidential(case) or confidential(far)) and not (
        confidential(case) and confidential(far) and case.contact == far.contact
    ):
        raise unlike()


def unlike() -> Refused:
    """Why a data-privacy request and another case are not tied."""
    return Refused(
        "a data-privacy request is tied to no case but another one of its contact",
        hint="nothing was changed: what names it would be read by others",
        rule="SR-1",
    )


def between(links: Sequence[Link], number: int) -> tuple[Link, ...]:
    """The ties to one case."""
    return tuple(link for link in links if link.number == number)
