# ruff: noqa: E501 - a screen of 120 columns is as wide as it is
"""The forecast and the home page as whole screens at 80 and 120 columns, and in a pipe."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from render.pages import ZONE, case, clock, hours

from carecli.domain.access import Actor, contact_actor, staff_actor
from carecli.domain.case import Case
from carecli.domain.case_state import state
from carecli.domain.forecast import Coming, Effect, Forecast
from carecli.domain.home import Home, Machinery, Need, NeedKind, Waiting, Welcome
from carecli.domain.people import Contact, Staff
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Access, Metric, Priority, Role, Standing, Status, Substatus
from carecli.render import delimited, terminal
from carecli.render.clocks import clock_sheet
from carecli.render.forecast import forecast_sheet
from carecli.render.home import home_page, welcome_page
from carecli.render.screen import Screen
from carecli.render.sheet import Section

NOW = hours(8)
DANA = contact_actor(Contact("dana@abc.example", "Dana", "ABC Testing Co", Access.READ_WRITE))
BOB = contact_actor(Contact("bob@abc.example", "Bob", "ABC Testing Co", Access.BASIC))
ADA = staff_actor(Staff("ada@desk.example", "Ada", Role.ADMIN))
PROPOSED = Standing(Status.SOLUTION_PROPOSED, Substatus.SOLUTION_PROPOSED)
LATE = case(
    40,
    subject="[bold]Queue\x1b[31m music stops when a supervisor listens in",
    account="Harbor Clinic",
    owner=None,
    priority=Priority.CRITICAL,
    standing=Standing(Status.OPEN, Substatus.NEW),
    clocks=(clock(Metric.RESPONSE, 2, warned_at=hours(1.5), breached_at=hours(2)), clock(Metric.RESTORATION, 9)),
    followup=None,
)


def on_terminal(sections: Sequence[Section], width: int) -> str:
    out = io.StringIO()
    terminal.write(sections, out, Screen(terminal=True, color=False, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def in_a_pipe(sections: Sequence[Section]) -> str:
    out = io.StringIO()
    delimited.write_plain(sections, out)
    return out.getvalue()


def stage(of: Case, at: datetime, number: int, effect: Effect = Effect.REMINDER) -> Coming:
    return Coming(Timer(at, of.number, TimerKind.FOLLOW_UP), effect, number, of)


def crossing(of: Case, at: datetime, metric: Metric, effect: Effect, cycle: int = 1) -> Coming:
    kind = TimerKind.WARN if effect is Effect.WARNING else TimerKind.BREACH
    return Coming(Timer(at, of.number, kind, metric, cycle), effect, None, of)


COMING = (
    crossing(LATE, hours(7), Metric.RESTORATION, Effect.WARNING),
    crossing(LATE, hours(9), Metric.RESTORATION, Effect.BREACH, 2),
    stage(case(), hours(49), 1),
    stage(case(), hours(240), 3, Effect.CLOSE),
)


def told(**more: object) -> Forecast:
    values: dict[str, object] = {"now": NOW, "until": hours(241), "coming": COMING, "total": 4}
    return Forecast(**{**values, **more})  # type: ignore[arg-type]


FORECAST_80 = """\
Until 2026-03-12 11:00 EDT, if nobody acts  times in America/New_York
When                 Left  Number      What                   Subject
────────────────────────────────────────────────────────────────────────────────
2026-03-02 16:00  due now  0000000040  Restoration warning    [bold]Queue music…
2026-03-02 18:00       1h  0000000040  Restoration #2 breach  [bold]Queue music…
2026-03-04 10:00   1d 17h  0000000042  Reminder #1            Calls drop after …
2026-03-12 10:00   9d 16h  0000000042  Closes the case        Calls drop after …
4 timers · 1 due now, with the next tick"""

FORECAST_120 = """\
Until 2026-03-12 11:00 EDT, if nobody acts  times in America/New_York
When                 Left  Number      What                   Account         Priority  Owner           Subject
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2026-03-02 16:00  due now  0000000040  Restoration warning    Harbor Clinic   critical                  [bold]Queue mus…
2026-03-02 18:00       1h  0000000040  Restoration #2 breach  Harbor Clinic   critical                  [bold]Queue mus…
2026-03-04 10:00   1d 17h  0000000042  Reminder #1            ABC Testing Co  high      ben@desk.exam…  Calls drop afte…
2026-03-12 10:00   9d 16h  0000000042  Closes the case        ABC Testing Co  high      ben@desk.exam…  Calls drop afte…
4 timers · 1 due now, with the next tick"""

FORECAST_PIPE = """\
due_at | left_s | number | kind | metric | stage | account | priority | owner | contact | subject
2026-03-02T21:00:00Z | -3600 | 0000000040 | warning | restoration |  | Harbor Clinic | critical |  | dana@abc.example | [bold]Queue music stops when a supervisor listens in
2026-03-02T23:00:00Z | 3600 | 0000000040 | breach | restoration |  | Harbor Clinic | critical |  | dana@abc.example | [bold]Queue music stops when a supervisor listens in
2026-03-04T15:00:00Z | 147600 | 0000000042 | reminder |  | 1 | ABC Testing Co | high | ben@desk.example | dana@abc.example | Calls drop after transfer
2026-03-12T14:00:00Z | 835200 | 0000000042 | close |  | 3 | ABC Testing Co | high | ben@desk.example | dana@abc.example | Calls drop after transfer
"""


def test_a_forecast_at_80_columns() -> None:
    """TICK-2: a narrow terminal shows when, how long until then, the case, what comes and the subject."""
    assert on_terminal([forecast_sheet(told(), ZONE)], 80) == FORECAST_80


def test_a_forecast_at_120_columns() -> None:
    """TICK-2: a wider one shows account, priority and owner too."""
    assert on_terminal([forecast_sheet(told(), ZONE)], 120) == FORECAST_120


def test_a_forecast_in_a_pipe() -> None:
    """CLI: in a pipe instants are UTC, nothing is cut off, and what is late has less than nothing left."""
    assert in_a_pipe([forecast_sheet(told(), ZONE)]).replace("\t", " | ") == FORECAST_PIPE


def test_what_stands_below_a_forecast() -> None:
    """TICK-2: one that was cut short says so, and an empty one when something comes."""
    assert (
        forecast_sheet(told(total=None), ZONE).note
        == "the first 4, and there are more · 1 due now, with the next tick"
    )
    empty = told(coming=(), total=0, next_at=hours(300))
    assert forecast_sheet(empty, ZONE).note == "nothing comes due · the next timer is due 2026-03-14 22:00 EDT"
    assert forecast_sheet(told(coming=(), total=0), ZONE).note == "nothing comes due"


CONTACT_80 = """\
Test desk: dana@abc.example, ABC Testing Co  2026-03-02 17:00 EST
  Open 1,204, Awaiting Info 6, Solution Proposed 1 (care list --group)

