"""`care attachment`, and --attach of other commands, as people and programs run them (ATT-1, ATT-2)."""

import csv
import hashlib
import io
import json
import os
import subprocess
from pathlib import Path

import pytest
from cli.acceptance import (
    ADA,
    BEN,
    CTRL_C,
    DANA,
    FORM,
    LENA,
    OMAR,
    Who,
    command,
    events,
    plain,
    shell,
    terminal,
)
from cli.test_schema import faults

CLEAN = b"2026-03-20T21:00:00Z the call was answered\n"
DIRTY = b"paid with 4111 1111 1111 1111\nby jane.doe@bank.example\n"
KEYS = [
    *(
        "id",
        "name",
        "media_type",
        "size",
        "sha256",
        "sanitised",
        "confirmed_by",
        "scanned",
        "findings",
        "unscanned",
    ),
    *("visibility", "attached_at", "attached_by", "via", "mail"),
]


@pytest.fixture
def dana(trial: str) -> Who:
    """A Designated Contact, with a case of hers: 3."""
    return Who(trial, DANA)


@pytest.fixture
def ben(trial: str) -> Who:
    """An agent."""
    return Who(trial, BEN)


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A log without customer data."""
    return made(tmp_path / "call.log", CLEAN)


@pytest.fixture
def dirty(tmp_path: Path) -> str:
    """A log with some."""
    return made(tmp_path / "dirty.log", DIRTY)


def made(path: Path, content: bytes) -> str:
    """A file of some content: its path."""
    path.write_bytes(content)
    return str(path)


def folder(who: Who) -> list[Path]:
    """What lies in the desk's folder of files."""
    return [path for path in Path(who.database).with_suffix(".files").rglob("*") if path.is_file()]


# add, list, get


def test_a_file_there_and_back(dana: Who, log: str) -> None:
    """ATT-1: added, listed and fetched with the same bytes; every answer is as its schema says."""
    case = dana.json("attachment", "add", "3", log)
    assert faults("attachment add", case) == []
    (row,) = case["attachments"]
    assert list(row) == KEYS
    assert (row["id"], row["name"], row["size"]) == ("1", "call.log", len(CLEAN))
    assert (row["sanitised"], row["sha256"]) == ("clean", hashlib.sha256(CLEAN).hexdigest())
    assert dana.json("attachment", "list", "3") == {"number": "0000000003", "attachments": [row]}
    assert dana.json("show", "3")["attachments"] == [row]
    assert dana("attachment", "get", "3").out.encode() == CLEAN
    assert dana("attachment", "get", "3", "--name", "call.log", "--output", "-").out.encode() == CLEAN


def test_every_byte(dana: Who, tmp_path: Path) -> None:
    """ATT-1: a binary goes through a pipe unchanged, in and out."""
    content = bytes(range(256)) * 5_000
    added = shell(
        *dana.options, "attachment", "add", "3", "-", "--name", "core.bin", "--confirm-sanitized", stdin=content
    )
    assert added.status == 0
    target = tmp_path / "out.bin"
    got = dana("attachment", "get", "3", "--output", str(target))
    assert (got.status, target.read_bytes()) == (0, content)
    assert hashlib.sha256(content).hexdigest() in got.out
    assert dana("attachment", "get", "3", "--output", "/dev/null").status == 0
    into = dana.json("attachment", "get", "3", "1", "-o", str(tmp_path))
    assert (into["path"], (tmp_path / "core.bin").read_bytes()) == (str(tmp_path / "core.bin"), content)
    assert faults("attachment get", into) == []


def test_the_line_says_what_is_known(dana: Who, log: str, tmp_path: Path) -> None:
    """ATT-2: clean, or a binary that could not be looked through; and where the case stands."""
    binary = made(tmp_path / "core", bytes(range(256)))
    told = dana("attachment", "add", "3", log, binary, "-m", "Both.").out.splitlines()
    assert told[0].startswith("0000000003 attached: Open / Investigation")
    assert told[1:] == [
        "  file 1: call.log (43 bytes), clean: all of it was looked through",
        "  file 2: core (256 bytes), a binary: it could not be looked through",
    ]
    assert dana.json("log", "3")["events"][-1]["data"]["text"] == "Both."
    assert dana("-q", "attachment", "add", "3", log).out == ""


