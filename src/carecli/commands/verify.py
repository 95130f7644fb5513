"""Holding the record against its own events."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands.declared import Argument, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.errors import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.domain.verify import VerifyReport
    from carecli.render.sheet import Section


@command
def verify(
    invocation: Invocation,
    number: Annotated[
        str | None, Argument(metavar="[NUMBER]", help="One case; by default all.", completes="case")
    ] = None,
) -> int:
    """Recompute every case from its events and say what is stored otherwise; for admins and cron.

    The log's own chain, people, policies, timers and the search index are held against the events too. Nothing
    is changed. Exits with 1 where something differs.

    care verify

    care verify 42 --json
    """
    from carecli.commands.progress import progress
    from carecli.desk import verify as use_case
    from carecli.domain.vocabulary import SYSTEM
    from carecli.render import health_document

    case = None if number is None else parse_number(number)
    with invocation.desk(otherwise=SYSTEM) as desk:
        total = use_case.cases(desk) if case is None else 1
        with progress(invocation, "cases", total) as on_case:
            report = use_case.verify(desk, case, on_case=on_case)
    if invocation.json or not invocation.quiet or report.differences:
        invocation.emit(health_document.verified(report), lambda: _page(report))
    return ExitStatus.FAILED if report.differences else ExitStatus.DONE


def _page(report: "VerifyReport") -> "Sequence[Section]":
    from carecli.render.health import verified_page

    return verified_page(report)
