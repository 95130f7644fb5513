"""The JSON Schemas of what `care` answers."""

import sys
from typing import Annotated

from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation


@command
def schema(
    invocation: Invocation,  # noqa: ARG001 - every command takes it
    name: Annotated[
        list[str] | None,
        Argument(metavar="[NAME]...", help="A command, as tick or account list, or a definition, as case."),
    ] = None,
    lines: Annotated[bool, Option("--lines", help="Of a line of its JSON lines.")] = False,
) -> None:
    """Print the JSON Schema (2020-12) of every answer with --json, or of one.

    Needs neither actor nor database.

    care schema > care.schema.json

    care schema account list

    care schema log --lines
    """
    from carecli.errors import Invalid
    from carecli.render import json_text
    from carecli.render import schema as schemas

    if lines and not name:
        raise Invalid("--lines goes with a command", hint="care schema log --lines")
    document = schemas.one(" ".join(name), line=lines) if name else schemas.whole()
    json_text.write_json(document, sys.stdout)
