"""What was learned of components, and what is chosen by it, for people (OPEN-6)."""

from collections.abc import Sequence
from typing import Final

from carecli.domain.counting import counted
from carecli.domain.selection import BEST, Known, Learned, Selection
from carecli.render.sheet import Cell, Column, Sheet, Tone

BEGIN: Final = 200
"""How many characters of a text a table shows."""


def learned_line(lesson: Learned) -> str:
    """What a lesson brought, in one line."""
    begun = "forgot all before, and learned" if lesson.afresh else "learned"
    told = [f"{begun} {counted(lesson.examples, 'example')} of {counted(lesson.components, 'component')}"]
    if lesson.cases:
        told.append(f"{counted(lesson.cases, 'case')} of the desk's own among them")
    if lesson.known:
        told.append(f"{lesson.known:,} known already")
    if lesson.left_out:
        told.append(f"{lesson.left_out:,} left out for want of a text or a component")
    return "; ".join(told)


def predicted_sheet(texts: Sequence[str], found: Sequence[Selection], *, why: bool) -> Sheet:
    """The component chosen for each text, with the next best, and with `why` the words that spoke for it."""
    columns = (
        Column("text", "Text", rank=1, least=24),
        Column("component", "Component", least=12),
        Column("share", "Share", right=True),
        Column("others", "Or", rank=2, least=12),
        *((Column("words", "Because of", least=20),) if why else ()),
    )
    rows = tuple(_predicted(text, one, why=why) for text, one in zip(texts, found, strict=True))
    chosen = sum(one.component is not None for one in found)
    return Sheet("Components", columns, rows, note=f"{counted(len(found), 'text')}, {chosen:,} with a component")


def _predicted(text: str, found: Selection, *, why: bool) -> tuple[Cell, ...]:
    best = found.candidates[:BEST]
    share = round(100 * best[0].share) if best else None
    cells = (
        Cell(text[:BEGIN]),
        Cell(found.component, found.component or "none", Tone.STRONG if best else Tone.QUIET),
        Cell(share, "" if share is None else f"{share}%"),
        Cell(", ".join(one.component for one in best[1:]), tone=Tone.QUIET),
    )
    return (*cells, Cell(words_line(found))) if why else cells


def right_line(labels: Sequence[str], found: Sequence[Selection]) -> str:
    """How often the right component was chosen, and how often it was among the best (OPEN-6)."""
    first = within = 0
    for label, one in zip(labels, found, strict=True):
        best = [candidate.component.casefold() for candidate in one.candidates[:BEST]]
        right = " ".join(label.split()).casefold()
        first += best[:1] == [right]
        within += right in best
    count = len(labels) or 1
    return (
        f"right: {first:,} of {len(labels):,} ({first / count:.1%});"
        f" among the best {BEST}: {within:,} ({within / count:.1%})"
    )


def words_line(found: Selection) -> str:
    """The words that spoke for a component, the weightiest first."""
    return ", ".join(f"{one.word} {one.weight:+.1f}" for one in found.words)


def known_sheet(components: Sequence[Known], zone: str) -> Sheet:
    """The components that were learned, with how many examples of each."""
    columns = (
        Column("component", "Component", least=16),
        Column("examples", "Examples", right=True),
        Column("learned_at", "Last learned", rank=1),
    )
    rows = tuple((Cell(c.name, tone=Tone.STRONG), Cell(c.examples), Cell(c.learned_at)) for c in components)
    note = counted(len(rows), "component") if rows else "nothing was learned yet: care component learn FILE.csv"
    return Sheet("Components", columns, rows, zone, note=note)
