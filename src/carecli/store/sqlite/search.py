"""Cases by their words, by SQLite's full-text index (FIND-3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carecli.store.entries import CaseTexts
from carecli.store.searching import AMONG, WEIGHTS, CaseSearching, Wording, among
from carecli.store.session import Session
from carecli.store.sight import Parameter

_RANKS: Final = {name: f"bm25({', '.join(map(str, (name, *weights)))})" for name, weights in WEIGHTS.items()}

_APPENDED: Final = ", ".join(
    f"{name} = {name} || CASE WHEN {name} = '' OR :{name} = '' THEN '' ELSE char(10) END || :{name}"
    for name in ("subject", "description", "updates")
)


class Searching(CaseSearching):
    """Pages of cases by their words."""

    def hits(self, table: str, wording: Wording, rest: str, *parameters: Parameter) -> list[int]:
        """The cases that hold the words in a table, and of which the rest of the statement is true."""
        found = f"SELECT rowid FROM {table} WHERE {table} MATCH ? {rest}"  # noqa: S608 - no input
        return self.column(found, (wording.expression(), *parameters))

    def ranked(self, table: str, wording: Wording, hits: Sequence[int]) -> list[int]:
        """Those of some hits that hold the words in a table, best first, of equals the newer."""
        return self.hits(table, wording, f"AND {AMONG} ORDER BY {_RANKS[table]}, rowid DESC", *among(hits))


class Indexing(Session):
    """The search index as it grows."""

    def index(self, texts: CaseTexts) -> None:
        """Add texts of a case to the search index; texts of a known case are added to what it has."""
        values = texts._asdict()
        added = self.db.execute(f"UPDATE search SET {_APPENDED} WHERE rowid = :number", values)  # noqa: S608
        if not added.rowcount:
            self.db.execute(
                "INSERT INTO search (rowid, subject, description, updates)"
                " VALUES (:number, :subject, :description, :updates)",
                values,
            )
        if texts.notes:
            self._index_note(texts)

    def _index_note(self, texts: CaseTexts) -> None:
        note = (texts.notes, texts.number)
        added = self.db.execute("UPDATE search_notes SET notes = notes || char(10) || ? WHERE rowid = ?", note)
        if not added.rowcount:
            self.db.execute("INSERT INTO search_notes (notes, rowid) VALUES (?, ?)", note)
