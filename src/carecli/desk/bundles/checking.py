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
from carecli.desk.bundles import writing
from carecli.desk.bundles.chain import chain, nth
from carecli.desk.bundles.clocks import against_rules, overdue
from carecli.desk.bundles.differences import ABSENT, differing, plain
from carecli.desk.bundles.file import no_bundle, read
from carecli.desk.bundles.frame import documents, frame, object_in
from carecli.desk.desk import Desk
from carecli.desk.record import Change, Record
from carecli.desk.rulebook import Rulebook
from carecli.desk.told_desk import UNREADABLE
from carecli.domain import access, clock
from carecli.domain.access import Actor
from carecli.domain.bundle import UNPROVED, UNPROVED_MAIL, Fault, Overdue, Part, Verdict
from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.folding import replay
from carecli.domain.instants import instant, iso
from carecli.domain.numbers import parse_number, written
from carecli.domain.people import Contact, Staff
from carecli.domain.sight import EVERYTHING, Sight
from carecli.domain.vocabulary import Access, Role, Via, Visibility
from carecli.errors import CareError
from carecli.render import bundle_document
from carecli.store.trouble import UNSTORABLE

if TYPE_CHECKING:
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
    faults = [*frame(told), *documents(told)]
    history, unread = _history(told)
    faults += unread
    if told.get("whole"):
        faults += chain(told, history)
    late: tuple[Overdue, ...] = ()
    if history and not unread:
        found, late = _anew(told, history)
        faults += found
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
        documents=len(object_in(told, "documents")),
        clocks=len(_list(told, "clocks")),
        mails=len(_list(told, "mail")),
        overdue=late,
        unproved=_unproved(told),
        faults=tuple(faults),
        withheld=tuple(map(str, _list(told, "withheld"))),
        first=_digest(digests[0]) if digests else None,
        last=_digest(digests[-1]) if digests else None,
    )


def _unproved(told: Document) -> tuple[str, ...]:
    """What stands in a bundle on nothing but its writer's word."""
    whole = bool(told.get("whole"))
    of_case = () if whole else (UNPROVED, f"of `case`: {', '.join(sorted(_NOT_PROVED))}")
    return (*of_case, *([UNPROVED_MAIL] if _list(told, "mail") else ()))


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


def _anew(
    told: Document, history: Sequence[tuple[Recorded, str | None]]
) -> tuple[list[Fault], tuple[Overdue, ...]]:
    """What the bundle says of the case, its clocks and their proofs, against what its events add up to."""
    try:
        with _desk(told) as desk:
            case = _told_again(desk, [entry for entry, _ in history])
            again = plain(bundle_document.bundle(writing.gathered(desk, case.number)))
            faults = [*_clocks(told, case, desk, [entry.event for entry, _ in history])]
            faults += _retold(told, again)
            return faults, tuple(overdue(case, desk.now))
    except (*UNREADABLE, *UNSTORABLE) as error:
        return [Fault(Part.CASE, "events", f"they do not add up: {_reason(error)}")], ()


def _retold(told: Document, again: Document) -> Iterator[Fault]:
    if again["number"] != told.get("number"):
        yield Fault(Part.CASE, "number", f"its events are those of case {again['number']}")
    # Deadlines follow from events that are no customer's to read.
    for part, unproved in ((Part.CASE, _NOT_PROVED), (Part.PROOF, frozenset({"deadlines"}))):
        said, real = object_in(told, part.value), again[part.value]
        passed = frozenset[str]() if told["whole"] else unproved
        names = [name for name in {**real, **said} if name not in passed or name not in real]
        yield from differing(part, *({n: one.get(n, ABSENT) for n in names} for one in (said, real)))


class _Reader(Actor):
    """The contact who wrote a bundle: every event in it was told, whatever other case it names (DC-3)."""

    @property
    def sight(self) -> Sight:
        return EVERYTHING


@contextmanager
def _desk(told: Document) -> Iterator[Desk]:
    """A desk of this one case on a record in memory, seen as the bundle's writer saw it."""
    # Imported here, as elsewhere: only this look needs a record of its own.
    from carecli.store.sqlite.store import open_store

    now = instant(told["made_at"])
    opened = _opening(told)
    if told.get("for") == "contact":
        # A data-privacy request is there for its own contact alone, who can be the only one to have written this.
        who = Contact(opened["contact"], opened["contact"], opened["account"], Access.READ_WRITE)
        actor: Actor = _Reader(*access.contact_actor(who))
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
    events = [*_placed(history)]
    with desk.store.write() as writing:
        record = Record(desk.config, desk.settings, desk.actor, desk.now, desk.rulebook, writing, notices=False)
        case = replay(events, desk.rulebook.finding(writing))
        record.keep_all([Change(case, events, record.rules(case))])
        return case


def _placed(history: Sequence[Recorded]) -> Iterator[Event]:
    """The events, each of which names another by its place here: a customer counts without marks (DC-3)."""
    places = {entry.seq: place for place, entry in enumerate(history, 1)}
    for event in (entry.event for entry in history):
        if event.kind is Kind.SPLIT:
            event = event._replace(data={**event.data, "seq": places[event.data["seq"]]})
        yield event


def _clocks(told: Document, case: Case, desk: Desk, events: Sequence[Event]) -> Iterator[Fault]:
    """The clocks as the bundle has them, against the fold and against the rules alone (SLA-3..9)."""
    anew = plain([clock.document(one) for one in case.clocks])
    yield from differing(Part.CLOCK, _named(_list(told, "clocks")), _named(anew))
    with desk.reading() as reading:
        yield from against_rules(case, events, desk.rulebook.finding(reading))


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
