"""Find cases like one, or like a subject."""

from typing import Annotated

from carecli.commands import listing, options, texts
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.errors import Invalid


@command
def similar(
    invocation: Invocation,
    number: Annotated[
        str | None, Argument(metavar="[NUMBER]", help="Like this case; else like a subject.", completes="case")
    ] = None,
    subject: Annotated[str | None, Option("--subject", "-s", metavar="TEXT", help="Like this subject.")] = None,
    description: Annotated[
        str | None,
        Option("--description", "-m", metavar="TEXT", help="And like this text; - reads standard input."),
    ] = None,
    everything: Annotated[bool, Option("--all", "-a", help="Closed cases too.")] = False,
    account: Annotated[
        str | None, Option(metavar="NAME", help="Staff: of this account alone.", completes="account")
    ] = None,
    service: Annotated[
        str | None, Option(metavar="NAME", help="The service that the text is about.", completes="service")
    ] = None,
    limit: options.AtMost = 5,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """Find cases that may be about the same issue, likest first. Contacts find those of their account.

    Near is what has almost the same subject, of the same account and service.

    care similar 42

    care similar -s "Calls drop on transfer" --account "ABC Testing Co" --all
    """
    from carecli.desk import similar as alike

    answer = listing.answer(invocation, format_, fields, output)
    if (number is None) == (subject is None):
        raise Invalid("name one case, or a subject", hint='care similar 42, or care similar -s "Calls drop"')
    if number is not None and (description or service):
        raise Invalid("the case has a text and a service of its own", hint="leave --description and --service out")
    with invocation.desk() as desk:
        if number is not None:
            found = alike.like_case(
                desk, parse_number(number), account=account, open_only=not everything, limit=limit
            )
        else:
            found = alike.similar(
                desk,
                subject=subject or "",
                description=texts.given(description, None) or "",
                account=alike.named_account(desk, account),
                service=service,
                open_only=not everything,
                limit=limit,
            )
        zone = desk.zone
    from carecli.render import similar as pages
    from carecli.render import similar_document

    answer.give(
        listing.Listing(
            lambda: pages.similar_sheet(found, zone, closed_too=everything),
            lambda: [similar_document.similar(one) for one in found],
            lambda rows: {"similar": rows},
            similar_document.KEYS,
        )
    )
