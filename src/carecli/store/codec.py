"""Between domain values and what rows hold: canonical JSON, case states, and the chain of digests (AUD-1)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from carecli.domain import clock, followup
from carecli.domain.case import Case, Link
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.domain.vocabulary import (
    CaseType,
    Plan,
    Priority,
    Standing,
    Status,
    Substatus,
    Via,
    Visibility,
)

EventRow = tuple[int, int | None, int, str, str, str, str, str, str, str]
EVENT_COLUMNS: Final = "position, number, seq, at, actor, via, kind, visibility, data, digest"
GENESIS: Final = ""
"""What stands before the first digest."""

_DUMP: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(document: object) -> str:
    """The one JSON text of a value: keys sorted, no blanks, ASCII alone; raises ValueError for NaN."""
    return _DUMP(document)


def content_hash(document: Mapping[str, Any]) -> str:
    """The SHA-256, in hex, by which a policy or calendar document is known (SLA-8)."""
    return _sha256(canonical(document))


def folded(name: str) -> str:
    """A name as it is compared: without letter case."""
    return name.casefold()


def event_digest(previous: str, number: int | None, seq: int, event: Event) -> str:
    """The digest of an event behind the one before it in the desk's log (AUD-1)."""
    content = [
        previous,
        number,
        seq,
        iso(event.at),
        event.actor,
        event.via,
        event.kind,
        event.visibility,
        event.data,
    ]
    return _sha256(canonical(content))


def check_chain(log: Iterable[Recorded]) -> int | None:
    """The position of the first event that is not what was appended, from the desk's first on; None if all are.

    A changed, removed, added or moved event breaks the chain; only a cut at its very end leaves it whole.
    """
    previous, seqs = GENESIS, dict[int | None, int]()
    for position, recorded in enumerate(log, start=1):
        seq = seqs.get(recorded.number, 0) + 1
        expected = event_digest(previous, recorded.number, seq, recorded.event)
        if (recorded.position, recorded.seq, recorded.digest) != (position, seq, expected):
            return recorded.position
        previous, seqs[recorded.number] = expected, seq
    return None


def event_row(recorded: Recorded) -> EventRow:
    """An event in its place as the row that holds it."""
    event = recorded.event
    return (
        recorded.position,
        recorded.number,
        recorded.seq,
        iso(event.at),
        event.actor,
        event.via.value,
        event.kind.value,
        event.visibility.value,
        canonical(event.data),
        recorded.digest,
    )


def recorded(row: EventRow) -> Recorded:
    """Read what `event_row` wrote."""
    position, number, seq, at, actor, via, kind, visibility, data, digest = row
    event = Event(instant(at), actor, Via(via), Kind(kind), Visibility(visibility), json.loads(data))
    return Recorded(position, number, seq, event, digest)


def state_json(case: Case) -> str:
    """The case without its long texts."""
    return canonical(
        {
            "number": case.number,
            "seq": case.seq,
            "type": case.type,
            "subtype": case.subtype,
            "stage": case.stage,
            "subject": case.subject,
            "account": case.account,
            "plan": case.plan,
            "deployment": case.deployment,
            "service": case.service,
            "component": case.component,
            "contact": case.contact,
            "owner": case.owner,
            "group": case.group,
            "priority": case.priority,
            "status": case.standing.status,
            "substatus": case.standing.substatus,
            "opened_at": iso(case.opened_at),
            "modified_at": iso(case.modified_at),
            "closed_at": iso_or_none(case.closed_at),
            "closed_by": case.closed_by,
            "via": case.via,
            "policy": case.policy,
            "calendar": case.calendar,
            "rounds": case.rounds,
            "clocks": [clock.document(c) for c in case.clocks],
            "followup": followup.document(case.followup) if case.followup else None,
            "links": [[link.kind, link.number] for link in case.links],
            "escalated": case.escalated,
        }
    )


def texts_json(case: Case) -> str:
    """The long texts of a case, which lists do without."""
    return canonical(
        {
            "description": case.description,
            "impact": case.impact,
            "fields": dict(case.fields),
            "root_cause": case.root_cause,
        }
    )


_NO_TEXTS: Final = '{"description":"","fields":{},"impact":null,"root_cause":null}'


def case(state: str, texts: str = _NO_TEXTS) -> Case:
    """Read what `state_json` and `texts_json` wrote; without texts they are left empty."""
    doc = json.loads(state)
    long = json.loads(texts)
    return Case(
        number=doc["number"],
        seq=doc["seq"],
        type=CaseType(doc["type"]),
        subtype=doc["subtype"],
        stage=doc["stage"],
        subject=doc["subject"],
        account=doc["account"],
        plan=Plan(doc["plan"]),
        deployment=doc["deployment"],
        service=doc["service"],
        component=doc["component"],
        contact=doc["contact"],
        owner=doc["owner"],
        group=doc["group"],
        priority=Priority(doc["priority"]),
        standing=Standing(Status(doc["status"]), Substatus(doc["substatus"])),
        opened_at=instant(doc["opened_at"]),
        modified_at=instant(doc["modified_at"]),
        closed_at=instant_or_none(doc["closed_at"]),
        closed_by=doc["closed_by"],
        via=Via(doc["via"]),
        policy=doc["policy"],
        calendar=doc["calendar"],
        rounds=doc["rounds"],
        clocks=tuple(clock.from_document(c) for c in doc["clocks"]),
        followup=followup.from_document(doc["followup"]) if doc["followup"] else None,
        links=tuple(Link(kind, number) for kind, number in doc["links"]),
        description=long["description"],
        impact=long["impact"],
        fields=long["fields"],
        root_cause=long["root_cause"],
        escalated=doc["escalated"],
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
