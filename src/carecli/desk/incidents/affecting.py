"""Whom else an incident affects: cases are linked and told, accounts without one are told by mail (INC-1)."""

from collections.abc import Sequence

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.incidents.declaring import account as known_account
from carecli.desk.incidents.declaring import designated
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import incidents, lifecycle, linking
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.incident_report import without_names
from carecli.domain.linking import LinkKind
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.errors import Invalid, Refused


def affect(
    desk: Desk, number: int, others: Sequence[int], accounts: Sequence[str], text: str | None = None
) -> CaseView:
    """Link cases as affected and tell each on itself; tell accounts without a case by mail; by staff (INC-1).

    Raises Refused where the incident has no title that other accounts could read, for a closed case, and for who
    is linked already; then nothing is changed.
    """
    if not (others or accounts):
        raise Invalid("nobody is named", hint="give numbers of affected cases, or --account NAME", rule="INC-1")
    said = lifecycle.text_or_none(text) or ""
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        incidents.of(case)
        far = [record.case(other) for other in dict.fromkeys(others)]
        named = [known_account(record, name) for name in accounts]
        clients = {*incidents.of(case).clients(case.account), *named, *(one.account for one in far)}
        for one in far:
            case = _linked(
                record, case, one, _title(case, one.account, clients), _for(one.account, said, clients), act
            )
        for name in dict.fromkeys(named):
            case = _mailed(record, case, name, _title(case, name, clients), _for(name, said, clients), act)
        return view(desk, record.writing, case)


def _for(account: str, text: str, clients: set[str]) -> str:
    return without_names(text, clients - {account})


def _title(case: Case, account: str, clients: set[str]) -> str:
    """The incident's title as an account reads it; the customer of its own case knows the subject."""
    if account == case.account:
        return incidents.of(case).title or case.subject
    return _for(account, incidents.require_title(case), clients)


def _linked(record: Record, case: Case, far: Case, title: str, text: str, act: Act) -> Case:
    if far.number == case.number:
        raise Invalid(f"case {written(case.number)} is the incident itself", hint="name others", rule="INC-1")
    incidents.require_untold(case, far.account, far.number)
    incidents.require_affectable(far)
    internal, now = case.account != far.account, record.now
    if LinkKind.CAUSED_BY not in {tie.kind for tie in linking.between(far.links, case.number)}:
        far = record.append(far, lifecycle.link(LinkKind.CAUSED_BY, case.number, act, now, internal=internal))
        case = record.append(case, lifecycle.link(LinkKind.CAUSES, far.number, act, now, internal=internal))
    record.append(far, incidents.told_affected(title, text, act, now))
    return record.append(case, incidents.affect(far.account, far.number, (), title, text, act, now))


def _mailed(record: Record, case: Case, name: str, title: str, text: str, act: Act) -> Case:
    incidents.require_untold(case, name, None)
    told = designated(record, name)
    if not told:
        raise Refused(
            f"{name} has no Designated Contact who could be told",
            hint=f"care contact list --account '{name}' shows its people",
            rule="INC-1",
        )
    return record.append(case, incidents.affect(name, None, told, title, text, act, record.now))
