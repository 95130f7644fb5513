"""How Customer Care is reached, as the JSON that scripts read (WHERE-1, OPEN-8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from carecli.domain.contact_us import Way, Ways
    from carecli.render.case_document import Document

ROW: Final = ("channel", "address", "region", "services", "product", "own", "usable", "reason", "rule")


def ways(told: Ways, rows: Sequence[Document]) -> Document:
    """Every way, and for whom it was told."""
    return {
        "account": told.account,
        "plan": told.plan and told.plan.value,
        "priority": told.priority and told.priority.value,
        "region": told.region,
        "ways": list(rows),
    }


def way(one: Way) -> Document:
    """A way; `usable` is null where it depends on the account's plan, `own` where no account is asked for."""
    return {
        "channel": one.kind.value,
        "address": one.address,
        "region": one.region,
        "services": list(one.services),
        "product": one.product,
        "own": one.own,
        "usable": one.usable.now,
        "reason": one.usable.reason,
        "rule": one.usable.rule,
    }
