"""The rows of each ticket together, however they lie in the file (IMP-1)."""

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import groupby

from carecli.desk.importing.records import Found, Record, RefusedRow
from carecli.desk.importing.rows import Rows, Ticket

Read = Callable[[], Generator[Found]]
"""Reads the file from its beginning."""


def tickets(rows: Rows, read: Read) -> Generator[Ticket | RefusedRow]:
    """Each ticket with all its updates, and between them what cannot be taken."""
    if rows.mapping.per_ticket:
        yield from _last_told(rows, read)
        return
    gathered = _gathered(rows, read) if _lies_scattered(rows, read) else read()
    with closing(gathered) as found:
        told = (one if isinstance(one, RefusedRow) else rows.update(one) for one in found)
        yield from _together(rows, told)


def _last_told(rows: Rows, read: Read) -> Iterator[Ticket | RefusedRow]:
    """Each ticket as the file tells it last: told as it stood earlier, it would breach what was met since."""
    last = _told_again(rows, read)
    with closing(read()) as found:
        for place, one in enumerate(found):
            if isinstance(one, RefusedRow):
                yield one
            elif last.get(hash(rows.reference(one)), place) == place:
                yield rows.ticket(one)


def _told_again(rows: Rows, read: Read) -> dict[int, int]:
    """The place of the last record of each ticket that has several."""
    seen: set[int] = set()
    last: dict[int, int] = {}
    with closing(read()) as found:
        for place, one in enumerate(found):
            reference = rows.reference(one) if isinstance(one, Record) else None
            if reference is not None and hash(reference) in seen:
                last[hash(reference)] = place
            elif reference is not None:
                seen.add(hash(reference))
    return last


def _together(rows: Rows, told: Iterator[Ticket | RefusedRow]) -> Iterator[Ticket | RefusedRow]:
    held: list[RefusedRow] = []

    def taken() -> Iterator[Ticket]:
        for one in told:
            if isinstance(one, RefusedRow):
                held.append(one)
            else:
                yield one

    for _, group in groupby(taken(), key=lambda one: one.opening.reference):
        parts = list(group)
        yield from held
        held.clear()
        yield _whole(rows, parts)
    yield from held


def _whole(rows: Rows, parts: list[Ticket]) -> Ticket:
    """One ticket of its rows, in the order that the mapping says; without revisions they are counted."""
    if rows.mapping.order == "time":
        parts.sort(key=lambda part: part.updates[0].at)
    updates = [update for part in parts for update in part.updates]
    if not rows.mapping.updates[0].revision.mapped:
        updates = [update._replace(revision=number) for number, update in enumerate(updates)]
    return Ticket(parts[0].opening, tuple(updates))


def _lies_scattered(rows: Rows, read: Read) -> bool:
    """Whether a ticket's rows stand apart: told one by one, the first would breach what the later ones met."""
    seen: set[int] = set()
    last: str | None = None
    with closing(read()) as found:
        for one in found:
            reference = rows.reference(one) if isinstance(one, Record) else None
            if reference is None or reference == last:
                continue
            if hash(reference) in seen:
                return True
            seen.add(hash(reference))
            last = reference
    return False


def _gathered(rows: Rows, read: Read) -> Generator[Found]:
    """The records ticket by ticket, in the order in which each first appears, by way of a file put aside."""
    with closing(sqlite3.connect("")) as aside:  # a private file of SQLite's own, gone with the connection
        aside.execute("CREATE TABLE tickets (reference TEXT PRIMARY KEY, first INTEGER) WITHOUT ROWID")
        aside.execute("CREATE TABLE records (first INTEGER, line INTEGER, garbled INTEGER, text TEXT)")
        with closing(read()) as found:
            for place, one in enumerate(found):
                reference = rows.reference(one) if isinstance(one, Record) else None
                if isinstance(one, RefusedRow):
                    yield one
                    continue
                aside.execute("INSERT OR IGNORE INTO tickets VALUES (?, ?)", (reference or "", place))
                kept = (reference or "", one.line, one.garbled, json.dumps(one.values))
                aside.execute(
                    "INSERT INTO records SELECT first, ?2, ?3, ?4 FROM tickets WHERE reference = ?1", kept
                )
        ordered = "SELECT line, text, garbled FROM records ORDER BY first, rowid"
        for line, text, garbled in aside.execute(ordered):
            yield Record(line, json.loads(text), bool(garbled))
