"""What a tick ahead of the machine's clock would fire too early, for good (TICK-1)."""

from __future__ import annotations

from datetime import datetime
from sys import maxsize
from typing import TYPE_CHECKING

from carecli.domain import access
from carecli.domain.access import Right

if TYPE_CHECKING:
    from carecli.desk.desk import Desk


def still_to_come(desk: Desk, clock: datetime, limit: int | None = None) -> int:
    """How many of the first `limit` timers due at the desk's now are not due yet by another clock."""
    access.require(desk.actor, Right.RUN_TIME)
    with desk.reading() as reading:
        due = reading.due(desk.now, maxsize if limit is None else limit)
    return sum(timer.fires_at > clock for timer in due)