Waiting for your answer: 7  times in America/New_York
Number      Subject        Next         When              Answer with
────────────────────────────────────────────────────────────────────────────────
0000000042  Calls drop a…  Reminder #1  2026-03-04 10:00  care update 42 -m TEXT
0000000041  Calls drop a…                                 care accept 41
not solved? care reject NUMBER -m WHY · 2 of 7; all: care list --status
awaiting-info

Promised next  times in America/New_York
When              Left  Number      What             Subject
──────────────────────────────────────────────────────────────────────────────
2026-03-02 18:00    1h  0000000039  Restoration due  Calls drop after transfer
care forecast tells more"""

CONTACT_120 = """\
Test desk: dana@abc.example, ABC Testing Co  2026-03-02 17:00 EST
  Open 1,204, Awaiting Info 6, Solution Proposed 1 (care list --group)

Waiting for your answer: 7  times in America/New_York
Number      Subject                    Status             Next         When              Answer with
───────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000042  Calls drop after transfer  Awaiting Info      Reminder #1  2026-03-04 10:00  care update 42 -m TEXT
0000000041  Calls drop after transfer  Solution Proposed                                 care accept 41
not solved? care reject NUMBER -m WHY · 2 of 7; all: care list --status awaiting-info

Promised next  times in America/New_York
When              Left  Number      What             Account         Priority  Owner             Subject
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2026-03-02 18:00    1h  0000000039  Restoration due  ABC Testing Co  high      ben@desk.example  Calls drop after trans…
care forecast tells more"""

ADMIN_80 = """\
Test desk: ada@desk.example, admin  2026-03-02 17:00 EST
  Open 1 (care list --all)

