"""Rows, events and pages changed by hand: verify names what was, and every command tells it shortly (AUD-1).

`CARE_TAMPER=500 pytest -s tests/hard/test_tampering.py` tries as many of each kind.
"""

import io
import os
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
import tampered_desk
from cli.acceptance import ADA, Who
from cli.clinic_desk import in_memory
from tampered_desk import LATER, SEARCHES, by_hand, columns, copied, rows

from carecli.commands.verify import verify as command
from carecli.store.derived import DERIVED

TRIES: Final = int(os.environ.get("CARE_TAMPER", "0").replace("all", "500"))
SEED: Final = 20261123
PROVEN: Final = sorted(DERIVED - {"components", "component_features", "component_examples", "component_progress"})
"""Tables of which no row can be another one unseen; beside them the events."""
UNPROVEN: Final = {("calendar_digests", "name"), ("contacts", "pin_hash"), ("desk", "document")}
"""Columns that hold what no event tells: a cache, a PIN of before fingerprints, when time last acted."""
BOOKKEEPING: Final = (
    *("outbox", "outbox_raw", "received", "secrets", "components", "component_features", "component_progress"),
    *("refusals", "pin_tries", "backups", "fetched", "chat_presence"),
)
"""Tables of which a damaged row must harm nobody."""
HOSTILE: Final[tuple[object, ...]] = (
    *("", "{", "[]", "{}", "null", '"x"', "[" * 20_000, '{"a": ' * 2_000, '{"text": 1e999}', "\\u0000", "a\x00b"),
    *(
        "\x1b[31mred",
        "[bold]x[/bold]",
        "2026-02-30T00:00:00Z",
        "2026-03-02T09:00:00+99:00",
        "opened",
        "-1",
        "x" * 9000,
    ),
    *('{"\\ud800": "\\udfff"}', '{"number": 99999999999999999999}', '{"number": "1"}', '{"text": null}'),
    *(-1, 0, 1, 2**63 - 1, -(2**63), None),
)
READING: Final = (
    *((), ("list", "--all"), ("list", "--all", "--json"), ("list", "--all", "--sort", "subject"), ("show", "10")),
    *(("show", "10", "--json"), ("log", "10"), ("log", "--all", "--format", "jsonl"), ("explain", "10")),
    *(("tick", "--dry-run"), ("forecast", "--within", "30d"), ("report",), ("report", "--list", "breaches")),
    *(("export", "-", "--all"), ("search", "calls"), ("similar", "10", "--all"), ("doctor",)),
    *(("doctor", "--check"), ("doctor", "--format", "prometheus"), ("kb", "list"), ("kb", "show", "kb-1")),
    *(
        ("kb", "search", "password"),
        ("advisory", "list"),
        ("advisory", "subscriptions", "--all"),
        ("contact", "list"),
    ),
    *(("account", "list"), ("account", "show", "Northwind"), ("staff", "list"), ("attachment", "list", "10")),
    *(("mail", "outbox"), ("mail", "inbox"), ("mail", "triage", "list"), ("mail", "show", "1"), ("chat", "list")),
    *(
        ("chat", "show", "5"),
        ("component", "list"),
        ("policy", "show"),
        ("calendar", "show"),
        ("incident", "show", "8"),
    ),
    *(("bundle", "write", "10"), ("contact-us",), ("maintenance", "show"), ("complete", "case", ""), ("tick",)),
    *(("verify", "10"), ("verify", "--repair", "--dry-run"), ("log", "10", "--format", "csv"), ("whatnext",)),
)
THROUGHOUT: Final = (
    *(("cases", "state", "{"), ("events", "data", "{"), ("documents", "body", '{"name": 1}')),
    *(("desk", "document", "{"), ("cases", "state", "{}"), ("events", "kind", "unheard-of")),
    *(("contacts", "document", "{}"), ("staff", "document", "[]"), ("cases", "texts", "[]")),
    *(("events", "data", "[1]"), ("events", "at", "yesterday"), ("timers", "fires_at", "yesterday")),
)
"""What every row of a table holds at once in one of its columns."""
ANSWERS: Final = {0, 1, 2, 3, 4, 5, 6}
"""What a command may answer; `doctor --check` answers 0 to 3."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The desk of which every table holds something, and a folder for copies of it."""
    with in_memory(tmp_path_factory.mktemp("whole")) as folder:
        yield tampered_desk.build(folder), folder


