"""How Customer Care is reached, as a table (WHERE-1, OPEN-8)."""

from typing import Final

from carecli.domain.contact_us import Way, WayKind, Ways
from carecli.domain.counting import counted
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import titled

COLUMNS: Final = (
    Column("channel", "Way"),
    Column("address", "Reached by", least=20),
    Column("region", "Region", rank=1),
    Column("services", "For", rank=2, least=12),
    Column("product", "Product", extra=True),
    Column("own", "Own region", extra=True),
    Column("usable", "Now"),
    Column("reason", "Why", rank=3, least=40),
    Column("rule", "Rule", extra=True),
)
_SAID: Final = {True: ("yes", Tone.GOOD), False: ("no", Tone.WARNING), None: ("by plan", Tone.QUIET)}


def contact_us_sheet(told: Ways) -> Sheet:
    """Every way, those of the own region first, with why each may be used or not below it."""
    whose = f" for {told.account}, {titled(told.plan)}" if told.account else ""
    return Sheet(f"How to reach Customer Care{whose}", COLUMNS, tuple(map(_row, told.ways)), note=_note(told))


def _row(way: Way) -> tuple[Cell, ...]:
    shown, tone = _SAID[way.usable.now]
    region = f"{way.region} (yours)" if way.own else way.region
    return (
        Cell(way.kind.value, titled(way.kind)),
        Cell(way.address, tone=Tone.STRONG),
        Cell(way.region, region),
        Cell(", ".join(way.services) or None),
        Cell(way.product),
        Cell(way.own),
        Cell(way.usable.now, shown, tone),
        Cell(way.usable.reason),
        Cell(way.usable.rule),
    )


def _note(told: Ways) -> str:
    """Why, whole: in a narrow table it is cut."""
    reasons = dict.fromkeys((way.kind, way.usable.reason) for way in told.ways)
    notes = [f"{kind}: {reason}" for kind, reason in reasons if kind in tuple(WayKind)]
    if told.end_users:
        notes.append(f"for {counted(len(told.end_users), 'end-user account')}: --account NAME")
    return " · ".join(notes)
