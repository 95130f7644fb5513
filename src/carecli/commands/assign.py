"""Who works on a case."""

from typing import Annotated

from carecli.commands import options, texts
from carecli.commands.casework import told
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number


@command
def assign(
    invocation: Invocation,
    number: options.Number,
    owner: Annotated[
        str | None, Argument(metavar="[EMAIL]", help="The new owner; by default you.", completes="staff")
    ] = None,
    product_group: Annotated[
        str | None,
        Option("--product-group", metavar="NAME", help="Hand it to a product group.", completes="group"),
    ] = None,
    message: options.Reason = None,
    file: options.TextFile = None,
) -> None:
    """Take a case, or give it to somebody or to a product group.

    care assign 42

    care assign 42 ben@desk.example -m "Ben knows this trunk."

    care assign 42 --product-group Routing
    """
    from carecli.desk import cases

    case, text = parse_number(number), texts.given(message, file)
    with invocation.desk() as desk:
        view = cases.assign(desk, case, owner, group=product_group, text=text)
        to = view.case.owner or f"the group {view.case.group}"
        told(invocation, desk, view, f"assigned to {to}")
