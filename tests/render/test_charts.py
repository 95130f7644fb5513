"""Pictures of figures: places worked out by hand, and the same in words (RPT-1)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from carecli.render.drawing import Box, Drawing, cut, extent
from carecli.render.report import charts, charts_trend
from carecli.render.report.charts import Amount, Bar, Group, Mark, Part
from carecli.render.report.charts_trend import Panel, Point


def boxes(drawing: Drawing, kind: str) -> list[Box]:
    return [box for box in drawing.boxes if box.kind.split()[-1] == kind]


def texts(drawing: Drawing) -> list[str]:
    return [label.text for label in drawing.labels]


SHORT = Bar("Restoration", "93.3 %, 236 of 253", 933, 95, Mark(960, "96.0 %"), Mark(500, "50.0 %"), short=True)
NONE = Bar("Resolution", "none decided", None, 95)


def test_a_bar_is_as_long_as_its_share() -> None:
    """RPT-1: 93.3 % of 360 units are 335; the goal of 95 % stands at 342, the adjusted 96.0 % ends at 345."""
    drawn = charts.attainment("a", "Kept", [SHORT])
    assert [(box.x, box.width) for box in boxes(drawn, "track")] == [(0, 360)]
    assert [(box.x, box.width) for box in boxes(drawn, "short")] == [(0, 335)]
    assert [(box.x, box.x + box.width) for box in boxes(drawn, "adjusted")] == [(335, 345)]
    assert {line.x for line in drawn.lines} == {342}
    assert [dot.x for dot in drawn.dots] == [180]
    assert drawn.words == (
        "Restoration 93.3 %, 236 of 253, below the goal of 95 %, adjusted 96.0 %, under the other policy 50.0 %"
    )


def test_nothing_decided_is_no_bar() -> None:
    """RPT-1: where nothing is decided an empty track would say that nothing was kept."""
    drawn = charts.attainment("a", "Kept", [NONE])
    assert (drawn.boxes, drawn.lines) == ((), ())
    assert "none decided" in texts(drawn)
    assert charts.attainment("a", "Kept", [NONE._replace(tenths=0)]).boxes != ()


def test_a_matrix_has_a_column_for_each_clock() -> None:
    """RPT-1: bars of one clock stand beneath each other; a row without such a clock leaves its place empty."""
    rows = [Group("Care", (SHORT, None)), Group("Business Care", (SHORT, Bar("", "50.0 %", 500)))]
    drawn = charts.matrix("m", "Kept", ["Restoration", "Resolution"], rows)
    assert [(box.x, box.width) for box in boxes(drawn, "track")] == [(0, 174), (0, 174), (186, 174)]
    assert [(box.x, box.width) for box in boxes(drawn, "kept")] == [(186, 87)]
    assert drawn.words.startswith("Care: Restoration 93.3 %, 236 of 253, below the goal")
    assert drawn.words.endswith("Resolution 50.0 %")


def test_amounts_are_in_proportion_over_all_parts() -> None:
    """RPT-1: twice the count is twice the bar, also in another part; one is seen, and none is not drawn."""
    parts = [
        Part("Asked", (Amount("answered", 200, "200"), Amount("closed", 0, "0"))),
        Part("Proposed", (Amount("answered", 100, "100"), Amount("closed", 1, "1", "ladder"))),
    ]
    drawn = charts.amounts("r", "Follow-ups", parts)
    long, half = (box.width for box in boxes(drawn, "amount"))
    assert half == long // 2
    assert [box.width >= 1 for box in boxes(drawn, "ladder")] == [True]
    assert drawn.words == "Asked: answered: 200; closed: 0; Proposed: answered: 100; closed: 1"
    assert charts.amounts("r", "Follow-ups", [Part("", ())]).boxes == ()


KEPT = tuple(Point(tenths, f"{tenths // 10} %") for tenths in (1_000, 900, 800))
GAP = Point(None, "nothing decided")


def trend(*points: Point, goal: int | None = None) -> Drawing:
    periods = [f"2026-{place:02d}" for place in range(1, len(points) + 1)]
    return charts_trend.trend("t", "Kept", periods, [3] * len(points), [Panel("Response", points, goal)])


def test_a_course_goes_from_its_foot_to_the_top() -> None:
    """RPT-1: 100 % is at the top of a panel, and its foot is named: the full ten below the lowest."""
    drawn = trend(*KEPT)
    heights = [int(point.split(",")[1]) for point in drawn.courses[0].points.split()]
    assert heights[0] + 76 * 2 // 3 in (heights[2], heights[2] - 1)
    assert heights[0] < heights[1] < heights[2]
    assert {"100 %", "70 %", "lowest 80 % in 2026-03"} <= set(texts(drawn))
    assert drawn.words == (
        "Cases opened: 2026-01 3, 2026-02 3, 2026-03 3; Response: 2026-01 100 %, 2026-02 90 %, 2026-03 80 %"
    )


def test_a_gap_is_not_bridged() -> None:
    """RPT-1: a period without anything decided breaks the line, and one that stands alone is a mark."""
    drawn = trend(KEPT[0], KEPT[1], GAP, KEPT[2])
    assert [len(course.points.split()) for course in drawn.courses] == [2]
    assert len(drawn.dots) == 3
    many = trend(*KEPT * 20, GAP, KEPT[0])
    assert [len(course.points.split()) for course in many.courses] == [60]
    assert len(many.dots) == 1


def test_below_the_goal_is_marked() -> None:
    """SLA-7: what misses the goal has another mark, and the goal is a level of its own."""
    drawn = trend(KEPT[0], KEPT[2]._replace(short=True), goal=95)
    assert [dot.kind for dot in drawn.dots] == ["says kept", "says short"]
    assert [line.kind for line in drawn.lines].count("says goal level") == 1


@pytest.mark.parametrize("count", [1, 2, 5, 6, 12, 31, 90, 366])
def test_dates_do_not_run_into_each_other(count: int) -> None:
    """RPT-1: of many periods so many are named as there is room for, evenly."""
    drawn = trend(*(KEPT[0],) * count)
    dates = [label for label in drawn.labels if label.text.startswith("2026-")]
    assert dates[0].text == "2026-01"
    middles = [label.x for label in dates]
    assert all(two - one > extent("2026-01") for one, two in pairwise(middles))


@given(some.text(max_size=200), some.integers(min_value=20, max_value=360))
def test_a_text_fits_its_room(text: str, room: int) -> None:
    """RPT-1: what is cut ends in an ellipsis and takes no more than its room; what fits stays as it is."""
    shown = cut(text, room)
    assert extent(shown) <= room
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))
    assert shown == text or extent(text) > room
