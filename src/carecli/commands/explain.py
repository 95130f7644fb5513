"""The proof of a case's clocks."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from carecli.commands import options
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Metric
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.domain.ledger import Explanation
    from carecli.render.sheet import Section


@command
def explain(
    invocation: Invocation,
    number: options.Number,
    metric: Annotated[
        str | None,
        Option("--metric", metavar="NAME", help="This clock alone: " + ", ".join(Metric) + ".", completes=Metric),
    ] = None,
    at: options.At = None,
    html: Annotated[
        str | None,
        Option("--html", metavar="FILE", help="Write one HTML page, - for standard output.", completes="file"),
    ] = None,
) -> None:
    """Prove each clock of a case: what counts and what does not, up to the due time.

    At a terminal every day has a row, and the rows add up; --json and a pipe have every stretch.

    care explain 42

    care explain 42 --metric response --at "fri 17:00"

    care explain 42 --html clocks.html
    """
    from carecli.desk import explaining
    from carecli.render import explain_document

    case, wanted = parse_number(number), options.chosen(metric, Metric, "--metric")
    if html == "-" and invocation.json:
        raise Invalid("--json and --html - exclude each other on one stream", hint="give --html FILE")
    with invocation.desk() as desk:
        told = explaining.explain(desk, case, metric=wanted, at=options.moment(desk, at))
    if html is not None:
        _write(invocation, told, desk.zone, html)
    if html is None or invocation.json:
        invocation.emit(explain_document.explain(told), lambda: _page(invocation, told, desk.zone))


def _page(invocation: Invocation, told: "Explanation", zone: str) -> Sequence["Section"]:
    # Imported here: a script's JSON needs no tables.
    from carecli.render.explain import explain_page

    return explain_page(told, zone, by_day=invocation.screen(sys.stdout).terminal)


def _write(invocation: Invocation, told: "Explanation", zone: str, file: str) -> None:
    """The page goes to a file, whole or not at all, or to standard output."""
    from carecli.desk import exporting
    from carecli.render.explain_page import page

    text = page(told, zone)
    if file == "-":
        sys.stdout.write(text)
        return
    with exporting.written(file) as out:
        out.write(text.encode())
    invocation.notice(f"wrote {file}")
