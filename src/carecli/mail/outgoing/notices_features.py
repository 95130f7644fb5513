"""What the customer is told of a feature request, step by step (FR-1)."""

from collections.abc import Mapping
from typing import Final

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.outbox import MailKind
from carecli.mail.outgoing.topic import Topic

_LEADS: Mapping[str, str] = {
    "product-management": "Your feature request {number} is new to us: product management has it now.",
    "under-review": "Product management looks into your feature request {number}.",
    "future-candidate": "Your feature request {number} is accepted: it may come, no date is set.",
    "planned": "Your feature request {number} is accepted and planned{release}.",
    "committed": "Your feature request {number} is accepted and will come{release}.",
    "delivered": "What you asked for in feature request {number} is there{release}; the request is closed.",
    "declined": "Your feature request {number} is declined; the request is closed.",
    "duplicate": "Your feature request {number} asks for what was asked before; it is closed.",
    "exists": "What you ask for in feature request {number} exists{release}: please accept or reject this answer.",
}


def lead(_kind: MailKind, event: Event, case: Case) -> str | None:
    """The first sentence of a mail about a step of a feature request; None for mail that is about none of this."""
    number = written(case.number)
    if event.kind is Kind.CONVERTED:
        return f"Feature request {number} is a matter of support: it is a support case of the same number now."
    known = _LEADS.get(event.data.get("evaluation", ""))
    release = event.data.get("release")
    # Not by format: a release may hold braces.
    named = f" in release {release}" if release else ""
    return known and known.replace("{number}", number).replace("{release}", named)


TOPIC: Final = Topic(
    kinds={Kind.EVALUATED: MailKind.EVALUATION, Kind.CONVERTED: MailKind.CONVERSION},
    about={MailKind.EVALUATION: "your feature request", MailKind.CONVERSION: "a support case now"},
    lead=lead,
)
