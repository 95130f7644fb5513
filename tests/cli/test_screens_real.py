# ruff: noqa: E501 - a screen of 120 columns is as wide as it is
"""Whole screens as a person sees them: the demo's desk at 80 and 120 columns, and in a pipe (tabs shown as bars)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.acceptance import ADA, DANA, NOW, care, plain, shell, terminal

LATER = "2026-03-25T20:00:00Z"
"""Three working days after the demo's end."""

LIST_80 = """\
Cases  times in America/New_York
Number      Subject                 Priority  Status            Modified
────────────────────────────────────────────────────────────────────────────────
0000000002  Wallboard shows yeste…  medium    Closed            2026-03-20 15:30
0000000009  Exports are empty       high      Open              2026-03-20 15:20
0000000008  Queue music stops       high      Open              2026-03-20 14:10
0000000007  Logins are slow         high      Open              2026-03-19 13:30
0000000006  How to copy a call fl…  low       Awaiting Info     2026-03-18 15:30
0000000003  Report totals differ …  high      Open              2026-03-18 10:00
0000000005  No audio for remote a…  high      Awaiting Info     2026-03-16 10:40
0000000001  Calls drop after tran…  high      Closed            2026-03-13 15:00
0000000004  No inbound calls        critical  Service Restored  2026-03-10 19:20
9 cases · Open 4, Awaiting Info 2, Service Restored 1, Closed 2
"""

LIST_120 = """\
Cases  times in America/New_York
Number      Subject                         Account        Priority  Status            Owner            Modified
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000002  Wallboard shows yesterday       Harbor Clinic  medium    Closed                             2026-03-20 15:30
0000000009  Exports are empty               Northwind      high      Open                               2026-03-20 15:20
0000000008  Queue music stops               Northwind      high      Open                               2026-03-20 14:10
0000000007  Logins are slow                 Harbor Clinic  high      Open                               2026-03-19 13:30
0000000006  How to copy a call flow         Northwind      low       Awaiting Info                      2026-03-18 15:30
0000000003  Report totals differ by one h…  Northwind      high      Open                               2026-03-18 10:00
0000000005  No audio for remote agents      Northwind      high      Awaiting Info     ben@desk.examp…  2026-03-16 10:40
0000000001  Calls drop after transfer       Northwind      high      Closed                             2026-03-13 15:00
0000000004  No inbound calls                Northwind      critical  Service Restored  mia@desk.examp…  2026-03-10 19:20
9 cases · Open 4, Awaiting Info 2, Service Restored 1, Closed 2
"""

LIST_PIPE = """\
number | subject | account | deployment | service | component | type | priority | status | substatus | contact | owner | opened_at | modified_at
0000000002 | Wallboard shows yesterday | Harbor Clinic | Main | Voice |  | support | medium | closed | resolved | lena@harbor.example |  | 2026-03-02T15:30:00Z | 2026-03-20T19:30:00Z
0000000009 | Exports are empty | Northwind | East | Reporting |  | support | high | open | new | omar@northwind.example |  | 2026-03-20T19:20:00Z | 2026-03-20T19:20:00Z
0000000008 | Queue music stops | Northwind | East | Voice |  | support | high | open | new | dana@northwind.example |  | 2026-03-20T18:10:00Z | 2026-03-20T18:10:00Z
0000000007 | Logins are slow | Harbor Clinic | Main | Voice |  | support | high | open | new | lena@harbor.example |  | 2026-03-19T17:30:00Z | 2026-03-19T17:30:00Z
0000000006 | How to copy a call flow | Northwind | East | Voice |  | support | low | awaiting-info | info-required-from-customer | omar@northwind.example |  | 2026-03-17T18:20:00Z | 2026-03-18T19:30:00Z
0000000003 | Report totals differ by one hour | Northwind | East | Reporting |  | support | high | open | investigation | omar@northwind.example |  | 2026-03-09T13:30:00Z | 2026-03-18T14:00:00Z
0000000005 | No audio for remote agents | Northwind | East | Voice |  | support | high | awaiting-info | info-required-from-customer | dana@northwind.example | ben@desk.example | 2026-03-16T13:15:00Z | 2026-03-16T14:40:00Z
0000000001 | Calls drop after transfer | Northwind | East | Voice |  | support | high | closed | resolved | dana@northwind.example |  | 2026-03-02T14:05:00Z | 2026-03-13T19:00:00Z
0000000004 | No inbound calls | Northwind | East | Voice |  | support | critical | service-restored | pending-rca | omar@northwind.example | mia@desk.example | 2026-03-10T20:45:00Z | 2026-03-10T23:20:00Z
"""

