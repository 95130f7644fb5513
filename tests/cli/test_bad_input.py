"""What nobody should type: one clear message, the documented exit status, nothing changed."""

import csv
import io
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cli.acceptance import (
    ADA,
    BEN,
    DANA,
    FORM,
    NOW,
    Who,
    care,
    kept,
    shell,
    terminal,
)
from engine import sqlite_alone
from other_hands import busy

ESCAPE, OVERRIDE = "\x1b]0;owned\x07\x1b[31m", "\u202egnp.exe"
HOSTILE = {
    "markup": "[/x][bold red]boo[/]",
    "escape": f"{ESCAPE}red",
    "newline": "one\ntwo\rthree",
    "formula": "=cmd|' /C calc'!A0",
    "override": f"file{OVERRIDE}",
    "nul-like": "a\x01b\x7fc\x9bd",
    "long": "x" * 10_000,
}
FORBIDDEN = ("\x1b", "\x07", "\u202e", "\x01", "\x7f", "\x9b", "\r")


@pytest.fixture
def ben(trial: str) -> Who:
    """An agent."""
    return Who(trial, BEN)


@pytest.fixture
def dana(trial: str) -> Who:
    """A Designated Contact."""
    return Who(trial, DANA)


def refused(who: Who, *args: str, status: int = 2, stdin: bytes = b"") -> str:
    """A refusal of that status that leaves the record as it was: its message."""
    before = kept(who.database)
    told = who(*args, stdin=stdin).refused(status)
    assert kept(who.database) == before
    error = who("--json", *args, stdin=stdin)
    assert error.status == status
    assert error.error["message"]
    return told


# People and calendars


@pytest.mark.parametrize("name", ["add", "edit"])
@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--timezone", "Mars/Base", "Mars/Base"),
        ("--timezone", "../../etc/passwd", "time zone"),
        ("--hours", " ", "days and hours"),
        ("--hours", "Mon-Fri", "hours"),
        ("--hours", "Mon-Fri 09:00-09:00", "empty"),
        ("--hours", "Mon-Fri 17:00-25:00", "25:00"),
        ("--hours", "Mon-Fri 09:00-12:00 11:00-17:00", "Mon"),
        ("--hours", "Funday 09:00-17:00", "Funday"),
        ("--holidays", "ZZ", "ZZ"),
        ("--holidays", "US-ZZ", "US-ZZ"),
        ("--close-on", "2026-13-01", "2026-13-01"),
        ("--close-on", "soon", "soon"),
        ("--plan", "gold", "business-care"),
        ("--add-on", "butler=eve@x.example", "cxm"),
        ("--add-on", "cxm", "="),
    ],
)
def test_an_account_that_makes_no_sense(ada: Who, name: str, option: str, value: str, said: str) -> None:
    """CAL-4: unknown zone, empty week, unknown holidays, plan or add-on: one message, status 2."""
    account = "New Co" if name == "add" else "Northwind"
    assert said.lower() in refused(ada, "account", name, account, option, value).lower()


@pytest.mark.parametrize("option", ["--hours", "--timezone"])
def test_an_empty_text_is_not_taken_for_nothing(ada: Who, option: str) -> None:
    """CAL-4: an empty week or zone is refused, not replaced by the desk's."""
    assert ada("account", "add", "New Co", option, "").status == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--timezone", "Mars/Base"),
        ("--hours", " "),
        ("--hours", "Mon-Fri 09:00-09:00"),
        ("--holidays", "ZZ"),
        ("--close-on", "soon"),
        ("--policy", "nonsense"),
        ("--email", "nobody"),
    ],
)
def test_a_desk_that_makes_no_sense(tmp_path: Path, clean_environment: Path, option: str, value: str) -> None:
    """CLI: `init` with an unknown zone, an empty week and the like: one message, status 2, no config."""
    database = tmp_path / "new.db"
    email = () if option == "--email" else ("--email", ADA)
    care("--db", str(database), "init", *email, option, value).refused(2)
    assert not list(clean_environment.rglob("config.toml"))


