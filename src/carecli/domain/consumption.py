"""How much of a clock's allowance is used up, from the clock as the record keeps it (SLA-4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from carecli.domain.amount import Amount
from carecli.domain.business_time import BusinessTime
from carecli.domain.instants import instant

ENDS = ("met_at", "cancelled_at", "paused_at")


def used_s(clock: Mapping[str, Any], calendar: BusinessTime, at: datetime) -> int:
    """Seconds used up by `at`, in the target's own base: business time or plain time."""
    ends = [instant(clock[end]) for end in ENDS if clock[end]]
    holes = [(instant(since), instant(until)) for since, until in clock["holes"]]
    return calendar.used(instant(clock["origin"]), min([*ends, at]), Amount.parse(clock["target"]), holes)
