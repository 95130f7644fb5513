"""What was refused at the gate: the newest of it, bookkeeping and no part of the record."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from carecli.domain.instants import instant, iso
from carecli.store.session import Session

if TYPE_CHECKING:
    # Every command opens this room, and few come to the gate.
    from carecli.domain.gate import Refusal


class RefusalReading(Session):
    """Refusals, the newest first."""

    def refusals(self, limit: int) -> list[Refusal]:
        """The newest refusals."""
        from carecli.domain.gate import Refusal

        sql = "SELECT at, actor, client, key, words, reason, id FROM refusals ORDER BY id DESC LIMIT ?"
        return [Refusal(instant(at), *others) for at, *others in self.db.execute(sql, (limit,))]

    def refused_since(self, since: datetime) -> tuple[int, int]:
        """How many refusals there were since then, and of how many clients."""
        sql = "SELECT count(*), count(DISTINCT client) FROM refusals WHERE at >= ?"
        count, clients = self.db.execute(sql, (iso(since),)).fetchone()
        return int(count), int(clients)


class RefusalWriting(RefusalReading):
    """Refusals as they come."""

    def put_refusal(self, refusal: Refusal, most: int) -> None:
        """Keep a refusal, and of all the newest `most`."""
        at, actor, client, key, words, reason, _ = refusal
        put = "INSERT INTO refusals (at, actor, client, key, words, reason) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        kept = int(self.one(put, (iso(at), actor, client, key, words, reason)))
        self.db.execute("DELETE FROM refusals WHERE id <= ?", (kept - most,))
