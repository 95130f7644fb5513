"""What a tick did, as the JSON that scripts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written
from carecli.domain.tick_report import Breach, Escalated, Missed, SentDigest, SentFollowUp, TickReport, Warned

if TYPE_CHECKING:
    from carecli.render.case_document import Document


def tick(report: TickReport) -> Document:
    """What a tick did and found."""
    return {
        "now": iso(report.now),
        "last_tick_at": iso_or_none(report.last_tick_at),
        "dry_run": report.dry_run,
        "fired": report.fired,
        "followups": [_sent(one) for one in report.followups],
        "closed": [written(number) for number in report.closed],
        "breaches": [_breach(one) for one in report.breaches],
        "warnings": [_warning(one) for one in report.warnings],
        "held": [written(number) for number in report.held],
        "escalations": [_escalated(one) for one in report.escalations],
        "deadlines": [_missed(one) for one in report.deadlines],
        "digests": [_digest(one) for one in report.digests],
        "mail": {"queued": report.mail.queued, "sent": report.mail.sent, "failed": report.mail.failed},
        "next_due_at": iso_or_none(report.next_due_at),
    }


def _sent(sent: SentFollowUp) -> Document:
    return sent._asdict() | {"number": written(sent.number), "due_at": iso(sent.due_at)}


def _breach(breach: Breach) -> Document:
    return _standing(breach) | {"overdue_s": breach.overdue_s, "new": breach.new}


def _warning(warned: Warned) -> Document:
    return _standing(warned) | {"left_s": warned.left_s}


def _missed(missed: Missed) -> Document:
    told = {"number": written(missed.number), "kind": missed.kind.value, "due_at": iso(missed.due_at)}
    return missed._asdict() | told


def _digest(sent: SentDigest) -> Document:
    # Imported here: most ticks send none.
    from carecli.domain.advisory import label

    told = [label(id_) for id_ in sent.advisories]
    return {"person": sent.person, "due_at": iso(sent.due_at), "advisories": told}


def _escalated(escalated: Escalated) -> Document:
    return {
        "number": written(escalated.number),
        "to": escalated.to.value,
        "addressed": list(escalated.addressed),
        "since": iso(escalated.since),
        "by": escalated.by,
        "reason": escalated.reason,
        "wanted_priority": escalated.wanted_priority.value if escalated.wanted_priority else None,
        "priority": escalated.priority.value,
        "account": escalated.account,
        "owner": escalated.owner,
    }


def _standing(clock: Breach | Warned) -> Document:
    return {
        "number": written(clock.number),
        "metric": clock.metric.value,
        "priority": clock.priority.value,
        "account": clock.account,
        "owner": clock.owner,
        "due_at": iso(clock.due_at),
    }
