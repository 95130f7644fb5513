"""Exempted stretches: what may be exempted, and the clocks as they would stand without (SLA-9)."""

from datetime import timedelta

import pytest
from explanations import UNDER, exempted, pinned, rebase
from hypothesis import given, settings
from hypothesis import strategies as st
from notation import MIA, STAFF, Desk, history, when

from carecli.domain.business_time import business_time
from carecli.domain.clock import Clock, ClockState
from carecli.domain.events import Event, Kind
from carecli.domain.exempting import Stretch, adjusted, exempt, judged, withdraw
from carecli.domain.exemption import Exemption
from carecli.domain.ledger_causes import Under
from carecli.domain.vocabulary import Metric, Via, Visibility
from carecli.errors import CareError, Invalid, NotFound, Refused

FIRST = pinned()
WHY = "The carrier's line was cut."


def granted(since: str, until: str, metric: Metric | None = None) -> Exemption:
    return Exemption(1, when(since), when(until), metric, WHY, MIA, when("Fri+3 09:00"))


def told(clock: Clock) -> str:
    return f"{clock.state}, due {clock.due_at:%a %H:%M}"


def left(desk: Desk, metric: Metric, *exemptions: Exemption, at: str | None = None) -> str:
    """The clock of a case in short, as it stands adjusted."""
    clock = desk.clock(metric)
    return told(adjusted(clock, exemptions, FIRST.rules, when(at) if at else None))


def test_time_left_out_is_as_time_paused() -> None:
    """SLA-9: an answer two hours late is in time where the two hours do not count; the record stays."""
    desk = history("Mon 09:00 opened high", "Mon 16:00 replied", under=FIRST.rules)
    clock = desk.clock("response")
    assert told(clock) == "breached, due Mon 15:00"
    assert left(desk, Metric.RESPONSE, granted("Mon 10:00", "Mon 11:00")) == "met, due Mon 16:00"
    assert left(desk, Metric.RESPONSE, granted("Mon 10:00", "Mon 10:59")) == "breached, due Mon 15:59"
    assert left(desk, Metric.RESPONSE, granted("Mon 10:00", "Mon 11:00", Metric.RESOLUTION)) == told(clock)
    assert left(desk, Metric.RESPONSE, granted("2026-03-01 10:00", "Mon 09:00")) == "breached, due Mon 15:00"


def test_only_what_counts_is_left_out() -> None:
    """SLA-9: a night adds nothing, what overlaps counts once, and what follows the answer moves nothing."""
    desk = history("Mon 09:00 opened high", "Tue 10:00 replied", under=FIRST.rules)
    night, half = granted("Mon 17:00", "Tue 09:00"), granted("Mon 09:30", "Mon 10:00")
    assert left(desk, Metric.RESPONSE, night) == "breached, due Mon 15:00"
    assert left(desk, Metric.RESPONSE, half, half, granted("Mon 09:45", "Mon 10:15")) == "breached, due Mon 15:45"
    assert left(desk, Metric.RESPONSE, granted("Tue 10:00", "Fri 10:00")) == "breached, due Mon 15:00"


def test_what_is_late_is_late_once_more() -> None:
    """SLA-7: paused in the second of the due time is late, met in it is not; what runs is judged by `at`."""
    met = history("Mon 09:00 opened high", "Mon 16:00 replied", under=FIRST.rules)
    assert left(met, Metric.RESPONSE, granted("Mon 10:00", "Mon 11:00")).startswith("met")
    asked = history("Mon 09:00 opened high", "Mon+1 10:00 asked", under=FIRST.rules)
    assert told(asked.clock("restoration")) == "breached, due Fri 09:00"
    day = granted("Tue 09:00", "Tue 17:00")
    assert left(asked, Metric.RESTORATION, day, granted("Wed 09:00", "Wed 10:00")) == "breached, due Mon 10:00"
    assert left(asked, Metric.RESTORATION, day, granted("Wed 09:00", "Wed 10:01")) == "paused, due Mon 10:01"
    running = history("Mon 09:00 opened high", "Tue 09:00 tick", under=FIRST.rules)
    assert left(running, Metric.RESPONSE, granted("Mon 10:00", "Mon 11:00")) == "running, due Mon 16:00"
    assert left(running, Metric.RESPONSE, granted("Mon 10:00", "Mon 11:00"), at="Mon 16:00").startswith("breached")
    assert left(running, Metric.RESPONSE, granted("Mon 10:00", "Mon 11:00"), at="Mon 15:59").startswith("running")


