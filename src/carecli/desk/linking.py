"""Tying cases together, and untying them: each change stands on both, or on neither (OPEN-11, DC-3)."""

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import lifecycle, linking
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.linking import LinkKind
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.errors import Invalid, Refused


def link(desk: Desk, number: int, other: int, kind: LinkKind = LinkKind.RELATES) -> CaseView:
    """Tie a case to another, once, by staff; one of another account's stays hidden from customers (DC-3)."""
    with desk.record() as record:
        return view(desk, record.writing, tied(record, number, other, kind))


def tied(record: Record, number: int, other: int, kind: LinkKind) -> Case:
    """The first of two cases, tied to the other; both have it on record."""
    act = parties.staff_act(record)
    case, far = _pair(record, number, other)
    linking.require_like(case, far)
    _refuse_linked(case, far)
    internal = case.account != far.account
    record.append(far, lifecycle.link(kind.inverse, case.number, act, record.now, internal=internal))
    return record.append(case, lifecycle.link(kind, far.number, act, record.now, internal=internal))


def unlink(desk: Desk, number: int, other: int) -> CaseView:
    """Undo every tie between two cases, by staff."""
    with desk.record() as record:
        act = parties.staff_act(record)
        case, far = _pair(record, number, other)
        if not linking.between(case.links, far.number):
            raise Refused(
                f"case {written(case.number)} is not linked with {written(far.number)}",
                hint=f"care show {written(case.number)} shows its links; nothing was changed",
                rule="OPEN-11",
            )
        _refuse_affected(case, far)
        _untied(desk, record, act, far, case.number)
        return view(desk, record.writing, _untied(desk, record, act, case, far.number))


def _pair(record: Record, number: int, other: int) -> tuple[Case, Case]:
    if number == other:
        raise Invalid("a case cannot be linked with itself", hint="name two cases", rule="OPEN-11")
    return record.case(number), record.case(other)


def _refuse_linked(case: Case, far: Case) -> None:
    for known in linking.between(case.links, far.number):
        raise Refused(
            f"case {written(case.number)} is already linked with {written(far.number)}: {known.kind}",
            hint=f"undo it first: care link {written(case.number)} {written(far.number)} --remove",
            rule="OPEN-11",
        )


def _refuse_affected(case: Case, far: Case) -> None:
    """Refuse to untie an incident from a case that it affects: its customer was told so (INC-1)."""
    for one, other in ((case, far), (far, case)):
        if one.incident and any(told.number == other.number for told in one.incident.affected):
            number, its = written(one.number), written(other.number)
            raise Refused(
                f"incident {number} affects case {its}, and its customer was told so",
                hint=f"care incident affect {number} {its} --remove takes that back",
                rule="INC-1",
            )


def _untied(desk: Desk, record: Record, act: Act, case: Case, number: int) -> Case:
    for tie in linking.between(case.links, number):
        case = record.append(case, lifecycle.unlink(tie.kind, number, act, desk.now, internal=tie.internal))
    return case
