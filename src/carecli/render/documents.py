"""The JSON that scripts read, in the names and order of the command line's contract."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.events import Recorded
from carecli.domain.followup import FollowUp
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written
from carecli.domain.people import Account, CalendarSpec, Contact, Staff
from carecli.domain.views import Breach, CasePage, CaseView, ImportReport, SentFollowUp, TickReport, Warned
from carecli.render.sheet import check_fields

Document = dict[str, Any]

LONG = ("description", "impact", "fields", "root_cause")
"""What a row of a list leaves out."""


def case(view: CaseView) -> Document:
    """A case, whole."""
    return _case(view.case, view.used_s) | {"updates": [event(entry) for entry in view.updates]}


def case_row(view: CaseView) -> Document:
    """A case in a list: the same keys without the long texts."""
    row = {key: value for key, value in _case(view.case, view.used_s).items() if key not in LONG}
    return row if view.snippet is None else row | {"snippet": view.snippet}


def case_page(page: CasePage) -> Document:
    """A page of a list or search."""
    document = {
        "cases": [case_row(view) for view in page.views],
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "tabs": page.tabs,
    }
    return document if page.ranked is None else document | {"ranked": page.ranked}


def _case(case: Case, used_s: Sequence[int]) -> Document:
    return {
        "number": written(case.number),
        "type": case.type.value,
        "subtype": case.subtype,
        "stage": case.stage,
        "subject": case.subject,
        "description": case.description,
        "impact": case.impact,
        "account": case.account,
        "plan": case.plan.value,
        "deployment": case.deployment,
        "service": case.service,
        "component": case.component,
        "contact": case.contact,
        "owner": case.owner,
        "group": case.group,
        "priority": case.priority.value,
        "severity": case.priority.severity,
        "status": case.status.value,
        "substatus": case.standing.substatus.value,
        "escalated": case.escalated,
        "opened_at": iso(case.opened_at),
        "modified_at": iso(case.modified_at),
        "closed_at": iso_or_none(case.closed_at),
        "closed_by": case.closed_by,
        "root_cause": case.root_cause,
        "via": case.via.value,
        "clocks": [_clock(clock, used) for clock, used in zip_longest(case.clocks, used_s)],
        "followup": _followup(case.followup),
        "links": [{"kind": link.kind, "number": written(link.number)} for link in case.links],
        "fields": dict(case.fields),
    }


def _clock(clock: Clock, used_s: int | None) -> Document:
    return {
        "metric": clock.metric.value,
        "cycle": clock.cycle,
        "target": str(clock.target),
        "state": clock.state.value,
        "started_at": iso(clock.started_at),
        "due_at": iso(clock.due_at),
        "warn_at": iso(clock.warn_at),
        "met_at": iso_or_none(clock.met_at),
        "breached_at": iso_or_none(clock.breached_at),
        "paused_at": iso_or_none(clock.paused_at),
        "used_s": used_s,
    }


def _followup(ladder: FollowUp | None) -> Document | None:
    if ladder is None:
        return None
    return {
        "round": ladder.round,
        "requested_at": iso(ladder.requested_at),
        "stage": ladder.stage,
        "next_at": iso_or_none(ladder.next_at),
        "held": ladder.held,
    }


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
    """One event in the desk's log, with the case that it belongs to."""
    return {"number": None if entry.number is None else written(entry.number), **event(entry)}


def log(number: int, entries: Iterable[Recorded]) -> Document:
    """The log of a case."""
    return {"number": written(number), "events": [event(entry) for entry in entries]}


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
        "deadlines": [],
        "mail": report.mail._asdict(),
        "next_due_at": iso_or_none(report.next_due_at),
    }


def _sent(sent: SentFollowUp) -> Document:
    return sent._asdict() | {"number": written(sent.number), "due_at": iso(sent.due_at)}


def _breach(breach: Breach) -> Document:
    return _standing(breach) | {"overdue_s": breach.overdue_s, "new": breach.new}


def _warning(warned: Warned) -> Document:
    return _standing(warned) | {"left_s": warned.left_s}


def _standing(clock: Breach | Warned) -> Document:
    return {
        "number": written(clock.number),
        "metric": clock.metric.value,
        "priority": clock.priority.value,
        "account": clock.account,
        "owner": clock.owner,
        "due_at": iso(clock.due_at),
    }


def account(account: Account, features: Sequence[str], designated: int, calendar: CalendarSpec) -> Document:
    """An account with what it is entitled to (ACC-1)."""
    entitled = {
        "features": list(features),
        "designated_contacts": designated,
        "business_calendar": calendar.document(),
    }
    return account.document() | entitled


def contact(contact: Contact) -> Document:
    """A contact; `designated` as the desk counts it."""
    return contact.document() | {"designated": contact.designated}


def staff(staff: Staff) -> Document:
    """A member of staff."""
    return staff.document()


def imported(report: ImportReport) -> Document:
    """What an import brought in."""
    return {
        "dry_run": report.dry_run,
        "cases": report.cases,
        "known": report.known,
        "events": report.events,
        "accounts": report.accounts,
        "contacts": report.contacts,
        "staff": report.staff,
        "breaches": report.breaches,
        "refused": [{"line": line, "reason": reason} for line, reason in report.refused],
        "shifted": [written(number) for number in report.shifted],
    }


def with_fields(document: Document, keys: Sequence[str]) -> Document:
    """The document with these fields alone; raises Invalid that lists the known ones."""
    check_fields(keys, list(document))
    return {key: document[key] for key in keys}
