"""Exempting a stretch of a case's time, by a manager who sees what that does to its clocks (SLA-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carecli.desk import parties
from carecli.desk.cases import appended
from carecli.domain import access, exempting
from carecli.domain.access import Right

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.domain.events import Event
    from carecli.domain.exempting import Judged, Stretch
    from carecli.domain.views import CaseView


class Exempted(NamedTuple):
    """A case after an exemption was granted or withdrawn, with its clocks by the record and adjusted."""

    view: CaseView
    judged: tuple[Judged, ...]


def exempt(desk: Desk, number: int, stretch: Stretch, reason: str) -> Exempted:
    """Leave a stretch out of a case's clocks in reports; raises NotPermitted for all but managers (DC-5)."""

    def decide(record: Record, case: Case) -> Event:
        access.require(desk.actor, Right.EXEMPT)
        return exempting.exempt(case, stretch, reason, parties.staff_act(record), desk.now)

    return _judged(desk, appended(desk, number, decide))


def withdraw(desk: Desk, number: int, exemption: int, reason: str) -> Exempted:
    """Take an exemption back, so that the stretch counts after all; for managers (DC-5)."""

    def decide(record: Record, case: Case) -> Event:
        access.require(desk.actor, Right.EXEMPT)
        return exempting.withdraw(case, exemption, reason, parties.staff_act(record), desk.now)

    return _judged(desk, appended(desk, number, decide))


def _judged(desk: Desk, view: CaseView) -> Exempted:
    with desk.reading() as reading:
        events = [entry.event for entry in reading.history(view.state["number"])]
        _, clocks = exempting.judged(events, desk.rulebook.finding(reading), desk.now)
    return Exempted(view, clocks)