@pytest.mark.parametrize(
    ("option", "value"),
    [("--timezone", "Mars/Base"), ("--hours", " "), ("--policy", "nonsense"), ("--email", "x")],
)
def test_a_desk_that_was_refused_leaves_no_database(tmp_path: Path, option: str, value: str) -> None:
    """CLI: a refused `init` changes nothing: no database stays behind."""
    database = tmp_path / "new.db"
    care("--db", str(database), "init", "--email", ADA, option, value)
    assert not database.exists()


def test_settings_that_make_no_sense_on_a_desk_that_stands(trial: str) -> None:
    """CLI: `init` on a desk that stands changes nothing where it refuses."""
    before = kept(trial)
    for option, value in (("--timezone", "Mars/Base"), ("--hours", " "), ("--policy", "nonsense")):
        care("--db", trial, "--as", ADA, "init", option, value).refused(2)
    care("--db", trial, "--as", BEN, "init", "--desk-name", "Mine").refused(4)
    assert kept(trial) == before


POLICIES = {
    "typo": ("[folowup]\ndays = 'calendar'\n", "followup"),
    "typo within": ("[followup]\ndasy = 'calendar'\n", "days"),
    "wrong type": ("[followup]\ngrace = 7\n", "grace"),
    "wrong choice": ("[followup]\ndays = 'lunar'\n", "lunar"),
    "no toml": ("followup: yes", "line 1"),
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_file_with_a_slip(ada: Who, tmp_path: Path, name: str) -> None:
    """CLI: a policy file with a typo, a wrong value or no TOML is one message that names it; did you mean."""
    text, said = POLICIES[name]
    file = tmp_path / "policy.toml"
    file.write_text(text)
    before = kept(ada.database)
    told = ada("init", "--policy", str(file)).refused(2)
    assert said in told
    assert str(file) in told
    if "typo" in name:
        assert "did you mean" in told
    assert kept(ada.database) == before


def test_a_policy_file_that_cannot_be_read(ada: Who, tmp_path: Path) -> None:
    """CLI: a missing policy, a directory and bytes that are no text are one message each."""
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    before = kept(ada.database)
    for file in (tmp_path / "none.toml", tmp_path, binary):
        assert str(file) in ada("init", "--policy", str(file)).refused(2)
    assert kept(ada.database) == before


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("account", "add", "Northwind"), 5),
        (("account", "add", "NORTHWIND"), 5),
        (("contact", "add", DANA, "--account", "Northwind"), 5),
        (("contact", "add", DANA.upper(), "--account", "Northwind"), 5),
        (("staff", "add", BEN), 5),
        (("staff", "add", DANA), 5),
        (("contact", "add", "eve@x.example", "--account", "Nobody Inc"), 3),
        (("contact", "add", "eve@x.example"), 2),
        (("contact", "add", "eve@x.example", "--account", "Northwind", "--access", "all"), 2),
        (("staff", "add", "eve@x.example", "--role", "king"), 2),
        (("staff", "deactivate", ADA), 5),
    ],
)
def test_people_twice_or_nowhere(ada: Who, args: tuple[str, ...], status: int) -> None:
    """ACC-4: a duplicate, an unknown account, an unknown level or role, the last admin: refused."""
    refused(ada, *args, status=status)


@pytest.mark.parametrize(
    "email",
    [
        "nobody",
        "@x.example",
        "a@",
        "a b@x.example",
        "a@x.example\nBcc: b@x.example",
        "a@x.example,b@x.example",
        "a@b@x.example",
        "<a@x.example>",
        "",
        "x" * 300 + "@x.example",
        f"{ESCAPE}@x.example",
    ],
)
def test_an_invalid_address(ada: Who, email: str) -> None:
    """CLI: an invalid e-mail address is refused for contacts and staff."""
    assert "e-mail" in refused(ada, "contact", "add", "--account", "Northwind", "--", email)
    assert "e-mail" in refused(ada, "staff", "add", "--", email)


# Names and texts of strangers


@pytest.mark.parametrize("name", ["escape", "override", "nul-like", "long"])
def test_a_hostile_account_name_is_refused(ada: Who, name: str) -> None:
    """CLI: an account's name is 1 to 200 printable characters."""
    assert "1 to 200 printable characters" in refused(ada, "account", "add", HOSTILE[name])


