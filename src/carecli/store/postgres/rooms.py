"""The rooms of the record in PostgreSQL: those that every engine has, and those that it answers in its own way."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from carecli.store.postgres.chat import ChatReading
from carecli.store.postgres.claims import Claiming
from carecli.store.postgres.connection import Connection
from carecli.store.postgres.events import EventWriting
from carecli.store.postgres.knowledge_search import KnowledgeIndexing, KnowledgeSearching
from carecli.store.postgres.search import Indexing, Searching
from carecli.store.postgres.similar import SimilarSearching
from carecli.store.postgres.whole import WholeWriting
from carecli.store.rooms import RoomsReading, RoomsWriting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from carecli.domain.events import Numbered, Recorded
    from carecli.domain.health import Server
    from carecli.store.protocol_checking import Checking, Mending


class PostgresReading(SimilarSearching, KnowledgeSearching, Searching, ChatReading, RoomsReading):
    """A consistent view of the record."""

    db: Connection

    def checking(self) -> AbstractContextManager[Checking]:
        """The record, ready to be held against its own events (AUD-1)."""
        # Imported here: it makes a record anew in memory, and only `care verify` asks for that.
        from carecli.store.postgres.checking import PostgresChecking

        return closing(PostgresChecking(self.db))

    def complaints(self) -> Iterator[str]:
        """What the server knows to be wrong with the database, without reading its tables (AUD-2)."""
        # Imported here: a monitor's look each minute does without.
        from carecli.store.postgres.soundness import complaints

        return complaints(self.db)

    def server(self) -> Server:
        """How the server fares that the record is on (AUD-2)."""
        from carecli.store.postgres.server import server

        return server(self.db)

    def stand(self) -> object:
        """What differs where any other transaction has written since: each leaves a random number behind."""
        return self.db.execute("SELECT count(*), bit_xor(token) FROM commits").fetchone()


class PostgresWriting(
    Claiming, KnowledgeIndexing, Indexing, EventWriting, WholeWriting, RoomsWriting, PostgresReading
):
    """A transaction: all of it is kept, or nothing."""

    db: Connection

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self.touched = set[int]()
        """The cases that events were told of."""

    def chain(self, events: Iterable[Numbered]) -> list[Recorded]:
        """Write numbered events to the end of the log, in this order (AUD-1)."""
        recorded = super().chain(events)
        self.touched.update(one.number for one in recorded if one.number is not None)
        return recorded

    def mending(self) -> AbstractContextManager[Mending]:
        """The record, ready to be put right as its own events say (AUD-1)."""
        # Imported here, as above: only `care verify --repair` asks for that.
        from carecli.store.postgres.mending import PostgresMending

        return closing(PostgresMending(self.db))

    def begin_anew(self) -> None:
        """Undo all that was written so far, and go on; no other writer comes between."""
        self.db.run("ROLLBACK TO SAVEPOINT begun")
        # What was looked up of the end of the log may be gone.
        self._end = None
        self.touched.clear()