def test_the_list_in_every_format(dana: Who, ben: Who, log: str) -> None:
    """CLI: table, csv, tsv, json, jsonl; fields are picked; extra columns for who asks."""
    dana("attachment", "add", "3", log)
    ben("attachment", "add", "3", log, "--internal")
    lines = [json.loads(line) for line in ben("attachment", "list", "3", "--format", "jsonl").out.splitlines()]
    assert [(row["id"], row["visibility"]) for row in lines] == [("1", "public"), ("i1", "internal")]
    rows = list(csv.reader(io.StringIO(ben("attachment", "list", "3", "--format", "csv").out)))
    assert rows[0] == ["id", "name", "size", "sanitised", "attached_by", "attached_at", "media_type"]
    picked = ben("attachment", "list", "3", "--fields", "sha256,visibility").out
    assert picked.splitlines()[2].split("\t") == [hashlib.sha256(CLEAN).hexdigest(), "internal"]
    assert [row["id"] for row in dana.json("attachment", "list", "3")["attachments"]] == ["1"]


def test_what_is_refused(dana: Who, log: str, tmp_path: Path) -> None:
    """CLI: one message with what to do next, its status, and nothing changed."""
    before = events(dana.database)
    for status, words in (
        (2, ("add", "3", str(tmp_path))),
        (2, ("add", "3", str(tmp_path / "none"))),
        (2, ("add", "3", "/dev/zero")),
        (2, ("add", "3", log, "--redact", "--confirm-sanitized")),
        (2, ("add", "3", log, log, "--name", "x")),
        (2, ("add", "3", "-", "-m", "-")),
        (2, ("add", "3", "-", "-")),
        (2, ("add", "3")),
        (3, ("add", "99", log)),
        (4, ("add", "3", log, "--internal")),
        (5, ("add", "1", log)),
        (3, ("get", "3")),
        (3, ("get", "3", "call.log")),
        (2, ("get", "3", "1", "--name", "call.log")),
        (3, ("confirm", "3", "1")),
        (2, ("scan", log, "3", "1")),
        (3, ("scan", "3", "1")),
        (4, ("tidy",)),
    ):
        dana("attachment", *words).refused(status)
    dana("update", "3", "-m", "x", "--redact").refused(2)
    dana("update", "3", "-m", "-", "--attach", "-").refused(2)
    assert (events(dana.database), folder(dana)) == (before, [])


def test_findings_are_listed(dana: Who, dirty: str) -> None:
    """ATT-2: refused with status 5, a line for each finding, and as a document; what was found is not repeated."""
    ran = dana("attachment", "add", "3", dirty)
    assert ran.status == 5
    assert ran.err.splitlines() == [
        "care: dirty.log seems to hold customer data: 2 pieces",
        "  1:11  card-number (visa)  4111 **** **** 1111",
        "  2:4  e-mail-address (address)  j***@b***.example",
        "  --redact attaches a copy without it; --confirm-sanitized attaches it as it is, as it holds none",
    ]
    error = json.loads(dana("--json", "attachment", "add", "3", dirty).err)
    assert faults("error", error) == []
    assert [(one["kind"], one["line"], one["column"]) for one in error["error"]["findings"]] == [
        ("card-number", 1, 11),
        ("e-mail-address", 2, 4),
    ]
    assert folder(dana) == []


def test_redacted_and_confirmed(dana: Who, dirty: str) -> None:
    """ATT-2: both ways out, each on record with what was done and who said so."""
    told = dana("attachment", "add", "3", dirty, "--redact").out
    assert "file 1: dirty.redacted.log (48 bytes), redacted: 2 pieces of customer data replaced" in told
    assert dana("attachment", "get", "3").out == "paid with [card-number-1]\nby [e-mail-address-1]\n"
    case = dana.json("attachment", "add", "3", dirty, "--confirm-sanitized")
    assert [(row["sanitised"], row["confirmed_by"]) for row in case["attachments"]] == [
        ("redacted", None),
        ("confirmed", DANA),
    ]


def test_a_look_at_a_file_of_ones_own(dana: Who, log: str, dirty: str) -> None:
    """ATT-2: `scan` tells what is in a file without attaching it."""
    found = dana.json("attachment", "scan", dirty)
    assert faults("attachment scan", found) == []
    assert (found["found"], found["complete"], found["size"]) == (2, True, len(DIRTY))
    assert "no customer data was found" in dana("attachment", "scan", log).out
    assert dana("attachment", "scan", "-", stdin=DIRTY).out.count("card-number") == 1
    assert folder(dana) == []


