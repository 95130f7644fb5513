"""What speaks for a log that was cut at its end: the chain of what is left would not show it (AUD-1)."""

import sqlite3
from collections.abc import Iterator
from typing import Final

_AHEAD: Final = """SELECT c.number, json_extract(c.state, '$.seq'), e.last FROM cases AS c
    LEFT JOIN (SELECT number, max(seq) AS last FROM events GROUP BY number) AS e ON e.number = c.number
    WHERE json_valid(c.state) AND typeof(json_extract(c.state, '$.seq')) = 'integer'
        AND json_extract(c.state, '$.seq') > coalesce(e.last, 0) ORDER BY c.number LIMIT 3"""
_PLACES: Final = {
    "the last tick": "SELECT document ->> 'position' FROM desk WHERE name = 'last tick' AND json_valid(document)",
    "a log brought in": "SELECT document ->> 'position' FROM desk WHERE name = 'adopted' AND json_valid(document)",
    "learning components": "SELECT position FROM component_progress",
    "a backup": "SELECT max(position) FROM backups",
}
"""Who has seen how much of the log."""
_LAST: Final = "SELECT coalesce(max(position), 0), coalesce(max(number), 0) FROM events"


def signs(db: sqlite3.Connection, *, cases: bool = True) -> Iterator[str]:
    """Whoever has seen more of the log than there is; the rows of `cases` take longer to look through."""
    length, last = db.execute(_LAST).fetchone()
    for who, place in _PLACES.items():
        (seen,) = db.execute(place).fetchone() or (None,)
        if isinstance(seen, int) and seen > length:
            yield f"{who} saw {seen:,} events, the log has {length:,}"
    (given,) = db.execute("SELECT max(value) FROM counters WHERE name = 'case'").fetchone()
    if given is not None and given > last:
        yield f"case {given} was given out, the last that the log tells of is {last}"
    for number, seq, told in db.execute(_AHEAD) if cases else ():
        yield f"case {number} is stored as after its event {seq}, its last is {told or 0}"
