"""`care calendar show|check`, and what `account` and `init` say of a calendar (CAL-4)."""

import json
from datetime import date
from pathlib import Path

import pytest
from cli.acceptance import ADA, DANA, LENA, NOW, Who, care, plain, terminal

MADRID = ("--timezone", "Europe/Madrid", "--hours", "Mon-Fri 09:00-12:30 13:15-17:30, Sat 10:00-14:00")
AT = ("--now", "2026-10-12T10:00:00Z")


OCTOBER_80 = """\
October 2026
  Mon        Tue        Wed        Thu        Fri        Sat        Sun
  ────────────────────────────────────────────────────────────────────────────
                                   1  8h      2  8h      3          4
                                   9-17       9-17

  5  8h      6  8h      7  8h      8  8h      9  8h      10         11
  9-17       9-17       9-17       9-17       9-17

  [12]       13 8h      14 8h      15 8h      16 8h      17         18
  National…  9-17       9-17       9-17       9-17

  19 8h      20 8h      21 8h      22 8h      23 8h      24         25
  9-17       9-17       9-17       9-17       9-17                  clock -1h

  26 8h      27 8h      28 8h      29 8h      30 8h      31
  9-17       9-17       9-17       9-17       9-17

  Mon 12  closed: National Day
  Sun 25  clocks go back 1h, 03:00 -> 02:00
  168h open on 21 days

Calendar
Time zone  Europe/Madrid
Hours      Mon-Fri 09:00-17:00
Holidays   ES-MD
"""


def test_a_month_is_drawn() -> None:
    """CAL-4: the month with its open hours, its holidays by name, changes of the clocks, and today marked."""
    options = ("--timezone", "Europe/Madrid", "--holidays", "ES-MD", *AT)
    screen = plain(terminal("calendar", "show", "--no-pager", "2026-10", *options).out)
    assert "\n".join(line.rstrip() for line in screen.splitlines()) + "\n" == OCTOBER_80


def test_hours_that_need_more_room() -> None:
    """CAL-4: long hours are written shorter, and where that is not enough as a line for each day."""
    narrow = [
        line.rstrip()
        for line in plain(terminal("calendar", "show", "--no-pager", "2026-12", *MADRID).out).splitlines()
    ]
    assert "  0900-1230  0900-1230  0900-1230  0900-1230  0900-1230  1000-1400" in narrow
    assert "  1315-1730  1315-1730  1315-1730  1315-1730  1315-1730" in narrow
    wide = plain(terminal("calendar", "show", "--no-pager", "2026-12", *MADRID, columns=100).out)
    assert "13:15-17:30" in wide
    small = plain(terminal("calendar", "show", "--no-pager", "2026-12", *MADRID, columns=60).out)
    assert "2026-12-01  Tue  09:00-12:30 13:15-17:30  7h 45m" in small
    assert max(len(line.rstrip()) for line in small.splitlines()) <= 60


def test_in_a_pipe_a_line_for_each_day() -> None:
    """CAL-4: where no terminal reads it, a day is a line of tab-separated cells."""
    lines = care("calendar", "show", "2026-10", *MADRID, "--holidays", "ES-MD", *AT).out.splitlines()
    assert lines[:3] == [
        "# October 2026",
        "date\tweekday\thours\topen_s\tnote",
        "2026-10-01\tthu\t09:00-12:30 13:15-17:30\t27900\t",
    ]
    assert "2026-10-12\tmon\t\t0\ttoday; closed: National Day" in lines
    assert "2026-10-25\tsun\t\t0\tclocks go back 1h, 03:00 -> 02:00" in lines


def test_a_month_as_json() -> None:
    """CAL-4: days with their intervals as instants and on the wall, and open seconds of day and month."""
    document = care(
        "--json", "calendar", "show", "2026-10", "--hours", "24x7", "--timezone", "America/New_York"
    ).json
    assert (document["timezone"], document["hours"], document["account"]) == ("America/New_York", "24x7", None)
    (month,) = document["months"]
    assert (month["month"], month["open_s"], month["open_days"]) == ("2026-10", 31 * 86_400, 31)
    assert document["open_s"] == month["open_s"]
    assert month["days"][0]["intervals"] == [
        {"from": "2026-10-01T04:00:00Z", "to": "2026-10-02T04:00:00Z", "local": "00:00-24:00"}
    ]
    november = care(
        "--json", "calendar", "show", "2026-11", "--hours", "24x7", "--timezone", "America/New_York"
    ).json
    first = november["months"][0]["days"][0]
    assert first["open_s"] == 25 * 3600
    assert first["clock_change"] == {"at": "2026-11-01T06:00:00Z", "shift_s": -3600, "local": "02:00 -> 01:00"}


