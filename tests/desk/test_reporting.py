"""Reports of the real desk: which cases they are of, what exemptions and other policies make of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from desk_fixtures import ABC, ADA, BOB, DANA, HARBOR, LENA, MIA, ROSA, SAM, Office, ask, propose, say, yes
from notation import when

from carecli.desk import cases, exempting, impact, reporting, retrospect, severity
from carecli.desk.reporting import Question
from carecli.domain.exempting import Stretch
from carecli.domain.finding import Filter
from carecli.domain.people import CalendarSpec
from carecli.domain.report import Attainment, Dimension, Outcome, Report, Tally
from carecli.domain.vocabulary import CaseType, Metric, Plan, Priority, Status
from carecli.errors import Invalid, NotPermitted

ANSWER = say("We look into it.")


def told(office: Office, at: str, who: str = ADA, **asked: object) -> Report:
    """A report as somebody asks for it."""
    return reporting.report(office.by(who, at), Question(**asked))  # type: ignore[arg-type]


def of(report: Report, metric: Metric = Metric.RESPONSE) -> Attainment:
    """One metric over all cases."""
    return next(one for one in report.overall if one.metric is metric)


def rows(report: Report, metric: Metric = Metric.RESPONSE) -> dict[tuple[str | None, ...], tuple[int, int]]:
    """Kept and missed by the keys of the table that was asked for."""
    found = {row.key: row.of(metric) for row in report.tables[0].rows}
    return {key: (one.raw.kept, one.raw.missed) for key, one in found.items() if one}


def test_a_late_tick_changes_no_figure(office: Office) -> None:
    """RPT-1, SLA-7: what fell due is missed in a report whether or not a tick has recorded it."""
    office.open("Mon 09:00")
    answered = office.open("Mon 09:00", LENA)
    ANSWER(office.by(SAM, "Mon 10:00"), answered)
    before = told(office, "Mon 12:00")
    assert of(before).raw == Tally(kept=1, missed=1)
    office.tick("Mon 12:00")
    assert told(office, "Mon 12:00") == before


def test_a_period_is_half_open(office: Office) -> None:
    """RPT-1: cases opened at --since are in it, those opened at --until are not; the backlog is of all cases."""
    for at in ("Mon 09:00", "Tue 09:00", "Wed 09:00"):
        office.open(at)
    wanted = Filter(closed=True, since=when("Mon 09:00"), until=when("Wed 09:00"))
    report = told(office, "Wed 10:00", filter=wanted)
    assert (report.population.cases, report.population.first_at) == (2, when("Mon 09:00"))
    assert sum(age.cases for age in report.backlog) == 3


def test_a_period_that_ends_before_it_begins(office: Office) -> None:
    """RPT-1: such a slip is refused, and not answered with nothing."""
    wanted = Filter(closed=True, since=when("Tue 09:00"), until=when("Mon 09:00"))
    with pytest.raises(Invalid, match="--until is not after --since"):
        told(office, "Wed 10:00", filter=wanted)


def test_filters_narrow_every_figure(office: Office) -> None:
    """RPT-1: account, plan, priority and type narrow the population and the backlog alike."""
    office.open("Mon 09:00")
    office.open("Mon 09:00", LENA)
    office.open("Mon 09:00", LENA, priority=Priority.MEDIUM)
    office.open("Mon 09:00", LENA, type=CaseType.ADMIN)
    for asked, count in (
        ({"filter": Filter(closed=True, account="harbor CLINIC")}, 3),
        ({"plan": Plan.BUSINESS_CARE}, 1),
        ({"filter": Filter(closed=True, priority=Priority.MEDIUM)}, 1),
        ({"filter": Filter(closed=True, type=CaseType.ADMIN)}, 1),
        ({"filter": Filter(closed=True, account="Nobody Inc")}, 0),
    ):
        report = told(office, "Mon 10:00", **asked)
        assert report.population.cases == sum(age.cases for age in report.backlog) == count


def test_one_metric_alone(office: Office) -> None:
    """RPT-1: --metric leaves the others out of every figure, the list of what was missed too."""
    office.open("Mon 09:00")
    report = told(office, "Fri+3 10:00", metric=Metric.RESTORATION)
    assert [one.metric for one in report.overall] == [Metric.RESTORATION]
    assert {one.metric for one in report.breaches} == {Metric.RESTORATION}
    assert report.population.raw.clocks == 1


def test_a_clock_goes_under_the_priority_that_promised_it(office: Office) -> None:
    """SLA-5, RPT-1: answered as High and lowered to Medium later, the response is High's, the rest is Medium's."""
    number = office.open("Mon 09:00")
    ANSWER(office.by(SAM, "Mon 10:00"), number)
    severity.change(office.by(SAM, "Mon 11:00"), number, Priority.MEDIUM, "One site alone.", confirm=yes)
    report = told(office, "Mon 12:00", by=(Dimension.PRIORITY,))
    table = {row.key[0]: [one.metric.value for one in row.metrics] for row in report.tables[0].rows}
    assert table == {"high": ["response"], "medium": ["restoration", "resolution"]}
    assert [row.cases for row in report.tables[0].rows] == [1, 1]


def test_tables_by_several_things(office: Office) -> None:
    """RPT-1: plan, account, owner, group, service and week in one table; who has no owner comes last."""
    first = office.open("Mon 09:00")
    office.open("Mon+1 09:00", LENA, service="Wallboard")
    cases.assign(office.by(SAM, "Mon 09:10"), first)
    by = (Dimension.OWNER, Dimension.ACCOUNT, Dimension.GROUP, Dimension.SERVICE, Dimension.WEEK)
    assert rows(told(office, "Fri+1 10:00", by=by)) == {
        (SAM, ABC, "Voice", "Voice", "2026-W10"): (0, 1),
        (None, HARBOR, "Reporting", "Wallboard", "2026-W11"): (0, 1),
    }


def test_a_trend_shows_empty_periods(office: Office) -> None:
    """RPT-1: a week in which nothing was opened is a row without figures."""
    office.open("Mon 09:00")
    office.open("Mon+2 09:00")
    trend = told(office, "Fri+2 10:00").trend
    assert [(row.key, row.cases) for row in trend.rows] == [
        (("2026-W10",), 1),
        (("2026-W11",), 0),
        (("2026-W12",), 1),
    ]


def test_periods_are_those_of_the_desks_zone(office: Office) -> None:
    """RPT-1, CAL-3: a case opened at 23:30 UTC on the last of March is April's in Berlin."""
    office.open("2026-03-31 23:30")
    office.setting("2026-04-01 09:00", hours=CalendarSpec("Europe/Berlin", "Mon-Fri 09:00-17:00", ""))
    report = told(office, "2026-04-02 09:00", by=(Dimension.MONTH,))
    assert (report.asked.zone, [row.key for row in report.tables[0].rows]) == ("Europe/Berlin", [("2026-04",)])


