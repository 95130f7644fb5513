"""The course of an incident: declared, described, others told, its post-mortem held."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, texts
from carecli.commands.casework import told
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.render.sheet import Section

Title = Annotated[
    str | None, Option("--title", metavar="TEXT", help="In a line that names no customer: others read it.")
]
Started = Annotated[
    str | None,
    Option("--started", metavar="INSTANT", help="When the service began to fail; else when the case was opened."),
]
Specific = Annotated[
    options.Many,
    Option("--specific", metavar="ACCOUNT=TEXT", help="What concerns one account alone; repeatable."),
]


@command
def declare(
    invocation: Invocation,
    number: options.Number,
    title: Title = None,
    started: Started = None,
    message: Annotated[
        str | None, Option("--message", "-m", metavar="TEXT", help="What happens; - reads standard input.")
    ] = None,
    file: options.TextFile = None,
    specific: Specific = None,
) -> None:
    """Turn a support case that affects the service into an incident; for staff.

    Its customer is told at once. Once the service is back, a post-mortem is due.

    care incident 42

    care incident declare 42 --title "Calls drop in the East region" --started "today 08:10"
    """
    from carecli.desk.incidents import declaring

    case, details = parse_number(number), texts.given(message, file)
    given = {key: text for key, text in (("title", title), ("details", details)) if text is not None}
    with invocation.desk() as desk:
        view = declaring.declare(desk, case, given, options.pairs(specific, "--specific"), _instant(desk, started))
        told(invocation, desk, view, "is an incident")


@command
def describe(
    invocation: Invocation,
    number: options.Number,
    title: Title = None,
    started: Started = None,
    message: Annotated[
        str | None,
        Option("--message", "-m", "--details", metavar="TEXT", help="What happened; - reads standard input."),
    ] = None,
    file: options.TextFile = None,
    specific: Specific = None,
    restoration: Annotated[
        str | None, Option("--restoration", metavar="TEXT", help="How the service was restored.")
    ] = None,
    root_cause: Annotated[
        str | None, Option("--root-cause", metavar="TEXT", help="Why it happened, where that is known.")
    ] = None,
    measures: Annotated[
        str | None, Option("--measures", metavar="TEXT", help="Corrective measures that were taken.")
    ] = None,
    comments: Annotated[str | None, Option("--comments", metavar="TEXT", help="What else is to be said.")] = None,
) -> None:
    """Write what the incident report is to say; for staff. Nobody is told yet.

    What is given replaces what was there, an empty text takes it away. Every account that is affected reads it,
    but for what is --specific; where a text names another client, "another customer" stands there instead.

    care incident describe 42 -m "One of two media relays failed." --restoration "Calls were moved to the other."

    care incident describe 42 --specific "Harbor Clinic=The night line was down for an hour."
    """
    from carecli.desk.incidents import declaring

    case, details = parse_number(number), texts.given(message, file)
    named = {
        "title": title,
        "details": details,
        "restoration": restoration,
        "root_cause": root_cause,
        "measures": measures,
        "comments": comments,
    }
    given = {key: text for key, text in named.items() if text is not None}
    with invocation.desk() as desk:
        view = declaring.describe(
            desk, case, given, options.pairs(specific, "--specific"), _instant(desk, started)
        )
        told(invocation, desk, view, "described")


def _instant(desk: "Desk", text: str | None) -> "datetime | None":
    if text is None:
        return None
    from carecli.commands.instants import parse

    return parse(text, zone=desk.zone, now=desk.now, past=True)


@command
def show(invocation: Invocation, number: options.Number) -> None:
    """Show an incident whole: whom it affects, what is due, what the report will say; for staff.

    care incident show 42
    """
    from carecli.desk.incidents import declaring
    from carecli.domain import incident
    from carecli.domain.numbers import written
    from carecli.render import incident_document

    with invocation.desk() as desk:
        case = declaring.show(desk, parse_number(number))
        assert case.incident is not None, "only an incident is shown"
        kept = incident_document.incident(incident.document(case.incident))
        document = {"number": written(case.number), "account": case.account, "incident": kept}

        def page() -> list["Section"]:
            from carecli.render.incident import page as drawn

            return drawn(case, desk.zone, desk.now)

        invocation.emit(document, page)


@command
def affect(
    invocation: Invocation,
    number: options.Number,
    others: Annotated[
        options.Many,
        Argument(metavar="[CASE]...", help="Cases that it affects, of any account.", completes="case"),
    ] = None,
    account: Annotated[
        options.Many,
        Option("--account", metavar="NAME", help="An account without a case; repeatable.", completes="account"),
    ] = None,
    message: options.Message = None,
    file: options.TextFile = None,
    remove: Annotated[bool, Option("--remove", help="They are not affected after all: take it back.")] = False,
) -> None:
    """Link cases and accounts as affected by an incident, and tell them; for staff.

    Each case is told on itself, an account without one by mail to its Designated Contacts. They read the title
    and what is written here, and nothing of any other account. When the service is back they are told so, too.

    care incident affect 42 43 44

    care incident affect 42 --account "Harbor Clinic" -m "You may have to log in again."

    care incident affect 42 44 --remove -m "Your trunk failed for another reason."
    """
    from carecli.desk.incidents import affecting

    case, far = parse_number(number), [parse_number(other) for other in others or ()]
    text = texts.given(message, file)
    with invocation.desk() as desk:
        count = len(set(far)) + len(set(account or ()))
        if remove:
            view = affecting.remove(desk, case, far, account or (), text)
            told(invocation, desk, view, f"affects {count} less")
        else:
            view = affecting.affect(desk, case, far, account or (), text)
            told(invocation, desk, view, f"affects {count} more")


@command
def post_mortem(
    invocation: Invocation,
    number: options.Number,
    message: Annotated[
        str | None, Option("--message", "-m", metavar="TEXT", help="Notes for staff; - reads standard input.")
    ] = None,
    file: options.TextFile = None,
    root_cause: Annotated[
        str | None, Option("--root-cause", metavar="TEXT", help="Why it happened: the report says it.")
    ] = None,
) -> None:
    """Record that the post-mortem was held; for staff. The reports that were asked for are due from now.

    care incident post-mortem 42 --root-cause "A full disk on the relay." -m "Present: Ada, Ben."
    """
    from carecli.desk.incidents import declaring

    case, text = parse_number(number), texts.given(message, file)
    with invocation.desk() as desk:
        view = declaring.hold_post_mortem(desk, case, text, root_cause)
        told(invocation, desk, view, "post-mortem held")
