"""The course of an incident as a picture: where its points lie on a line of time (INC-3).

Time runs downwards, so that the words fit a narrow screen. A longer time takes more room, but not in proportion:
an hour of failure and the days up to the report have to stand in one picture.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from math import log1p
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.incident_report import BACK, Milestone, Report
from carecli.render.incident_report import lasted

WIDTH: Final = 360
LINE: Final = 13
TOP: Final = 20
LEAST: Final = 46
MOST: Final = 84
_DAY_S: Final = 86_400


class Point(NamedTuple):
    """A milestone at its place, with what stands beside it."""

    y: int
    what: str
    when: str
    down: bool


class Stretch(NamedTuple):
    """The line between two points; `down` while the service is affected."""

    y: int
    to: int
    down: bool


class Picture(NamedTuple):
    """A picture of a width and height, and the same in words for who does not see it."""

    width: int
    height: int
    points: tuple[Point, ...]
    stretches: tuple[Stretch, ...]
    words: str


def picture(report: Report) -> Picture:
    """The picture of a report's milestones."""
    points = tuple(_points(report))
    stretches = tuple(Stretch(one.y, two.y, one.down) for one, two in pairwise(points))
    words = "; ".join(f"{point.what}, {point.when}" for point in points)
    return Picture(WIDTH, points[-1].y + 34, points, stretches, words)


def _points(report: Report) -> Sequence[Point]:
    points: list[Point] = []
    y, last = TOP, report.started_at
    for one in report.milestones:
        y += _room(one.at, last) if points else 0
        points.append(Point(y, _what(one, report), _when(one.at, report.zone), one.down))
        last = one.at
    return points


def _room(at: datetime, before: datetime) -> int:
    """From 46 for no time at all up to 84 for some days, in the units of the picture."""
    days = max(0.0, (at - before).total_seconds() / _DAY_S)
    return min(MOST, LEAST + round(14 * log1p(10 * days)))


def _what(one: Milestone, report: Report) -> str:
    return f"{one.what} after {lasted(report)}" if one.what == BACK else one.what


def _when(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"