@pytest.mark.parametrize("name", ["escape", "override", "nul-like", "long", "newline"])
def test_a_hostile_name_of_a_person_is_refused(ada: Who, name: str) -> None:
    """CLI: a person's name is 1 to 200 printable characters too."""
    who = ada("contact", "add", "eve@x.example", "--account", "Northwind", "--name", HOSTILE[name])
    assert who.status == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_shown_harmlessly(ada: Who, ben: Who, name: str) -> None:
    """CLI: what a stranger wrote never reaches a terminal as control characters, markup or a formula."""
    text = HOSTILE[name]
    ben("update", "3", "-m", text)
    ada("contact", "add", "eve@x.example", "--account", "Northwind", "--name", text[:150], "--phone", text[:50])
    for args in (("show", "3"), ("log", "3"), ("contact", "list"), ("search", "boo")):
        shown = ada(*args).out
        assert not any(sign in shown for sign in FORBIDDEN), args
        ada("--json", *args)
    at_terminal = terminal(*ada.options, "show", "3", "--no-color").out
    assert not any(
        sign in at_terminal.replace("\x1b[1m", "").replace("\x1b[0m", "") for sign in ("\x07", "\u202e")
    )
    assert "\x1b]" not in at_terminal
    if name == "markup":
        assert "[/x][bold red]boo[/]" in at_terminal
    rows = list(csv.reader(io.StringIO(ada("contact", "list", "--format", "csv").out)))
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    raw = ada("--json", "show", "3")
    assert raw.json["updates"][0]["data"]["text"] == text
    assert not any(sign in raw.out for sign in FORBIDDEN)


@pytest.mark.parametrize("name", ["escape", "newline", "long"])
def test_a_hostile_subject_is_refused(dana: Who, name: str) -> None:
    """OPEN-3: a subject is a line of at most 100 characters without control characters."""
    told = refused(dana, "open", *FORM, "-s", HOSTILE[name], status=5)
    assert "subject" in told


@pytest.mark.parametrize("name", ["markup", "formula"])
def test_a_strange_subject_is_kept_as_it_is(dana: Who, ada: Who, name: str) -> None:
    """CLI: markup and formulas are text: kept, shown as they are, harmless in CSV."""
    assert dana.json("open", *FORM, "-s", HOSTILE[name])["subject"] == HOSTILE[name]
    assert HOSTILE[name] in ada("list", "--all").out
    assert HOSTILE[name] in ada("show", "10").out


@pytest.mark.parametrize(
    "args", [("update", "3", "-m", "caf\udce9"), ("account", "add", "\ud800"), ("show", "\udcff")]
)
def test_lone_surrogates(ada: Who, args: tuple[str, ...]) -> None:
    """CLI: arguments that are no UTF-8 are refused."""
    assert "UTF-8" in refused(ada, *args)


def test_the_order_of_writing_is_not_turned_round(ada: Who) -> None:
    """CLI: an error repeats what was typed without its overrides and escape sequences."""
    for args in (
        ("show", f"{ESCAPE}1"),
        ("list", "--sort", OVERRIDE),
        (f"{ESCAPE}list",),
        ("list", f"--{OVERRIDE}"),
    ):
        told = ada(*args).refused(2)
        assert not any(sign in told for sign in FORBIDDEN)


BINARY = b"\x7fELF\x02\x01\x01\x00\x00\x00" * 100
TEN_MEGABYTES = b"x" * 10_000_000


@pytest.mark.parametrize("content", [BINARY, b"caf\xe9 " * 20, TEN_MEGABYTES], ids=["binary", "latin-1", "10 MB"])
def test_a_text_that_is_none(ben: Who, dana: Who, tmp_path: Path, content: bytes) -> None:
    """CLI: a binary file, other bytes and 10 MB are refused as a description, update, question and solution."""
    file = tmp_path / "text"
    file.write_bytes(content)
    form = [word for word in FORM if word != FORM[FORM.index("-m") + 1] and word != "-m"]
    refused(dana, "open", *form, "-F", str(file))
    refused(dana, "open", *form, "-m", "-", stdin=content)
    refused(dana, "open", "--form", str(file))
    for name in ("update", "ask", "propose", "restore", "investigate", "close"):
        refused(ben, name, "3", "-F", str(file))
        refused(ben, name, "3", "-m", "-", stdin=content)