Breached: 1  times in America/New_York
Number      Subject                Priority  Clock     Due               Overdue
────────────────────────────────────────────────────────────────────────────────
0000000040  [bold]Queue music st…  critical  Response  2026-03-02 11:00       6h

Soon to breach: 12  times in America/New_York
Number      Subject                Priority  Clock        Due               Left
────────────────────────────────────────────────────────────────────────────────
0000000040  [bold]Queue music st…  critical  Restoration  2026-03-02 18:00    1h
1 of 12; all: care tick --dry-run

Without an owner: 1  times in America/New_York
Number      Subject            Account        Priority  Status  Modified
────────────────────────────────────────────────────────────────────────────────
0000000040  [bold]Queue musi…  Harbor Clinic  critical  Open    2026-03-02 10:00

Next, if nobody acts  times in America/New_York
When                 Left  Number      What                   Subject
────────────────────────────────────────────────────────────────────────────────
2026-03-02 16:00  due now  0000000040  Restoration warning    [bold]Queue music…
2026-03-02 18:00       1h  0000000040  Restoration #2 breach  [bold]Queue music…
2026-03-04 10:00   1d 17h  0000000042  Reminder #1            Calls drop after …
2026-03-12 10:00   9d 16h  0000000042  Closes the case        Calls drop after …
care forecast tells more

Time and mail
  last tick 2026-03-02 11:00 EST
  LATE: `care tick` catches up, `care doctor` tells what mends it
  timers have been due for 5h
  mail: 3 mails waiting, 1 failed; the next tick tries again"""

ADMIN_120 = """\
Test desk: ada@desk.example, admin  2026-03-02 17:00 EST
  Open 1 (care list --all)

Breached: 1  times in America/New_York
Number      Subject                                         Account        Priority  Clock     Due               Overdue
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000040  [bold]Queue music stops when a supervisor lis…  Harbor Clinic  critical  Response  2026-03-02 11:00       6h

Soon to breach: 12  times in America/New_York
Number      Subject                                         Account        Priority  Clock        Due               Left
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000040  [bold]Queue music stops when a supervisor lis…  Harbor Clinic  critical  Restoration  2026-03-02 18:00    1h
1 of 12; all: care tick --dry-run

Without an owner: 1  times in America/New_York
Number      Subject                                               Account        Priority  Status  Modified
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000040  [bold]Queue music stops when a supervisor listens in  Harbor Clinic  critical  Open    2026-03-02 10:00

Next, if nobody acts  times in America/New_York
When                 Left  Number      What                   Account         Priority  Owner           Subject
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2026-03-02 16:00  due now  0000000040  Restoration warning    Harbor Clinic   critical                  [bold]Queue mus…
2026-03-02 18:00       1h  0000000040  Restoration #2 breach  Harbor Clinic   critical                  [bold]Queue mus…
2026-03-04 10:00   1d 17h  0000000042  Reminder #1            ABC Testing Co  high      ben@desk.exam…  Calls drop afte…
2026-03-12 10:00   9d 16h  0000000042  Closes the case        ABC Testing Co  high      ben@desk.exam…  Calls drop afte…
care forecast tells more

Time and mail
  last tick 2026-03-02 11:00 EST
  LATE: `care tick` catches up, `care doctor` tells what mends it
  timers have been due for 5h
  mail: 3 mails waiting, 1 failed; the next tick tries again"""

ADMIN_PIPE = """\
# Test desk: ada@desk.example, admin  2026-03-02 17:00 EST
Open 1 (care list --all)

