"""The course of a clock as a picture: a row a day, by the calendar's wall clock, with what falls on it (TICK-3).

Days stand below one another, so that a month of them fits a telephone; hours in which nothing counts are cut off.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.counting import counted
from carecli.domain.ledger import Line as Stretch
from carecli.domain.ledger import Mark
from carecli.render import drawing
from carecli.render.drawing import Box, Dot, Drawing, Label, Line
from carecli.render.explain_ledger import Proof, dated, exact

WIDTH, LEFT, RIGHT, SIZE = 360, 68, 96, 12
"""The whole, the room of the days, the room of what falls on them, and the size of the letters."""
AREA: Final = WIDTH - LEFT - RIGHT
HEAD, ROW, MORE = 22, 22, 15
MOST_ROWS: Final = 40
AROUND: Final = 3
"""So many days around each mark are shown where there are too many for all."""
_DAY: Final = 1_440
_STEPS: Final = (5, 15, 30, 60, 120, 180, 240, 360)
_MOST_TICKS: Final = 4
_HEIGHTS: Final = {"counts": 14, "ahead": 14, "over": 14, "paused": 10, "exempt": 10, "still": 4, "closed": 2}
WORDS: Final = {
    "warn": "warns",
    "allowance": "used up",
    "due": "DUE",
    "met": "met",
    "cancelled": "cancelled",
    "now": "now",
}
"""What is written beside a mark."""
KEYS: Final = {
    "counts": "counts",
    "ahead": "would still count, up to the due time",
    "over": "counts past the due time",
    "paused": "paused",
    "exempt": "exempted",
    "still": "stood still",
    "closed": "closed",
}
"""What a shape says."""


class Piece(NamedTuple):
    """What is to say of some minutes of a day, from midnight on."""

    start: int
    end: int
    kind: str
    holiday: str | None
    counted_s: int


class Row(NamedTuple):
    """A local date with what is on it."""

    day: date
    pieces: tuple[Piece, ...]
    marks: tuple[tuple[int, Mark], ...]

    @property
    def counted_s(self) -> int:
        """What it counts."""
        return sum(piece.counted_s for piece in self.pieces)


class Scale(NamedTuple):
    """The minutes of a day that are shown, with a tick each `step`."""

    first: int
    last: int
    step: int

    def x(self, minute: int) -> int:
        """Where a minute of the day lies; what is cut off lies at the edge."""
        inside = min(max(minute, self.first), self.last)
        return LEFT + (inside - self.first) * AREA // (self.last - self.first)


def picture(name: str, title: str, proof: Proof, zone: str) -> Drawing:
    """The picture of a proof that has lines, under an id of the page."""
    rows = _rows(proof, zone)
    scale = _scale(rows)
    made = Drawing(name, title, words(proof, zone), WIDTH, HEAD, labels=tuple(_ticks(scale)))
    for shown in _shown(rows):
        made = _with_row(made, shown, scale) if len(shown) == 1 else _with_gap(made, shown)
    high = made.height - HEAD + 4
    grid = tuple(Box(scale.x(minute), HEAD - 4, 1, high, "grid") for minute in _minutes(scale))
    return made._replace(height=made.height + 4, boxes=grid + made.boxes)


def keys(made: Drawing) -> list[tuple[str, str]]:
    """What the shapes of a picture say, of those that it has."""
    there = {box.kind.split(" ")[0] for box in made.boxes}
    return [(kind, words) for kind, words in KEYS.items() if kind in there]


def words(proof: Proof, zone: str) -> str:
    """The same in words: what counts, what does not, and what falls on it."""
    sums = {
        kind: sum(int((line.end - line.start).total_seconds()) for line in proof.lines if line.kind == kind)
        for kind in ("paused", "exempt")
    }
    total = next(mark.sum_s for mark in proof.marks if mark.name == "due")
    told = [f"counted from {dated(proof.lines[0].start, zone)}" if proof.lines else "nothing counts"]
    told += [f"{KEYS[kind]} {exact(amount)}" for kind, amount in sums.items() if amount]
    told += [f"{WORDS[mark.name].lower()} {dated(mark.at, zone)}" for mark in proof.marks]
    return f"{'; '.join(told)}; {exact(total)} counted by the due time. The table below has every stretch."


def _rows(proof: Proof, zone: str) -> list[Row]:
    tz = ZoneInfo(zone)
    pieces = [(day, piece) for line in proof.lines for day, piece in _by_day(line, tz)]
    marks = [(at.date(), (_minute(at), mark)) for mark in proof.marks for at in [mark.at.astimezone(tz)]]
    days = sorted({day for day, _ in pieces} | {day for day, _ in marks})
    return [
        Row(
            day,
            tuple(piece for on, piece in pieces if on == day),
            tuple(mark for on, mark in marks if on == day),
        )
        for day in days
    ]


def _by_day(line: Stretch, tz: ZoneInfo) -> Iterator[tuple[date, Piece]]:
    """A line cut at local midnights."""
    at = line.start
    while at < line.end:
        local = at.astimezone(tz)
        midnight = datetime.combine(local.date() + timedelta(days=1), time(), tz)
        stop = min(line.end, midnight.astimezone(at.tzinfo))
        ends = _DAY if stop == midnight else _minute(stop.astimezone(tz))
        counts = int((stop - at).total_seconds()) if line.counted_s else 0
        yield local.date(), Piece(_minute(local), ends, _kind(line), line.holiday, counts)
        at = stop


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _read(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _kind(line: Stretch) -> str:
    if line.counted_s:
        return {"used": "counts", "left": "ahead", "over": "over"}[line.part]
    return line.kind if line.kind in {"paused", "exempt", "closed"} else "still"


def _scale(rows: Sequence[Row]) -> Scale:
    """All hours that count, or hold a mark; where all is in one day, no more than there is."""
    pieces = [piece for row in rows for piece in row.pieces]
    telling = pieces if len(rows) == 1 else [piece for piece in pieces if piece.counted_s]
    at = [minute for row in rows for minute, _ in row.marks]
    first = min([*at, *(piece.start for piece in telling)])
    last = max([*at, *(piece.end for piece in telling)])
    step = next((step for step in _STEPS if last - first <= _MOST_TICKS * step), _STEPS[-1])
    first = first // step * step
    return Scale(first, min(_DAY, max(-(-last // step) * step, first + step)), step)


def _minutes(scale: Scale) -> Iterable[int]:
    return range(scale.first, scale.last + 1, scale.step)


def _ticks(scale: Scale) -> Iterator[Label]:
    for minute in _minutes(scale):
        yield Label(scale.x(minute), HEAD - 8, _read(minute), "middle", "time")


def _shown(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows one by one; where there are too many, those far from every mark together."""
    telling = [place for place, row in enumerate(rows) if row.marks or not place]
    near = {place + off for place in telling for off in range(-AROUND, AROUND + 1)}
    for far, group in groupby(enumerate(rows), key=lambda placed: len(rows) > MOST_ROWS and placed[0] not in near):
        found = [row for _, row in group]
        yield from [found] if far else [[row] for row in found]