def test_a_text_file_that_is_not_there(ben: Who, tmp_path: Path) -> None:
    """CLI: a missing file and a directory are one message each."""
    refused(ben, "update", "3", "-F", str(tmp_path / "none"))
    refused(ben, "update", "3", "-F", str(tmp_path))
    refused(ben, "update", "3", "-m", "a", "-F", str(tmp_path))
    for text in ("", "   \n "):
        refused(ben, "update", "3", "-m", text)
        refused(ben, "update", "3", "-m", "-", stdin=text.encode())


# Numbers, words, moments


@pytest.mark.parametrize("number", ["abc", "0", "#0", "12345678901", "4 2", "1.5", "٣", "0x3", ""])
@pytest.mark.parametrize("name", ["show", "update", "close", "log"])
def test_what_is_no_case_number(ben: Who, name: str, number: str) -> None:
    """OPEN-1: a case number "abc" and the like are refused with the spellings that are taken."""
    args = (name, number, "-m", "x") if name in {"update", "close"} else (name, number)
    assert "0000000042" in refused(ben, *args)


def test_negative_numbers(ben: Who) -> None:
    """CLI: -1 is no case and no page."""
    refused(ben, "show", "-1")
    for option in ("--limit", "--page"):
        for value in ("-1", "0", "x", "1.5", ""):
            refused(ben, "list", option, value)
            refused(ben, "search", "calls", option, value)
    refused(Who(ben.database, ADA), "tick", "--limit", "0")


@pytest.mark.parametrize("option", ["--limit", "--page"])
@pytest.mark.parametrize("value", [str(2**63), "9" * 30])
def test_huge_pages(ben: Who, option: str, value: str) -> None:
    """CLI: a huge --limit or --page of a search never ends in a traceback."""
    assert ben("search", "calls", option, value).status in {0, 2}


@pytest.mark.parametrize("option", ["--limit", "--page"])
@pytest.mark.parametrize("value", [str(2**63), "9" * 30])
def test_huge_pages_of_a_list(ben: Who, option: str, value: str) -> None:
    """CLI: a huge --limit or --page of a list never ends in a traceback."""
    assert ben("list", "--all", option, value).status in {0, 2}


@pytest.mark.parametrize(
    "words",
    [
        ("mail", "outbox", "--limit"),
        ("mail", "inbox", "--limit"),
        ("mail", "triage", "list", "--limit"),
        ("mail", "fetch", "--limit"),
        ("forecast", "--limit"),
        ("tick", "--limit"),
        ("tick", "--watch"),
        ("calendar", "show", "--months"),
        ("kb", "list", "--limit"),
        ("kb", "search", "calls", "--limit"),
        ("similar", "1", "--limit"),
    ],
)
@pytest.mark.parametrize("value", [str(10**10), str(2**63), "9" * 30])
def test_huge_numbers(trial: str, words: tuple[str, ...], value: str) -> None:
    """CLI: a number beyond all use is a usage error of every command, before clock or database choke on it."""
    refused(Who(trial, ADA), *words, value)


@pytest.mark.parametrize("value", ["1000000", "1000000000"])
def test_large_pages(ben: Who, value: str) -> None:
    """CLI: a page beyond the last is empty, a large limit lists all."""
    assert ben.json("list", "--all", "--page", value)["cases"] == []
    assert len(ben.json("list", "--all", "--limit", value)["cases"]) == 9


@pytest.mark.parametrize(
    "now",
    [
        "nonsense",
        "2026-02-30",
        "2026-13-01T00:00:00Z",
        "25:00",
        "1/2/2026",
        "9999-99-99",
        "99999-01-01",
        "-",
        "١٢",
    ],
)
def test_a_moment_that_is_none(ben: Who, now: str) -> None:
    """CLI: --now nonsense is refused with examples."""
    told = refused(ben.at(now), "update", "3", "-m", "x")
    assert "2026-03-02" in told


