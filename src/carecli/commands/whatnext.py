"""Which channel a need goes to (WHERE-1)."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing
from carecli.commands.declared import Argument, command
from carecli.commands.invocation import Invocation

if TYPE_CHECKING:
    from carecli.domain.whatnext import Directed
    from carecli.render.sheet import Sheet


@command
def whatnext(
    invocation: Invocation,
    words: Annotated[
        list[str] | None, Argument(metavar="[WORDS]...", help="What you need, in your own words; else all needs.")
    ] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """Find the right channel for a need: a case, somebody to write to, a call.

    care whatnext

    care whatnext invoice is wrong
    """
    from carecli.desk.whatnext import directed
    from carecli.render import whatnext_document

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        rows = directed(desk, words or ())
    answer.give(
        listing.Listing(
            lambda: _sheet(rows, wrapped=invocation.screen(sys.stdout).terminal),
            lambda: [whatnext_document.directed(one) for one in rows],
            lambda documents: {"needs": documents},
            whatnext_document.ROW,
        )
    )


def _sheet(rows: "list[Directed]", *, wrapped: bool) -> "Sheet":
    # Imported here: a script's JSON needs no tables.
    from carecli.render.whatnext import whatnext_sheet

    # People read a need whole: a command that is cut helps nobody.
    return whatnext_sheet(rows, wrapped=wrapped)
