"""Many tick workers on one desk: started, killed, and what they have led to, held against one worker's."""

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.acceptance import command

from carecli.store.opening import is_server, open_store

if TYPE_CHECKING:
    from postgres_server import PostgresServer

WORKERS: Final = 8
PATIENCE_S: Final = 1800

_NAME: Final = re.compile(r"(\d+)\.M(\d+)P\d+Q(\d+)\.")


class Place(NamedTuple):
    """A desk, the moment at which its workers tick, and where its mail goes."""

    database: str
    now: str
    maildir: Path

    def words(self, *words: str, who: str = "system") -> list[str]:
        """The words that start `care` there."""
        config = self.maildir.with_suffix(".toml")
        config.write_text(f'[mail]\nfrom = "care@desk.example"\nmaildir = "{self.maildir}"\n')
        return command("--db", self.database, "--as", who, "--config", str(config), "--now", self.now, *words)


class Report(NamedTuple):
    """What one worker said as it ended."""

    status: int
    told: Mapping[str, Any]


def start(place: Place) -> subprocess.Popen[bytes]:
    """Start a worker as cron does."""
    words = place.words("--json", "tick")
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environ())


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CARE_")}


def deliver(place: Place, port: int) -> subprocess.Popen[bytes]:
    """Start a delivery by a mail server of this machine."""
    words = place.words("--json", "mail", "deliver")
    place.maildir.with_suffix(".toml").write_text(
        '[mail]\nfrom = "care@desk.example"\ntransport = "smtp"\n'
        f'[mail.smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    )
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environ())


def ended(worker: subprocess.Popen[bytes]) -> Report:
    """What a worker said: killed, done, or that its connection was lost, and never a traceback."""
    out, told = worker.communicate(timeout=PATIENCE_S)
    assert b"Traceback" not in told, told.decode()
    assert worker.returncode in {0, 6, -signal.SIGKILL}, (worker.returncode, told.decode())
    return Report(worker.returncode, json.loads(out) if worker.returncode == 0 else {})


def together(place: Place, workers: int = WORKERS) -> list[Report]:
    """Workers started at once, and what they said."""
    return [ended(worker) for worker in at_once(place, workers)]


def at_once(place: Place, workers: int = WORKERS) -> list[subprocess.Popen[bytes]]:
    """Workers that begin when all of them are ready, however long the last one takes to start."""
    if not is_server(place.database):
        return [start(place) for _ in range(workers)]
    import psycopg

    waiting = (
        "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database"
        " WHERE d.datname = current_database() AND l.locktype = 'relation' AND NOT l.granted"
    )
    with (
        psycopg.connect(place.database, autocommit=True) as db,
        closing(open_store(place.database, create=False)) as store,
        store.write(),
    ):
        running = [start(place) for _ in range(workers)]
        while db.execute(waiting).fetchone() != (workers,) and any(one.poll() is None for one in running):
            time.sleep(0.02)
    return running


def verify(place: Place) -> None:
    """See that a desk is what its events say (AUD-1), search aside: a desk moved in bulk comes without it."""
    words = place.words("verify", "--json")
    done = subprocess.run(words, capture_output=True, text=True, env=_environ(), check=False)
    assert done.returncode in {0, 1}, done.stderr
    told = json.loads(done.stdout)
    assert told["cases"]
    assert [found for found in told["differences"] if found["part"] != "search"][:3] == []


def came(maildir: Path) -> dict[str, list[tuple[int, ...]]]:
    """When each mail came into the maildir, once or more often, by its Message-ID."""
    found: dict[str, list[tuple[int, ...]]] = {}
    new = maildir / "new"
    for file in new.iterdir() if new.is_dir() else ():
        [identity] = re.findall(rb"^Message-ID:\s*(\S+)", file.read_bytes(), re.MULTILINE)[:1]
        placed = _NAME.match(file.name)
        assert placed, file.name
        found.setdefault(identity.decode(), []).append(tuple(map(int, placed.groups())))
    return found


def disturbed(
    place: Place, server: "PostgresServer", goals: Iterable[int], draw: random.Random
) -> tuple[list[Report], int]:
    """Workers of which one is killed, or its backend of the server, whenever so much is done, and replaced.

    What they said, and how many of the kills found workers at work.
    """
    running = [start(place) for _ in range(WORKERS)]
    over: list[subprocess.Popen[bytes]] = []
    at_work = 0
    for goal in goals:
        _come(place, goal, running)
        alive = [worker for worker in running if worker.poll() is None]
        at_work += bool(alive)
        if alive and draw.random() < 0.5:
            one = draw.choice(alive)
            one.kill()
            running.remove(one)
            over.append(one)
            running.append(start(place))
        else:
            _cut_off(place, server)
    return [ended(worker) for worker in [*over, *running]], at_work


def _come(place: Place, goal: int, running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Wait until so much is done, or nobody is at work any more."""
    looked = time.monotonic()
    while progress(place) < goal and any(worker.poll() is None for worker in running):
        # A look at 50,000 mails takes a while, and is not to take the processor from the workers.
        time.sleep(0.02 + 4 * (time.monotonic() - looked))
        looked = time.monotonic()


def progress(place: Place) -> int:
    """How far workers have come: events that they recorded and mails that they handed over."""
    import psycopg

    with psycopg.connect(place.database) as db:
        row = db.execute("SELECT max(position) FROM care.events").fetchone()
    new = place.maildir / "new"
    return (row[0] if row else 0) + (sum(1 for _ in new.iterdir()) if new.is_dir() else 0)


def _cut_off(place: Place, server: "PostgresServer") -> None:
    """End a backend of one of the workers, whatever it is in the midst of."""
    import psycopg

    # One that is just going need not be ended any more.
    with suppress(psycopg.Error), psycopg.connect(server.url("postgres", user="postgres"), autocommit=True) as db:
        name = psycopg.conninfo.conninfo_to_dict(place.database)["dbname"]
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            " ORDER BY state = 'idle', random() LIMIT 1",
            (name,),
        )


def new_breaches(reports: Iterable[Report]) -> Iterator[tuple[Any, ...]]:
    """The breaches that were called new, by whomever."""
    for report in reports:
        yield from ((b["number"], b["metric"]) for b in report.told.get("breaches", ()) if b["new"])
