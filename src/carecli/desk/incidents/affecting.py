"""Whom else an incident affects: cases are linked and told, accounts without one are told by mail (INC-1)."""

from collections.abc import Iterable, Sequence

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.incidents.declaring import account as known_account
from carecli.desk.incidents.declaring import designated
from carecli.desk.reading import view
from carecli.desk.record import Change, Record
from carecli.domain import incident_affected, incidents, lifecycle, linking
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.incident import Affected
from carecli.domain.incident_report import without_names
from carecli.domain.linking import LinkKind
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.errors import Invalid, Refused


class _Course:
    """Changes of an incident and of cases that it affects, written together once all of them are decided."""

    def __init__(self, record: Record, case: Case) -> None:
        self.record = record
        self.case = case
        self._changes: list[Change] = []

    def add(self, case: Case, event: Event) -> Case:
        change = self.record.change(case, event)
        self._changes.append(change)
        return change.case

    def go(self, event: Event) -> None:
        """One more event of the incident itself."""
        self.case = self.add(self.case, event)

    def keep(self) -> Case:
        """Write all of it; hundreds of cases are one writing."""
        self.record.keep_all(self._changes)
        return self.case


def affect(
    desk: Desk, number: int, others: Sequence[int], accounts: Sequence[str], text: str | None = None
) -> CaseView:
    """Link cases as affected and tell each on itself; tell accounts without a case by mail; by staff (INC-1).

    Raises Refused where the incident has no title that other accounts could read, for a closed case, and for who
    is linked already; then nothing is changed.
    """
    said = _said(others, accounts, text)
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        incidents.of(case)
        far = [record.case(other) for other in dict.fromkeys(others)]
        named = list(dict.fromkeys(known_account(record, name) for name in accounts))
        clients = {*incidents.of(case).clients(case.account), *named, *(one.account for one in far)}
        course = _Course(record, case)
        for one in far:
            _linked(course, one, _title(case, one.account, clients), _for(one.account, said, clients), act)
        for name in named:
            _mailed(course, name, _title(case, name, clients), _for(name, said, clients), act)
        return view(desk, record.writing, course.keep())


def _said(others: Sequence[int], accounts: Sequence[str], text: str | None) -> str:
    if not (others or accounts):
        raise Invalid("nobody is named", hint="give numbers of affected cases, or --account NAME", rule="INC-1")
    return lifecycle.text_or_none(text) or ""


def _for(account: str, text: str, clients: Iterable[str]) -> str:
    return without_names(text, set(clients) - {account})


def _title(case: Case, account: str, clients: Iterable[str]) -> str:
    """The incident's title as an account reads it; the customer of its own case knows the subject."""
    if account == case.account:
        return incidents.of(case).title or case.subject
    return _for(account, incident_affected.require_title(case), clients)


def _title_if_any(case: Case, account: str) -> str | None:
    incident = incidents.of(case)
    if account == case.account or incident.title:
        return _title(case, account, incident.clients(case.account))
    return None


def _linked(course: _Course, far: Case, title: str, text: str, act: Act) -> None:
    case, now = course.case, course.record.now
    if far.number == case.number:
        raise Invalid(f"case {written(case.number)} is the incident itself", hint="name others", rule="INC-1")
    incident_affected.require_untold(case, far.account, far.number)
    incident_affected.require_affectable(far)
    linking.require_like(case, far)
    internal = case.account != far.account
    if LinkKind.CAUSED_BY not in {tie.kind for tie in linking.between(far.links, case.number)}:
        far = course.add(far, lifecycle.link(LinkKind.CAUSED_BY, case.number, act, now, internal=internal))
        course.go(lifecycle.link(LinkKind.CAUSES, far.number, act, now, internal=internal))
    course.add(far, incident_affected.told_affected(case, title, text, act, now))
    course.go(incident_affected.affect(case, Affected(far.account, far.number, now), title, text, act))


def _mailed(course: _Course, name: str, title: str, text: str, act: Act) -> None:
    incident_affected.require_untold(course.case, name, None)
    told = tuple(designated(course.record, name))
    if not told:
        raise Refused(
            f"{name} has no Designated Contact who could be told",
            hint=f"care contact list --account '{name}' shows its people",
            rule="INC-1",
        )
    one = Affected(name, None, course.record.now, told)
    course.go(incident_affected.affect(course.case, one, title, text, act))


def remove(
    desk: Desk, number: int, others: Sequence[int], accounts: Sequence[str], text: str | None = None
) -> CaseView:
    """Take back that cases and accounts are affected, and tell all who had been told; by staff (INC-1).

    Raises Refused for who is not linked, and for an account that was sent the report; then nothing is changed.
    """
    said = _said(others, accounts, text)
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        incidents.of(case)
        far = [record.case(other) for other in dict.fromkeys(others)]
        named = list(dict.fromkeys(known_account(record, name) for name in accounts))
        course = _Course(record, case)
        clients = incidents.of(case).clients(case.account)
        for one in far:
            _untied(course, one, _for(one.account, said, clients), act)
        for name in named:
            _unmailed(course, name, _for(name, said, clients), act)
        return view(desk, record.writing, course.keep())


def _untied(course: _Course, far: Case, text: str, act: Act) -> None:
    case, now, title = course.case, course.record.now, _title_if_any(course.case, far.account)
    known = incident_affected.known(case, far.account, far.number)
    for tie in linking.between(far.links, case.number):
        if tie.kind == LinkKind.CAUSED_BY:
            far = course.add(far, lifecycle.unlink(tie.kind, case.number, act, now, internal=tie.internal))
            course.go(lifecycle.unlink(LinkKind.CAUSES, far.number, act, now, internal=tie.internal))
    course.add(far, incident_affected.told_removed(title, text, act, now))
    course.go(incident_affected.remove(known, (), title, text, act, now))


def _unmailed(course: _Course, name: str, text: str, act: Act) -> None:
    known = incident_affected.known(course.case, name, None)
    # Whoever has left since is told nothing any more.
    told = [email for email in designated(course.record, name) if email in known.told]
    title = _title_if_any(course.case, name)
    course.go(incident_affected.remove(known, told, title, text, act, course.record.now))


def anybody_left(case: Case) -> bool:
    """Whether `tell_back` has anybody to tell."""
    return bool(incident_affected.untold(case))


def tell_back(record: Record, case: Case) -> Case:
    """Tell every affected case and account that the service is back, once for each time that it is (INC-1).

    It names no other client, and is said by the desk (DC-3). Nothing where nobody is left to be told.
    """
    course, now = _Course(record, case), record.now
    waiting = incident_affected.untold(case)
    far = {one.number: one for one in record.writing.cases([one.number for one in waiting if one.number])}
    for one in waiting:
        title = _title_if_any(case, one.account)
        if one.number is None:
            told = designated(record, one.account)
        else:
            told = ()
            course.add(far[one.number], incident_affected.told_back(title, now))
        course.go(incident_affected.back(one, title, told, now))
    return course.keep() if waiting else case