def test_another_accounts_file(trial: str, dana: Who, log: str) -> None:
    """DC-3: its case answers exactly as one that does not exist, whatever is asked of its files."""
    dana("attachment", "add", "3", log)
    for words in (
        ("list", "{}"),
        ("get", "{}", "1"),
        ("scan", "{}", "1"),
        ("confirm", "{}", "1"),
        ("add", "{}", log),
    ):
        answers = [
            Who(trial, LENA)("attachment", *(word.format(number) for word in words)) for number in ("3", "4711")
        ]
        assert answers[0].err.replace("0000000003", "N") == answers[1].err.replace("0000004711", "N"), words
        assert {answer.status for answer in answers} == {3}


def test_tidy(trial: str) -> None:
    """AUD-2: for admins, as a document and as a line."""
    ada = Who(trial, ADA)
    assert ada.json("attachment", "tidy") == {"removed": 0, "bytes": 0, "young": 0, "dry_run": False}
    assert ada("attachment", "tidy", "--dry-run").out == "would go: 0 files, 0 bytes; younger than a day: 0\n"


# --attach


def test_attached_with_an_update(dana: Who, ben: Who, log: str, dirty: str) -> None:
    """ATT-1: --attach repeats; with --internal it is staff's alone."""
    told = dana("update", "3", "-m", "See.", "--attach", log, "--attach", dirty, "--redact").out.splitlines()
    assert [line.split(",")[0] for line in told[1:]] == [
        "  file 1: call.log (43 bytes)",
        "  file 2: dirty.redacted.log (48 bytes)",
    ]
    ben("update", "3", "-m", "Hm.", "--internal", "--attach", log)
    assert [row["id"] for row in ben.json("show", "3")["attachments"]] == ["1", "2", "i1"]
    assert [row["id"] for row in dana.json("show", "3")["attachments"]] == ["1", "2"]
    assert "i1" not in dana("show", "3").out


def test_an_update_whose_file_is_refused(dana: Who, dirty: str) -> None:
    """ATT-2: neither the file nor the text is on the case."""
    before = events(dana.database)
    assert dana("update", "3", "-m", "See.", "--attach", dirty).status == 5
    assert events(dana.database) == before


def test_attached_with_a_reopening(trial: str, log: str) -> None:
    """REO-1: new information may come as a file."""
    who = Who(trial, DANA)
    case = who.json("reopen", "1", "-m", "It is back, see the log.", "--attach", log)
    assert (case["status"], [row["name"] for row in case["attachments"]]) == ("open", ["call.log"])


def test_attached_with_an_opening(dana: Who, log: str) -> None:
    """OPEN-4: a case may come with its files."""
    case = dana.json("open", *FORM, "--attach", log)
    assert [(row["id"], row["name"]) for row in case["attachments"]] == [("1", "call.log")]


def test_a_callers_file(ben: Who, log: str) -> None:
    """UPD-1: logged by staff as the caller's."""
    case = ben.json("attachment", "add", "3", log, "--via", "phone", "--contact", OMAR, "--confirm-sanitized")
    (row,) = case["attachments"]
    assert (row["attached_by"], row["via"], row["confirmed_by"]) == (OMAR, "phone", BEN)


# At a terminal


def test_asked_what_to_do(dana: Who, dirty: str) -> None:
    """ATT-2: at a terminal the findings are listed, and the person chooses."""
    words = (*dana.options, "attachment", "add", "3", dirty)
    ran = terminal(*words, answers=[("What now? (1-3)", "redact\n")])
    assert ran.status == 0
    screen = plain(ran.out)
    assert "dirty.log seems to hold customer data: 2 pieces:\n  1:11  card-number (visa)" in screen
    assert "file 1: dirty.redacted.log" in screen
    assert terminal(*words, answers=[("What now? (1-3)", "2\n")]).status == 0
    assert [row["sanitised"] for row in dana.json("attachment", "list", "3")["attachments"]] == [
        "redacted",
        "confirmed",
    ]


