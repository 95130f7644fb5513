"""What a stranger wrote, made safe to show, and JSON that is safe to print."""

import re

from carecli.domain.legible import line, lines

__all__ = ["escaped", "line", "lines"]

_UNSAFE_IN_JSON = r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"


def escaped(json_text: str) -> str:
    """JSON of the same meaning that a terminal prints without obeying it."""
    # In ASCII only DEL is left to escape: most documents need no pattern compiled.
    if json_text.isascii() and "\x7f" not in json_text:
        return json_text
    return re.sub(_UNSAFE_IN_JSON, lambda match: f"\\u{ord(match[0]):04x}", json_text)
