"""Looking at one case, and at the log."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number, written
from carecli.errors import Invalid
from carecli.render import case_document, json_text

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.events import Recorded
    from carecli.domain.views import CaseView
    from carecli.render.sheet import Flow, Section, Sheet


@command
def show(
    invocation: Invocation, number: options.Number, at: options.At = None, fields: listing.Fields = None
) -> None:
    """Show a case: what is promised, what is left, what happens next, what was said.

    care show 42

    care show 42 --at "fri 17:00"

    care show 42 --json --fields status,clocks
    """
    from carecli.desk import reading

    case = parse_number(number)
    with invocation.desk() as present:
        then = options.moment(present, at)
        desk = present if then is None else present.at(then)
        view = reading.show(desk, case) if then is None else _stood(desk, case, then)
    document = listing.picked_from(case_document.case(view), listing.named_fields(fields))
    if fields is not None:
        json_text.write_json(document, sys.stdout)
    else:
        invocation.emit(document, lambda: _page(view, desk, options.stood(desk, at)))


def _stood(desk: "Desk", case: int, then: datetime) -> "CaseView":
    # Imported here: the present needs no folding of the past.
    from carecli.desk import retrospect

    return retrospect.show(desk, case, then)


def _page(view: "CaseView", desk: "Desk", stood: str) -> Sequence["Section"]:
    from carecli.render.views import case_page

    facts, *rest = case_page(view, desk.zone, desk.now)
    return [facts._replace(title=facts.title + stood), *rest]


@command
def log(
    invocation: Invocation,
    number: Annotated[str | None, Argument(metavar="[NUMBER]", help="The case.", completes="case")] = None,
    everything: Annotated[bool, Option("--all", help="Every event of the desk, in the order recorded.")] = False,
    at: Annotated[str | None, Option("--at", metavar="INSTANT", help="What had happened by then.")] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """Show the events of a case, or of the whole desk, oldest first.

    care log 42

    care log --all --format jsonl > events.jsonl
    """
    from carecli.desk import reading

    if everything == (number is not None):
        raise Invalid("which log?", hint="care log NUMBER, or care log --all")
    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        then = options.moment(desk, at)
        if number is None:
            with reading.log_all(desk, then) as entries:
                _give_all(answer, desk, entries)
        else:
            case = parse_number(number)
            title = f"Log of {written(case)}{options.stood(desk.at(then), at) if then else ''}"
            answer.give(_of_case(case, reading.log(desk, case, then), desk.zone, title))


def _of_case(case: int, entries: Sequence["Recorded"], zone: str, title: str) -> listing.Listing:
    return listing.Listing(
        lambda: _log_sheet(entries, zone, title),
        lambda: [case_document.event(entry) for entry in entries],
        lambda rows: {"number": written(case), "events": rows},
    )


def _give_all(answer: listing.Answer, desk: "Desk", entries: Iterable["Recorded"]) -> None:
    title = "Log of the desk"
    answer.give(
        listing.Listing(
            lambda: _log_sheet(list(entries), desk.zone, title, numbered=True),
            lambda: map(case_document.desk_event, entries),
            lambda rows: {"events": rows},
            flow=lambda: _log_flow(entries, desk.zone, title),
        )
    )


def _log_flow(entries: Iterable["Recorded"], zone: str, title: str) -> "Flow":
    from carecli.render.log import log_flow

    return log_flow(entries, zone, title=title, numbered=True)


def _log_sheet(entries: Sequence["Recorded"], zone: str, title: str, *, numbered: bool = False) -> "Sheet":
    from carecli.render.log import log_sheet

    return log_sheet(entries, zone, title=title, numbered=numbered)