TICK_80 = """\
Breaches: 7 (4 new)  times in America/New_York
Number      Clock        Priority  Account        Due               Overdue  New
────────────────────────────────────────────────────────────────────────────────
0000000003  Restoration  high      Northwind      2026-03-16 09:30    9d 6h
0000000007  Response     high      Harbor Clinic  2026-03-20 11:30    5d 4h
0000000008  Response     high      Northwind      2026-03-20 16:10   4d 23h
0000000009  Response     high      Northwind      2026-03-23 09:20    2d 6h  NEW
0000000008  Restoration  high      Northwind      2026-03-24 14:10    1d 1h  NEW
0000000009  Restoration  high      Northwind      2026-03-24 15:20       1d  NEW
0000000007  Restoration  high      Harbor Clinic  2026-03-25 13:30   2h 30m  NEW

Warnings: 1  times in America/New_York
Number      Clock       Priority  Account    Owner   Due                 Left
─────────────────────────────────────────────────────────────────────────────
0000000003  Resolution  high      Northwind  nobody  2026-03-30 09:30  4d 17h

Follow-ups: 2  times in America/New_York
Number      Sent      Stage  To                      Due               Pace
──────────────────────────────────────────────────────────────────────────────
0000000005  Reminder     #2  dana@northwind.example  2026-03-23 10:40  DELAYED
0000000006  Reminder     #2  omar@northwind.example  2026-03-25 15:30

Tick
  2026-03-25 16:00 EDT, last tick 2026-03-20 17:00 EDT: 10 timers fired
  1 follow-up went out late; the stages behind moved along
  mail: 2 queued, 2 sent, 0 failed
  next timer 2026-03-26 10:45 EDT
"""

TICK_120 = """\
Breaches: 7 (4 new)  times in America/New_York
Number      Clock        Priority  Account        Owner   Due               Overdue  New
────────────────────────────────────────────────────────────────────────────────────────
0000000003  Restoration  high      Northwind      nobody  2026-03-16 09:30    9d 6h
0000000007  Response     high      Harbor Clinic  nobody  2026-03-20 11:30    5d 4h
0000000008  Response     high      Northwind      nobody  2026-03-20 16:10   4d 23h
0000000009  Response     high      Northwind      nobody  2026-03-23 09:20    2d 6h  NEW
0000000008  Restoration  high      Northwind      nobody  2026-03-24 14:10    1d 1h  NEW
0000000009  Restoration  high      Northwind      nobody  2026-03-24 15:20       1d  NEW
0000000007  Restoration  high      Harbor Clinic  nobody  2026-03-25 13:30   2h 30m  NEW

Warnings: 1  times in America/New_York
Number      Clock       Priority  Account    Owner   Due                 Left
─────────────────────────────────────────────────────────────────────────────
0000000003  Resolution  high      Northwind  nobody  2026-03-30 09:30  4d 17h

Follow-ups: 2  times in America/New_York
Number      Sent      Stage  To                      Due               Pace
──────────────────────────────────────────────────────────────────────────────
0000000005  Reminder     #2  dana@northwind.example  2026-03-23 10:40  DELAYED
0000000006  Reminder     #2  omar@northwind.example  2026-03-25 15:30

Tick
  2026-03-25 16:00 EDT, last tick 2026-03-20 17:00 EDT: 10 timers fired
  1 follow-up went out late; the stages behind moved along
  mail: 2 queued, 2 sent, 0 failed
  next timer 2026-03-26 10:45 EDT
"""

