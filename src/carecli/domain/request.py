"""A change request or service order as it stands: decided on, its documents, and who has signed them (SR-1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from carecli.domain.deadline import DeadlineKind
from carecli.domain.instants import instant, iso
from carecli.domain.numbers import written
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import Side, Standing, Substatus
from carecli.errors import Refused

DECIDED_ON: Final = frozenset({"change-request", "service-order"})
"""The sub-types of service requests that are acknowledged, accepted or rejected, and signed."""
DEADLINES: Final = (DeadlineKind.ACKNOWLEDGEMENT, DeadlineKind.DECISION)


class RequestStage(StrEnum):
    """How far a request has come."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    COMPLETED = "completed"


class PaperKind(StrEnum):
    """What a document of an accepted request is."""

    ORDER = "services-order"
    SOW = "statement-of-work"


class Party(StrEnum):
    """A side that signs."""

    CUSTOMER = "customer"
    CARE = "customer-care"


class Signature(NamedTuple):
    """Who signed, and when."""

    by: str
    at: datetime


class Paper(NamedTuple):
    """A document that both sides sign: the file of the case that it is, and the hash of what was signed."""

    file: str
    name: str
    sha256: str
    kind: PaperKind
    customer: Signature | None = None
    care: Signature | None = None

    def signed_by(self, party: Party) -> Signature | None:
        """The signature of a side, if there is one."""
        return self.customer if party is Party.CUSTOMER else self.care

    def signed(self, party: Party, signature: Signature) -> "Paper":
        """The document with the signature of a side."""
        if party is Party.CUSTOMER:
            return self._replace(customer=signature)
        return self._replace(care=signature)


class Request(NamedTuple):
    """A request; `cycle` counts how often it was submitted, from 1."""

    stage: RequestStage = RequestStage.SUBMITTED
    cycle: int = 1
    papers: tuple[Paper, ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether it is still to be accepted or rejected."""
        return self.stage in {RequestStage.SUBMITTED, RequestStage.ACKNOWLEDGED}

    @property
    def ready(self) -> bool:
        """Whether work may begin: accepted, and every document signed by both sides."""
        decided = self.stage in {RequestStage.ACCEPTED, RequestStage.COMPLETED}
        return decided and bool(self.papers) and not any(self.unsigned(party) for party in Party)

    def unsigned(self, party: Party) -> tuple[Paper, ...]:
        """The documents that a side has not signed."""
        return tuple(paper for paper in self.papers if paper.signed_by(party) is None)


def require_work(number: int, request: Request | None, move: Move, side: Side, after: Standing) -> None:
    """Refuse Customer Care what is work while the request is not accepted and signed by both (SR-1).

    Asking the customer is none, nor is closing as cancelled or redirected; a solution may be proposed as long as
    nothing is accepted, as the customer may be served without any order.
    """
    if request is None or request.ready or side is not Side.STAFF:
        return
    accepted = request.stage is RequestStage.ACCEPTED
    if move in {Move.INVESTIGATE, Move.RESTORE} or (move is Move.PROPOSE and accepted):
        raise too_early(number, request, str(move))
    if move is Move.CLOSE and after.substatus is Substatus.RESOLVED:
        raise too_early(number, request, "closing as resolved")


def too_early(number: int, request: Request, what: str) -> Refused:
    """The refusal of work that comes too early, with what has to come first."""
    return Refused(
        f"{what} is not possible {_lacking(request)}", hint=_first(written(number), request), rule="SR-1"
    )


def _lacking(request: Request) -> str:
    if request.undecided:
        return "before the request is accepted and its documents are signed by both sides"
    if request.stage is RequestStage.REJECTED:
        return "while the request is rejected"
    missing = " and ".join(f"by {TITLES[party]}" for party in Party if request.unsigned(party))
    return f"before its documents are signed {missing or 'by both sides'}"


def _first(number: str, request: Request) -> str:
    if request.undecided:
        return f"care request accept {number} --order FILE, or care request reject {number} -m WHY"
    if request.stage is RequestStage.REJECTED:
        return f"once it is reworked: care request resubmit {number} -m TEXT"
    return f"each side signs with care request sign {number}"


TITLES: Final[Mapping[Party, str]] = {Party.CUSTOMER: "the customer", Party.CARE: "Customer Care"}
"""How a sentence calls them."""


def waits(request: Request | None, move: Move, side: Side) -> bool:
    """Whether an update by staff leaves a new case New, as it begins no work (SR-1)."""
    return request is not None and not request.ready and side is Side.STAFF and move is Move.UPDATE


def signed(request: Request, files: Sequence[str], party: Party, signature: Signature) -> Request:
    """The request with the signature of a side under documents, by the ids of their files."""
    papers = (paper.signed(party, signature) if paper.file in files else paper for paper in request.papers)
    return request._replace(papers=tuple(papers))


def document(request: Request) -> dict[str, Any]:
    """The request as JSON, whole."""
    return {
        "stage": request.stage.value,
        "cycle": request.cycle,
        "documents": [_paper(paper) for paper in request.papers],
    }


def _paper(paper: Paper) -> dict[str, Any]:
    return {
        "file": paper.file,
        "name": paper.name,
        "kind": paper.kind.value,
        "sha256": paper.sha256,
        "signed_by_customer": _signature(paper.customer),
        "signed_by_care": _signature(paper.care),
    }


def _signature(signature: Signature | None) -> dict[str, str] | None:
    return {"by": signature.by, "at": iso(signature.at)} if signature else None


def from_document(doc: Mapping[str, Any]) -> Request:
    """Read what `document` wrote."""
    return Request(RequestStage(doc["stage"]), doc["cycle"], tuple(paper(told) for told in doc["documents"]))


def paper(doc: Mapping[str, Any]) -> Paper:
    """A document as an event tells of it, or `document` wrote it."""
    by_customer, by_care = doc.get("signed_by_customer"), doc.get("signed_by_care")
    return Paper(
        doc["file"], doc["name"], doc["sha256"], PaperKind(doc["kind"]), _sign(by_customer), _sign(by_care)
    )


def _sign(doc: Mapping[str, str] | None) -> Signature | None:
    return Signature(doc["by"], instant(doc["at"])) if doc else None
