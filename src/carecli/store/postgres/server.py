"""What a server tells its user of how it fares: settings, connections, locks, archive, followers (AUD-2)."""

from __future__ import annotations

from ipaddress import ip_address
from time import time
from typing import Any, Final

from carecli.domain.health import Server
from carecli.domain.instants import instant_or_none
from carecli.store.postgres.connection import Connection

_SETTINGS: Final = (
    *("archive_mode", "autovacuum", "data_checksums", "fsync", "full_page_writes", "max_connections"),
    *("superuser_reserved_connections", "synchronous_commit", "wal_level"),
)
_CLOCK: Final = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8)"
_ROLE: Final = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_CONNECTION: Final = """SELECT CAST(inet_server_addr() AS text),
    EXISTS (SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl)
    OR EXISTS (SELECT 1 FROM pg_stat_gssapi WHERE pid = pg_backend_pid() AND encrypted)"""
_SESSIONS: Final = """SELECT count(*) FILTER (WHERE backend_type = 'client backend'),
    CAST(extract(epoch FROM max(clock_timestamp() - xact_start)
        FILTER (WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_type = 'client backend')) AS float8)
    FROM pg_stat_activity"""
_WAITING: Final = """SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
_ARCHIVE: Final = """SELECT CAST(date_trunc('second', last_archived_time) AS timestamptz), CASE
    WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN failed_count ELSE 0 END
    FROM pg_stat_archiver"""
_HELD: Final = """SELECT CAST(coalesce(max(pg_wal_lsn_diff(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
    ELSE pg_current_wal_lsn() END, restart_lsn)), 0) AS bigint) FROM pg_replication_slots WHERE NOT active"""
_AGE: Final = "SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()"


def server(db: Connection) -> Server:
    """How the server fares on whose database this connection is."""
    ahead_s = _ahead_s(db)
    role, mighty = _row(db, _ROLE)
    address, encrypted = _row(db, _CONNECTION)
    here = address is None or ip_address(address.partition("/")[0]).is_loopback
    settings = _settings(db)
    sessions, longest_s = _row(db, _SESSIONS)
    archived_at, failures = _row(db, _ARCHIVE)
    return Server(
        version=str(db.raw.info.parameter_status("server_version")).partition(" ")[0],
        major=db.raw.info.server_version // 10_000,
        role=role,
        mighty=bool(mighty),
        private=here or bool(encrypted),
        proved=here or db.raw.info.get_parameters().get("sslmode", "").startswith("verify-"),
        ahead_s=ahead_s,
        standby=bool(_row(db, "SELECT pg_is_in_recovery()")[0]),
        settings=settings,
        connections=sessions,
        most_connections=int(settings["max_connections"]) - int(settings["superuser_reserved_connections"]),
        longest_s=longest_s,
        waiting=_row(db, _WAITING)[0],
        archived_at=instant_or_none(archived_at),
        archive_failures=failures,
        standbys=_row(db, "SELECT count(*) FROM pg_stat_replication")[0],
        held_bytes=_row(db, _HELD)[0],
        oldest_age=_row(db, _AGE)[0],
    )


def _ahead_s(db: Connection) -> float:
    """How many seconds the server's clock is ahead of ours."""
    asked = time()
    (clock,) = _row(db, _CLOCK)
    # Half the way there and back passed before it looked at its clock.
    return float(clock - (asked + time()) / 2)


def _settings(db: Connection) -> dict[str, str]:
    which = "SELECT name, setting FROM pg_settings WHERE name = ANY(?)"
    return dict(db.execute(which, (list(_SETTINGS),)).fetchall())


def _row(db: Connection, sql: str) -> tuple[Any, ...]:
    row = db.execute(sql).fetchone()
    assert row is not None, "one row is asked for"
    return row
