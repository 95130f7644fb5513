"""What is to be done after an incident, by whom and until when."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number, written
from carecli.errors import Invalid
from carecli.render import incident_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.desk.desk import Desk
    from carecli.desk.incidents.actions import Listed
    from carecli.render.sheet import Sheet

app = Family("Actions after an incident, each with an owner and a date.")
LONGEST = 6
DAYS = frozenset({"today", "tomorrow", "mon", "tue", "wed", "thu", "fri", "sat", "sun"})


def _is_day(text: str) -> bool:
    """Whether a text is a day without a time: a date, or a word for one."""
    parts = text.split("-")
    return text.lower() in DAYS or (
        [len(part) for part in parts] == [4, 2, 2] and all(part.isdigit() for part in parts)
    )


@app.command("add")
@command
def add(
    invocation: Invocation,
    number: options.Number,
    due: Annotated[str, Option("--due", metavar="INSTANT", help="By when: 2026-04-02, 'fri 17:00', +5d.")],
    message: options.Message = None,
    file: options.TextFile = None,
    owner: Annotated[
        str | None, Option("--owner", metavar="EMAIL", help="Who does it; by default you.", completes="staff")
    ] = None,
) -> None:
    """Add an action to an incident; for staff. The tick tells when its date goes by.

    care incident action add 42 -m "Alert on disk space" --owner ben@desk.example --due 2026-04-02
    """
    from carecli.commands.instants import parse
    from carecli.desk.incidents import actions

    case = parse_number(number)
    text = prompts.needed_text(invocation, message, file, "What is to be done?")
    with invocation.desk() as desk:
        # Until a day is until its end.
        due_at = parse(f"{due.strip()} 23:59" if _is_day(due.strip()) else due, zone=desk.zone, now=desk.now)
        view = actions.add(desk, case, text, owner, due_at)
        told(
            invocation, desk, view, f"action {len(view.case.incident.actions if view.case.incident else ())} added"
        )


@app.command("done")
@command
def done(
    invocation: Invocation,
    number: options.Number,
    id_: Annotated[str, Argument(metavar="ACTION", help="The action, by its number in the list.")],
    message: options.Message = None,
    file: options.TextFile = None,
) -> None:
    """Record that an action was done; for staff.

    care incident action done 42 1
    """
    from carecli.desk.incidents import actions

    case, place, text = parse_number(number), _place(id_), texts.given(message, file)
    with invocation.desk() as desk:
        view = actions.done(desk, case, place, text)
        told(invocation, desk, view, f"action {place} done")


def _place(text: str) -> int:
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
        raise Invalid(f"{text[:40]!r} is no action", hint="give its number, as the list of them shows it: 1")
    return int(digits)


@app.command("list")
@command
def list_(
    invocation: Invocation,
    number: Annotated[
        str | None, Argument(metavar="[NUMBER]", help="Of this incident; else what is open.", completes="case")
    ] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the actions of an incident with owner and date, or what is open of all incidents; for staff.

    care incident action list 42

    care incident action list
    """
    from carecli.desk.incidents import actions

    case = None if number is None else parse_number(number)
    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        found = actions.every(desk, case)
        answer.give(
            listing.Listing(
                lambda: _sheet(desk, found, case),
                lambda: [incident_document.action_row(*one) for one in found],
                lambda rows: {"actions": rows},
                incident_document.ACTION,
            )
        )


def _sheet(desk: "Desk", found: "Sequence[Listed]", case: int | None) -> "Sheet":
    from carecli.render.incident import listed_sheet

    title = "Open actions" if case is None else f"Actions of incident {written(case)}"
    return listed_sheet([(one.number, one.action) for one in found], desk.zone, desk.now, title=title)
