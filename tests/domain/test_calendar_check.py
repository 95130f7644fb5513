"""What is wrong with a business calendar, and what looks like a slip in one (CAL-4)."""

from datetime import date

import pytest

from carecli.domain.calendar import Calendar
from carecli.domain.calendar_check import Asked, problems, refused, warnings
from carecli.errors import Invalid

TODAY = date(2026, 3, 20)
YEARS = range(2026, 2032)
NEW_YEARS = {f"{year}-01-01": "New Year's Day" for year in YEARS}
HOURS = "Mon-Fri 09:00-17:00"


def asked(hours: str = HOURS, zone: str = "UTC", extra: tuple[str, ...] = ()) -> Asked:
    """A calendar that keeps New Year's Day, and closes on these dates too."""
    closed = dict.fromkeys(extra, "closed") | NEW_YEARS
    calendar = Calendar.from_document({"zone": zone, "week": hours, "closed": closed})
    return Asked(calendar, YEARS, TODAY, "US", extra=extra)


def told(hours: str = HOURS, zone: str = "UTC", extra: tuple[str, ...] = ()) -> list[str]:
    return list(warnings(asked(hours, zone, extra)))


def test_a_plain_calendar_gives_no_cause() -> None:
    """CAL-4: office hours with their holidays are right, in a zone that saves daylight too."""
    assert told() == []
    assert told(HOURS, "America/New_York") == []
    assert list(problems(asked())) == []


def test_no_working_time() -> None:
    """CAL-4: a calendar that stays closed for a year is refused, with what to look at."""
    only = Calendar.from_document({"zone": "UTC", "week": "Mon 09:00-10:00", "closed": NEW_YEARS})
    dark = asked()._replace(calendar=only._replace(closed=dict.fromkeys(_mondays(), "")))
    (problem,) = problems(dark)
    assert "no working time is reachable" in problem
    with pytest.raises(Invalid) as refusal:
        refused(dark)
    assert refusal.value.rule == "CAL-4"
    assert "closed dates" in (refusal.value.hint or "")


def _mondays() -> list[str]:
    first = date(2026, 3, 16).toordinal()
    return [date.fromordinal(first + 7 * week).isoformat() for week in range(60)]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("Mon-Sun 00:00-23:59", "hours end at 23:59 on Mon, Tue, Wed, Thu, Fri, Sat, Sun, a minute early"),
        ("Mon-Fri 00:00-23:59:59", "24x7"),
        ("Mon 00:01-24:00, Tue-Fri 09:00-17:00", "hours begin at 00:01 on Mon"),
        ("Mon-Fri 09:00-12:59 13:00-17:00", "Mon: the desk is closed from 12:59 to 13:00"),
        ("Mon 09:00-09:30", "the week has 30 minutes"),
    ],
)
def test_hours_that_look_like_slips(hours: str, said: str) -> None:
    """CAL-4: hours that end at 23:59, begin at 00:01, leave a gap of a minute or hardly open at all."""
    assert any(said in warning for warning in told(hours)), told(hours)


def test_24x7_is_right() -> None:
    """CAL-4: 24x7 ends no day early, needs no holidays, and loses nothing to daylight saving."""
    always = Calendar.from_document({"zone": "America/New_York", "week": "24x7"})
    assert [*warnings(asked()._replace(calendar=always, codes=""))] == []
    assert told("Mon-Sun 00:00-24:00", "America/New_York") == []


def test_no_holidays() -> None:
    """CAL-4: no holidays known for next year, because none were asked for or none is known."""
    bare = Calendar.from_document({"zone": "UTC", "week": HOURS})
    (warning,) = warnings(asked()._replace(calendar=bare, codes=""))
    assert "no holidays are known for 2027" in warning
    (warning,) = warnings(asked()._replace(gaps={"US": [2027]}))
    assert "no holidays of US are known for 2027" in warning
    (warning,) = warnings(asked()._replace(gaps={"US": [2030, 2031]}))
    assert warning == "no holidays of US are known for 2030, 2031"


def test_holidays_that_cover_nothing() -> None:
    """CAL-4: a list of holidays of which none is known, or each is on a day that is closed anyway."""
    (warning,) = warnings(asked()._replace(gaps={"US": list(YEARS)}))
    assert "cover nothing: none is known for 2026 to 2031" in warning
    sundays = Calendar.from_document({"zone": "UTC", "week": HOURS, "closed": {"2026-04-05": "Easter Sunday"}})
    (warning,) = warnings(asked()._replace(calendar=sundays))
    assert "cover nothing: each falls on a day that is closed anyway" in warning


def test_closed_dates_that_close_nothing() -> None:
    """CAL-4: closed dates in the past, outside the years that go with a case, or on closed days."""
    past, beyond, idle = told(extra=("2025-12-24", "2026-03-19", "2032-12-24", "2026-03-21", "2026-03-20"))
    assert past == "closed dates in the past: 2025-12-24, 2026-03-19"
    assert beyond.endswith(": 2032-12-24")
    assert idle == "closed dates on which the desk is closed anyway: Sat 2026-03-21"


def test_a_long_closure() -> None:
    """CAL-4: more than two weeks without working time are told with their dates."""
    weekdays = tuple(f"2026-08-{day:02}" for day in range(3, 22))
    (warning,) = [w for w in told(extra=weekdays) if "no working time" in w]
    assert warning == "no working time from 2026-08-01 to 2026-08-23, 23 days"


def test_hours_that_daylight_saving_cuts() -> None:
    """CAL-4: which hours are skipped and repeated, on which dates, and how many minutes of them."""
    skipped, repeated = told("Sun 01:30-02:30, Mon-Fri 09:00-17:00", "America/New_York")
    assert "skips" in skipped
    # On 8 March it is past; 30 of its 60 minutes lie in 02:00-03:00 as it is skipped.
    assert "30 min on 2027-03-14 (02:00-03:00)" in skipped
    assert "2026-03-08" not in skipped
    assert "repeats" in repeated
    assert "30 min on 2026-11-01 (01:00-02:00)" in repeated
    assert told("Sun 03:00-04:00, Mon-Fri 09:00-17:00", "America/New_York") == []


def test_a_change_at_midnight() -> None:
    """CAL-4: where the clocks go back at midnight, the hour before it counts twice."""
    warnings_ = told("Sat 20:00-24:00, Mon-Fri 09:00-17:00", "America/Santiago")
    assert any("60 min on 2026-04-04 (23:00-24:00)" in warning for warning in warnings_)


def test_a_change_on_a_closed_date() -> None:
    """CAL-4: a date that stays closed loses no hours."""
    always_closed = tuple(f"{year}-{day}" for year, day in ((2026, "11-01"),))
    repeated = [
        w for w in told("Sun 01:30-01:45, Mon 09:00-17:00", "America/New_York", always_closed) if "repeats" in w
    ]
    assert all("2026-11-01" not in warning for warning in repeated)
    assert any("15 min on 2027-11-07" in warning for warning in repeated)
