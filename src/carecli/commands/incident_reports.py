"""Incident reports: asked for, written, sent."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, prompts, texts
from carecli.commands.casework import told
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number, written
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.domain.incident_report import Report

FORMATS = ("md", "html")
For = Annotated[
    str | None,
    Option("--for", metavar="ACCOUNT", help="As this account gets it; for staff.", completes="account"),
]


@command
def request(
    invocation: Invocation,
    number: options.Number,
    message: options.Message = None,
    file: options.TextFile = None,
    account: Annotated[
        str | None,
        Option("--for", metavar="ACCOUNT", help="Who asks, where staff note it.", completes="account"),
    ] = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Ask for the report on an incident that affected your service; an update or a mail that asks does the same.

    It is sent within the time that the policy names after the post-mortem.

    care incident request 42

    care incident request 42 --for "Harbor Clinic"
    """
    from carecli.desk.incidents import requesting

    case, channel, text = parse_number(number), options.channel(via), texts.given(message, file)
    secret = prompts.pin(invocation, pin)
    with invocation.desk() as desk:
        view = requesting.request(desk, case, text, account=account, via=channel, contact=contact, pin=secret)
        told(invocation, desk, view, "incident report asked for")


@command
def report(
    invocation: Invocation,
    number: options.Number,
    layout: Annotated[
        str | None, Option("--format", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.", completes=FORMATS)
    ] = None,
    output: Annotated[
        str | None,
        Option("--output", "-o", metavar="FILE", help="Write to a file, - for standard output.", completes="file"),
    ] = None,
    account: For = None,
    send: Annotated[
        bool, Option("--send", help="Mail it to the account, by default that of the case; for staff.")
    ] = False,
) -> None:
    """Write the incident report from the record: as Markdown, or as one HTML page with a picture of its course.

    Staff get all of it, with --for what that account gets: nothing in it names another client. Customers get the
    report that they were sent.

    care incident report 42

    care incident report 42 --format html --output report.html

    care incident report 42 --for "Harbor Clinic" --send
    """
    from carecli.desk.incidents import reporting
    from carecli.render import incident_document

    case, wanted = parse_number(number), _layout(invocation, layout, output)
    with invocation.desk() as desk:
        made = reporting.send(desk, case, account)[0] if send else reporting.report(desk, case, account)
    if invocation.json and output in {None, "-"}:
        return invocation.done(incident_document.report(made) | {"sent": send}, "")
    if send and layout is None and output is None:
        return invocation.done(None, f"{written(case)} incident report sent to {made.account}")
    _give(_written(made, wanted), output)
    if invocation.json:
        invocation.done(incident_document.report(made) | {"sent": send}, "")
    elif output not in {None, "-"}:
        invocation.notice(f"wrote {output}")
    if missing := [name for name in made.lacks if name != "end"]:
        invocation.notice(f"the report lacks its {', '.join(missing)}; care incident describe says it")
    return None


def _layout(invocation: Invocation, named: str | None, output: str | None) -> str:
    """How the report is written: as named, else by the file's ending."""
    by_ending = "html" if output and output.lower().endswith((".html", ".htm")) else "md"
    wanted = (named or by_ending).lower()
    if wanted not in FORMATS:
        raise Invalid(f"--format {wanted[:40]!r} is not known", hint=f"choose from: {', '.join(FORMATS)}")
    if invocation.json and named and output in {None, "-"}:
        raise Invalid("--json and --format exclude each other on one stream", hint="give --output FILE too")
    return wanted


def _written(made: "Report", wanted: str) -> str:
    # Imported here: Jinja takes longer to import than Markdown takes to be written.
    if wanted == "html":
        from carecli.render.incident_report_page import page

        return page(made)
    from carecli.render.incident_report import markdown

    return markdown(made)


def _give(text: str, output: str | None) -> None:
    if output in {None, "-"}:
        sys.stdout.write(text)
        return
    from carecli.desk import exporting

    with exporting.written(output or "") as file:
        file.write(text.encode())
