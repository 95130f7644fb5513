"""An import that is killed goes on where it is run again, and ends as one that was not (IMP-1)."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import pytest
from desk_fixtures import ADA, Office, copied
from other_desks import lines, row

from carecli.config import Config
from carecli.desk.importing import import_file, taking

STATES: Final = ("New", "Active", "Awaiting User Info", "Active", "Resolved")


def log(tickets: int) -> bytes:
    """A log of so many incidents."""
    return lines(
        *(
            row(
                number=f"INC{number:05d}",
                incident_state=state,
                sys_mod_count=str(revision),
                caller_id=f"Caller {number % 7}",
                sys_updated_by=f"Updated by {number % 5}",
                sys_updated_at=f"0{2 + revision}-03-2026 09:10",
            )
            for number in range(tickets)
            for revision, state in enumerate(STATES)
        )
    )


def program(office: Office, file: Path) -> list[str]:
    """The command of a whole process."""
    options = ("--db", str(office.config.db), "--as", ADA, "--now", "2026-03-10T09:00:00Z", "--json")
    return [
        sys.executable,
        "-m",
        "carecli",
        *options,
        "import",
        str(file),
        "--from",
        "servicenow",
        "--account",
        "X",
    ]


def cases(office: Office) -> int:
    """How many cases the file on disk holds."""
    with closing(sqlite3.connect(office.config.db)) as record, suppress(sqlite3.OperationalError):
        return int(record.execute("SELECT count(*) FROM cases").fetchone()[0])
    return 0


def test_an_import_that_is_killed(template: Config, office: Office, tmp_path: Path) -> None:
    """IMP-1, TICK-1: killed with -9 in its midst and run again, an import leaves the log of one that was not."""
    file = tmp_path / "log.csv"
    file.write_bytes(log(250))
    process = subprocess.Popen(program(office, file), stdout=subprocess.DEVNULL)
    while cases(office) == 0 and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = cases(office)
    assert 0 < before < 250
    assert before % taking.BATCH == 0
    again = subprocess.run(program(office, file), capture_output=True, check=True)
    report = json.loads(again.stdout)
    assert (report["known"], report["cases"]) == (before, 250 - before)
    assert office.differences() == []
    folder = tmp_path / "other"
    folder.mkdir()
    other = copied(template, folder)
    subprocess.run(program(other, file), capture_output=True, check=True)
    assert office.log() == other.log()
    other.store.close()


def test_batches_of_any_size_write_the_same(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IMP-1: where an import is cut makes no difference, nor does a trial before it."""
    file = tmp_path / "log.csv"
    file.write_bytes(log(30))
    desk = office.by(ADA, "2026-03-10 09:00")
    trial = import_file(desk, str(file), source="servicenow", account="X", dry_run=True)

    class Cut(Exception):
        pass

    def cuts(line: int) -> None:
        if line > 60:
            raise Cut

    monkeypatch.setattr(taking, "BATCH", 7)
    with pytest.raises(Cut):
        import_file(desk, str(file), source="servicenow", account="X", progress=cuts)
    assert cases(office) == 7
    report = import_file(desk, str(file), source="servicenow", account="X")
    assert (trial.cases, trial.known, report.cases, report.known) == (30, 0, 23, 7)
    assert [office.case(number).fields["external"] for number in (1, 8, 30)] == [
        "INC00000",
        "INC00007",
        "INC00029",
    ]
    assert office.differences() == []