AT_THE_ENDS = (
    (ADA, ("list",)),
    (DANA, ("open", *FORM)),
    (BEN, ("ask", "3", "-m", "x")),
    (ADA, ("show", "3")),
    (ADA, ("tick", "--dry-run", "--json")),
    (ADA, ("calendar", "add", "2026-03-02", "9bd")),
)
FIRST, LAST = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"


@pytest.mark.parametrize("now", [FIRST, LAST])
@pytest.mark.parametrize(("who", "args"), AT_THE_ENDS, ids=[args[0] for _, args in AT_THE_ENDS])
def test_a_moment_at_the_end_of_time(trial: str, now: str, who: str, args: tuple[str, ...]) -> None:
    """CAL-4: arithmetic over an absurd span ends with an error or an answer, never with a hang or a traceback."""
    assert Who(trial, who, now)(*args).status in {0, 2, 5}


def test_a_tick_at_the_beginning_of_time(trial: str) -> None:
    """CAL-4: no --now ends in a traceback."""
    assert Who(trial, ADA, FIRST)("tick", "--dry-run").status in {0, 2}


@pytest.mark.parametrize("name", ["update", "ask", "propose", "restore", "investigate", "close", "assign"])
def test_before_the_case_was_opened(ben: Who, name: str) -> None:
    """STAT-4: an act before the case was opened is refused."""
    text = () if name == "assign" else ("-m", "x")
    told = refused(ben.at("2026-01-01T00:00:00Z"), name, "3", *text, status=5)
    assert "opened at 2026-03-09" in told


