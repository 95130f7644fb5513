"""What people are told of service advisories: one at once, those of a day or week in a digest (ADV-1)."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.advisory import Advisory, AdvisoryKind, Draft, Publication
from carecli.domain.counting import counted
from carecli.domain.outbox import Mail, MailKind
from carecli.mail.outgoing.office import Office, way
from carecli.mail.reference import message_id

TITLES: Final = {
    AdvisoryKind.ADVISORY: "Service advisory",
    AdvisoryKind.MAINTENANCE: "Maintenance",
    AdvisoryKind.NEWS: "News",
}
LONGEST: Final = 2_000
"""How much of each text a digest tells, in characters."""

_RULE: Final = "\n\n" + "-" * 40 + "\n\n"
_SUBSCRIPTIONS: Final = way("To see or change what you are told", "care advisory subscriptions")


class Reader(NamedTuple):
    """Whom a mail is to, and in which zone its times are told."""

    address: str
    zone: str
    subscribed: bool = True


def announced(one: Publication, reader: Reader, office: Office, key: bytes) -> Mail:
    """The mail that tells somebody at once of what was published; there is one for each reader and publication."""
    title = TITLES[one.text.kind]
    again = "Update: " if one.update else ""
    return _mail(
        f"advisory/{one.label}/{one.place}/{reader.address.casefold()}",
        MailKind.ADVISORY,
        reader,
        f"{again}{title} {one.label}: {one.text.title}",
        {
            "lead": _legible(f"{again}{title} {one.label}{_of(one.text)}: {one.text.title}"),
            "said": _body(one.text, reader.zone),
            "next": None,
            "ways": _ways(one.label, reader),
            "phone": office.phone,
        },
        one.at,
        office,
        key,
    )


def withdrawn(advisory: Advisory, reader: Reader, at: datetime, office: Office, key: bytes) -> Mail:
    """The mail that tells somebody that what they were told holds no longer."""
    text = advisory.published or advisory.text
    title = TITLES[text.kind]
    return _mail(
        f"advisory/{advisory.label}/{advisory.place}/withdrawn/{reader.address.casefold()}",
        MailKind.ADVISORY_WITHDRAWN,
        reader,
        f"Withdrawn: {title} {advisory.label}: {text.title}",
        {
            "lead": _legible(f"{title} {advisory.label}{_of(text)} holds no longer: {text.title}"),
            "said": advisory.reason,
            "next": None,
            "ways": _ways(advisory.label, reader),
            "phone": office.phone,
        },
        at,
        office,
        key,
    )


def digest(
    subscriber: int,
    publications: Sequence[Publication],
    reader: Reader,
    due_at: datetime,
    office: Office,
    key: bytes,
) -> Mail:
    """The mail that gathers publications; each is told once by a digest to each reader, so its place names it."""
    many = counted(len(publications), "service advisory", "service advisories")
    return _mail(
        f"digest/{subscriber}/{max(one.place for one in publications)}",
        MailKind.DIGEST,
        reader,
        f"{many[:1].upper()}{many[1:]}: {', '.join(one.label for one in publications[:5])}",
        {
            "lead": f"What you are subscribed to has {many} that you were not told of yet.",
            "said": _RULE.join(_entry(one, reader.zone) for one in publications),
            "next": None,
            "ways": [way("To read one", f"care advisory read {publications[0].label}"), _SUBSCRIPTIONS],
            "phone": office.phone,
        },
        due_at,
        office,
        key,
    )


def _mail(
    key: str,
    kind: MailKind,
    reader: Reader,
    subject: str,
    content: dict[str, Any],
    at: datetime,
    office: Office,
    secret: bytes,
) -> Mail:
    # By its key: counted, Message-IDs would tell how many readers there are (DC-3).
    place = int(sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:14], 16)
    return Mail(
        key=key,
        number=None,
        kind=kind,
        to=reader.address,
        subject=subject,
        content={**content, "said": _legible(content["said"]), "reply": None, "reference": None, "case": None},
        message_id=message_id(secret, None, place, office.domain),
        queued_at=at,
        not_before=at,
        next_at=at,
    )


def _legible(text: str) -> str:
    """A text without what would command a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _of(text: Draft) -> str:
    return f" ({', '.join(text.services)})" if text.services else ""


def _entry(one: Publication, zone: str) -> str:
    title = TITLES[one.text.kind]
    again = ", an update" if one.update else ""
    body = _body(one.text, zone)
    cut = (
        body if len(body) <= LONGEST else f"{body[:LONGEST].rstrip()} …\nAll of it: care advisory show {one.label}"
    )
    return f"{one.label}  {one.text.title}\n{title}{_of(one.text)}{again}, {_local(one.at, zone)}\n\n{cut}"


def _body(text: Draft, zone: str) -> str:
    solution = f"Recommended solution:\n{text.solution}" if text.solution else ""
    return "\n\n".join(filter(None, (_when(text, zone), text.text, solution)))


def _when(text: Draft, zone: str) -> str:
    """From when to when, by the reader's clock."""
    start, end = text.starts_at, text.ends_at
    parts = [f"from {_local(start, zone)}" if start else "", f"until {_local(end, zone)}" if end else ""]
    told = " ".join(filter(None, parts))
    return told[:1].upper() + told[1:]


def _local(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({zone})"


def _ways(label: str, reader: Reader) -> list[Any]:
    reading = way("To read it", f"care advisory read {label}")
    return [reading, _SUBSCRIPTIONS] if reader.subscribed else [reading]
