"""A bar on standard error while long work goes on: for a person at a terminal alone."""

from pathlib import Path

import pytest
from cli.acceptance import ADA, Who, shell, terminal

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


def test_an_import_shows_how_far_it_is(order: tuple[str, ...]) -> None:
    """CLI: long work shows a bar with what there is to do, and the bar goes."""
    ran = terminal(*order)
    assert ran.status == 0, ran.out
    assert "Importing" in ran.out
    assert "/41" in ran.out
    assert "━" in ran.out
    assert ran.out.rindex("\x1b[?25h") > ran.out.rindex("Importing")  # the cursor is back


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
