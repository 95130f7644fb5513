"""The use cases of an open case: each reads it, lets the lifecycle decide, and appends the event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import access, lifecycle
from carecli.domain.access import Actor, Right
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import CaseType, Via
from carecli.errors import NotFound

if TYPE_CHECKING:
    from carecli.desk.attachments.taking import Files
    from carecli.domain.attaching import Staged

Decide = Callable[[Record, Case], Event]


class Lessons(NamedTuple):
    """What staff say of a case for the next of its kind: articles that solve it, a draft, a defect (CLOSE-1)."""

    articles: tuple[str, ...] = ()
    draft: bool = False
    defect: str | None = None


def appended(desk: Desk, number: int, decide: Decide, files: Files | None = None) -> CaseView:
    """The shape of every use case here: read, decide, append; `files` are attached to what was decided (ATT-1)."""
    desk, staged = _staged(desk, number, decide, files)
    with desk.record() as record:
        case = record.case(number)
        event = decide(record, case)
        after = _with_files(record, record.append(case, event), staged, event)
        return view(desk, record.writing, asked_for_report(record, after, event))


def asked_for_report(record: Record, case: Case, event: Event) -> Case:
    """The case after a customer's message; one that asks for an incident report is taken at its word (INC-2)."""
    by_customer = event.public and (record.actor.is_contact or "logged_by" in event.data)
    if not (by_customer and (case.incident or case.links)):
        return case
    # Imported here: few cases are part of an incident.
    from carecli.desk.incidents.requesting import wished

    for one, wish in wished(record, record.writing.case, case, event):
        after = record.append(one, wish)
        case = after if after.number == case.number else case
    return case


def _staged(desk: Desk, number: int, decide: Decide, files: Files | None) -> tuple[Desk, Sequence[Staged]]:
    """The files taken in, before the transaction: nobody waits for the lock while bytes are read.

    With them the desk at the moment when they were.
    """
    if files is None:
        return desk, ()
    # Imported here, as below: few updates bring files.
    from carecli.desk.attachments import taking

    staged = taking.staged_for(desk, number, decide, files)
    return taking.afterwards(desk, files.how), staged


def _with_files(record: Record, case: Case, staged: Sequence[Staged], event: Event) -> Case:
    if not staged:
        return case
    from carecli.desk.attachments import taking

    act = access.Act(event.actor, record.actor.side, event.via, event.data.get("logged_by"))
    return taking.attach(record, case, staged, act, event.visibility)


def update(
    desk: Desk,
    number: int,
    text: str,
    *,
    internal: bool = False,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
    files: Files | None = None,
    fields: Mapping[str, str] | None = None,
) -> CaseView:
    """Add a public update, perhaps with fields of the case, or an `internal` note for staff (STAT-3, UPD-1)."""

    def decide(record: Record, case: Case) -> Event:
        if internal:
            return lifecycle.note(case, text, parties.staff_act(record), record.now)
        act = parties.either_act(record, case, via, contact, pin)
        event = lifecycle.update(case, text, act, record.now, fields=fields or {})
        _check_wish(record, case, event)
        return event

    return appended(desk, number, decide, files)


def _check_wish(record: Record, case: Case, event: Event) -> None:
    """Refuse fields by which an admin case would ask for what no approval could apply (ADM-1)."""
    if case.type is CaseType.ADMIN and "fields" in event.data:
        # Imported here: few updates are of an admin case.
        from carecli.desk import approving

        approving.check(record.writing, case.subtype, {**case.fields, **event.data["fields"]}, case)


def investigate(desk: Desk, number: int, text: str | None = None) -> CaseView:
    """Begin to work on a case, or begin again."""
    return appended(
        desk, number, lambda record, case: lifecycle.investigate(case, text, parties.staff_act(record), desk.now)
    )


def ask(desk: Desk, number: int, text: str) -> CaseView:
    """Ask the customer for information (FU-1)."""
    return appended(
        desk, number, lambda record, case: lifecycle.ask(case, text, parties.staff_act(record), desk.now)
    )


def propose(desk: Desk, number: int, text: str, substatus: str | None = None) -> CaseView:
    """Propose a solution to the customer (FU-1)."""
    return appended(
        desk,
        number,
        lambda record, case: lifecycle.propose(case, text, substatus, parties.staff_act(record), desk.now),
    )


