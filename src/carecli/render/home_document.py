"""The home page as the JSON that scripts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written
from carecli.render import advisory_document, chat_document, forecast_document

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.domain.access import Actor
    from carecli.domain.home import Home, Machinery, Need, Waiting, Welcome
    from carecli.render.case_document import Document


def home(page: Home) -> Document:
    """What the actor should know first; `counts` is null for whoever sees no cases."""
    return {
        "now": iso(page.now),
        "desk": page.desk,
        "actor": _actor(page.actor),
        "counts": None if page.counts is None else {tab.value: count for tab, count in page.counts.items()},
        "needs": {need.kind.value: _need(need, page.now) for need in page.needs},
        "next": [forecast_document.coming(one, page.now) for one in page.coming],
        "triage": page.triage,
        "chats": [chat_document.row(one) for one in page.chats],
        "announcements": page.announcements and advisory_document.announcements(page.announcements, page.now),
        "machinery": page.machinery and _machinery(page.machinery, page.now),
    }


def welcome(page: Welcome) -> Document:
    """How to begin."""
    steps = [{"command": command, "does": does} for command, does in page.steps]
    return {"desk": None, "database": page.database, "reason": page.reason, "steps": steps}


def _actor(actor: Actor) -> Document:
    return {
        "email": actor.email,
        "name": actor.name,
        "account": actor.account,
        "role": actor.role and actor.role.value,
        "group": actor.group,
    }


def _need(need: Need, now: datetime) -> Document:
    return {
        "total": need.total,
        "command": need.command,
        "cases": [_waiting(waiting, now) for waiting in need.waiting],
    }


def _waiting(waiting: Waiting, now: datetime) -> Document:
    case, clock, coming, late = waiting.case, waiting.clock, waiting.coming, waiting.deadline
    due_at = clock.due_at if clock else late.due_at if late else None
    return {
        "number": written(case.number),
        "subject": case.subject,
        "account": case.account,
        "priority": case.priority.value,
        "status": case.status.value,
        "contact": case.contact,
        "owner": case.owner,
        "modified_at": iso(case.modified_at),
        "metric": clock and clock.metric.value,
        "deadline": late and late.kind.value,
        "due_at": iso_or_none(due_at),
        "left_s": due_at and int((due_at - now).total_seconds()),
        "next": coming and {"kind": coming.effect.value, "stage": coming.stage, "due_at": iso(coming.due_at)},
        "command": waiting.command,
    }


def _machinery(machinery: Machinery, now: datetime) -> Document:
    since = machinery.due_since
    return {
        "last_tick_at": iso_or_none(machinery.last_tick_at),
        "late": machinery.late,
        "due_since": iso_or_none(since),
        "overdue_s": int((now - since).total_seconds()) if since else 0,
        "mail_waiting": machinery.mail_waiting,
        "mail_failed": machinery.mail_failed,
    }
