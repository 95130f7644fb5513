"""How to reach Customer Care (WHERE-1)."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.vocabulary import Priority

if TYPE_CHECKING:
    from carecli.domain.contact_us import Ways
    from carecli.render.sheet import Sheet


@command
def contact_us(
    invocation: Invocation,
    account: Annotated[
        str | None, Option("--account", metavar="NAME", help="For this account.", completes="account")
    ] = None,
    service: Annotated[
        str | None, Option("--service", metavar="NAME", help="About this service.", completes="service")
    ] = None,
    priority: Annotated[
        str | None, Option("--priority", metavar="LEVEL", help=options.PRIORITY_CHOICES, completes=Priority)
    ] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """Tell how to reach Customer Care: numbers by product and region, and which way is open now.

    care contact-us

    care contact-us --service "Premier Edition" --priority critical
    """
    from carecli.desk.contact_us import ways
    from carecli.render import contact_us_document

    wanted = options.priority(priority)
    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        told = ways(desk, account=account, service=service, priority=wanted)
    answer.give(
        listing.Listing(
            lambda: _sheet(told),
            lambda: [contact_us_document.way(one) for one in told.ways],
            lambda rows: contact_us_document.ways(told, rows),
            contact_us_document.ROW,
        )
    )


def _sheet(told: "Ways") -> "Sheet":
    # Imported here: a script's JSON needs no tables.
    from carecli.render.contact_us import contact_us_sheet

    return contact_us_sheet(told)
