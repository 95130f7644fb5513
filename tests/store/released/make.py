"""Make the desks of released schemas anew, each by the program of its time: `python make.py [SCHEMA...]`.

Needs the repository's history and the packages of the development environment. The programs of the time are laid
out from `git archive`; nothing of them is changed.
"""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
COMMITS = {
    6: "b92db86",  # a30fbd0, the last one with schema 6, does not start
    8: "92d0e04",
    9: "c35d2cc",
    13: "cc5cb00",
    17: "0d8300d",
    19: "c82f048",
}
ADA, BEN, MIA = (f"{name}@desk.example" for name in ("ada", "ben", "mia"))
DANA, LENA = "dana@northwind.example", "lena@harbor.example"
TEXT = "Since this morning one in five calls drops – [bold]when[/bold] an agent transfers it to \u202eelbat."
OPEN = (
    *("open", "-s", "=Calls drop «again»", "--deployment", "East", "--service", "Voice", "--stage", "production"),
    *("--priority", "high", "-m", TEXT, "--impact", "Agents call back by hand."),
)
TRUNKS = ("-s", "Two more trunks", "--priority", "low", "--deployment", "East", "--service", "Voice", "-m", TEXT)
SPAN = ("--from", "2026-03-20T21:12:00Z", "--to", "2026-03-20T21:14:00Z")
MAIL = (
    "From: Some Body <some@body.example>\nTo: care@localhost\n"
    "Subject: Case # 0000000008 =?utf-8?q?f=C3=BCr?= you\n"
    "Message-ID: <one@body.example>\nDate: Fri, 20 Mar 2026 21:30:00 +0000\n\nIt still happens.\n"
)
ALERT = {
    "version": "4",
    "groupKey": '{}:{alertname="TrunkDown"}',
    "status": "firing",
    "receiver": "care",
    "groupLabels": {"alertname": "TrunkDown"},
    "commonLabels": {"account": "Northwind", "deployment": "East", "service": "Voice", "severity": "critical"},
    "commonAnnotations": {"summary": "The trunk is down", "description": TEXT},
    "externalURL": "http://alerts.example",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "TrunkDown", "account": "Northwind", "deployment": "East", "service": "Voice"},
            "annotations": {"summary": "The trunk is down"},
            "startsAt": "2026-03-20T21:40:03.123Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example/graph",
            "fingerprint": "trunk-4",
        }
    ],
}
ARTICLE = "# Restart the bridge\n\nUse `bridge restart`, then look at the [queue](https://example.com/queue).\n"
Act = tuple[int, str, str, tuple[str, ...], str]
"""Since which schema, who, at which time of 20 March, which words, what on standard input."""

ACTS: tuple[Act, ...] = (
    (6, DANA, "21:10", OPEN, ""),
    (6, BEN, "21:11", ("investigate", "10", "-m", "We look at the trunk."), ""),
    (6, BEN, "21:12", ("update", "10", "--internal", "-m", "Looks like the carrier; see <b>notes</b>."), ""),
    (6, BEN, "21:13", ("ask", "10", "-m", "Which queue is it?"), ""),
    (6, DANA, "21:14", ("update", "10", "-m", "The one of the front desk."), ""),
    (6, MIA, "21:15", ("priority", "10", "medium", "--reason", "Fewer calls than feared", "--yes"), ""),
    (6, BEN, "21:16", ("propose", "10", "-m", "Use the other trunk."), ""),
    (6, DANA, "21:17", ("reject", "10", "-m", "It drops there too."), ""),
    (6, BEN, "21:18", ("restore", "10", "-m", "The carrier has mended it."), ""),
    (6, DANA, "21:19", ("accept", "10"), ""),
    (6, DANA, "21:20", ("reopen", "10", "-m", "New: it began again at 21:19, trace attached."), ""),
    (6, ADA, "21:21", ("contact", "edit", LENA, "--phone", "+1 415 555 0100"), ""),
    (6, "system", "21:25", ("tick",), ""),
    (8, DANA, "21:26", ("escalate", "10", "-m", "Our callers give up."), ""),
    (8, BEN, "21:27", ("link", "10", "8", "--kind", "relates"), ""),
    (9, "system", "21:30", ("mail", "receive"), MAIL),
    (9, "system", "21:31", ("mail", "deliver"), ""),
    (13, BEN, "21:40", ("attachment", "add", "10", "trace.log", "--confirm-sanitized"), ""),
    (13, DANA, "21:41", ("attachment", "add", "10", "call.bin", "--confirm-sanitized"), ""),
    (13, BEN, "21:42", ("kb", "add", "-s", "Restart the bridge", "-F", "-"), ARTICLE),
    (13, BEN, "21:43", ("kb", "publish", "1"), ""),
    (13, BEN, "21:44", ("kb", "link", "1", "10"), ""),
    (13, DANA, "21:45", ("kb", "vote", "1", "--helpful"), ""),
    (13, "system", "21:46", ("open", "--from-alert"), json.dumps(ALERT)),
    (13, BEN, "21:47", ("component", "set", "10", "Trunks"), ""),
    (17, BEN, "21:50", ("advisory", "add", "-s", "Trunks drop", "--service", "Voice", "-m", TEXT), ""),
    (17, MIA, "21:51", ("advisory", "publish", "1"), ""),
    (17, DANA, "21:52", ("advisory", "subscribe", "daily"), ""),
    (17, BEN, "21:53", ("incident", "declare", "10", "-m", "All trunks of the east."), ""),
    (17, DANA, "21:54", ("open", "--type", "service-request", "--subtype", "change-request", *TRUNKS), ""),
    (17, BEN, "21:55", ("request", "ack", "12"), ""),
    (17, DANA, "21:56", ("open", "--type", "feature-request", *TRUNKS), ""),
    (17, BEN, "21:57", ("maintenance", "announce", "Voice", "--to", "2026-03-20T23:00:00Z", "-m", "An hour."), ""),
    (19, MIA, "21:58", ("exempt", "10", *SPAN, "--reason", "The customer's own line was down"), ""),
    (6, "system", "22:00", ("tick",), ""),
)  # fmt: skip


