"""A connection to PostgreSQL that the rooms use as they use SQLite's: the same calls, the same values in rows."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from time import monotonic, sleep
from typing import Any, Final

import psycopg
from psycopg.adapt import Buffer, Dumper, Loader, PyFormat, Transformer
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import TextLoader

from carecli.address import Address
from carecli.store.postgres.parting import Cursor, Session
from carecli.store.postgres.statements import Parameters, Statement, translated
from carecli.store.postgres.storable import is_hindered, storable_as
from carecli.store.postgres.stream import Stream
from carecli.store.postgres.trouble import NO_VALUE, OLDEST, Unfit, is_passing, misread, require_value
from carecli.store.trouble import Place

SCHEMA: Final = "care"
"""Where our tables are, apart from anything else in the database."""
FOR_STAFF: Final = "care_staff"
FOR_CONTACTS: Final = "care_contact"
"""Where those who log in as themselves find tables of the same names, with what is theirs to see (`roles`)."""

_PATH: Final = f"""SELECT set_config('search_path', coalesce((
    SELECT n.nspname FROM pg_catalog.pg_namespace AS n
    WHERE n.nspname IN ('{FOR_STAFF}', '{FOR_CONTACTS}') AND has_schema_privilege(n.oid, 'USAGE') AND NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_namespace AS o
        WHERE o.nspname = '{SCHEMA}' AND has_schema_privilege(o.oid, 'USAGE')
    ) ORDER BY n.nspname DESC LIMIT 1
), '{SCHEMA}'), false)"""  # noqa: S608 - names from this program

PATIENCE_S: Final = 10.0
"""How long a command waits for a server that starts, and at most for each host to answer."""

SETTINGS: Final = (
    f"SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET bytea_output = 'hex';"
    f" SET standard_conforming_strings = on; SET array_nulls = on; SET quote_all_identifiers = off; {_PATH}"
)
"""What every connection begins with, whatever is usual for its role, its database or this machine."""
# A session of ours is marked: whoever finds another's mark, or not the own one, is handed sessions by a pooler
# that keeps none together. A lock of the session would be somebody else's there, and so would be what it hears.
_MARK: Final = "SELECT current_setting('care.session', true)"
# The server's own ends of a connection across a network, where nobody has set them: of a host that vanished in the
# midst it would hear after two hours, and all that while everybody would wait for what that host had locked.
_KEPT_ALIVE: Final = """SELECT set_config(name, usual, false) FROM pg_settings JOIN (VALUES
    ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
    ('tcp_user_timeout', '60000')) AS ours (name, usual) USING (name) WHERE source = 'default'"""
_USUAL: Final[Mapping[str, str | int]] = {
    "connect_timeout": round(PATIENCE_S),
    # A server that is cut off is given up after about a minute, not after hours.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""What holds where the address says nothing else, by PostgreSQL's names."""
_POLL_S: Final = 0.1

_NUMBERS: Final = re.compile(r"(-?\d*,)*-?\d*")

# What the driver ignores is no line for the terminal; what it does not ignore, it raises.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

Raw = psycopg.Connection[tuple[Any, ...]]

_INSTANT: Final = len("2026-03-02 14:30:00+00")


class _Instants(Loader):
    """Instants as `domain.instants` writes them."""

    def load(self, data: Buffer) -> str:
        text = bytes(data).decode("ascii")
        # What is no whole second of our era was put there by other hands, and is not to pass for one that is.
        return f"{text[:10]}T{text[11:19]}Z" if len(text) == _INSTANT else text


class _Numbers(Loader):
    """Sums as numbers of Python."""

    def load(self, data: Buffer) -> int | float:
        number = Decimal(bytes(data).decode("ascii"))
        return int(number) if number == number.to_integral_value() else float(number)


class _Flags(Dumper):
    """Flags as the numbers that columns hold them as."""

    oid = psycopg.adapters.types["int2"].oid

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _Members(Dumper):
    """Members of our vocabularies by their value."""

    def dump(self, obj: Enum) -> bytes:
        return str(obj.value).encode()


