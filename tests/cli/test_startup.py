"""What a run of `care` must not import."""

import json
import subprocess
import sys

import pytest

HEAVY = ("rich", "pendulum", "sqlite_utils", "sqlite3", "holidays", "argon2", "email", "mailbox", "tomllib")


def loaded(code: str) -> set[str]:
    """The modules that are there after running `code`, told on standard error."""
    told = "import json, sys; sys.stderr.write(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", f"{code}\n{told}"], capture_output=True, text=True, check=True)
    return set(json.loads(run.stderr))


def test_the_app_alone_imports_nothing_heavy() -> None:
    """CLI: `import carecli.cli` leaves Typer and everything heavy out."""
    assert not loaded("import carecli.cli") & {*HEAVY, "typer"}


@pytest.mark.parametrize("args", [["--version"], ["--help"], [], ["help", "exit-codes"]])
def test_version_and_help_do_without_typer(args: list[str]) -> None:
    """CLI: the version and the list of commands are told without Typer or a command's module."""
    modules = loaded(f"import carecli.cli; carecli.cli.main({args!r})")
    assert not modules & {*HEAVY, "typer", "carecli.commands.invocation"}


def test_help_of_a_command_loads_that_command_alone() -> None:
    """CLI: only the command that is called is imported."""
    modules = loaded("import carecli.cli; carecli.cli.main(['update', '--help'])")
    assert "carecli.commands.update" in modules
    assert not modules & {*HEAVY, "carecli.commands.finding", "carecli.desk.desk"}


def test_a_list_as_json_leaves_the_rim_out(trial: str) -> None:
    """CLI: a list for a script needs SQLite, and none of rich, pendulum and sqlite_utils."""
    args = ["--db", trial, "--as", "ada@desk.example", "list", "--all", "--json"]
    modules = loaded(f"import carecli.cli; assert carecli.cli.main({args!r}) == 0")
    assert "sqlite3" in modules
    assert not modules & {"rich", "pendulum", "sqlite_utils", "holidays", "argon2", "email", "mailbox"}
