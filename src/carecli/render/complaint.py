"""An error as whoever called reads it: a document for scripts, a message with its remedy for people."""

from carecli.errors import CareError
from carecli.render import json_text, legible


def complaint(error: CareError, *, json: bool) -> str:
    """What goes to standard error, with its line break."""
    if json:
        return json_text.json_text(error.document()) + "\n"
    lines = "".join(f"  {legible.line(line)}\n" for line in error.lines)
    hint = f"  {legible.line(error.hint)}\n" if error.hint else ""
    return f"care: {legible.line(error.message)}\n{lines}{hint}"
