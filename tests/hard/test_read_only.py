"""A desk on a read-only file system: every command says so in one message (AUD-1)."""

import re
import shutil
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import FORM, Who
from desk_fixtures import ADA, DANA, SAM, Office, ask
from hard import crowd
from hard.small_disk import SmallDisk, on_small_disk

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

COMMANDS: Final = [
    (DANA, "list"),
    (DANA, "show", "1"),
    (DANA, "log", "1"),
    (DANA, "search", "calls"),
    (DANA, "open", *(word.replace("East", "West") for word in FORM)),
    (DANA, "update", "1", "-m", "It still happens."),
    (SAM, "ask", "1", "-m", "Please send the trace."),
    (SAM, "close", "1", "-m", "It is repaired."),
    ("system", "tick"),
    ("system", "tick", "--dry-run"),
    (ADA, "verify"),
    (ADA, "account", "list"),
    (ADA, "staff", "add", "new@desk.example", "--role", "agent"),
    (ADA, "init", "--email", ADA, "--desk-name", "Another"),
]
AT: Final = "2026-03-02T10:00:00Z"
LATER: Final = "2026-03-04T15:00:00Z"


def test_every_command_says_so_on_a_read_only_disk(office: Office, tmp_path: Path) -> None:
    """AUD-1: one message and status 6 for each command, nothing is changed, and all work once they may write."""
    base = one_case(office)
    (tmp_path / "disk").mkdir()

    def work(disk: SmallDisk) -> None:
        database = Path(shutil.copy(base, disk.path / "desk.db"))
        for locked in (True, False):
            disk.lock(read_only=locked)
            for who, *words in COMMANDS:
                ran = Who(str(database), who, AT)(*words)
                if locked:
                    assert re.search("Read-only|cannot be written", ran.refused(6))
                else:
                    assert ran.status == 0, ran
            if locked:
                assert database.read_bytes() == base.read_bytes()
                assert [path.name for path in disk.path.iterdir()] == ["desk.db"]

    on_small_disk(work, tmp_path / "disk", "2m")


def test_no_new_desk_on_a_read_only_disk(tmp_path: Path) -> None:
    """AUD-1: `init` and `demo` find that nothing can be made there."""

    def work(disk: SmallDisk) -> None:
        disk.lock()
        ada = Who(str(disk.path / "new.db"), ADA, AT)
        for words in (("init", "--email", ADA), ("demo",)):
            ada(*words).refused(6)
        assert not list(disk.path.iterdir())

    on_small_disk(work, tmp_path, "2m")


def test_a_read_only_maildir_keeps_the_mail_for_later(office: Office, tmp_path: Path) -> None:
    """MAIL-6: the tick exits 1 with one message and keeps the mail, which leaves once it can be written."""
    base = one_case(office)
    (tmp_path / "disk").mkdir()
    config = tmp_path / "config.toml"
    config.write_text(f'[mail]\nmaildir = "{tmp_path / "disk" / "desk.maildir"}"\n')

    def work(disk: SmallDisk) -> None:
        disk.lock()
        system = Who(str(base), "system", LATER)
        ticking = ("--config", str(config), "--quiet", "tick")
        assert "they are kept" in system(*ticking).refused(1)
        disk.lock(read_only=False)
        assert system(*ticking[:-1], "mail", "deliver", "--all").status == 0
        mails = crowd.delivered(disk.path / "desk.db")
        assert {len(files) for files in mails.values()} == {1}
        assert set(mails) == {mail.message_id for mail in crowd.outcome(base).mails}

    on_small_disk(work, tmp_path / "disk", "2m")


def one_case(office: Office) -> Path:
    """A desk with a case that waits for its customer, closed and in one file."""
    ask(office.by(SAM, "Mon 09:30"), office.open("Mon 09:00"))
    office.store.close()
    return Path(office.config.db)
