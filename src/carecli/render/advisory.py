"""Service advisories as people look at them: lists, one as it is read, announcements, subscriptions (ADV-1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from carecli.domain.advisory import Advisory, AdvisoryKind, AdvisoryStatus, Announced
from carecli.domain.counting import counted
from carecli.domain.home import Announcements
from carecli.domain.subscription import Frequency, Subscribed
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import titled

COLUMNS: Final = (
    Column("id", "Id"),
    Column("title", "Title", least=20),
    Column("kind", "Kind", rank=2),
    Column("status", "Status", rank=3),
    Column("unread", "Read"),
    Column("services", "Services", rank=4, least=10),
    Column("accounts", "Accounts", rank=7, least=10, extra=True),
    Column("starts_at", "From", rank=6),
    Column("ends_at", "Until", rank=5),
    Column("published_at", "Published", rank=1),
    Column("version", "Version", extra=True, right=True),
    Column("published_version", "Published version", extra=True, right=True),
    Column("updated_at", "Updated", extra=True),
    Column("updated_by", "Updated by", extra=True),
    Column("withdrawn_at", "Withdrawn", extra=True),
    Column("deflected", "Spared cases", extra=True, right=True),
)
_SUBSCRIPTIONS: Final = (
    Column("person", "Who", rank=3, least=12),
    Column("service", "Service", least=10),
    Column("frequency", "How often"),
    Column("next_at", "Next digest"),
    Column("timezone", "Zone", rank=1),
    Column("since", "Since", rank=2),
)
_ANNOUNCED: Final = (
    Column("id", "Id"),
    Column("title", "Title", least=30),
    Column("kind", "Kind", rank=1),
    Column("services", "Services", rank=3, least=10),
    Column("starts_at", "When", rank=2),
    Column("unread", "Read"),
    Column("published_at", "Published", rank=4),
)
_TONES: Final = {AdvisoryStatus.DRAFT: Tone.WARNING, AdvisoryStatus.WITHDRAWN: Tone.QUIET}
_KIND_TONES: Final = {AdvisoryKind.MAINTENANCE: Tone.WARNING}


def advisory_sheet(found: Sequence[Announced], total: int, now: datetime, zone: str) -> Sheet:
    """Advisories, as they were asked for."""
    shown = f", the first {len(found)} of them" if len(found) < total else ""
    note = counted(total, "advisory", "advisories") + shown
    return Sheet("Advisories", COLUMNS, tuple(_row(one, now) for one in found), zone, note=note)


def _row(one: Announced, now: datetime) -> tuple[Cell, ...]:
    advisory, text = one.advisory, one.advisory.text
    return (
        Cell(advisory.label, tone=Tone.STRONG),
        Cell(text.title),
        Cell(text.kind.value, titled(text.kind), _KIND_TONES.get(text.kind, Tone.PLAIN)),
        Cell(advisory.status.value, standing(advisory, now), _TONES.get(advisory.status, Tone.PLAIN)),
        _read(one, now),
        Cell(", ".join(text.services)),
        Cell(", ".join(text.accounts)),
        Cell(text.starts_at),
        Cell(text.ends_at),
        Cell(advisory.published_at),
        Cell(advisory.version),
        Cell(advisory.published_version),
        Cell(advisory.updated_at),
        Cell(advisory.editor),
        Cell(advisory.withdrawn_at),
        Cell(advisory.deflected, str(advisory.deflected or "")),
    )


def _read(one: Announced, now: datetime) -> Cell:
    """The mark that says whether its reader has read it; what is not open needs none."""
    if one.unread:
        return Cell("unread", tone=Tone.WARNING)
    return Cell("read", tone=Tone.QUIET) if one.advisory.open_at(now) else Cell(None)


def standing(advisory: Advisory, now: datetime) -> str:
    """Where an advisory stands, and whether a newer text of it waits to be published."""
    if advisory.status is AdvisoryStatus.PUBLISHED:
        if not advisory.open_at(now):
            return "Over"
        return "Published" + (", changed" if advisory.version != advisory.published_version else "")
    return titled(advisory.status)


def page(one: Announced, now: datetime, zone: str) -> list[Section]:
    """One advisory as it is read: what is told of it, its text, and what to do."""
    advisory, text = one.advisory, one.advisory.text
    told: list[tuple[str, str | datetime | None]] = [
        ("Kind", titled(text.kind)),
        ("Status", standing(advisory, now)),
        ("Services", ", ".join(text.services) or "all"),
        ("Accounts", ", ".join(text.accounts)),
        ("From", text.starts_at),
        ("Until", text.ends_at),
        ("Published", advisory.published_at),
        ("Withdrawn", advisory.withdrawn_at),
    ]
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in told if value)
    columns = (Column("field", "Field"), Column("value", "Value", least=30))
    sections: list[Section] = [Sheet(f"{advisory.label}  {text.title}", columns, rows, zone, headed=False)]
    sections.append(Prose("What it is about", text.text))
    if text.solution:
        sections.append(Prose("Recommended solution", text.solution, Tone.GOOD))
    if advisory.reason:
        sections.append(Prose("Why it was withdrawn", advisory.reason))
    return sections


def announcement_sheet(found: Announcements, now: datetime, zone: str) -> Sheet:
    """What a home page announces, unread first."""
    count = f"{found.unread:,} unread" if found.unread else "all read"
    notes = ["care advisory read ID"] if found.unread else []
    if found.total > len(found.first):
        notes.append(f"{len(found.first)} of {found.total:,}; all: care advisory list")
    rows = tuple(_announced(one, now) for one in found.first)
    return Sheet(f"Announcements: {count}", _ANNOUNCED, rows, zone, " · ".join(notes) or None)


def _announced(one: Announced, now: datetime) -> tuple[Cell, ...]:
    advisory, text = one.advisory, one.advisory.text
    return (
        Cell(advisory.label, tone=Tone.STRONG),
        Cell(text.title),
        Cell(text.kind.value, titled(text.kind), _KIND_TONES.get(text.kind, Tone.PLAIN)),
        Cell(", ".join(text.services), ", ".join(text.services) or "all"),
        Cell(text.starts_at or text.ends_at),
        _read(one, now),
        Cell(advisory.published_at),
    )


def _nothing(one: Subscribed) -> str:
    return "" if one.subscription.frequency is Frequency.AT_ONCE else "nothing new"


def subscription_sheet(found: Sequence[Subscribed], zone: str, *, everybody: bool = False) -> Sheet:
    """Subscriptions, and when the next digest goes out."""
    rows = tuple(
        (
            Cell(one.person, tone=Tone.STRONG),
            Cell(one.subscription.service, one.subscription.service or "all"),
            Cell(one.subscription.frequency.value, titled(one.subscription.frequency)),
            Cell(one.next_at, None if one.next_at else _nothing(one)),
            Cell(one.zone),
            Cell(one.subscription.since),
        )
        for one in found
    )
    note = None if rows or everybody else "none yet: care advisory subscribe daily"
    return Sheet("Subscriptions", _SUBSCRIPTIONS, rows, zone, note)
