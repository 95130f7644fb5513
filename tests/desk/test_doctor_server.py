"""What `care doctor` tells of a desk on a server, and what `care backup` says there (AUD-2)."""

from contextlib import closing, nullcontext
from datetime import date
from pathlib import Path

import pytest
from desk_fixtures import ADA
from tampering import Tampered

from carecli.address import Address
from carecli.desk import copying, doctor, doctor_server
from carecli.desk.backup import backup, listed
from carecli.domain.health import Finding, Server, State
from carecli.errors import Refused

LATER = "Fri+2 09:00"


def examined(tampered: Tampered) -> dict[str, Finding]:
    """What the doctor finds, the gravest of each check."""
    order, found = list(State), dict[str, Finding]()
    for one in doctor.examine(tampered.office.by(ADA, LATER)).findings:
        if one.check not in found or order.index(one.state) > order.index(found[one.check].state):
            found[one.check] = one
    return found


def test_the_doctor_looks_at_the_server(on_postgres: Tampered) -> None:
    """AUD-2: a server that may lose what it said it has is told as one; of files nothing is said."""
    found = examined(on_postgres)
    # The server of these tests writes nothing to a disk before it answers.
    assert found["durability"].state is State.WRONG
    assert "fsync, full_page_writes, synchronous_commit" in found["durability"].what
    assert [found[name].state.value for name in ("server", "connection", "connections", "database", "record")] == [
        "fine"
    ] * 5
    assert (found["backup"].state, "care copy --to" in (found["backup"].fix or "")) == (State.ADVICE, True)
    assert not {"disk", "write-ahead log", "role", "clock", "transactions"} & set(found)
    assert "permissions" in found


def test_the_doctor_sees_what_is_switched_off(on_postgres: Tampered) -> None:
    """AUD-2: a monitor's quick look tells of triggers, indices and tables that are not what they seem."""
    on_postgres.do(
        "ALTER TABLE outbox DISABLE TRIGGER outbox_goes",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST('cases_of_group' AS regclass)",
        "ALTER TABLE timers SET UNLOGGED",
    )
    told = examined(on_postgres)["database"]
    assert told.state is State.WRONG
    for word in ("cases_of_group is not valid", "outbox_goes on outbox is switched off", "timers is unlogged"):
        assert word in told.what


def test_the_size_is_the_databases(on_postgres: Tampered) -> None:
    """AUD-2: a monitor is told how large the database is; of the server's disk its user knows nothing."""
    condition = on_postgres.office.store.condition()
    assert condition.bytes > 1_000_000
    assert (condition.mode, condition.free_bytes, condition.wal_bytes) == (None, None, 0)
    assert condition.version == condition.speaks
    assert condition.path.startswith("postgresql://care@")


def test_a_desk_on_a_server_is_backed_up_by_its_server(on_postgres: Tampered, tmp_path: Path) -> None:
    """AUD-2: there is no file to copy; what can be done instead is said, and none is on record."""
    desk = on_postgres.office.by(ADA, LATER)
    with pytest.raises(Refused) as refused:
        backup(desk, str(tmp_path), lambda *_: closing(None))
    assert "pg_dump" in (refused.value.hint or "")
    assert "care copy --to" in (refused.value.hint or "")
    assert listed(desk) == []


def test_one_file_of_it_all_is_a_backup(on_postgres: Tampered, tmp_path: Path) -> None:
    """AUD-2: the doctor knows of a copy in a file, of its age, and how a server's desk is copied again."""
    desk = on_postgres.office.by(ADA, LATER)
    copying.copy(desk, str(tmp_path / "copy.db"), lambda *_: nullcontext(lambda _: None))
    (known,) = listed(desk)
    assert (known.backup.path, known.there) == (str(tmp_path / "copy.db"), True)
    assert examined(on_postgres)["backup"].state is State.FINE
    later = doctor.examine(on_postgres.office.by(ADA, "Fri+3 09:00")).findings
    (told,) = (one for one in later if one.check == "backup")
    assert ("; it may be " in told.what, "care backup" in (told.fix or "")) == (True, False)
    assert "care copy --to FILE" in (told.fix or "")


SOUND = Server(
    version="15.18",
    major=15,
    role="care",
    mighty=False,
    private=True,
    proved=True,
    ahead_s=0.1,
    standby=False,
    settings={"archive_mode": "off", "data_checksums": "on", "fsync": "on", "synchronous_commit": "on"},
    connections=3,
    most_connections=97,
    longest_s=None,
    waiting=0,
    archived_at=None,
    archive_failures=0,
    standbys=0,
    held_bytes=0,
    oldest_age=1000,
)


@pytest.mark.parametrize(
    ("changed", "check", "state"),
    [
        ({}, None, None),
        ({"private": False, "proved": False}, "connection", State.WRONG),
        ({"proved": False}, "connection", State.ADVICE),
        ({"mighty": True, "role": "postgres"}, "role", State.ADVICE),
        ({"ahead_s": -7.0}, "clock", State.ADVICE),
        ({"ahead_s": 90.0}, "clock", State.WRONG),
        ({"connections": 90}, "connections", State.ADVICE),
        ({"longest_s": 7200.0, "waiting": 2}, "transactions", State.ADVICE),
        ({"settings": {"fsync": "off"}}, "durability", State.WRONG),
        ({"settings": {"data_checksums": "off"}}, "checksums", State.ADVICE),
        ({"settings": {"autovacuum": "off"}}, "vacuum", State.ADVICE),
        ({"oldest_age": 1_900_000_000}, "vacuum", State.WRONG),
        ({"held_bytes": 3 << 30}, "write-ahead log", State.ADVICE),
    ],
)
def test_what_is_found_of_a_server(changed: dict[str, object], check: str | None, state: State | None) -> None:
    """AUD-2: each thing of a server that may lose, betray or stop a desk is one finding with its fix."""
    server = SOUND._replace(**changed)  # type: ignore[arg-type]
    found = list(doctor_server.told(server, Address.of("postgresql://care@db.example/desk"), date(2026, 3, 2)))
    worth = [(one.check, one.state) for one in found if one.state is not State.FINE]
    assert worth == ([(check, state)] if check else [])
    assert all(one.fix for one in found if one.state is not State.FINE)


def test_an_old_server_and_a_password_are_told() -> None:
    """AUD-2: nobody mends faults of a version for ever; a password in an address is read by others."""
    address = Address.of("postgresql://care:s3cret@db.example/desk")
    found = list(doctor_server.told(SOUND, address, date(2028, 1, 1)))
    assert [one.check for one in found if one.state is not State.FINE] == ["server", "secrets"]
    assert "s3cret" not in str(found)


def test_what_a_server_tells_of_itself(on_postgres: Tampered) -> None:
    """AUD-2: by a socket nobody listens, and one machine has one clock."""
    with on_postgres.office.store.read() as reading:
        server: Server | None = reading.server()
    assert server is not None
    assert (server.standby, server.mighty, server.role, server.private) == (False, False, "care", True)
    assert abs(server.ahead_s) < doctor_server.APART_S
