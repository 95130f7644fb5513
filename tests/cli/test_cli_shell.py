"""What holds for every command: options, errors, exit statuses, streams."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from carecli import __version__, cli
from carecli.commands import panels
from carecli.errors import Failed

ADA = "ada@desk.example"
NOW = "2026-03-20T21:00:00Z"


class Ran(tuple[int, str, str]):
    """An exit status, and what stood on the two streams."""

    status = property(lambda self: self[0])
    out = property(lambda self: self[1])
    err = property(lambda self: self[2])


@pytest.fixture
def care(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run `care` in this process."""

    def run(*args: str) -> Ran:
        status = cli.main(list(args))
        sys.stdout.flush()
        return Ran((status, *capfd.readouterr()))

    return run


Care = Callable[..., Ran]


def shell(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `care` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "carecli", *args],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_version(care: Care) -> None:
    """CLI: --version tells it."""
    assert care("--version") == (0, f"care {__version__}\n", "")


def test_help_lists_every_command(care: Care) -> None:
    """CLI: `care help`, `-h` and `--help` list every command by group."""
    told = care("help")
    assert told.status == 0
    assert all(f"\n  {name} " in told.out for name in panels.COMMANDS)
    assert care("--help") == care("-h") == told


@pytest.mark.parametrize("name", [name for name in panels.COMMANDS if name != "help"])
def test_every_command_explains_itself(care: Care, name: str) -> None:
    """CLI: -h, --help and `care help NAME` show a summary and an example."""
    shown = care(name, "-h")
    assert shown.status == 0
    assert shown.out.startswith(f"Usage: care {name}")
    assert shown == care("help", name)


def test_topics(care: Care) -> None:
    """CLI: `care help exit-codes|environment|formats|times` explain."""
    assert "141" in care("help", "exit-codes").out
    assert "CARE_CONFIG" in care("help", "environment").out
    assert "jsonl" in care("help", "formats").out
    assert "'tomorrow 9am'" in care("help", "times").out


def test_the_list_of_a_family_cuts_no_summary(care: Care) -> None:
    """CLI: help shows whole sentences, whatever their length."""
    shown = " ".join(care("contact", "--help").out.split())
    assert "add Add a contact to an account; with read-write access a Designated Contact. edit" in shown
    assert "..." not in shown.partition("Commands:")[2]


def test_an_unknown_command(care: Care) -> None:
    """CLI: a slip is answered with the nearest names and status 2."""
    ran = care("lits")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("care: no such command: lits\n  did you mean list")


@pytest.mark.parametrize(
    "args",
    [
        ("list", "--bogus"),
        ("show",),
        ("show", "1", "2"),
        ("list", "--limit", "x"),
        ("list", "--limit", "0"),
        ("account",),
        ("account", "lits"),
        ("--bogus",),
        ("--db",),
        ("list", "--db"),
    ],
)
def test_a_usage_error_is_one_message(care: Care, args: tuple[str, ...]) -> None:
    """CLI: what is mistyped is one message with a hint, status 2, and JSON with --json."""
    ran = care(*args)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("care: ")
    assert ran.err.count("\n") == 2


def test_an_error_as_json(care: Care) -> None:
    """CLI: with --json standard error holds one error document and nothing else."""
    for args in (("list", "--json", "--bogus"), ("--json", "lits"), ("show", "abc", "--json")):
        ran = care(*args)
        assert (ran.status, ran.out) == (2, "")
        error = json.loads(ran.err)["error"]
        assert set(error) == {"code", "rule", "message", "hint"}
        assert error["code"] == "invalid"


@pytest.mark.parametrize(
    ("args", "status", "code"),
    [
        (("show", "1"), 0, None),
        (("show", "99"), 3, "not-found"),
        (("show", "x"), 2, "invalid"),
        (("list", "--as", "eve@nowhere.example"), 4, "not-permitted"),
        (("ask", "1", "-m", "?"), 5, "refused"),  # it is closed
        (("tick", "--exit-code"), 10, None),
        (("list", "--db", "/none/such.db"), 6, "database"),
        (("list", "--output", "/none/such/file"), 1, "failed"),
        (("list", "--now", "soon"), 2, "invalid"),
        (("list", "--config", "/none/such"), 2, "invalid"),
    ],
)
def test_exit_statuses(care: Care, trial: str, args: tuple[str, ...], status: int, code: str | None) -> None:
    """CLI: each kind of refusal has its own status and code."""
    ran = care("--db", trial, "--as", ADA, "--now", NOW, "--json", *args)
    assert ran.status == status
    if code:
        assert json.loads(ran.err)["error"]["code"] == code
    else:
        assert json.loads(ran.out)
        assert ran.err == ""


