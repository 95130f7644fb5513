"""The log as it grows where several processes may append to it, one after the other (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from carecli.domain.events import Numbered, Recorded, Told
from carecli.store import codec, events
from carecli.store.postgres.connection import Connection
from carecli.store.postgres.locks import CHAIN
from carecli.store.postgres.storable import storable
from carecli.store.trouble import Unstorable

# One statement for however many: whoever else appends waits for it. Instants and documents come as texts.
_INSERT: Final = f"""INSERT INTO events ({codec.EVENT_COLUMNS}) SELECT * FROM unnest(
    ?::bigint[], ?::bigint[], ?::bigint[], ?::text[]::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
    ?::text[]::json[], ?::text[])"""  # noqa: S608 - names from this program
# Each looked up by itself: by GROUP BY, every event of the case would be read for every one that is added.
_LAST_SEQS: Final = """SELECT number, (SELECT coalesce(max(seq), 0) FROM events WHERE events.number = told.number)
    FROM unnest(?::bigint[]) AS told (number)"""

_OF_SET_UP: Final = ("events", "staff", "desk", "documents", "calendar_digests")


class EventWriting(events.EventWriting):
    """The log, whose end is kept until the transaction ends."""

    db: Connection

    def number_events(self, events: Iterable[Told]) -> list[Numbered]:
        """Give events their numbers within their cases, as `chain` is about to write them to the log.

        Nobody else tells of these cases meanwhile, as their rows are locked; of the desk itself anybody may.
        """
        told = list(events)
        if any(number is None for number, _ in told):
            self.db.run(CHAIN)
        return super().number_events(told)

    def chain(self, events: Iterable[Numbered]) -> list[Recorded]:
        """Write numbered events to the end of the log, in this order (AUD-1).

        Nobody else appends from here until the transaction ends: all that takes time is done before. Raises
        Unstorable for the name of an actor that cannot be kept as it is.
        """
        numbered = list(events)
        if not numbered:
            return []
        if any(storable(one.event.actor) != one.event.actor for one in numbered):
            # Kept otherwise it would break the chain; nobody here has such a name.
            raise Unstorable("the name of who did it holds a character that no text of PostgreSQL can")
        contents = [codec.digested(*one) for one in numbered]
        rows = [codec.event_row(Recorded(0, *one, "")) for one in numbered]
        columns = [list(column) for column in zip(*rows, strict=True)]
        # Taken again it costs nothing.
        self.db.run(CHAIN)
        position, digest = self._end or self._stored_end()
        digests = [digest := codec.chained(digest, content) for content in contents]
        positions = [*range(position + 1, position + 1 + len(digests))]
        self.db.execute(_INSERT, [positions, *columns[1:-1], digests])
        self._end = positions[-1], digest
        return [
            Recorded(position, *one, digest)
            for position, one, digest in zip(positions, numbered, digests, strict=True)
        ]

    def forget_set_up(self) -> None:
        """Take back what `care init` wrote, so that another desk's whole log may stand here instead (IMP-1)."""
        self.db.run("ALTER TABLE events DISABLE TRIGGER events_stay")
        for table in _OF_SET_UP:
            self.db.run(f"DELETE FROM {table}")  # noqa: S608 - names from this program
        self.db.run("ALTER TABLE events ENABLE TRIGGER events_stay")
        self._end = None

    def _last_seqs(self, numbers: set[int | None]) -> dict[int | None, int]:
        cases = [number for number in numbers if number is not None]
        seqs: dict[int | None, int] = dict(self.db.execute(_LAST_SEQS, (cases,)).fetchall()) if cases else {}
        return seqs | (super()._last_seqs({None}) if None in numbers else {})
