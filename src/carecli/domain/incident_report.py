"""The incident report: what an account is told of an incident, drawn from the record (INC-3).

It has every field of the guide's format and of the process page. A report for an account names no other client and
holds no internal note (DC-3); one for staff names everybody.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.incident import Action, Incident
from carecli.domain.numbers import written
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, SYSTEM

CARE: Final = "Customer Care"
BACK: Final = "Service back to normal"
ANOTHER: Final = "another customer"
"""What stands where a text names a client whom the reader must not read of."""
CUT: Final = 600
"""So much of a message stands in the timeline, in characters; the case has all of it."""


class Sources(NamedTuple):
    """What a report is drawn from: the incident, and the reader's own cases with what was said on each.

    `account` is the reader, None for staff; `names` has who staff are by their addresses.
    """

    case: Case
    account: str | None
    owns: Sequence[Case]
    said: Sequence[Event]
    names: Mapping[str, str]
    zone: str
    at: datetime


class Moment(NamedTuple):
    """An interaction with the customer."""

    at: datetime
    who: str
    what: str
    text: str | None


class Milestone(NamedTuple):
    """A point of the course: `down` while the service is affected from then on."""

    at: datetime
    what: str
    down: bool


class Specific(NamedTuple):
    """What concerns one account."""

    account: str
    text: str


class Report(NamedTuple):
    """A report; what is not known is None or empty. `duration_s` runs until `at` while the service is affected."""

    title: str
    numbers: tuple[str, ...]
    account: str | None
    clients: tuple[str, ...]
    at: datetime
    zone: str
    started_at: datetime
    restored_at: datetime | None
    duration_s: int
    post_mortem_at: datetime | None
    description: str | None
    details: str | None
    specifics: tuple[Specific, ...]
    restoration: str | None
    root_cause: str | None
    measures: str | None
    actions: tuple[Action, ...]
    comments: str | None
    milestones: tuple[Milestone, ...]
    timeline: tuple[Moment, ...]
    lacks: tuple[str, ...]


def report(sources: Sources, incident: Incident) -> Report:
    """The report on an incident for its reader."""
    case, account = sources.case, sources.account
    clients = incident.clients(case.account)
    own = account in {None, case.account}
    others = tuple(name for name in clients if account is not None and name != account)
    end = incident.restored_at or sources.at
    actions = tuple(
        one._replace(
            text=_safe(one.text, others) or "",
            owner=sources.names.get(one.owner, one.owner),
            # Who ticked it off is nothing to a customer.
            done_by=one.done_by if account is None else None,
        )
        for one in incident.actions
    )
    restoration = incident.restoration or (_restored_with(sources.said) if own else None)
    title = incident.title or (case.subject if own else "")
    first = sources.owns[0] if sources.owns else None
    return Report(
        title=_safe(title, others) or "",
        numbers=tuple(written(one.number) for one in sources.owns),
        account=account,
        clients=clients if account is None else (account,),
        at=sources.at,
        zone=sources.zone,
        started_at=incident.started_at,
        restored_at=incident.restored_at,
        duration_s=max(0, int((end - incident.started_at).total_seconds())),
        post_mortem_at=incident.post_mortem_at,
        # What the customer wrote, as it was written.
        description=first.description if first else None,
        details=_safe(incident.details, others),
        specifics=tuple(
            Specific(name, _safe(text, others) or "")
            for name, text in incident.specifics
            if account in {None, name}
        ),
        restoration=_safe(restoration, others),
        root_cause=_safe(incident.root_cause or case.root_cause, others),
        measures=_safe(incident.measures, others),
        actions=actions,
        comments=_safe(incident.comments, others),
        milestones=tuple(sorted(_milestones(sources, incident, own), key=lambda one: one.at)),
        timeline=tuple(_moments(sources)),
        lacks=tuple(_lacks(incident, title, restoration)),
    )


def _lacks(incident: Incident, title: str, restoration: str | None) -> Iterator[str]:
    """What a report cannot do without, as the options have it that say it (INC-3)."""
    if not title:
        yield "title"
    if incident.restored_at is None:
        yield "end"
    if not incident.details:
        yield "details"
    if not restoration:
        yield "restoration"


def without_names(text: str, names: Iterable[str]) -> str:
    """A text in which no other client is named (DC-3)."""
    # The longest first: a name may begin with another one.
    for name in sorted(names, key=len, reverse=True):
        # However its words are set apart: a line may break within it.
        words = r"\s+".join(map(re.escape, name.split()))
        text = re.sub(rf"(?<!\w){words}(?!\w)", ANOTHER, text, flags=re.IGNORECASE)
    return text


def _safe(text: str | None, others: Sequence[str]) -> str | None:
    return without_names(text, others) if text and others else text


def _restored_with(said: Iterable[Event]) -> str | None:
    """What the customer of the incident's own case was told when the service was back."""
    told = [event for event in said if event.kind in {Kind.RESTORED, Kind.CLOSED} and event.data.get("text")]
    restored = [event for event in told if event.kind is Kind.RESTORED]
    found = (restored or told)[-1:]
    return str(found[0].data["text"]) if found else None


