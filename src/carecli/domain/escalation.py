"""A case raised above its queue: to whom, since when, and on whose word it ends (ESC-1)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain.events import Event
from carecli.domain.instants import instant, iso
from carecli.domain.vocabulary import Priority


class Addressee(StrEnum):
    """To whom a case is escalated: Customer Care's manager, or somebody whom the account names (ACC-1)."""

    MANAGER = "manager"
    EXECUTIVE = "executive"
    SUCCESS_MANAGER = "success-manager"
    CXM = "cxm"


TITLES: Mapping[Addressee, str] = {
    Addressee.MANAGER: "the Customer Care manager",
    Addressee.EXECUTIVE: "the account executive",
    Addressee.SUCCESS_MANAGER: "the customer success manager",
    Addressee.CXM: "the CXM",
}
"""How a sentence calls them."""


class Appeal(NamedTuple):
    """What is asked for: by whom it shall be answered, their addresses, and the priority that is wished for."""

    to: Addressee
    addressed: tuple[str, ...]
    priority: Priority | None = None


class Escalation(NamedTuple):
    """An escalation that stands `since` then, raised last `by` them; `by_customer` if the customer's side did."""

    to: Addressee
    addressed: tuple[str, ...]
    since: datetime
    by: str
    priority: Priority | None
    by_customer: bool


def raised(standing: Escalation | None, event: Event) -> Escalation:
    """What stands after an escalation; one raised again stands since its first, with what was wished for."""
    data = event.data
    wished = Priority(data["wanted_priority"]) if data["wanted_priority"] else None
    return Escalation(
        to=Addressee(data["to"]),
        addressed=tuple(data["addressed"]),
        since=standing.since if standing else event.at,
        by=event.actor,
        priority=wished or (standing.priority if standing else None),
        by_customer=data["by_customer"] or (standing is not None and standing.by_customer),
    )


def document(escalation: Escalation) -> dict[str, Any]:
    """The escalation as JSON, whole."""
    return {
        "to": escalation.to.value,
        "addressed": list(escalation.addressed),
        "since": iso(escalation.since),
        "by": escalation.by,
        "wanted_priority": escalation.priority.value if escalation.priority else None,
        "by_customer": escalation.by_customer,
    }


def from_document(doc: Mapping[str, Any]) -> Escalation:
    """Read what `document` wrote."""
    return Escalation(
        to=Addressee(doc["to"]),
        addressed=tuple(doc["addressed"]),
        since=instant(doc["since"]),
        by=doc["by"],
        priority=Priority(doc["wanted_priority"]) if doc["wanted_priority"] else None,
        by_customer=doc["by_customer"],
    )