TICK_PIPE = """\
# Breaches: 7 (4 new)
number | metric | priority | account | owner | due_at | overdue_s | new
0000000003 | restoration | high | Northwind |  | 2026-03-16T13:30:00Z | 801000 | false
0000000007 | response | high | Harbor Clinic |  | 2026-03-20T15:30:00Z | 448200 | false
0000000008 | response | high | Northwind |  | 2026-03-20T20:10:00Z | 431400 | false
0000000009 | response | high | Northwind |  | 2026-03-23T13:20:00Z | 196800 | true
0000000008 | restoration | high | Northwind |  | 2026-03-24T18:10:00Z | 93000 | true
0000000009 | restoration | high | Northwind |  | 2026-03-24T19:20:00Z | 88800 | true
0000000007 | restoration | high | Harbor Clinic |  | 2026-03-25T17:30:00Z | 9000 | true

# Warnings: 1
number | metric | priority | account | owner | due_at | left_s
0000000003 | resolution | high | Northwind |  | 2026-03-30T13:30:00Z | 408600

# Follow-ups: 2
number | action | stage | contact | due_at | delayed
0000000005 | reminder | 2 | dana@northwind.example | 2026-03-23T14:40:00Z | true
0000000006 | reminder | 2 | omar@northwind.example | 2026-03-25T19:30:00Z | false

# Tick
2026-03-25 16:00 EDT, last tick 2026-03-20 17:00 EDT: 10 timers fired
1 follow-up went out late; the stages behind moved along
mail: 2 queued, 2 sent, 0 failed
next timer 2026-03-26 10:45 EDT
"""

CASE_80 = """\
0000000003  Report totals differ by one hour  times in America/New_York
Status    Open / Investigation
Priority  2-High
Type      Support / Problem
Account   Northwind (Business Care)
Service   East / Reporting
Stage     Production
Contact   omar@northwind.example
Owner     nobody yet
Group     Reporting
Opened    2026-03-09 09:30
Modified  2026-03-18 10:00
Assessed  incomplete, lacks users affected, frequency, observed at, steps,
          troubleshooting; criticality medium; simple

Service levels  times in America/New_York
Clock        Target  State     Due               Left             Used
─────────────────────────────────────────────────────────────────────────
Response     4bh     BREACHED  2026-03-09 13:30  met 2d 20h late  24h 10m
Restoration  5bd     BREACHED  2026-03-16 09:30  4d 7h overdue    79h 30m
Resolution   15bd    running   2026-03-30 09:30  9d 16h left      79h 30m

Next
  resolution due 2026-03-30 09:30 EDT (15bd)

Description
  The daily report misses the calls between two and three in the morning since
  the clocks changed.

Business impact
  Agents cannot work as they should.

2026-03-18 10:00 EDT  mia@desk.example: Priority Changed
  priority medium -> high
  Month-end reports depend on it.

2026-03-12 09:40 EDT  ben@desk.example: Commented
  -> Open / Investigation
  Thank you, we are looking at how the report reads the zone.
"""

CASE_120 = """\
0000000003  Report totals differ by one hour  times in America/New_York
Status    Open / Investigation
Priority  2-High
Type      Support / Problem
Account   Northwind (Business Care)
Service   East / Reporting
Stage     Production
Contact   omar@northwind.example
Owner     nobody yet
Group     Reporting
Opened    2026-03-09 09:30
Modified  2026-03-18 10:00
Assessed  incomplete, lacks users affected, frequency, observed at, steps, troubleshooting; criticality medium; simple

Service levels  times in America/New_York
Clock        Target  State     Due               Left             Used     Started
───────────────────────────────────────────────────────────────────────────────────────────
Response     4bh     BREACHED  2026-03-09 13:30  met 2d 20h late  24h 10m  2026-03-09 09:30
Restoration  5bd     BREACHED  2026-03-16 09:30  4d 7h overdue    79h 30m  2026-03-09 09:30
Resolution   15bd    running   2026-03-30 09:30  9d 16h left      79h 30m  2026-03-09 09:30

Next
  resolution due 2026-03-30 09:30 EDT (15bd)

Description
  The daily report misses the calls between two and three in the morning since the clocks changed.

Business impact
  Agents cannot work as they should.

2026-03-18 10:00 EDT  mia@desk.example: Priority Changed
  priority medium -> high
  Month-end reports depend on it.

2026-03-12 09:40 EDT  ben@desk.example: Commented
  -> Open / Investigation
  Thank you, we are looking at how the report reads the zone.
"""

