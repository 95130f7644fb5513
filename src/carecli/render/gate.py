"""What was refused at the gate, as people look at it."""

from collections.abc import Sequence
from typing import Final

from carecli.domain.gate import Refusal
from carecli.render.sheet import Cell, Column, Sheet, Tone

COLUMNS: Final = (
    Column("at", "Refused", rank=0),
    Column("actor", "Key of", least=16),
    Column("client", "From", rank=1, least=9),
    Column("key", "Key", extra=True),
    Column("words", "Wanted", least=16),
    Column("reason", "Because", rank=2, least=16),
)


def refusal_sheet(found: Sequence[Refusal], zone: str) -> Sheet:
    """Refusals, the newest first."""
    return Sheet("Refused at the gate", COLUMNS, tuple(_row(one) for one in found), zone=zone)


def _row(refusal: Refusal) -> tuple[Cell, ...]:
    return (
        Cell(refusal.at),
        Cell(refusal.actor, tone=Tone.STRONG),
        Cell(refusal.client),
        Cell(refusal.key),
        Cell(refusal.words, refusal.words or "no command"),
        Cell(refusal.reason),
    )
