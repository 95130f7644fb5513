"""A change request or service order as people look at it: how far it is, and who has signed what (SR-1)."""

from collections.abc import Iterator
from typing import Final

from carecli.domain import details
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.request import Paper, Party, Request, RequestStage, Signature
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import titled

COLUMNS: Final = (
    Column("file", "File"),
    Column("name", "Document", least=16),
    Column("kind", "Kind", rank=4),
    Column("sha256", "SHA-256", rank=5, least=12),
    Column("signed_by_customer", "Customer", least=16),
    Column("customer_signed_at", "Customer signed", rank=3),
    Column("signed_by_care", "Customer Care", least=16),
    Column("care_signed_at", "Care signed", rank=2),
)


def sheet(case: Case, zone: str) -> Sheet | None:
    """The documents of an accepted request with their signatures; None where there are none."""
    request = case.request
    if request is None or not request.papers:
        return None
    rows = tuple(_row(paper) for paper in request.papers)
    return Sheet("Documents of the request", COLUMNS, rows, zone, note=_to_do(case, request))


def _row(paper: Paper) -> tuple[Cell, ...]:
    return (
        Cell(paper.file),
        Cell(paper.name),
        Cell(paper.kind.value, titled(paper.kind)),
        Cell(paper.sha256),
        *_signature(paper.customer),
        *_signature(paper.care),
    )


def _signature(signature: Signature | None) -> tuple[Cell, Cell]:
    """Who signed, and when."""
    if signature is None:
        return Cell(None, "not signed", Tone.WARNING), Cell(None)
    return Cell(signature.by, tone=Tone.GOOD), Cell(signature.at)


def _to_do(case: Case, request: Request) -> str | None:
    number = written(case.number)
    if case.closed:
        return None
    return f"to be signed: care request sign {number}" if not request.ready else "signed by both sides"


def stage(case: Case) -> str | None:
    """How far a request has come, in words; None for any other case."""
    if case.request is None:
        return None
    again = f", submitted {case.request.cycle} times" if case.request.cycle > 1 else ""
    return titled(case.request.stage) + again


def ways_out(case: Case) -> Iterator[str]:
    """What the customer's side can do about a request or an admin case as it stands."""
    request, number = case.request, written(case.number)
    if case.closed:
        return
    missing = details.lacking(case.subtype, case.fields)
    if missing:
        yield f"incomplete, add to it with: care update {number} {' '.join(missing)}"
    if request is None:
        return
    if request.stage is RequestStage.REJECTED:
        yield f"rejected as it is, submit it again with: care request resubmit {number} -m TEXT"
    if request.stage is RequestStage.ACCEPTED and request.unsigned(Party.CUSTOMER):
        yield f"accepted, read its documents with care attachment get, sign with: care request sign {number}"


def told(event: Event) -> Iterator[str]:
    """What an event tells of a request or of an approved change, beside its text."""
    data = event.data
    if event.kind is Kind.REQUEST_SIGNED:
        yield from (f"signed: {paper['name']}, SHA-256 {paper['sha256']}" for paper in data["documents"])
    if event.kind is Kind.REQUEST_REJECTED and data["addressed"]:
        yield f"told to {', '.join(data['addressed'])}"
    if event.kind is Kind.CHANGE_APPROVED:
        for key, (was, now) in data["changes"].items():
            yield f"{key} of {data['person']}: {was or '-'} -> {now or '-'}"
    if data.get("pin_reset"):
        yield f"PIN of {data['person']}: taken away, to be set anew"
