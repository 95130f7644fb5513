"""Where needs go, as a table (WHERE-1)."""

from collections.abc import Sequence
from typing import Final

from carecli.domain.policy_tables import PhoneUse
from carecli.domain.whatnext import Directed
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import titled

COLUMNS: Final = (
    Column("need", "Need", least=24),
    Column("channel", "Where it goes", least=15),
    Column("command", "Command", least=20),
    Column("phone", "Phone", rank=2),
    Column("may_call", "May call", extra=True),
    Column("who", "Who sees to it", rank=3, least=20),
    Column("address", "Whom to write to", rank=1, least=16),
    Column("key", "Key", extra=True),
)


def whatnext_sheet(rows: Sequence[Directed], *, wrapped: bool = False) -> Sheet:
    """Needs, each with where it goes; `wrapped` has no head, and cuts no cell."""
    note = None if rows else "no need of the table fits these words; `care whatnext` lists all of them"
    return Sheet("Where a need goes", COLUMNS, tuple(map(_row, rows)), note=note, headed=not wrapped)


def _row(one: Directed) -> tuple[Cell, ...]:
    need = one.need
    return (
        Cell(need.need, tone=Tone.STRONG),
        Cell(need.channel.value, titled(need.channel)),
        Cell(need.command or None),
        Cell(need.phone.value, _phone(one)),
        Cell(one.may_call),
        Cell(need.who),
        Cell(one.address),
        Cell(need.key),
    )


def _phone(one: Directed) -> str:
    if one.need.phone is PhoneUse.NO:
        return "no"
    if one.need.phone is PhoneUse.NOW:
        return "call at once" if one.may_call else "a Designated Contact calls"
    return {True: "or call", False: "if Critical", None: "by plan"}[one.may_call]
