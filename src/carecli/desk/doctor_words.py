"""How the doctor's findings put things: names in a sentence, lengths of time, paths for a shell."""

from collections.abc import Iterable
from datetime import datetime

from carecli.domain.health import Finding, Pulse, State

NAMED_MOST = 5
"""How many names a sentence holds."""


def fine(check: str, what: str) -> Finding:
    """A check that found nothing wrong."""
    return Finding(check, State.FINE, what)


def few(names: Iterable[str]) -> str:
    """The first names of several, and how many more there are."""
    known = list(names)
    more = len(known) - NAMED_MOST
    return ", ".join(known[:NAMED_MOST]) + (f" and {more} more" if more > 0 else "")


def since(pulse: Pulse, at: datetime) -> str:
    """How long ago that was."""
    return minutes(int((pulse.now - at).total_seconds()))


def minutes(seconds: int) -> str:
    """A length of time without its seconds."""
    hours, rest = divmod(seconds // 60, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days}d" if days else "", f"{hours}h" if hours else "", f"{rest}m" if rest and not days else ""]
    return " ".join(filter(None, parts)) or f"{seconds}s"


def quoted(path: str) -> str:
    """A path as a shell takes it."""
    from shlex import quote

    return quote(path)