def test_global_options_anywhere(care: Care, trial: str) -> None:
    """CLI: --db and the others work before and after the command's name, and within a family's."""
    options = ("--db", trial, "--as", ADA, "--now", NOW, "--json")
    assert care(*options, "staff", "list") == care("staff", *options, "list") == care("staff", "list", *options)
    assert care(*options, "list").status == 0


def test_the_later_option_wins_and_all_beat_the_environment(
    care: Care, trial: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CLI: flag beats environment, and of two flags the later."""
    monkeypatch.setenv("CARE_DB", "/none/such.db")
    assert care("--as", "eve@nowhere.example", "--db", trial, "list", "--as", ADA).status == 0
    assert care("--as", ADA, "--db", trial, "list", "--as", "eve@nowhere.example").status == 4
    monkeypatch.setenv("CARE_DB", trial)
    monkeypatch.setenv("CARE_AS", ADA)
    monkeypatch.setenv("CARE_NOW", NOW)
    assert json.loads(care("tick", "--dry-run", "--json").out)["now"] == NOW


def test_without_a_terminal_nothing_is_asked(care: Care, trial: str) -> None:
    """OPEN-4: without a terminal all missing fields are named at once."""
    ran = care("--db", trial, "--as", "dana@northwind.example", "open")
    assert ran.status == 2
    for field in ("deployment", "service", "stage", "priority", "subject", "description", "impact"):
        assert f"--{field}" in ran.err


def test_a_choice_is_read_in_any_case_and_a_wrong_one_lists_all(care: Care, trial: str) -> None:
    """CLI: words are chosen regardless of case, a priority also by its number."""
    options = ("--db", trial, "--as", ADA, "--json", "list", "--all")
    lists = [care(*options, "--priority", word).out for word in ("HIGH", "2", "2-High")]
    assert json.loads(lists[0])["total"] > 0
    assert lists[0] == lists[1] == lists[2]
    assert "critical, high, medium, low" in care(*options, "--priority", "urgent").err


def test_quiet_opens_with_the_bare_number(care: Care, trial: str) -> None:
    """CLI: `care -q open` answers with the number alone, other writes with nothing."""
    words = "Since this morning one in five calls drops when an agent transfers it."
    opened = care(
        *("--db", trial, "--as", "dana@northwind.example", "--now", NOW, "-q", "open", "-s", "Calls drop"),
        *("--deployment", "East", "--service", "Voice", "--stage", "uat", "--priority", "low"),
        *("-m", words, "--impact", "none"),
    )
    assert opened == (0, "0000000010\n", "")
    assert care("--db", trial, "--as", ADA, "--now", NOW, "update", "10", "-m", "We look.", "-q") == (0, "", "")


def test_a_file_for_another_program_has_every_row(care: Care, trial: str) -> None:
    """FIND-2: csv, tsv and jsonl hold all rows; a table and --json are paged."""
    options = ("--db", trial, "--as", ADA, "list", "--all")
    assert len(care(*options, "--format", "csv").out.splitlines()) == 10
    assert len(care(*options, "--format", "jsonl", "--limit", "2").out.splitlines()) == 2
    assert json.loads(care(*options, "--json", "--limit", "2").out)["pages"] == 5


def test_the_reader_that_leaves(trial: str) -> None:
    """CLI: `care log --all | head -1` is silent and answers 141."""
    reader, writer = os.pipe()
    os.close(reader)
    args = [sys.executable, "-m", "carecli", "--db", trial, "--as", ADA, "log", "--all", "--format", "jsonl"]
    run = subprocess.run(args, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (run.returncode, run.stderr) == (141, b"")


def test_interruption_and_a_full_disk(care: Care, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: Ctrl-C answers 130, a failing system 1 with its message."""

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    def full(_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli, "run", interrupted)
    assert care("list").status == 130
    monkeypatch.setattr(cli, "run", full)
    assert care("list")[::2] == (
        1,
        (
            "care: the answer could not be written: No space left on device\n"
            "  what the command did is on record; look before you repeat it\n"
        ),
    )


def test_a_bug_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: what no person can cause keeps its traceback, and CARE_DEBUG=1 shows every one."""

    def broken(_: object) -> int:
        raise RecursionError

    monkeypatch.setattr(cli, "run", broken)
    with pytest.raises(RecursionError):
        cli.main(["list"])

    def failed(_: object) -> int:
        raise Failed("no")

    monkeypatch.setattr(cli, "run", failed)
    monkeypatch.setenv("CARE_DEBUG", "1")
    with pytest.raises(Failed):
        cli.main(["list"])


def test_an_error_never_carries_escape_sequences(care: Care) -> None:
    """CLI: what was typed comes back without its control characters."""
    assert "\x1b" not in care("\x1b[31mlist").err


def test_no_colour_and_no_boxes_in_a_pipe(trial: str) -> None:
    """CLI: without a terminal no colour and no boxes; FORCE_COLOR brings colour, NO_COLOR and --no-color none."""
    args = ("--db", trial, "--as", ADA, "list", "--all")
    assert "\x1b" not in shell(*args).stdout
    assert "─" not in shell(*args).stdout
    assert "\x1b[" in shell(*args, FORCE_COLOR="1").stdout
    assert "\x1b" not in shell(*args, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b" not in shell(*args, "--no-color", FORCE_COLOR="1").stdout


def test_closed_streams_are_no_error(trial: str) -> None:
    """CLI: cron and daemons may run `care` without any stream."""
    script = f"{sys.executable} -m carecli --db {trial} --as {ADA} list <&- >&- 2>&-"
    assert subprocess.run(["bash", "-c", script], check=False).returncode == 0


def test_calendar_arithmetic_needs_neither_actor_nor_database() -> None:
    """CAL-1: `calendar add -` answers line by line, and 2 at the end where one was invalid."""
    asked = '{"zone":"UTC","week":{"mon":[["09:00","17:00"]]},"from":"2026-03-02T10:00:00Z","amount":"1bh"}'
    run = subprocess.run(
        [sys.executable, "-m", "carecli", "calendar", "add", "-"],
        input=f"{asked}\nnonsense\n{asked}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 2
    assert answers[0] == answers[2] == {"at": "2026-03-02T11:00:00Z"}
    assert set(answers[1]) == {"error"}


def test_bytes_that_are_no_text_are_refused(care: Care) -> None:
    """CLI: an argument that is no UTF-8 is one message, never a traceback."""
    assert care("update", "1", "-m", "caf\udce9").status == 2


def test_a_form_file(care: Care, trial: str, tmp_path: Path) -> None:
    """OPEN-4: --form reads JSON or TOML, options beat it, and what it does not know is named."""
    form = tmp_path / "form.json"
    form.write_text(
        json.dumps(
            {
                "subject": "From a file",
                "description": "Since this morning one in five calls drops when an agent transfers it.",
                "impact": "Agents call back.",
                "deployment": "East",
                "service": "Voice",
                "stage": "production",
                "priority": "low",
                "fields": {"DN": "1234"},
            }
        )
    )
    options = (
        "--db",
        trial,
        "--as",
        "dana@northwind.example",
        "--now",
        NOW,
        "--json",
        "open",
        "--form",
        str(form),
    )
    case = json.loads(care(*options, "--priority", "High", "--observed-at", "2026-03-20 08:00").out)
    assert (case["subject"], case["priority"]) == ("From a file", "high")
    assert case["fields"] == {"DN": "1234", "observed_at": "2026-03-20T12:00:00Z"}
    form.write_text('{"subjcet": "x", "subject": "\\ud800"}')
    wrong = care(*options)
    assert wrong.status == 2
    assert "subjcet, subject" in json.loads(wrong.err)["error"]["message"]


def test_the_first_set_up(care: Care, clean_environment: Path) -> None:
    """CLI: `care init` makes the database and the configuration file, and later runs need no options."""
    config = clean_environment / "own.toml"
    made = json.loads(care("init", "--email", "Ada@desk.example", "--config", str(config), "--json").out)
    assert made["config"] == str(config)
    assert made["staff"]["role"] == "admin"
    assert care("--config", str(config), "staff", "list", "--fields", "email").out == "email\nada@desk.example\n"
    again = json.loads(care("init", "--config", str(config), "--desk-name", "New name", "--json").out)
    assert again["config"] is None


def test_a_whole_case(care: Care, trial: str) -> None:
    """STAT-3: every command of a case's way answers with the case as it is then."""
    omar, ben = ("--as", "omar@northwind.example"), ("--as", "ben@desk.example")

    def status(*args: str) -> str:
        ran = care("--db", trial, "--now", NOW, "--json", *args)
        assert ran.err == ""
        return str(json.loads(ran.out)["status"])

    assert status(*ben, "investigate", "9") == "open"
    assert status(*ben, "assign", "9") == "open"
    assert status(*ben, "ask", "#9", "-m", "Which export?") == "awaiting-info"
    assert status(*omar, "update", "9", "-m", "The nightly one.") == "open"
    assert status(*ben, "priority", "9", "3", "-m", "There is a workaround.") == "open"
    assert status(*ben, "restore", "9", "--substatus", "Pending RCA") == "service-restored"
    assert status(*ben, "propose", "9", "-m", "Fixed.") == "solution-proposed"
    assert status(*omar, "reject", "9", "-m", "Still empty.") == "open"
    assert status(*ben, "propose", "9", "-m", "Fixed now.") == "solution-proposed"
    assert status(*omar, "accept", "9") == "closed"
    assert status(*omar, "reopen", "9", "-m", "Empty again since noon.") == "open"
    assert status(*ben, "close", "9", "--via", "phone", "--contact", "omar@northwind.example") == "closed"
