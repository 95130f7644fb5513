"""What a look at a bundle found, as a page for people (IMP-2)."""

from carecli.domain.bundle import Verdict
from carecli.domain.counting import counted
from carecli.domain.instants import iso
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone

_COLUMNS = (Column("part", "Part"), Column("where", "Where", least=12), Column("what", "Differs", least=20))


def verdict_page(found: Verdict) -> list[Section]:
    """What does not hold, how much was looked at, and what a bundle alone cannot tell."""
    head = Prose("Bundle", f"case {found.number or '?'}, written {found.made_at or '?'} by {found.made_by}")
    looked = ", ".join(
        (
            counted(found.events, "event"),
            counted(found.digests, "digest"),
            counted(found.documents, "policy or calendar", "policies and calendars"),
            counted(found.clocks, "clock"),
            counted(found.mails, "mail"),
        )
    )
    if not found.faults:
        verdict = Prose("Verified", f"{looked}: all is as the events and rules say", Tone.GOOD)
        return [head, verdict, *_overdue(found), *_beyond(found)]
    rows = tuple(
        (Cell(fault.part.value, tone=Tone.ALARM), Cell(fault.where), Cell(fault.what)) for fault in found.faults
    )
    count = counted(len(rows), "difference")
    return [head, Sheet("Differences", _COLUMNS, rows, headed=False), Prose("Not verified", f"{looked}: {count}")]


def _overdue(found: Verdict) -> list[Section]:
    """Clocks whose breach nobody had recorded yet, or whose end was cut off."""
    lines = [f"{one.metric.value} {one.cycle}, due {iso(one.due_at)}" for one in found.overdue]
    title = "Due before it was made, no breach on record in it"
    return [Prose(title, "\n".join(lines), Tone.WARNING)] if lines else []


def _beyond(found: Verdict) -> list[Section]:
    """What was left out of it, and by what the desk confirms that it is of its log."""
    sections = (("Withheld", found.withheld), ("Not proved", found.unproved))
    told = [Prose(title, "\n".join(lines)) for title, lines in sections if lines]
    if not found.whole:
        return [*told]
    anchor = f"first event {found.first}\nlast event {found.last}"
    return [*told, Prose("In the desk's log", f"{anchor}\n`care log --all --format jsonl` has both digests")]
