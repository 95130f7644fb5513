"""A bar on standard error while long work goes on: for a person at a terminal alone."""

import os
import pty
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli.acceptance import ADA, Who, shell, terminal

from carecli.commands.everywhere import Given
from carecli.commands.invocation import Invocation
from carecli.commands.progress import progress

HEADER = (
    "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,"
    "sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,"
    "cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,"
    "rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at"
)
ROW = (
    "INC{0:07},New,true,0,0,0,true,Caller 1,Opened by  8,29/02/2016 01:16,Created by 6,29/02/2016 01:23,"
    "Updated by 21,29/02/2016 01:23,Phone,Location 1,Category 5,Subcategory 1,Symptom 7,?,2 - Medium,2 - Medium,"
    "3 - Moderate,Group 5,?,true,false,Do Not Notify,?,?,?,?,code 5,Resolver 1,29/02/2016 11:29,05/03/2016 12:00"
)


@pytest.fixture
def order(trial: str, tmp_path: Path) -> tuple[str, ...]:
    """An import that keeps nothing."""
    file = tmp_path / "log.csv"
    file.write_text("\n".join([HEADER, *(ROW.format(n) for n in range(1, 41))]) + "\n")
    options = ("--from", "servicenow", "--account", "Northwind", "--timezone", "UTC", "--dry-run")
    return (*Who(trial, ADA).options, "import", str(file), *options)


@contextmanager
def screen() -> Iterator[Callable[[], str]]:
    """Standard error is a terminal; the answer is what it showed since it was asked last.

    A fixture would not do: pytest puts its own in place of it when the test begins.
    """
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as end, pytest.MonkeyPatch.context() as changed:
        changed.setattr(sys, "stderr", end)
        changed.setenv("TERM", "xterm")

        def shown() -> str:
            end.flush()
            ready, _, _ = select.select([master], [], [], 0)
            return os.read(master, 100_000).decode() if ready else ""

        yield shown
    os.close(master)


def at_work(**environ: str) -> Invocation:
    return Invocation(Given(), {"TERM": "xterm", "COLUMNS": "80", **environ})


def come(shown: Callable[[], str], words: str) -> str:
    """What the screen shows until these words are on it."""
    seen, until = "", time.monotonic() + 60
    while words not in seen:
        assert time.monotonic() < until, seen
        time.sleep(0.02)
        seen += shown()
    return seen


def test_long_work_shows_how_far_it_is() -> None:
    """CLI: long work shows a bar with what there is to do, and the bar goes and leaves nothing."""
    with screen() as shown:
        with progress(at_work(NO_COLOR="1"), "Importing", 41, after_s=0) as reached:
            reached(7)
            assert "━" in come(shown, " 7/41 ")
        assert shown().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")  # the cursor is back, and the line empty


def test_work_of_unknown_length_says_what_is_done() -> None:
    """CLI: where nobody knows how much there is to do the bar says how much is done, with no `?` behind it."""
    with screen() as shown, progress(at_work(NO_COLOR="1"), "Counting", after_s=0) as reached:
        reached(1_200)
        assert "/?" not in come(shown, " 1,200")


def test_short_work_shows_no_bar() -> None:
    """CLI: what is done at once flashes no bar, neither before nor after it ended."""
    with screen() as shown:
        with progress(at_work(), "Counting", 9) as reached:
            reached(9)
        assert shown() == ""


def test_what_fails_takes_its_bar_along() -> None:
    """CLI: the bar goes however the work ends."""

    def fail(shown: Callable[[], str]) -> None:
        with progress(at_work(), "Counting", 9, after_s=0):
            come(shown, "Counting")
            raise ValueError("broken")

    with screen() as shown:
        with pytest.raises(ValueError, match="broken"):
            fail(shown)
        assert "\x1b[?25h" in shown()


def test_short_commands_flash_nothing(order: tuple[str, ...], trial: str) -> None:
    """CLI: at a terminal a small report and a small import are all that the screen shows."""
    for words in (order, (*Who(trial, ADA).options, "report"), (*Who(trial, ADA).options, "policy", "impact")):
        ran = terminal(*words)
        assert ran.status == 0, ran.out
        assert "\x1b[?25l" not in ran.out


@pytest.mark.parametrize("still", [["--quiet"], ["--json"]])
def test_no_bar_for_whoever_wants_none(order: tuple[str, ...], still: list[str]) -> None:
    """CLI: with --quiet or --json there is no bar."""
    assert "Importing" not in terminal(*order, *still).out


def test_no_bar_on_a_dumb_terminal(order: tuple[str, ...]) -> None:
    """CLI: a terminal that cannot go back in a line has no bar."""
    assert "Importing" not in terminal(*order, TERM="dumb").out


def test_no_bar_in_a_pipe(order: tuple[str, ...]) -> None:
    """CLI: not a terminal, no bar."""
    ran = shell(*order)
    assert (ran.status, ran.err) == (0, "")
    assert "Importing" not in ran.out
