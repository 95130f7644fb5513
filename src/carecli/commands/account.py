"""Accounts: what they bought, their hours, their products."""

from collections.abc import Sequence
from shlex import quote
from typing import Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.commands.options import Many
from carecli.domain.people import Account, CalendarSpec
from carecli.domain.vocabulary import Plan
from carecli.errors import Invalid
from carecli.render import documents, people

app = Family("Accounts: what they bought, their hours, their products.")

Name = Annotated[str, Argument(metavar="NAME", help="The account's name.", completes="account")]
PlanText = Annotated[str | None, Option("--plan", metavar="PLAN", help="care or business-care.", completes=Plan)]
Timezone = Annotated[str | None, Option("--timezone", metavar="ZONE", help="Its time zone, as Europe/Madrid.")]
Hours = Annotated[str | None, Option("--hours", metavar="HOURS", help="Its hours, as 'Mon-Fri 09:00-17:00'.")]
Holidays = Annotated[
    str | None, Option("--holidays", metavar="CODE", help="Its holidays: a country or region, as US, ES-MD, JP.")
]
CloseOn = Annotated[Many, Option("--close-on", metavar="DATE", help="An extra closed day; repeatable.")]
Deployments = Annotated[Many, Option("--deployment", metavar="NAME", help="A cloud deployment; repeatable.")]
Services = Annotated[Many, Option("--service", metavar="[DEPLOYMENT/]NAME[=GROUP]", help="A service; repeatable.")]
Components = Annotated[
    Many, Option("--component", metavar="SERVICE=NAME", help="A component of a service; repeatable.")
]
AddOns = Annotated[
    Many, Option("--add-on", metavar="KIND=EMAIL", help="cxm, support-architect, dedicated-specialist.")
]
Executive = Annotated[str | None, Option("--executive", metavar="EMAIL", help="The account executive.")]
SuccessManager = Annotated[
    str | None, Option("--success-manager", metavar="EMAIL", help="The customer success manager.")
]
Parent = Annotated[
    str | None,
    Option("--parent", metavar="NAME", help="The account that it was sold through.", completes="account"),
]


@app.command("add")
@command
def add(
    invocation: Invocation,
    name: Name,
    plan: PlanText = "care",
    timezone: Timezone = None,
    hours: Hours = None,
    holidays: Holidays = None,
    close_on: CloseOn = None,
    deployment: Deployments = None,
    service: Services = None,
    component: Components = None,
    add_on: AddOns = None,
    executive: Executive = None,
    success_manager: SuccessManager = None,
    parent: Parent = None,
) -> None:
    """Add an account.

    care account add "ABC Testing Co" --plan business-care --timezone America/New_York
        --deployment East --service Voice --service Reporting=Analytics
    """
    from carecli.desk import calendars, directory

    given = CalendarSpec(timezone, hours, holidays, tuple(close_on or ()))
    with invocation.desk() as desk:
        account = directory.add_account(
            desk,
            name,
            plan=options.chosen(plan, Plan, "--plan") or Plan.CARE,
            calendar=given,
            deployments=deployment or (),
            services=service or (),
            components=component or (),
            add_ons=options.pairs(add_on, "--add-on"),
            executive=executive,
            success_manager=success_manager,
            parent=parent,
        )
        warnings = calendars.warnings_on_change(desk, account.calendar, given)
    line = (
        f"account {account.name} added: {_told(account)}\n"
        f"next: care contact add EMAIL --account {quote(account.name)} --trained"
    )
    _changed(invocation, account, line, warnings)


