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
# C0 but for tab and line feed, DEL and C1, overrides and isolates of writing direction, lone surrogates; and what
# nobody sees, so that two names look the same: blanks of no width, soft hyphens, tags. Languages need joiners.
_HIDDEN = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
_ACCENTS = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U000e0100-\U000e01ef"
)
# No writing puts more than a few accents on a letter; a hundred of them are written over the lines around.
_FLOOD = f"([{_ACCENTS}]{{8}})[{_ACCENTS}]+"


def lines(text: str) -> str:
    """The text with its line breaks and tabs, and nothing else that a terminal would obey."""
    if not text.isprintable():
        text = re.sub(_HIDDEN, "", re.sub(_BREAKS, "\n", re.sub(_ESCAPES, "", text)))
    return text if text.isascii() else re.sub(_FLOOD, r"\1", text)


def line(text: str) -> str:
    """The text in one line."""
    return " ".join(lines(text).split("\n")).replace("\t", " ")
