"""Names of the members of archives: listings show them, so they are looked through as texts are (ATT-2)."""

from typing import NamedTuple

from carecli.domain.filenames import spaced
from carecli.files.scanning.looking import Look, Ready, Seen


class Name(NamedTuple):
    """A member's name: its path as it is told, with what was found in it hidden, and its name in a copy."""

    path: str
    copied: str


def seen_in(name: str, ready: Ready) -> tuple[list[Seen], str]:
    """What was found in a name as it stands, else in its words without its ending, which comes back too."""
    for text, rest in dict.fromkeys(((name, ""), spaced(name))):
        seen = list(Look(ready).through([text]))
        if any(each.matches for each in seen):
            return seen, rest
    return [], ""


def path(outer: str | None, name: str) -> str:
    """Where a member lies, within the archives around it."""
    named = name[:256] or "?"
    return named if outer is None else f"{outer}/{named}"
