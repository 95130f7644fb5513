"""How the desk is doing: a quick pulse for a monitor, and every check in words with its fix (TICK-4, AUD-2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.health import OF_LATE, Health, Pulse, Safety, is_late

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading


def pulse(desk: Desk) -> Pulse:
    """What a monitor asks for each minute: a handful of counts, cheap at any size."""
    access.require(desk.actor, Right.SEE_HEALTH)
    since = desk.now - timedelta(seconds=desk.config.late_after_s)
    with desk.reading() as reading:
        last = reading.last_tick()
        vitals = reading.vitals(desk.now, since)
        safety = _safety(desk, reading)
    condition = desk.store.condition()
    return Pulse(desk.now, last.at if last else None, desk.config.late_after_s, vitals, condition, safety)


def _safety(desk: Desk, reading: Reading) -> Safety:
    backup, refusal = next(iter(reading.backups(1)), None), next(iter(reading.refusals(1)), None)
    return Safety(
        last_backup_at=backup.at if backup else None,
        events=reading.log_end()[0],
        refused=reading.refused_since(desk.now - OF_LATE)[0],
        refused_ever=refusal.id if refusal else 0,
        pins_locked=_locked(desk, reading),
    )


def _locked(desk: Desk, reading: Reading) -> int:
    """How many PINs are locked now; where nobody tried in vain no policy is read (DC-4)."""
    tried = reading.all_pin_tries()
    if not tried or desk.settings.policy is None:
        return 0
    from carecli.desk.told_desk import UNREADABLE

    try:
        rule = desk.rulebook.in_force(reading, desk.settings).pins
    except UNREADABLE:  # a damaged policy is found by another check, and a monitor is answered
        return 0
    return sum(tries.locked_until(rule, desk.now) is not None for tries in tried.values())


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