def test_several_months(ada: Who) -> None:
    """CAL-4: --months shows so many, over the turn of a year, each with its holidays."""
    document = ada.json("calendar", "show", "2026-12", "--months", "2")
    assert [month["month"] for month in document["months"]] == ["2026-12", "2027-01"]
    closed = [day["date"] for month in document["months"] for day in month["days"] if day["closed"]]
    assert {"2026-12-25", "2027-01-01"} <= set(closed)
    assert document["open_s"] == sum(month["open_s"] for month in document["months"])


def test_this_month_by_default(ada: Who) -> None:
    """CAL-4: without a month it is the one in which today falls, in the calendar's zone."""
    late = ada.at("2026-03-01T03:00:00Z")  # still February in New York
    document = late.json("calendar", "show")
    assert (document["months"][0]["month"], document["today"]) == ("2026-02", "2026-02-28")
    assert [day["date"] for day in document["months"][0]["days"] if day["today"]] == ["2026-02-28"]


def test_whose_calendar(ada: Who, trial: str) -> None:
    """ACC-3: the desk's by default, an account's with --account, for a contact the own account's."""
    ada.json("account", "edit", "Northwind", "--timezone", "Europe/Madrid", "--close-on", "2026-03-19")
    dana = Who(trial, DANA)
    for document in (dana.json("calendar", "show"), ada.json("calendar", "show", "--account", "northwind")):
        assert (document["account"], document["timezone"]) == ("Northwind", "Europe/Madrid")
        assert document["months"][0]["days"][18]["closed"] == "closed"
    assert ada.json("calendar", "show")["timezone"] == "America/New_York"
    other, none = (
        Who(trial, LENA)("calendar", "show", "--account", name).refused(3) for name in ("Northwind", "None Co")
    )
    assert other.replace("Northwind", "None Co") == none


def test_one_more_closed_day(ada: Who) -> None:
    """CAL-4: a closed day alone is put on the calendar that is meant, not on one of nobody's."""
    shown = ada.json("calendar", "show", "--close-on", "2026-03-10")
    assert (shown["timezone"], shown["close_on"]) == ("America/New_York", ["2026-03-10"])
    assert shown["months"][0]["days"][9]["closed"] == "closed"
    assert ada.json("calendar", "check", "--close-on", "2026-03-10")["valid"] is True
    assert "is no date" in ada("calendar", "show", "--close-on", "2026-02-30").refused(2)


def test_a_wrong_value_names_the_commands_own_help(ada: Who) -> None:
    """CLI: the hint of a family's command leads to that command, whose options it is about."""
    assert "`care calendar show --help`" in ada("calendar", "show", "--months", "0").refused(2)


def test_what_if(ada: Who) -> None:
    """CAL-4: hours given beside an account stand in for its own, and nothing is kept."""
    shown = ada.json("calendar", "show", "--account", "Northwind", "--hours", "Sat 10:00-12:00")
    assert (shown["account"], shown["timezone"]) == ("Northwind", "America/New_York")
    assert shown["open_s"] == 4 * 2 * 3600
    assert ada.json("account", "show", "Northwind")["business_calendar"]["hours"] == "Mon-Fri 09:00-17:00"


@pytest.mark.parametrize(
    "month", ["2026-13", "2026", "October", "2026-10-01", "0026-10", "2026-", "9999-12", "²026-01"]
)
def test_what_is_no_month(month: str) -> None:
    """CLI: what is no month is one message that shows how to write one."""
    assert "2026-10" in care("calendar", "show", month, "--hours", "24x7").refused(2)


def test_a_check_without_a_desk() -> None:
    """CAL-4: with hours given, neither actor nor database is needed; warnings leave the exit status 0."""
    ran = care("--json", "calendar", "check", "--hours", "Mon-Sun 00:00-23:59", "--timezone", "Europe/Madrid", *AT)
    document = ran.json
    (judged,) = document["calendars"]
    assert (document["valid"], judged["problems"]) == (True, [])
    minute, holidays = judged["warnings"][:2]
    assert "hours end at 23:59" in minute
    assert "24x7" in minute
    assert "no holidays are known for 2027" in holidays
    assert any("60 min on 2026-10-25 (02:00-03:00)" in warning for warning in judged["warnings"])


