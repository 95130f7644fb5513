"""How the desk is doing, as a page for people (AUD-2)."""

from collections.abc import Iterator

from carecli.domain.counting import counted
from carecli.domain.health import Finding, Health, State
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone

_STATES = {
    State.WRONG: ("WRONG", Tone.ALARM),
    State.ADVICE: ("advice", Tone.WARNING),
    State.FINE: ("fine", Tone.GOOD),
}
_FINDING_COLUMNS = (Column("state", "State"), Column("check", "Check"), Column("what", "Found", least=20))
_FIX = Column("fix", "Fix")


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
