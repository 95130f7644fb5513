"""Whether what a customer writes, by command or mail, asks for an incident report (INC-2).

It looks at the first lines alone, and wants a word of asking beside the name: a report that somebody thanks for,
has or does not want is not asked for.
"""

import re
from typing import Final

LINES: Final = 4
COLUMNS: Final = 400

_REPORT: Final = re.compile(r"\b(?:incident|rca|root[- ]cause)[- ](?:analysis[- ])?report\b", re.IGNORECASE)
_ASKING: Final = re.compile(
    r"\b(?:please|request(?:ing|ed)?|ask(?:ing)? for|need|require|want|would like|like to (?:have|receive|get)"
    r"|can (?:we|i|you)|could (?:we|i|you)|may (?:we|i)|send|provide|share|expecting|when (?:can|will|do))\b",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"\b(?:no|not|n't|never|without|thanks? (?:you )?for|thank you for|received|got|read|reviewed|attached)\b"
    r"|n't\b|\bexplain\b|\b(?:in|from) (?:the|your|this|that) (?:incident|rca|root)\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.!?;\n]+")


def asks(text: str) -> bool:
    """Whether one of the first sentences asks for an incident report; its name alone on a first line does, too."""
    lines = [line.strip() for line in text[: 10 * COLUMNS].splitlines() if line.strip()][:LINES]
    if lines and _REPORT.fullmatch(lines[0].rstrip(".!? ").removesuffix(" please").rstrip(",")):
        return True
    return any(_sentence(one) for line in lines for one in _SENTENCE.split(line[:COLUMNS]))


def _sentence(text: str) -> bool:
    return bool(_REPORT.search(text) and _ASKING.search(text) and not _NOT.search(text))
