"""Whether a bundle is the file that was written, around its events: its seal, its names, its documents (IMP-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from carecli.desk.bundles import writing
from carecli.desk.told_desk import UNREADABLE
from carecli.domain.bundle import FROM_ALL, FROM_CUSTOMERS, FROM_SOME_STAFF, Fault, Part
from carecli.domain.instants import instant
from carecli.render.bundle_document import HOW
from carecli.store.codec import content_hash

Document = Mapping[str, Any]

_NAMES: Final = frozenset(
    {
        *("form", "version", "number", "desk", "made_at", "made_by", "for", "whole", "withheld", "check"),
        *("events", "documents", "case", "clocks", "proof", "mail", "sha256"),
    }
)


def frame(told: dict[str, Any]) -> Iterator[Fault]:
    """What stands around the events, and is not as `care bundle` writes it."""
    yield from _seal(told)
    for name in sorted({*told} - _NAMES):
        yield Fault(Part.FILE, name[:40], "is no part of a bundle: put in")
    kinds = {("staff", True): FROM_ALL, ("staff", False): FROM_SOME_STAFF, ("contact", False): FROM_CUSTOMERS}
    told_for, whole = told.get("for"), told.get("whole")
    withheld = kinds.get((told_for, whole)) if isinstance(told_for, str) and isinstance(whole, bool) else None
    if withheld is None:
        yield Fault(Part.FILE, "for", "no such reader gets a bundle that is whole, or not, as this one says")
    elif told.get("withheld") != [*withheld]:
        yield Fault(Part.FILE, "withheld", "is not what is withheld from such a reader")
    if told.get("check") != HOW:
        yield Fault(Part.FILE, "check", f"is not {HOW!r}")
    yield from _made(told)


def _made(told: Document) -> Iterator[Fault]:
    """A bundle that tells of what came after it was made says how things stood at a better time."""
    events = told.get("events")
    last = events[-1] if isinstance(events, list) and events and isinstance(events[-1], dict) else {}
    try:
        if instant(told["made_at"]) < instant(last["at"]):
            yield Fault(Part.FILE, "made_at", "lies before its last event")
    except UNREADABLE:
        yield Fault(Part.FILE, "made_at", "cannot be held against its last event")


def object_in(told: Document, name: str) -> dict[str, Any]:
    """The object under a name; an empty one where there is none."""
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _seal(told: dict[str, Any]) -> Iterator[Fault]:
    """Whether the file is what was written: the cheapest look, which a forger passes."""
    try:
        sealed = writing.sealed(told)["sha256"]
    except UNREADABLE:
        sealed = None
    if sealed != told.get("sha256"):
        yield Fault(Part.FILE, "sha256", "the file is not as it was written: its own SHA-256 is another one")


def documents(told: Document) -> Iterator[Fault]:
    """Whether each policy and calendar is the one that its hash names (SLA-8)."""
    known = told.get("documents")
    if not isinstance(known, dict):
        yield Fault(Part.DOCUMENT, "documents", "there are none")
        return
    for digest, kept in known.items():
        try:
            real = content_hash(kept["document"])
        except UNREADABLE:
            real = None
        if real != digest:
            yield Fault(Part.DOCUMENT, str(digest)[:12], "is not what its content hash says")
        elif kept.get("kind") not in {"policy", "calendar"} or ("week" in kept["document"]) != (
            kept["kind"] == "calendar"
        ):
            yield Fault(Part.DOCUMENT, str(digest)[:12], "is no policy or calendar, or the other of the two")
