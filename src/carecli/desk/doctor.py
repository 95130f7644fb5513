"""How the desk is doing: a quick pulse for a monitor, and every check in words with its fix (TICK-4, AUD-2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.health import Health, Pulse, is_late

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk


def pulse(desk: Desk) -> Pulse:
    """What a monitor asks for each minute: a handful of counts, cheap at any size."""
    access.require(desk.actor, Right.SEE_HEALTH)
    since = desk.now - timedelta(seconds=desk.config.late_after_s)
    with desk.reading() as reading:
        last = reading.last_tick()
        vitals = reading.vitals(desk.now, since)
    condition = desk.store.condition()
    return Pulse(desk.now, last.at if last else None, desk.config.late_after_s, vitals, condition)


def examine(desk: Desk) -> Health:
    """Every check, each told in words with what mends it."""
    # Imported here: a monitor asks for the pulse alone.
    from carecli.desk.doctor_checks import findings

    felt = pulse(desk)
    return Health(felt, tuple(findings(desk, felt)))


def late_since(desk: Desk) -> tuple[datetime | None] | None:
    """The last tick (None: there was none), where it is so late that work waits for it; else None (TICK-4).

    A new desk for which nothing is due yet is not late.
    """
    with desk.reading() as reading:
        last = reading.last_tick()
        at = last.at if last else None
        if not is_late(desk.now, at, desk.config.late_after_s):
            return None
        if at is None and not is_late(desk.now, reading.next_due(desk.now) or desk.now, desk.config.late_after_s):
            return None
    return (at,)
