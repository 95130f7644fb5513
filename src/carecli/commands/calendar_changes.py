"""Another calendar for open cases: tried, and applied."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import impacting, listing, options
from carecli.commands.account import CloseOn, Holidays, Hours, Timezone
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.people import CalendarSpec
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.commands.impacting import Wish
    from carecli.desk.desk import Desk

Account = Annotated[
    str | None,
    Option("--account", metavar="NAME", help="Whose open cases, or all.", completes="account"),
]


@command
def impact(
    invocation: Invocation,
    account: Account = None,
    timezone: Timezone = None,
    hours: Hours = None,
    holidays: Holidays = None,
    close_on: CloseOn = None,
    since: impacting.From = None,
    every: impacting.Every = False,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List which open cases' due times a calendar would move, and which breaches appear or vanish; for staff.

    It is the account's present calendar with what is given over it. Nothing is changed: care account edit changes
    the calendar for new cases, care calendar rebase brings open ones along.

    care calendar impact --account "ABC Testing Co"

    care calendar impact --account "ABC Testing Co" --hours "Mon-Sat 09:00-17:00" --close-on 2026-03-06
    """
    answer = listing.answer(invocation, format_, fields, output)
    given = CalendarSpec(timezone, hours, holidays, tuple(close_on or ()))
    with invocation.desk() as desk:
        impacting.told(invocation, desk, _wish(desk, account, given, since), answer, every=every)


@command
def rebase(
    invocation: Invocation,
    account: Account = None,
    since: impacting.From = None,
    dry_run: impacting.DryRun = False,
    yes: options.Yes = False,
) -> None:
    """Bring open cases under their account's present calendar; for admins.

    What is met or closed keeps its result. No clock comes to be due before this moment, unless it was breached
    already. Nobody is mailed. Cut short, it goes on where it stopped when it is run again.

    care calendar rebase --account "ABC Testing Co" --dry-run

    care calendar rebase --account all --yes
    """
    with invocation.desk() as desk:
        wish = _wish(desk, account, CalendarSpec(), since)
        impacting.done(invocation, desk, wish, dry_run=dry_run, yes=yes)


def _wish(desk: "Desk", account: str | None, given: CalendarSpec, since: str | None) -> "Wish":
    from carecli.desk import calendars
    from carecli.desk.impact import Rules, Which
    from carecli.render.impact_document import Asked

    if account is None:
        raise Invalid("whose calendar?", hint="--account NAME, or --account all", rule="SLA-8")
    whole = account == "all"
    owned = None if whole else calendars.of(desk, account)
    calendars.check(given.over(owned.spec if owned else desk.settings.calendar), desk.now)
    which = Which(owned.account if owned else None, impacting.since(desk, since))
    spec = given.over(owned.spec) if owned else given
    asked = Asked(None, spec, which.account, which.since, applied=False)
    title = f"By the calendar of {owned.account}" if owned else "By each account's calendar"
    return impacting.Wish(title, asked, Rules(calendar=given), which)
