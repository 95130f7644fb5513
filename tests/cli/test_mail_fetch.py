"""`care mail fetch` as cron and people run it (MAIL-6)."""

import json
import subprocess
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, NOW, Who, care, command, shell, terminal
from jsonschema import Draft202012Validator

from carecli.render import schema

LETTER = (
    f"From: {DANA}\nTo: care@desk.example\nSubject: [bold]Hello\x1b[31m\nMessage-ID: <%d@x.example>\n\nHello.\n"
)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A maildir with two messages."""
    box = tmp_path / "box"
    (box / "new").mkdir(parents=True)
    for place in range(2):
        (box / "new" / f"{place}.host").write_text(LETTER % place)
    return box


def test_the_answer_is_one_document_as_its_schema_says(trial: str, box: Path) -> None:
    """MAIL-6: with every message, its outcome and where it is from; nothing new is a document too."""
    (box / "new" / "folder").mkdir()
    system = Who(trial, "system")
    ran = system("--json", "mail", "fetch", "--maildir", str(box))
    again = system("--json", "mail", "fetch", "--maildir", str(box))
    for one, count in ((ran, 2), (again, 0)):
        assert one.status == 1, "one was left"
        document = json.loads(one.out)
        Draft202012Validator(schema.one("mail fetch")).validate(document)
        assert (document["fetched"], len(document["mail"]), len(document["left"])) == (count, count, 1)
        assert '"rule": "MAIL-6"' in one.err
    (box / "new" / "folder").rmdir()
    assert system.json("mail", "fetch", "--maildir", str(box))["left"] == []


def test_cron_hears_nothing_where_nothing_came(trial: str, box: Path) -> None:
    """MAIL-6: and a short table where something did, unless it is told to be quiet."""
    line = ("--db", trial, "--now", NOW, "mail", "fetch", "--maildir", str(box))
    first = shell(*line, "--limit", "1")
    assert (first.status, first.err, first.out.count("\n")) == (0, "", 2)
    assert first.out.startswith("id\treceived_at\tfrom\tsubject\t")
    assert "\nin-1\t" in first.out
    assert shell(*line, "--quiet") == (0, "", "")
    assert shell(*line) == (0, "", "")


def test_a_person_sees_what_came_and_that_nothing_did(trial: str, box: Path) -> None:
    """MAIL-6: at 80 columns; what a stranger wrote cannot colour the screen."""
    line = ("--db", trial, "--as", ADA, "--now", NOW, "--no-color", "mail", "fetch", "--maildir", str(box))
    seen = terminal(*line)
    assert seen.status == 0
    first, *rest = seen.out.splitlines()
    assert first.split("  ")[0] == "Fetched: 2 triaged"
    assert max(map(len, [first, *rest])) <= 80
    assert "\x1b[31m" not in seen.out
    assert terminal(*line).out == f"care: no new mail in maildir:{box}\n"


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("--keep", "--delete", "--maildir", "box"), 2, "--keep and --delete exclude each other"),
        (("--limit", "0"), 2, "--limit"),
        ((), 2, "no mailbox is configured to fetch from"),
        (("--maildir", "nowhere"), 3, "nowhere is no maildir: it has no folder `new`"),
    ],
)
def test_what_makes_no_sense_is_refused(trial: str, args: tuple[str, ...], status: int, message: str) -> None:
    """MAIL-6: with one message and what to do instead."""
    assert message in Who(trial, "system")("mail", "fetch", *args).refused(status)


@pytest.mark.parametrize("who", [BEN, DANA])
def test_others_may_not_fetch(trial: str, box: Path, who: str) -> None:
    """DC-5: time and mail are the system's and the admins'."""
    Who(trial, who)("mail", "fetch", "--maildir", str(box)).refused(4)


def test_a_server_that_is_away_is_one_message(trial: str, tmp_path: Path) -> None:
    """MAIL-6: exit status 1, and no password anywhere."""
    config = tmp_path / "config.toml"
    config.write_text('[mail.imap]\nhost = "localhost"\nport = 1\nuser = "care"\npassword = "hunter2"\n')
    config.chmod(0o600)
    ran = care("--config", str(config), "--db", trial, "--as", "system", "mail", "fetch")
    told = ran.refused(1)
    assert told.startswith("care: the IMAP server localhost:1 cannot be reached: Connection refused\n")
    assert "hunter2" not in told


def test_two_at_once_take_every_message_in_once(trial: str, box: Path) -> None:
    """MAIL-6: cron may start a run while the last one is still at it."""
    for place in range(2, 150):
        (box / "new" / f"{place:03}.host").write_text(LETTER % place)
    line = command(
        "--db", trial, "--as", "system", "--now", NOW, "--quiet", "mail", "fetch", "--maildir", str(box)
    )
    runs = [subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
    assert [(run.communicate(timeout=240)[0], run.returncode) for run in runs] == [(b"", 0)] * 2
    kept = Who(trial, ADA).json("mail", "inbox", "--limit", "999")["mail"]
    assert len(kept) == 150
    assert len(list((box / "cur").iterdir())) == 150
