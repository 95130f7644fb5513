"""A desk on PostgreSQL with everything that a contact is not to see, and its people's own logins.

Whatever is another account's holds the word FOREIGN, whatever is Customer Care's alone the word INSIDE, and what
among that is for admins alone the word SECRET.
"""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from postgres_server import ADMIN, PostgresServer

from carecli import cli

FOREIGN: Final = "Xylobeta"
INSIDE: Final = "Xyloinside"
SECRET: Final = "Xylosecret"
ADA, SAM = "ada@desk.example", "sam@desk.example"
DANA, RITA, BASIL = "dana@abc.example", "rita@abc.example", "basil@abc.example"
PARENT, CHILD = "paul@reseller.example", "carla@clinic.example"
BOB: Final = f"bob@{FOREIGN.lower()}.example"
LONG: Final = f"{'l' * 60}o'neil@abc.example"
OPENED, TOLD, NOW = "2026-03-02T15:00:00Z", "2026-03-03T15:00:00Z", "2026-03-12T15:00:00Z"
CONTACTS: Final = (DANA, RITA, BASIL, PARENT, CHILD, BOB)
STAFF: Final = (SAM, ADA)
PRIVACY: Final = (
    *("--type", "service-request", "--subtype", "data-privacy"),
    *("--field", "privacy_right=access", "--field", "data_subject=Jo Doe"),
)


class Ran(NamedTuple):
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer as JSON."""
        return json.loads(self.out)


class Desk(NamedTuple):
    """A desk's database on a server, and a folder for its files."""

    server: PostgresServer
    database: str
    folder: Path

    def url(self, user: str = ADMIN) -> str:
        """The address for a login."""
        return self.server.url(self.database, user=user.replace("@", "%40").replace("'", "%27"))

    def __call__(self, who: str, *args: str, login: str = ADMIN, now: str = NOW) -> Ran:
        """Run a command as somebody, by the desk's own login unless told otherwise."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
                patch.setenv(name, str(self.folder))
            return _ran("--db", self.url(login), "--as", who, "--now", now, *args)

    def does(self, who: str, *args: str, now: str = OPENED) -> Ran:
        """Run a command that has to go well."""
        ran = self(who, *args, now=now)
        assert ran.status == 0, (args, ran)
        return ran

    def login(self, email: str) -> str:
        """Somebody's own role."""
        with self.session() as session:
            found = session.execute("SELECT role FROM care.actors WHERE email = %s", (email,)).fetchone()
        assert found is not None, email
        return str(found[0])

    @contextmanager
    def session(self, user: str = ADMIN) -> Iterator[psycopg.Connection[Any]]:
        """Plain SQL as some role."""
        with psycopg.connect(self.url(user), autocommit=True) as connection:
            yield connection

    def admin(self, sql: str) -> list[Any]:
        """Plain SQL as the server's administrator."""
        with self.session() as session:
            cursor = session.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []


def _ran(*args: str) -> Ran:
    streams = [io.StringIO(), io.StringIO()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(""))
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        status = cli.main(list(args))
    return Ran(int(status), *(stream.getvalue() for stream in streams))


