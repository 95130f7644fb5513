"""Cases as rows of files: the same as in a list, and their clocks (FIND-2, EXP-1)."""

from render.pages import ZONE, case, clock, hours, page, view

from carecli.domain.clock import Clock
from carecli.domain.views import CaseFlow, CasePage, CaseView
from carecli.domain.vocabulary import Metric, Standing, Status, Substatus
from carecli.render.export import CASE_COLUMNS, CLOCK_COLUMNS, case_flow
from carecli.render.sheet import Value
from carecli.render.views import case_sheet


def flowing(*views: CaseView) -> list[tuple[Value, ...]]:
    """The values of cases that are written as they are read."""
    flow = case_flow(CaseFlow(CasePage((), len(views), 1, 1, {}), iter(views)), ZONE)
    return [tuple(cell.value for cell in row) for row in flow.rows]


def test_a_file_holds_what_a_list_shows() -> None:
    """EXP-1: the same columns with the same values as in a list, open, held, escalated or closed."""
    closed = case(
        43,
        standing=Standing(Status.CLOSED, Substatus.RESOLVED),
        closed_at=hours(9),
        closed_by="auto-follow-up",
        owner=None,
        clocks=(),
    )
    views = (*page().views, view(), CaseView.of(closed))
    shown = case_sheet(page()._replace(views=views), ZONE)
    assert [tuple(cell.value for cell in row) for row in shown.rows] == flowing(*views)
    assert shown.columns == (*CASE_COLUMNS, *CLOCK_COLUMNS)


def told(*clocks: Clock) -> dict[str, Value]:
    """What the columns of the clocks say of a case."""
    (row,) = flowing(CaseView.of(case(clocks=clocks)))
    names = [column.key for column in CLOCK_COLUMNS]
    return dict(zip(names, row[-len(names) :], strict=True))


def test_each_clock_has_columns_of_its_own() -> None:
    """SLA-10: state, due and met for each metric; nothing where there is no such clock."""
    response = clock(Metric.RESPONSE, 2, met_at=hours(1))
    values = told(response, clock(Metric.RESOLUTION, 120))
    assert values == {
        "response_state": "met",
        "response_due_at": hours(2),
        "response_met_at": hours(1),
        "restoration_state": None,
        "restoration_due_at": None,
        "restoration_met_at": None,
        "resolution_state": "running",
        "resolution_due_at": hours(120),
        "resolution_met_at": None,
    }


def test_the_last_cycle_counts() -> None:
    """REO-2: of a case that was reopened, the clock that runs now."""
    first = clock(Metric.RESTORATION, 4, met_at=hours(3))
    again = clock(Metric.RESTORATION, 40)._replace(cycle=2)
    assert told(first, again)["restoration_due_at"] == hours(40)