@pytest.mark.parametrize(
    ("since", "until", "metric", "error", "says"),
    [
        ("Mon 11:00", "Mon 11:00", None, Invalid, "ends after it begins"),
        ("Mon 12:00", "Mon 11:00", None, Invalid, "ends after it begins"),
        ("2026-03-01 08:00", "Mon 09:00", None, Invalid, "was opened at"),
        ("Mon 10:00", "Mon 11:00", None, Refused, "exemption 1 holds that stretch already"),
        ("Mon 10:15", "Mon 10:45", Metric.RESPONSE, Refused, "exemption 1 holds that stretch already"),
    ],
)
def test_what_may_not_be_exempted(
    since: str, until: str, metric: Metric | None, error: type[CareError], says: str
) -> None:
    """SLA-9: no stretch that is none, lies before the case, or is exempted already."""
    desk = history("Mon 09:00 opened high", under=FIRST.rules)
    exempted(desk, "Mon 10:00", "Mon 11:00", WHY, at="Tue 09:00")
    with pytest.raises(error, match=says) as refused:
        exempt(desk.case, Stretch(when(since), when(until), metric), WHY, STAFF, when("Tue 10:00"))
    assert (refused.value.rule, bool(refused.value.hint)) == ("SLA-9", True)


def test_a_clock_that_is_not_there_and_a_reason_that_is_none() -> None:
    """SLA-9: a case without that clock has nothing to exempt; nobody exempts without saying why."""
    low = history("Mon 09:00 opened low", under=FIRST.rules)
    hour = Stretch(when("Mon 10:00"), when("Mon 11:00"), Metric.RESTORATION)
    with pytest.raises(Refused, match="has no restoration clock"):
        exempt(low.case, hour, WHY, STAFF, when("Tue 10:00"))
    with pytest.raises(Invalid, match="the reason is empty"):
        exempt(low.case, hour._replace(metric=None), " \n", STAFF, when("Tue 10:00"))


def standing(desk: Desk) -> list[tuple[int, Metric | None]]:
    """The exemptions of a case in short."""
    return [(one.id, one.metric) for one in desk.case.exemptions]


def test_an_exemption_is_taken_back() -> None:
    """SLA-9: withdrawn it counts no more, and its number is not given again."""
    desk = history("Mon 09:00 opened high", "Mon 16:00 replied", under=FIRST.rules)
    exempted(desk, "Mon 10:00", "Mon 11:00", WHY, at="Tue 09:00")
    ten = when("Tue 10:00")
    desk.command(ten, lambda case: withdraw(case, 1, "Wrong line.", STAFF, ten))
    assert standing(desk) == []
    exempted(desk, "Mon 10:00", "Mon 11:00", WHY, at="Tue 11:00", metric=Metric.RESPONSE)
    assert standing(desk) == [(2, Metric.RESPONSE)]
    with pytest.raises(NotFound, match="no exemption 1 stands") as refused:
        withdraw(desk.case, 1, "Again.", STAFF, when("Tue 12:00"))
    assert refused.value.hint == "there is 2"


