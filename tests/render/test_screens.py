"""Whole screens at 80 and 120 columns, and what a pipe gets instead."""

import io
from collections.abc import Sequence

from render.pages import ZONE, case, hours, page, report, view

from carecli.domain.followup import FollowUp
from carecli.domain.views import CaseView
from carecli.render import delimited, terminal
from carecli.render.next_step import outcome
from carecli.render.screen import Screen
from carecli.render.sheet import Section
from carecli.render.tick import tick_page
from carecli.render.views import case_page, case_sheet


def on_terminal(sections: Sequence[Section], width: int, *, color: bool = False) -> str:
    out = io.StringIO()
    terminal.write(sections, out, Screen(terminal=True, color=color, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def in_a_pipe(sections: Sequence[Section]) -> str:
    out = io.StringIO()
    delimited.write_plain(sections, out)
    return out.getvalue()


LIST_80 = """\
Cases  times in America/New_York
Number      Subject                    Priority  Status         Modified
────────────────────────────────────────────────────────────────────────────────
0000000042  Calls drop after transfer  high      Awaiting Info  2026-03-02 10:00
0000000043  [bold]A long subject tha…  critical  Open           2026-03-02 11:00
0000000044  通話が切れる               high      Closed         2026-03-02 10:00
53 cases · Open 1, Awaiting Info 51, Closed 1 · page 1 of 3, next: --page 2"""

LIST_120 = """\
Cases  times in America/New_York
Number      Subject                          Account         Priority  Status         Owner             Modified
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000042  Calls drop after transfer        ABC Testing Co  high      Awaiting Info  ben@desk.example  2026-03-02 10:00
0000000043  [bold]A long subject that says…  ABC Testing Co  critical  Open                             2026-03-02 11:00
0000000044  通話が切れる                     =Harbor         high      Closed         ben@desk.example  2026-03-02 10:00
53 cases · Open 1, Awaiting Info 51, Closed 1 · page 1 of 3, next: --page 2"""  # noqa: E501

CASE_80 = """\
0000000042  Calls drop after transfer  times in America/New_York
Status          Awaiting Info / Info Required from Customer
Priority        2-High
Type            Support / Problem
Account         ABC Testing Co (Business Care)
Service         East / Voice
Stage           Production
Contact         dana@abc.example
Owner           ben@desk.example
Group           Voice
Opened          2026-03-02 09:00
Modified        2026-03-02 10:00
Users affected  12
Follows         0000000007

Service levels  times in America/New_York
Clock        Target  State   Due               Left                    Used
───────────────────────────────────────────────────────────────────────────
Response     2bh     met     2026-03-02 11:00  met 1h early            1h
Restoration  2bd     paused  2026-03-04 09:00  waits for the customer  1h
Resolution   15bd    paused  2026-03-23 06:00  waits for the customer  1h

Next
  auto follow-up #1 on 2026-03-04 10:00 EST, unless dana@abc.example answers
  answer with: care update 0000000042 -m TEXT

Description
  Since this morning one in five calls drops.

Business impact
  Agents call back by hand.

2026-03-02 10:00 EST  ben@desk.example: Asked
  -> Awaiting Info / Info Required from Customer
  Please send [red]two[/red] traces."""

TICK_80 = """\
Breaches: 2 (1 new)  times in America/New_York
Number      Clock        Priority  Account        Due               Overdue  New
────────────────────────────────────────────────────────────────────────────────
0000000043  Response     critical  ABC Testing …  2026-03-02 16:00       1h  NEW
0000000040  Restoration  high      Harbor         2026-03-02 11:00       6h

Warnings: 1  times in America/New_York
Number      Clock     Priority  Account  Owner   Due               Left
───────────────────────────────────────────────────────────────────────
0000000041  Response  low       Harbor   nobody  2026-03-02 18:00    1h

Follow-ups: 1  times in America/New_York
Number      Sent      Stage  To                Due               Pace
────────────────────────────────────────────────────────────────────────
0000000042  Reminder     #1  dana@abc.example  2026-03-02 16:30  DELAYED

Closed by auto follow-up: 1
Number
──────────
0000000044

Tick
  2026-03-02 17:00 EST, last tick 2026-03-02 16:00 EST: 4 timers fired
  1 follow-up went out late; the stages behind moved along
  mail: 3 queued, 2 sent, 1 failed
  next timer 2026-03-02 18:00 EST"""

TICK_120 = """\
Breaches: 2 (1 new)  times in America/New_York
Number      Clock        Priority  Account         Owner             Due               Overdue  New
───────────────────────────────────────────────────────────────────────────────────────────────────
0000000043  Response     critical  ABC Testing Co  nobody            2026-03-02 16:00       1h  NEW
0000000040  Restoration  high      Harbor          ben@desk.example  2026-03-02 11:00       6h

Warnings: 1  times in America/New_York
Number      Clock     Priority  Account  Owner   Due               Left
───────────────────────────────────────────────────────────────────────
0000000041  Response  low       Harbor   nobody  2026-03-02 18:00    1h

Follow-ups: 1  times in America/New_York
Number      Sent      Stage  To                Due               Pace
────────────────────────────────────────────────────────────────────────
0000000042  Reminder     #1  dana@abc.example  2026-03-02 16:30  DELAYED

Closed by auto follow-up: 1
Number
──────────
0000000044

Tick
  2026-03-02 17:00 EST, last tick 2026-03-02 16:00 EST: 4 timers fired
  1 follow-up went out late; the stages behind moved along
  mail: 3 queued, 2 sent, 1 failed
  next timer 2026-03-02 18:00 EST"""


def test_a_list_at_80_columns() -> None:
    """FIND-2: a narrow terminal shows number, subject, priority, status and date, names shortened."""
    assert on_terminal([case_sheet(page(), ZONE)], 80) == LIST_80


def test_a_list_at_120_columns() -> None:
    """FIND-2: a wider one shows account and owner too."""
    assert on_terminal([case_sheet(page(), ZONE)], 120) == LIST_120


def test_a_case_at_80_columns() -> None:
    """TICK-3: a case tells what is promised, what is left, what happens next and what stops it."""
    assert on_terminal(case_page(view(), ZONE, hours(2)), 80) == CASE_80


def test_a_tick_at_80_columns() -> None:
    """TICK-2: breaches, new ones marked in words, warnings, follow-ups, closed cases, mail, next timer."""
    assert on_terminal(tick_page(report(), ZONE), 80) == TICK_80


def test_a_tick_at_120_columns() -> None:
    """TICK-2: a wider terminal names the owners too."""
    assert on_terminal(tick_page(report(), ZONE), 120) == TICK_120


def test_no_line_is_wider_than_the_terminal() -> None:
    """CLI: from 60 columns on every line of every page fits."""
    from rich.cells import cell_len

    for width in range(60, 200, 7):
        pages: list[list[Section]] = [
            [case_sheet(page(), ZONE)],
            case_page(view(), ZONE, hours(2)),
            tick_page(report(), ZONE),
        ]
        for sections in pages:
            assert max(map(cell_len, on_terminal(sections, width).splitlines())) <= width


def test_a_pipe_gets_every_column_whole() -> None:
    """CLI: without a terminal a list is tab-separated lines, nothing shortened, instants in UTC."""
    header, first, second, _ = in_a_pipe([case_sheet(page(), ZONE)]).splitlines()
    assert header.split("\t")[:4] == ["number", "subject", "account", "deployment"]
    assert first.split("\t")[-1] == "2026-03-02T15:00:00Z"
    assert "[bold]A long subject that says more than any narrow terminal has room for" in second.split("\t")


def test_sections_in_a_pipe_are_set_apart() -> None:
    """CLI: a tick in a pipe has a # line before each section and a blank one between."""
    text = in_a_pipe(tick_page(report(), ZONE))
    assert [block.splitlines()[0] for block in text.split("\n\n")] == [
        "# Breaches: 2 (1 new)",
        "# Warnings: 1",
        "# Follow-ups: 1",
        "# Closed by auto follow-up: 1",
        "# Tick",
    ]
    assert not set("│─┌━") & set(text)


def test_colour_adds_to_words_and_never_stands_for_them() -> None:
    """CLI: the coloured screen without its colours is the plain one."""
    from carecli.render import legible

    colored = on_terminal(tick_page(report(), ZONE), 120, color=True)
    assert "\x1b[1;31mNEW" in colored
    assert "\n".join(line.rstrip() for line in legible.lines(colored).splitlines()) == TICK_120


def test_the_line_that_a_command_answers_with() -> None:
    """CLI: one line tells what happened to which case, and what happens next."""
    assert outcome(view(), "asked", ZONE) == (
        "0000000042 asked: Awaiting Info / Info Required from Customer, "
        "auto follow-up #1 on 2026-03-04 10:00 EST, unless dana@abc.example answers"
    )


def test_a_held_ladder_shows_on_the_list() -> None:
    """FU-6: a case whose reminder could not be delivered says so on its owner's list."""
    ladder = FollowUp(1, hours(1), 1, None, hours(1), 0, held=True)
    views = (CaseView.of(case(followup=ladder)),)
    held = page()._replace(views=views)
    assert "Awaiting Info (mail held)" in on_terminal([case_sheet(held, ZONE)], 80)
