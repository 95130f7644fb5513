"""A case as the JSON that scripts read, made straight from the record: the hot path of `list` and `show`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from carecli.domain.instants import iso
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Priority

if TYPE_CHECKING:
    from carecli.domain.events import Recorded
    from carecli.domain.views import CasePage, CaseView

Document = dict[str, Any]

PLAIN = ("type", "subtype", "stage", "subject")
PLACE = ("account", "plan", "deployment", "service", "component", "contact", "owner", "group")
COURSE = ("status", "substatus", "escalated", "opened_at", "modified_at", "closed_at", "closed_by")
CLOCK = (
    "metric",
    "cycle",
    "target",
    "state",
    "started_at",
    "due_at",
    "warn_at",
    "met_at",
    "breached_at",
    "paused_at",
)
DEADLINE = ("id", "kind", "about", "owner", "target", "started_at", "due_at", "met_at", "missed_at")
REST = ("clocks", "followup", "links", "escalation", "chat", "deadlines", "request", "exemptions")
ROW = ("number", *PLAIN, *PLACE, "priority", "severity", *COURSE, "via", *REST)
"""The keys of a case in a list."""
FOLLOW_UP = ("round", "requested_at", "stage", "next_at", "held")


def case(record: CaseView) -> Document:
    """A case, whole."""
    texts = record.texts or {}
    return (
        _head(record.state)
        | {"description": texts.get("description"), "impact": texts.get("impact")}
        | _body(record)
        | {"root_cause": texts.get("root_cause"), "fields": dict(texts.get("fields") or {})}
        | {"release": texts.get("release"), "defect": texts.get("defect")}
        | {"articles": list(texts.get("articles") or ())}
        | {"incident": _incident(texts)}
        | _intake(texts.get("intake") or {})
        | {"attachments": _attachments(record)}
        | {"updates": [event(entry) for entry in record.updates]}
    )


def _incident(texts: Mapping[str, Any]) -> Document | None:
    """What a case has as an incident (INC-1)."""
    if not texts.get("incident"):
        return None
    # Imported here: few cases are one.
    from carecli.render.incident_document import incident

    return incident(texts["incident"])


def _intake(intake: Mapping[str, Any]) -> Document:
    """What was kept of the opening: checklist, the component's candidates, maintenance (OPEN-5, OPEN-6, MNT-1)."""
    chosen = intake.get("selection") or {}
    return {
        "checklist": intake.get("checklist"),
        "component_candidates": [dict(candidate) for candidate in chosen.get("candidates", ())],
        "maintenance": intake.get("maintenance"),
    }


def _attachments(record: CaseView) -> list[Document]:
    """The files of a case that its reader may know of (ATT-1)."""
    if not record.attachments:
        return []
    # Imported here: most cases have none.
    from carecli.render.attachment_document import attachment

    return [attachment(file) for file in record.attachments]


def case_row(record: CaseView) -> Document:
    """A case in a list: the same keys without the long texts."""
    row = _head(record.state) | _body(record)
    return row if record.snippet is None else row | {"snippet": record.snippet}


def case_page(page: CasePage, rows: list[Document]) -> Document:
    """A page of a list or search, with the rows that were made of it."""
    document = {
        "cases": rows,
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "tabs": page.tabs,
    }
    return document if page.ranked is None else document | {"ranked": page.ranked}


def _head(state: Mapping[str, Any]) -> Document:
    return {"number": written(state["number"]), **_picked(state, PLAIN)}


def _body(record: CaseView) -> Document:
    state = record.state
    ladder = state["followup"]
    return {
        **_picked(state, PLACE),
        "priority": state["priority"],
        "severity": Priority(state["priority"]).severity,
        **_picked(state, COURSE),
        "via": state["via"],
        "clocks": [_clock(clock, used) for clock, used in zip_longest(state["clocks"], record.used_s)],
        "followup": _picked(ladder, FOLLOW_UP) if ladder else None,
        "links": [_link(*link) for link in state["links"]],
        "escalation": state.get("escalation"),
        "chat": state.get("chat"),
        "deadlines": [_deadline(one) for one in state.get("deadlines", ())],
        "request": state.get("request"),
        "exemptions": state.get("exemptions", []),
    }


def _link(kind: str, number: int, internal: bool = False) -> Document:
    """A tie to another case; to another account's it says so, and only staff see it (DC-3)."""
    link: Document = {"kind": kind, "number": written(number)}
    return link | {"internal": True} if internal else link


def _picked(document: Mapping[str, Any], keys: tuple[str, ...]) -> Document:
    return {key: document[key] for key in keys}


def _clock(clock: Mapping[str, Any], used_s: int | None) -> Document:
    return {**_picked(clock, CLOCK), "used_s": used_s}


def _deadline(one: Mapping[str, Any]) -> Document:
    """What is due beside the clocks (SR-1, INC-2)."""
    ended = "cancelled" if one["cancelled"] else "met" if one["met_at"] else "running"
    return {**_picked(one, DEADLINE), "state": "missed" if one["missed_at"] else ended}


def event(entry: Recorded) -> Document:
    """One event in a case's log."""
    return {
        "seq": entry.seq,
        "at": iso(entry.event.at),
        "actor": entry.event.actor,
        "via": entry.event.via.value,
        "kind": entry.event.kind.value,
        "visibility": entry.event.visibility.value,
        "data": dict(entry.event.data),
    }


def desk_event(entry: Recorded) -> Document:
    """One event in the desk's log, with the case that it belongs to, and the digest that chains it (AUD-1)."""
    number = None if entry.number is None else written(entry.number)
    return {"number": number, **event(entry), "digest": entry.digest}