# Breached: 1
number | subject | account | priority | metric | due_at | left_s
0000000040 | [bold]Queue music stops when a supervisor listens in | Harbor Clinic | critical | response | 2026-03-02T16:00:00Z | -21600

# Soon to breach: 12
number | subject | account | priority | metric | due_at | left_s
0000000040 | [bold]Queue music stops when a supervisor listens in | Harbor Clinic | critical | restoration | 2026-03-02T23:00:00Z | 3600

# Without an owner: 1
number | subject | account | priority | status | modified_at
0000000040 | [bold]Queue music stops when a supervisor listens in | Harbor Clinic | critical | open | 2026-03-02T15:00:00Z

# Next, if nobody acts
due_at | left_s | number | kind | metric | stage | account | priority | owner | contact | subject
2026-03-02T21:00:00Z | -3600 | 0000000040 | warning | restoration |  | Harbor Clinic | critical |  | dana@abc.example | [bold]Queue music stops when a supervisor listens in
2026-03-02T23:00:00Z | 3600 | 0000000040 | breach | restoration |  | Harbor Clinic | critical |  | dana@abc.example | [bold]Queue music stops when a supervisor listens in
2026-03-04T15:00:00Z | 147600 | 0000000042 | reminder |  | 1 | ABC Testing Co | high | ben@desk.example | dana@abc.example | Calls drop after transfer
2026-03-12T14:00:00Z | 835200 | 0000000042 | close |  | 3 | ABC Testing Co | high | ben@desk.example | dana@abc.example | Calls drop after transfer

# Time and mail
last tick 2026-03-02 11:00 EST
LATE: `care tick` catches up, `care doctor` tells what mends it
timers have been due for 5h
mail: 3 mails waiting, 1 failed; the next tick tries again
"""

BASIC_80 = """\
Test desk: bob@abc.example, ABC Testing Co  2026-03-02 17:00 EST
  with basic access you see no cases; what you can see and do:
  care advisory list
  care kb search WORDS
  care contact list
  care account show 'ABC Testing Co'
  care contact edit bob@abc.example --phone NUMBER"""

EMPTY_80 = """\
Test desk: ada@desk.example, admin  2026-03-02 17:00 EST
  no cases
  nothing waits for you
  first: care account add, care contact add, then care open (each has --help)"""

WELCOME_80 = """\
care: a support desk in your terminal
  there is no desk at /tmp/d.db yet

