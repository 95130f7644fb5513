"""Long pages at a terminal go through a pager; nothing else does, and a reader who leaves is no error."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli.acceptance import ADA, NOW, Ran, command, plain, terminal

from carecli.commands import paging
from carecli.commands.everywhere import Given
from carecli.commands.invocation import Invocation


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """A pager that tells what it was given, and how less would behave."""
    program = tmp_path / "pager"
    program.write_text('#!/bin/sh\necho "PAGED LESS=$LESS $*"\nwc -l\n')
    program.chmod(0o700)
    return str(program)


def shown(trial: str, *args: str, answers: Sequence[tuple[str, str]] = (), lines: int = 6, **environ: str) -> Ran:
    """A command of the admin at a small terminal, on which the demo's list is long."""
    here = ("--db", trial, "--as", ADA, "--now", NOW)
    return terminal(*here, *args, answers=answers, variables={"LINES": str(lines), **environ})


@pytest.mark.parametrize("args", [("list", "--all"), ("show", "3"), ("log", "--all"), ("tick", "--dry-run")])
def test_what_is_longer_than_the_screen_is_paged(trial: str, pager: str, args: tuple[str, ...]) -> None:
    """CLI: lists, cases and reports that do not fit the screen go through the pager."""
    ran = shown(trial, *args, CARE_PAGER=f"{pager} -x")
    assert ran.status == 0
    assert ran.out.startswith("PAGED LESS=FRX -x\n"), ran.out
    assert int(ran.out.split()[-1]) >= 6


def test_what_fits_is_not_paged(trial: str, pager: str) -> None:
    """CLI: a page that fits the screen stands there at once."""
    ran = shown(trial, "staff", "list", lines=40, CARE_PAGER=pager)
    assert "PAGED" not in ran.out
    assert ADA in ran.out


@pytest.mark.parametrize(
    "args",
    [
        ("list", "--all", "--json"),
        ("list", "--all", "--no-pager"),
        ("--no-pager", "list", "--all"),
        ("list", "--all", "--no-input"),
        ("list", "--all", "--format", "csv"),
        ("--help",),
        ("list", "--help"),
    ],
    ids=" ".join,
)
def test_what_is_never_paged(trial: str, pager: str, args: tuple[str, ...]) -> None:
    """CLI: documents, files for other programs, help, and what nobody shall wait at, are never paged."""
    ran = shown(trial, *args, CARE_PAGER=pager)
    assert (ran.status, "PAGED" in ran.out) == (0, False)
    assert len(ran.out.splitlines()) > 6


def test_a_pipe_is_not_paged(trial: str, pager: str) -> None:
    """CLI: not a terminal, no paging."""
    line = [*command("--db", trial, "--as", ADA, "--now", NOW, "list", "--all")]
    env = {**os.environ, "LINES": "6", "CARE_PAGER": pager}
    assert "PAGED" not in subprocess.run(line, env=env, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("environ", "program"),
    [
        ({}, "less"),
        ({"PAGER": "more"}, "more"),
        ({"CARE_PAGER": "most -s", "PAGER": "more"}, "most -s"),
        ({"CARE_PAGER": "", "PAGER": "more"}, None),
        ({"CARE_PAGER": " cat ", "PAGER": "more"}, None),
        ({"PAGER": ""}, None),
        ({"PAGER": "more", "TERM": "dumb"}, None),
        ({"PAGER": "more", "CARE_NO_INPUT": "1"}, None),
    ],
    ids=str,
)
def test_which_pager(environ: dict[str, str], program: str | None) -> None:
    """CLI: CARE_PAGER beats PAGER and that less; an empty one, `cat` or a dumb terminal turns paging off."""
    assert paging.wanted(Invocation(Given(), environ)) == program


def test_how_less_behaves_is_its_readers_to_say(trial: str, pager: str) -> None:
    """CLI: LESS is set only where nobody has set it."""
    assert "LESS=-S" in shown(trial, "list", "--all", CARE_PAGER=pager, LESS="-S").out


@pytest.mark.parametrize("missing", ["no-such-pager", "/no/such/pager -x", "PAGER_IS=1 no-such-pager"])
def test_a_pager_that_is_not_there(trial: str, missing: str) -> None:
    """CLI: without its pager a page stands on the screen."""
    ran = shown(trial, "list", "--all", CARE_PAGER=missing)
    assert ran.status == 0
    assert "Exports are empty" in ran.out
    assert "Traceback" not in ran.out


@pytest.mark.parametrize("hasty", ["head -n 1", "true", "exit 3"])
def test_a_reader_who_leaves_early(trial: str, hasty: str) -> None:
    """CLI: leaving the pager before the end is no error."""
    ran = shown(trial, "log", "--all", CARE_PAGER=f"FOO=1 {hasty}" if hasty == "exit 3" else hasty)
    assert ran.status == 0
    assert "Traceback" not in ran.out
    assert len(ran.out.splitlines()) <= 1 or hasty == "exit 3"


def test_less_itself(trial: str) -> None:
    """CLI: less keeps colours, waits for its reader, and leaves the screen as it is at `q`."""
    if shutil.which("less") is None:
        pytest.skip("less is not installed")
    ran = shown(trial, "log", "--all", answers=[(":", "q")], lines=12, LESS="FRX", CARE_PAGER="less")
    assert ran.status == 0
    assert "Log of the desk" in plain(ran.out)
    assert "\x1b[1m" in ran.out


@pytest.mark.parametrize(
    "args",
    [
        ("list", "--all"),
        ("list", "--all", "--json"),
        ("log", "--all", "--format", "jsonl"),
        ("log", "--all", "--json"),
        ("--help",),
        ("list", "--help"),
        ("completion", "bash"),
        ("help", "environment"),
    ],
    ids=" ".join,
)
def test_a_closed_pipe_is_silent(trial: str, args: tuple[str, ...]) -> None:
    """CLI: `| head` ends a command without a word, with 141 where there was more to say."""
    line = " ".join(command("--db", trial, "--as", ADA, "--now", NOW, *args))
    script = f"{line} | head -n 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    assert run.stdout.strip() in {"0", "141"}
    gone = f"exec 3> >(exec true); sleep 0.2; {line} >&3; echo $?"
    run = subprocess.run(["bash", "-c", gone], capture_output=True, text=True, check=True)
    assert (run.stdout.strip(), run.stderr) == ("141", "")


def test_an_error_whose_reader_is_gone(trial: str) -> None:
    """CLI: an error that nobody hears is silent too."""
    line = " ".join(command("--db", trial, "--as", ADA, "show", "999"))
    gone = f"exec 3> >(exec true); sleep 0.2; {line} 2>&3; echo $?"
    run = subprocess.run(["bash", "-c", gone], capture_output=True, text=True, check=True)
    assert (run.stdout.strip(), run.stderr) == ("141", "")
