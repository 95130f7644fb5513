"""The views of docs/sql.md: what other programs read of a desk, held against what `care` itself says (EXP-1)."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from cli.acceptance import ADA, NOW, Who
from engine import sqlite_alone

from carecli.store.sqlite.migrations.insight import VIEWS

pytestmark = sqlite_alone("read by SQLite's own means")

MANUAL: Final = Path(__file__).parents[2] / "docs" / "sql.md"


@pytest.fixture
def db(trial: str) -> Iterator[sqlite3.Connection]:
    """The demo's desk as another program opens it."""
    with closing(sqlite3.connect(f"file:{trial}?mode=ro", uri=True)) as opened:
        opened.row_factory = sqlite3.Row
        yield opened


def rows(db: sqlite3.Connection, sql: str) -> list[dict[str, Any]]:
    """The rows of a query by the names of its columns."""
    return [dict(row) for row in db.execute(sql)]


def documented() -> dict[str, list[tuple[str, str]]]:
    """The columns of each view with their types, as the manual lists them."""
    _, _, told = MANUAL.read_text("utf-8").partition("## Columns")
    parts = re.split(r"^### ", told, flags=re.MULTILINE)[1:]
    return {part.split()[0]: re.findall(r"^\| `(\w+)` \| (\w+) \|", part, re.MULTILINE) for part in parts}


def test_every_column_is_documented(db: sqlite3.Connection) -> None:
    """EXP-1: the manual lists the views and their columns, in order, and none beside."""
    told = documented()
    assert list(told) == list(VIEWS)
    for view, columns in told.items():
        real = [row["name"] for row in db.execute(f"PRAGMA table_info({view})")]
        assert real == [name for name, _ in columns], view


def test_values_are_of_the_types_that_the_manual_says(db: sqlite3.Connection) -> None:
    """EXP-1: integers are integers and texts are texts, wherever there is a value; no column is always NULL."""
    types = {"integer": int, "text": str}
    filled: set[str] = set()
    for view, columns in documented().items():
        for row in rows(db, f"SELECT * FROM {view}"):
            for name, type_ in columns:
                if row[name] is not None:
                    assert type(row[name]) is types[type_], (view, name, row[name])
                    filled.add(f"{view}.{name}")
    never = {f"{view}.{name}" for view, columns in documented().items() for name, _ in columns} - filled
    # Of these the short story of the demo has none.
    assert never == {
        *("care_cases.component", "care_cases.root_cause"),
        *("care_clocks.cancelled_at", "care_clocks.cancelled", "care_breaches.owner"),
    }


def test_the_cases_are_those_of_the_list(trial: str, db: sqlite3.Connection) -> None:
    """EXP-1: `care_cases` says of each case what `care show --json` says."""
    who = Who(trial, ADA, NOW)
    told = {row["number"]: row for row in rows(db, "SELECT * FROM care_cases")}
    listed = [case["number"] for case in who.json("list", "--all", "--limit", "100")["cases"]]
    assert sorted(told) == sorted(listed)
    same = [name for name, _ in documented()["care_cases"]]
    for number in listed:
        shown = who.json("show", number)
        shown |= {"product_group": shown["group"], "case_id": int(number), "closed": shown["status"] == "closed"}
        for name in same:
            if name in shown:
                assert told[number][name] == shown[name], (number, name)
        assert told[number]["events"] == len(who.json("log", number)["events"])
    assert {name for name in same if name not in shown} == {"confidential", "policy", "calendar", "events"}


def test_the_clocks_are_those_of_the_list(trial: str, db: sqlite3.Connection) -> None:
    """EXP-1, SLA-7: `care_clocks` says of each clock what `care show --json` says, and by how much it was met."""
    clocks = rows(db, "SELECT * FROM care_clocks ORDER BY case_id")
    shown = [
        (case["number"], clock)
        for case in Who(trial, ADA, NOW).json("list", "--all", "--limit", "100", "--sort", "-number")["cases"]
        for clock in case["clocks"]
    ]
    assert len(clocks) == len(shown) > 20
    named = {(row["number"], row["metric"], row["cycle"]): row for row in clocks}
    for number, clock in shown:
        row = named[number, clock["metric"], clock["cycle"]]
        for name in clock.keys() - {"used_s"}:
            assert row[name] == clock[name], (number, name)
        assert (row["margin_s"] is None) == (row["met_at"] is None)
    late = [row for row in clocks if row["margin_s"] is not None and row["margin_s"] < 0]
    assert late
    assert all(row["state"] == "breached" for row in late)


