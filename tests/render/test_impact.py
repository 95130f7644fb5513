"""What other rules do to open cases, as people read it (SLA-8)."""

from datetime import UTC, datetime, timedelta

import pytest

from carecli.domain.amount import Amount
from carecli.domain.events import Event, Kind
from carecli.domain.impact import Breaching, Impact, Shift, Totals, totals
from carecli.domain.vocabulary import Metric, Priority, Via, Visibility
from carecli.render import impact, impact_document, rebasing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def shift(**changed: object) -> Shift:
    """A restoration that is due a day later."""
    usual = Shift(
        number=42,
        account="ABC Testing Co",
        priority=Priority.HIGH,
        metric=Metric.RESTORATION,
        cycle=1,
        old_target=Amount.parse("2bd"),
        new_target=Amount.parse("3bd"),
        old_due_at=NOON,
        new_due_at=NOON + DAY,
        breach=None,
    )
    return usual._replace(**changed)  # type: ignore[arg-type]


SAME = {"new_target": Amount.parse("2bd"), "new_due_at": NOON}
SHIFTS = [
    (shift(), "+1d", "-", True),
    (shift(new_due_at=NOON - timedelta(hours=30)), "-1d 6h", "-", True),
    (shift(old_target=None, old_due_at=None), "begins", "-", True),
    (shift(new_target=None, new_due_at=None, breach=Breaching.VANISHES), "ends", "vanishes", True),
    (shift(**SAME), "-", "-", False),
    (shift(**SAME, breach=Breaching.STAYS), "-", "stays", False),
    (shift(**SAME, breach=Breaching.APPEARS), "-", "APPEARS", True),
    # another target that comes to the same time
    (shift(new_due_at=NOON), "-", "-", True),
]


@pytest.mark.parametrize(("one", "moved", "breach", "moves"), SHIFTS)
def test_a_row(one: Shift, moved: str, breach: str, moves: bool) -> None:
    """SLA-8: by how much a due time moves, what begins and ends, and what becomes of a breach."""
    (row,) = impact.impact_sheet("Under", Impact(totals(1, 0, [one]), [one]), [one], "UTC").rows
    shown = {column.key: cell for column, cell in zip(impact.COLUMNS, row, strict=True)}
    assert (shown["shift_s"].shown, shown["breach"].shown or shown["breach"].value) == (moved, breach)
    assert shown["shift_s"].value == impact_document.change(one)["shift_s"]
    assert one.moves is moves
    assert [*impact.listed(Impact(totals(1, 0, [one]), [one]), every=False)] == [one] * moves
    assert impact_document.change(one).keys() == set(impact_document.KEYS)


def test_a_cycle_is_named() -> None:
    """SLA-6: a clock of a later cycle is told apart."""
    one = shift(cycle=2)
    (row,) = impact.impact_sheet("Under", Impact(totals(1, 0, [one]), [one]), [one], "UTC").rows
    assert "Restoration #2" in [cell.shown for cell in row]


def test_the_sums() -> None:
    """SLA-8: how many were looked at, what moves, what becomes of the breaches."""
    told = totals(7, 2, [one for one, *_ in SHIFTS])
    assert told == Totals(
        cases=7, already=2, clocks=8, sooner=1, later=1, begun=1, ended=1, appears=1, vanishes=1, stays=1
    )
    assert impact.summary(told) == (
        "7 open cases, 2 of them under these rules already; "
        "1 clock due sooner, 1 clock due later, 1 clock begun, 1 clock ended; "
        "breaches: 1 appears, 1 vanishes, 1 stays"
    )
    assert impact.summary(totals(1, 0, [])) == "1 open case; no clock moves; breaches: none"


def test_on_the_page_of_a_case() -> None:
    """SLA-8: which rules changed, by the beginnings of their hashes."""
    data = {"policy": "b" * 64, "was_policy": "a" * 64, "calendar": "c" * 64, "was_calendar": "c" * 64}
    event = Event(NOON, "ada@desk.example", Via.DESK, Kind.REBASED, Visibility.PUBLIC, data)
    assert [*rebasing.told(event)] == [
        "policy aaaaaaaaaaaa -> bbbbbbbbbbbb",
        "what was not met by then is counted anew, and not due before then",
    ]
    assert [*rebasing.told(event._replace(kind=Kind.ASSIGNED))] == []
