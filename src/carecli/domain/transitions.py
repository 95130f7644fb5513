"""The one table of what moves a case from where to where (STAT-1, STAT-4); anything not listed is refused."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from carecli.domain.vocabulary import CaseType, Side, Standing, Status, Substatus
from carecli.errors import Refused


class Move(StrEnum):
    """The commands, and the one act of time, that may change a case's status."""

    UPDATE = "update"
    INVESTIGATE = "investigate"
    ASK = "ask"
    PROPOSE = "propose"
    RESTORE = "restore"
    ACCEPT = "accept"
    REJECT = "reject"
    CLOSE = "close"
    REOPEN = "reopen"
    AUTO_CLOSE = "auto-close"
    EVALUATE = "feature"
    CONVERT = "feature convert"


class Transition(NamedTuple):
    """One row: who may make the move, from which standings, to which; None leaves the status as it is."""

    move: Move
    sides: tuple[Side, ...]
    origins: frozenset[Standing]
    to: Standing | None
    choices: tuple[Substatus, ...] = ()


C, S, T = Side.CONTACT, Side.STAFF, Side.SYSTEM

NEW = Standing(Status.OPEN, Substatus.NEW)
INVESTIGATION = Standing(Status.OPEN, Substatus.INVESTIGATION)
RESPONDED = Standing(Status.OPEN, Substatus.CUSTOMER_RESPONDED)
AWAITING = Standing(Status.AWAITING_INFO, Substatus.INFO_REQUIRED)
PERMANENT_PENDING = Standing(Status.SERVICE_RESTORED, Substatus.PENDING_PERMANENT_SOLUTION)
RCA_PENDING = Standing(Status.SERVICE_RESTORED, Substatus.PENDING_RCA)
PROPOSED = Standing(Status.SOLUTION_PROPOSED, Substatus.SOLUTION_PROPOSED)
PROBLEM_RESOLVED = Standing(Status.SOLUTION_PROPOSED, Substatus.PROBLEM_RESOLVED)
CANCELLED = Standing(Status.CLOSED, Substatus.CANCELLED)
RESOLVED = Standing(Status.CLOSED, Substatus.RESOLVED)
REDIRECTED = Standing(Status.CLOSED, Substatus.REDIRECTED)

SOLUTION = frozenset({PROPOSED, PROBLEM_RESOLVED})
RESTORED = frozenset({PERMANENT_PENDING, RCA_PENDING})
ANSWERED = SOLUTION | RESTORED
WAITING = SOLUTION | {AWAITING}
LIVE = frozenset({NEW, INVESTIGATION, RESPONDED, AWAITING}) | ANSWERED
CLOSED = frozenset({CANCELLED, RESOLVED, REDIRECTED})

BY_CUSTOMER = (Substatus.RESOLVED, Substatus.CANCELLED)
BY_STAFF = (Substatus.RESOLVED, Substatus.CANCELLED, Substatus.REDIRECTED)

CASE_TRANSITIONS = (
    Transition(Move.UPDATE, (S,), frozenset({NEW}), INVESTIGATION),
    Transition(Move.UPDATE, (S,), LIVE - {NEW}, None),
    Transition(Move.UPDATE, (C,), WAITING, RESPONDED),
    Transition(Move.UPDATE, (C,), LIVE - WAITING, None),
    Transition(Move.INVESTIGATE, (S,), LIVE, INVESTIGATION),
    Transition(Move.ASK, (S,), LIVE, AWAITING),
    Transition(Move.PROPOSE, (S,), LIVE, PROPOSED, (Substatus.SOLUTION_PROPOSED, Substatus.PROBLEM_RESOLVED)),
    Transition(
        Move.RESTORE,
        (S,),
        LIVE,
        PERMANENT_PENDING,
        (Substatus.PENDING_PERMANENT_SOLUTION, Substatus.PENDING_RCA),
    ),
    Transition(Move.ACCEPT, (C,), ANSWERED, RESOLVED),
    Transition(Move.REJECT, (C,), ANSWERED, RESPONDED),
    Transition(Move.CLOSE, (C,), ANSWERED, RESOLVED, BY_CUSTOMER),
    Transition(Move.CLOSE, (C,), LIVE - ANSWERED, CANCELLED, BY_CUSTOMER),
    Transition(Move.CLOSE, (S,), LIVE, RESOLVED, BY_STAFF),
    Transition(Move.AUTO_CLOSE, (T,), frozenset({AWAITING}), CANCELLED),
    Transition(Move.AUTO_CLOSE, (T,), SOLUTION, RESOLVED),
    Transition(Move.REOPEN, (C, S), CLOSED, RESPONDED),
)

CARE_NEW = Standing(Status.OPEN_CUSTOMER_CARE, Substatus.NEW)
CARE_INVESTIGATION = Standing(Status.OPEN_CUSTOMER_CARE, Substatus.INVESTIGATION)
CARE_AWAITING = Standing(Status.OPEN_CUSTOMER_CARE, Substatus.INFO_REQUIRED)
CARE_PROPOSED = Standing(Status.OPEN_CUSTOMER_CARE, Substatus.SOLUTION_PROPOSED)
PRODUCT_NEW = Standing(Status.OPEN_PRODUCT_MANAGEMENT, Substatus.NEW)
PRODUCT_REVIEW = Standing(Status.OPEN_PRODUCT_MANAGEMENT, Substatus.UNDER_REVIEW)
PRODUCT_AWAITING = Standing(Status.OPEN_PRODUCT_MANAGEMENT, Substatus.INFO_REQUIRED)
DECLINED = Standing(Status.CLOSED, Substatus.DECLINED)
DELIVERED = Standing(Status.CLOSED, Substatus.DELIVERED)