@pytest.mark.parametrize(
    ("args", "choices"),
    [
        (("list", "--priority", "urgent"), "critical, high, medium, low"),
        (("list", "--status", "done"), "awaiting-info"),
        (("list", "--tab", "done"), "awaiting-info"),
        (("list", "--type", "bug"), "service-request"),
        (("list", "--sort", "colour"), "modified"),
        (("list", "--format", "yaml"), "jsonl"),
        (("list", "--all", "--fields", "colour"), "number"),
        (("list", "--since", "someday"), "2026-03-02"),
        (("priority", "3", "urgent", "-m", "x"), "critical, high, medium, low"),
        (("close", "3", "--substatus", "gone"), "resolved"),
        (("restore", "3", "--substatus", "gone"), "pending-rca"),
        (("update", "3", "-m", "x", "--via", "pigeon"), "phone"),
        (("open", *FORM, "--stage", "moon"), "production"),
        (("open", *FORM, "--type", "bug"), "support"),
        (("open", *FORM, "--priority", "5"), "critical"),
        (("open", *FORM, "--field", "novalue"), "KEY=VALUE"),
        (("open", *FORM, "--follows", "abc"), "0000000042"),
        (("import", "/dev/null", "--from", "nowhere", "--account", "X"), "servicenow"),
        (("import", "/dev/null", "--from", "servicenow", "--account", "X", "--sla", "x"), "opened"),
        (("import", "/dev/null", "--from", "servicenow", "--account", "X", "--timezone", "Mars"), "time zone"),
        (("import", "/dev/null", "--from", "servicenow", "--account", "X"), "servicenow"),
        (("calendar", "add", "2026-03-02", "6xx"), "6bh"),
        (("calendar", "add", "someday", "6bh"), "2026-03-02"),
        (("calendar", "add", "2026-03-02"), "INSTANT AMOUNT"),
        (("calendar", "add", "2026-03-02", "-6bh"), "calendar"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else None,
)
def test_an_unknown_word_lists_the_known(ada: Who, args: tuple[str, ...], choices: str) -> None:
    """CLI: an unknown value is refused with the choices."""
    assert choices.lower() in refused(ada, *args).lower()


def test_a_sub_status_that_cannot_follow(ada: Who) -> None:
    """STAT-4: a transition that the tables do not allow is refused with the allowed ones named."""
    told = refused(ada, "close", "3", "--substatus", "new", status=5)
    assert "resolved" in told
    assert "cancelled" in told


@pytest.mark.parametrize("option", ["--db", "--as", "--now"])
@pytest.mark.parametrize("place", ["before", "after"])
def test_an_empty_option_does_not_mean_the_usual_one(ada: Who, option: str, place: str) -> None:
    """CLI: an unset shell variable behind --db, --as or --now is a slip, not the usual desk, person or moment."""
    empty = (*ada.options, option, "")
    ran = care(*empty, "list") if place == "before" else care(*ada.options, "list", option, "")
    assert (ran.status, ran.out) == (2, "")
    assert f"{option} is empty" in ran.err


def test_a_refusal_is_no_python(ada: Who) -> None:
    """CLI: messages are for people."""
    assert "Substatus.NEW" not in ada("close", "3", "--substatus", "new").err


# The database


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    """CLI: a missing database is status 6, and none is made."""
    file = tmp_path / "none.db"
    for args in (("list",), ("tick",), ("open", *FORM), ("staff", "list")):
        told = care("--db", str(file), "--as", ADA, *args).refused(6)
        assert "care init" in told
    assert list(tmp_path.iterdir()) == []


NO_DATABASES = {
    "text": b"Dear diary, this is no database at all, and it is longer than a header of SQLite would be." * 3,
    "short": b"x",
    "empty": b"",
    "half": b"SQLite format 3\x00" + b"\x00" * 50,
    "garbage": b"SQLite format 3\x00" + bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", NO_DATABASES)
@sqlite_alone("a place in the file system")
def test_a_file_that_is_no_database(tmp_path: Path, name: str) -> None:
    """CLI: `--db` at a file that is no database: status 6, its bytes stay as they were."""
    file = tmp_path / "diary.txt"
    file.write_bytes(NO_DATABASES[name])
    for args in (("list",), ("tick",), ("open", *FORM)):
        assert str(file) in care("--db", str(file), "--as", ADA, *args).refused(6)
    if name != "empty":
        care("--db", str(file), "init", "--email", ADA).refused(6)
    care("--db", str(file), "demo").refused(5)
    assert file.read_bytes() == NO_DATABASES[name]
    assert [one.name for one in tmp_path.iterdir()] == ["diary.txt"]


@sqlite_alone("a place in the file system")
def test_another_programs_database(tmp_path: Path) -> None:
    """CLI: a database of another program is refused with status 6 and stays as it is."""
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE mine (x)")
        db.commit()
    before = file.read_bytes()
    for args in (("list",), ("init", "--email", ADA)):
        assert "another program" in care("--db", str(file), "--as", ADA, *args).refused(6)
    care("--db", str(file), "demo").refused(5)
    assert file.read_bytes() == before


@sqlite_alone("the version stands in its file")
def test_a_database_from_a_newer_version(trial: str) -> None:
    """CLI: a database made by a newer version is refused with status 6 and left alone."""
    with closing(sqlite3.connect(trial)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute(f"PRAGMA user_version = {version + 1}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.commit()
    before = Path(trial).read_bytes()
    for args in (("list",), ("tick",), ("update", "3", "-m", "x"), ("init",)):
        told = care("--db", trial, "--as", ADA, *args).refused(6)
        assert "newer" in told
    assert Path(trial).read_bytes() == before


@sqlite_alone("damages its file")
def test_a_damaged_database(trial: str) -> None:
    """CLI: a damaged database is status 6 and no traceback."""
    file = Path(trial)
    content = bytearray(file.read_bytes())
    content[4096:] = b"\x55" * (len(content) - 4096)
    file.write_bytes(bytes(content))
    for args in (("list",), ("tick",), ("update", "3", "-m", "x"), ("show", "3")):
        assert "damaged" in care("--db", trial, "--as", ADA, *args).refused(6)


def test_a_busy_database_that_stays_busy(trial: str) -> None:
    """CLI: reading goes on while another program writes."""
    with busy(trial):
        assert care("--db", trial, "--as", ADA, "--json", "list", "--all").json["total"] == 9


@sqlite_alone("a place in the file system")
def test_a_directory_is_no_database(tmp_path: Path) -> None:
    """CLI: --db at a directory is status 6."""
    for args in (("list",), ("init", "--email", ADA)):
        assert "directory" in care("--db", str(tmp_path), "--as", ADA, *args).refused(6)
    assert list(tmp_path.iterdir()) == []


@sqlite_alone("a place in the file system")
def test_a_place_where_nothing_can_be_made(tmp_path: Path) -> None:
    """CLI: a database below a regular file cannot be made: status 6 (for root a read-only directory is none)."""
    file = tmp_path / "file"
    file.write_text("mine")
    for args in (("list",), ("init", "--email", ADA), ("demo",)):
        care("--db", str(file / "desk.db"), "--as", ADA, *args).refused(6)
    assert file.read_text() == "mine"


@sqlite_alone("a place in the file system")
def test_a_read_only_directory(trial: str, tmp_path: Path) -> None:
    """CLI: a database in a read-only directory is status 6."""
    folder = tmp_path / "locked"
    folder.mkdir()
    shutil.copy(trial, folder / "desk.db")
    folder.chmod(0o500)
    try:
        if os.geteuid() == 0:
            pytest.skip("root writes everywhere")
        care("--db", str(folder / "desk.db"), "--as", ADA, "update", "3", "-m", "x").refused(6)
    finally:
        folder.chmod(0o700)


# The configuration file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('databse = "x"', "databse"),
        ('bd = "x"', "did you mean db"),
        ("db = 7", "db"),
        ('db = "x', "no valid TOML"),
        ('timezone = "Mars/Base"', "Mars/Base"),
        ('color = "pink"', "always"),
        ('mail = "x"', "[mail]"),
        ('[mail]\nfrm = "x"', "did you mean mail.from"),
    ],
)
def test_a_configuration_file_with_a_slip(trial: str, tmp_path: Path, text: str, said: str) -> None:
    """CLI: a configuration file with a typo, a wrong value or bad syntax is one message that names it."""
    file = tmp_path / "config.toml"
    file.write_text(text)
    before = kept(trial)
    for args in (("list",), ("update", "3", "-m", "x"), ("init",)):
        told = care("--db", trial, "--as", BEN, "--config", str(file), *args).refused(2)
        assert said in told
        assert str(file) in told
    assert kept(trial) == before
    assert file.read_text() == text


def test_a_configuration_file_that_is_not_there(trial: str, tmp_path: Path) -> None:
    """CLI: a named configuration file that is missing is one message, for all but `init`."""
    for named in (str(tmp_path / "none.toml"), str(tmp_path)):
        assert named in care("--db", trial, "--as", BEN, "--config", named, "list").refused(2)


def test_a_form_with_slips(dana: Who, tmp_path: Path) -> None:
    """OPEN-4: a form file that is no JSON or has unknown fields is refused whole."""
    form = tmp_path / "form.json"
    for text in ("{", "[]", '"x"', '{"subjcet": "x"}', '{"subject": 7}', '{"fields": "x"}'):
        form.write_text(text)
        refused(dana, "open", "--form", str(form))


def test_no_command_line_ends_in_a_traceback(trial: str) -> None:
    """CLI: never a traceback for anything a user can cause: every command with hostile arguments."""
    words = ("", "-", "--", "=", "''", "[/x]", "%s", "{}", "\\", "$(x)", "None", "--help=x", "-mm", "--now=")
    for name in ("open", "list", "search", "show", "log", "update", "close", "assign", "tick", "init", "import"):
        for word in words:
            ran = Who(trial, DANA)(name, word)
            assert ran.status in {0, 2, 3, 4, 5}, (name, word, ran)
            if ran.status:
                assert ran.err.startswith("care: ")


def test_as_a_process_too(trial: str) -> None:
    """CLI: the same refusals from a process: exit status, silence on standard output, one message."""
    options = ("--db", trial, "--as", BEN, "--now", NOW)
    for args, status in ((("show", "abc"), 2), (("show", "77"), 3), (("tick",), 4), (("ask", "1", "-m", "x"), 5)):
        shell(*options, *args).refused(status)
        assert json.loads(shell(*options, "--json", *args).err)["error"]["code"]
    shell("--db", "/dev/null", "list").refused(6)


@pytest.mark.parametrize("words", [("update", "3", "-F", "~nosuch/x"), ("list", "--output", "~nosuch/x")])
def test_a_home_of_nobody(ada: Who, words: tuple[str, ...]) -> None:
    """CLI: `~name` of somebody whom the machine does not know is one message, never a traceback."""
    ran = ada("--json", *words)
    assert (ran.status, ran.error["code"], ran.out) == (2, "invalid", "")
