"""A case's bundle looked at without the database: hashes, chain, clocks and proofs made anew (IMP-2, AUD-1).

What is derived is folded from the bundle's own events into a record in memory, and told by the very code that
wrote it: what then reads otherwise is a fault of the bundle. Whoever forges all of it at once is found out by the
desk, whose log holds the digests of the first and the last event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from carecli.config import Config
from carecli.desk import bundling
from carecli.desk.bundle_chain import chain, nth
from carecli.desk.bundle_differences import ABSENT, differing, plain
from carecli.desk.bundle_file import no_bundle, read
from carecli.desk.desk import Desk
from carecli.desk.record import Change, Record
from carecli.desk.rulebook import Rulebook
from carecli.desk.verify import UNREADABLE
from carecli.domain import access, clock
from carecli.domain.bundle import Fault, Part, Verdict
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.folding import replay
from carecli.domain.instants import instant, iso
from carecli.domain.numbers import parse_number, written
from carecli.domain.people import Contact, Staff
from carecli.domain.vocabulary import Access, Role, Via, Visibility
from carecli.domain.whatif import recounted
from carecli.errors import CareError
from carecli.render import bundle_document
from carecli.store.codec import content_hash
from carecli.store.trouble import UNSTORABLE

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.domain.rules import RulesFor
    from carecli.store.protocol import Store

Document = Mapping[str, Any]

_NOT_PROVED: Final = frozenset(
    {
        *("owner", "group", "component", "component_candidates"),
        *("links", "articles", "defect", "incident", "deadlines", "attachments", "escalation", "followup"),
    }
)
"""Of the case what follows from events that a bundle may withhold, or from more than its own case."""


def check(path: str) -> Verdict:
    """Look at a bundle in a file, `-` for standard input; raises Failed, and Invalid for what is none."""
    told = read(path)
    try:
        return _verdict(told)
    except RecursionError:
        raise no_bundle("it is nested too deeply") from None


def _verdict(told: dict[str, Any]) -> Verdict:
    faults = [*_seal(told), *_documents(told)]
    history, unread = _history(told)
    faults += unread
    if told.get("whole"):
        faults += chain(told, history)
    if history and not unread:
        faults += _anew(told, history)
    faults += _mail(told, history)
    events = _list(told, "events")
    digests = [event.get("digest") for event in events if isinstance(event, dict)] if told.get("whole") else []
    return Verdict(
        number=_said(told, "number", lambda text: written(parse_number(text))),
        made_at=_said(told, "made_at", lambda text: iso(instant(text))),
        made_by=str(told.get("made_by")),
        whole=bool(told.get("whole")),
        events=len(events),
        digests=len(digests),
        documents=len(_object(told, "documents")),
        clocks=len(_list(told, "clocks")),
        mails=len(_list(told, "mail")),
        faults=tuple(faults),
        withheld=tuple(map(str, _list(told, "withheld"))),
        first=_digest(digests[0]) if digests else None,
        last=_digest(digests[-1]) if digests else None,
    )


def _said(told: Document, name: str, read: Callable[[str], str]) -> str | None:
    """What a bundle says of itself, None where that means nothing."""
    try:
        return read(_text(told.get(name)))
    except UNREADABLE:
        return None


def _digest(said: object) -> str | None:
    return said if isinstance(said, str) and len(said) == 64 and not set(said) - set("0123456789abcdef") else None


def _list(told: Document, name: str) -> list[Any]:
    found = told.get(name)
    return found if isinstance(found, list) else []


def _object(told: Document, name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _seal(told: dict[str, Any]) -> Iterator[Fault]:
    """Whether the file is what was written: the cheapest look, which a forger passes."""
    try:
        sealed = bundling.sealed(told)["sha256"]
    except UNREADABLE:
        sealed = None
    if sealed != told.get("sha256"):
        yield Fault(Part.FILE, "sha256", "the file is not as it was written: its own SHA-256 is another one")


def _documents(told: Document) -> Iterator[Fault]:
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


def _history(told: Document) -> tuple[list[tuple[Recorded, str | None]], list[Fault]]:
    """The events with the digests before them, and those that cannot be read."""
    history, faults = [], []
    for place, document in enumerate(_list(told, "events"), 1):
        try:
            history.append(_entry(document, place))
        except UNREADABLE as error:
            faults.append(Fault(Part.EVENT, nth(place), f"cannot be read: {_reason(error)}"))
    if not history:
        faults.append(Fault(Part.EVENT, "events", "there are none"))
    return history, faults


def _entry(told: Document, place: int) -> tuple[Recorded, str | None]:
    event = Event(
        instant(told["at"]),
        _text(told["actor"]),
        Via(told["via"]),
        Kind(told["kind"]),
        Visibility(told["visibility"]),
        dict(told["data"]),
    )
    seq = told["seq"] if isinstance(told["seq"], int) else 0
    return Recorded(int(told.get("position", place)), None, seq, event, str(told.get("digest", ""))), told.get(
        "previous"
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


def _anew(told: Document, history: Sequence[tuple[Recorded, str | None]]) -> Iterator[Fault]:
    """What the bundle says of the case, its clocks and their proofs, against what its events add up to."""
    try:
        with _desk(told) as desk:
            case = _told_again(desk, [entry for entry, _ in history])
            again = plain(bundle_document.bundle(bundling.gathered(desk, case.number)))
            yield from _clocks(told, case, desk, [entry.event for entry, _ in history])
    except (*UNREADABLE, *UNSTORABLE) as error:
        yield Fault(Part.CASE, "events", f"they do not add up: {_reason(error)}")
        return
    if again["number"] != told.get("number"):
        yield Fault(Part.CASE, "number", f"its events are those of case {again['number']}")
    kept = {name: value for name, value in again["case"].items() if told["whole"] or name not in _NOT_PROVED}
    said, proof = _object(told, "case"), _object(told, "proof")
    yield from differing(Part.CASE, {name: said.get(name, ABSENT) for name in kept}, kept)
    # Deadlines follow from events that are no customer's to read.
    proved = {name: value for name, value in again["proof"].items() if told["whole"] or name != "deadlines"}
    yield from differing(Part.PROOF, {name: proof.get(name, ABSENT) for name in proved}, proved)


@contextmanager
def _desk(told: Document) -> Iterator[Desk]:
    """A desk of this one case on a record in memory, seen as the bundle's writer saw it."""
    # Imported here, as elsewhere: only this look needs a record of its own.
    from carecli.store.sqlite import open_store

    now = instant(told["made_at"])
    opened = _opening(told)
    if told.get("for") == "contact":
        # A data-privacy request is there for its own contact alone, who can be the only one to have written this.
        who = Contact(opened["contact"], opened["contact"], opened["account"], Access.READ_WRITE)
        actor = access.contact_actor(who)
    else:
        actor = access.staff_actor(Staff(_text(told["made_by"]), "", Role.ADMIN))
    store: Store = open_store(":memory:")
    try:
        with store.write() as writing:
            for kept in told["documents"].values():
                writing.put_document(kept["kind"], kept["document"])
        settings = DeskSettings(name=str(told.get("desk")))
        yield Desk(store, actor, now, "UTC", Config(":memory:"), settings, Rulebook())
    finally:
        store.close()