def _milestones(sources: Sources, incident: Incident, own: bool) -> Iterator[Milestone]:
    end = incident.restored_at
    for at, what in _points(sources, incident, own):
        yield Milestone(at, what, down=incident.started_at <= at and (end is None or at < end))


def _points(sources: Sources, incident: Incident, own: bool) -> Iterator[tuple[datetime, str]]:
    account, end = sources.account, incident.restored_at
    yield incident.started_at, "Service affected"
    if sources.owns:
        yield min(one.opened_at for one in sources.owns), "Case opened"
    answered = [event.at for event in sources.said if event.data.get("answers")]
    yield from ((at, "First answer") for at in sorted(answered)[:1])
    if own:
        yield incident.declared_at, "Declared an incident"
    yield from ((one.at, "Told of the incident") for one in incident.affected if one.account == account)
    yield (end, BACK) if end else (sources.at, "Still affected")
    if incident.post_mortem_at:
        yield incident.post_mortem_at, "Post-mortem held"
    yield from ((at, "Report sent") for name, at in incident.sent if name == account)


WORDS: Final[Mapping[Kind, str]] = {
    Kind.OPENED: "opened the case",
    Kind.COMMENTED: "wrote",
    Kind.INVESTIGATED: "began to investigate",
    Kind.ASKED: "asked for information",
    Kind.PROPOSED: "proposed a solution",
    Kind.RESTORED: "restored the service",
    Kind.ACCEPTED: "accepted",
    Kind.REJECTED: "rejected",
    Kind.CLOSED: "closed the case",
    Kind.REOPENED: "reopened the case",
    Kind.ATTACHED: "attached files",
    Kind.PRIORITY_CHANGED: "changed the priority",
    Kind.ESCALATED: "escalated the case",
    Kind.ESCALATION_ANSWERED: "answered the escalation",
    Kind.ESCALATION_WITHDRAWN: "took the escalation back",
    Kind.FOLLOW_UP_SENT: "reminded",
    Kind.CHATTED: "wrote in the chat",
    Kind.INCIDENT_DECLARED: "declared an incident",
    Kind.AFFECTED: "told of the incident",
    Kind.UNAFFECTED: "took it back that the case is part of the incident",
    Kind.SERVICE_BACK: "told that the service is back",
    Kind.REPORT_REQUESTED: "asked for the incident report",
    Kind.REPORT_SENT: "sent the incident report",
}
"""What counts as an interaction with the customer, as a sentence says it."""


def _moments(sources: Sources) -> Iterator[Moment]:
    """What both sides said, oldest first; the report itself is not quoted in itself."""
    for event in sorted(sources.said, key=lambda event: event.at):
        if event.public and event.kind in WORDS:
            text = None if event.kind is Kind.REPORT_SENT else event.data.get("text")
            yield Moment(event.at, _who(event, sources.names), WORDS[event.kind], _cut(text))


def _who(event: Event, staff: Mapping[str, str]) -> str:
    if event.actor == AUTO_FOLLOW_UP:
        return "Auto follow-up"
    return CARE if event.actor in staff or event.actor == SYSTEM else event.actor


def _cut(text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    told = text.strip()
    return told if len(told) <= CUT else f"{told[:CUT].rstrip()} …"
