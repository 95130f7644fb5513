"""What a report counts, worked out by hand (RPT-1, SLA-7, SLA-9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from notation import VERBS, Desk, history, rules, when

from carecli.domain import clock as clocks_
from carecli.domain import exempting, report_clocks, report_course, report_periods
from carecli.domain.events import Kind
from carecli.domain.exemption import Exemption
from carecli.domain.instants import iso
from carecli.domain.report import AGES, Dimension, Outcome, Tally
from carecli.domain.report_backlog import aged, ages
from carecli.domain.report_course import End, Round, Step, course
from carecli.domain.report_spread import Spread, spread
from carecli.domain.vocabulary import Metric, Status


@pytest.mark.parametrize(
    ("kept", "missed", "tenths"),
    [
        (1, 0, 1_000),
        (0, 1, 0),
        (2, 1, 667),
        (1, 2, 333),
        (1, 7, 125),
        (7, 1, 875),
        (1_999, 1, 1_000),
        (3, 1_997, 2),
    ],
)
def test_a_share_is_rounded_half_up(kept: int, missed: int, tenths: int) -> None:
    """RPT-1: attainment is kept of kept and missed, in tenths of a percent, rounded half up."""
    assert Tally(kept, missed, running=5, paused=3, cancelled=2).tenths == tenths


def test_nothing_decided_is_no_share() -> None:
    """RPT-1: 0 of 0 is neither all nor none, and no goal is reached or missed by it."""
    tally = Tally(running=3, cancelled=1)
    assert (tally.tenths, tally.reaches(95), tally.undecided, tally.clocks) == (None, None, 3, 4)


@pytest.mark.parametrize(("kept", "missed", "reached"), [(95, 5, True), (94, 5, False), (1_899, 101, False)])
def test_a_goal_is_held_against_the_counts(kept: int, missed: int, *, reached: bool) -> None:
    """SLA-7: 94.95 % is shown as 95.0 %, and yet does not reach a goal of 95 %."""
    assert Tally(kept, missed).reaches(95) is reached


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([7], 7, 7), ([1, 2], 1, 2), ([3, 1, 2], 2, 3), (list(range(1, 11)), 5, 9), (list(range(1, 12)), 6, 10)],
)
def test_percentiles_are_values_that_occurred(values: list[int], median: int, p90: int) -> None:
    """RPT-1: the median and the 90th percentile by nearest rank."""
    assert spread(values) == Spread(len(values), median, p90)
    assert spread([]) == Spread()


def outcomes(desk: Desk, at: str) -> dict[str, str]:
    """What became of each clock of a case by then, in its order."""
    return {
        f"{clock.metric} {clock.cycle}": report_clocks.outcome(clocks_.document(clock), iso(when(at))).value
        for clock in desk.case.clocks
    }


def outcome(desk: Desk, at: str, metric: str = "response") -> str:
    return outcomes(desk, at)[f"{metric} 1"]


PLAIN = {"targets": {"care": {"high": {"response": "60m", "restoration": "10h", "resolution": "5d"}}}}
ALWAYS = rules(PLAIN, hours="24x7")


def played(*lines: str) -> Desk:
    return history("Mon 09:00 opened high", *lines, under=ALWAYS)


def test_a_clock_is_kept_to_the_second() -> None:
    """SLA-7: answered in the second in which it is due it is kept, a second later missed."""
    assert outcome(played("Mon 10:00:00 replied"), "Mon 12:00") == "kept"
    assert outcome(played("Mon 10:00:01 replied"), "Mon 12:00") == "missed"


def test_what_is_due_now_is_missed_whether_a_tick_came_or_not() -> None:
    """SLA-7, RPT-1: a report does not wait for the tick to tell that something is late."""
    desk = played()
    assert outcome(desk, "Mon 09:59:59") == "running"
    assert outcome(desk, "Mon 10:00:00") == "missed"
    desk.tick(when("Mon 10:00"))
    assert outcome(desk, "Mon 10:00:00") == "missed"


def test_what_waits_for_the_customer_is_undecided() -> None:
    """SLA-4: a paused clock is neither kept nor missed, however long ago it would have been due."""
    assert outcome(played("Mon 09:30 asked"), "Fri 09:00", "restoration") == "paused"


def test_a_close_hides_no_breach() -> None:
    """RPT-1: what was missed before the close stays missed, what was not is cancelled and counts for nothing."""
    late = played("Mon 11:00 withdrew")
    assert outcomes(late, "Tue 09:00") == {
        "response 1": "missed",
        "restoration 1": "cancelled",
        "resolution 1": "cancelled",
    }
    assert outcome(played("Mon 09:30 withdrew"), "Tue 09:00") == "cancelled"


def test_every_cycle_counts() -> None:
    """SLA-6, RPT-1: a reopened case promises another response, which is counted beside the first."""
    desk = played("Mon 09:30 replied", "Mon 09:40 closed", "Mon 12:00 reopened")
    told = outcomes(desk, "Mon 13:00")
    assert (told["response 1"], told["response 2"]) == ("kept", "missed")


def test_a_severity_without_a_promise_hides_no_breach() -> None:
    """SLA-5, RPT-1: where the new severity promises no restoration, the one missed before stays missed."""
    plenty = rules(hours="24x7")
    late = history("Mon 09:00 opened critical", "Mon 16:00 priority low", under=plenty)
    early = history("Mon 09:00 opened critical", "Mon 11:00 priority low", under=plenty)
    assert (outcome(late, "Mon 17:00", "restoration"), outcome(early, "Mon 17:00", "restoration")) == (
        "missed",
        "cancelled",
    )


def test_how_long_an_answer_took() -> None:
    """RPT-1: elapsed around the clock, and what of the allowance was used up: without nights and pauses."""
    office = rules(hours="Mon-Fri 09:00-17:00")
    desk = history(
        "Mon 16:00 opened high", "Tue 10:00 asked", "Wed 10:00 answered", "Wed 11:00 restored", under=office
    )
    told = {}
    for clock in desk.case.clocks:
        document = clocks_.document(clock)
        if clock.met_at:
            counted = report_clocks.counted(document, document, iso(when("Wed 12:00")), office.calendar)
            told[clock.metric.value] = counted.elapsed_s, counted.counted_s
    hour = 3_600
    assert told == {
        "response": (18 * hour, 2 * hour),
        "restoration": (43 * hour, 3 * hour),
    }


def test_exempted_time_is_a_hole() -> None:
    """SLA-9: raw, the answer at 11:30 to a promise of 10:00 is late; without two hours of storm it is not."""
    desk = played("Mon 11:30 replied")
    clock = clocks_.document(desk.clock("response"))
    storm = Exemption(
        1, when("Mon 09:30"), when("Mon 11:30"), None, "A storm.", "mia@desk.example", when("Tue 09:00")
    )
    for until, kept in (("Mon 11:30", Outcome.KEPT), ("Mon 10:30", Outcome.MISSED)):
        clocks = exempting.adjusted(desk.clock("response"), (storm._replace(until=when(until)),), ALWAYS)
        told = report_clocks.counted(clock, clocks_.document(clocks), iso(when("Tue 10:00")), ALWAYS.calendar)
        assert (told.raw, told.adjusted) == (Outcome.MISSED, kept)


def test_overdue_runs_to_the_answer_the_close_or_now() -> None:
    """RPT-1: how late a missed promise is, in plain seconds."""
    now = when("Tue 10:00")
    for desk, hours in (
        (played("Mon 12:00 replied"), 2),
        (played("Mon 13:00 withdrew"), 3),
        (played(), 24),
    ):
        clock = clocks_.document(desk.clock("response"))
        assert report_clocks.overdue_s(clock, now) == hours * 3_600


def courses(desk: Desk, at: str) -> report_course.Course:
    """The course of a played case."""
    steps = []
    for event in desk.events:
        data: Any = event.data
        if "substatus" in data or event.kind is Kind.FOLLOW_UP_SENT:
            steps.append(
                Step(
                    event.at,
                    event.kind.value,
                    event.actor in {"sam@desk.example", "auto-follow-up", "system"},
                    data.get("status"),
                    data.get("substatus"),
                    data.get("action"),
                    data.get("calendar"),
                )
            )
    return course(steps, when(at))


@pytest.mark.parametrize(
    ("lines", "rounds"),
    [
        (("Mon 10:00 asked", "Mon 11:00 answered"), [Round("asked", 0, End.ANSWERED)]),
        (("Mon 10:00 asked", "Thu 10:00 tick", "Thu 11:00 answered"), [Round("asked", 1, End.ANSWERED)]),
        (("Mon 10:00 proposed", "Mon 11:00 accepted"), [Round("proposed", 0, End.ANSWERED)]),
        (("Mon 10:00 proposed", "Mon 11:00 rejected"), [Round("proposed", 0, End.ANSWERED)]),
        (("Mon 10:00 asked", "Mon 11:00 appealed"), [Round("asked", 0, End.ANSWERED)]),
        (("Mon 10:00 asked", "Mon 11:00 called"), [Round("asked", 0, End.ANSWERED)]),
        (("Mon 10:00 asked", "Mon 11:00 withdrew"), [Round("asked", 0, End.ANSWERED)]),
        (("Mon 10:00 asked", "Mon 11:00 closed cancelled"), [Round("asked", 0, End.OTHERWISE)]),
        (("Mon 10:00 asked", "Mon 11:00 investigated"), [Round("asked", 0, End.OTHERWISE)]),
        (("Mon 10:00 asked", "Mon 11:00 replied", "Mon 12:00 noted"), [Round("asked", 0, End.STANDING)]),
        (
            ("Mon 10:00 asked", "Mon 11:00 asked", "Mon 12:00 answered"),
            [Round("asked", 0, End.OTHERWISE), Round("asked", 0, End.ANSWERED)],
        ),
        (
            ("Mon 10:00 asked", "Thu 12:00 tick", "Wed+1 12:00 tick", "Thu+1 13:00 asked", "Mon+4 13:00 replay"),
            [Round("asked", 2, End.OTHERWISE), Round("asked", 2, End.CLOSED)],
        ),
    ],
)
def test_what_became_of_a_request(lines: tuple[str, ...], rounds: list[Round]) -> None:
    """FU-1, FU-3, RPT-1: answered before or after reminders, closed by the ladder, standing, or ended else."""
    desk = history("Mon 09:00 opened high", *_ticked(lines))
    assert list(courses(desk, "Mon+5 09:00").rounds) == rounds


def _ticked(lines: tuple[str, ...]) -> tuple[str, ...]:
    assert all(line.split(" ")[2] in {*VERBS, "tick", "replay"} for line in lines)
    return lines


def test_how_long_a_case_stood_where() -> None:
    """RPT-1: plain time in each status while the case is open, before the close and after a reopening."""
    desk = history(
        "Mon 09:00 opened high", "Mon 10:00 asked", "Mon 12:00 answered", "Mon 13:00 closed", "Mon 20:00 reopened"
    )
    told = dict(courses(desk, "Mon 22:30").stood_s)
    assert told == {Status.OPEN: 16_200, Status.AWAITING_INFO: 7_200}
    assert sum(told.values()) == (22.5 - 9 - 7) * 3_600


def test_a_clock_that_was_met_goes_by_the_hours_of_then() -> None:
    """SLA-8: a rebasing brings other hours; what had ended before it was counted by the older ones."""
    calendars = ((when("Mon 09:00"), "old"), (when("Tue 09:00"), "new"))
    assert report_course.calendar_of(calendars, when("Mon 12:00"), "new") == "old"
    assert report_course.calendar_of(calendars, when("Tue 12:00"), "new") == "new"
    assert report_course.calendar_of(calendars[:1], when("Mon 12:00"), "old") == "old"


@pytest.mark.parametrize(
    ("period", "day", "name"),
    [
        (Dimension.DAY, date(2026, 3, 9), "2026-03-09"),
        (Dimension.WEEK, date(2027, 1, 3), "2026-W53"),
        (Dimension.WEEK, date(2024, 12, 30), "2025-W01"),
        (Dimension.MONTH, date(2026, 12, 31), "2026-12"),
        (Dimension.QUARTER, date(2026, 3, 31), "2026-Q1"),
        (Dimension.QUARTER, date(2026, 10, 1), "2026-Q4"),
    ],
)
def test_periods_have_names(period: Dimension, day: date, name: str) -> None:
    """RPT-1: days, ISO weeks (whose year is not always the day's), months and quarters."""
    assert report_periods.named(period, day) == name


def test_periods_have_no_gap() -> None:
    """RPT-1: a period in which nothing was opened shows as such, and is not left out of a trend."""
    first, last = date(2025, 11, 20), date(2026, 2, 3)
    assert list(report_periods.between(Dimension.MONTH, first, last)) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert list(report_periods.between(Dimension.QUARTER, first, last)) == ["2025-Q4", "2026-Q1"]
    assert len(list(report_periods.between(Dimension.WEEK, first, last))) == 12
    assert len(list(report_periods.between(Dimension.DAY, first, last))) == 76


def test_the_period_of_a_trend_fits_what_is_looked_at() -> None:
    """RPT-1: a fortnight by days, a quarter by weeks, a year or two by months, more by quarters."""
    start = when("Mon 00:00")
    fits = {
        days: report_periods.fitting(start, start + timedelta(days=days)) for days in (0, 13, 14, 97, 98, 700, 800)
    }
    assert [one.value for one in fits.values()] == ["day", "day", "week", "week", "month", "month", "quarter"]


def test_an_age_begins_where_the_one_before_ends() -> None:
    """RPT-1: the ages of a backlog by plain days, each from its limit on."""
    now = when("Mon 09:00")
    days = (0, 1, 3, 7, 14, 30, 90)
    backlog = [(place, "open", now - timedelta(days=count)) for place, count in enumerate(days)]
    backlog += [
        (10 + place, "open", now - timedelta(days=count, seconds=-1)) for place, count in enumerate(days[1:])
    ]
    told = {age.name: age.numbers for age in ages(aged(backlog, now))}
    assert told == {age.name: (place, 10 + place) if place < 6 else (place,) for place, age in enumerate(AGES)}


def test_a_case_of_the_future_is_no_day_old() -> None:
    """RPT-1: a moment that was set back makes no age negative."""
    now = when("Mon 09:00")
    assert [one.age_s for one in aged([(1, "open", now + timedelta(hours=1))], now)] == [0]


def test_the_metrics_are_those_of_the_desk() -> None:
    """SLA-10: a report has a figure for each of the three clocks, and none for all together."""
    assert [metric.value for metric in Metric] == ["response", "restoration", "resolution"]


def test_what_only_a_customer_may_do_is_an_answer() -> None:
    """STAT-3, RPT-1: only the customer's update ends the waiting, even where that address is one of staff, too."""
    opened = Step(when("Mon 09:00"), "opened", False, "open", "new", None, "hash")
    asked = Step(when("Mon 10:00"), "asked", True, "awaiting-info", "info-required-from-customer", None, None)
    said = Step(when("Mon 11:00"), "commented", True, "open", "customer-responded", None, None)
    assert [one.end for one in course([opened, asked, said], when("Mon 12:00")).rounds] == [End.ANSWERED]
