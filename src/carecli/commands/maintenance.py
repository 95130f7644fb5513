"""Maintenance windows: the next ones, one moved, one that nobody planned (MNT-1)."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, opening_told, options, prompts
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.maintenance import Outlook
    from carecli.render.sheet import Sheet

ICS = "ics"

app = Family("Maintenance windows: the next ones, moved, announced.", otherwise="show")

Service = Annotated[str | None, Option("--service", metavar="NAME", help="Of this service.", completes="service")]
AccountName = Annotated[
    str | None, Option("--account", metavar="NAME", help="Of this account's services.", completes="account")
]


@app.command("show")
@command
def show(
    invocation: Invocation,
    service: Service = None,
    account: AccountName = None,
    within: Annotated[
        str, Option("--within", metavar="AMOUNT", help="How far to look: 48h 30d, or 3bd of business time.")
    ] = "7d",
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the maintenance to come, planned and announced, in your time zone.

    --format ics writes them as iCalendar, for calendar programs.

    care maintenance

    care maintenance --service "Premier Edition" --within 30d

    care maintenance --within 90d --output windows.ics
    """
    from carecli.desk.maintenance import outlook
    from carecli.render import maintenance_document

    wanted = format_ or (None if invocation.json else _by_ending(output))
    as_calendar = (wanted or "").lower() == ICS
    _check(invocation, fields, as_calendar=as_calendar)
    answer = listing.answer(invocation, None if as_calendar else format_, fields, output)
    with invocation.desk() as desk:
        told = outlook(desk, service=service, account=account, within=within)
    if as_calendar:
        _give_calendar(answer, told)
        return
    answer.give(
        listing.Listing(
            lambda: _sheet(told, desk),
            lambda: [maintenance_document.planned(one, told) for one in told.planned],
            lambda rows: maintenance_document.outlook(told, rows),
            maintenance_document.ROW,
        )
    )


@app.command("reschedule")
@command
def reschedule(
    invocation: Invocation,
    service: Annotated[str, Argument(metavar="SERVICE", help="The service.", completes="service")],
    window: Annotated[
        str | None,
        Option("--window", metavar="INSTANT", help="The window then, or the first after; else the next."),
    ] = None,
    wanted: Annotated[str | None, Option("--to", metavar="TEXT", help="When it would suit.")] = None,
    reason: options.Reason = None,
    file: options.TextFile = None,
    account: AccountName = None,
    contact: Annotated[
        str | None, Option(metavar="EMAIL", help="Staff: the Designated Contact who asks.", completes="contact")
    ] = None,
    deployment: Annotated[
        str | None, Option(metavar="NAME", help="Where several have the service.", completes="deployment")
    ] = None,
) -> None:
    """Ask to move a planned window: it opens a change request.

    care maintenance reschedule "Premier Edition" -m "Our campaign begins that night."

    care maintenance reschedule "Premier Edition" --window 2026-03-12 --to "a week later" -m "Launch."
    """
    from carecli.commands.instants import parse
    from carecli.desk import maintenance

    text = prompts.needed_text(invocation, reason, file, "Why should it be moved?")
    with invocation.desk() as desk:
        at = parse(window, zone=desk.zone, now=desk.now) if window else None
        wish = maintenance.Wish(service, text, at, wanted, account, contact, deployment)
        opened = maintenance.reschedule(desk, wish)
        opening_told.tell(invocation, desk, opened, asked=True)


@app.command("announce")
@command
def announce(
    invocation: Invocation,
    service: Annotated[
        list[str], Argument(metavar="SERVICE...", help="The services that it touches.", completes="service")
    ],
    begins: Annotated[
        str | None, Option("--from", metavar="INSTANT", help="When it begins; now if left out.")
    ] = None,
    ends: Annotated[str | None, Option("--to", metavar="INSTANT", help="When it is over.")] = None,
    title: Annotated[str | None, Option("--title", "-s", metavar="TEXT", help="In a few words.")] = None,
    message: options.Message = None,
    file: options.TextFile = None,
    account: Annotated[
        options.Many,
        Option("--account", metavar="NAME", help="Only these; repeatable.", completes="account"),
    ] = None,
) -> None:
    """Announce maintenance that no window planned: staff publish it, and accounts with the service are mailed.

    care maintenance announce "Premier Edition" --from 22:00 --to "tomorrow 01:00" -m "A disk has to be changed."
    """
    from carecli.commands.instants import parse
    from carecli.desk import maintenance
    from carecli.domain.advisory import Announced
    from carecli.render import advisory_document

    if ends is None:
        raise Invalid("--to is missing", hint="--to INSTANT tells when it is over", rule="MNT-1")
    text = prompts.needed_text(invocation, message, file, "What is done, and what will people notice?")
    with invocation.desk() as desk:
        since = parse(begins, zone=desk.zone, now=desk.now) if begins else desk.now
        until = parse(ends, zone=desk.zone, now=desk.now)
        told = maintenance.announce(desk, service, text, since, until, title=title, accounts=account or ())
        document = advisory_document.whole(Announced(told, unread=False), desk.now)
    names = ", ".join(told.text.services)
    invocation.done(document, f"{told.label} published: maintenance of {names}; its accounts are told")


def _by_ending(output: str | None) -> str | None:
    return ICS if (output or "").lower().endswith(f".{ICS}") else None


def _check(invocation: Invocation, fields: str | None, *, as_calendar: bool) -> None:
    """Refuse what goes with no calendar file; raises Invalid."""
    if as_calendar and invocation.json:
        raise Invalid(f"--json and --format {ICS} exclude each other", hint="give one of them")
    if as_calendar and fields is not None:
        raise Invalid(f"--fields goes with no {ICS}", hint="leave it out: a calendar file has its own fields")


def _give_calendar(answer: listing.Answer, told: "Outlook") -> None:
    from carecli.render.maintenance_calendar import calendar

    with answer.stream(newline="") as out:
        out.write(calendar(told).decode())


def _sheet(told: "Outlook", desk: "Desk") -> "Sheet":
    # Imported here: a script's JSON needs no tables.
    from carecli.render.maintenance import maintenance_sheet

    return maintenance_sheet(told, desk.zone)