def tampered(rng: random.Random, database: str, tables: tuple[str, ...]) -> tuple[str, str]:
    """Change one value of one row of one of these tables: which table and column."""
    with by_hand(database) as db:
        while True:
            table = rng.choice(tables)
            names = columns(db, table)
            name, kind = rng.choice(names)
            key = "rowid" if table in SEARCHES else ", ".join(column for column, _ in names)
            found: list[tuple[Any, ...]] = db.execute(f"SELECT {key} FROM {table}").fetchall()
            if not found:
                continue
            values = rng.choice(found)
            same = " AND ".join(f"{column.strip()} IS ?" for column in key.split(","))
            before = rows_of(db, table)
            try:
                value = hostile(rng, kind)
                cast = f"CAST({value} AS TEXT)" if isinstance(value, str) and value.startswith("x'") else "?"
                bound = () if cast != "?" else (value,)
                db.execute(f"UPDATE OR IGNORE {table} SET {name} = {cast} WHERE {same}", (*bound, *values))
            except sqlite3.Error:  # what the engine itself does not take
                continue
            if rows_of(db, table) != before:
                return table, name


def hostile(rng: random.Random, kind: str) -> object:
    """A value of a column's type as nobody would write it."""
    fits = {"INTEGER": (int,), "TEXT": (str,), "BLOB": (bytes,)}.get(kind, (str, int))
    if rng.random() < 0.1 and str in fits:
        return "x'22ff22'"  # bytes that are no text
    if bytes in fits:
        return rng.randbytes(rng.choice((0, 1, 40)))
    return rng.choice([value for value in HOSTILE if isinstance(value, fits)])


