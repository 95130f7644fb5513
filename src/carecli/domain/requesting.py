"""What a command makes of a service request: each function decides which event follows, or refuses (SR-1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from carecli.domain import details, lifecycle
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.request import DECIDED_ON, TITLES, Paper, PaperKind, Party, Request, RequestStage, too_early
from carecli.domain.transitions import ANSWERED, Move
from carecli.domain.vocabulary import CaseType, Side, Substatus
from carecli.errors import Invalid, NotFound, Refused


def acknowledge(case: Case, text: str | None, act: Act, at: datetime) -> Event:
    """Customer Care takes note of a request."""
    request = decided_on(case)
    if request.stage is not RequestStage.SUBMITTED:
        raise _not_now(case, request, "acknowledged")
    return _told(case, Kind.REQUEST_ACKNOWLEDGED, text, act, at)


def accept(
    case: Case, text: str | None, files: Sequence[Mapping[str, Any]], orders: int, act: Act, at: datetime
) -> Event:
    """Customer Care takes a request on, by a services order that both sides sign; again, until they have.

    `files` are the documents as `attaching.documents` tells of them: first so many `orders`, then statements of
    work. New documents take the place of the ones before, with their signatures.
    """
    request = decided_on(case)
    if not request.undecided and (request.stage is not RequestStage.ACCEPTED or request.ready):
        raise _not_now(case, request, "accepted")
    if case.standing in ANSWERED:
        # Else the customer's yes, or silence, would close it as resolved with documents that nobody signed.
        number = written(case.number)
        raise Refused(
            f"request {number} waits for the customer's answer to what was proposed",
            hint=f"log a caller's no: care reject {number} --via phone; or ask instead: care ask {number} -m TEXT",
            rule="SR-1",
        )
    kinds = [PaperKind.ORDER] * orders + [PaperKind.SOW] * (len(files) - orders)
    documents = [
        {"file": file["id"], "name": file["name"], "kind": kind.value, "sha256": file["sha256"]}
        for file, kind in zip(files, kinds, strict=True)
    ]
    return _told(case, Kind.REQUEST_ACCEPTED, text, act, at, documents=documents, files=list(files))


def reject(case: Case, text: str, addressed: Sequence[str], act: Act, at: datetime) -> Event:
    """Customer Care does not take a request on as it is; `addressed` are those who rework it with the customer."""
    request = decided_on(case)
    if not request.undecided:
        raise _not_now(case, request, "rejected")
    return _told(case, Kind.REQUEST_REJECTED, _why(text), act, at, addressed=list(addressed))


def resubmit(case: Case, text: str, fields: Mapping[str, str], act: Act, at: datetime) -> Event:
    """A rejected request comes back reworked, by the customer or by staff on his behalf, as the same case."""
    request = decided_on(case)
    if request.stage is not RequestStage.REJECTED:
        raise _not_now(case, request, "resubmitted")
    told = details.told_later(case.subtype, fields)
    more = {"fields": told} if told else {}
    said = lifecycle.with_fields(_why(text), told)
    return _told(case, Kind.REQUEST_RESUBMITTED, said, act, at, cycle=request.cycle + 1, **more)


def sign(case: Case, named: Sequence[str], text: str | None, act: Act, at: datetime) -> Event:
    """A side signs documents of an accepted request: all that it has not signed, or the `named` ones."""
    request, party = decided_on(case), PARTIES[act.side]
    if request.stage is not RequestStage.ACCEPTED:
        raise _not_now(case, request, "signed")
    papers = [_meant(case, request, name) for name in named] or request.unsigned(party)
    again = [paper.name for paper in papers if paper.signed_by(party)]
    if again or not papers:
        what = f"{again[0]} is" if again else "the documents are"
        raise Refused(f"{what} signed by {TITLES[party]} already", hint="nothing was changed", rule="SR-1")
    documents = [{"file": p.file, "name": p.name, "sha256": p.sha256} for p in dict.fromkeys(papers)]
    return _told(case, Kind.REQUEST_SIGNED, text, act, at, party=party.value, documents=documents)


PARTIES: Final[Mapping[Side, Party]] = {Side.CONTACT: Party.CUSTOMER, Side.STAFF: Party.CARE}


def complete(case: Case, text: str | None, act: Act, at: datetime) -> Event:
    """A service request was carried out: the case closes as Resolved, and the originator is mailed."""
    if case.type is not CaseType.SERVICE_REQUEST:
        raise _other(case)
    if case.request and not case.closed and not case.request.ready:
        raise too_early(case.number, case.request, "completing it")
    said = lifecycle.text_or_none(text)
    return lifecycle.moved(case, Move.CLOSE, Kind.REQUEST_COMPLETED, act, at, said, Substatus.RESOLVED)


def decided_on(case: Case) -> Request:
    """The request that a case is; raises Refused where it is none that is accepted or rejected."""
    if case.type is not CaseType.SERVICE_REQUEST or case.subtype not in DECIDED_ON:
        raise _other(case)
    return case.request or Request()


def _other(case: Case) -> Refused:
    what = f"{case.type} / {case.subtype}" if case.subtype else str(case.type)
    if case.type is CaseType.SERVICE_REQUEST:
        hint = f"it is done with care request complete {written(case.number)}"
    else:
        hint = "service requests are opened with care open --type service-request"
    return Refused(
        f"case {written(case.number)} is {what}, no {' or '.join(sorted(DECIDED_ON))}", hint=hint, rule="SR-1"
    )


def _not_now(case: Case, request: Request, what: str) -> Refused:
    number = written(case.number)
    ways = {
        RequestStage.SUBMITTED: f"it is submitted: care request ack, accept or reject {number}",
        RequestStage.ACKNOWLEDGED: f"it is acknowledged: care request accept or reject {number}",
        RequestStage.ACCEPTED: f"it is accepted: care request sign or complete {number}",
        RequestStage.REJECTED: f"it is rejected: care request resubmit {number} -m TEXT",
        RequestStage.COMPLETED: f"it is completed: care reopen {number} -m TEXT, if there is more to do",
    }
    return Refused(f"request {number} cannot be {what} now", hint=ways[request.stage], rule="SR-1")


HASH_LEAST: Final = 6
"""How much of a hash names a document."""


def _meant(case: Case, request: Request, name: str) -> Paper:
    """The document that an id, a name or the beginning of a hash means; raises NotFound."""
    word = name.strip().lower().removeprefix("#")
    for paper in request.papers:
        by_hash = len(word) >= HASH_LEAST and paper.sha256.startswith(word)
        if word == paper.file or name == paper.name or by_hash:
            return paper
    known = ", ".join(f"{paper.file} ({paper.name})" for paper in request.papers)
    raise NotFound(
        f"request {written(case.number)} has no document {name[:60]!r}", hint=f"it has {known}", rule="SR-1"
    )


def _told(case: Case, kind: Kind, text: str | None, act: Act, at: datetime, **more: Any) -> Event:
    """A public act on a request, which a customer's message is too (STAT-3)."""
    return lifecycle.moved(case, Move.UPDATE, kind, act, at, lifecycle.text_or_none(text), **more)


def _why(text: str) -> str:
    if not text.strip():
        raise Invalid("the text is empty", hint="give it with -m TEXT, -m - or -F FILE")
    return text
