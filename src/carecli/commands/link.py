"""Ties between cases."""

from typing import Annotated

from carecli.commands import options
from carecli.commands.casework import told
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.linking import LinkKind
from carecli.domain.numbers import parse_number, written
from carecli.errors import Invalid


@command
def link(
    invocation: Invocation,
    number: options.Number,
    other: Annotated[str, Argument(metavar="OTHER", help="The case to link it with.", completes="case")],
    kind: Annotated[
        str | None,
        Option("--kind", metavar="KIND", help=f"{', '.join(LinkKind)}; the first by default.", completes=LinkKind),
    ] = None,
    remove: Annotated[bool, Option("--remove", help="Undo the link.")] = False,
) -> None:
    """Link two cases, both ways; one of another account's shows to staff alone.

    care link 42 40

    care link 42 40 --kind duplicate-of

    care link 42 40 --remove
    """
    from carecli.desk import linking

    case, far = parse_number(number), parse_number(other)
    if remove and kind is not None:
        raise Invalid("--remove undoes every link between the two", hint="leave --kind out", rule="OPEN-11")
    chosen = options.chosen(kind, LinkKind, "--kind") or LinkKind.RELATES
    with invocation.desk() as desk:
        if remove:
            view, deed = linking.unlink(desk, case, far), f"unlinked from {written(far)}"
        else:
            view, deed = linking.link(desk, case, far, chosen), f"linked: {chosen} {written(far)}"
        told(invocation, desk, view, deed)
