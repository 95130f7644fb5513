"""Incidents, their actions and reports as the JSON that scripts read (INC-1..3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written

if TYPE_CHECKING:
    from carecli.domain.incident import Action
    from carecli.domain.incident_report import Report

Document = dict[str, Any]

ACTION: Final = ("number", "id", "text", "owner", "due_at", "done_at", "done_by")


def incident(kept: Mapping[str, Any] | None) -> Document | None:
    """An incident, as a case keeps it; its reader is shown what he may know (`as_told`)."""
    if kept is None:
        return None
    return {
        **kept,
        "specifics": dict(kept["specifics"]),
        "affected": [{**one, "number": _number(one["number"])} for one in kept["affected"]],
        "asked": [{**one, "number": _number(one["number"])} for one in kept["asked"]],
        "sent": [{"account": account, "at": at} for account, at in kept["sent"]],
    }


def _number(number: int | None) -> str | None:
    return None if number is None else written(number)


def action(one: Action) -> Document:
    """An action."""
    return {
        "id": one.id,
        "text": one.text,
        "owner": one.owner,
        "due_at": iso(one.due_at),
        "done_at": iso_or_none(one.done_at),
        "done_by": one.done_by,
    }


def action_row(number: int, one: Action) -> Document:
    """An action in a list, with the incident that it belongs to."""
    return {"number": written(number), **action(one)}


def report(made: Report) -> Document:
    """A report; `sent` is told by the command that sends."""
    return {
        "title": made.title,
        "numbers": list(made.numbers),
        "account": made.account,
        "clients": list(made.clients),
        "at": iso(made.at),
        "timezone": made.zone,
        "started_at": iso(made.started_at),
        "restored_at": iso_or_none(made.restored_at),
        "duration_s": made.duration_s,
        "post_mortem_at": iso_or_none(made.post_mortem_at),
        "description": made.description,
        "details": made.details,
        "specifics": {one.account: one.text for one in made.specifics},
        "restoration": made.restoration,
        "root_cause": made.root_cause,
        "measures": made.measures,
        "actions": [action(one) for one in made.actions],
        "comments": made.comments,
        "milestones": [{"at": iso(one.at), "what": one.what} for one in made.milestones],
        "timeline": [
            {"at": iso(one.at), "who": one.who, "what": one.what, "text": one.text} for one in made.timeline
        ],
        "lacks": list(made.lacks),
    }
