"""One case as a file that can be checked without the database, as the actor may see it (IMP-2, DC-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carecli.desk import explaining, reading, telling
from carecli.domain.bundle import FROM_ALL, FROM_CUSTOMERS, FROM_SOME_STAFF, MARKS, Bundle, Chained
from carecli.domain.events import Kind
from carecli.domain.folding import replay
from carecli.render import bundle_document
from carecli.store.codec import canonical, text_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carecli.desk.desk import Desk
    from carecli.domain.events import Recorded
    from carecli.domain.outbox import Mail
    from carecli.store.protocol import Reading

Document = dict[str, Any]


def bundle(desk: Desk, number: int) -> Document:
    """A case with everything by which its clocks can be checked, sealed; raises NotFound (IMP-2, DC-3)."""
    return sealed(bundle_document.bundle(gathered(desk, number)))


def sealed(document: Document) -> Document:
    """A document with the SHA-256 of all the rest, which shows what got lost or damaged on the way."""
    rest = {name: value for name, value in document.items() if name != "sha256"}
    return {**rest, "sha256": text_hash(canonical(rest))}


def gathered(desk: Desk, number: int) -> Bundle:
    """What a bundle of a case tells the actor; raises NotFound for a case that is not there for him.

    Where somebody changed the case between the looks that this takes, they are taken again.
    """
    while True:
        told = _gathered(desk, number)
        if told.case.seq == told.view.state["seq"] == told.proof.case.seq:
            return told


def _gathered(desk: Desk, number: int) -> Bundle:
    desk.require_whole("the log, which a bundle is cut out of,")
    view = reading.show(desk, number)._replace(updates=())
    proof = explaining.explain(desk, number)
    with desk.reading() as looking:
        history = looking.history(number)
        told = list(telling.visible(desk, looking, history))
        whole = not desk.actor.is_contact and told == history
        withheld = FROM_ALL if whole else FROM_CUSTOMERS if desk.actor.is_contact else FROM_SOME_STAFF
        finding = desk.rulebook.finding(looking)
        return Bundle(
            number=number,
            made_at=desk.now,
            made_by=desk.actor.email,
            for_contact=desk.actor.is_contact,
            desk=desk.settings.name or "",
            whole=whole,
            withheld=withheld,
            events=tuple(_chained(looking, history) if whole else _bare(history, told)),
            documents=_documents(looking, history),
            case=replay((entry.event for entry in history), finding),
            view=view,
            proof=proof,
            mail=tuple(_mails(desk, looking, number)),
        )


def _chained(looking: Reading, history: Sequence[Recorded]) -> Iterator[Chained]:
    """Each event with the digest before it in the log, which may be another case's (AUD-1)."""
    before = looking.digests([entry.position - 1 for entry in history])
    for entry in history:
        yield Chained(entry, before.get(entry.position - 1, ""))


def _bare(history: Sequence[Recorded], told: Sequence[Recorded]) -> Iterator[Chained]:
    """The events that are told, counted from one, and between them what the clocks need of all others (DC-3)."""
    known = {entry.position: entry for entry in told}
    seq = 0
    for entry in history:
        if entry.position in known:
            seq += 1
            yield Chained(known[entry.position]._replace(seq=seq), None)
        elif entry.event.kind in MARKS:
            yield Chained(entry, None, numbered=False)


def _documents(looking: Reading, history: Sequence[Recorded]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The policies and calendars that a case ever went by (SLA-8)."""
    naming = [e.event.data for e in history if e.event.kind in {Kind.OPENED, Kind.REBASED}]
    named = {data[kind]: kind for data in naming for kind in ("policy", "calendar")}
    return {digest: (kind, looking.document(digest)) for digest, kind in sorted(named.items())}


def _mails(desk: Desk, looking: Reading, number: int) -> Iterator[tuple[Mail, str | None]]:
    """The mails of a case with their hashes; a contact is told of those to the account's contacts alone (DC-3).

    Of those without a hash: it covers the Message-ID, which counts the mails that others had of the case.
    """
    mails = looking.mail_of(number)
    if not desk.actor.is_contact:
        yield from ((mail, _sent(looking, mail)) for mail in mails)
        return
    row = looking.state(number)
    account = row.state["account"] if row else ""
    own = {contact.email.casefold() for contact in looking.contacts(account)}
    yield from ((mail, None) for mail in mails if mail.to.casefold() in own)


def _sent(looking: Reading, mail: Mail) -> str | None:
    """The SHA-256 of a mail's message as it went out, None where it has not."""
    from hashlib import sha256

    raw = looking.mail_raw(mail.id) if mail.sent_at else None
    return None if raw is None else sha256(raw).hexdigest()
