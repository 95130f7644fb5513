"""Advisories as readers meet them: announced, listed, read, offered before a case is opened (ADV-1, OPEN-7).

Contacts read what is published for their accounts; anything else answers them exactly as one that does not exist,
and which accounts an advisory is for is never told to them (DC-3). Staff read everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carecli.domain import access, advisory, advisory_relevance
from carecli.domain.advisory import AdvisoryFilter, AdvisoryKind, AdvisoryStatus, Announced
from carecli.domain.events import Event, Kind
from carecli.domain.home import Announcements
from carecli.domain.vocabulary import Side, Via, Visibility
from carecli.errors import NotFound, NotPermitted, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.access import Actor
    from carecli.domain.advisory import Advisory
    from carecli.domain.people import Account
    from carecli.store.protocol import Reading

SUBJECT_MAX: Final = 200

RECENT: Final = timedelta(days=7)
"""How long what was read stays on the home page beside what was not."""

NO_FILTER: Final = AdvisoryFilter()


def announcements(desk: Desk, limit: int) -> Announcements:
    """What is open for the actor, unread first: the first few, how many are unread, and how many there are."""
    with desk.reading() as reading:
        found = visible(desk.actor, reading, reading.published_advisories(desk.actor.email, desk.now))
    fresh = desk.now - RECENT
    shown = [one for one in found if one.unread or _stirring(one.advisory, fresh)]
    return Announcements(tuple(shown[:limit]), sum(one.unread for one in found), len(found))


def _stirring(one: Advisory, fresh: datetime) -> bool:
    """Whether something that was read still belongs on a home page: it is recent, or has its time before it."""
    timed = one.published is not None and one.published.ends_at is not None
    return timed or (one.published_at is not None and one.published_at > fresh)


def listed(desk: Desk, filter_: AdvisoryFilter = NO_FILTER, *, limit: int) -> tuple[list[Announced], int]:
    """The advisories that the actor may read, unread first, and how many there are; raises NotPermitted."""
    if desk.actor.is_contact and AdvisoryStatus.DRAFT in filter_.statuses:
        raise NotPermitted("drafts are for staff", hint="leave --status out", rule="ADV-1")
    with desk.reading() as reading:
        every = visible(desk.actor, reading, reading.advisories(desk.actor.email))
    found = [_now(one, desk) for one in every if _wanted(one.advisory, filter_, desk)]
    if filter_.unread:
        found = [one for one in found if one.unread]
    return found[:limit], len(found)


def show(desk: Desk, id_: str) -> Announced:
    """An advisory as the actor may read it; raises NotFound (DC-3)."""
    with desk.reading() as reading:
        return _now(_one(desk.actor, reading, id_), desk)


def read(desk: Desk, ids: Sequence[str]) -> list[Announced]:
    """Read advisories: those that were unread are marked as read, on the record; raises NotFound (ADV-1)."""
    _require_person(desk.actor)
    with desk.record() as record:
        found = [_now(_one(desk.actor, record.writing, id_), desk) for id_ in ids]
        for one in dict.fromkeys(found):
            if one.unread:
                tell(record, Kind.ADVISORY_READ, {"id": one.advisory.id, "place": one.advisory.place})
        return found


def read_all(desk: Desk) -> list[Announced]:
    """Mark everything as read that is open and unread; the answer is what was marked."""
    found, _ = listed(desk, AdvisoryFilter(unread=True), limit=1_000)
    return read(desk, [one.advisory.label for one in found])


def offered(desk: Desk, text: str, *, account: str | None, service: str | None, limit: int) -> list[Advisory]:
    """The open advisories that may spare a case of this account and service with this text, best first (OPEN-7).

    News are none; one of another service is none; one of no service in particular must share words with the text.
    """
    found = [one for one in open_for(desk, account, service) if one.published]
    ranked = advisory_relevance.ranked([(one, one.published) for one in found if one.published], text, service)
    return ranked[:limit]


def open_for(desk: Desk, account: str | None, service: str | None) -> list[Advisory]:
    """The known issues and maintenance that are open for an account and about a service, the latest first.

    To staff the same ones are shown as the account's contacts have (DC-3); to a contact never more than the own.
    """
    with desk.reading() as reading:
        every = visible(desk.actor, reading, reading.published_advisories(desk.actor.email, desk.now))
        accounts = _accounts(reading, [account] if account else [])
    return [
        one.advisory
        for one in sorted(every, key=lambda one: -(one.advisory.place or 0))
        if (text := one.advisory.published)
        and text.kind is not AdvisoryKind.NEWS
        and advisory.about(text, service)
        and (not accounts or advisory.reaches(text, accounts))
    ]


def deflected(desk: Desk, id_: str, subject: str) -> Advisory:
    """Record that an advisory spared a case, which would have had this subject (OPEN-7).

    Raises NotFound, Refused, and NotPermitted for who could not have opened it.
    """
    access.require_opening(desk.actor)
    with desk.record() as record:
        found = _one(desk.actor, record.writing, id_).advisory
        if found.status is not AdvisoryStatus.PUBLISHED:
            raise Refused(
                f"{found.label} is not published", hint="`care advisory list` shows what is", rule="OPEN-7"
            )
        plain = "".join(c for c in subject if not "\ud800" <= c <= "\udfff" and c != "\0")
        tell(record, Kind.DEFLECTED, {"advisory": found.id, "subject": plain[:SUBJECT_MAX]})
        return found


def tell(record: Record, kind: Kind, data: Mapping[str, Any]) -> None:
    """Record what happened to an advisory, and take it into what is derived of it."""
    event = Event(record.now, record.actor.email, Via.DESK, kind, Visibility.INTERNAL, data)
    record.writing.append(None, [event])
    record.writing.tell_advisory(event)


def unknown(id_: str) -> NotFound:
    """The one answer for an advisory that is not there for the actor (DC-3)."""
    return NotFound(
        f"there is no advisory {id_[:60]!r}", hint="`care advisory list` shows what there is", rule="ADV-1"
    )


def _require_person(actor: Actor) -> None:
    if actor.side is Side.SYSTEM:
        raise NotPermitted("only people read advisories", hint="say who you are with --as EMAIL", rule="ADV-1")


def _one(actor: Actor, reading: Reading, id_: str) -> Announced:
    number = advisory.numbered(id_)
    every = [] if number is None else reading.advisories(actor.email, number)
    for one in visible(actor, reading, every):
        return one
    raise unknown(id_)


def visible(actor: Actor, reading: Reading, found: Iterable[Announced]) -> list[Announced]:
    """Those that the actor may read, as they may: contacts what was published, without the names of accounts."""
    if not actor.is_contact:
        return list(found)
    accounts = _accounts(reading, actor.accounts)
    return [
        one._replace(advisory=_as_published(one.advisory))
        for one in found
        if (text := one.advisory.published) and advisory.reaches(text, accounts)
    ]


def _accounts(reading: Reading, names: Iterable[str]) -> list[Account]:
    return [account for name in names if (account := reading.account(name))]


def _as_published(one: Advisory) -> Advisory:
    """An advisory as contacts have it: nothing of a text that is still being written, or of others' accounts."""
    assert one.published is not None
    assert one.published_at is not None
    shown = one.published._replace(accounts=())
    return one._replace(
        text=shown,
        published=shown,
        version=one.published_version or one.version,
        updated_at=one.published_at,
    )


def _now(one: Announced, desk: Desk) -> Announced:
    """What is over or withdrawn is news to nobody."""
    return one._replace(unread=one.unread and one.advisory.open_at(desk.now))


def _wanted(one: Advisory, filter_: AdvisoryFilter, desk: Desk) -> bool:
    if filter_.statuses:
        if one.status not in filter_.statuses:
            return False
    elif not (filter_.over or one.status is AdvisoryStatus.DRAFT or one.open_at(desk.now)):
        return False
    return filter_.kind in {None, one.text.kind} and advisory.about(one.text, filter_.service)