def test_everything_wrong_with_a_calendar() -> None:
    """CAL-4: zone, hours, holidays and dates that mean nothing are told at once, with the exit status 2."""
    options = ("--timezone", "Europe/Madrit", "--hours", "Mon 17:00-25:00, Xyz 9-10", "--holidays", "US,XX")
    ran = care("--json", "calendar", "check", *options, "--close-on", "2026-02-30")
    assert (ran.status, ran.err) == (2, "")
    (judged,) = json.loads(ran.out)["calendars"]
    said = ("did you mean Europe/Madrid", "'25:00'", "'Xyz' is no weekday", "'XX'", "'2026-02-30' is no date")
    assert len(judged["problems"]) == len(said), judged
    for problem, words in zip(judged["problems"], said, strict=True):
        assert words in problem


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("Mon 09:00-12:00 11:00-13:00", "overlap"),
        ("Mon 22:00-06:00, Tue 05:00-08:00", "overlap"),
        ("Mon 09:00-09:00", "is empty"),
    ],
)
def test_overlapping_hours_are_refused(ada: Who, hours: str, said: str) -> None:
    """CAL-4: hours that overlap or are none are refused by the check, and by account and init."""
    ran = care("calendar", "check", "--hours", hours)
    assert (ran.status, ran.err) == (2, "")
    assert said in ran.out
    assert said in ada("account", "add", "New Co", "--hours", hours).refused(2)
    assert said in ada("init", "--hours", hours).refused(2)


def test_a_calendar_that_never_opens_is_refused(ada: Who) -> None:
    """CAL-4: no reachable working time within a year is refused by the check, and where a calendar is kept."""
    options = ["--hours", "Sun 10:00-11:00", *(word for day in _sundays() for word in ("--close-on", day))]
    for args in (("account", "add", "New Co"), ("account", "edit", "Northwind"), ("init",)):
        assert "no working time is reachable" in ada(*args, *options).refused(2)
    ran = ada("calendar", "check", *options)
    assert ran.status == 2
    assert "no working time is reachable" in ran.out


def test_account_and_init_tell_of_slips(ada: Who, tmp_path: Path) -> None:
    """CAL-4: where a calendar is given, what looks like a slip is told beside the answer; where not, nothing."""
    slip = ("--hours", "Mon-Fri 09:00-23:59")
    for args in (("account", "add", "New Co"), ("account", "edit", "Northwind"), ("init",)):
        ran = ada(*args, *slip)
        assert ran.status == 0
        assert "care: warning: hours end at 23:59 on Mon, Tue, Wed, Thu, Fri" in ran.err
    for args in (("account", "edit", "New Co"), ("init",)):
        assert "23:59" in ada.json(*args, *slip)["warnings"][0]
    assert ada("account", "edit", "Northwind", "--plan", "care").err == ""
    assert ada.json("account", "edit", "Northwind", "--plan", "care")["warnings"] == []
    database = str(tmp_path / "new.db")
    assert care("--db", database, "--now", NOW, "init", "--email", ADA).err == ""


def test_every_account(ada: Who, trial: str) -> None:
    """CAL-4: `--account all` checks the desk's calendar and every account's; a contact's own alone."""
    ada.json("account", "edit", "Harbor Clinic", "--close-on", "2020-01-01", "--close-on", "2026-03-21")
    judged = ada.json("calendar", "check", "--account", "all")["calendars"]
    assert [(one["account"], len(one["warnings"])) for one in judged] == [
        (None, 0),
        ("Harbor Clinic", 2),
        ("Northwind", 0),
    ]
    (own,) = Who(trial, DANA).json("calendar", "check", "--account", "all")["calendars"]
    assert own["account"] == "Northwind"
    shown = ada("calendar", "check", "--account", "all").out
    assert "# Calendar of Harbor Clinic: valid, with 2 warnings" in shown
    assert "warning: closed dates in the past: 2020-01-01" in shown
    assert "warning: closed dates on which the desk is closed anyway: Sat 2026-03-21" in shown


def _sundays() -> list[str]:
    first = date(2026, 3, 15).toordinal()
    return [date.fromordinal(first + 7 * week).isoformat() for week in range(56)]