TAKEN_UP = (
    Substatus.NEW,
    Substatus.UNDER_REVIEW,
    Substatus.FUTURE_CANDIDATE,
    Substatus.PLANNED,
    Substatus.COMMITTED,
)
"""How far a request has come with product management, beside its questions to the customer (STAT-2)."""
ENDED = (Substatus.DECLINED, Substatus.DELIVERED, Substatus.DUPLICATE, Substatus.REDIRECTED)
PROPOSALS = SOLUTION | {CARE_PROPOSED}
"""What the customer is asked to accept or to reject."""
CARE_LIVE = frozenset({CARE_NEW, CARE_INVESTIGATION, CARE_AWAITING, CARE_PROPOSED})
PRODUCT_TAKEN_UP = frozenset(Standing(Status.OPEN_PRODUCT_MANAGEMENT, stage) for stage in TAKEN_UP)
PRODUCT_LIVE = PRODUCT_TAKEN_UP | {PRODUCT_AWAITING}
FEATURE_LIVE = CARE_LIVE | PRODUCT_LIVE
FEATURE_CLOSED = frozenset(Standing(Status.CLOSED, end) for end in ENDED)

# Feature requests (STAT-2, FR-1): a question is asked, and its answer taken, where the request is looked at; what
# exists already is proposed as a solution by Customer Care.
FEATURE_TRANSITIONS = (
    Transition(Move.UPDATE, (S,), frozenset({CARE_NEW}), CARE_INVESTIGATION),
    Transition(Move.UPDATE, (S,), FEATURE_LIVE - {CARE_NEW}, None),
    Transition(Move.UPDATE, (C,), frozenset({CARE_AWAITING, CARE_PROPOSED}), CARE_INVESTIGATION),
    Transition(Move.UPDATE, (C,), frozenset({PRODUCT_AWAITING}), PRODUCT_REVIEW),
    Transition(Move.UPDATE, (C,), frozenset({CARE_NEW, CARE_INVESTIGATION}) | PRODUCT_TAKEN_UP, None),
    Transition(Move.INVESTIGATE, (S,), FEATURE_LIVE, CARE_INVESTIGATION),
    Transition(Move.ASK, (S,), CARE_LIVE, CARE_AWAITING),
    Transition(Move.ASK, (S,), PRODUCT_LIVE, PRODUCT_AWAITING),
    Transition(Move.PROPOSE, (S,), FEATURE_LIVE, CARE_PROPOSED),
    Transition(Move.EVALUATE, (S,), FEATURE_LIVE, PRODUCT_NEW, TAKEN_UP),
    Transition(Move.CONVERT, (S,), FEATURE_LIVE, NEW),
    Transition(Move.ACCEPT, (C,), frozenset({CARE_PROPOSED}), DELIVERED),
    Transition(Move.REJECT, (C,), frozenset({CARE_PROPOSED}), CARE_INVESTIGATION),
    Transition(Move.CLOSE, (C,), FEATURE_LIVE, DECLINED),
    Transition(Move.CLOSE, (S,), FEATURE_LIVE, DECLINED, ENDED),
    Transition(Move.AUTO_CLOSE, (T,), frozenset({CARE_AWAITING, PRODUCT_AWAITING}), DECLINED),
    Transition(Move.AUTO_CLOSE, (T,), frozenset({CARE_PROPOSED}), DELIVERED),
    Transition(Move.REOPEN, (C, S), FEATURE_CLOSED, CARE_INVESTIGATION),
)


def table(type_: CaseType) -> tuple[Transition, ...]:
    """The transitions of a type of case."""
    return FEATURE_TRANSITIONS if type_ is CaseType.FEATURE_REQUEST else CASE_TRANSITIONS


def first_standing(type_: CaseType) -> Standing:
    """Where a new case of a type stands."""
    return CARE_NEW if type_ is CaseType.FEATURE_REQUEST else NEW


def target(type_: CaseType, move: Move, side: Side, origin: Standing, substatus: str | None = None) -> Standing:
    """Where a move leads, or Refused with the moves that are allowed instead (STAT-4)."""
    for row in table(type_):
        if row.move is move and side in row.sides and origin in row.origins:
            return _chosen(row, substatus) if substatus else (row.to or origin)
    raise _not_allowed(type_, move, side, origin)


def allowed(type_: CaseType, side: Side, origin: Standing) -> Iterator[Move]:
    """The moves that a side may make from a standing, in the table's order."""
    rows = (row.move for row in table(type_) if side in row.sides and origin in row.origins)
    yield from dict.fromkeys(rows)


def _chosen(row: Transition, substatus: str) -> Standing:
    if row.to is None or substatus not in row.choices:
        choices = ", ".join(row.choices) or "none, as there is only one outcome"
        raise Refused(
            f"{row.move} cannot lead to the sub-status {str(substatus)!r} here",
            hint=f"sub-statuses to choose from: {choices}",
            rule="STAT-4",
        )
    return Standing(row.to.status, Substatus(substatus))


def _not_allowed(type_: CaseType, move: Move, side: Side, origin: Standing) -> Refused:
    moves = ", ".join(allowed(type_, side, origin)) or "nothing"
    who = {Side.CONTACT: "the customer", Side.STAFF: "Customer Care", Side.SYSTEM: "the tick"}[side]
    return Refused(
        f"{move} is not possible while the case is {origin.status} / {origin.substatus}",
        hint=f"possible here for {who}: {moves}",
        rule="STAT-4",
    )
