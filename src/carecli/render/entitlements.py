"""What an account is entitled to, as people and scripts read it (ACC-1, OPEN-8)."""

from collections.abc import Sequence
from typing import Any, Final

from carecli.domain.entitlements import Entitlement
from carecli.domain.vocabulary import Plan
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import titled

KEYS: Final = ("kind", "name", "entitled", "reason", "policy", "rule", "person", "description")
COLUMNS: Final = (
    Column("kind", "Kind", rank=3),
    Column("name", "Entitlement", least=20),
    Column("entitled", "Has it"),
    Column("person", "Person", rank=2, least=16),
    Column("reason", "Why", least=47),
    Column("policy", "Policy", rank=1, least=20),
    Column("rule", "Rule", rank=4),
    Column("description", "What it is", rank=5, least=24),
)


def entitlement_sheet(account: str, plan: Plan, entitlements: Sequence[Entitlement]) -> Sheet:
    """Everything that an account has or has not."""
    return Sheet(f"{account}, {titled(plan)}", COLUMNS, tuple(_row(one) for one in entitlements))


def _row(one: Entitlement) -> tuple[Cell, ...]:
    tone = Tone.PLAIN if one.entitled else Tone.QUIET
    return (
        Cell(one.kind.value, tone=tone),
        Cell(one.name, tone=Tone.STRONG if one.entitled else Tone.QUIET),
        Cell(one.entitled, "yes" if one.entitled else "no", tone),
        Cell(one.person, tone=tone),
        Cell(one.reason, tone=tone),
        Cell(one.policy, tone=tone),
        Cell(one.rule, tone=tone),
        Cell(one.description, tone=tone),
    )


def entitlement(one: Entitlement) -> dict[str, Any]:
    """One of them as JSON."""
    return {**one._asdict(), "kind": one.kind.value}
