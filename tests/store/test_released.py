"""Desks that earlier programs made and worked at, as this program takes them over (AUD-1, AUD-2)."""

import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from cli.acceptance import ADA, BEN, Who

from carecli.store.sqlite import schema

HERE: Final = Path(__file__).parent / "released"
SCHEMAS: Final = sorted(int(path.name.split("-")[1].partition(".")[0]) for path in HERE.glob("schema-*.tar.gz"))
LATER: Final = "2026-03-31T09:00:00Z"
"""When every ladder of those desks has come to its end."""


def unpacked(folder: Path, number: int) -> Path:
    """A desk of that schema in a directory of its own: its database."""
    with tarfile.open(HERE / f"schema-{number}.tar.gz") as packed:
        # Debian's Python 3.11 has no filter of extractall yet; what is unpacked is our own.
        packed.extractall(folder)
    return folder / "desk.db"


def told(database: Path) -> dict[str, Any]:
    """What its own program told of it."""
    document: dict[str, Any] = json.loads((database.parent / "told.json").read_text())
    return document


def content(database: Path) -> list[str]:
    """Everything in a database, read without a trace."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        return [f"{db.execute('PRAGMA user_version').fetchone()[0]}", *db.iterdump()]


def log(database: Path) -> list[list[Any]]:
    """The places and digests of its log."""
    with closing(sqlite3.connect(database)) as db:
        return [list(row) for row in db.execute("SELECT position, digest FROM events ORDER BY position")]


def test_every_schema_before_this_one_is_here() -> None:
    """AUD-2: a new schema has a desk of the one before it; `released/README.md` tells how it is made."""
    assert SCHEMAS == [6, 8, 9, 13, 17, 19]
    assert SCHEMAS[-1] + 1 == schema.VERSION


@pytest.mark.parametrize("number", SCHEMAS)
def test_a_desk_of_an_earlier_release_goes_on(tmp_path: Path, number: int) -> None:
    """AUD-1, AUD-2: it is copied, migrated, verifies, tells what it told, and its time goes on."""
    database = unpacked(tmp_path, number)
    before, was = told(database), content(database)
    ada = Who(str(database), ADA)

    first = ada("list", "--all", "--format", "tsv")
    copy = tmp_path / f"desk.schema-{number}.db"
    assert first.err == (
        f"care: the database came from schema {number} to {schema.VERSION}; as it was it is kept in {copy}\n"
    )
    assert (content(copy), copy.stat().st_mode & 0o777) == (was, 0o600)
    assert ada("list").err == "", "told once"

    assert log(database) == before["log"]
    verified = ada.json("verify")
    assert (verified["events"], verified["differences"]) == (len(before["log"]), [])
    listed = ada.json("list", "--all", "--limit", "100")["cases"]
    states = {case["number"]: case for case in listed}
    assert len(states) == len(before["cases"])
    wanted = [{**case, "number": f"{case['number']:010}"} for case in before["cases"]]
    assert [{name: states[case["number"]][name] for name in case} for case in wanted] == wanted
    attachments(database, number)

    assert ada.at(LATER)("tick", "--as", "system").status == 0
    after = log(database)
    assert after[: len(before["log"])] == before["log"]
    assert len(after) > len(before["log"]), "there was nothing left to do"
    assert ada.json("verify")["differences"] == []


def attachments(database: Path, number: int) -> None:
    """ATT-1: files that were attached then come back byte for byte."""
    if number < 13:
        return
    ben = Who(str(database), BEN)
    assert ben("attachment", "get", "10", "2", "--output", str(database.parent / "call.bin")).status == 0
    assert (database.parent / "call.bin").read_bytes() == bytes(range(256)) * 16
