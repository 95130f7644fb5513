"""The answer to a shell that completes a word: it must be quick, and never in the way."""

import sys
from typing import Annotated

from carecli.commands.declared import Argument, command
from carecli.commands.invocation import Invocation
from carecli.errors import CareError


@command
def complete(
    invocation: Invocation,
    kind: Annotated[str, Argument(metavar="KIND", help="What is typed: a case, a contact, an account.")],
    prefix: Annotated[str, Argument(metavar="PREFIX", help="How it begins.")] = "",
) -> None:
    """Tell what may stand there, a line each: the word, a tab, and what it means.

    Whatever goes wrong, there is no answer and no complaint: somebody is typing.
    """
    from carecli.desk.complete import candidates

    try:
        found = candidates(invocation.config, kind, prefix)
    except (CareError, OSError):
        return
    if invocation.json:
        from carecli.render import json_text

        json_text.write_json({"candidates": [candidate._asdict() for candidate in found]}, sys.stdout)
        return
    # What a terminal could obey is no name, and cannot be typed.
    sys.stdout.writelines(f"{value}\t{_legible(told)}\n" for value, told in found if value.isprintable())


def _legible(text: str) -> str:
    if text.isprintable():
        return text
    from carecli.render import legible

    return legible.line(text)