CASE_PIPE = """\
# 0000000003  Report totals differ by one hour
Status | Open / Investigation
Priority | 2-High
Type | Support / Problem
Account | Northwind (Business Care)
Service | East / Reporting
Stage | Production
Contact | omar@northwind.example
Owner | nobody yet
Group | Reporting
Opened | 2026-03-09T13:30:00Z
Modified | 2026-03-18T14:00:00Z
Assessed | incomplete, lacks users affected, frequency, observed at, steps, troubleshooting; criticality medium; simple

# Service levels
metric | target | state | due_at | left | used | started_at
response | 4bh | breached | 2026-03-09T17:30:00Z | met 2d 20h late | 87000 | 2026-03-09T13:30:00Z
restoration | 5bd | breached | 2026-03-16T13:30:00Z | 4d 7h overdue | 286200 | 2026-03-09T13:30:00Z
resolution | 15bd | running | 2026-03-30T13:30:00Z | 9d 16h left | 286200 | 2026-03-09T13:30:00Z

# Next
resolution due 2026-03-30 09:30 EDT (15bd)

# Description
The daily report misses the calls between two and three in the morning since the clocks changed.

# Business impact
Agents cannot work as they should.

# 2026-03-18 10:00 EDT  mia@desk.example: Priority Changed
priority medium -> high
Month-end reports depend on it.

# 2026-03-12 09:40 EDT  ben@desk.example: Commented
-> Open / Investigation
Thank you, we are looking at how the report reads the zone.
"""

DEMO_80 = """\
Breaches: 3 (1 new)  times in America/New_York
Number      Clock        Priority  Account        Due               Overdue  New
────────────────────────────────────────────────────────────────────────────────
0000000003  Restoration  high      Northwind      2026-03-16 09:30    4d 7h
0000000007  Response     high      Harbor Clinic  2026-03-20 11:30   5h 30m
0000000008  Response     high      Northwind      2026-03-20 16:10      50m  NEW

Warnings: 1  times in America/New_York
Number      Clock     Priority  Account    Owner   Due                 Left
───────────────────────────────────────────────────────────────────────────
0000000009  Response  high      Northwind  nobody  2026-03-23 09:20  2d 16h

Follow-ups: 2  times in America/New_York
Number      Sent      Stage  To                      Due               Pace
───────────────────────────────────────────────────────────────────────────
0000000002  Close        #3  lena@harbor.example     2026-03-20 15:30
0000000006  Reminder     #1  omar@northwind.example  2026-03-20 15:30

Closed by auto follow-up: 1
Number
──────────
0000000002

Tick
  2026-03-20 17:00 EDT, last tick 2026-03-20 15:20 EDT: 5 timers fired
  mail: 2 queued, 2 sent, 0 failed
  next timer 2026-03-23 09:20 EDT
"""

SCREENS = {
    ("list", "--all"): (NOW, LIST_80, LIST_120, LIST_PIPE),
    ("tick",): (LATER, TICK_80, TICK_120, TICK_PIPE),
    ("show", "3"): (NOW, CASE_80, CASE_120, CASE_PIPE),
}
shown = pytest.mark.parametrize("args", SCREENS, ids=" ".join)


