"""`care verify --repair`: whatever derived table is emptied or falsified is made anew as it was (AUD-1)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import tampered_desk
from cli.clinic_desk import in_memory
from tampered_desk import by_hand, columns, copied, desk, falsify, rows

from carecli.desk.repair import repair
from carecli.desk.verify import verify
from carecli.domain.events import Kind
from carecli.domain.verify import Part, RepairReport, VerifyReport
from carecli.store.derived import DERIVED

TABLES: Final = sorted(DERIVED)
LEARNED: Final = {"components", "component_features", "component_examples", "component_progress"}
"""What ticks learn anew: damaged it is forgotten, and what is falsified soundly is what was learned (OPEN-6)."""
AGAIN: Final = {*LEARNED, "calendar_digests"}
"""What is not made anew at once, but where it is needed next."""
COMPARED: Final = [table for table in TABLES if table not in AGAIN]
THOROUGH: Final = os.environ.get("CARE_TAMPER") == "all"
GROUPS: Final = [[table] for table in COMPARED] if THOROUGH else [COMPARED]
"""All of them at once, or by themselves one after the other."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The desk of which every table holds something, and a folder for copies of it."""
    with in_memory(tmp_path_factory.mktemp("whole")) as folder:
        yield tampered_desk.build(folder), folder


def held(database: str) -> dict[str, list[tuple[Any, ...]]]:
    """What every derived table holds; what an event does not tell, and tabs without a case, aside."""
    found = {table: rows(database, table) for table in COMPARED}
    found["contacts"] = [row[:-1] for row in found["contacts"]]
    found["tallies"] = [row for row in found["tallies"] if row[1]]
    found["desk"] = [row for row in found["desk"] if row[0] == "settings"]
    return found


def mended(database: str) -> RepairReport:
    """Repair it, whatever speaks for a log that was cut."""
    with desk(database) as opened:
        return repair(opened, sure=lambda _: True)


def verified(database: str) -> VerifyReport:
    """Look at it."""
    with desk(database) as opened:
        return verify(opened)


def test_every_derived_table_holds_something(whole: tuple[str, Path]) -> None:
    """AUD-1: nothing below passes because there was nothing to lose; and the desk is sound."""
    assert [table for table in TABLES if not rows(whole[0], table)] == []
    assert verified(whole[0]).differences == ()


@pytest.mark.parametrize("tables", GROUPS, ids=lambda tables: tables[0] if THOROUGH else "all")
def test_emptied_tables_are_made_anew(whole: tuple[str, Path], tables: list[str]) -> None:
    """AUD-1: every row that is gone is told, and comes back as it was; a contact's PIN alone is in no event."""
    database = copied(*whole)
    before = held(database)
    with by_hand(database) as db:
        for table in tables:
            db.execute(f"DELETE FROM {table}")
    report = mended(database)
    assert report.mended
    assert held(database) == before
    assert {one.part for one in report.left} == ({Part.CONTACT} if "contacts" in tables else set())
    assert verified(database).differences == report.left


@pytest.mark.parametrize("tables", GROUPS, ids=lambda tables: tables[0] if THOROUGH else "all")
def test_falsified_rows_are_made_anew(whole: tuple[str, Path], tables: list[str]) -> None:
    """AUD-1: each column of every table's rows, changed in one row or another, is told and put right."""
    database = copied(*whole)
    before = held(database)
    with by_hand(database) as db:
        widths = {table: len(columns(db, table)) for table in tables}
    steps = {table: min(len(rows(database, table)), widths[table]) for table in tables}
    told = 0
    for turn in range(max(-(-widths[table] // steps[table]) for table in tables)):
        with by_hand(database) as db:
            changed = {table: _falsified(db, table, turn * steps[table]) for table in tables}
        assert any(changed.values())
        report = mended(database)
        assert (report.mended != (), report.left) == (True, ())
        assert held(database) == before
        told += len(report.mended)
    assert verified(database).differences == ()
    print(f"\nrows of {len(tables)} tables falsified column by column, told and put right: {told}")


def _falsified(db: Any, table: str, shift: int) -> int:
    """PINs are looked at elsewhere; when time last acted is a moment of its own."""
    if table == "contacts":
        done = db.execute("UPDATE contacts SET account = account || 'x', document = replace(document, 'e', 'o')")
        return int(done.rowcount)
    if table == "desk":
        wrong = "UPDATE desk SET document = replace(document, ':\"', ':\"x') WHERE name = 'settings'"
        return int(db.execute(wrong).rowcount)
    return falsify(db, table, shift)


def test_everything_at_once(whole: tuple[str, Path]) -> None:
    """AUD-1: with rows gone and others false in every table at once all is as it was, and the log says so."""
    database = copied(*whole)
    before = held(database)
    with by_hand(database) as db:
        for table in COMPARED:
            key = columns(db, table)[0][0] if table not in tampered_desk.SEARCHES else "rowid"
            if table not in {"contacts", "desk"}:
                db.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT min({key}) FROM {table})")
            _falsified(db, table, 1)
        db.execute("UPDATE component_features SET weights = x'00'")
        db.execute("UPDATE calendar_digests SET digest = 'x'")
        db.execute("UPDATE desk SET document = '{' WHERE name = 'last tick'")
    found = verified(database)
    report = mended(database)
    assert len(found.differences) > 50
    assert found.seal is not None
    assert report.left == ()
    assert held(database) == before
    with desk(database) as opened, opened.machinery() as record:
        *_, last = record.events()
    assert last.event.kind is Kind.RECORD_REPAIRED
    assert sum(last.event.data["parts"].values()) == len(report.mended)
    print(f"\ndifferences told and put right at once: {len(report.mended)}")


def test_what_is_no_derived_row_stays(whole: tuple[str, Path]) -> None:
    """AUD-1: events, mails, their bytes, secrets, PINs and refusals are the same to the byte after a repair."""
    database = copied(*whole)
    others = ("outbox", "outbox_raw", "received", "received_raw", "secrets", "fetched", "refusals", "pin_tries")
    before = {table: rows(database, table) for table in (*others, "events")}
    pins = [(row[0], row[-1]) for row in rows(database, "contacts")]
    with by_hand(database) as db:
        db.execute("UPDATE contacts SET document = '{}'")
        db.execute("DELETE FROM cases")
    assert mended(database).mended
    after = {table: rows(database, table) for table in (*others, "events")}
    assert set(before.pop("events")) < set(after.pop("events"))
    assert after == before
    assert [(row[0], row[-1]) for row in rows(database, "contacts")] == pins
    assert any(pin for _, pin in pins)
