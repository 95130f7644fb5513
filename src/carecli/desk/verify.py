"""The record held against itself: every case folded again from its events and compared (AUD-1)."""

from collections.abc import Iterator

from carecli.desk.rulebook import Rulebook
from carecli.domain.case import replay
from carecli.domain.deadlines import timers
from carecli.domain.numbers import written
from carecli.store.protocol import Reading


def differences(reading: Reading, rulebook: Rulebook) -> Iterator[str]:
    """A sentence for each thing that is stored otherwise than the events say; nothing when all is well."""
    if (broken := reading.broken_chain()) is not None:
        yield f"event {broken} does not continue the chain of those before it"
    numbers = dict.fromkeys(entry.number for entry in reading.events() if entry.number is not None)
    for number in numbers:
        yield from _case_differences(reading, rulebook, number)


def _case_differences(reading: Reading, rulebook: Rulebook, number: int) -> Iterator[str]:
    stored = reading.case(number)
    if stored is None:
        yield f"case {written(number)} has events but is not stored"
        return
    history = [entry.event for entry in reading.history(number)]
    told = replay(history, rulebook.of(reading, stored))
    if told != stored:
        yield f"case {written(number)} is stored otherwise than its events say"
    if sorted(timers(told)) != reading.timers(number):
        yield f"case {written(number)} waits for other timers than its events say"
