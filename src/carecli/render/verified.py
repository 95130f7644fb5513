"""What the record holds against its events, what its seals show, and what was put right, as pages (AUD-1)."""

from collections.abc import Iterable, Iterator

from carecli.domain.counting import counted
from carecli.domain.numbers import written
from carecli.domain.seal import Proof, Proved
from carecli.domain.verify import Difference, RepairReport, VerifyReport
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone

_COLUMNS = (Column("number", "Number"), Column("part", "Part"), Column("what", "Differs", least=20))
_PROOF_COLUMNS = (Column("proof", "Proof"), Column("what", "Seal", least=20))
_PROOFS = {
    Proof.HOLDS: ("holds", Tone.GOOD),
    Proof.CHANGED: ("CHANGED", Tone.ALARM),
    Proof.BROKEN: ("BROKEN", Tone.ALARM),
    Proof.CUT: ("CUT", Tone.ALARM),
    Proof.OTHER_DESK: ("OTHER", Tone.ALARM),
}


def page(report: VerifyReport, *, seal: bool = False) -> list[Section]:
    """What differs, what seals of before show, how much was looked at, and where asked for the log's seal."""
    looked = f"{counted(report.cases, 'case')}, {counted(report.events, 'event')}"
    sections: list[Section] = [_sheet("Differences", report.differences)] if report.differences else []
    if report.proofs:
        rows = tuple(_proof(one) for one in report.proofs)
        sections.append(Sheet("Seals", _PROOF_COLUMNS, rows, headed=False))
    found = counted(len(report.differences), "difference") if report.differences else "all is as the events say"
    sections.append(Prose("Verify", f"{looked}: {found}"))
    if seal:
        sections.append(Prose("Seal", str(report.seal) if report.seal else "none: the log is broken"))
    return sections


def repair_page(report: RepairReport) -> list[Section]:
    """What was put right, and what is left."""
    looked = f"{counted(report.cases, 'case')}, {counted(report.events, 'event')}"
    sections: list[Section] = [_sheet("Repaired", report.mended)] if report.mended else []
    if report.left:
        sections.append(_sheet("Left", report.left))
    deed = "would be made anew" if report.dry_run else "made anew"
    left = f"; {counted(len(report.left), 'difference')} left that no event can mend" if report.left else ""
    done = f"{counted(len(report.mended), 'difference')} {deed}" if report.mended else "nothing to make anew"
    sections.append(Prose("Repair", f"{looked}: {done}{left}"))
    return sections


def _sheet(title: str, found: Iterable[Difference]) -> Sheet:
    return Sheet(title, _COLUMNS, tuple(_difference(one) for one in found), headed=False)


def _difference(found: Difference) -> tuple[Cell, ...]:
    number = "desk" if found.number is None else written(found.number)
    place = found.part.value if found.event is None else f"{found.part.value} {found.event}"
    named = found.name if found.name and found.name not in found.what and found.event is None else None
    what = f"{named}: {found.what}" if named else found.what
    return Cell(number, tone=Tone.STRONG), Cell(place), Cell(what)


def _proof(one: Proved) -> tuple[Cell, ...]:
    word, tone = _PROOFS[one.proof]
    return Cell(one.proof.value, word, tone), Cell("; ".join(_shown(one)))


def _shown(one: Proved) -> Iterator[str]:
    place = one.seal.position
    yield str(one.seal)
    if one.proof is Proof.HOLDS:
        yield f"the log is unchanged up to event {place:,} of {one.length:,}"
    elif one.proof is Proof.CHANGED:
        yield f"event {place:,} or one before it is not what was sealed, and the chain was made to fit"
        yield "an older seal that holds tells up to where it is unchanged"
    elif one.proof is Proof.BROKEN:
        yield f"event {one.event:,} is not what was recorded, and the seal is of event {place:,}"
    elif one.proof is Proof.CUT:
        yield f"the log ends with event {one.length:,}: the rest was cut off, or an older copy was restored"
    else:
        yield "it is another desk's, or this log was written anew from its first event on"
