"""The cases that a report counts, read as they are counted: never are all of them at hand at once (RPT-1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.finding import Query
from carecli.domain.instants import instant
from carecli.store.finding import led, matching, select
from carecli.store.protocol_reports import OpenRow, StepRow
from carecli.store.session import Session, stream
from carecli.store.sight import Condition, Parameter, of_cases

if TYPE_CHECKING:
    from carecli.domain.finding import Filter

_STATUS, _SUBSTATUS, _ACTION, _CALENDAR = (
    f"CASE WHEN json_valid(data) THEN data ->> '$.{key}' END"
    for key in ("status", "substatus", "action", "calendar")
)
"""Values of an event's data, written as the index has them."""
_STEPS: Final = f"(kind IN ('follow-up-sent', 'rebased') OR {_SUBSTATUS} IS NOT NULL)"
"""Which events tell where a case stands, which reminder went out, or which hours hold; as the index has it."""


class ReportReading(Session):
    """The cases of a report, in the order of their numbers."""

    def reported(self, wanted: Filter, plan: str | None) -> Iterator[Mapping[str, Any]]:
        """Their states, by number."""
        numbers, parameters = self._numbers(wanted, plan)
        asked = f"SELECT state FROM cases WHERE number IN ({numbers}) ORDER BY number"  # noqa: S608 - no input
        return (json.loads(state) for (state,) in stream(self.db, asked, parameters))

    def steps(self, wanted: Filter, plan: str | None) -> Iterator[StepRow]:
        """Their events that tell where they stand, which reminder went out, or which hours hold, by number."""
        numbers, parameters = self._numbers(wanted, plan)
        rows = stream(
            self.db,
            f"""SELECT number, at, kind, actor, {_STATUS}, {_SUBSTATUS}, {_ACTION}, {_CALENDAR}
                FROM events INDEXED BY events_steps
                WHERE number IN ({numbers}) AND {_STEPS}
                ORDER BY number, seq""",  # noqa: S608 - names from this program
            parameters,
        )
        return (StepRow(number, instant(at), *rest) for number, at, *rest in rows)

    def still_open(self, wanted: Filter, plan: str | None) -> Iterator[OpenRow]:
        """Those that are not closed, by number."""
        numbers, parameters = self._numbers(wanted, plan, Condition("cases.closed = ?", 0))
        asked = f"SELECT number, status, opened_at FROM cases WHERE number IN ({numbers}) ORDER BY number"  # noqa: S608
        rows = stream(self.db, asked, parameters)
        return (OpenRow(number, status, instant(opened_at)) for number, status, opened_at in rows)

    def opened_span(self, wanted: Filter, plan: str | None) -> tuple[datetime, datetime] | None:
        """When the first and the last of them were opened; None where there are none."""
        numbers, parameters = self._numbers(wanted, plan)
        asked = f"SELECT min(opened_at), max(opened_at) FROM cases WHERE number IN ({numbers})"  # noqa: S608
        first, last = self.db.execute(asked, parameters).fetchone()
        return (instant(first), instant(last)) if first else None

    def _numbers(self, wanted: Filter, plan: str | None, *more: Condition) -> tuple[str, list[Parameter]]:
        """The numbers of the cases that are asked for, and that are there for whoever asks (DC-3)."""
        query = Query(filter=wanted)
        asked = [*matching(query), *of_cases(self.sight, leading=True).conditions, *more]
        if plan:
            asked.append(Condition("cases.state ->> 'plan' = ?", plan))
        return select("cases.number", led(query, self.sight), asked)
