"""`care verify --repair` on a server: whatever derived table is emptied or falsified is made anew (AUD-1)."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
import tampered_desk
from cli.acceptance import ADA

from carecli.address import Address
from carecli.config import Config
from carecli.desk.by_log import open_by_log
from carecli.desk.repair import repair
from carecli.desk.verify import verify
from carecli.domain.instants import instant
from carecli.domain.verify import Difference, Part, RepairReport, VerifyReport
from carecli.store.derived import DERIVED

if TYPE_CHECKING:
    from postgres_server import PostgresServer

LEARNED: Final = {"components", "component_features", "component_examples", "component_progress"}
"""What ticks learn anew."""
COMPARED: Final = sorted(DERIVED - LEARNED - {"calendar_digests", "tallies"} | {"tally_changes", "search_sizes"})
ASKED: Final = {
    "contacts": "SELECT email, account, document FROM contacts",
    "tally_changes": "SELECT * FROM tallies WHERE cases <> 0",
    "search_sizes": "SELECT * FROM search_sizes WHERE rows <> 0",
    "desk": "SELECT * FROM desk WHERE name = 'settings'",
}
"""What of a table is derived, where that is not all of it."""
WRONG: Final = {
    "bigint": "{} + 1000",
    "smallint": "{} + 1",
    "text": "{} || 'x'",
    "timestamp with time zone": "coalesce({}, now()) + interval '1 day'",
    "tsvector": "'zebra'",
    "json": "CAST(regexp_replace(CAST({} AS text), '\": ?\"', '\":\"x') AS json)",
    "jsonb": "CAST(regexp_replace(CAST({} AS text), '\": ?\"', '\":\"x') AS jsonb)",
}
"""Another value for one of a type."""


class Copy(NamedTuple):
    """A copy of the desk of which every table holds something."""

    address: str
    hands: Any
    """A superuser's connection, which no trigger is in the way of."""

    def verified(self) -> VerifyReport:
        """Look at it; its attached files are another folder's."""
        with open_by_log(self._config(), now=_now) as desk:
            report = verify(desk)
        return report._replace(differences=_without_files(report.differences))

    def mended(self) -> RepairReport:
        """Repair it, whatever speaks for a log that was cut."""
        with open_by_log(self._config(), now=_now) as desk:
            report = repair(desk, sure=lambda _: True)
        return report._replace(left=_without_files(report.left))

    def held(self) -> dict[str, list[tuple[Any, ...]]]:
        """What every derived table holds."""
        asked = {table: ASKED.get(table, f"SELECT * FROM {table}") for table in COMPARED}
        return {table: sorted(self.hands.execute(sql).fetchall(), key=repr) for table, sql in asked.items()}

    def falsify(self, table: str, shift: int) -> int:
        """Change one column of each row of a table, another of each next one; how many rows were changed."""
        which = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'care'"
        columns = self.hands.execute(f"{which} AND table_name = '{table}' ORDER BY ordinal_position").fetchall()
        if table in {"contacts", "desk"}:  # PINs, and when time last acted, are in no event
            columns = [(name, kind) for name, kind in columns if name in {"account", "document"}]
        where = " WHERE name = 'settings'" if table == "desk" else ""
        places = [
            place for (place,) in self.hands.execute(f"SELECT ctid FROM {table}{where} ORDER BY ctid").fetchall()
        ]
        changed = 0
        for at, place in enumerate(places):
            name, kind = columns[(at + shift) % len(columns)]
            changed += self._changed(
                f"UPDATE {table} SET {name} = {WRONG[kind].format(name)} WHERE ctid = '{place}'"
            )
        return changed

    def _changed(self, statement: str) -> int:
        import psycopg

        try:
            return int(self.hands.execute(statement).rowcount)
        except psycopg.IntegrityError:
            return 0

    def _config(self) -> Config:
        return Config(db=Address.of(self.address), actor=ADA)


def _without_files(found: Iterable[Difference]) -> tuple[Difference, ...]:
    return tuple(one for one in found if one.part is not Part.FILE)


def _now(_: str) -> Any:
    return instant(tampered_desk.LATER)


@pytest.fixture(scope="module")
def whole(postgres_server: "PostgresServer", tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of the database with the desk of which every table holds something."""
    name = postgres_server.create()
    tampered_desk.build(tmp_path_factory.mktemp("whole"), postgres_server.url(name))
    return name


@pytest.fixture
def copy(postgres_server: "PostgresServer", whole: str) -> Iterator[Copy]:
    """A copy of it for one test."""
    import psycopg

    name = postgres_server.create(template=whole)
    with psycopg.connect(postgres_server.url(name, user="postgres"), autocommit=True) as hands:
        hands.execute("SET search_path = care; SET session_replication_role = replica")
        yield Copy(postgres_server.url(name), hands)
    postgres_server.drop(name)


def test_every_derived_table_holds_something(copy: Copy) -> None:
    """AUD-1: nothing below passes because there was nothing to lose; and the desk is sound."""
    assert [table for table, rows in copy.held().items() if not rows] == []
    assert copy.verified().differences == ()


def test_emptied_tables_are_made_anew(copy: Copy) -> None:
    """AUD-1: every row that is gone is told, and comes back as it was; a contact's PIN alone is in no event."""
    before = copy.held()
    for table in COMPARED:
        copy.hands.execute(f"DELETE FROM {table}")
    report = copy.mended()
    assert copy.held() == before
    assert {one.part for one in report.left} == {Part.CONTACT}
    assert copy.verified().differences == report.left


def test_falsified_rows_are_made_anew(copy: Copy) -> None:
    """AUD-1: each column of every table's rows, changed in one row or another, is told and put right."""
    before = copy.held()
    widest = max(len(rows[0]) for rows in before.values())
    step = 5
    for turn in range(0, widest, step):
        changed = {table: copy.falsify(table, turn) for table in COMPARED}
        assert all(changed.values()) or turn
        report = copy.mended()
        assert (report.mended != (), report.left) == (True, ())
        assert copy.held() == before
    assert copy.verified().differences == ()


def test_dropped_tables_are_made_anew(copy: Copy) -> None:
    """AUD-1: tables of what is derived come back with indices, triggers and views, and all that they held."""
    before = copy.held()
    for table in {*COMPARED} - {"desk", "cases", "counters"}:  # without which nobody can say how long the log was
        copy.hands.execute(f"SET client_min_messages = error; DROP TABLE {table} CASCADE")
    report = copy.mended()
    assert copy.held() == before
    assert {one.part for one in report.left} == {Part.CONTACT}