def test_the_breaches_that_stand_are_those_of_the_tick(trial: str, db: sqlite3.Connection) -> None:
    """EXP-1, TICK-2: the breaches that stand are what `care tick` lists; each other was met, late, or is over."""
    ticked = Who(trial, "system", NOW).json("tick", "--dry-run")["breaches"]
    told = rows(db, "SELECT * FROM care_breaches WHERE standing = 1")
    key = ("number", "metric", "due_at", "account", "owner")
    assert sorted(tuple(str(row[k]) for k in key) for row in told) == sorted(
        tuple(str(row[k]) for k in key) for row in ticked
    )
    over = rows(db, "SELECT * FROM care_breaches WHERE standing = 0")
    assert over
    assert all(row["late_s"] > 0 for row in over)
    assert all(row["late_s"] is None for row in told)


def test_the_follow_ups_are_those_of_the_log(trial: str, db: sqlite3.Connection) -> None:
    """EXP-1, FU-1: what went out is what the logs tell, what waits is what `care show` says comes next."""
    who = Who(trial, ADA, NOW)
    cases = who.json("list", "--all", "--limit", "100")["cases"]
    sent = [
        (case["number"], e["data"]["round"], e["data"]["stage"], e["data"]["action"], e["data"]["due_at"], e["at"])
        for case in cases
        for e in who.json("log", case["number"])["events"]
        if e["kind"] == "follow-up-sent"
    ]
    columns = "number, round, stage, action, due_at, sent_at"
    told = db.execute(f"SELECT {columns} FROM care_follow_ups WHERE state = 'sent'").fetchall()
    assert sorted(map(tuple, told)) == sorted(sent)
    waiting = [
        (case["number"], case["followup"]["round"], case["followup"]["stage"] + 1, case["followup"]["next_at"])
        for case in cases
        if case["followup"]
    ]
    told = db.execute(
        "SELECT number, round, stage, due_at FROM care_follow_ups WHERE state = 'waiting'"
    ).fetchall()
    assert sorted(map(tuple, told)) == sorted(waiting) != []


def test_the_events_are_the_log(trial: str, db: sqlite3.Connection) -> None:
    """EXP-1, AUD-1: `care_events` is the log of the desk, line by line, with its digests."""
    lines = Who(trial, ADA, NOW).json("log", "--all")["events"]
    told = rows(db, "SELECT * FROM care_events ORDER BY position")
    assert [row["position"] for row in told] == list(range(1, len(lines) + 1))
    for row, line in zip(told, lines, strict=True):
        for name in ("number", "seq", "at", "actor", "via", "kind", "visibility", "digest"):
            assert row[name] == line[name]
    texts = "SELECT data ->> 'text' FROM care_events WHERE data ->> 'text' IS NOT NULL ORDER BY position"
    assert [text for (text,) in map(tuple, db.execute(texts))] == [
        line["data"]["text"] for line in lines if line["data"].get("text")
    ]


def test_every_query_of_the_manual_runs(db: sqlite3.Connection) -> None:
    """EXP-1: what the manual shows can be typed as it stands, and answers something at the demo's desk."""
    queries = re.findall(r"```sql\n(.*?)```", MANUAL.read_text("utf-8"), re.DOTALL)
    assert len(queries) == 5
    for query in queries:
        assert db.execute(query).fetchall(), query


def test_a_reader_stops_no_writer(trial: str) -> None:
    """EXP-1: somebody reads the views, read-only, while the desk goes on; he sees what was there when he began."""
    with closing(sqlite3.connect(f"file:{trial}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT count(*) FROM care_events").fetchone()
        done: list[Any] = []
        writer = threading.Thread(
            target=lambda: done.append(Who(trial, ADA, NOW).json("update", "3", "-m", "Noted.", "--internal"))
        )
        writer.start()
        writer.join(20)
        assert done
        assert reader.execute("SELECT count(*) FROM care_events").fetchone() == before
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM care_events").fetchone() > before
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("DELETE FROM cases")


def test_verify_knows_the_views_and_names_others(trial: str) -> None:
    """AUD-1: the views are the desk's own; one that is changed, gone or somebody else's is named."""
    who = Who(trial, ADA, NOW)
    assert who.json("verify")["differences"] == []
    with closing(sqlite3.connect(trial)) as writer:
        writer.execute("CREATE VIEW mine AS SELECT 1")
        writer.execute("DROP VIEW care_breaches")
        writer.commit()
    told = {one["name"] for one in json.loads(who("verify", "--json").out)["differences"]}
    assert told == {"view mine", "view care_breaches"}
