"""`care mail receive` as a mail server's pipe calls it, and what staff do with what came in (MAIL-2, MAIL-3)."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, NOW, Who, care, command, shell
from cli.test_schema import faults
from engine import sqlite_alone
from hard.small_disk import SmallDisk, on_small_disk
from other_hands import busy, peeked

from carecli.mail import reference

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

KIB: Final = 1024
STORED, UNFIT, TRY_AGAIN = 0, 65, 75


def message(number: int = 0, text: str = "It is done.", sender: str = DANA) -> bytes:
    """A mail of a contact, each number another."""
    return (
        f"From: {sender}\r\nTo: care@localhost\r\nSubject: Hello {number}\r\n"
        f"Message-ID: <{number}@northwind.example>\r\n\r\n{text}\r\n"
    ).encode()


def reply(database: str, case: int, place: int = 1, text: str = "The trace is attached.") -> bytes:
    """A reply of the case's contact to a mail of the case."""
    ((key,),) = peeked(database, "SELECT value FROM secrets WHERE name = 'reference'")
    ((contact,),) = peeked(database, "SELECT contact FROM cases WHERE number = ?", (case,))
    named = reference.message_id(key, case, place, "localhost")
    return message(case, text, contact).replace(b"To:", f"In-Reply-To: {named}\r\nTo:".encode(), 1)


def stored(database: str) -> int:
    """How many messages the desk has."""
    return int(peeked(database, "SELECT count(*) FROM received")[0][0])


def test_stored_is_nought(trial: str) -> None:
    """MAIL-6: one line, one document, or with --quiet nothing; the second time it is a duplicate."""
    ran = shell("--db", trial, "mail", "receive", stdin=message())
    assert (ran.status, ran.err) == (STORED, "")
    assert ran.out == "in-1 triaged: it names no case; its sender was told how to go on\n"
    again = shell("--db", trial, "--json", "mail", "receive", stdin=message())
    assert again.json == {
        "outcome": "duplicate",
        "number": None,
        "reason": "it came before, as in-1",
        "id": "in-1",
        "code": "duplicate",
    }
    assert faults("mail receive", again.json) == []
    quiet = shell("--db", trial, "-q", "mail", "receive", stdin=message(2))
    assert quiet == (STORED, "", "")
    assert stored(trial) == 2


@pytest.mark.parametrize("to", ["/dev/full", "closed"])
def test_stored_is_nought_although_nobody_hears_it(trial: str, to: str) -> None:
    """MAIL-6: where the answer cannot be written the message is stored all the same."""
    words = " ".join(command("--db", trial, "mail", "receive"))
    redirected = ">&-" if to == "closed" else f"> {to}"
    ran = subprocess.run(["sh", "-c", f"{words} {redirected}"], input=message(), capture_output=True, check=False)
    assert (ran.returncode, ran.stderr, stored(trial)) == (STORED, b"", 1)


def test_a_bounce_shows_on_the_case_to_staff_alone(trial: str) -> None:
    """MAIL-5, FU-6, DC-3: which mail came back, from whom and why, harmlessly; contacts see nothing of it."""
    mail = Who(trial, BEN).json("mail", "outbox", "3")["mail"][0]
    returned = (
        "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {mail['to']}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 \x1b[31mno such user\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {mail['message_id']}\n\nx\n--b--\n"
    )
    ran = shell("--db", trial, "--now", NOW, "--json", "mail", "receive", stdin=returned.encode())
    assert (ran.json["outcome"], ran.json["number"]) == ("bounce", "0000000003")
    page = Who(trial, BEN)("show", "3").out
    assert "system: Mail Bounced (internal note)\n" in page
    assert f"mail {mail['id']} to {mail['to']}: 5.1.1, 550" in page
    assert "\x1b" not in page
    assert "Bounced" not in Who(trial, mail["to"])("show", "3").out
    assert Who(trial, BEN).json("mail", "outbox", "3", "--state", "bounced")["mail"][0]["id"] == mail["id"]


def test_a_reply_moves_its_case(trial: str) -> None:
    """MAIL-2, STAT-3: what the pipe takes in is an update at once; staff are told its original."""
    ran = shell("--db", trial, "--now", NOW, "--json", "mail", "receive", stdin=reply(trial, 3))
    assert (ran.json["outcome"], ran.json["number"]) == ("updated", "0000000003")
    page = Who(trial, BEN)("show", "3").out
    assert "Commented by mail\n" in page
    assert "the original: care mail show in-1" in page
    shown = Who(trial, BEN).json("show", "3")["updates"][0]
    assert (shown["via"], shown["data"]["mail"], shown["data"]["text"]) == (
        "email",
        "in-1",
        "The trace is attached.",
    )
    theirs = Who(trial, shown["actor"])
    assert "mail" not in theirs.json("show", "3")["updates"][0]["data"]
    assert "in-1" not in theirs("show", "3").out


