"""A busy desk on a Friday afternoon: two thousand timers are due, and nobody has ticked since Wednesday."""

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from cli.acceptance import command, kept
from desk_fixtures import DANA, LENA, OMAR, SAM, Office, ask, copied, propose
from notation import when

from carecli.config import Config
from carecli.desk.rulebook import Rulebook
from carecli.desk.verify import differences
from carecli.domain.events import Event
from carecli.domain.outbox import Mail, MailState
from carecli.domain.vocabulary import Priority
from carecli.store.entries import StandingClock
from carecli.store.sqlite.store import open_store

NOW: Final = "2026-03-13T15:00:00Z"
"""Friday afternoon, when the tick comes at last."""
DUE: Final = 2000
"""At least so many timers are due by then."""
_LAST_TICK: Final = "Wed+1 08:30"


class Asked(NamedTuple):
    """Cases that wait for their customers: when the first was asked, and how many."""

    since: str
    cases: int


BEFORE_LAST_TICK: Final = (
    Asked("2026-02-27 09:00", 60),  # the last stage is due: they close
    Asked("Fri 09:00", 70),  # the second reminder is due
)
AFTER_LAST_TICK: Final = (
    Asked("Wed+1 09:00", 140),  # the first reminder is due, and in time
    Asked("Mon+1 09:00", 40),  # the first reminder comes too late, and is paced
    Asked("Wed 09:00", 30),  # two stages are due
)
UNANSWERED: Final = 510
"""Cases opened since the last tick: their targets for response, many for restoration too, are missed."""


def build(template: Config, folder: Path) -> Config:
    """Make the desk, once; tests copy the file."""
    office = copied(template, folder)
    # Nobody pulls the plug while the tests get ready.
    office.store.db.execute("PRAGMA synchronous = OFF")
    for asked in BEFORE_LAST_TICK:
        _asked(office, asked)
    _sent(office, until=_LAST_TICK)
    office.tick(_LAST_TICK, replay=True)
    for asked in AFTER_LAST_TICK:
        _asked(office, asked)
    for i, at in enumerate(_moments("Wed+1 09:00", UNANSWERED)):
        office.open(at, (DANA, OMAR, DANA, LENA)[i % 4], priority=(Priority.HIGH, Priority.MEDIUM)[i % 7 == 6])
    _sent(office, until="Wed+1 13:00")
    (due,) = office.store.db.execute("SELECT count(*) FROM timers WHERE fires_at <= ?", (NOW,)).fetchone()
    assert due >= DUE
    office.store.close()
    return office.config


def _asked(office: Office, asked: Asked) -> None:
    for i, at in enumerate(_moments(asked.since, asked.cases)):
        number = office.open(at - timedelta(minutes=5), (DANA, OMAR, LENA)[i % 3])
        (propose if i % 4 == 3 else ask)(office.by(SAM, at), number)


def _sent(office: Office, until: str) -> None:
    """Say that what was written by then has left: most of the mail that is no reminder."""
    with office.store.write() as record:
        written = record.mail_waiting(when(until), 10_000)
        record.mark_mails(
            mail._replace(state=MailState.SENT, next_at=None, sent_at=mail.queued_at) for mail in written
        )


def _moments(first: str, count: int) -> Iterator[datetime]:
    """So many moments within five hours."""
    return (when(first) + timedelta(seconds=i * (5 * 3600 // count)) for i in range(count))


def copy(desk: Config, folder: Path, name: str) -> Path:
    """The desk's database under a name of its own; its mail goes into a maildir beside it."""
    path = folder / f"{name}.db"
    shutil.copy(desk.db, path)
    return path


def ticking(database: Path, *how: str) -> list[str]:
    """The words that start the tick as cron does, on Friday afternoon."""
    return command("--db", str(database), "--as", "system", "--now", NOW, "--json", "tick", *how)


class Outcome(NamedTuple):
    """All that a desk has come to, its places in the log and in the outbox aside."""

    order: list[tuple[int | None, Event]]
    mails: list[Mail]
    breaches: list[StandingClock]
    warnings: list[StandingClock]
    held: list[int]
    last_tick: datetime | None

    def by_case(self) -> dict[int | None, list[Event]]:
        """What happened to each case, in the order in which it did."""
        cases: dict[int | None, list[Event]] = {}
        for number, event in self.order:
            cases.setdefault(number, []).append(event)
        return cases


def outcome(database: Path) -> Outcome:
    """Read what a desk has come to, having seen that its record is sound (AUD-1)."""
    store = open_store(database, create=False)
    try:
        with store.read() as record:
            assert list(differences(record, Rulebook())) == []
            last = record.last_tick()
            return Outcome(
                [(entry.number, entry.event) for entry in record.events()],
                [mail._replace(id=0) for number in sorted(record.told_cases()) for mail in record.mail_of(number)],
                [clock._replace(position=0) for clock in record.breaches()],
                [clock._replace(position=0) for clock in record.warnings()],
                record.held_follow_ups(),
                last.at if last else None,
            )
    finally:
        store.close()


def delivered(database: Path) -> dict[str, list[bytes]]:
    """The mails that lie in the maildir, by their Message-ID."""
    found: dict[str, list[bytes]] = {}
    new = database.with_suffix(".maildir") / "new"
    for file in new.iterdir() if new.is_dir() else ():
        raw = file.read_bytes()
        [identity] = [line for line in raw.split(b"\n\n")[0].split(b"\n") if line.startswith(b"Message-ID: ")]
        found.setdefault(identity.decode().removeprefix("Message-ID: "), []).append(raw)
    return found


class Progress(NamedTuple):
    """How far the tick of a desk has come."""

    events: int
    sent: int
    files: int


class Whole(NamedTuple):
    """A tick that nobody disturbed: what it led to, and how long it took in seconds."""

    outcome: Outcome
    kept: list[tuple[Any, ...]]
    mails: dict[str, list[bytes]]
    start: Progress
    took_s: float


def undisturbed(desk: Config, folder: Path, how: tuple[str, ...]) -> Whole:
    """Let a tick run to its end."""
    database = copy(desk, folder, "whole")
    start = progress(database)
    started = time.monotonic()
    run = subprocess.run(ticking(database, *how), check=False, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    took = time.monotonic() - started
    assert progress(database).events >= start.events + DUE
    mails = delivered(database)
    assert {len(files) for files in mails.values()} == {1}
    return Whole(outcome(database), kept(str(database)), mails, start, took)


def progress(database: Path) -> Progress:
    """How far a desk has come; what a killed tick left half done is left to the next one."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        (events,) = db.execute("SELECT count(*) FROM events").fetchone()
        (sent,) = db.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone()
    return Progress(events, sent, files(database))


def files(database: Path) -> int:
    """How many mails lie in the maildir."""
    new = database.with_suffix(".maildir") / "new"
    return sum(1 for _ in new.iterdir()) if new.is_dir() else 0