def build(server: PostgresServer, folder: Path) -> Desk:
    """A reseller with an end-user, a stranger, staff; cases with all that a case can have."""
    desk = Desk(server, server.create(), folder)
    owner = ("--db", server.url(desk.database), "--as", ADA, "--now", OPENED)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(folder))
        made = _ran(*owner, "init", "--email", ADA, "--name", "Ada", "--timezone", "UTC")
        assert made.status == 0, made
    desk.does(ADA, "staff", "add", SAM, "--role", "agent", "--product-group", "Voice")
    for account, *more in (("ABC Co",), ("Reseller",), ("Clinic", "--parent", "Reseller"), (FOREIGN,)):
        bought = ("--plan", "business-care", "--deployment", "West", "--service", "Voice")
        desk.does(ADA, "account", "add", account, *bought, *more)
    desk.does(ADA, "account", "edit", FOREIGN, "--deployment", f"{FOREIGN} East", "--service", f"{FOREIGN} Chat")
    for email, account, access in (
        *((DANA, "ABC Co", "read-write"), (RITA, "ABC Co", "read-only"), (BASIL, "ABC Co", "basic")),
        *((PARENT, "Reseller", "read-write"), (CHILD, "Clinic", "read-write"), (BOB, FOREIGN, "read-write")),
        (LONG, "ABC Co", "read-write"),
    ):
        desk.does(ADA, "contact", "add", email, "--account", account, "--access", access, "--trained")
    (folder / "trace.log").write_text("nothing much")
    _opened(desk, DANA, "Calls drop")
    _opened(desk, BOB, f"{FOREIGN} calls drop")
    _opened(desk, CHILD, "Recordings are short")
    _opened(desk, DANA, "What is kept of me", *PRIVACY)
    _opened(desk, BOB, f"{FOREIGN} asks for data", *PRIVACY)
    for number, by, word in (("1", DANA, "plainly"), ("2", BOB, FOREIGN), ("3", CHILD, "plainly")):
        _worked(desk, number, by, word)
    _told_of(desk)
    _articles(desk)
    _confided(desk, "6")
    return desk


def _opened(desk: Desk, by: str, subject: str, *options: str) -> None:
    where = ("--deployment", "West", "--service", "Voice", "--stage", "production", "--priority", "high")
    what = ("--subject", subject, "--description", f"{subject}: since this morning, on every third one of them")
    impact = ("--impact", "Agents lose time", "--no-input", "--attach", "trace.log")
    desk.does(by, "open", *where, *what, *impact, *options)


def _worked(desk: Desk, number: str, by: str, word: str) -> None:
    for who, *args in (
        (by, "update", number, "-m", f"{word} once more"),
        (SAM, "update", number, "--internal", "-m", f"{INSIDE} what we think"),
        (SAM, "assign", number),
        (SAM, "attachment", "add", number, "trace.log", "--name", f"{INSIDE}.log", "--internal"),
        (SAM, "attachment", "add", number, "trace.log", "--name", f"{word}.log"),
        (SAM, "component", "set", number, "Trunk"),
        (by, "escalate", number, "-m", f"{word} now"),
        (SAM, "ask", number, "-m", f"{word}?"),
    ):
        desk.does(who, *args, now=TOLD)


def _confided(desk: Desk, number: str) -> None:
    """A data-privacy request with all that such a case can have, which no agent sees (SR-1)."""
    _opened(desk, BOB, f"{SECRET} asks for data", *PRIVACY)
    for who, *args in (
        (BOB, "update", number, "-m", f"{SECRET} once more"),
        (ADA, "update", number, "--internal", "-m", f"{SECRET} what we think"),
        (ADA, "assign", number),
        (ADA, "attachment", "add", number, "trace.log", "--name", f"{SECRET}.log"),
        (ADA, "component", "set", number, f"{SECRET} part"),
        (BOB, "escalate", number, "-m", f"{SECRET} now"),
        (ADA, "ask", number, "-m", f"{SECRET}?"),
        (ADA, "kb", "link", "KB-1", number),
    ):
        desk.does(who, *args, now=TOLD)


def _told_of(desk: Desk) -> None:
    """A tie across accounts, advisories for one and for all, a mail that nobody can place."""
    desk.does(SAM, "link", "1", "2", now=TOLD)
    desk.does(SAM, "link", "2", "3", now=TOLD)
    for title, *options in (("Maintenance of trunks",), (f"{FOREIGN} alone", "--account", FOREIGN)):
        desk.does(ADA, "advisory", "add", "--title", title, "-m", title, "--publish", *options, now=TOLD)
    desk.does(ADA, "advisory", "add", "--title", f"{INSIDE} drafted", "-m", INSIDE, now=TOLD)


def _articles(desk: Desk) -> None:
    public = ("--title", "Dropped calls", "-m", "Use the other trunk.", "--publish")
    desk.does(SAM, "kb", "add", *public, now=TOLD)
    desk.does(SAM, "kb", "add", "--title", f"{INSIDE} draft", "-m", INSIDE, now=TOLD)
    for number in ("1", "2"):
        for article in ("KB-1", "KB-2"):
            desk.does(SAM, "kb", "link", article, number, now=TOLD)
