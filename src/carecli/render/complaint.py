"""An error as whoever called reads it: a document for scripts, a message with its remedy for people."""

from typing import Final

from carecli.errors import CareError
from carecli.render import json_text, legible

MOST: Final = 1_000
"""How long a message is at most: it repeats what was typed, which may be a whole file."""


def complaint(error: CareError, *, json: bool) -> str:
    """What goes to standard error, with its line break."""
    if json:
        return json_text.json_text(error.document()) + "\n"
    lines = "".join(f"  {_line(line)}\n" for line in error.lines)
    hint = f"  {_line(error.hint)}\n" if error.hint else ""
    return f"care: {_line(error.message)}\n{lines}{hint}"


def _line(text: str) -> str:
    shown = legible.line(text)
    return shown if len(shown) <= MOST else f"{shown[:MOST]}…"