@pytest.mark.parametrize("stdin", [b"", b"\r\n\r\n"])
def test_nothing_is_no_message(trial: str, stdin: bytes) -> None:
    """MAIL-6: an empty input is refused for good, and nothing is stored."""
    ran = shell("--db", trial, "mail", "receive", stdin=stdin)
    assert "holds no message" in ran.refused(UNFIT)
    assert stored(trial) == 0


def test_too_large_is_refused_for_good(trial: str, tmp_path: Path) -> None:
    """MAIL-6: more than the configuration allows is read to its end and refused, so that the sender is told."""
    config = tmp_path / "config.toml"
    config.write_text(f'db = "{trial}"\n[mail]\nmax_bytes = 2000\n')
    large = message(text="long " * 100_000)
    ran = shell("--config", str(config), "--json", "mail", "receive", stdin=large)
    assert (ran.status, ran.out) == (UNFIT, "")
    assert ran.error["code"] == "unfit"
    assert "2,000 bytes" in ran.error["message"]
    told = shell("--config", str(config), "mail", "receive", stdin=large)
    # All of it stands in what the mail server sends back: nothing of this desk's settings.
    assert told.err == "care: the message is larger than 2,000 bytes\n"
    assert shell("--config", str(config), "mail", "receive", stdin=message()).status == STORED


WRONG: Final = {
    "an unknown actor": ("--as", "nobody@x.example", "mail", "receive"),
    "a contact": ("--as", DANA, "mail", "receive"),
    "an agent": ("--as", BEN, "mail", "receive"),
    "a wrong option": ("mail", "receive", "--nonsense"),
    "a wrong moment": ("--now", "never", "mail", "receive"),
    "a word too many": ("mail", "--json", "receive", "in-1"),
    "no such configuration": ("--config", "/nonexistent/config.toml", "mail", "receive"),
}


@pytest.mark.parametrize("name", WRONG)
def test_whatever_is_wrong_the_server_keeps_it(trial: str, name: str) -> None:
    """MAIL-6: a mistake in the set-up must not send anybody's mail back."""
    ran = shell("--db", trial, *WRONG[name], stdin=message())
    assert (ran.status, ran.out) == (TRY_AGAIN, "")
    assert "Traceback" not in ran.err
    assert stored(trial) == 0


def test_other_commands_keep_their_statuses(trial: str) -> None:
    """CLI: 75 is for the pipe alone."""
    assert care("--db", trial, "--as", "nobody@x.example", "mail", "inbox").status == 4
    assert care("--db", trial, "mail", "inbox", "--nonsense").status == 2


@pytest.mark.parametrize("what", ["missing", "damaged", "empty"])
def test_a_database_that_cannot_be_used(trial: str, what: str) -> None:
    """MAIL-6: missing, damaged or never set up: try again."""
    file = Path(trial)
    if what == "missing":
        file.unlink()
    else:
        file.write_bytes(b"no database of anybody's" * 100 if what == "damaged" else b"")
    assert shell("--db", trial, "mail", "receive", stdin=message()).status == TRY_AGAIN