def rows_of(db: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """What a table holds, bytes as they are."""
    db.text_factory = bytes
    try:
        return sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
    finally:
        db.text_factory = str


def answer(database: str, *words: str) -> int:
    """How a command ends: an exit status that is documented, and where it fails one message; a traceback fails."""
    ran = Who(database, ADA, LATER)(*words)
    assert ran.status in ANSWERS, (words, ran)
    if ran.status and words[:1] not in {("verify",), ("doctor",)}:
        assert ran.err.startswith(("care: ", '{"error":')), (words, ran)
        assert len(ran.err.splitlines()) <= 8, (words, ran)
    assert "Traceback" not in ran.err
    return ran.status


def test_where_nothing_is_damaged_every_command_answers(whole: tuple[str, Path]) -> None:
    """AUD-2: what is refused below is refused for the damage."""
    database = copied(*whole)
    told = {words: answer(database, *words) for words in READING}
    assert {words for words, status in told.items() if status} <= {words for words in READING if "doctor" in words}


def test_any_value_of_any_event_is_told(whole: tuple[str, Path]) -> None:
    """AUD-1: whatever any column of any event holds instead, verify ends with 1, and names the event."""
    rng = random.Random(SEED)
    tries = TRIES or 12
    for _ in range(tries):
        database = copied(*whole)
        table, name = tampered(rng, database, ("events",))
        ran = Who(database, ADA, LATER)("verify", "--json")
        assert (ran.status, ran.err) == (1, ""), (table, name, ran)
        assert '"part": "event"' in ran.out, (table, name)
    print(f"\nvalues of events changed, and told: {tries}")


def test_any_value_of_any_derived_row_is_told(whole: tuple[str, Path]) -> None:
    """AUD-1: whatever a row of any derived table holds instead, verify ends with 1, or with 6."""
    rng = random.Random(SEED + 1)
    tries, told = TRIES or 16, Counter[int]()
    for _ in range(tries):
        database = copied(*whole)
        table, name = tampered(rng, database, tuple(PROVEN))
        status = answer(database, "verify")
        assert status in {1, 6} or (table, name) in UNPROVEN, (table, name)
        told[status] += 1
    print(f"\nvalues of derived rows changed: {tries}, by exit status {dict(told)}")


def test_every_reading_command_answers_on_damaged_rows(whole: tuple[str, Path]) -> None:
    """AUD-2: on rows with broken JSON, unknown words and bad instants each command tells it in one message."""
    rng = random.Random(SEED + 2)
    tries, told = TRIES or 2, Counter[int]()
    for _ in range(tries):
        database = copied(*whole)
        tampered(rng, database, ("events", "cases", *PROVEN, *BOOKKEEPING))
        for _ in range(3):
            tampered(rng, database, ("events", "cases", "contacts", "documents", "desk", *BOOKKEEPING))
        for words in READING:
            told[answer(database, *words)] += 1
    print(f"\ncommands on damaged rows: {sum(told.values())}, by exit status {dict(sorted(told.items()))}")


def test_every_reading_command_answers_on_damage_of_its_own(whole: tuple[str, Path]) -> None:
    """AUD-2: the worst in every event, case and document at once: no command has nothing to say."""
    told = Counter[int]()
    for turn, (table, name, value) in enumerate(THROUGHOUT):
        database = copied(*whole)
        with by_hand(database) as db:
            db.execute(f"UPDATE {table} SET {name} = ?", (value,))
        for words in READING if TRIES else READING[turn % 8 :: 8]:
            told[answer(database, *words)] += 1
    by_status = dict(sorted(told.items()))
    print(f"\ncommands on desks damaged throughout: {sum(told.values())}, by exit status {by_status}")


def test_damaged_pages_are_told_or_the_rows_are_the_same(whole: tuple[str, Path]) -> None:
    """AUD-2: noise in the file ends in 1 or 6; where verify finds nothing, what it proves is as it was."""
    rng = random.Random(SEED + 3)
    tries, told = TRIES or 12, Counter[int]()
    proven = {table: rows(whole[0], table) for table in ("events", *PROVEN)}
    for _ in range(tries):
        database = copied(*whole)
        damage(rng, Path(database))
        status = answer(database, "verify")
        told[status] += 1
        if status == 0:
            assert {table: rows(database, table) for table in proven} == proven
    print(f"\nfiles with damaged pages: {tries}, by exit status {dict(sorted(told.items()))}")


def damage(rng: random.Random, file: Path) -> None:
    """Overwrite a few bytes, a sector or a page, or cut the file."""
    raw = bytearray(file.read_bytes())
    kind = rng.randrange(5)
    if kind == 0:
        del raw[rng.randrange(100, len(raw)) :]
    else:
        many = (1, 8, 512, 4096)[kind - 1]
        place = rng.randrange(0, len(raw) - many)
        raw[place : place + many] = rng.randbytes(many)
    file.write_bytes(raw)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DROP TRIGGER events_keep", "events_keep is missing"),
        ("DROP TABLE timers", "timers is missing"),
        ("DROP TABLE outbox", "outbox is missing"),
        ("DROP TABLE search", "search is missing"),
        ("ALTER TABLE staff ADD COLUMN pay TEXT", "staff was changed"),
        ("ALTER TABLE cases RENAME COLUMN texts TO words", "cases was changed"),
        ("DROP INDEX cases_of_owner", "cases_of_owner is missing"),
        ("CREATE TABLE mine (x)", "mine is not ours"),
        ("CREATE TRIGGER mine AFTER UPDATE ON cases BEGIN DELETE FROM timers; END", "mine is not ours"),
        ("CREATE TRIGGER _sqlite_mine AFTER UPDATE ON cases BEGIN DELETE FROM timers; END", "mine is not ours"),
    ],
)
def test_a_changed_schema_is_told(whole: tuple[str, Path], statement: str, told: str) -> None:
    """AUD-1: a table, index or trigger that is gone, changed or not ours is told, whatever else cannot be read."""
    database = copied(*whole)
    with closing(sqlite3.connect(database)) as db:
        db.execute(statement)
        db.commit()
    ran = Who(database, ADA, LATER)("verify")
    assert (ran.status, told in ran.out) == (1, True), ran
    repaired = Who(database, ADA, LATER)("verify", "--repair")
    mendable = not any(word in statement for word in ("outbox", "ALTER", "CREATE TABLE"))
    again = Who(database, ADA, LATER)("verify")
    assert (repaired.status == 0, again.status == 0) == (mendable, mendable), (repaired, again)


def test_words_of_the_search_are_held_against_their_texts(whole: tuple[str, Path]) -> None:
    """AUD-1, FIND-3: an index that finds a case by other words is told, and made anew."""
    database = copied(*whole)
    with by_hand(database) as db:
        (subject,) = db.execute("SELECT subject FROM search WHERE rowid = 3").fetchone()
        db.execute("UPDATE search SET subject = 'zebra' WHERE rowid = 3")
        db.execute("UPDATE search_content SET c0 = ? WHERE id = 3", (subject,))
    ada = Who(database, ADA, LATER)
    assert [case["number"] for case in ada.json("search", "zebra")["cases"]] == ["0000000003"]
    ran = ada("verify")
    assert (ran.status, ran.out.splitlines()[1]) == (
        1,
        "desk\tsearch\tthe words of search are not those of its texts",
    )
    assert ada.json("verify", "--repair")["left"] == []
    assert ada.json("search", "zebra")["cases"] == []
    assert ada("verify").status == 0


def test_a_fault_of_this_program_stays_one(whole: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: where the record is sound a fault is not blamed on it."""

    def falls(*_: object, **__: object) -> int:
        raise KeyError("ours")

    monkeypatch.setattr(command, "run", falls)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(KeyError, match="ours"):
        Who(copied(*whole), ADA, LATER)("verify")
