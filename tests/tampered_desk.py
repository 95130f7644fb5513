"""A small desk of which every table holds something, and hands that change its rows behind its back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, NOW, OMAR, Who
from other_desks import lines, row
from webhooks import webhook

from carecli.config import Config
from carecli.desk import demo
from carecli.desk.by_log import open_by_log
from carecli.desk.desk import Desk
from carecli.domain.instants import instant

LATER: Final = "2026-03-24T16:00:00Z"
TICKETS: Final = str(Path(__file__).parent / "cli" / "tickets.csv")
PLACE: Final = ("--account", "Northwind", "--deployment", "East", "--service", "Voice")
CHANGE: Final = (
    *("open", "--type", "service-request", "--subtype", "change-request", "-s", "A second trunk"),
    *("--deployment", "East", "--service", "Voice", "--priority", "low"),
    *("-m", "Please add a second trunk to the office in Leeds before the summer begins there."),
)
ACTS: Final[tuple[tuple[str, str, tuple[str, ...], bytes], ...]] = (
    (DANA, NOW, ("open", *FORM), b""),
    (DANA, NOW, CHANGE, b""),
    (BEN, NOW, ("assign", "10"), b""),
    (BEN, NOW, ("update", "10", "-m", "A note on the trunk.", "--internal"), b""),
    (DANA, NOW, ("escalate", "10", "-m", "It is worse."), b""),
    (DANA, NOW, ("attachment", "add", "10", "-", "--name", "call.log"), b"one line\n"),
    (DANA, NOW, ("chat", "join", "5", "-m", "Please call me."), b""),
    (BEN, NOW, ("incident", "declare", "8", "--title", "Calls fail", "-m", "A relay failed."), b""),
    (BEN, NOW, ("kb", "add", "-s", "Reset a password", "-m", "Choose *Forgot*.", "--publish"), b""),
    (BEN, NOW, ("kb", "add", "-s", "The vault", "-m", "It is rotated.", "--audience", "internal"), b""),
    (BEN, NOW, ("kb", "edit", "kb-1", "-m", "Choose *Forgot password*.", "--publish"), b""),
    (BEN, NOW, ("kb", "link", "kb-1", "10"), b""),
    (DANA, NOW, ("kb", "vote", "kb-1", "--helpful"), b""),
    (DANA, NOW, ("advisory", "subscribe", "daily", "--service", "Voice"), b""),
    (LENA, NOW, ("advisory", "subscribe", "at-once"), b""),
    (OMAR, NOW, ("advisory", "subscribe", "weekly", "--service", "Voice"), b""),
    (
        BEN,
        NOW,
        ("advisory", "add", "-s", "Calls drop", "-m", "One in five.", "--service", "Voice", "--publish"),
        b"",
    ),
    (DANA, NOW, ("advisory", "read", "1"), b""),
    ("system", NOW, ("open", "--from-alert", *PLACE), webhook().encode()),
    (ADA, NOW, ("account", "add", "Imported Co"), b""),
    (
        ADA,
        NOW,
        ("import", "-", "--from", "servicenow", "--account", "Imported Co"),
        lines(row(), row(number="INC2")),
    ),
    (ADA, NOW, ("component", "learn", TICKETS), b""),
    (BEN, NOW, ("component", "set", "10", "Routing", "-m", "Not the recording."), b""),
    (ADA, NOW, ("contact", "edit", OMAR, "--pin", "-"), b"471108\n"),
    (
        "system",
        NOW,
        ("mail", "receive"),
        b"From: stranger@else.example\nMessage-ID: <1@x>\nSubject: Hello\n\nHello.\n",
    ),
    ("system", "2026-03-24T15:00:00Z", ("tick",), b""),
    (
        BEN,
        "2026-03-24T15:30:00Z",
        ("advisory", "add", "-s", "Again", "-m", "So.", "--service", "Voice", "--publish"),
        b"",
    ),
)
"""Who does what when, with what on standard input; behind the demo's story of nine cases."""

KEPT: Final = ("events_keep", "events_stay", "events_follow")
SEARCHES: Final = ("search", "search_notes", "search_articles", "search_public_articles")


def build(folder: Path, database: str = "") -> str:
    """Make the desk, in a file there or at an address: where its database is."""
    database = database or str(folder / "desk.db")
    demo.run(database, lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for who, now, words, stdin in ACTS:
            ran = Who(database, who, now)(*words, stdin=stdin)
            assert ran.status == 0, (words, ran)
    return database


_COPIES: Final = count()


def copied(database: str, folder: Path) -> str:
    """Another desk of the same, files and all, in the place of the copy before: its path."""
    for old in folder.glob("copy-*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    copy = str(folder / f"copy-{next(_COPIES)}.db")
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(database, copy)
    files = Path(database).with_suffix(".files")
    if files.is_dir():
        shutil.copytree(files, Path(copy).with_suffix(".files"), copy_function=os.link)
    return copy


@contextmanager
def by_hand(database: str) -> Iterator[sqlite3.Connection]:
    """The database as another program has it: no trigger in the way, all put back afterwards."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        yield db
        for _, sql in triggers:
            db.execute(sql)
        db.execute("COMMIT")


@contextmanager
def desk(database: str, who: str = ADA, now: str = LATER) -> Iterator[Desk]:
    """The desk as its verifier opens it."""
    with open_by_log(Config(db=database, actor=who), now=lambda _: instant(now)) as opened:
        yield opened


def columns(db: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    """The columns of a table, each with its type."""
    return [(name, kind) for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})")]


def rows(database: str, table: str) -> list[tuple[Any, ...]]:
    """What a table holds, in an order of its own; of a search its words by the number."""
    which = f"SELECT rowid, * FROM {table}" if table in SEARCHES else f"SELECT * FROM {table}"
    with closing(sqlite3.connect(database)) as db:
        return sorted(db.execute(which).fetchall(), key=repr)


def falsify(db: sqlite3.Connection, table: str, shift: int) -> int:
    """Change one column of each row of a table, another of each next one; how many rows were changed."""
    names = columns(db, table)
    key = ", ".join(name for name, _ in names)
    changed = 0
    found: Sequence[tuple[Any, ...]] = db.execute(f"SELECT {key} FROM {table} ORDER BY {key}").fetchall()
    rowids = [one for (one,) in db.execute(f"SELECT rowid FROM {table}")] if table in SEARCHES else []
    for place, values in enumerate(found):
        name, kind = names[(place + shift) % len(names)]
        value = values[(place + shift) % len(names)]
        wrong: object = f"{value or ''}x"
        if isinstance(value, str) and value.startswith("{"):  # an index reads it as JSON
            wrong = value.replace('":"', '":"x', 1)
        elif kind == "INTEGER":
            wrong = (value or 0) + 1000
        elif kind == "BLOB":
            wrong = b"\x00"
        if rowids:
            db.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", (wrong, rowids[place]))
            changed += 1
            continue
        same = " AND ".join(f"{other} IS ?" for other, _ in names)
        done = db.execute(f"UPDATE OR IGNORE {table} SET {name} = ? WHERE {same}", (wrong, *values))
        changed += done.rowcount
    return changed
