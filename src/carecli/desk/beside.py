"""Work of the tick that several processes do beside each other, where the record's engine can (TICK-1)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from carecli.desk.desk import Desk
    from carecli.desk.record import Record

Done = TypeVar("Done")


def beside_others(desk: Desk, work: Callable[[Record], Done]) -> Done:
    """Do a piece of work in a transaction beside others who do the like.

    It is done again, alone, where it turns out to reach cases that it has not claimed: whatever it changes outside
    of the record it must change last.
    """
    # Imported here: a quiet tick needs none of the rules by which cases change.
    from carecli.desk.record import ReachesFurther

    if desk.store.shared:
        with suppress(ReachesFurther), desk.record(beside=True) as record:
            return work(record)
    with desk.record() as record:
        return work(record)
