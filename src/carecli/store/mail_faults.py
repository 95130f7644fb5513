"""Mail that would never leave, that no event tells of, or of which nobody could show the original (AUD-1)."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from carecli.domain.inbox import label
from carecli.domain.timers import TimerKind
from carecli.domain.verify import Difference, Part
from carecli.store.session import Connection, stream

_UNTIMED: Final = f"""SELECT o.number, o.id FROM outbox AS o WHERE o.next_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM timers AS t WHERE t.fires_at = o.next_at AND t.number = coalesce(o.number, 0)
        AND t.kind = {TimerKind.MAIL} AND t.metric = '' AND t.cycle = o.id) ORDER BY o.id"""  # noqa: S608 - no input
_UNMAILED: Final = f"""SELECT t.number, t.cycle FROM timers AS t WHERE t.kind = {TimerKind.MAIL} AND NOT EXISTS (
    SELECT 1 FROM outbox AS o WHERE o.id = t.cycle AND o.next_at = t.fires_at
        AND coalesce(o.number, 0) = t.number) ORDER BY t.cycle"""  # noqa: S608 - no input
_MEND_UNMAILED: Final = (
    f"DELETE FROM timers WHERE kind = {TimerKind.MAIL}"  # noqa: S608 - as above
    f" AND (number, cycle) IN (SELECT number, cycle FROM ({_UNMAILED}) AS unmailed)"
)
_MEND_UNTIMED: Final = (
    "INSERT INTO timers (fires_at, number, kind, metric, cycle)"  # noqa: S608 - as above
    f" SELECT next_at, coalesce(number, 0), {TimerKind.MAIL}, '', id FROM outbox"
    f" WHERE id IN (SELECT id FROM ({_UNTIMED}) AS untimed) ON CONFLICT DO NOTHING"
)
_BYTELESS: Final = "SELECT number, id FROM received WHERE id NOT IN (SELECT id FROM received_raw) ORDER BY id"
_ORIGINALS: Final = (
    "SELECT r.number, r.id, r.digest, o.raw FROM received AS r JOIN received_raw AS o ON o.id = r.id ORDER BY r.id"
)


def mail_faults(db: Connection) -> Iterator[Difference]:
    """Mails that wait and that the queue of timers knows nothing of, or the reverse, and lost originals."""
    for number, id_ in db.execute(_UNTIMED):
        yield Difference(number, Part.OUTBOX, f"mail {id_} waits to leave, and no timer tells when", str(id_))
    for number, id_ in db.execute(_UNMAILED):
        yield Difference(number or None, Part.TIMERS, f"a timer waits for mail {id_}, which does not", str(id_))
    for number, id_ in db.execute(_BYTELESS):
        told = f"{label(id_)} came in, and its original is gone"
        yield Difference(number, Part.INBOX, told, label(id_))
    for number, id_, digest, raw in stream(db, _ORIGINALS):
        if sha256(raw).hexdigest() != digest:
            told = f"{label(id_)} came in as other bytes than those that are kept"
            yield Difference(number, Part.INBOX, told, label(id_))


def stage_faults(db: Connection, number: int, stages: Sequence[tuple[int, int]]) -> Iterator[Difference]:
    """Mails of a case's follow-ups that never went out, or twice, and follow-ups without their mail (FU-5)."""
    owed = list(stages)
    which = "SELECT key, round, stage FROM outbox WHERE number = ? AND stage > 0 ORDER BY id"
    for key, round_, stage in db.execute(which, (number,)):
        if (round_, stage) in owed:
            owed.remove((round_, stage))
        else:
            told = f"a mail waits or left for follow-up {round_}/{stage}, which no event tells of"
            yield Difference(number, Part.OUTBOX, told, key)
    for round_, stage in owed:
        told = f"no mail was written for follow-up {round_}/{stage}"
        yield Difference(number, Part.OUTBOX, told, f"{round_}/{stage}")


def mend_timers(db: Connection) -> None:
    """Have a timer for each mail that waits, and none for any other."""
    db.execute(_MEND_UNMAILED)
    db.execute(_MEND_UNTIMED)
