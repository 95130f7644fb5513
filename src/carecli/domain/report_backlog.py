"""The backlog of a report: every open case by its age, whenever it was opened (RPT-1)."""

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime

from carecli.domain.report import AGES, DAY_S, Age, Aged
from carecli.domain.vocabulary import Status


def aged(backlog: Iterable[tuple[int, str, datetime]], at: datetime) -> Iterator[Aged]:
    """Each open case with its age, from number, status and opening."""
    for number, status, opened_at in backlog:
        lasted = at - opened_at
        seconds = max(0, lasted.days * DAY_S + lasted.seconds)
        age = next(one for one in AGES if one.until_s is None or seconds < one.until_s)
        yield Aged(number, age.name, Status(status), opened_at, seconds)


def ages(backlog: Iterable[Aged]) -> tuple[Age, ...]:
    """The open cases by how long ago they were opened, and by status."""
    numbers = {age.name: array("q") for age in AGES}
    statuses: dict[str, dict[Status, int]] = {age.name: {} for age in AGES}
    for one in backlog:
        numbers[one.age].append(one.number)
        statuses[one.age][one.status] = statuses[one.age].get(one.status, 0) + 1
    return tuple(
        age._replace(
            statuses=tuple(
                (status, statuses[age.name][status]) for status in Status if status in statuses[age.name]
            ),
            numbers=tuple(numbers[age.name]),
        )
        for age in AGES
    )
