"""What the desk asks of a store: the cases that a report counts, read as they are counted (RPT-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from carecli.domain.finding import Filter


class StepRow(NamedTuple):
    """What a report needs of one event of a case (`domain.report_course.Step`)."""

    number: int
    at: datetime
    kind: str
    actor: str
    status: str | None
    substatus: str | None
    action: str | None
    calendar: str | None


class OpenRow(NamedTuple):
    """A case that is not closed."""

    number: int
    status: str
    opened_at: datetime


class ReportReading(Protocol):
    """The cases that a filter lets through whatever their status, of one support plan where that is named."""

    def reported(self, wanted: Filter, plan: str | None) -> Iterator[Mapping[str, Any]]:
        """Their states, by number."""

    def steps(self, wanted: Filter, plan: str | None) -> Iterator[StepRow]:
        """Their events that tell where they stand, which reminder went out, or which hours hold, by number."""

    def still_open(self, wanted: Filter, plan: str | None) -> Iterator[OpenRow]:
        """Those that are not closed, by number."""

    def opened_span(self, wanted: Filter, plan: str | None) -> tuple[datetime, datetime] | None:
        """When the first and the last of them were opened; None where there are none."""
