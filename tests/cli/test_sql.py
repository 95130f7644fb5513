"""The views of docs/sql.md: what other programs read of a desk, held against what `care` itself says (EXP-1)."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import served_desks
from cli.acceptance import ADA, INSTANT, NOW, Who
from engine import ON_SERVER, sqlite_alone
from other_hands import by_hand

from carecli.store.sqlite.migrations.insight import VIEWS

if TYPE_CHECKING:
    from postgres_server import PostgresServer

MANUAL: Final = Path(__file__).parents[2] / "docs" / "sql.md"
ELSEWHERE: Final = "-c search_path=care -c timezone=America/New_York -c default_transaction_read_only=on"
"""How another program may have set its session: it only reads, and its zone is not ours."""
TYPES: Final = {
    "integer": ({"INTEGER"}, {"int2", "int4", "int8"}),
    "text": ({"TEXT"}, {"text"}),
    "instant": ({"TEXT"}, {"timestamptz"}),
    "json": ({"TEXT"}, {"json"}),
}
"""What the manual's types are in a file and on a server."""


@pytest.fixture
def db(trial: str) -> Iterator[Any]:
    """The demo's desk as another program opens it."""
    with reader(trial) as opened:
        yield opened


@contextmanager
def reader(place: str) -> Iterator[Any]:
    """A desk as another program opens it, in a file or on a server, only to read, each query for itself."""
    if not (ON_SERVER or place.startswith("postgresql://")):
        with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True, isolation_level=None)) as file:
            yield file
        return
    import psycopg

    with psycopg.connect(served_desks.named(place), autocommit=True, options=ELSEWHERE) as server:
        yield server


def rows(db: Any, sql: str) -> list[dict[str, Any]]:
    """The rows of a query by the names of its columns, with instants as `care` writes them."""
    found = db.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, map(as_in_a_file, row), strict=True)) for row in found.fetchall()]


def as_in_a_file(value: Any) -> Any:
    """A value of a server as the one that a file holds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def kinds(db: Any, view: str) -> list[tuple[str, set[str]]]:
    """The columns of a view with the types of what stands in them, as the engine tells these."""
    found = db.execute(f"SELECT * FROM {view}")
    names = [column[0] for column in found.description]
    if not isinstance(db, sqlite3.Connection):
        return [(one.name, {db.adapters.types[one.type_code].name}) for one in found.description]
    types = db.execute(f"SELECT {', '.join(f'typeof({name})' for name in names)} FROM {view}").fetchall()
    return [(name, {row[place].upper() for row in types} - {"NULL"}) for place, name in enumerate(names)]


def documented() -> dict[str, list[tuple[str, str]]]:
    """The columns of each view with their types, as the manual lists them."""
    _, _, told = MANUAL.read_text("utf-8").partition("## Columns")
    parts = re.split(r"^### ", told, flags=re.MULTILINE)[1:]
    return {part.split()[0]: re.findall(r"^\| `(\w+)` \| (\w+) \|", part, re.MULTILINE) for part in parts}


def test_every_column_is_documented(db: Any) -> None:
    """EXP-1: the manual lists the views and their columns, in order, and none beside, with its types."""
    listed = documented()
    assert list(listed) == list(VIEWS)
    for view, columns in listed.items():
        real = kinds(db, view)
        assert [name for name, _ in real] == [name for name, _ in columns], view
        for (name, found), (_, type_) in zip(real, columns, strict=True):
            assert found <= TYPES[type_][not isinstance(db, sqlite3.Connection)], (view, name, found)


def test_values_are_of_the_types_that_the_manual_says(db: Any) -> None:
    """EXP-1: integers are integers and texts are texts, wherever there is a value; no column is always NULL."""
    filled: set[str] = set()
    for view, columns in documented().items():
        for row in rows(db, f"SELECT * FROM {view}"):
            for name, type_ in columns:
                if row[name] is not None:
                    assert isinstance(row[name], int if type_ == "integer" else str | dict)
                    filled.add(f"{view}.{name}")
                    if type_ == "instant":
                        assert INSTANT.fullmatch(row[name]), (view, name, row[name])
    never = {f"{view}.{name}" for view, columns in documented().items() for name, _ in columns} - filled
    # Of these the short story of the demo has none.
    assert never == {
        *("care_cases.component", "care_cases.root_cause"),
        *("care_clocks.cancelled_at", "care_clocks.cancelled", "care_breaches.owner"),
    }


def test_the_cases_are_those_of_the_list(trial: str, db: Any) -> None:
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


def test_the_clocks_are_those_of_the_list(trial: str, db: Any) -> None:
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


def test_the_breaches_that_stand_are_those_of_the_tick(trial: str, db: Any) -> None:
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


def test_the_follow_ups_are_those_of_the_log(trial: str, db: Any) -> None:
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
    told = rows(db, f"SELECT {columns} FROM care_follow_ups WHERE state = 'sent'")
    assert sorted(tuple(row.values()) for row in told) == sorted(sent)
    waiting = [
        (case["number"], case["followup"]["round"], case["followup"]["stage"] + 1, case["followup"]["next_at"])
        for case in cases
        if case["followup"]
    ]
    told = rows(db, "SELECT number, round, stage, due_at FROM care_follow_ups WHERE state = 'waiting'")
    assert sorted(tuple(row.values()) for row in told) == sorted(waiting) != []


def test_the_events_are_the_log(trial: str, db: Any) -> None:
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


def queries(*, server: bool) -> list[str]:
    """The queries of the manual, as it writes them for an engine."""
    every = re.findall(r"```sql\n(.*?)```", MANUAL.read_text("utf-8"), re.DOTALL)
    return [query for query in every if not query.startswith("-- in a file" if server else "-- on a server")]


def test_every_query_of_the_manual_runs(db: Any) -> None:
    """EXP-1: what the manual shows can be typed as it stands, and answers something at the demo's desk."""
    shown = queries(server=ON_SERVER)
    assert len(shown) == 5
    for query in shown:
        assert rows(db, query), query