def test_a_clock_that_ended_before_a_rebasing_keeps_its_hours() -> None:
    """SLA-8, SLA-9: what was met under the old calendar is adjusted by it, what runs on by the new."""
    night = pinned(hours="24x7", under=Under("policy-hash", "night"))
    desk = history("Mon 09:00 opened high", "Mon 16:30 replied", under=FIRST.rules)
    rebase(desk, FIRST, night, when("Tue 09:00"))
    exempted(desk, "Mon 16:00", "Tue 10:00", WHY, at="Wed 09:00")
    known = {UNDER: FIRST.rules, night.under: night.rules}
    _, clocks = judged(desk.events, lambda *named: known[Under(*named)])
    # The hour from 16:00 on is none of the first six; the night and an hour are none of the four days.
    assert [told(pair.adjusted) for pair in clocks][:2] == ["breached, due Mon 15:00", "running, due Sat 03:00"]


stretches: st.SearchStrategy[list[tuple[int, int, Metric | None]]] = st.lists(
    st.tuples(st.integers(-20, 300), st.integers(1, 200), st.sampled_from([None, *Metric])), min_size=1, max_size=4
)
STEPS = ("replied", "asked", "answered", "proposed", "rejected", "restored", "investigated", "priority medium")


@settings(max_examples=40)
@given(steps=st.lists(st.tuples(st.integers(1, 40), st.sampled_from(STEPS)), max_size=6), out=stretches)
def test_adjusting_only_ever_helps(
    steps: list[tuple[int, str]], out: list[tuple[int, int, Metric | None]]
) -> None:
    """SLA-9: no due time comes to be earlier, no kept promise is missed, and the order is all one."""
    desk, at = history("Mon 09:00 opened high", under=FIRST.rules), when("Mon 09:00")
    for hours, verb in steps:
        at += timedelta(hours=hours)
        desk.events, before = list(desk.events), desk.case
        try:
            desk.play(f"{at:%Y-%m-%d %H:%M} {verb}")
        except CareError:
            desk.case = before
    exemptions = [_granted(place, *one) for place, one in enumerate(out, 1)]
    for clock in desk.case.clocks:
        after = adjusted(clock, exemptions, FIRST.rules, at)
        assert after == adjusted(clock, exemptions[::-1], FIRST.rules, at)._replace(holes=after.holes)
        assert (after.due_at, after.warn_at) >= (clock.due_at, clock.warn_at)
        assert after.breached_at is None or clock.breached_at
        assert (after.met_at, after.paused_at, after.target) == (clock.met_at, clock.paused_at, clock.target)
        if after.state is ClockState.BREACHED and after.met_at:
            assert after.due_at < after.met_at


def _granted(number: int, begun: int, lasts: int, metric: Metric | None) -> Exemption:
    since = when("Mon 09:00") + timedelta(hours=begun)
    return Exemption(number, since, since + timedelta(hours=lasts), metric, WHY, MIA, when("Fri+9 09:00"))


def test_an_hour_of_every_open_day_is_counted_as_the_calendar_counts() -> None:
    """SLA-9: the adjusted due time is where the allowance runs out, to the second."""
    desk = history("Mon 09:00 opened high", under=FIRST.rules)
    lunches = [granted(f"{day} 12:00", f"{day} 13:00") for day in ("Mon", "Tue", "Wed", "Thu", "Fri")]
    clock = desk.clock("restoration")
    after = adjusted(clock, lunches, FIRST.rules)
    hours = business_time(FIRST.calendar)
    assert after.due_at == when("Fri 14:00")
    assert hours.open_seconds(clock.origin, after.due_at) == (4 * 8 + 5) * 3600


def test_the_event_is_there_for_the_customer() -> None:
    """SLA-9: public, with its number, the stretch and the reason."""
    desk = history("Mon 09:00 opened high", under=FIRST.rules)
    stretch = Stretch(when("Mon 10:00"), when("Mon 11:00"), Metric.RESPONSE)
    assert exempt(desk.case, stretch, WHY, STAFF, when("Tue 09:00")) == Event(
        when("Tue 09:00"),
        STAFF.by,
        Via.DESK,
        Kind.EXEMPTED,
        Visibility.PUBLIC,
        {
            "id": 1,
            "from": "2026-03-02T10:00:00Z",
            "to": "2026-03-02T11:00:00Z",
            "metric": "response",
            "text": WHY,
        },
    )
