"""Advisories as staff write, publish and withdraw them; each is told in the transaction that publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carecli.desk.advisories import readers
from carecli.desk.advisories.reading import tell, unknown
from carecli.domain import access, advisory
from carecli.domain.access import Right
from carecli.domain.advisory import AdvisoryKind, AdvisoryStatus, Draft
from carecli.domain.events import Kind
from carecli.domain.instants import iso
from carecli.domain.lifecycle import TEXT_MAX, encodable
from carecli.errors import Invalid, NotFound, Refused
from carecli.mail.outgoing import advisories as letters

if TYPE_CHECKING:
    from carecli.desk.advisories.readers import Reader
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.advisory import Advisory, Publication
    from carecli.domain.outbox import Mail

TITLE_MAX: Final = 200


def announce(desk: Desk, draft: Draft) -> Advisory:
    """Write and publish in one: of maintenance all Designated Contacts are told whose account it concerns (MNT-1).

    An advisory and news are told to subscribers alone (ADV-1). Raises Invalid, NotFound, NotPermitted.
    """
    with desk.record() as record:
        return announced(record, draft)


def add(desk: Desk, draft: Draft, *, publish: bool = False) -> Advisory:
    """Write a new advisory; raises Invalid, NotFound for unknown services and accounts, NotPermitted (ADV-1)."""
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        added = write_new(record, draft)
        return published(record, added) if publish else added


def edit(desk: Desk, id_: str, changes: dict[str, Any], *, publish: bool = False) -> Advisory:
    """Write the next text of an advisory, with these fields changed; readers have it once it is published."""
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        old = found(record, id_)
        if old.status is AdvisoryStatus.WITHDRAWN:
            raise Refused(f"{old.label} is withdrawn", hint="write a new one: care advisory add", rule="ADV-1")
        draft = checked(record, old.text._replace(**changes))
        changed = old
        if draft != old.text:
            tell(record, Kind.ADVISORY_WRITTEN, _written(old.id, old.version + 1, draft))
            changed = _again(record, old.id)
        return published(record, changed) if publish else changed


def publish(desk: Desk, id_: str) -> Advisory:
    """Publish the latest text of an advisory and tell its readers; again it changes nothing (ADV-1)."""
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        return published(record, found(record, id_))


def withdraw(desk: Desk, id_: str, reason: str) -> Advisory:
    """Take an advisory back, as what it tells is mended or was wrong; whom mail told of it, it tells that too.

    A draft is dropped, and nobody is told. Raises Refused for what is withdrawn already.
    """
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        old = found(record, id_)
        why = _text(reason, "reason")
        if old.status is AdvisoryStatus.WITHDRAWN:
            raise Refused(
                f"{old.label} is withdrawn already", hint=f"care advisory show {old.label}", rule="ADV-1"
            )
        people, actor = readers.readers(record), record.actor.email.casefold()
        known = (people.reader(address) for address in record.writing.told_of_advisory(old.id) if address != actor)
        # Of those who were told once, whom it has been published for last: to others it is not there (DC-3).
        told = [reader for reader in known if reader and old.published and reader.reads(old.published)]
        data = {"id": old.id, "reason": why, "told": [reader.address for reader in told]}
        tell(record, Kind.ADVISORY_WITHDRAWN, data)
        after = _again(record, old.id)
        _queue(record, _withdrawals(record, after, told))
        return after


# Within a transaction


def announced(record: Record, draft: Draft) -> Advisory:
    """What `announce` does, within a transaction."""
    access.require(record.actor, Right.WORK_CASES)
    return published(record, write_new(record, draft))


def write_new(record: Record, draft: Draft) -> Advisory:
    """A new advisory, a draft."""
    id_ = record.writing.next_advisory()
    tell(record, Kind.ADVISORY_WRITTEN, _written(id_, 1, checked(record, draft)))
    return _again(record, id_)


def published(record: Record, one: Advisory) -> Advisory:
    """The advisory with its latest text published, and its readers told; raises Refused for one that is over."""
    if one.status is AdvisoryStatus.PUBLISHED and one.published_version == one.version:
        return one
    if one.text.ends_at and one.text.ends_at <= record.now:
        raise Refused(
            f"{one.label} ended at {iso(one.text.ends_at)}",
            hint=f"care advisory edit {one.label} --to INSTANT",
            rule="ADV-1",
        )
    telling = readers.telling(record, one.text)
    place = record.writing.next_publication()
    data = {
        "id": one.id,
        "version": one.version,
        "place": place,
        "told": [reader.address for reader in telling.at_once],
        "owed": {iso(due_at): ids for due_at, ids in telling.owed.items()},
    }
    tell(record, Kind.ADVISORY_PUBLISHED, data)
    [publication] = record.writing.publications([place])
    _queue(record, _letters(record, publication, telling))
    return _again(record, one.id)


def _letters(record: Record, publication: Publication, telling: readers.Telling) -> list[Mail]:
    key, text = record.reference_key, publication.text
    known = {one.person.casefold() for one in record.writing.subscribers()} if telling.at_once else set()
    return [
        letters.announced(
            publication,
            readers.mailed(reader, subscribed=reader.address.casefold() in known),
            readers.office(record, reader, text),
            key,
        )
        for reader in telling.at_once
    ]


def _withdrawals(record: Record, one: Advisory, told: list[Reader]) -> list[Mail]:
    key, text = record.reference_key, one.published
    return [
        letters.withdrawn(one, readers.mailed(reader), record.now, readers.office(record, reader, text), key)
        for reader in told
    ]


def _queue(record: Record, mails: list[Mail]) -> None:
    if record.notices:
        record.writing.queue(mails)


def found(record: Record, id_: str) -> Advisory:
    """The advisory of this id; raises NotFound. For staff, who read all of them."""
    number = advisory.numbered(id_)
    one = None if number is None else record.writing.advisory(number)
    if one is None:
        raise unknown(id_)
    return one


def checked(record: Record, draft: Draft) -> Draft:
    """The draft as it is kept, names spelt as the desk has them; raises Invalid, NotFound for what cannot be."""
    title = " ".join(draft.title.split())
    if not title or len(title) > TITLE_MAX:
        raise Invalid(f"a title has 1 to {TITLE_MAX} characters", hint="give it with -s TITLE", rule="ADV-1")
    if draft.starts_at and draft.ends_at and draft.ends_at <= draft.starts_at:
        raise Invalid("it would end before it starts", hint="check --from and --to", rule="ADV-1")
    return draft._replace(
        title=_text(title, "title"),
        text=_text(draft.text, "text"),
        solution=_text(draft.solution, "solution") if draft.solution.strip() else "",
        services=_services(record, draft.services),
        accounts=tuple(dict.fromkeys(_account(record, name) for name in draft.accounts)),
        kind=AdvisoryKind(draft.kind),
    )


def _text(text: str, what: str) -> str:
    plain = text.strip()
    if not plain:
        raise Invalid(f"the {what} is empty", hint="give it with -m TEXT or -F FILE", rule="ADV-1")
    if len(plain) > TEXT_MAX:
        raise Invalid(f"the {what} has {len(plain):,} characters; {TEXT_MAX:,} is the most", hint="shorten it")
    if "\0" in plain or not encodable(plain):
        raise Invalid(f"the {what} holds what is no text: NUL or half a character", hint="save it as UTF-8")
    return plain


def _services(record: Record, names: tuple[str, ...]) -> tuple[str, ...]:
    """The services as accounts have them; one that no account has would reach nobody."""
    if not names:
        return ()
    bought = (s.name for a in record.writing.accounts() for d in a.deployments for s in d.services)
    known = {name.casefold(): name for name in bought}
    wrong = [name for name in names if name.strip().casefold() not in known]
    if wrong:
        there = ", ".join(sorted(known.values())[:8]) or "none yet"
        raise NotFound(f"no account has a service {wrong[0][:60]!r}", hint=f"there are: {there}", rule="ADV-1")
    return tuple(dict.fromkeys(known[name.strip().casefold()] for name in names))


def _account(record: Record, name: str) -> str:
    account = record.writing.account(name.strip())
    if account is None:
        raise NotFound(f"there is no account {name[:60]!r}", hint="`care account list` shows them", rule="ADV-1")
    return account.name


def _written(id_: int, version: int, draft: Draft) -> dict[str, Any]:
    return {"id": id_, "version": version, "text": draft.document()}


def _again(record: Record, id_: int) -> Advisory:
    one = record.writing.advisory(id_)
    assert one is not None, "it was written just now"
    return one
