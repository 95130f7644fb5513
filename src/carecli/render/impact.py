"""What other rules do to open cases, as people read it: each clock's old and new due time (SLA-8)."""

from collections.abc import Iterable, Iterator, Sequence

from carecli.domain.counting import counted
from carecli.domain.impact import Breaching, Impact, Shift, Totals
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import duration, titled

COLUMNS = (
    Column("number", "Case"),
    Column("account", "Account", rank=3, least=12),
    Column("priority", "Priority", rank=2),
    Column("metric", "Clock"),
    Column("old_target", "Target", rank=4),
    Column("new_target", "Then", rank=4),
    Column("old_due_at", "Due"),
    Column("new_due_at", "Due then"),
    Column("shift_s", "Shift", right=True),
    Column("breach", "Breach"),
)
_BREACHES = {
    Breaching.APPEARS: Cell("appears", "APPEARS", Tone.ALARM),
    Breaching.VANISHES: Cell("vanishes", tone=Tone.GOOD),
    Breaching.STAYS: Cell("stays", tone=Tone.WARNING),
    None: Cell(None, "-"),
}


def impact_sheet(title: str, impact: Impact, shifts: Iterable[Shift], zone: str) -> Sheet:
    """The clocks that are listed, by case; what all of them come to stands below."""
    rows = tuple(_row(one) for one in shifts)
    return Sheet(title, COLUMNS, rows, zone, note=summary(impact.totals))


def listed(impact: Impact, *, every: bool) -> Sequence[Shift]:
    """Each clock that moves, or `every` one that is unmet."""
    return [one for one in impact.shifts if every or one.moves]


def _row(one: Shift) -> tuple[Cell, ...]:
    cycle = f" #{one.cycle}" if one.cycle > 1 else ""
    return (
        Cell(written(one.number)),
        Cell(one.account),
        Cell(one.priority.value, titled(one.priority)),
        Cell(one.metric.value, f"{one.metric.title()}{cycle}"),
        Cell(str(one.old_target or "-")),
        Cell(str(one.new_target or "-")),
        Cell(one.old_due_at, None if one.old_due_at else "-"),
        Cell(one.new_due_at, None if one.new_due_at else "-"),
        _shift(one),
        _BREACHES[one.breach],
    )


def _shift(one: Shift) -> Cell:
    seconds = one.shift_s
    if seconds is None:
        return Cell(None, "begins" if one.old_due_at is None else "ends")
    sign = "+" if seconds > 0 else ""
    return Cell(seconds, f"{sign}{duration(seconds)}" if seconds else "-")


def summary(totals: Totals) -> str:
    """The sums in a sentence or two."""
    already = f", {totals.already} of them under these rules already" if totals.already else ""
    cases = f"{counted(totals.cases, 'open case')}{already}"
    moved = ", ".join(_clocks(totals)) or "no clock moves"
    return f"{cases}; {moved}; breaches: {', '.join(_breaches(totals)) or 'none'}"


def _clocks(totals: Totals) -> Iterator[str]:
    counts = {"due sooner": totals.sooner, "due later": totals.later, "begun": totals.begun, "ended": totals.ended}
    for what, count in counts.items():
        if count:
            yield f"{counted(count, 'clock')} {what}"


def _breaches(totals: Totals) -> Iterator[str]:
    counts = {"appear": totals.appears, "vanish": totals.vanishes, "stay": totals.stays}
    ones = {"appear": "appears", "vanish": "vanishes", "stay": "stays"}
    for what, count in counts.items():
        if count:
            yield f"{count:,} {ones[what] if count == 1 else what}"
