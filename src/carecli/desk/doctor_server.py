"""The doctor's look at the server that the desk is on: what may be lost, read by others, or stop (AUD-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from carecli.desk.doctor_words import few, fine, minutes
from carecli.domain.health import Finding, State

if TYPE_CHECKING:
    from carecli.address import Address
    from carecli.desk.desk import Desk
    from carecli.domain.health import Server

CHECK: Final = "server"
ENDS: Final = {15: date(2027, 11, 11), 16: date(2028, 11, 9), 17: date(2029, 11, 8), 18: date(2030, 11, 14)}
"""When the project ends its support of a version; of a newer one nobody knows yet."""
APART_S: Final = 5
"""How far two clocks may be apart before it is told, in seconds."""
FAR_APART_S: Final = 60
MANY: Final = 0.8
"""Which part of the connections may be taken before it is told."""
LONG_S: Final = 3600
"""How long a transaction may stand open: what was deleted since it began stays on the disk."""
HELD_BYTES: Final = 1 << 30
OLD_AGE: Final = 1_000_000_000
"""After how many transactions rows should be frozen; the server itself begins at a fifth of that."""

_OFF: Final = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def findings(desk: Desk, address: Address) -> Iterator[Finding]:
    """What is found of the server; nothing for a desk in a file."""
    with desk.reading() as reading:
        server = reading.server()
    if server:
        yield from told(server, address, desk.now.date())


def told(server: Server, address: Address, today: date) -> Iterator[Finding]:
    """What is found of a server that fares so."""
    yield from _version(server, today)
    yield from _connection(server, address)
    yield from _durability(server)
    yield from _clock(server)
    yield from _work(server)
    yield from _upkeep(server)


def _version(server: Server, today: date) -> Iterator[Finding]:
    named = f"PostgreSQL {server.version}{', a standby that can only be read' if server.standby else ''}"
    ends = ENDS.get(server.major)
    if ends and today > ends:
        what = f"{named}: nobody mends faults of it since {ends}"
        yield Finding(CHECK, State.WRONG, what, "upgrade the server: pg_upgrade")
    else:
        yield fine(CHECK, named)


def _connection(server: Server, address: Address) -> Iterator[Finding]:
    if not server.private:
        what = "what is said to the server, and what it answers, can be read on the way"
        yield Finding(
            "connection", State.WRONG, what, "sslmode=verify-full in the address, and ssl = on on the server"
        )
    elif not server.proved:
        what = "nobody checks that the server is the one it says it is"
        yield Finding("connection", State.ADVICE, what, "sslmode=verify-full in the address")
    else:
        yield fine("connection", f"the server is asked as {server.role}, and nobody listens")
    if address.secrets:
        what = "the address of the database holds a password, which `ps` and logs may show"
        yield Finding("secrets", State.ADVICE, what, "keep it in ~/.pgpass (mode 0600), or in a service file")
    if server.mighty:
        what = f"the desk works as {server.role}, who may do anything there: no rule of the server holds for it"
        fix = "CREATE ROLE care LOGIN; ALTER DATABASE ... OWNER TO care; name care in the address"
        yield Finding("role", State.ADVICE, what, fix)


def _durability(server: Server) -> Iterator[Finding]:
    off = [name for name, state in _OFF.items() if server.settings.get(name) == state]
    if off:
        what = f"switched off on the server: {few(off)}; a crash or a power cut loses what was said to be recorded"
        fix = "; ".join(f"ALTER SYSTEM SET {name} = on" for name in off)
        yield Finding("durability", State.WRONG, what, f"{fix}; SELECT pg_reload_conf()")
    else:
        yield fine("durability", "what is recorded is on the server's disk before that is said")
    if server.settings.get("data_checksums") == "off":
        what = "the server keeps no checksums of its pages: damage by a disk shows late"
        yield Finding("checksums", State.ADVICE, what, "pg_checksums --enable, while the server is stopped")


def _clock(server: Server) -> Iterator[Finding]:
    apart = abs(server.ahead_s)
    if apart <= APART_S:
        return
    side = "ahead of" if server.ahead_s > 0 else "behind"
    state = State.WRONG if apart > FAR_APART_S else State.ADVICE
    what = f"the server's clock is {minutes(int(apart))} {side} this machine's, by which events are dated here"
    yield Finding("clock", state, what, "have both follow a time server")


def _work(server: Server) -> Iterator[Finding]:
    taken = f"connections taken: {server.connections:,} of {server.most_connections:,}"
    if server.connections >= server.most_connections * MANY:
        fix = "end programs that keep one open, raise max_connections, or pool them (pgbouncer in session mode)"
        yield Finding("connections", State.ADVICE, taken, fix)
    else:
        yield fine("connections", taken)
    if server.longest_s is not None and server.longest_s > LONG_S:
        waiting = f", and {server.waiting:,} wait for a lock" if server.waiting else ""
        what = f"a transaction has stood open for {minutes(int(server.longest_s))}{waiting}"
        fix = "SELECT pid, usename, application_name, state FROM pg_stat_activity ORDER BY xact_start"
        yield Finding("transactions", State.ADVICE, what, f"{fix}; SELECT pg_terminate_backend(PID)")


def _upkeep(server: Server) -> Iterator[Finding]:
    if server.settings.get("autovacuum") == "off":
        what = "autovacuum is switched off: nobody tidies up behind what changes"
        yield Finding("vacuum", State.ADVICE, what, "ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf()")
    if server.oldest_age > OLD_AGE:
        what = (
            f"the oldest row was frozen {server.oldest_age:,} transactions ago: at 2,000 million the server stops"
        )
        yield Finding("vacuum", State.WRONG, what, "VACUUM (FREEZE), by the database's owner")
    if server.held_bytes > HELD_BYTES:
        held = f"{server.held_bytes / HELD_BYTES:,.1f} GB"
        what = f"the server keeps {held} of its log for a follower that does not come"
        fix = "SELECT slot_name FROM pg_replication_slots WHERE NOT active; pg_drop_replication_slot"
        yield Finding("write-ahead log", State.ADVICE, what, fix)
