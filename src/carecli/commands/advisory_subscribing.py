"""Subscriptions to service advisories: who is told, of what, how often."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.subscription import Frequency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.desk.desk import Desk
    from carecli.domain.subscription import Subscribed
    from carecli.render.sheet import Section, Sheet

Services = Annotated[
    options.Many, Option("--service", metavar="NAME", help="Of this service; repeatable.", completes="service")
]
For = Annotated[
    str | None, Option("--for", metavar="EMAIL", help="Of somebody else; for admins.", completes="person")
]


@command
def subscribe(
    invocation: Invocation,
    frequency: Annotated[
        str | None,
        Argument(
            metavar="[HOW OFTEN]", help="at-once, daily or weekly; else at-once.", completes=tuple(Frequency)
        ),
    ] = None,
    service: Services = None,
    for_: For = None,
) -> None:
    """Be told of service advisories by mail: at once, or gathered daily or weekly.

    Of what several subscriptions are about you are told once, as the soonest of them says.

    care advisory subscribe weekly

    care advisory subscribe at-once --service Voice
    """
    from carecli.desk.advisories import subscribing

    often = options.chosen(frequency, Frequency, "HOW OFTEN") or Frequency.AT_ONCE
    with invocation.desk() as desk:
        _told(invocation, desk, subscribing.subscribe(desk, often, service or (), person=for_))


@command
def unsubscribe(invocation: Invocation, service: Services = None, for_: For = None) -> None:
    """Be told no more of service advisories, of a service or of any.

    care advisory unsubscribe

    care advisory unsubscribe --service Voice
    """
    from carecli.desk.advisories import subscribing

    with invocation.desk() as desk:
        _told(invocation, desk, subscribing.unsubscribe(desk, service or (), person=for_))


def _told(invocation: Invocation, desk: "Desk", found: "Sequence[Subscribed]") -> None:
    from carecli.render import advisory_document as documents

    document = documents.subscriptions([documents.subscription(one) for one in found])

    def page() -> "Sequence[Section]":
        from carecli.render.advisory import subscription_sheet

        return [subscription_sheet(found, desk.zone)]

    if invocation.json or not invocation.quiet:
        invocation.emit(document, page)


@command
def subscriptions(
    invocation: Invocation,
    all_: Annotated[bool, Option("--all", help="Everybody's; for admins.")] = False,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List what you are subscribed to, and when the next digest goes out.

    care advisory subscriptions
    """
    from carecli.desk.advisories import subscribing
    from carecli.render import advisory_document as documents

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        found = subscribing.listed(desk, everybody=all_)

    def sheet() -> "Sheet":
        from carecli.render.advisory import subscription_sheet

        return subscription_sheet(found, desk.zone, everybody=all_)

    rows = [documents.subscription(one) for one in found]
    answer.give(listing.Listing(sheet, lambda: rows, documents.subscriptions, documents.SUBSCRIPTION_KEYS))