def _with_gap(made: Drawing, rows: Sequence[Row]) -> Drawing:
    text = f"{counted(len(rows), 'day')}, {exact(sum(row.counted_s for row in rows))} counted"
    y = made.height + 15
    labels = (Label(4, y, "…", kind="time"), Label(LEFT + 4, y, text, kind="time"))
    return made._replace(height=made.height + ROW, labels=made.labels + labels)


def _with_row(made: Drawing, rows: Sequence[Row], scale: Scale) -> Drawing:
    (row,), top = rows, made.height
    high = ROW + MORE * max(0, len(row.marks) - 1)
    labels = [Label(0, top + 15, f"{row.day:%a %m-%d}")]
    labels += [
        Label(WIDTH - RIGHT + 8, top + 15 + MORE * place, f"{WORDS[mark.name]} {_read(minute)}")
        for place, (minute, mark) in enumerate(row.marks)
    ]
    labels += _named(row, top, scale)
    return made._replace(
        height=top + high,
        boxes=made.boxes + tuple(_boxes(row, top, scale)),
        lines=made.lines + tuple(_mark_lines(row, top, scale)),
        dots=made.dots + tuple(_mark_dots(row, top, scale)),
        labels=made.labels + tuple(labels),
    )


def _named(row: Row, top: int, scale: Scale) -> Iterator[Label]:
    """The holiday that a day is."""
    name = next((piece.holiday for piece in row.pieces if piece.holiday and piece.kind == "closed"), None)
    if name:
        yield Label(scale.x(0) + 4, top + 15, drawing.cut(name, AREA - 8, SIZE), kind="time")


def _boxes(row: Row, top: int, scale: Scale) -> Iterator[Box]:
    named = any(piece.holiday and piece.kind == "closed" for piece in row.pieces)
    for piece in row.pieces:
        x, to_x = scale.x(piece.start), scale.x(piece.end)
        if x == to_x and not piece.counted_s:
            continue
        if named and piece.kind == "closed":
            continue
        high = _HEIGHTS[piece.kind]
        yield Box(x, top + 11 - high // 2, max(2, to_x - x), high, f"{piece.kind} says")


def _mark_lines(row: Row, top: int, scale: Scale) -> Iterator[Line]:
    for minute, mark in row.marks:
        if mark.name in {"warn", "allowance", "due"}:
            x = scale.x(minute)
            yield Line(x, top + 1, x, top + ROW - 1, f"{mark.name} says")


def _mark_dots(row: Row, top: int, scale: Scale) -> Iterator[Dot]:
    for minute, mark in row.marks:
        if mark.name in {"met", "cancelled", "now"}:
            yield Dot(scale.x(minute), top + 11, 5, f"{mark.name} says")
