"""What a stranger wrote, made safe to show: no control characters, escape sequences or hidden direction marks."""

import re

# Patterns are compiled when first used: many commands start, and few show strangers' text.
# An escape sequence goes as a whole, so that "\x1b[31mred" does not leave "[31mred" behind.
_ESCAPES = (
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)"  # OSC, DCS: titles, links; only where they end
    r"|\x1b[ -/]*[0-~]?"
)
_BREAKS = r"\r\n?|[\x0b\x0c\x85\u2028\u2029]"
# C0 but for tab and line feed, DEL and C1, overrides and isolates of writing direction, lone surrogates.
_HIDDEN = r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
_UNSAFE_IN_JSON = r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"


def lines(text: str) -> str:
    """The text with its line breaks and tabs, and nothing else that a terminal would obey."""
    if text.isprintable():
        return text
    return re.sub(_HIDDEN, "", re.sub(_BREAKS, "\n", re.sub(_ESCAPES, "", text)))


def line(text: str) -> str:
    """The text in one line."""
    return " ".join(lines(text).split("\n")).replace("\t", " ")


def escaped(json_text: str) -> str:
    """JSON of the same meaning that a terminal prints without obeying it."""
    # In ASCII only DEL is left to escape: most documents need no pattern compiled.
    if json_text.isascii() and "\x7f" not in json_text:
        return json_text
    return re.sub(_UNSAFE_IN_JSON, lambda match: f"\\u{ord(match[0]):04x}", json_text)