@pytest.mark.parametrize(("answer", "status"), [("3\n", 5), (CTRL_C, 130)])
def test_giving_up(dana: Who, dirty: str, answer: str, status: int) -> None:
    """ATT-2: nothing is attached, nothing is left behind."""
    before = events(dana.database)
    ran = terminal(*dana.options, "attachment", "add", "3", dirty, answers=[("What now? (1-3)", answer)])
    assert ran.status == status
    assert "Traceback" not in ran.out
    assert (events(dana.database), folder(dana)) == (before, [])


def test_fetched_at_a_terminal(dana: Who, log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-1: into a file of its name, never over another; a terminal gets no bytes that it would obey."""
    dana("attachment", "add", "3", log)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    words = (*dana.options, "attachment", "get", "3")
    assert "call.log: 43 bytes, SHA-256 " in terminal(*words).out
    assert (here / "call.log").read_bytes() == CLEAN
    (here / "call.log").write_text("mine")
    ran = terminal(*words)
    assert (ran.status, (here / "call.log").read_text()) == (2, "mine")
    assert "--force" in ran.out
    assert terminal(*words, "--force").status == 0
    assert (here / "call.log").read_bytes() == CLEAN


def test_a_reader_that_goes_and_a_full_disk(dana: Who, tmp_path: Path) -> None:
    """CLI: `| head` stays silent; a disk without room is told in one message."""
    large = made(tmp_path / "large.log", CLEAN * 50_000)
    dana("attachment", "add", "3", large, "--confirm-sanitized")
    with subprocess.Popen(
        command(*dana.options, "attachment", "get", "3"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stdout.read(10) == CLEAN[:10]
        run.stdout.close()
        assert (run.wait(timeout=120), run.stderr and run.stderr.read()) == (141, b"")
    told = shell(*dana.options, "attachment", "get", "3", "--output", "/dev/full")
    assert (told.status, "Traceback" in told.err) == (1, False)
    assert "No space left" in told.err


SCREEN_80 = """\
Files of 0000000003  times in America/New_York
File  Name                Bytes  Sanitised      By              Attached
────────────────────────────────────────────────────────────────────────────────
1     call.log               43  clean          dana@northwin…  2026-03-20 17:00
2     dirty.redacted.log     48  redacted       dana@northwin…  2026-03-20 17:00
i1    core (internal)       256  not scannable  ben@desk.exam…  2026-03-20 17:00
3 files · 1 not yet confirmed sanitised
"""


def test_the_list_at_80_columns(dana: Who, ben: Who, log: str, dirty: str, tmp_path: Path) -> None:
    """CLI: what a member of staff sees."""
    dana("attachment", "add", "3", log, dirty, "--redact")
    ben("attachment", "add", "3", made(tmp_path / "core", bytes(range(256))), "--internal")
    screen = plain(terminal(*ben.options, "attachment", "list", "3", columns=80).out)
    assert "\n".join(line.rstrip() for line in screen.splitlines()) + "\n" == SCREEN_80


@pytest.mark.parametrize("columns", [60, 120])
def test_the_list_on_a_screen(dana: Who, ben: Who, log: str, dirty: str, tmp_path: Path, columns: int) -> None:
    """CLI: it fits the screen; the name and what is known of the file are never dropped."""
    dana("attachment", "add", "3", log, dirty, "--redact")
    ben("attachment", "add", "3", made(tmp_path / "core", bytes(range(256))), "--internal")
    screen = plain(terminal(*ben.options, "attachment", "list", "3", columns=columns).out)
    assert max(map(len, screen.splitlines())) <= columns
    assert [name in screen for name in ("call.log", "dirty.redact", "core (internal)")] == [True] * 3
    assert "clean" in screen
    assert "1 not yet confirmed sanitised" in screen


def test_hostile_names_on_a_screen(dana: Who, ben: Who, tmp_path: Path) -> None:
    """ATT-1: a name that a terminal would obey, or a table take for markup, is only text."""
    hostile = tmp_path / "\x1b[31m[red]x\u202e=cmd.log"
    hostile.write_bytes(CLEAN)
    dana("attachment", "add", "3", str(hostile))
    (row,) = ben.json("attachment", "list", "3")["attachments"]
    assert row["name"] == "[31m[red]x=cmd.log"
    assert "[31m[red]x=cmd.log" in plain(terminal(*ben.options, "attachment", "list", "3", columns=120).out)
    assert os.sep not in row["name"]
