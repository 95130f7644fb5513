"""The record table by table, for whoever takes all of it to another place (AUD-2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from carecli.store.codec import canonical
from carecli.store.entries import CaseTexts
from carecli.store.kept import COPY, Kept
from carecli.store.session import Session, stream

if TYPE_CHECKING:
    from carecli.domain.copied import Copy

Row = Sequence[Any]

_PUT_COPY: Final = "INSERT INTO desk VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document"


class WholeReading(Session):
    """All that a record holds."""

    def copy_of(self) -> Copy | None:
        """What this record is a copy of, and whether all of it is here; None where it is none."""
        from carecli.domain.copied import Copy

        found = self.one("SELECT document FROM desk WHERE name = ?", (COPY,))
        return None if found is None else Copy.from_document(json.loads(found))

    def kept(self, table: Kept, after: object = None) -> Iterator[Row]:
        """The rows of a table in the order of its key, behind one of them if it is named; read as asked for."""
        behind = "" if after is None else f" AND {table.key} > ?"
        which = f"SELECT {table.columns} FROM {table.name} WHERE {table.read}{behind} ORDER BY {table.key}"  # noqa: S608
        return stream(self.db, which, () if after is None else (after,))

    def last_kept(self, table: Kept) -> Any:
        """The last key of a table with one column as its key, None where it has no row."""
        return self.one(f"SELECT max({table.key}) FROM {table.name}")  # noqa: S608 - names from this program


class WholeWriting(WholeReading):
    """All that a record holds, as it comes from another."""

    def put_copy(self, copy: Copy) -> None:
        """Say what this record is a copy of."""
        self.db.execute(_PUT_COPY, (COPY, canonical(copy.document())))

    def put_kept(self, table: Kept, rows: Iterable[Row]) -> None:
        """Write rows of a table as another record holds them."""
        if table.name in _WORDS:
            for row in rows:
                _WORDS[table.name](self, table, row)
            return
        marks = ", ".join("?" * len(table.names))
        self.db.executemany(f"INSERT INTO {table.name} ({table.columns}) VALUES ({marks})", rows)  # noqa: S608

    def forget_kept(self, table: Kept) -> None:
        """Take away what a table holds, but for what triggers see to."""
        self.db.execute(f"DELETE FROM {table.name} WHERE {table.read} AND {table.copied}")  # noqa: S608 - our names

    def number_on(self) -> None:
        """Have rows that come next be numbered behind those that were written with their numbers."""

    def index(self, texts: CaseTexts) -> None:
        """Add texts of a case to the search index; each engine has its own."""
        raise NotImplementedError

    def put_article_texts(self, index: str, id_: int, told: tuple[str, str, str]) -> None:
        """Write the texts by which an article is found; each engine has its own index."""
        raise NotImplementedError


def _case(writing: WholeWriting, _: Kept, row: Row) -> None:
    number, subject, description, updates = row
    writing.index(CaseTexts(number, subject, description, updates, notes=""))


def _notes(writing: WholeWriting, _: Kept, row: Row) -> None:
    number, notes = row
    writing.index(CaseTexts(number, subject="", description="", updates="", notes=notes))


def _article(writing: WholeWriting, table: Kept, row: Row) -> None:
    id_, title, keywords, body = row
    writing.put_article_texts(table.name, id_, (title, keywords, body))


_WORDS: Final = {
    "search": _case,
    "search_notes": _notes,
    "search_articles": _article,
    "search_public_articles": _article,
}
"""Tables beside whose texts an engine keeps words of its own."""
