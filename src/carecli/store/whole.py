"""The record table by table, for whoever takes all of it to another place (AUD-2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from carecli.store.codec import canonical
from carecli.store.entries import CaseTexts
from carecli.store.kept import COPY, MOVED, Kept
from carecli.store.session import Session, stream

if TYPE_CHECKING:
    from carecli.domain.copied import Copy, Moved
    from carecli.store.trouble import Place

Row = Sequence[Any]

_PUT: Final = "INSERT INTO desk VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document"
# Each transaction that writes asks for this: names alone, as what a copy says of itself is long.
_MARKS: Final = f"SELECT name FROM desk WHERE name IN ('{COPY}', '{MOVED}', 'settings')"  # noqa: S608 - our names


class WholeReading(Session):
    """All that a record holds."""

    def copy_of(self) -> Copy | None:
        """What this record is a copy of, and whether all of it is here; None where it is none."""
        from carecli.domain.copied import Copy

        found = self.one("SELECT document FROM desk WHERE name = ?", (COPY,))
        return None if found is None else Copy.from_document(json.loads(found))

    def moved(self) -> Moved | None:
        """Where this desk works now, None where that is here."""
        found = self.one("SELECT document FROM desk WHERE name = ?", (MOVED,))
        if found is None:
            return None
        # Imported here, as above: few desks were ever moved.
        from carecli.domain.copied import Moved

        return Moved.from_document(json.loads(found))

    def require_working(self, place: Place) -> None:
        """Raise DatabaseUnusable where no command may write: all of it is not here yet, or works elsewhere by now.

        Asked within the transaction that writes: nobody begins with a copy, nor retires a desk, in between.
        """
        marks = set(self.column(_MARKS))
        if MOVED in marks or (COPY in marks and "settings" not in marks):
            from carecli.domain.copied import retired, unfinished

            moved, copy = self.moved(), self.copy_of()
            if moved:
                raise retired(moved)
            assert copy is not None, "it was there a moment ago, in the same transaction"
            raise unfinished(str(place), copy)

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
        self.db.execute(_PUT, (COPY, canonical(copy.document())))

    def put_moved(self, moved: Moved) -> None:
        """Say that this desk works elsewhere from now on."""
        self.db.execute(_PUT, (MOVED, canonical(moved.document())))

    def forget_moved(self) -> None:
        """Say no more that this desk works elsewhere."""
        self.db.execute("DELETE FROM desk WHERE name = ?", (MOVED,))

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