def _opening(told: Document) -> Mapping[str, Any]:
    return next(event["data"] for event in told["events"] if event["kind"] == Kind.OPENED.value)


def _told_again(desk: Desk, history: Sequence[Recorded]) -> Case:
    events = [entry.event for entry in history]
    with desk.store.write() as writing:
        record = Record(desk.config, desk.settings, desk.actor, desk.now, desk.rulebook, writing, notices=False)
        case = replay(events, desk.rulebook.finding(writing))
        record.keep_all([Change(case, events, record.rules(case))])
        return case


def _clocks(told: Document, case: Case, desk: Desk, events: Sequence[Event]) -> Iterator[Fault]:
    """The clocks as the bundle has them, against the fold and against the rules alone (SLA-3..9)."""
    anew = plain([clock.document(one) for one in case.clocks])
    yield from differing(Part.CLOCK, _named(_list(told, "clocks")), _named(anew))
    if any(event.kind is Kind.REBASED for event in events):
        return  # what was promised before and after is told by two policies; the fold has looked at both
    with desk.reading() as reading:
        by_rules = _by_rules(events, desk.rulebook.finding(reading), case)
    for one in case.clocks:
        other = next((c for c in by_rules.clocks if (c.metric, c.cycle) == (one.metric, one.cycle)), None)
        yield from _against_rules(one, other, events[-1].at)


def _by_rules(events: Sequence[Event], rules_for: RulesFor, case: Case) -> Case:
    """The case with everything that time makes of it worked out afresh, up to its last event."""
    return recounted(events, rules_for, case.policy, events[-1].at)


def _against_rules(one: Clock, other: Clock | None, last: datetime) -> Iterator[Fault]:
    """A clock against what the rules make of what people did; no tick need have come in the very last second."""
    where = f"{one.metric.value} {one.cycle}"
    if other is None:
        yield Fault(Part.CLOCK, where, "by its policy there is no such clock")
        return
    for name in ("due_at", "warn_at", "met_at", "cancelled_at", "breached_at"):
        real, due = getattr(one, name), getattr(other, name)
        if real != due and not (real is None and due == last):
            what = f"{name} is {_iso(real)}, by the policy and what people did it is {_iso(due)}"
            yield Fault(Part.CLOCK, where, what)


def _iso(at: datetime | None) -> str:
    return "null" if at is None else iso(at)


def _named(clocks: Sequence[Any]) -> dict[str, Any]:
    return {
        f"{one.get('metric')} {one.get('cycle')}" if isinstance(one, dict) else nth(place): one
        for place, one in enumerate(clocks, 1)
    }


def _mail(told: Document, history: Sequence[tuple[Recorded, str | None]]) -> Iterator[Fault]:
    """Mails of follow-ups that no event tells of (FU-5), or of another case."""
    sent = [e.event.data for e, _ in history if e.event.kind is Kind.FOLLOW_UP_SENT]
    owed = [(data.get("round"), data.get("stage")) for data in sent]
    for place, mail in enumerate(_list(told, "mail"), 1):
        if not isinstance(mail, dict):
            yield Fault(Part.MAIL, nth(place), "cannot be read")
            continue
        if mail.get("number") != told.get("number"):
            yield Fault(Part.MAIL, nth(place), "is about another case")
        if mail.get("stage") and (mail.get("round"), mail.get("stage")) not in owed:
            what = f"follow-up {mail.get('round')}/{mail.get('stage')}, which no event tells of"
            yield Fault(Part.MAIL, nth(place), what)


def _reason(error: Exception) -> str:
    return error.message if isinstance(error, CareError) else f"{type(error).__name__}: {error}"
