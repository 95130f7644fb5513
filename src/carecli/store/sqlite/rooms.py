"""The rooms of the record in SQLite: those that every engine has, and those that it answers in its own way."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from carecli.store.rooms import RoomsReading, RoomsWriting
from carecli.store.sqlite.knowledge_search import KnowledgeIndexing, KnowledgeSearching
from carecli.store.sqlite.search import Indexing, Searching
from carecli.store.sqlite.similar import SimilarSearching

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from carecli.domain.health import Server
    from carecli.store.protocol_checking import Checking, Mending


class SqliteReading(SimilarSearching, KnowledgeSearching, Searching, RoomsReading):
    """A consistent view of the record."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self.own = db
        """The connection with what only SQLite's has."""

    def checking(self) -> AbstractContextManager[Checking]:
        """The record, ready to be held against its own events (AUD-1)."""
        # Imported here: it makes a record anew in memory, and only `care verify` asks for that.
        from carecli.store.sqlite.checking import SqliteChecking

        return closing(SqliteChecking(self.own))

    def complaints(self) -> Iterator[str]:
        """What SQLite finds wrong with its file, without a look at each index (AUD-2)."""
        # Imported here: a monitor's look each minute does without.
        from carecli.store.sqlite.soundness import complaints

        return complaints(self.own, quick=True)

    def server(self) -> Server | None:
        """Nothing: the record is in a file."""
        return None

    def stand(self) -> object:
        """What differs where any other transaction has written since; for this connection alone."""
        return self.one("PRAGMA data_version")


class SqliteWriting(KnowledgeIndexing, Indexing, RoomsWriting, SqliteReading):
    """A transaction: all of it is kept, or nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._changes = db.total_changes

    def mending(self) -> AbstractContextManager[Mending]:
        """The record, ready to be put right as its own events say (AUD-1)."""
        # Imported here, as above: only `care verify --repair` asks for that.
        from carecli.store.sqlite.mending import SqliteMending

        return closing(SqliteMending(self.own))

    def put_reference_keys(self, key: bytes | None, text: str) -> None:
        """Keep the key of references and, as a text, those of before; None has the database know none (MAIL-1).

        What was there before is overwritten with zeros; `scrub` brings those to the disk.
        """
        self.db.execute("PRAGMA secure_delete = ON")
        try:
            super().put_reference_keys(key, text)
        finally:
            self.db.execute("PRAGMA secure_delete = OFF")

    def gather(self) -> None:
        """Nothing: triggers keep what is counted together."""

    def begin_anew(self) -> None:
        """Undo all that was written so far, and go on; where that is nothing no other writer comes between."""
        if self.own.total_changes != self._changes:
            self.db.execute("ROLLBACK")
            self.db.execute("BEGIN IMMEDIATE")
            self._changes = self.own.total_changes
            # What was looked up of the end of the log may be gone, and another writer have come between.
            self._end = None