def test_exempted_time_stands_beside_the_record(office: Office) -> None:
    """SLA-9: raw the response is missed; without the hours of a storm it is kept, and both are told."""
    number = office.open("Mon 09:00")
    ANSWER(office.by(SAM, "Mon 14:00"), number)
    stretch = Stretch(when("Mon 10:00"), when("Mon 14:00"), Metric.RESPONSE)
    exempting.exempt(office.by(MIA, "Tue 09:00"), number, stretch, "A storm.")
    report = told(office, "Tue 10:00")
    assert (of(report).raw, of(report).adjusted) == (Tally(missed=1), Tally(kept=1))
    assert [(one.number, one.adjusted) for one in report.breaches] == [(number, Outcome.KEPT)]
    assert (report.population.exempted, of(report).numbers.missed) == (1, (number,))


def test_an_exemption_that_was_withdrawn_counts_no_more(office: Office) -> None:
    """SLA-9: what is taken back leaves the adjusted figure as the raw one."""
    number = office.open("Mon 09:00")
    ANSWER(office.by(SAM, "Mon 14:00"), number)
    stretch = Stretch(when("Mon 10:00"), when("Mon 14:00"))
    exempting.exempt(office.by(MIA, "Tue 09:00"), number, stretch, "A storm.")
    exempting.withdraw(office.by(MIA, "Tue 09:30"), number, 1, "It was fine.")
    report = told(office, "Tue 10:00")
    assert of(report).adjusted == of(report).raw == Tally(missed=1)
    assert report.population.exempted == 0


def test_other_hours_change_nothing_that_was_met_before(office: Office) -> None:
    """SLA-8, RPT-1: of an answer from Mon 16:00 to Tue 10:00 two hours counted, and still do under 24x7 hours."""
    number = office.open("Mon 16:00")
    ANSWER(office.by(SAM, "Tue 10:00"), number)
    before = of(told(office, "Tue 12:00"))
    impact.rebase(
        office.by(ADA, "Tue 11:00"), impact.Rules(calendar=CalendarSpec(None, "24x7", "")), impact.Which()
    )
    cases.restore(office.by(SAM, "Tue 12:00"), number, "It works again.")
    report = told(office, "Tue 12:00")
    assert (before.elapsed.median_s, before.counted.median_s) == (18 * 3_600, 2 * 3_600)
    assert of(report).counted == before.counted
    with reporting.cases(office.by(ADA, "Tue 12:00"), Question(metric=Metric.RESTORATION)) as counted:
        assert [clock.counted_s for one in counted for clock in one.clocks] == [20 * 3_600]