def seen(screen: str) -> str:
    """A screen as an eye sees it: no blanks at the ends of lines, bars where a pipe has tabs."""
    return "".join(line.rstrip(" ") + "\n" for line in screen.replace("\t", " | ").splitlines())


@shown
@pytest.mark.parametrize("columns", [80, 120])
def test_a_screen(trial: str, args: tuple[str, ...], columns: int) -> None:
    """CLI: whole screens at a terminal of 80 and 120 columns, without colour."""
    now, narrow, wide, _ = SCREENS[args]
    ran = terminal("--db", trial, "--as", ADA, "--now", now, *args, columns=columns, NO_COLOR="1")
    assert ran.status == 0
    assert seen(ran.out) == (narrow if columns == 80 else wide)
    assert max(map(len, ran.out.splitlines())) <= columns


@shown
def test_colour_changes_no_word(trial: str, args: tuple[str, ...]) -> None:
    """CLI: with colour the same words stand in the same places."""
    now, narrow, _, _ = SCREENS[args]
    ran = terminal("--db", trial, "--as", ADA, "--now", now, *args)
    assert "\x1b[" in ran.out
    assert seen(plain(ran.out)) == narrow


@shown
def test_columns_beats_the_terminal(trial: str, args: tuple[str, ...]) -> None:
    """CLI: COLUMNS tells the width of tables where it is set."""
    now, _, wide, _ = SCREENS[args]
    options = ("--db", trial, "--as", ADA, "--now", now)
    ran = terminal(*options, *args, columns=80, COLUMNS="120", NO_COLOR="1")
    assert seen(ran.out) == wide


@shown
@pytest.mark.parametrize("run", [care, shell], ids=["in-process", "process"])
def test_a_pipe(trial: str, args: tuple[str, ...], run: Callable[..., tuple[int, str, str]]) -> None:
    """CLI: in a pipe: no colour, no boxes, nothing cut off, fields set apart by tabs."""
    now, _, _, expected = SCREENS[args]
    status, out, err = run("--db", trial, "--as", ADA, "--now", now, *args)
    assert (status, err) == (0, "")
    assert seen(out) == expected
    assert not any(sign in out for sign in "─│┌…\x1b")


def test_the_demo_ends_with_the_tick(tmp_path: Path) -> None:
    """CLI: `demo` walks through its story and ends with what a tick shows."""
    ran = terminal("--db", str(tmp_path / "desk.db"), "demo", NO_COLOR="1")
    assert ran.status == 0
    story, _, rest = ran.out.partition("\n\n")
    assert story.startswith("Mon 02 Mar 09:05  dana  opens case 1: calls drop after transfer\n")
    assert len(story.splitlines()) >= 25
    tick, _, hints = rest.partition("\nlook around as staff: ")
    assert seen(tick).rstrip() == DEMO_80.rstrip()
    assert "as the customer:          care --db" in hints


def test_a_very_narrow_terminal(trial: str) -> None:
    """CLI: at 30 columns nothing fails and no line is wider."""
    ran = terminal("--db", trial, "--as", DANA, "--now", NOW, "list", "--all", columns=30, NO_COLOR="1")
    assert ran.status == 0
    assert max(map(len, ran.out.splitlines())) <= 30


def test_a_dumb_terminal(trial: str) -> None:
    """CLI: TERM=dumb has no colour."""
    ran = terminal("--db", trial, "--as", DANA, "--now", NOW, "list", "--all", TERM="dumb")
    assert "\x1b[3" not in ran.out
    assert ran.status == 0


def test_standard_error_at_a_terminal_alone(trial: str, tmp_path: Path) -> None:
    """CLI: a file gets plain text though the person sits at a terminal."""
    target = tmp_path / "out"
    options = ("--db", trial, "--as", ADA, "--now", NOW)
    ran = terminal(*options, "list", "--all", "--output", os.fspath(target), FORCE_COLOR="")
    assert (ran.status, ran.out) == (0, "")
    assert seen(target.read_text()) == LIST_PIPE
