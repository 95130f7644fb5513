"""Maintenance windows as a table, in the viewer's zone (MNT-1)."""

from typing import Final

from carecli.domain.maintenance import Outlook, Planned
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import duration, zoned_time

COLUMNS: Final = (
    Column("starts_at", "Begins"),
    Column("ends_at", "Ends"),
    Column("services", "Services", least=16),
    Column("product", "Product", rank=2, least=16),
    Column("account", "Account", extra=True),
    Column("length_s", "Lasts", rank=3, right=True),
    Column("zone", "Kept in", rank=4),
    Column("going_on", "Now", rank=1),
    Column("advisory", "Announced", rank=5),
)


def maintenance_sheet(told: Outlook, zone: str) -> Sheet:
    """The windows to come, with what has none below them."""
    whose = f" of {told.account}" if told.account else ""
    title = f"Maintenance{whose} until {zoned_time(told.until, zone)}"
    rows = tuple(_row(one, told) for one in told.planned)
    return Sheet(title, _columns(told), rows, zone, " · ".join(_notes(told)) or None)


def _columns(told: Outlook) -> tuple[Column, ...]:
    """The columns; whose a window is stands among the first where it may be one of several accounts (ACC-5)."""
    if told.account or not any(one.account for one in told.planned):
        return COLUMNS
    return tuple(one._replace(extra=False, rank=1) if one.key == "account" else one for one in COLUMNS)


def _row(one: Planned, told: Outlook) -> tuple[Cell, ...]:
    window, now = one.window, one.going_on(told.now)
    return (
        Cell(window.starts_at),
        Cell(window.ends_at),
        Cell(", ".join(one.services) or window.product.title, tone=Tone.STRONG),
        Cell(window.product.title if one.services else None, ""),
        Cell(one.account),
        Cell(window.length_s, duration(window.length_s)),
        Cell(window.zone),
        Cell(now, "going on" if now else "", Tone.WARNING),
        Cell(one.advisory),
    )


def _notes(told: Outlook) -> list[str]:
    notes = [] if told.planned else ["none is planned"]
    if told.unplanned:
        notes.append(f"no windows are planned for {', '.join(told.unplanned)}")
    if told.localised:
        notes.append("windows in customers' own time stand in the desk's; --account NAME tells an account's")
    return notes
