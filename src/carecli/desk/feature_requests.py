"""What staff make of feature requests: each step is an event, and the customer is told of it (FR-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.desk import linking, parties
from carecli.desk.reading import view
from carecli.domain import access, feature_requests
from carecli.domain.access import Right
from carecli.domain.feature_requests import Conversion, Evaluation
from carecli.domain.linking import LinkKind, between
from carecli.domain.numbers import written

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.domain.views import CaseView


def evaluate(
    desk: Desk,
    number: int,
    outcome: Evaluation,
    text: str | None = None,
    *,
    release: str | None = None,
    of: int | None = None,
) -> CaseView:
    """Take a feature request a step further; `of` names the request that it is a duplicate of."""
    with desk.record() as record:
        act = parties.staff_act(record)
        case = record.case(number)
        # Decided before it is tied, so that a refusal says what stands in the way of the step.
        feature_requests.evaluated(case, outcome, text, act, desk.now, release=release)
        if of is not None:
            case = _duplicate(record, case, of)
        event = feature_requests.evaluated(case, outcome, text, act, desk.now, release=release)
        return view(desk, record.writing, record.append(case, event))


def _duplicate(record: Record, case: Case, of: int) -> Case:
    known = {link.kind for link in between(case.links, of)}
    return case if LinkKind.DUPLICATE_OF in known else linking.tied(record, case.number, of, LinkKind.DUPLICATE_OF)


def convert(desk: Desk, number: int, to: Conversion, text: str | None = None) -> CaseView:
    """Make a feature request the support case that it is in truth (FR-1, SLA-2)."""
    with desk.record() as record:
        act = parties.staff_act(record)
        case = record.case(number)
        policy = record.rules(case).policy
        event = feature_requests.converted(case, to, text, act, desk.now, policy)
        return view(desk, record.writing, record.append(case, event))


def lacking(desk: Desk, number: int, to: Conversion) -> tuple[str, ...]:
    """What has to be said before a feature request can be converted, for a person to be asked for (OPEN-4)."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        case = access.seen(desk.actor, reading.case(number), written(number))
        return feature_requests.lacking(case, to)
