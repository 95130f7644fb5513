"""Lists of cases: your own, a group's, all; by words, filters and tabs."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.finding import SORTS, Asked, Filter
from carecli.domain.vocabulary import CaseType, Priority, Status
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.views import CasePage
    from carecli.render.sheet import Sheet

Mine = Annotated[bool, Option("--mine", help="Only my own.")]
Group = Annotated[bool, Option("--group", help="My account's, or my product group's.")]
All = Annotated[bool, Option("--all", "-a", help="Closed ones too; for staff every case.")]
InGroup = Annotated[
    str | None, Option("--in-group", metavar="NAME", help="This product group's.", completes="group")
]
Tab = Annotated[
    options.Many,
    Option("--status", "--tab", metavar="STATUS", help="In this status; repeatable.", completes=Status),
]
Type = Annotated[str | None, Option("--type", metavar="TYPE", help="Of this type.", completes=CaseType)]
PriorityText = Annotated[
    str | None, Option("--priority", metavar="LEVEL", help=options.PRIORITY_CHOICES, completes=Priority)
]
Escalated = Annotated[bool, Option("--escalated", help="Escalated, and not answered yet.")]
Account = Annotated[str | None, Option("--account", metavar="NAME", help="Of this account.", completes="account")]
Deployment = Annotated[
    str | None, Option("--deployment", metavar="NAME", help="On this deployment.", completes="deployment")
]
Service = Annotated[str | None, Option("--service", metavar="NAME", help="On this service.", completes="service")]
Component = Annotated[
    str | None, Option("--component", metavar="NAME", help="On this component.", completes="component")
]
Owner = Annotated[str | None, Option("--owner", metavar="EMAIL", help="Of this owner.", completes="staff")]
Contact = Annotated[str | None, Option("--contact", metavar="EMAIL", help="Of this contact.", completes="contact")]
Since = Annotated[str | None, Option("--since", metavar="INSTANT", help="Opened then or later.")]
Until = Annotated[str | None, Option("--until", metavar="INSTANT", help="Opened before then.")]
Limit = Annotated[int | None, Option("--limit", "-n", metavar="COUNT", min=1, help="So many on a page.")]
Page = Annotated[int, Option("--page", metavar="NUMBER", min=1, help="Which page.")]


@command
def list_cases(
    invocation: Invocation,
    mine: Mine = False,
    group: Group = False,
    everything: All = False,
    in_group: InGroup = None,
    status: Tab = None,
    type_: Type = None,
    priority: PriorityText = None,
    escalated: Escalated = False,
    account: Account = None,
    deployment: Deployment = None,
    service: Service = None,
    component: Component = None,
    owner: Owner = None,
    contact: Contact = None,
    since: Since = None,
    until: Until = None,
    sort: Annotated[
        str,
        Option(
            "--sort", metavar="FIELD", help=f"{', '.join(SORTS)}; a - in front turns it round.", completes=SORTS
        ),
    ] = "modified",
    at: options.At = None,
    limit: Limit = None,
    page: Page = 1,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List cases, most recently updated first.

    care list

    care list --group --status awaiting-info

    care list --all --since "2026-03-01" --format csv --output march.csv

    care list --group --at "fri 17:00"
    """
    answer = listing.answer(invocation, format_, fields, output)
    key, descending = order(sort)
    with invocation.desk() as present, options.as_of(invocation, present, at) as desk:
        wanted = filtered(
            desk,
            status=status,
            type_=type_,
            priority=priority,
            escalated=escalated,
            since=since,
            until=until,
            account=account,
            deployment=deployment,
            service=service,
            component=component,
            owner=owner,
            contact=contact,
        )
        asked = Asked(mine, group, everything or bool(owner), in_group, wanted, key, descending, limit, page)
        title = f"Cases{options.stood(desk, at)}"
        if answer.all_rows:
            # Imported here: most lists are a page.
            from carecli.commands.export import give_every

            give_every(answer, asked, desk, title)
            return
        from carecli.desk import reading

        found = reading.list_cases(desk, **asked._asdict())
        own = wanted == Filter() and page == 1 and at is None and not (group or everything or owner or in_group)
        give(answer, found, desk, title, own=own)