class Connection:
    """One connection, without a transaction of psycopg's own: the store says where one begins and ends."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.schema = SCHEMA
        """Where tables are found: another one for who logs in as himself (DC-3)."""
        self._mark = os.urandom(8).hex()
        self._pid = raw.info.backend_pid

    @property
    def lost(self) -> bool:
        """Whether the server is out of reach by it for good."""
        return self.raw.closed

    def execute(self, sql: str, parameters: Parameters = ()) -> Cursor:
        """Run a statement of the rooms; raises psycopg.Error, Unstorable for a value that is none."""
        statement = translated(sql)
        try:
            return self.raw.execute(statement.sql, self._values(statement, parameters))  # type: ignore[return-value]
        except NO_VALUE as error:
            require_value(error)
            raise

    def executemany(self, sql: str, parameters: Iterable[Parameters]) -> Cursor:
        """Run a statement once for each of the parameters; raises psycopg.Error, Unstorable as above."""
        statement = translated(sql)
        cursor: Any = self.raw.cursor()
        try:
            cursor.executemany(statement.sql, [self._values(statement, given) for given in parameters])
        except NO_VALUE as error:
            require_value(error)
            raise
        return cursor  # type: ignore[no-any-return]

    def stream(self, sql: str, parameters: Parameters = ()) -> Stream:
        """The rows of a statement, brought some at a time as they are asked for; raises psycopg.Error."""
        statement = translated(sql)
        return Stream(self.raw, statement.sql, self._values(statement, parameters))

    def _values(self, statement: Statement, given: Parameters) -> list[Any]:
        values = statement.values(given)
        if any(map(is_hindered, values)):
            # So rare that the server may be asked what is a text, and what a document.
            kinds = self._kinds(statement.sql, values)
            values = [storable_as(kind, value) for kind, value in zip(kinds, values, strict=True)]
        return values

    def _kinds(self, sql: str, values: Sequence[Any]) -> list[int]:
        """Of which types the parameters of a statement are, by PostgreSQL's numbers; raises psycopg.Error."""
        known = Transformer(self.raw)
        known.dump_sequence([_without_texts(value) for value in values], [PyFormat.AUTO] * len(values))
        prepared = self.raw.pgconn.prepare(b"", sql.encode(), known.types)
        if prepared.status != psycopg.pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(prepared)
        described = self.raw.pgconn.describe_prepared(b"")
        return [described.param_type(place) for place in range(described.nparams)]

    def run(self, script: str) -> None:
        """Run statements without parameters, in one go; raises psycopg.Error."""
        self.raw.execute(script)

    def settle(self, script: str) -> None:
        """Run the settings of a new connection, the last of which tells where tables are found.

        Raises psycopg.Error, Unfit where somebody else has had the session.
        """
        marked = f"SELECT set_config('care.session', '{self._mark}', false)"
        cursor: Any = self.raw.execute(f"{_MARK}, pg_backend_pid(); {marked}; {script}")
        found, self._pid = cursor.fetchone()
        if found:
            raise _handed_on()
        while cursor.nextset():
            pass
        self.schema = cursor.fetchone()[0].partition(",")[0]

    def require_session(self) -> None:
        """Raise Unfit where a pooler has given the session to somebody else; without one nothing is asked."""
        # A pooler tells a number of its own for the process that answers.
        if self._pid != self.raw.info.backend_pid and self.execute(_MARK).fetchone() != (self._mark,):
            raise _handed_on()

    def heard(self, seconds: float) -> int:
        """How many notices of others there are, having waited so long for a first one; raises psycopg.Error."""
        own = self._pid
        return sum(one.pid != own for one in self.raw.notifies(timeout=seconds, stop_after=1 if seconds else None))

    def close(self) -> None:
        """Let go of the server."""
        self.raw.close()


def _handed_on() -> Unfit:
    return Unfit(
        "is behind a pooler that hands a session on from one command to another",
        "have it keep sessions (PgBouncer: pool_mode = session), or name the server itself",
    )


def _without_texts(value: Any) -> Any:
    """A parameter that is dumped as the same type."""
    if isinstance(value, list):
        return [_without_texts(one) for one in value]
    return "" if isinstance(value, str) else value


def connect(place: Place, *, patience_s: float = PATIENCE_S, answer_s: int | None = None) -> Connection:
    """Connect to a server by its address, waiting a while for one that starts.

    `answer_s` is the most that a host may take to answer, whatever the address says.

    Raises psycopg.Error, Invalid for an address that is none, Unfit for a server or database that is not fit.
    """
    until = monotonic() + patience_s
    given = _asked(place)
    if answer_s:
        given["connect_timeout"] = answer_s
    while True:
        try:
            return _connected(given)
        except psycopg.OperationalError as error:
            if not is_passing(error) or monotonic() > until:
                raise
        sleep(_POLL_S)


def _connected(given: Mapping[str, Any]) -> Connection:
    raw: Raw = Session.connect("", autocommit=True, cursor_factory=Cursor, **given)
    try:
        _require_fit(raw)
        adapt(raw)
        connection = Connection(raw)
        near = raw.info.host.startswith(("/", "@"))
        connection.settle(SETTINGS if near else f"{_KEPT_ALIVE}; {SETTINGS}")
    except BaseException:
        raw.close()
        raise
    return connection


def _asked(place: Place) -> dict[str, Any]:
    """What the driver is asked for; raises Invalid where it would not understand the address."""
    try:
        asked: dict[str, Any] = conninfo_to_dict(str(place))
    except psycopg.Error as error:
        raise misread(str(error)) from None
    if isinstance(place, Address):
        asked |= place.secrets
    for name in ("port", "connect_timeout"):
        if not _NUMBERS.fullmatch(str(asked.get(name, ""))):
            raise misread(f'"{name}" is no number')
    # A service says more than the address, and what is asked for here would go before it.
    usual = dict(_USUAL) if "service" not in asked and "PGSERVICE" not in os.environ else {}
    if "PGCONNECT_TIMEOUT" in os.environ:
        usual.pop("connect_timeout", None)
    elif not usual:
        usual = {"connect_timeout": _USUAL["connect_timeout"]}
    return {"fallback_application_name": "care", **usual, **asked, "client_encoding": "UTF8"}


def _require_fit(raw: Raw) -> None:
    major = raw.info.server_version // 10_000
    if major < OLDEST:
        raise Unfit(
            f"is on a server of PostgreSQL {major}",
            f"care needs {OLDEST} or newer: upgrade the server, or name another",
        )
    encoding = raw.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Unfit(
            f"keeps texts as {encoding}, which cannot hold every letter",
            "make one that can: `createdb --encoding=UTF8 --template=template0 NAME`",
        )


def adapt(raw: Raw) -> None:
    """Have values come and go as those of SQLite do."""
    for name in ("json", "jsonb"):
        raw.adapters.register_loader(name, TextLoader)
    raw.adapters.register_loader("timestamptz", _Instants)
    raw.adapters.register_loader("numeric", _Numbers)
    raw.adapters.register_dumper(bool, _Flags)
    raw.adapters.register_dumper(Enum, _Members)
