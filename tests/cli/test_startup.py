"""What a run of `care` must not import."""

import json
import subprocess
import sys

import pytest
from engine import sqlite_alone

pytestmark = sqlite_alone("what is loaded for a file")

NOW = "2026-03-20T21:05:00Z"
HEAVY = (
    "rich",
    "pendulum",
    "sqlite_utils",
    "sqlite3",
    "holidays",
    "argon2",
    "email",
    "mailbox",
    "tomllib",
    "psycopg",
)


def loaded(code: str) -> set[str]:
    """The modules that are there after running `code`, told on standard error."""
    told = "import json, sys; sys.stderr.write(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", f"{code}\n{told}"], capture_output=True, text=True, check=True)
    return set(json.loads(run.stderr))


def test_the_app_alone_imports_nothing_heavy() -> None:
    """CLI: `import carecli.cli` leaves Typer and everything heavy out."""
    assert not loaded("import carecli.cli") & {*HEAVY, "typer"}


@pytest.mark.parametrize("args", [["--version"], ["--help"], ["help"], ["help", "exit-codes"]])
def test_version_and_help_do_without_typer(args: list[str]) -> None:
    """CLI: the version and the list of commands are told without Typer or a command's module."""
    modules = loaded(f"import carecli.cli; carecli.cli.main({args!r})")
    assert not modules & {*HEAVY, "typer", "carecli.commands.invocation"}


def test_help_of_a_command_loads_that_command_alone() -> None:
    """CLI: only the command that is called is imported."""
    modules = loaded("import carecli.cli; carecli.cli.main(['update', '--help'])")
    assert "carecli.commands.update" in modules
    assert not modules & {*HEAVY, "carecli.commands.finding", "carecli.desk.desk"}


NEVER = {"typer", "click", "rich", "pendulum", "sqlite_utils", "email", "mailbox", "hashlib", "holidays", "argon2"}
NEVER |= {"psycopg", "carecli.store.postgres", "urllib.parse"}
NEVER |= {"inspect", "dataclasses", "carecli.domain.inbox", "carecli.config.mail", "smtplib", "jinja2"}
RULES = {"zoneinfo", "carecli.domain.calendar", "carecli.domain.case"}


@pytest.mark.parametrize("command", [["list", "--all"], ["list"], ["show", "8"], ["tick"], ["-q", "tick"]])
def test_what_scripts_and_cron_call_leaves_the_rim_out(trial: str, command: list[str]) -> None:
    """CLI: a list, a case or a tick for a script needs SQLite, and neither Typer nor what makes pages and mail."""
    args = ["--db", trial, "--as", "ada@desk.example", "--now", NOW, *command, "--json"]
    modules = loaded(f"import carecli.cli; assert carecli.cli.main({args!r}) == 0")
    assert "sqlite3" in modules
    assert not modules & NEVER


def test_a_key_press_needs_no_rules(trial: str) -> None:
    """CLI: what a shell asks for while somebody types needs neither Typer nor the rules."""
    args = ["--db", trial, "--as", "ada@desk.example", "complete", "case", "--", "0"]
    modules = loaded(f"import carecli.cli; assert carecli.cli.main({args!r}) == 0")
    assert "sqlite3" in modules
    assert not modules & {*NEVER, *RULES}


def test_a_tick_with_nothing_due_reads_no_calendar(trial: str) -> None:
    """CLI: cron's tick, and a `--now` that names its zone, do without the rules, their zones and `inspect`."""
    args = ["--db", trial, "--as", "ada@desk.example", "--now", NOW, "tick", "--json"]
    modules = loaded(f"import carecli.cli; assert carecli.cli.main({args!r}) == 0")
    assert not modules & {*NEVER, *RULES, "carecli.commands.phrases"}