def test_a_busy_database(trial: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: where another program keeps the lock, try again; nothing is stored, and then it is."""
    for engine in ("sqlite", "postgres"):
        monkeypatch.setattr(f"carecli.store.{engine}.store.BUSY_S", 0.1)
    with busy(trial):
        ran = care("--db", trial, "mail", "receive", stdin=message())
        assert "is busy" in ran.refused(TRY_AGAIN)
    assert stored(trial) == 0
    assert care("--db", trial, "mail", "receive", stdin=message()).status == STORED


@sqlite_alone("the disk that is full is that of its file")
def test_a_full_disk(trial: str, tmp_path: Path) -> None:
    """MAIL-6: wherever the disk fills up it is 75 with nothing stored, or 0 with the message there for good."""
    (tmp_path / "disk").mkdir()

    def work(disk: SmallDisk) -> None:
        statuses = []
        large = message(text="long line of a log\n" * 4_000)
        for room in range(0, 480 * KIB, 24 * KIB):
            database = str(shutil.copy(trial, disk.path / "desk.db"))
            disk.leave(room)
            ran = care("--db", database, "mail", "receive", stdin=large)
            disk.free()
            statuses.append(ran.status)
            assert stored(database) == (1 if ran.status == STORED else 0)
            again = care("--db", database, "--json", "mail", "receive", stdin=large)
            assert again.json["outcome"] in {"triaged", "duplicate"}
            assert Who(database, ADA).json("mail", "triage", "list")["mail"][0]["code"] == "no-case"
            for file in disk.path.glob("desk.db*"):
                file.unlink()
        assert (statuses[0], statuses[-1]) == (TRY_AGAIN, STORED)
        assert set(statuses) == {TRY_AGAIN, STORED}

    on_small_disk(work, tmp_path / "disk", "4m")


def test_a_read_only_disk(trial: str, tmp_path: Path) -> None:
    """MAIL-6: where nothing can be written, try again."""
    (tmp_path / "disk").mkdir()

    def work(disk: SmallDisk) -> None:
        database = str(shutil.copy(trial, disk.path / "desk.db"))
        disk.lock()
        assert care("--db", database, "mail", "receive", stdin=message()).status == TRY_AGAIN
        disk.lock(read_only=False)
        assert care("--db", database, "mail", "receive", stdin=message()).status == STORED

    on_small_disk(work, tmp_path / "disk", "4m")


def test_triage_from_the_terminal(trial: str, tmp_path: Path) -> None:
    """MAIL-3: listed with the reason, shown, a file written but over no other, linked, discarded."""
    attached = (
        b"From: dana.private@mail.example\r\nSubject: \x1b[31mred\r\nMessage-ID: <x@y>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n'
        b"Content-Type: text/plain; name=trace.log\r\nContent-Disposition: attachment\r\n\r\none\r\n--b--\r\n"
    )
    for raw in (attached, message(2)):
        assert care("--db", trial, "--now", NOW, "mail", "receive", stdin=raw).status == STORED
    ben = Who(trial, BEN)
    listed = ben.json("mail", "triage", "list")
    assert [(m["id"], m["code"], m["from"]) for m in listed["mail"]] == [
        ("in-1", "unknown-sender", "dana.private@mail.example"),
        ("in-2", "no-case", DANA),
    ]
    assert faults("mail triage list", listed) == []
    assert faults("mail inbox", ben.json("mail", "inbox", "--outcome", "triaged")) == []
    line = ben("mail", "inbox", "--format", "jsonl").out.splitlines()[0]
    assert faults("mail inbox", json.loads(line), line=True) == []
    shown = ben.json("mail", "triage", "show", "in-1")
    assert (shown["new_text"], shown["files"][0]["name"]) == ("See the file.", "trace.log")
    assert faults("mail triage show", shown) == []
    assert faults("mail show", ben.json("mail", "show", "in-1")) == []
    page = ben("mail", "triage", "show", "in-1").out
    assert "not yet confirmed sanitised" in page
    assert "\x1b" not in page
    target = tmp_path / "out.log"
    assert ben("mail", "triage", "show", "in-1", "--file", "1", "--output", str(target)).status == 0
    assert target.read_bytes().strip() == b"one"
    assert "exists already" in ben("mail", "triage", "show", "in-1", "--file", "1", "-o", str(target)).refused(1)
    for words in (("--file", "1"), ("--output", "x"), ("--raw", "--file", "1", "-o", "-")):
        assert ben("mail", "triage", "show", "in-1", *words).status == 2
    linked = ben.json("mail", "triage", "link", "in-1", "3", "--contact", DANA)
    assert (linked["settlement"], linked["number"], linked["settled_by"]) == ("linked", "0000000003", BEN)
    assert faults("mail triage link", linked) == []
    discarded = ben.json("mail", "triage", "discard", "in-2", "-m", "Asked twice.")
    assert discarded["settled_why"] == "Asked twice."
    assert faults("mail triage discard", discarded) == []
    assert ben.json("mail", "triage", "list") == {"mail": []}
    assert len(ben.json("mail", "triage", "list", "--all")["mail"]) == 2
    assert "discarded by ben@desk.example already" in ben("mail", "triage", "discard", "in-2").refused(5)


@pytest.mark.parametrize("name", ["raw", "show"])
def test_the_original_byte_for_byte(trial: str, name: str) -> None:
    """MAIL-2: the original is one command away, as it came, whatever bytes are in it."""
    raw = message() + bytes(range(256))
    shell("--db", trial, "mail", "receive", stdin=raw)
    words = ("mail", "triage", "show", "in-1", "--raw") if name == "raw" else ("mail", "show", "in-1")
    ran = subprocess.run(command("--db", trial, "--as", BEN, *words), capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, raw)


def test_mail_is_for_staff(trial: str) -> None:
    """DC-3, DC-5: contacts see nothing of the inbox, not even whether something is there."""
    care("--db", trial, "mail", "receive", stdin=message())
    for words in (
        ("mail", "inbox"),
        ("mail", "triage", "list"),
        ("mail", "triage", "show", "in-1"),
        ("mail", "show", "in-1"),
    ):
        for who in (DANA, LENA):
            Who(trial, who)(*words).refused(4)
