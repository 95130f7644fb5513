"""The chain of the log, and where it is broken what was done to it as far as can be told (AUD-1).

Each event's digest is that of what it tells and of the digest before it. An event that does not fit behind the one
it stands behind is tried behind every other: so what was moved or put in is told from what was changed.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from carecli.domain.numbers import written
from carecli.domain.verify import Break, Difference, Part
from carecli.store import codec
from carecli.store.session import Connection, stream

_EVENTS: Final = f"SELECT {codec.EVENT_COLUMNS} FROM events WHERE position > ? ORDER BY position"  # noqa: S608
_SKIPS: Final = """SELECT number, before, seq, stood, position FROM (
    SELECT number, seq, position,
        lag(seq, 1, 0) OVER of_case AS before, lag(position, 1, 0) OVER of_case AS stood
    FROM events WINDOW of_case AS (PARTITION BY number ORDER BY seq)
) AS steps WHERE seq > before + 1 ORDER BY position LIMIT 100"""
_MOST: Final = 32
"""How many breaks are looked into; of any more it is said only where they are."""
_TRIES: Final = 2_000_000
"""How often an event is tried behind another one, at most: about four seconds."""
_BEGINNING: Final = 0
"""The place before the first event."""


class _Link(NamedTuple):
    """An event that does not fit behind the one before it; `gap` is the first place left free before it."""

    position: int
    number: int | None
    tail: str | None
    digest: str
    fitting: str | None
    gap: int | None


class _Run(NamedTuple):
    """Events that follow one another, from the place of the first to that of the last."""

    first: int
    last: int
    head: _Link | None
    behind: int | None
    """Where the event stands behind which the first was recorded; None where there is none on record."""


def breaks(db: Connection, last: int | None = None) -> Iterator[Difference]:
    """Events that are not what was appended there, one after the other; a break hides none behind it.

    With `last` only so many at the end are looked at.
    """
    yield from _before_the_first(db)
    links, end = _links(db, last)
    known = links[:_MOST]
    if known:
        behind = _predecessors(db, known)
        runs = _runs(known, behind, end)
        yield from sorted(_told(db, runs, _main(runs)), key=lambda found: found.event or 0)
    for link in links[_MOST:]:
        yield _found(link, Break.CHANGED, "is not what was recorded there")


def _before_the_first(db: Connection) -> Iterator[Difference]:
    """Events at places that no event was ever given, which no digest speaks for."""
    for position, number in db.execute("SELECT position, number FROM events WHERE position < 1 ORDER BY position"):
        told = "was put in: the log begins behind it"
        yield Difference(number, Part.EVENT, told, Break.PUT_IN, position)


def _links(db: Connection, last: int | None) -> tuple[list[_Link], int]:
    """Where the chain is broken, and the place of the last event."""
    place, digest, found = _beginning(db, last)
    for row in stream(db, _EVENTS, (place,)):
        position, number, own = row[0], row[1], row[-1]
        tail = _tail(row)
        fitting = _digest(digest, tail)
        if own != fitting or position != place + 1:
            gap = place + 1 if position != place + 1 else None
            found.append(_Link(position, number, tail, own, fitting, gap))
        place, digest = position, own
    return found, place


def _beginning(db: Connection, last: int | None) -> tuple[int, str, list[_Link]]:
    """Behind which event the look begins, its digest, and no break so far."""
    which = "SELECT position, digest FROM events ORDER BY position DESC LIMIT 1 OFFSET ?"
    found = None if last is None else db.execute(which, (last,)).fetchone()
    return (*(found or (_BEGINNING, codec.GENESIS)), [])


def _predecessors(db: Connection, links: Sequence[_Link]) -> dict[int, int]:
    """For each of these by its place, where the event stands that it was recorded behind.

    An event that fits only behind what the digest of another should be tells that this digest was changed.
    """
    found = {link.position: place for link in links for place, digest in _likely(links) if _fits(link, digest)}
    left = [link for link in links if link.position not in found]
    places = "SELECT position, digest FROM events"
    if left and db.execute("SELECT count(*) FROM events").fetchone()[0] * len(left) > _TRIES:
        # What is moved or put in by hand mostly comes from nearby.
        near = " OR ".join(f"abs(position - {link.position}) <= 1000" for link in left)
        places += f" WHERE {near}"
    for place, digest in stream(db, f"{places} ORDER BY position") if left else ():
        found.update({link.position: place for link in left if _fits(link, digest)})
    return found


def _likely(links: Sequence[_Link]) -> Iterator[tuple[int, str]]:
    yield _BEGINNING, codec.GENESIS
    for link in links:
        if link.fitting:
            yield link.position, link.fitting


def _fits(link: _Link, digest: str) -> bool:
    return link.tail is not None and _digest(digest, link.tail) == link.digest


def _runs(links: Sequence[_Link], behind: dict[int, int], end: int) -> list[_Run]:
    """The log cut at its breaks."""
    firsts = [link.position for link in links]
    lasts = [*(link.gap - 1 if link.gap else link.position - 1 for link in links[1:]), end]
    runs = [
        _Run(link.position, last, link, behind.get(link.position)) for link, last in zip(links, lasts, strict=True)
    ]
    begun = (links[0].gap or firsts[0]) - 1
    return [_Run(1, begun, None, _BEGINNING), *runs] if begun > _BEGINNING else runs


def _main(runs: Sequence[_Run]) -> dict[int, int]:
    """The longest way from an end of the log back to its beginning: the last place on it of each run, by index.

    What is proved to follow counts before what merely stands there.
    """

    def length(way: dict[int, int]) -> tuple[int, int, int]:
        events = {at: last - runs[at].first + 1 for at, last in way.items()}
        proved = sum(many for at, many in events.items() if runs[at].behind is not None)
        return proved, sum(events.values()), max(way)

    return max((_way(runs, end) for end in range(len(runs))), key=length)


def _way(runs: Sequence[_Run], end: int) -> dict[int, int]:
    firsts = [run.first for run in runs]
    at, last, way = end, runs[end].last, dict[int, int]()
    while at >= 0 and at not in way:
        way[at] = last
        behind = runs[at].behind
        if behind is None:  # nothing says otherwise
            at -= 1
            last = runs[at].last
        else:
            at, last = bisect_right(firsts, behind) - 1 if behind else -1, behind
    return way


def _told(db: Connection, runs: Sequence[_Run], main: dict[int, int]) -> Iterator[Difference]:
    strange = [(main.get(at, run.first - 1) + 1, run.last) for at, run in enumerate(runs)]
    foreign = [(first, last) for first, last in strange if first <= last]
    changed = {run.behind for run in runs if run.behind and _redigested(runs, run)}
    skips: list[Any] = db.execute(_SKIPS).fetchall()
    for first, last in foreign:
        yield from _put_in(db, first, last)
    for at, run in enumerate(runs):
        if run.head is None or at not in main:
            continue
        if run.head.gap:
            yield from _gap(run.head, run.behind)
        elif run.first in changed:
            yield _found(run.head, Break.DIGEST, "its digest was changed; what it tells is what was recorded")
        elif run.behind is None:
            yield _altered(run, skips)
        elif run.behind not in changed and not _explained(run, foreign):
            yield _moved(run.head, run.behind)


def _redigested(runs: Sequence[_Run], run: _Run) -> bool:
    """Whether a run goes on behind what the digest of an event should be, and not behind the one it has."""
    other = next((one.head for one in runs if one.head and one.first == run.behind), None)
    return bool(other and other.fitting and run.head and _fits(run.head, other.fitting) and not other.gap)


def _explained(run: _Run, foreign: Sequence[tuple[int, int]]) -> bool:
    """Whether a run stands where it was recorded, but for what was put in before it."""
    place = run.behind or _BEGINNING
    while place + 1 < run.first:
        place = next((last for first, last in foreign if first == place + 1), run.first)
    return place + 1 == run.first and (run.behind or _BEGINNING) < run.first


def _put_in(db: Connection, first: int, last: int) -> Iterator[Difference]:
    rows = db.execute("SELECT position, number FROM events WHERE position BETWEEN ? AND ?", (first, last))
    for position, number in rows:
        told = "was put in: what follows was recorded without it"
        yield Difference(number, Part.EVENT, told, Break.PUT_IN, position)


def _gap(link: _Link, behind: int | None) -> Iterator[Difference]:
    first, last = link.gap or 1, link.position - 1
    if last < first:
        yield Difference(link.number, Part.EVENT, "stands out of order", Break.MOVED, link.position)
        return
    which = f"event {first} is" if first == last else f"events {first} to {last} are"
    if behind == first - 1:
        told = f"{which} no more than numbers left out: the next one follows all the same"
        yield Difference(link.number, Part.EVENT, told, Break.RENUMBERED, first)
        return
    yield Difference(None, Part.EVENT, f"{which} missing from the log", Break.MISSING, first)


def _altered(run: _Run, skips: Sequence[Any]) -> Difference:
    assert run.head is not None, "a run of the middle begins with a break"
    if run.head.tail is None:
        return _found(run.head, Break.CHANGED, "is not what was recorded there: it cannot be read")
    lost = [
        f"event {_span(before, seq)} of {'the desk' if number is None else f'case {written(number)}'}"
        for number, before, seq, stood, position in skips
        if stood < run.first <= position
    ]
    if lost:
        told = (
            f"an event before it was taken out: {', '.join(lost[:3])} {'is' if len(lost) == 1 else 'are'} missing"
        )
        return _found(run.head, Break.MISSING, told)
    one = "it was changed, or the one before it with its digest, or one between them was taken out"
    return _found(run.head, Break.CHANGED, f"is not what was recorded there: {one}")


def _span(before: int, seq: int) -> str:
    return str(before + 1) if seq == before + 2 else f"{before + 1} to {seq - 1}"


def _moved(link: _Link, behind: int) -> Difference:
    where = f"right behind what is now event {behind}" if behind else "as the first of all"
    return _found(link, Break.MOVED, f"was recorded {where}: it was moved, or what stands between")


def _found(link: _Link, name: Break, what: str) -> Difference:
    return Difference(link.number, Part.EVENT, what, name, link.position)


def _tail(row: Sequence[Any]) -> str | None:
    """What of an event's row is chained behind the digest before it; None for what was never written so."""
    _, *content, data, _ = row
    try:
        return f"{codec.canonical(content)[1:-1]},{data}]"
    except (TypeError, ValueError):
        return None


def _digest(previous: str, tail: str | None) -> str | None:
    """The digest that an event's row should carry, from its bare text."""
    if tail is None:
        return None
    try:
        return codec.text_hash(f"[{codec.canonical(previous)},{tail}")
    except ValueError:
        return None
