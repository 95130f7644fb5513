"""Bars: attainment against its goal, and amounts beside each other (RPT-1). Values in, a drawing out."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from carecli.render.drawing import TEXT, Box, Dot, Drawing, Label, Line, cut, extent

WIDTH: Final = 360
"""All pictures are as wide, so that their letters are as large."""
SMALL: Final = 12
_ROW: Final = 42
_BAR: Final = 10
_GAP: Final = 12
_HEAD: Final = 30


class Mark(NamedTuple):
    """A second figure on a bar, in tenths of a percent, and how it is told."""

    tenths: int
    said: str


class Bar(NamedTuple):
    """An attainment in tenths of a percent, and how it is told; None where nothing was decided.

    `goal` is in percent. `adjusted` and `other` stand only where they differ: without the stretches exempted, and
    under another policy.
    """

    label: str
    said: str
    tenths: int | None
    goal: int | None = None
    adjusted: Mark | None = None
    other: Mark | None = None
    short: bool = False
    """Whether it misses the goal."""


class Group(NamedTuple):
    """A row of the matrix: what it is of, and a bar for each column, None where it has no such clock."""

    label: str
    bars: tuple[Bar | None, ...]


class Amount(NamedTuple):
    """A count or a length of time, and how it is told."""

    label: str
    size: int
    said: str
    kind: str = "amount"


class Part(NamedTuple):
    """Amounts under a heading of their own, measured by the longest of all parts."""

    title: str
    amounts: tuple[Amount, ...]


def attainment(name: str, title: str, bars: Sequence[Bar]) -> Drawing:
    """A bar of full width for each attainment, from 0 to 100 %, with its goal as a line across it."""
    height = _ROW * len(bars) + 10
    shapes = _Shapes()
    for place, bar in enumerate(bars):
        top = place * _ROW
        room = WIDTH - extent(bar.said) - _GAP
        shapes.labels.append(Label(0, top + TEXT, cut(bar.label, room), kind="label strong"))
        shapes.labels.append(Label(WIDTH, top + TEXT, bar.said, "end"))
        shapes.bar(bar, 0, top + 20, WIDTH, _BAR)
    shapes.labels.extend(_scale(height))
    return shapes.drawing(name, title, "; ".join(map(_told, bars)), height)


def matrix(name: str, title: str, columns: Sequence[str], groups: Sequence[Group]) -> Drawing:
    """A row for each group, a column for each metric: to compare down the page."""
    shapes = _Shapes()
    width = (WIDTH - _GAP * (len(columns) - 1)) // max(1, len(columns))
    starts = [place * (width + _GAP) for place in range(len(columns))]
    shapes.labels.extend(
        Label(x, TEXT, cut(of, width), kind="label quiet") for x, of in zip(starts, columns, strict=True)
    )
    for place, group in enumerate(groups):
        top = 22 + place * (_ROW + _GAP)
        shapes.lines.append(Line(0, top, WIDTH, top, "rule"))
        shapes.labels.append(Label(0, top + 16, cut(group.label, WIDTH), kind="label strong"))
        for x, bar in zip(starts, group.bars, strict=True):
            if bar is not None:
                shapes.labels.append(Label(x, top + 32, bar.said))
                shapes.bar(bar, x, top + 37, width, 8)
    words = (f"{group.label}: " + ", ".join(_columns(columns, group)) for group in groups)
    return shapes.drawing(name, title, "; ".join(words), 22 + len(groups) * (_ROW + _GAP))


def amounts(name: str, title: str, parts: Sequence[Part]) -> Drawing:
    """A bar for each amount, of a length in proportion to the largest."""
    most = max((one.size for part in parts for one in part.amounts), default=0) or 1
    shapes, top = _Shapes(), 0
    for part in parts:
        if part.title:
            shapes.labels.append(Label(0, top + TEXT, cut(part.title, WIDTH), kind="label strong"))
            top += 24
        beside = max((extent(one.label) for one in part.amounts), default=0)
        top = _beside(shapes, part, min(beside, WIDTH // 2), most, top)
        top += _GAP
    return shapes.drawing(name, title, "; ".join(_parts_told(parts)), max(1, top - _GAP))


def _beside(shapes: "_Shapes", part: Part, beside: int, most: int, top: int) -> int:
    """The amounts of a part, their names at the left; gives where the next begins."""
    start = beside + _GAP
    room = WIDTH - start - max((extent(one.said) for one in part.amounts), default=0) - 8
    for one in part.amounts:
        shapes.labels.append(Label(beside, top + TEXT, cut(one.label, beside), "end"))
        length = max(1, room * one.size // most) if one.size else 0
        if length:
            shapes.boxes.append(Box(start, top + 2, length, 14, f"says {one.kind}"))
        shapes.labels.append(Label(start + (length + 8 if length else 0), top + TEXT, one.said))
        top += 24
    return top


class _Shapes:
    """What a picture collects while it is drawn."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.lines: list[Line] = []
        self.dots: list[Dot] = []
        self.labels: list[Label] = []

    def bar(self, bar: Bar, x: int, y: int, width: int, high: int) -> None:
        """One attainment on its track, with what it would be adjusted, under another policy, and the goal.

        Where nothing is decided nothing is drawn: an empty track would say that nothing was kept.
        """
        if bar.tenths is None and bar.adjusted is None and bar.other is None:
            return
        self.boxes.append(Box(x, y, width, high, "track"))
        raw = _along(bar.tenths, width)
        if raw:
            self.boxes.append(Box(x, y, raw, high, "says short" if bar.short else "says kept"))
        if bar.adjusted is not None:
            to = _along(bar.adjusted.tenths, width)
            least, most = min(raw, to), max(raw, to)
            self.boxes.append(Box(x + least, y, max(2, most - least), high, "says adjusted"))
        if bar.other is not None:
            self.dots.append(Dot(x + _along(bar.other.tenths, width), y + high // 2, 5, "says other"))
        if bar.goal is not None:
            at = x + _along(bar.goal * 10, width)
            self.lines.append(Line(at, y - 4, at, y + high + 4, "casing"))
            self.lines.append(Line(at, y - 4, at, y + high + 4, "says goal"))

    def drawing(self, name: str, title: str, words: str, height: int) -> Drawing:
        """What was collected, as a picture."""
        kept = tuple(self.boxes), tuple(self.lines), (), tuple(self.dots), tuple(self.labels)
        return Drawing(name, title, words, WIDTH, height, *kept)


def _along(tenths: int | None, width: int) -> int:
    return 0 if tenths is None else tenths * width // 1000


def _scale(height: int) -> Iterator[Label]:
    yield Label(0, height - 4, "0 %", kind="label quiet small")
    yield Label(WIDTH // 2, height - 4, "50 %", "middle", "label quiet small")
    yield Label(WIDTH, height - 4, "100 %", "end", "label quiet small")


def _columns(columns: Sequence[str], group: Group) -> Iterator[str]:
    for column, bar in zip(columns, group.bars, strict=True):
        if bar is not None:
            yield _told(bar._replace(label=column))


def _told(bar: Bar) -> str:
    """`Restoration 93.1 %, goal 95 %, adjusted 95.4 %`."""
    goal = f", {'below the goal of' if bar.short else 'goal'} {bar.goal} %" if bar.goal is not None else ""
    adjusted = f", adjusted {bar.adjusted.said}" if bar.adjusted is not None else ""
    other = f", under the other policy {bar.other.said}" if bar.other is not None else ""
    return f"{bar.label} {bar.said}{goal}{adjusted}{other}"


def _parts_told(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        told = "; ".join(f"{one.label}: {one.said}" for one in part.amounts)
        yield f"{part.title}: {told}" if part.title else told
