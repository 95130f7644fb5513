"""How the desk is doing, and what its record holds against its events, as pages for people (AUD-1, AUD-2)."""

from carecli.domain.health import Finding, Health, State
from carecli.domain.numbers import written
from carecli.domain.verify import Difference, VerifyReport
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import counted

_STATES = {
    State.WRONG: ("WRONG", Tone.ALARM),
    State.ADVICE: ("look", Tone.WARNING),
    State.FINE: ("fine", Tone.GOOD),
}
_FINDING_COLUMNS = (Column("state", "State"), Column("check", "Check"), Column("what", "Found", least=20))
_DIFFERENCE_COLUMNS = (Column("number", "Number"), Column("part", "Part"), Column("what", "Differs", least=20))


def health_page(health: Health) -> list[Section]:
    """Every finding with what mends it, those in need of mending first."""
    order = (State.WRONG, State.ADVICE, State.FINE)
    told = sorted(health.findings, key=lambda finding: order.index(finding.state))
    wrong, advice = (sum(one.state is state for one in told) for state in order[:2])
    # Without a header its cells are folded, not cut off: what to type must stand whole.
    sheet = Sheet("Doctor", _FINDING_COLUMNS, tuple(_finding(one) for one in told), headed=False)
    verdict = "nothing needs mending" if not wrong else f"{counted(wrong, 'thing')} to mend"
    return [sheet, Prose("Verdict", f"{verdict}, {advice or 'nothing'} worth a look")]


def _finding(finding: Finding) -> tuple[Cell, ...]:
    word, tone = _STATES[finding.state]
    what = finding.what if finding.fix is None else f"{finding.what} -> {finding.fix}"
    return Cell(finding.state.value, word, tone), Cell(finding.check), Cell(what)


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
