"""What a desk has come to, held against another one on either engine, row by row."""

import json
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import islice, zip_longest
from typing import Any, Final, NamedTuple

from carecli.domain.outbox import Mail, MailKind
from carecli.store import codec
from carecli.store.opening import open_store
from carecli.store.protocol import Reading
from carecli.store.session import stream

Row = tuple[Any, ...]

_MAIL: Final = (
    "key, number, kind, recipient, subject, content, message_id, named, round, stage, state, queued_at,"
    " not_before, next_at, attempts, sent_at, error"
)
_TOLD: Final = {
    "events": ("number, seq, at, actor, via, kind, visibility, data", "ORDER BY coalesce(number, 0), seq"),
    "cases": ("number, state, texts", "ORDER BY number"),
    "timers": ("fires_at, number, kind, metric, cycle", "WHERE kind <> 4 ORDER BY 1, 2, 3, 4, 5"),
    "standing": ("number, metric, cycle, mark, due_at", "ORDER BY 1, 2, 3"),
    "late_deadlines": ("number, id, due_at", "ORDER BY 1, 2"),
    "outbox": (_MAIL, "ORDER BY key"),
    "tallies": ("status, cases", "WHERE cases <> 0 ORDER BY status"),
}
"""All that a desk comes to, by tables; timers of mail are known by the mail's id, which is chance."""
_DOCUMENTS: Final = frozenset({"data", "state", "texts", "content"})
_MAILS: Final = "SELECT number, message_id, state, sent_at FROM outbox ORDER BY id"


class Queued(NamedTuple):
    """A mail of the outbox, and what became of it."""

    number: int | None
    message_id: str
    state: str
    sent_at: str | None


def length(database: str) -> int:
    """How many events a desk has; its log is seen to be one chain without a gap (AUD-1)."""
    position, digest, seqs = 0, codec.GENESIS, Counter[int | None]()
    with reading(database) as record:
        for position, entry in enumerate(record.events(), 1):
            seqs[entry.number] += 1
            digest = codec.event_digest(digest, entry.number, entry.seq, entry.event)
            assert (entry.position, entry.digest, entry.seq) == (position, digest, seqs[entry.number])
    return position


def differences(one: str, other: str, *, outages: bool = True) -> list[tuple[Row | None, Row | None]]:
    """Where two desks first differ: in events, states, clocks, timers, mails or counts; their ids aside.

    Row by row, as a desk of 100,000 cases has more than fits twice into memory. Without `outages`, since when a
    stage says that there was no tick is left out: another worker's counts as one.
    """
    with closing(_told(one, outages=outages)) as ours, closing(_told(other, outages=outages)) as theirs:
        return list(islice(((mine, its) for mine, its in zip_longest(ours, theirs) if mine != its), 3))


def _told(database: str, *, outages: bool) -> Generator[Row]:
    with reading(database) as record:
        db: Any = getattr(record, "db")  # noqa: B009 - the rooms' connection, on either engine
        for table, (columns, rest) in _TOLD.items():
            names = columns.split(", ")
            for row in stream(db, f"SELECT {columns} FROM {table} {rest}"):
                told = (table, *map(_value, names, row))
                yield told if outages or table != "events" else _without_outage(told)


def _value(name: str, kept: Any) -> Any:
    """A document by what it says: one engine keeps its keys in another order."""
    return json.loads(kept) if name in _DOCUMENTS and kept[:1] == "{" else kept


def _without_outage(told: Row) -> Row:
    *rest, data = told
    return (*rest, {**data, "delayed": True} if "delayed" in data else data)


def numbers(database: str, status: str) -> list[int]:
    """The cases with this status."""
    with reading(database) as record:
        db: Any = getattr(record, "db")  # noqa: B009 - as above
        found = db.execute("SELECT number FROM cases WHERE status = ? ORDER BY number", (status,))
        return [number for (number,) in found.fetchall()]


def said(database: str, number: int) -> list[str | None]:
    """The texts of a case's events, in their order."""
    with reading(database) as record:
        return [entry.event.data.get("text") for entry in record.history(number)]


def mails(database: str) -> list[Queued]:
    """The mails of a desk, in the order in which they were queued."""
    with reading(database) as record:
        db: Any = getattr(record, "db")  # noqa: B009 - as above
        return [Queued(*row) for row in db.execute(_MAILS).fetchall()]


@contextmanager
def reading(database: str) -> Iterator[Reading]:
    """Look at a desk."""
    with closing(open_store(database, create=False)) as store, store.read() as record:
        yield record


def fill_outbox(database: str, at: datetime, mails: int, of_a_case: int) -> dict[str, tuple[int, int]]:
    """Queue mails that may leave by `at`: by their Message-IDs, of which case each is, and its place there."""
    queued: dict[str, tuple[int, int]] = {}
    letters = []
    for step in range(mails):
        # Of one case they stand apart in the queue.
        number, turn = step % (mails // of_a_case) + 1, step // (mails // of_a_case)
        id_ = f"<{step}@queued.example>"
        queued[id_] = number, turn
        before = at - timedelta(hours=1) + timedelta(seconds=turn)
        text = ("Re: Calls", {"said": "Hello"}, id_)
        letters.append(Mail(id_, number, MailKind.ANSWER, "ann@acme.example", *text, before, before, before))
    with closing(open_store(database, create=False)) as store, store.write() as record:
        record.queue(letters)
    return queued


def in_order(queued: Iterable[Queued], came: Mapping[str, Sequence[tuple[int, ...]]]) -> int:
    """See that the mails of each case left in the order in which they were queued; how many cases have several."""
    of_case: dict[int, list[tuple[int, ...]]] = {}
    for mail in queued:
        if mail.number is not None and mail.message_id in came:
            of_case.setdefault(mail.number, []).append(min(came[mail.message_id]))
    assert [number for number, moments in of_case.items() if moments != sorted(moments)] == []
    return sum(len(moments) > 1 for moments in of_case.values())
