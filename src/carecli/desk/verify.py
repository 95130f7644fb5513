"""The record held against itself: every case folded again from its events and compared (AUD-1)."""

from collections.abc import Iterator

from carecli.desk.rulebook import Rulebook
from carecli.domain.case import replay
from carecli.domain.deadlines import timers
from carecli.domain.numbers import written
from carecli.errors import CareError
from carecli.store.protocol import Reading

UNREADABLE = (CareError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What reading damaged JSON, words or times ends in: all of it is a finding here, none a fault of ours."""


def differences(reading: Reading, rulebook: Rulebook) -> Iterator[str]:
    """A sentence for each thing that is stored otherwise than the events say; nothing when all is well."""
    yield from _broken_chain(reading)
    told, stored = set(reading.told_cases()), set(reading.stored_cases())
    yield from (f"case {written(number)} is stored but no event tells of it" for number in sorted(stored - told))
    yield from (f"case {written(number)} has events but is not stored" for number in sorted(told - stored))
    for number in sorted(told & stored):
        yield from _case_differences(reading, rulebook, number)


def _broken_chain(reading: Reading) -> Iterator[str]:
    try:
        broken = reading.broken_chain()
    except UNREADABLE as error:
        yield f"the log cannot be read: {error}"
        return
    if broken is not None:
        yield f"event {broken} does not continue the chain of those before it"


def _case_differences(reading: Reading, rulebook: Rulebook, number: int) -> Iterator[str]:
    try:
        stored = reading.case(number)
        assert stored is not None, "its row was counted"
        history = [entry.event for entry in reading.history(number)]
        told = replay(history, rulebook.of(reading, stored))
        waits = reading.timers(number)
    except UNREADABLE as error:
        yield f"case {written(number)} cannot be read: {error}"
        return
    if told != stored:
        yield f"case {written(number)} is stored otherwise than its events say"
    if sorted(timers(told)) != waits:
        yield f"case {written(number)} waits for other timers than its events say"
