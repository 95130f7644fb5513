"""Mail that would never leave, or of which nobody could show the original (AUD-1)."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from carecli.domain.inbox import label
from carecli.domain.timers import TimerKind
from carecli.domain.verify import Difference, Part

_UNTIMED: Final = f"""SELECT o.number, o.id FROM outbox AS o WHERE o.next_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM timers AS t WHERE t.fires_at = o.next_at AND t.number = coalesce(o.number, 0)
        AND t.kind = {TimerKind.MAIL} AND t.metric = '' AND t.cycle = o.id) ORDER BY o.id"""  # noqa: S608 - no input
_UNMAILED: Final = f"""SELECT t.number, t.cycle FROM timers AS t WHERE t.kind = {TimerKind.MAIL} AND NOT EXISTS (
    SELECT 1 FROM outbox AS o WHERE o.id = t.cycle AND o.next_at = t.fires_at
        AND coalesce(o.number, 0) = t.number) ORDER BY t.cycle"""  # noqa: S608 - no input
_BYTELESS: Final = "SELECT number, id FROM received WHERE id NOT IN (SELECT id FROM received_raw) ORDER BY id"


def mail_faults(db: sqlite3.Connection) -> Iterator[Difference]:
    """Mails that wait and that the queue of timers knows nothing of, or the reverse, and lost originals."""
    for number, id_ in db.execute(_UNTIMED):
        yield Difference(number, Part.OUTBOX, f"mail {id_} waits to leave, and no timer tells when", str(id_))
    for number, id_ in db.execute(_UNMAILED):
        yield Difference(number or None, Part.TIMERS, f"a timer waits for mail {id_}, which does not", str(id_))
    for number, id_ in db.execute(_BYTELESS):
        told = f"{label(id_)} came in, and its original is gone"
        yield Difference(number, Part.INBOX, told, label(id_))