@command
def search(
    invocation: Invocation,
    words: Annotated[list[str], Argument(metavar="WORDS", help="Words, or a case number.")],
    mine: Mine = False,
    group: Group = False,
    everything: All = False,
    in_group: InGroup = None,
    status: Tab = None,
    type_: Type = None,
    priority: PriorityText = None,
    escalated: Escalated = False,
    account: Account = None,
    deployment: Deployment = None,
    service: Service = None,
    component: Component = None,
    owner: Owner = None,
    contact: Contact = None,
    since: Since = None,
    until: Until = None,
    sort: Annotated[
        str | None,
        Option("--sort", metavar="FIELD", help="Instead of best first: as `care list --sort`.", completes=SORTS),
    ] = None,
    at: options.At = None,
    limit: Limit = None,
    page: Page = 1,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """Find cases by number or by words in subject, description and updates, best first.

    care search calls drop

    care search '#42'
    """
    from carecli.desk import reading

    del everything  # a search looks at closed cases anyway
    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as present, options.as_of(invocation, present, at) as desk:
        wanted = filtered(
            desk,
            status=status,
            type_=type_,
            priority=priority,
            escalated=escalated,
            since=since,
            until=until,
            account=account,
            deployment=deployment,
            service=service,
            component=component,
            owner=owner,
            contact=contact,
        )
        asked = " ".join(words)
        found = reading.search(
            desk,
            asked,
            mine=mine,
            group=group,
            in_group=in_group,
            filter_=wanted,
            order=order(sort) if sort else None,
            limit=rows(limit, answer),
            page=page,
        )
        give(answer, found, desk, f"Cases that say {asked!r}{options.stood(desk, at)}")


def filtered(
    desk: "Desk",
    *,
    status: list[str] | None,
    type_: str | None,
    priority: str | None,
    escalated: bool,
    since: str | None,
    until: str | None,
    **names: str | None,
) -> Filter:
    """What the options ask for; `names` are those that match without regard to case."""
    return Filter(
        statuses=tuple(options.all_chosen(status, Status, "--status")),
        type=options.chosen(type_, CaseType, "--type"),
        priority=options.priority(priority),
        escalated=escalated,
        since=_instant(desk, since),
        until=_instant(desk, until),
        account=names["account"],
        deployment=names["deployment"],
        service=names["service"],
        component=names["component"],
        owner=names["owner"],
        contact=names["contact"],
    )


def _instant(desk: "Desk", text: str | None) -> datetime | None:
    if text is None:
        return None
    from carecli.commands.instants import parse

    return parse(text, zone=desk.zone, now=desk.now)


def order(sort: str) -> tuple[str, bool]:
    """A field to sort by, its usual direction turned round by a leading dash."""
    turned, key = sort.startswith("-"), sort.removeprefix("-").removesuffix("_at")
    if key not in SORTS:
        raise Invalid(f"--sort {sort[:40]!r} is not known", hint=f"choose from: {', '.join(SORTS)}")
    newest_first = key in {"modified", "opened", "number"}
    return key, newest_first != turned


def rows(limit: int | None, answer: listing.Answer) -> int | None:
    """How many rows: as said, all of them for another program's file, else the policy's page (FIND-2)."""
    return 0 if limit is None and answer.all_rows else limit


def give(answer: listing.Answer, found: "CasePage", desk: "Desk", title: str, *, own: bool = False) -> None:
    """Answer with what was found; `own`: among all of one's own cases."""
    from carecli.render import case_document

    answer.give(
        listing.Listing(
            lambda: sheet(found, desk, title, own=own),
            lambda: [case_document.case_row(view) for view in found.views],
            lambda rows: case_document.case_page(found, rows),
            case_document.ROW,
        )
    )


def sheet(found: "CasePage", desk: "Desk", title: str, *, own: bool) -> "Sheet":
    """A page of cases for people."""
    from carecli.render.views import case_sheet

    table = case_sheet(found, desk.zone, title=title)
    bare = own and desk.actor.is_staff and not any(found.tabs.values())
    return table._replace(note=_none_of_ones_own(desk)) if bare else table


def _none_of_ones_own(desk: "Desk") -> str:
    """What staff without a case are told: that there are others', and where."""
    from carecli.desk import reading

    none = "0 cases of your own"
    tabs = reading.list_cases(desk, everything=True, limit=1).tabs
    others = sum(count for tab, count in tabs.items() if tab != Status.CLOSED)
    return f"{none}; care list --all shows {others:,} open" if others else none
