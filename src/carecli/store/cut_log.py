"""What speaks for a log that was cut at its end: the chain of what is left would not show it (AUD-1)."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from carecli.store.session import Connection

_NOTED: Final = {"the last tick": "last tick", "a log brought in": "adopted"}
_PLACES: Final = {
    "learning components": "SELECT position FROM component_progress",
    "a backup": "SELECT max(position) FROM backups",
}
"""Who has seen how much of the log."""
_LAST: Final = "SELECT coalesce(max(position), 0), coalesce(max(number), 0) FROM events"


def signs(db: Connection, ahead: str) -> Iterator[str]:
    """Whoever has seen more of the log than there is.

    `ahead` finds cases stored as after an event that their history lacks: number, that event, their last one. It
    is empty where these are not looked for, which takes longer.
    """
    length, last = db.execute(_LAST).fetchone()
    for who, seen in _seen(db):
        if isinstance(seen, int) and seen > length:
            yield f"{who} saw {seen:,} events, the log has {length:,}"
    (given,) = db.execute("SELECT max(value) FROM counters WHERE name = 'case'").fetchone()
    if given is not None and given > last:
        yield f"case {given} was given out, the last that the log tells of is {last}"
    for number, seq, told in db.execute(ahead) if ahead else ():
        yield f"case {number} is stored as after its event {seq}, its last is {told or 0}"


def _seen(db: Connection) -> Iterator[tuple[str, Any]]:
    for who, name in _NOTED.items():
        (document,) = db.execute("SELECT document FROM desk WHERE name = ?", (name,)).fetchone() or ("{}",)
        seen = None
        # What cannot be read is told of as a setting.
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            seen = json.loads(document).get("position")
        yield who, seen
    for who, place in _PLACES.items():
        yield who, (db.execute(place).fetchone() or (None,))[0]
