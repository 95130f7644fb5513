"""A case's bundle as JSON, and what a look at one found (IMP-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carecli.domain import clock
from carecli.domain.bundle import FORM, VERSION
from carecli.domain.instants import iso
from carecli.domain.numbers import written
from carecli.render import case_document, explain_document, mail_document

if TYPE_CHECKING:
    from carecli.domain.bundle import Bundle, Chained, Verdict
    from carecli.domain.outbox import Mail

Document = dict[str, Any]

HOW = "care bundle verify FILE"


def bundle(told: Bundle) -> Document:
    """The file; everything in it is a JSON value, its instants UTC, its durations seconds."""
    return {
        "form": FORM,
        "version": VERSION,
        "number": written(told.number),
        "desk": told.desk,
        "made_at": iso(told.made_at),
        "made_by": told.made_by,
        "for": "contact" if told.for_contact else "staff",
        "whole": told.whole,
        "withheld": list(told.withheld),
        "check": HOW,
        "events": [_event(one, whole=told.whole) for one in told.events],
        "documents": {
            digest: {"kind": kind, "document": dict(document)}
            for digest, (kind, document) in told.documents.items()
        },
        "case": _case(told),
        "clocks": [clock.document(one) for one in told.case.clocks],
        "proof": explain_document.explain(told.proof),
        "mail": [_mail(mail, sent, for_contact=told.for_contact) for mail, sent in told.mail],
    }


def _case(told: Bundle) -> Document:
    """The case as `show` tells it, without the history, which stands in the events."""
    return {name: value for name, value in case_document.case(told.view).items() if name != "updates"}


def _event(one: Chained, *, whole: bool) -> Document:
    document = case_document.event(one.entry)
    if not one.numbered:
        document["seq"] = None
    if not whole:
        return document
    place = {"position": one.entry.position, "previous": one.previous, "digest": one.entry.digest}
    return {**document, **place}


def _mail(mail: Mail, sent: str | None, *, for_contact: bool) -> Document:
    """A mail and what it says, without what lets whoever was sent it reply into the case (MAIL-1)."""
    reference = str(mail.content.get("reference", ""))
    says = {name: value for name, value in mail.content.items() if name != "reference"}
    told = {name: value for name, value in mail_document.mail(mail).items() if name != "message_id"}
    if reference:
        told["subject"] = mail.subject.replace(f"[{reference}]", "").replace(reference, "").strip()
    document = {**told, "round": mail.round, "stage": mail.stage, "says": says, "sha256": sent}
    if for_contact:
        # Ids count the mail of every account, and how it was delivered is the desk's own (DC-3).
        document = {k: v for k, v in document.items() if k not in {"id", "attempts", "next_try_at", "error"}}
    return document


def kept(document: Document, output: str) -> Document:
    """What is told of a bundle that went to a file."""
    told = {name: document[name] for name in ("number", "made_at", "made_by", "whole", "sha256")}
    return {**told, "output": output, "events": len(document["events"]), "mails": len(document["mail"])}


def verdict(found: Verdict) -> Document:
    """What a look at a bundle found."""
    return {
        "number": found.number,
        "verified": not found.faults,
        "whole": found.whole,
        "made_at": found.made_at,
        "made_by": found.made_by,
        "events": found.events,
        "digests": found.digests,
        "documents": found.documents,
        "clocks": found.clocks,
        "mails": found.mails,
        "first_digest": found.first,
        "last_digest": found.last,
        "withheld": list(found.withheld),
        "overdue": [
            {"metric": one.metric.value, "cycle": one.cycle, "due_at": iso(one.due_at)} for one in found.overdue
        ],
        "unproved": list(found.unproved),
        "differences": [
            {"part": fault.part.value, "where": fault.where, "what": fault.what} for fault in found.faults
        ],
    }