@app.command("edit")
@command
def edit(
    invocation: Invocation,
    name: Name,
    plan: PlanText = None,
    timezone: Timezone = None,
    hours: Hours = None,
    holidays: Holidays = None,
    close_on: CloseOn = None,
    deployment: Deployments = None,
    service: Services = None,
    component: Components = None,
    add_on: AddOns = None,
    executive: Executive = None,
    success_manager: SuccessManager = None,
    parent: Parent = None,
    no_parent: Annotated[bool, Option("--no-parent", help="It is nobody's end-user any more.")] = False,
    remove_add_on: Annotated[
        Many, Option("--remove-add-on", metavar="KIND", help="An add-on that it has no longer; repeatable.")
    ] = None,
    active: Annotated[bool | None, Option("--active/--inactive", help="Whether it is served.")] = None,
) -> None:
    """Change an account; products and add-ons are added to what it has.

    care account edit "ABC Testing Co" --holidays US-CA --close-on 2026-12-24
    """
    from carecli.desk import calendars, directory

    if parent and no_parent:
        raise Invalid("--parent and --no-parent exclude each other", hint="give one of them")
    given = CalendarSpec(timezone, hours, holidays, tuple(close_on or ()))
    with invocation.desk() as desk:
        account = directory.edit_account(
            desk,
            name,
            plan=options.chosen(plan, Plan, "--plan"),
            calendar=given,
            deployments=deployment or (),
            services=service or (),
            components=component or (),
            add_ons=options.pairs(add_on, "--add-on"),
            executive=executive,
            success_manager=success_manager,
            active=active,
            parent="" if no_parent else parent,
            without=remove_add_on or (),
        )
        warnings = calendars.warnings_on_change(desk, account.calendar, given)
    line = f"account {account.name} changed: {_told(account)}; cases open now keep their calendar"
    _changed(invocation, account, line, warnings)


def _told(account: Account) -> str:
    """What an account has, in a line; what it leaves to the desk is called the desk's (ACC-3)."""
    own = account.calendar
    holidays = {None: "the desk's holidays", "": "no holidays"}.get(own.holidays, f"holidays {own.holidays}")
    closed = f"closed on {', '.join(own.close_on)}" if own.close_on else ""
    parts = (f"plan {account.plan}", own.hours or "the desk's hours", own.timezone or "the desk's zone")
    return ", ".join(filter(None, (*parts, holidays, closed)))


def _changed(invocation: Invocation, account: Account, line: str, warnings: Sequence[str]) -> None:
    """Answer with the account, and tell what in its calendar looks like a slip (CAL-4)."""
    for warning in warnings:
        invocation.notice(f"warning: {warning}")
    invocation.done(documents.account_row(account) | {"warnings": list(warnings)}, line)


@app.command("list")
@command
def list_(
    invocation: Invocation,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the accounts.

    care account list --fields name,plan
    """
    from carecli.desk import directory

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        accounts = directory.accounts(desk)
    answer.give(
        listing.Listing(
            lambda: people.account_sheet(accounts),
            lambda: [documents.account_row(account) for account in accounts],
            lambda rows: {"accounts": rows},
            Account._fields,
        )
    )


@app.command("show")
@command
def show(invocation: Invocation, name: Name) -> None:
    """Show an account: what it is entitled to, its products and contacts.

    care account show "ABC Testing Co"
    """
    from carecli.desk import directory

    with invocation.desk() as desk:
        view = directory.account(desk, name)
        contacts = directory.contacts(desk, view.account.name)
    facts = (view.account, view.features, view.designated)
    document = documents.account(*facts, view.calendar, view.end_users)
    document["contacts"] = [documents.contact(contact) for contact in contacts]
    invocation.emit(
        document,
        lambda: people.account_page(*facts, contacts, view.calendar, view.end_users),
    )


@app.command("entitlements")
@command
def entitlements(
    invocation: Invocation,
    name: Annotated[
        str | None, Argument(metavar="[NAME]", help="The account; your own by default.", completes="account")
    ] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List what an account is entitled to, and what it is not, with the reason and the policy's line.

    care account entitlements "ABC Testing Co" --fields name,entitled,reason
    """
    from carecli.desk import entitlements as entitled
    from carecli.render import entitlements as pages

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        told = entitled.of_account(desk, name)
    answer.give(
        listing.Listing(
            lambda: pages.entitlement_sheet(told.account, told.plan, told.entitlements),
            lambda: [pages.entitlement(one) for one in told.entitlements],
            lambda rows: {"account": told.account, "plan": told.plan.value, "entitlements": rows},
            pages.KEYS,
        )
    )