def restore(desk: Desk, number: int, text: str | None = None, substatus: str | None = None) -> CaseView:
    """Record that the service works again (SLA-3)."""
    return appended(
        desk,
        number,
        lambda record, case: lifecycle.restore(case, text, substatus, parties.staff_act(record), desk.now),
    )


def accept(
    desk: Desk,
    number: int,
    text: str | None = None,
    *,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
) -> CaseView:
    """Accept what was proposed or restored: the case closes as Resolved (STAT-3)."""

    def decide(record: Record, case: Case) -> Event:
        act = parties.customer_act(record, case, via, contact, pin)
        return lifecycle.accept(case, text, act, desk.now)

    return appended(desk, number, decide)


def reject(
    desk: Desk,
    number: int,
    text: str | None = None,
    *,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
) -> CaseView:
    """Reject what was proposed or restored: work goes on (STAT-3)."""

    def decide(record: Record, case: Case) -> Event:
        act = parties.customer_act(record, case, via, contact, pin)
        return lifecycle.reject(case, text, act, desk.now)

    return appended(desk, number, decide)


def close(
    desk: Desk,
    number: int,
    text: str | None = None,
    *,
    substatus: str | None = None,
    root_cause: str | None = None,
    lessons: Lessons = Lessons(),  # noqa: B008 - a value
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
) -> CaseView:
    """Close a case, or say why it cannot be closed; staff may say what is learned from it (CLOSE-1)."""
    with desk.record() as record:
        case = record.case(number)
        act = parties.either_act(record, case, via, contact, pin)
        defect = _defect(desk.actor, lessons)
        if root_cause is not None:
            # Incident reports say it, to other accounts, too: it is Customer Care's word (CLOSE-1).
            access.require(desk.actor, Right.WORK_CASES)
        event = lifecycle.close(case, text, substatus, act, desk.now, root_cause=root_cause, defect=defect)
        after = asked_for_report(record, record.append(case, event), event)
        return view(desk, record.writing, _learned(desk, record, after, lessons))


def _defect(actor: Actor, lessons: Lessons) -> str | None:
    """The defect that is named; raises NotPermitted where anybody but staff says what is learned of a case."""
    if lessons == Lessons():
        return None
    from carecli.desk.knowledge import writing

    access.require(actor, Right.WORK_CASES)
    return writing.defect_name(lessons.defect)


def _learned(desk: Desk, record: Record, case: Case, lessons: Lessons) -> Case:
    """The case, tied to the articles that say how it was solved."""
    if not (lessons.articles or lessons.draft):
        return case
    # Imported here: most cases are closed without an article.
    from carecli.desk.knowledge import articles, writing

    for label in lessons.articles:
        found = articles.article(record.actor, record.writing, label)
        case = writing.tied(record, case, found)
    return writing.drafted(desk, record, case).case if lessons.draft else case


def reopen(
    desk: Desk,
    number: int,
    text: str,
    *,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
    files: Files | None = None,
) -> CaseView:
    """Reopen a closed case on new information (REO-1, REO-2)."""

    def decide(record: Record, case: Case) -> Event:
        act = parties.either_act(record, case, via, contact, pin)
        return lifecycle.reopen(case, text, act, record.now, record.rules(case), record.phones.of_case(case))

    return appended(desk, number, decide, files)


def assign(
    desk: Desk, number: int, owner: str | None = None, *, group: str | None = None, text: str | None = None
) -> CaseView:
    """Give a case to a member of staff, to the actor by default, or to a product group (DC-5)."""

    def decide(record: Record, case: Case) -> Event:
        act = parties.staff_act(record)
        to = _assignee(record, case, owner or desk.actor.email) if owner or not group else None
        access.require_assignment(desk.actor, case, to or "")
        return lifecycle.assign(case, to, group or case.group, text, act, desk.now)

    return appended(desk, number, decide)


def _assignee(record: Record, case: Case, email: str) -> str:
    staff = record.writing.staff_member(email)
    if staff is None or not staff.active:
        raise NotFound(f"there is no active member of staff {email}", hint="`care staff list` shows them")
    access.require_fit(staff, case)
    return staff.email
