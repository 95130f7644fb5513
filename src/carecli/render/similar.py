"""Cases that may be about the same issue, as people look at them."""

from collections.abc import Sequence

from carecli.domain.counting import counted
from carecli.domain.numbers import written
from carecli.domain.similar import Similar
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import titled

COLUMNS = (
    Column("number", "Case"),
    Column("subject", "Subject", least=20),
    Column("status", "Status"),
    Column("account", "Account", rank=1, least=12),
    Column("likeness", "Alike", right=True),
    Column("near", "Same issue"),
)


def similar_sheet(found: Sequence[Similar], zone: str, *, closed_too: bool = True) -> Sheet:
    """The cases, and what to do next: about one that is the same issue, or where there is none (OPEN-11)."""
    return Sheet("Similar cases", COLUMNS, tuple(_row(one) for one in found), zone, note=_note(found, closed_too))


def _note(found: Sequence[Similar], closed_too: bool) -> str:
    if any(one.near for one in found):
        return f"{counted(len(found), 'case')} · look before you open another: care show CASE"
    return counted(len(found), "case") + ("" if closed_too or found else " · --all looks at closed ones too")


def _row(one: Similar) -> tuple[Cell, ...]:
    return (
        Cell(written(one.number), tone=Tone.STRONG),
        Cell(one.subject),
        Cell(one.status, titled(one.status)),
        Cell(one.account),
        Cell(f"{one.likeness:.3f}", f"{one.likeness:.0%}"),
        Cell("yes" if one.near else "no", "probably" if one.near else "", Tone.WARNING),
    )