def test_another_policy_is_tried_and_nothing_is_touched(office: Office, tmp_path: Path) -> None:
    """SLA-8, RPT-1: under a response of 30 minutes the answer after an hour is missed, closed cases included."""
    number = office.open("Mon 09:00")
    ANSWER(office.by(SAM, "Mon 10:00"), number)
    cases.close(office.by(SAM, "Mon 10:30"), number, "Done.")
    strict = tmp_path / "strict.toml"
    strict.write_text('name = "strict"\n[targets.business-care.high]\nresponse = "30m"\n')
    kept = office.dump()
    report = told(office, "Tue 10:00", policy=str(strict))
    assert (of(report).raw, of(report).other) == (Tally(kept=1), Tally(missed=1))
    assert (report.asked.other or "").startswith("strict ")
    assert office.dump() == kept


def test_the_desks_own_policy_changes_nothing(office: Office) -> None:
    """SLA-8: tried under the policy that it was opened under, every figure is the same."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), number)
    office.open("Mon 09:30", LENA)
    office.tick("Fri+1 09:00")
    report = told(office, "Fri+1 09:00", policy="default")
    assert report.overall
    assert all(one.other == one.raw for one in report.overall)


def test_a_report_of_the_past_is_what_it_was(office: Office) -> None:
    """TICK-3, RPT-1: --at gives the report that was there to be seen then, all but that the moment was named."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), number)
    office.tick("Mon 12:00")
    then = told(office, "Mon 12:00")
    propose(office.by(SAM, "Tue 10:00"), number)
    cases.accept(office.by(DANA, "Wed 10:00"), number)
    office.open("Wed 11:00", LENA)
    with retrospect.whole(office.by(ADA, "Thu 09:00"), when("Mon 12:00")) as past:
        assert reporting.report(past) == then


def test_follow_ups_lead_to_their_cases(office: Office) -> None:
    """FU-1, RPT-1: a request that closed its case by silence, one answered after a reminder, one standing."""
    silent, answered, standing = (office.open("Mon 09:00") for _ in range(3))
    for number in (silent, answered):
        ask(office.by(SAM, "Mon 10:00"), number)
    office.tick("Wed 10:00")
    say("Here it is.")(office.by(DANA, "Wed 11:00"), answered)
    propose(office.by(SAM, "Wed 12:00"), standing)
    for day in ("Mon+1 10:00", "Mon+2 10:00"):
        office.tick(day)
    asked, proposed = told(office, "Mon+2 10:00").rounds
    assert (asked.answered, asked.closed, asked.standing, asked.otherwise) == ((0, 1, 0), 1, 0, 0)
    assert (asked.numbers.closed, asked.numbers.answered) == ((silent,), (answered,))
    assert (proposed.rounds, proposed.numbers.standing) == (1, (standing,))


def test_time_in_status_is_told_by_case(office: Office) -> None:
    """RPT-1: how long each case stood where, and in all; what came after the close is no time."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), number)
    cases.close(office.by(SAM, "Mon 12:00"), number, "Done.")
    desk = office.by(ADA, "Fri 09:00")
    with reporting.cases(desk, Question()) as counted:
        assert [dict(one.course.stood_s) for one in counted] == [{Status.OPEN: 3_600, Status.AWAITING_INFO: 7_200}]
    assert [(one.status, one.total_s) for one in reporting.report(desk).statuses] == [
        (Status.OPEN, 3_600),
        (Status.AWAITING_INFO, 7_200),
    ]


def test_a_contact_reports_on_the_own_account(office: Office) -> None:
    """DC-3, RPT-1: a contact counts the own account's cases; who may not read cases gets no report."""
    office.open("Mon 09:00")
    office.open("Mon 09:00", LENA)
    for who in (DANA, ROSA):
        report = told(office, "Mon 12:00", who)
        assert (report.population.cases, [row.key for row in report.tables[1].rows]) == (1, [(ABC,)])
        assert sum(age.cases for age in report.backlog) == 1
    with pytest.raises(NotPermitted):
        told(office, "Mon 12:00", BOB)


def test_the_oldest_open_case_comes_first(office: Office) -> None:
    """RPT-1: the list behind the backlog begins with what waits longest."""
    young = office.open("Fri 09:00")
    office.open("Mon 09:00", LENA)
    desk = office.by(ADA, "Fri 10:00")
    listed = reporting.backlog(desk, Question())
    assert [(one.age, one.age_s) for one in listed] == [("3-7d", 4 * 86_400 + 3_600), ("<1d", 3_600)]
    assert listed[1].number == young


def test_nothing_at_all(office: Office) -> None:
    """RPT-1: a desk without a case has a report, of nothing."""
    report = told(office, "Mon 09:00")
    assert (report.population.cases, report.overall, report.trend.rows, report.breaches) == (0, (), (), ())
    assert when("Mon 09:00") - timedelta(0) == report.asked.at
