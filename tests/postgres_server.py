"""A private PostgreSQL server: a child of the process that starts it, outlived by neither it nor its files."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Final, LiteralString, Self
from urllib.parse import quote

import psycopg
from memory import roomy
from psycopg import sql

OLDEST: Final = 15
"""The oldest major version that is good enough."""
OWNER: Final = "care"
"""Who owns the databases: no superuser, as on a server with an administrator."""
ADMIN: Final = "postgres"
PATIENCE_S: Final = 60
ROOM: Final = 2 << 30
"""The bytes that have to be free in the machine's memory."""
STOPPING: Final = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
"""The manners of `stop`: when all have left; now, as cleanly as can be; as a power cut would."""

SETTINGS: Final = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "100",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # its launcher would go round hundreds of databases that live for a second
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",  # a file among the others, that goes with them
    "timezone": "UTC",
    "lc_messages": "C",
}

# Told to end when its parent does, however that dies; it takes the server and all files with it.
_KEEPER: Final = """
trap 'kill -QUIT $server; wait $server; rm -rf "$0"; exit' TERM
"$@" & server=$!
wait $server
"""


@cache
def binaries() -> Path | None:
    """Where the newest PostgreSQL of this machine has its programs; None where it has none that is new enough."""
    found = [where.parent for where in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)  # not where somebody put a link to this one alone
    newest = max(found, key=_major, default=None)
    return newest if newest and _major(newest) >= OLDEST else None


@cache
def _major(directory: Path) -> int:
    said = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.findall(r"\d+", said)[0])


class PostgresServer:
    """A server on a socket in a folder of its own; `settings` go before those of `SETTINGS`.

    Use it in a `with`, or call `close` at the end. It ends when the thread that started it does (the kernel tells
    it so), hence start it from one that lasts. Raises RuntimeError, with what the server said, where it won't run.
    """

    def __init__(
        self, settings: Mapping[str, str] | None = None, *, standby_of: "PostgresServer | None" = None
    ) -> None:
        found = binaries()
        if found is None:
            raise RuntimeError("PostgreSQL is not installed")
        self.bin = found
        self.settings = {**SETTINGS, **(settings or {})}
        self.user = _unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="care-postgres-", dir=_place()))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.own(self.folder)
        self._names = count(1)
        self._keeper: subprocess.Popen[bytes] | None = None
        self._connection: psycopg.Connection | None = None
        try:
            self._fill(standby_of)
            self.start()
            if standby_of is None:
                self.admin(f"CREATE ROLE {OWNER} LOGIN")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def url(self, database: str, *, user: str = OWNER, host: str = "") -> str:
        """The address of a database, by default through the socket, which asks for no password."""
        where = quote(host or str(self.folder), safe="")
        return f"postgresql://{user}@/{quote(database, safe='')}?host={where}&port={self.settings['port']}"

    def admin(self, statement: LiteralString | sql.Composed) -> None:
        """Have the superuser do something outside of any transaction."""
        self._superuser().execute(statement)

    def asked(self, query: LiteralString) -> str:
        """The one value that the server answers a query of the superuser with."""
        row = self._superuser().execute(query).fetchone()
        assert row
        return str(row[0])

    def _superuser(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.url("postgres", user=ADMIN), autocommit=True)
        return self._connection

    def create(self, database: str = "", *, template: str = "template0") -> str:
        """Make a database, by default with a new name, and tell its name; nobody may be connected to `template`.

        Its files are copied, which with `fsync` off takes half as long as to write them to the log.
        """
        name = database or f"desk{next(self._names)}"
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy")
        self.admin(words.format(*map(sql.Identifier, (name, template, OWNER))))
        return name

    def drop(self, database: str) -> None:
        """Remove a database, and whoever is connected to it."""
        self.admin(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        options: list[str | Path] = [f"--{name}={value}" for name, value in self.settings.items()]
        server = [self.bin / "postgres", "-D", self.data, "-k", self.folder, *options]
        with self.log.open("ab") as log:
            self._keeper = subprocess.Popen(
                [*self.as_user("--pdeathsig=TERM"), "sh", "-c", _KEEPER, self.folder, *server],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # an interrupt at the terminal is for the tests, which then stop it
            )
        until = time.monotonic() + PATIENCE_S
        while self._status() != "ready":
            if self._keeper.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL does not start:\n{self.log.read_text()}")
            time.sleep(0.01)

    def stop(self, mode: str = "fast") -> None:
        """Stop in the manner of STOPPING, and wait for it."""
        if self._connection:
            self._connection.close()
        if self._keeper is None:
            return
        if running := self.pid():
            os.kill(running, STOPPING[mode])
        self._keeper.wait(PATIENCE_S)
        self._keeper = None

    def restart(self, settings: Mapping[str, str] | None = None, *, mode: str = "fast") -> None:
        """Stop and start, with other settings where some are given."""
        self.stop(mode)
        self.settings.update(settings or {})
        self.start()

    def close(self) -> None:
        """Stop at once, and remove all that it wrote."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def standby(self, settings: Mapping[str, str] | None = None) -> "PostgresServer":
        """A server that follows this one and can be read."""
        return PostgresServer(settings, standby_of=self)

    def pid(self) -> int | None:
        """The process that all others of the server are children of; None while it does not run."""
        lines = self._lines()
        return int(lines[0]) if lines else None

    def keep(self, name: str, content: bytes) -> Path:
        """A file that only the server may read, such as a key for `ssl_key_file`."""
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        self.own(path)
        return path

    def admit(self, lines: Iterable[str]) -> None:
        """Put lines such as `hostssl all all 127.0.0.1/32 scram-sha-256` before those of pg_hba.conf."""
        rules = self.data / "pg_hba.conf"
        rules.write_text("".join(f"{line}\n" for line in lines) + rules.read_text())
        self.admin("SELECT pg_reload_conf()")

    def _fill(self, primary: "PostgresServer | None") -> None:
        if primary is None:
            how = ["--username", ADMIN, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
            self._run("initdb", "--locale=C.UTF-8", "--no-sync", "--no-instructions", *how)
        else:
            source = primary.url("postgres", user=ADMIN)
            self._run("pg_basebackup", "--write-recovery-conf", "--no-sync", "--checkpoint=fast", "-d", source)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.as_user(), self.bin / program, "-D", self.data, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stderr}")

    def as_user(self, *options: str) -> list[str | Path]:
        """How a command begins that is run by whoever runs the server, with options of `setpriv`."""
        if self.user:
            who = (f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups")
            return ["setpriv", *who, *options, "--"]
        return ["setpriv", *options, "--"] if options else []

    def own(self, path: Path) -> None:
        """Give a file or folder to whoever runs the server."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def _status(self) -> str:
        lines = self._lines()
        return lines[7].strip() if len(lines) > 7 else ""

    def _lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server in root's place, which PostgreSQL refuses; None for whoever we are."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _place() -> Path:
    """A folder with a short name (sockets have 107 bytes), in memory where that has room."""
    return roomy(ROOM) or Path("/tmp")


if __name__ == "__main__":
    with PostgresServer() as server:
        print(server.url(server.create()), flush=True)
        sys.stdin.read()
