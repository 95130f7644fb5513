"""A course over periods: how many cases were opened, and how each metric was kept (RPT-1)."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from carecli.render.drawing import TEXT, Box, Course, Dot, Drawing, Label, Line, cut, extent
from carecli.render.report.charts import WIDTH

_LEFT: Final = 46
_RIGHT: Final = WIDTH - 6
_PLOT: Final = 76
_PANEL: Final = _PLOT + 46
_DOTS: Final = 40
"""So many periods at most have a mark each."""


class Point(NamedTuple):
    """An attainment in tenths of a percent, and how it is told; None where nothing was decided."""

    tenths: int | None
    said: str
    short: bool = False
    """Whether it misses the goal."""


class Panel(NamedTuple):
    """An attainment for each period, with its goal in percent; `adjusted` and `other` only where they differ."""

    title: str
    points: tuple[Point, ...]
    goal: int | None = None
    adjusted: tuple[int | None, ...] = ()
    other: tuple[int | None, ...] = ()

    @property
    def tenths(self) -> tuple[int | None, ...]:
        """The figures alone."""
        return tuple(point.tenths for point in self.points)


def trend(name: str, title: str, periods: Sequence[str], cases: Sequence[int], panels: Sequence[Panel]) -> Drawing:
    """The cases opened as columns, and under them a line for each metric, over the same periods."""
    labels, lines = [*_counted(cases)], [Line(_LEFT, _base(0), _RIGHT, _base(0), "axis")]
    courses: list[Course] = []
    dots: list[Dot] = []
    for place, panel in enumerate(panels, 1):
        floor = _floor(panel)
        labels.extend(_heading(panel, periods, place))
        lines.extend(_ruled(panel, floor, place))
        labels.extend(_heights(floor, place))
        courses.extend(_courses(panel, floor, place))
        dots.extend(_dots(panel, floor, place))
    height = _base(len(panels)) + 24
    labels.extend(_dates(periods, height))
    shapes = tuple(_columns(cases)), tuple(lines), tuple(courses), tuple(dots), tuple(labels)
    return Drawing(name, title, "; ".join(_told(periods, cases, panels)), WIDTH, height, *shapes)


def _base(place: int) -> int:
    """Where the plot of a panel stands."""
    return place * _PANEL + 24 + _PLOT


def _across(place: int, of: int) -> int:
    """Where a period lies: in the middle of its share of the width."""
    return _LEFT + (2 * place + 1) * (_RIGHT - _LEFT) // (2 * of)


def _up(tenths: int, floor: int, place: int) -> int:
    return _base(place) - (tenths - floor * 10) * _PLOT // (1000 - floor * 10)


def _floor(panel: Panel) -> int:
    """The percentage at the foot of a panel: the full ten below the lowest, and never above 80."""
    known = [one for one in (*panel.tenths, *panel.adjusted, *panel.other) if one is not None]
    known += [] if panel.goal is None else [panel.goal * 10]
    return max(0, min(80, (min(known, default=800) - 1) // 100 * 10))


def _columns(cases: Sequence[int]) -> Iterator[Box]:
    most, share = max(cases, default=0) or 1, (_RIGHT - _LEFT) // max(1, len(cases))
    wide = max(1, min(28, share * 7 // 10))
    for place, count in enumerate(cases):
        high = -(-count * _PLOT // most)
        if high:
            yield Box(_across(place, len(cases)) - wide // 2, _base(0) - high, wide, high, "says amount")


def _counted(cases: Sequence[int]) -> Iterator[Label]:
    most = max(cases, default=0)
    yield Label(0, TEXT, "Cases opened", kind="label strong")
    yield Label(WIDTH, TEXT, f"{sum(cases):,} in all, at most {most:,}", "end", "label quiet")
    yield Label(_LEFT - 6, _base(0), "0", "end", "label quiet small")


def _heading(panel: Panel, periods: Sequence[str], place: int) -> Iterator[Label]:
    top = place * _PANEL + TEXT
    yield Label(0, top, panel.title, kind="label strong")
    told = zip(panel.points, periods, strict=True)
    known = [(one.tenths, when, one.said) for one, when in told if one.tenths is not None]
    if known:
        _, when, least = min(known)
        said = cut(f"lowest {least} in {when}", WIDTH - extent(panel.title) - 12)
        yield Label(WIDTH, top, said, "end", "label quiet")
    else:
        yield Label(WIDTH, top, "nothing decided", "end", "label quiet")


def _heights(floor: int, place: int) -> Iterator[Label]:
    yield Label(_LEFT - 6, _base(place) - _PLOT + 5, "100 %", "end", "label quiet small")
    yield Label(_LEFT - 6, _base(place) + 2, f"{floor} %", "end", "label quiet small")


def _ruled(panel: Panel, floor: int, place: int) -> Iterator[Line]:
    for y in (_base(place) - _PLOT, _base(place)):
        yield Line(_LEFT, y, _RIGHT, y, "axis")
    if panel.goal is not None:
        y = _up(panel.goal * 10, floor, place)
        yield Line(_LEFT, y, _RIGHT, y, "says goal level")


def _points(tenths: Sequence[int | None], floor: int, place: int) -> list[tuple[int, int] | None]:
    return [
        None if one is None else (_across(at, len(tenths)), _up(one, floor, place))
        for at, one in enumerate(tenths)
    ]


def _courses(panel: Panel, floor: int, place: int) -> Iterator[Course]:
    """A line for each run of periods without a gap."""
    for tenths, kind in ((panel.other, "other"), (panel.adjusted, "adjusted"), (panel.tenths, "raw")):
        for gap, run in groupby(_points(tenths, floor, place), key=lambda one: one is None):
            points = [one for one in run if one is not None]
            if not gap and len(points) > 1:
                yield Course(" ".join(f"{x},{y}" for x, y in points), f"says course {kind}")


def _dots(panel: Panel, floor: int, place: int) -> Iterator[Dot]:
    """A mark for each period where they are few, and always for one that stands alone."""
    points = _points(panel.tenths, floor, place)
    for at, point in enumerate(points):
        alone = (at == 0 or points[at - 1] is None) and (at + 1 == len(points) or points[at + 1] is None)
        if point is not None and (alone or len(points) <= _DOTS):
            yield Dot(*point, 4, "says short" if panel.points[at].short else "says kept")


def _dates(periods: Sequence[str], height: int) -> Iterator[Label]:
    """Every period, or every so many from the first, as there is room."""
    if not periods:
        return
    room = max(1, (_RIGHT - _LEFT) // (max(map(extent, periods)) + 16))
    places = range(0, len(periods), -(-len(periods) // room))
    for place in places:
        middle, half = _across(place, len(periods)), extent(periods[place]) // 2
        x = max(half, min(WIDTH - half, middle))
        yield Label(x, height - 6, periods[place], "middle", "label quiet small")


def _told(periods: Sequence[str], cases: Sequence[int], panels: Sequence[Panel]) -> Iterator[str]:
    yield "Cases opened: " + ", ".join(f"{period} {count:,}" for period, count in zip(periods, cases, strict=True))
    for panel in panels:
        goal = "" if panel.goal is None else f", goal {panel.goal} %"
        told = (f"{period} {one.said}" for period, one in zip(periods, panel.points, strict=True))
        yield f"{panel.title}{goal}: " + ", ".join(told)