@sqlite_alone("copies its file to a server")
def test_both_engines_answer_the_same(trial: str, postgres_server: "PostgresServer") -> None:
    """EXP-1: in a file and on a server the same desk has the same rows in each view, and in each answer."""
    there = postgres_server.url(postgres_server.create())
    Who(trial, ADA, NOW).json("copy", "--to", there)
    with reader(trial) as file, reader(there) as server:
        for view in VIEWS:
            assert known(file, view) == known(server, view) != []
        for here, elsewhere in zip(queries(server=False), queries(server=True), strict=True):
            before, answer, after = rows(file, here), rows(server, elsewhere), rows(file, here)
            # An hour may be over just then.
            assert answer in (before, after), here


def known(db: Any, view: str) -> list[dict[str, Any]]:
    """All rows of a view, in an order that is the same on either engine."""
    found = rows(db, f"SELECT * FROM {view}")
    for row in found:
        if "data" in row:
            row["data"] = row["data"] if isinstance(row["data"], dict) else json.loads(row["data"])
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True))


def test_a_reader_stops_no_writer(trial: str) -> None:
    """EXP-1: somebody reads the views, read-only, while the desk goes on; he sees what was there when he began."""
    with reader(trial) as db:
        db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if ON_SERVER else "BEGIN")
        before = rows(db, "SELECT count(*) FROM care_events")
        done: list[Any] = []
        writer = threading.Thread(
            target=lambda: done.append(Who(trial, ADA, NOW).json("update", "3", "-m", "Noted.", "--internal"))
        )
        writer.start()
        writer.join(20)
        assert done
        assert rows(db, "SELECT count(*) FROM care_events") == before
        db.execute("COMMIT")
        assert rows(db, "SELECT count(*) FROM care_events") != before
        with pytest.raises(Exception, match=r"readonly|read-only"):
            db.execute("DELETE FROM cases")


def test_verify_knows_the_views_and_names_others(trial: str) -> None:
    """AUD-1: the views are the desk's own; one that is changed, gone or somebody else's is named."""
    who = Who(trial, ADA, NOW)
    assert who.json("verify")["differences"] == []
    by_hand(trial, "CREATE VIEW mine AS SELECT 1", "DROP VIEW care_breaches")
    told = {one["name"] for one in json.loads(who("verify", "--json").out)["differences"]}
    assert told == {"view mine", "view care_breaches"}


def test_a_login_for_reports_and_views_of_the_own(postgres_server: "PostgresServer", trial: str) -> None:
    """EXP-1, AUD-1: the manual's login reads the five views and nothing else, and what stands on them is named.

    It harms nothing: `verify` finds all as it was. Only what would have to be replaced under it is not.
    """
    import psycopg

    recipe, own = re.findall(r"```\n(CREATE .*?)```", MANUAL.read_text("utf-8"), re.DOTALL)
    there = postgres_server.url(postgres_server.create("reported"))
    Who(trial, ADA, NOW).json("copy", "--to", there)
    admin = there.replace("://care@", "://postgres@")
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute(recipe.replace("\\password reports\n", "").encode())
        db.execute(own.encode())
    with psycopg.connect(there.replace("://care@", "://reports@"), autocommit=True) as reports:
        for view in VIEWS:
            assert reports.execute(f"SELECT * FROM {view}".encode()).fetchall()
        for refused in ("SELECT * FROM events", "SELECT * FROM secrets", "DELETE FROM care_cases"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reports.execute(refused.encode())
    ada = Who(there, ADA, NOW)
    assert ada.json("verify")["differences"] == []
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute("ALTER VIEW care.care_breaches RENAME COLUMN plan TO promise")
        said = ada("verify", "--repair", "--yes").refused(6)
        assert "view mine.late depends on view care_breaches" in said
        assert "docs/sql.md" in said
        db.execute("DROP VIEW mine.late")
    assert ada("verify", "--repair", "--yes").status == 0
    assert ada.json("verify")["differences"] == []
