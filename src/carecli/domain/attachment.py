"""A file on a case: its bytes lie elsewhere, under the hash of what they are (ATT-1, ATT-2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain.events import Event, Kind, Numbered, Recorded
from carecli.domain.filenames import distinct
from carecli.domain.instants import iso


class Sanitised(StrEnum):
    """What is known of the customer data in a file (ATT-2)."""

    CLEAN = "clean"
    """All of it was looked through, and nothing was found."""
    REDACTED = "redacted"
    """A copy is kept in which what was found is replaced by marks."""
    CONFIRMED = "confirmed"
    """Somebody says that it holds none."""
    PARTLY = "partly-scanned"
    """Nothing was found as far as it was looked through."""
    UNSCANNABLE = "not-scannable"
    """It is no text, nor an archive of texts."""


SETTLED = frozenset({Sanitised.CLEAN, Sanitised.REDACTED, Sanitised.CONFIRMED})
"""Where nobody has anything left to confirm."""


class Attachment(NamedTuple):
    """A file as it stands on a case; `seq` is that of its event.

    `id` is `1`, `2` for the files that both sides see, `i1`, `i2` for those of staff alone, which are counted
    apart: a gap would tell of one (DC-3). `sanitised` is None for what came by mail and nobody has confirmed.
    `mail` and `place` say where in which message its bytes are, where they are not in the desk's own folder.
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    sanitised: Sanitised | None = None
    scanned: int = 0
    """How many bytes were looked through, once unpacked."""
    findings: int | None = None
    """How much customer data was found, and replaced or confirmed to be none; None: nobody looked."""
    unscanned: tuple[str, ...] = ()
    """What of it could not be looked through, and why."""
    public: bool = True
    seq: int = 0
    at: str = ""
    actor: str = ""
    via: str = ""
    confirmed_by: str | None = None
    mail: str | None = None
    place: int = 0

    @property
    def settled(self) -> bool:
        """Whether nobody has to confirm any more that it holds no customer data (ATT-2).

        A redacted archive may hold what could not be looked through.
        """
        return self.sanitised is Sanitised.CONFIRMED or (self.sanitised in SETTLED and not self.unscanned)

    def document(self) -> Mapping[str, Any]:
        """As JSON."""
        return self._asdict()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Attachment":
        """Read what `document` wrote."""
        told = document["sanitised"]
        unscanned = tuple(document["unscanned"])
        return cls(**{**document, "sanitised": Sanitised(told) if told else None, "unscanned": unscanned})


def concerns(event: Event) -> bool:
    """Whether an event tells of files: attached, come by mail, or confirmed."""
    return event.kind in {Kind.ATTACHED, Kind.SANITISED} or "files" in event.data


def files(history: Iterable[Recorded]) -> tuple[Attachment, ...]:
    """The files of a case as its events add up to them."""
    known: tuple[Attachment, ...] = ()
    for entry in history:
        known = after(known, entry)
    return known


def after(known: tuple[Attachment, ...], entry: Numbered | Recorded) -> tuple[Attachment, ...]:
    """The files of a case after one more event."""
    if entry.event.kind is Kind.SANITISED:
        return tuple(_confirmed(file, entry.event) for file in known)
    for told in entry.event.data.get("files", ()):
        known = (*known, _added(known, entry, told))
    return known


def id_of(place: int, *, public: bool) -> str:
    """The id of a file by its place, from 1, among those that both sides see, or those of staff alone."""
    return str(place) if public else f"i{place}"


def names(known: Sequence[Attachment], *, public: bool) -> Iterator[str]:
    """The names that are taken among the files that both sides see, or among those of staff alone (DC-3)."""
    return (file.name for file in known if file.public == public)


def _added(known: tuple[Attachment, ...], entry: Numbered | Recorded, told: Mapping[str, Any]) -> Attachment:
    event = entry.event
    taken = [*names(known, public=event.public)]
    sanitised = Sanitised(told["sanitised"]) if told["sanitised"] else None
    confirmed = sanitised is Sanitised.CONFIRMED
    return Attachment(
        id=id_of(len(taken) + 1, public=event.public),
        name=distinct(told["name"], taken),
        media_type=told["media_type"],
        size=told["size"],
        sha256=told["sha256"],
        sanitised=sanitised,
        scanned=told.get("scanned", 0),
        findings=told.get("findings"),
        unscanned=tuple(told.get("unscanned", ())),
        public=event.public,
        seq=entry.seq,
        at=iso(event.at),
        actor=event.actor,
        via=event.via.value,
        confirmed_by=_who(event) if confirmed else None,
        mail=event.data.get("mail"),
        place=told.get("place", 0),
    )


def _confirmed(file: Attachment, event: Event) -> Attachment:
    if file.id != event.data["file"]:
        return file
    # Of a redacted copy it is the rest that is confirmed: what was found is no longer in it.
    findings = 0 if file.sanitised is Sanitised.REDACTED else file.findings
    return file._replace(sanitised=Sanitised(event.data["sanitised"]), findings=findings, confirmed_by=_who(event))


def _who(event: Event) -> str:
    """Who gave the answer: the member of staff who logged a call, else the actor."""
    return str(event.data.get("logged_by") or event.actor)
