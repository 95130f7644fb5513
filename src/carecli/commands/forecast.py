"""What time will do next, if nobody acts."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.forecast import Forecast
    from carecli.render.sheet import Sheet


@command
def forecast(
    invocation: Invocation,
    within: Annotated[
        str, Option("--within", metavar="AMOUNT", help="How far to look: 8h 3d, or 4bh 3bd of business time.")
    ] = "1bd",
    mine: Annotated[bool, Option("--mine", help="Only my own cases.")] = False,
    group: Annotated[bool, Option("--group", help="My account's, or my product group's.")] = False,
    everything: Annotated[bool, Option("--all", "-a", help="Every case that I may see; the default.")] = False,
    limit: Annotated[
        int | None, Option("--limit", "-n", metavar="COUNT", min=1, help="The first so many.")
    ] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List what time will do next if nobody acts: warnings, breaches, reminders, closings.

    It looks one business day ahead, unless --within says otherwise, and changes nothing.

    care forecast --within 8h

    care forecast --within 3bd --mine --format csv
    """
    from carecli.desk.forecast import upcoming
    from carecli.render import forecast_document

    if everything and (mine or group):
        raise Invalid("--all goes with neither --mine nor --group", hint="give one of them")
    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        told = upcoming(desk, within=within, mine=mine, group=group, limit=limit)
    answer.give(
        listing.Listing(
            lambda: _sheet(told, desk),
            lambda: [forecast_document.coming(one, told.now) for one in told.coming],
            lambda rows: forecast_document.forecast(told, rows),
            forecast_document.ROW,
        )
    )


def _sheet(told: "Forecast", desk: "Desk") -> "Sheet":
    # Imported here: a script's JSON needs no tables.
    from carecli.render.forecast import forecast_sheet

    return forecast_sheet(told, desk.zone, promised=desk.actor.is_contact)