Begin with
care demo    walk through a trial desk
care --help  list every command"""


def contacts_page() -> Home:
    waiting = (
        Waiting(case(), coming=COMING[2], command="care update 42 -m TEXT"),
        Waiting(case(41, standing=PROPOSED, followup=None), command="care accept 41"),
    )
    answer = Need(NeedKind.ANSWER, waiting, 7, "care list --status awaiting-info")
    counts = {Status.OPEN: 1_204, Status.AWAITING_INFO: 6, Status.SOLUTION_PROPOSED: 1, Status.CLOSED: 0}
    promised = (crossing(case(39), hours(9), Metric.RESTORATION, Effect.BREACH),)
    return Home(NOW, "Test desk", DANA, counts, "care list --group", (answer,), promised)


def admins_page() -> Home:
    needs = (
        Need(NeedKind.BREACHED, (Waiting(LATE, Metric.RESPONSE, 1),), 1, "care tick --dry-run"),
        Need(NeedKind.WARNED, (Waiting(LATE, Metric.RESTORATION, 1),), 12, "care tick --dry-run"),
        Need(NeedKind.UNASSIGNED, (Waiting(LATE),), 1, "care list --all --status open"),
    )
    machinery = Machinery(hours(2), True, hours(3), 3, 1)
    return Home(NOW, "Test desk", ADA, {Status.OPEN: 1}, "care list --all", needs, COMING, machinery)


def empty(actor: Actor, counts: dict[Status, int] | None) -> Home:
    return Home(NOW, "Test desk", actor, counts, "care list --all")


def test_a_contacts_page_at_80_columns() -> None:
    """TICK-3: what waits for an answer, what happens to it next and when, and the command that answers."""
    assert on_terminal(home_page(contacts_page(), ZONE), 80) == CONTACT_80


def test_a_contacts_page_at_120_columns() -> None:
    """TICK-3: a wider terminal shows the status too, and the subject whole."""
    assert on_terminal(home_page(contacts_page(), ZONE), 120) == CONTACT_120


def test_an_admins_page_at_80_columns() -> None:
    """TICK-2 and TICK-4: breaches first, then what comes, and whether time and mail run."""
    assert on_terminal(home_page(admins_page(), ZONE), 80) == ADMIN_80


def test_an_admins_page_at_120_columns() -> None:
    """TICK-2: a wider terminal shows accounts too."""
    assert on_terminal(home_page(admins_page(), ZONE), 120) == ADMIN_120


def test_an_admins_page_in_a_pipe() -> None:
    """CLI: in a pipe the page is sections under titles, their rows set apart by tabs, without terminal codes."""
    assert in_a_pipe(home_page(admins_page(), ZONE)).replace("\t", " | ") == ADMIN_PIPE


def test_pages_with_nothing_on_them() -> None:
    """DC-1: basic access is told what it may do; a fresh desk, how to begin; a quiet one, that nothing waits."""
    assert on_terminal(home_page(empty(BOB, None), ZONE), 80) == BASIC_80
    fresh = empty(ADA, {Status.OPEN: 0})._replace(lacking=("account", "contact"))
    assert on_terminal(home_page(fresh, ZONE), 80) == EMPTY_80
    assert "care open opens a case" in on_terminal(home_page(empty(DANA, {}), ZONE), 80)


@pytest.mark.parametrize(
    ("lacking", "step"),
    [
        (("contact",), "  first: care contact add, then care open (each has --help)"),
        ((), "  next: care open (it has --help)"),
    ],
)
def test_steps_that_are_done_are_not_named(lacking: tuple[str, ...], step: str) -> None:
    """CLI: a desk without cases names only what it lacks."""
    page = empty(ADA, {})._replace(lacking=lacking)
    assert on_terminal(home_page(page, ZONE), 80).splitlines()[-1] == step


@pytest.mark.parametrize(
    ("waiting", "failed", "line"),
    [
        (4, 0, "4 mails waiting; the next tick delivers them"),
        (1, 0, "1 mail waiting; the next tick delivers it"),
        (4, 1, "4 mails waiting, 1 failed; the next tick tries again"),
    ],
)
def test_mail_that_waits(waiting: int, failed: int, line: str) -> None:
    """MAIL-6: only what was tried is tried again."""
    page = empty(ADA, {})._replace(machinery=Machinery(NOW, False, None, waiting, failed))
    assert on_terminal(home_page(page, ZONE), 80).splitlines()[-1] == f"  mail: {line}"


def test_a_clock_that_a_tick_ahead_called_breached() -> None:
    """SLA-7: a breached clock whose due time lies ahead of now is not overdue."""
    page = admins_page()._replace(now=hours(2) - timedelta(hours=6, minutes=20), coming=(), machinery=None)
    breached = on_terminal(home_page(page._replace(needs=page.needs[:1]), ZONE), 80)
    assert "2026-03-02 11:00  in 6h 20m" in breached
    sheet = clock_sheet(CaseView(state(LATE)), ZONE, hours(2) - timedelta(hours=6, minutes=20))
    assert sheet.rows[0][4].value == "in 6h 20m"


def test_a_warned_clock_that_the_tick_is_late_with() -> None:
    """SLA-7: a clock that stands warned past its due time has nothing left, until a tick calls it breached."""
    page = admins_page()._replace(now=hours(10), coming=(), machinery=None)
    warned = on_terminal(home_page(page._replace(needs=page.needs[1:2]), ZONE), 80)
    assert "2026-03-02 18:00  due now" in warned


def test_a_welcome() -> None:
    """CLI: whoever has no desk yet is told the first commands."""
    steps = (("care demo", "walk through a trial desk"), ("care --help", "list every command"))
    assert on_terminal(welcome_page(Welcome("/tmp/d.db", "no-database", steps)), 80) == WELCOME_80
