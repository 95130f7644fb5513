"""How the desk is doing, and what its record holds against its events, as pages for people (AUD-1, AUD-2)."""

from collections.abc import Iterator

from carecli.domain.counting import counted
from carecli.domain.health import Finding, Health, State
from carecli.domain.numbers import written
from carecli.domain.verify import Difference, VerifyReport
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone

_STATES = {
    State.WRONG: ("WRONG", Tone.ALARM),
    State.ADVICE: ("advice", Tone.WARNING),
    State.FINE: ("fine", Tone.GOOD),
}
_FINDING_COLUMNS = (Column("state", "State"), Column("check", "Check"), Column("what", "Found", least=20))
_FIX = Column("fix", "Fix")
_DIFFERENCE_COLUMNS = (Column("number", "Number"), Column("part", "Part"), Column("what", "Differs", least=20))


def health_page(health: Health, *, fixes_below: bool = True) -> list[Section]:
    """Every finding with what mends it, those in need of mending first.

    `fixes_below` gives a fix a line of its own, for people; otherwise it is the last cell of its finding.
    """
    order = (State.WRONG, State.ADVICE, State.FINE)
    told = sorted(health.findings, key=lambda finding: order.index(finding.state))
    wrong, advice = (sum(one.state is state for one in told) for state in order[:2])
    # Without a header its cells are folded, not cut off: what to type must stand whole.
    if fixes_below:
        rows = [row for one in told for row in (_finding(one), *_fixes(one))]
        sheet = Sheet("Doctor", _FINDING_COLUMNS, tuple(rows), headed=False)
    else:
        cells = tuple((*_finding(one), Cell(one.fix)) for one in told)
        sheet = Sheet("Doctor", (*_FINDING_COLUMNS, _FIX), cells, headed=False)
    verdict = "nothing needs mending" if not wrong else f"{counted(wrong, 'thing')} to mend"
    advised = f"{counted(advice, 'piece')} of advice" if advice else "no advice"
    return [sheet, Prose("Verdict", f"{verdict}, {advised}")]


def _finding(finding: Finding) -> tuple[Cell, ...]:
    word, tone = _STATES[finding.state]
    return Cell(finding.state.value, word, tone), Cell(finding.check), Cell(finding.what)


def _fixes(finding: Finding) -> Iterator[tuple[Cell, ...]]:
    """What mends it, a line each: a command that is broken in two cannot be copied."""
    for place, fix in enumerate(finding.fix.split("; ") if finding.fix else ()):
        yield Cell(None), Cell(None), Cell(f"   {fix}" if place else f"-> {fix}", tone=Tone.STRONG)


def verified_page(report: VerifyReport) -> list[Section]:
    """What differs, and how much was looked at."""
    looked = f"{counted(report.cases, 'case')}, {counted(report.events, 'event')}"
    if not report.differences:
        return [Prose("Verify", f"{looked}: all is as the events say")]
    rows = tuple(_difference(one) for one in report.differences)
    verdict = f"{looked}: {counted(len(rows), 'difference')}"
    return [Sheet("Differences", _DIFFERENCE_COLUMNS, rows, headed=False), Prose("Verify", verdict)]


def _difference(found: Difference) -> tuple[Cell, ...]:
    number = "desk" if found.number is None else written(found.number)
    place = found.part.value if found.event is None else f"{found.part.value} {found.event}"
    named = found.name if found.name and found.name not in found.what else None
    what = f"{named}: {found.what}" if named else found.what
    return Cell(number, tone=Tone.STRONG), Cell(place), Cell(what)
