"""Service advisories listed, shown and marked as read."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.advisory import AdvisoryFilter, AdvisoryKind, AdvisoryStatus
from carecli.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.render.sheet import Section, Sheet

Id = Annotated[str, Argument(metavar="ID", help="The advisory: SA-0001, or 1.", completes="advisory")]
Kind = Annotated[
    str | None, Option("--kind", metavar="KIND", help="advisory, maintenance or news.", completes=AdvisoryKind)
]


@command
def list_(
    invocation: Invocation,
    kind: Kind = None,
    service: Annotated[str | None, Option(metavar="NAME", help="About this service.", completes="service")] = None,
    unread: Annotated[bool, Option("--unread", help="Only what you have not read.")] = False,
    all_: Annotated[bool, Option("--all", help="Also what is over or withdrawn.")] = False,
    status: Annotated[
        options.Many,
        Option("--status", metavar="STATUS", help="draft, published or withdrawn.", completes=AdvisoryStatus),
    ] = None,
    limit: options.AtMost = 50,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List service advisories, unread ones first; contacts see those that are for their account.

    care advisory list

    care advisory list --service Voice --all
    """
    from carecli.desk.advisories import reading
    from carecli.render import advisory_document as documents

    answer = listing.answer(invocation, format_, fields, output)
    statuses = tuple(options.all_chosen(status, AdvisoryStatus, "--status"))
    wanted = AdvisoryFilter(statuses, options.chosen(kind, AdvisoryKind, "--kind"), service, unread, all_)
    with invocation.desk() as desk:
        found, total = reading.listed(desk, wanted, limit=limit)

    def sheet() -> "Sheet":
        from carecli.render.advisory import advisory_sheet

        return advisory_sheet(found, total, desk.now, desk.zone)

    rows = [documents.row(one, desk.now) for one in found]
    answer.give(listing.Listing(sheet, lambda: rows, lambda picked: documents.page(picked, total), documents.KEYS))


@command
def show(invocation: Invocation, id_: Id) -> None:
    """Show a service advisory; it stays unread until `care advisory read`.

    care advisory show SA-0001
    """
    from carecli.desk.advisories import reading
    from carecli.render import advisory_document as documents

    with invocation.desk() as desk:
        one = reading.show(desk, id_)

    def page() -> "Sequence[Section]":
        from carecli.render import advisory

        return advisory.page(one, desk.now, desk.zone)

    invocation.emit(documents.whole(one, desk.now), page)


@command
def read(
    invocation: Invocation,
    ids: Annotated[
        list[str] | None,
        Argument(metavar="[ID...]", help="The advisories: SA-0001, or 1.", completes="advisory"),
    ] = None,
    all_: Annotated[bool, Option("--all", help="Mark all that is unread as read, and show its titles.")] = False,
) -> None:
    """Read service advisories: they are shown, and marked as read.

    care advisory read SA-0001

    care advisory read --all
    """
    from carecli.desk.advisories import reading
    from carecli.render import advisory_document as documents

    if bool(ids) == all_:
        raise Invalid("say which ones to read", hint="care advisory read SA-0001, or --all", rule="ADV-1")
    with invocation.desk() as desk:
        found = reading.read_all(desk) if all_ else reading.read(desk, ids or ())

    def page() -> "Sequence[Section]":
        from carecli.render import advisory

        if all_:
            return [advisory.advisory_sheet(found, len(found), desk.now, desk.zone)]
        return [section for one in found for section in advisory.page(one, desk.now, desk.zone)]

    seen = [one._replace(unread=False) for one in found]
    invocation.emit(documents.marked(seen, desk.now), page)
