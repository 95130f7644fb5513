"""What becomes of a feature request: taken up, ended, there already, or a support case in truth (FR-1, STAT-2)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain import lifecycle, opening
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.opening import Form
from carecli.domain.policy import Policy
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import CaseType, Priority, Substatus
from carecli.errors import Invalid, Refused

RELEASE_MAX = 100


class Evaluation(StrEnum):
    """What staff make of a feature request."""

    PRODUCT_MANAGEMENT = "product-management"
    UNDER_REVIEW = "under-review"
    FUTURE_CANDIDATE = "future-candidate"
    PLANNED = "planned"
    COMMITTED = "committed"
    DELIVERED = "delivered"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    EXISTS = "exists"


STAGES: Mapping[Evaluation, Substatus] = {
    Evaluation.PRODUCT_MANAGEMENT: Substatus.NEW,
    Evaluation.UNDER_REVIEW: Substatus.UNDER_REVIEW,
    Evaluation.FUTURE_CANDIDATE: Substatus.FUTURE_CANDIDATE,
    Evaluation.PLANNED: Substatus.PLANNED,
    Evaluation.COMMITTED: Substatus.COMMITTED,
}
"""How far it comes with product management."""
ENDS: Mapping[Evaluation, Substatus] = {
    Evaluation.DELIVERED: Substatus.DELIVERED,
    Evaluation.DECLINED: Substatus.DECLINED,
    Evaluation.DUPLICATE: Substatus.DUPLICATE,
}
"""What closes it."""
OF_A_RELEASE = frozenset({Evaluation.PLANNED, Evaluation.COMMITTED, Evaluation.DELIVERED, Evaluation.EXISTS})
"""What is said of a release: any other leaves it open again whether there will be one."""


class Conversion(NamedTuple):
    """What a support case needs beyond a feature request; None is as the case has it (OPEN-4)."""

    subtype: str | None = None
    stage: str | None = None
    impact: str | None = None
    priority: Priority | None = None


def evaluated(
    case: Case, outcome: Evaluation, text: str | None, act: Act, at: datetime, *, release: str | None = None
) -> Event:
    """A step of a feature request, of which the customer is told (FR-1).

    What `exists` is proposed as a solution, to be accepted or rejected, in whatever release it is; raises Invalid
    where a decline has no reason.
    """
    _require_feature_request(case)
    said = lifecycle.text_or_none(text)
    data: dict[str, Any] = {"evaluation": outcome.value, "release": _release(case, outcome, release)}
    if outcome in STAGES:
        return lifecycle.moved(case, Move.EVALUATE, Kind.EVALUATED, act, at, said, STAGES[outcome], **data)
    if said is None and outcome in NEED_TEXT:
        raise Invalid(NEED_TEXT[outcome], hint="say it with -m TEXT, -m - or -F FILE", rule="FR-1")
    if outcome is Evaluation.EXISTS:
        return lifecycle.moved(
            case, Move.PROPOSE, Kind.PROPOSED, act, at, said, None, round=case.rounds + 1, **data
        )
    return lifecycle.moved(case, Move.CLOSE, Kind.CLOSED, act, at, said, ENDS[outcome], **data)


NEED_TEXT: Mapping[Evaluation, str] = {
    Evaluation.DECLINED: "declining a feature request needs the reason, and what else may help the customer",
    Evaluation.EXISTS: "the customer needs to know where the feature is, and how it is used",
}


def converted(case: Case, to: Conversion, text: str | None, act: Act, at: datetime, policy: Policy) -> Event:
    """A feature request that is a support case in truth: the same case, its clocks start here (FR-1, SLA-2).

    Raises Invalid that names everything that a support case of this sub-type needs and the case lacks (OPEN-4).
    """
    _require_feature_request(case)
    form = support_form(case, to)
    opening.check(form, policy)
    priority = form.priority or case.priority
    data: dict[str, Any] = {
        "type": CaseType.SUPPORT.value,
        "subtype": opening.subtype(form),
        "stage": form.stage,
        "impact": form.impact,
        "priority": priority.value,
    }
    if priority is Priority.CRITICAL:
        data["available_contact"] = case.contact
    return lifecycle.moved(case, Move.CONVERT, Kind.CONVERTED, act, at, lifecycle.text_or_none(text), **data)


def lacking(case: Case, to: Conversion) -> tuple[str, ...]:
    """What is still to be said before a feature request can be converted (OPEN-4); raises Refused, Invalid."""
    _require_feature_request(case)
    return opening.missing(support_form(case, to))


def support_form(case: Case, to: Conversion) -> Form:
    """The case as the form of a support case."""
    return Form(
        type=CaseType.SUPPORT,
        subtype=to.subtype,
        account=case.account,
        deployment=case.deployment,
        service=case.service,
        contact=case.contact,
        stage=to.stage or case.stage,
        priority=to.priority or case.priority,
        subject=case.subject,
        description=case.description,
        impact=to.impact or case.impact,
    )


def _release(case: Case, outcome: Evaluation, release: str | None) -> str | None:
    """The release that holds after a step: as it is said now, else as it was said before."""
    if outcome not in OF_A_RELEASE:
        return None
    named = " ".join((release or "").split())
    if len(named) > RELEASE_MAX:
        raise Invalid(
            f"the release has {len(named)} characters; {RELEASE_MAX} is the most", hint="name it briefly"
        )
    if not lifecycle.encodable(named) or not named.isprintable():
        raise Invalid("the release holds characters that cannot be shown", hint="name it in plain words")
    return named or case.release


def _require_feature_request(case: Case) -> None:
    if case.type is not CaseType.FEATURE_REQUEST:
        raise Refused(
            f"case {written(case.number)} is no feature request, but of the type {case.type}",
            hint="care list --all --type feature-request shows those there are; nothing was changed",
            rule="FR-1",
        )