def make(schema: int) -> None:
    """Make one desk, and write down what its own program told of it."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        old = folder / "program"
        archive = subprocess.run(
            ["git", "archive", COMMITS[schema], "src"], cwd=HERE.parents[2], check=True, capture_output=True
        ).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as packed:
            # Debian's Python 3.11 has no filter of extractall yet; what is unpacked is our own.
            packed.extractall(old)
        desk = folder / "desk"
        desk.mkdir()
        (desk / "trace.log").write_text("21:19:02 trunk 4 lost\n" * 40)
        (desk / "call.bin").write_bytes(bytes(range(256)) * 16)
        _care(old, desk, "demo", "--db", "desk.db")
        for since, who, at, words, given in ACTS:
            if since <= schema:
                place = ("--db", "desk.db", "--as", who, "--now", f"2026-03-20T{at}:00Z", "--no-input")
                _care(old, desk, *place, *words, given=given)
        _keep(schema, desk)


def _care(old: Path, desk: Path, *args: str, given: str = "") -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(desk.parent), "PYTHONPATH": str(old / "src"), "TZ": "UTC"}
    run = subprocess.run(
        [sys.executable, "-m", "carecli", *args],
        cwd=desk, env=env, input=given, text=True, capture_output=True, check=False,
    )  # fmt: skip
    if run.returncode:
        sys.stderr.write(f"{' '.join(args)}: {run.returncode} {run.stderr}\n")


def _keep(schema: int, desk: Path) -> None:
    with closing(sqlite3.connect(desk / "desk.db", isolation_level=None)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        told = {
            "schema": db.execute("PRAGMA user_version").fetchone()[0],
            "log": db.execute("SELECT position, digest FROM events ORDER BY position").fetchall(),
            "cases": [json.loads(state) for (state,) in db.execute("SELECT state FROM cases ORDER BY number")],
            "contacts": db.execute("SELECT count(*) FROM contacts").fetchone()[0],
            "mail": db.execute("SELECT message_id FROM outbox ORDER BY message_id").fetchall(),
        }
    assert told["schema"] == schema
    shown = ("number", "status", "substatus", "priority", "subject", "contact", "owner", "opened_at", "closed_at")
    told["cases"] = [{name: case[name] for name in shown} for case in told["cases"]]
    (desk / "told.json").write_text(json.dumps(told, separators=(",", ":")))
    for name in ("desk.maildir", "trace.log", "call.bin", "desk.db-wal", "desk.db-shm", "desk.db.delivery"):
        path = desk / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    _packed(desk, HERE / f"schema-{schema}.tar.gz")


def _packed(desk: Path, file: Path) -> None:
    raw = BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as packed:
        for path in sorted(desk.rglob("*")):
            packed.add(path, path.relative_to(desk), recursive=False)
    file.write_bytes(gzip.compress(raw.getvalue(), 9, mtime=0))


if __name__ == "__main__":
    for wanted in map(int, sys.argv[1:] or COMMITS):
        make(wanted)
