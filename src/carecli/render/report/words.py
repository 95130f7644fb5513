"""How people read a report's figures: the same words on the terminal, on the page and in the workbook (RPT-1)."""

from collections.abc import Iterator
from typing import Final

from carecli.domain.counting import counted
from carecli.domain.report import Asked, Dimension, Outcome, Report, Tally
from carecli.render.words import duration, titled, zoned_time

NOTHING: Final = "–"
"""What stands for a figure where there is nothing to make it of: 0 of 0 is neither all nor none."""

_NAMES: Final = {Dimension.GROUP: "Product group", Dimension.TYPE: "Case type"}
_NONE: Final = {Dimension.OWNER: "nobody", Dimension.GROUP: "no group"}
OUTCOMES: Final = {
    Outcome.KEPT: "kept",
    Outcome.MISSED: "missed",
    Outcome.RUNNING: "still running",
    Outcome.PAUSED: "paused",
    Outcome.CANCELLED: "cancelled",
}
_NO_CASE_YET: Final = "No case is on record yet: `care open` begins one"
_NO_CASE_THEN: Final = "No case was opened then: --since and --until are limits of the opening"
_NO_CASE: Final = "No case is among these: `care list --all` shows how accounts, owners and products are written"
ROUNDS: Final = {"asked": "Information asked", "proposed": "Solution proposed"}


def percent(tally: Tally, goal: int | None = None) -> str:
    """Attainment such as `95.4 %`; `<95.0 %` where only rounding would reach the goal, or hide what was missed."""
    tenths = tally.tenths
    if tenths is None:
        return NOTHING
    hidden = tenths == 1_000 and tally.missed
    below = goal is not None and tenths >= 10 * goal and not tally.reaches(goal)
    sign = "<" if hidden or below else ">" if tenths == 0 and tally.kept else ""
    return f"{sign}{tenths // 10}.{tenths % 10} %"


def plain_percent(tally: Tally) -> str | None:
    """Attainment as other programs read it: `95.4`, the rounded figure; None where nothing is decided."""
    tenths = tally.tenths
    return None if tenths is None else f"{tenths // 10}.{tenths % 10}"


def share(tally: Tally) -> str:
    """How many of those decided were kept: `21/22`; nothing where none is."""
    return f"{tally.kept:,}/{tally.decided:,}" if tally.decided else ""


def verdict(tally: Tally, goal: int | None) -> str:
    """Whether the goal is reached, in words; nothing where there is no goal or nothing is decided."""
    reached = tally.reaches(goal) if goal is not None else None
    return "" if reached is None else "reached" if reached else "below"


def dimension(one: Dimension) -> str:
    """What a table is by."""
    return _NAMES.get(one) or titled(one)


def value(one: Dimension, known: str | None) -> str:
    """A value of a dimension as people read it."""
    if known is None:
        return _NONE.get(one, "none")
    return titled(known) if one in {Dimension.PLAN, Dimension.PRIORITY, Dimension.TYPE} else known


def median(seconds: int | None) -> str:
    """A length of time, or that there is none."""
    return NOTHING if seconds is None else duration(seconds)


def allowance(seconds: int | None) -> str:
    """A length of counted time, told in hours, as a day of business time has no 24; or that there is none."""
    return NOTHING if seconds is None else duration(seconds, days=False)


def opened(asked: Asked, zone: str) -> str:
    """Of which cases a report is: `opened 2026-03-01 00:00 EST or later, and before 2026-04-01 00:00 EDT`."""
    since = f"{zoned_time(asked.since, zone)} or later" if asked.since else ""
    until = f"before {zoned_time(asked.until, zone)}" if asked.until else ""
    told = ", and ".join(filter(None, (since, until)))
    return f"opened {told}" if told else "whenever opened"


def population(report: Report, zone: str) -> Iterator[str]:
    """What the figures are made of, a line each: the cases, the clocks, what is exempted, what they are as of."""
    asked, told = report.asked, report.population
    narrowed = "".join(f"; {name} {known}" for name, known in asked.filters)
    yield f"{counted(told.cases, 'case')} {opened(asked, zone)}{narrowed}"
    waiting = f", {told.waiting:,} of them waiting for the customer" if told.waiting else ""
    unclocked = f"; {told.unclocked:,} without clocks" if told.unclocked else ""
    yield f"{told.open:,} open{waiting}; {told.closed:,} closed{unclocked}"
    raw = told.raw
    yield (
        f"{counted(raw.clocks, 'clock')}: {raw.kept:,} kept, {raw.missed:,} missed, {raw.running:,} still running,"
        f" {raw.paused:,} paused, {raw.cancelled:,} cancelled"
    )
    yield exempted(report)
    policy = f"policy {asked.policy}" + (f"; tried: policy {asked.other}" if asked.other else "")
    yield f"as of {zoned_time(asked.at, zone)}; {policy}; periods in {asked.zone}"


def exempted(report: Report) -> str:
    """What exemptions make of the figures, also where there are none (SLA-9)."""
    told = report.population
    if not told.exempted:
        return "nothing is exempted: adjusted figures equal the raw ones"
    changed = told.raw.missed - told.adjusted.missed
    fewer = f"{counted(changed, 'clock')} fewer missed" if changed else "as many clocks missed"
    return f"time is exempted in {counted(told.exempted, 'case')}: adjusted, {fewer}"


def cautions(report: Report) -> Iterator[str]:
    """What may be misread, where it may be."""
    if not report.population.cases:
        limited = report.asked.since or report.asked.until
        yield _NO_CASE if report.asked.filters else _NO_CASE_THEN if limited else _NO_CASE_YET
    undecided = sum(one.raw.undecided for one in report.overall)
    if undecided:
        verb = "is" if undecided == 1 else "are"
        yield f"{counted(undecided, 'clock')} {verb} undecided and in no percentage: one missed later lowers it"
    if report.population.exempted and any(one.goal for one in report.overall):
        yield "A goal is held against the raw figures; what exempted time makes of them stands beside"
    if any(Dimension.OWNER in table.dimensions and table.rows for table in report.tables):
        yield "By owner: who owns the case now, whoever it was when a promise was missed"
