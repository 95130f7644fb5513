"""Advisories as their events add up to them, who has read them, and who is owed them by a digest (ADV-1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.store.codec import canonical, folded
from carecli.store.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.domain.advisory import Advisory, Announced, Publication
    from carecli.domain.events import Event
    from carecli.domain.subscription import Owed, Subscriber

_COLUMNS: Final = (
    "a.id, a.status, a.version, a.document, a.author, a.editor, a.created_at, a.updated_at, a.published,"
    " a.published_version, a.published_at, a.place, a.withdrawn_at, a.reason, a.deflected"
)
_NAMES: Final = tuple(name.strip().removeprefix("a.") for name in _COLUMNS.split(","))
_SELECT: Final = f"SELECT {_COLUMNS} FROM advisories AS a"  # noqa: S608 - names from this program
_AS_READ: Final = (
    f"SELECT {_COLUMNS}, coalesce(r.place, 0) < a.place FROM advisories AS a"  # noqa: S608 - as above
    " LEFT JOIN advisory_reads AS r ON r.person = ?1 AND r.id = a.id"
)
_PUT: Final = (
    f"INSERT INTO advisories VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - as above
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _NAMES[1:])}"
)
_READ: Final = (
    "INSERT INTO advisory_reads VALUES (?, ?, ?) ON CONFLICT (person, id) DO UPDATE SET place = excluded.place"
)
_SUBSCRIBE: Final = (
    "INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?) ON CONFLICT (subscriber, topic)"
    " DO UPDATE SET service = excluded.service, frequency = excluded.frequency, since = excluded.since"
)
_PUBLISHED: Final = (
    "SELECT p.place, p.id, p.version, p.at, p.document,"
    " EXISTS (SELECT 1 FROM advisory_publications AS o WHERE o.id = p.id AND o.place < p.place)"
    " FROM advisory_publications AS p WHERE p.place IN (SELECT value FROM json_each(?)) ORDER BY p.place"
)


class AdvisoryReading(Session):
    """Advisories and their readers (ADV-1)."""

    def advisory(self, id_: int) -> Advisory | None:
        """An advisory."""
        row = self.db.execute(f"{_SELECT} WHERE a.id = ?", (id_,)).fetchone()
        return None if row is None else _advisory(row)

    def advisories(self, person: str, id_: int | None = None) -> list[Announced]:
        """Every advisory or one, and whether somebody has read it; unread first, then the latest published."""
        which, asked = ("WHERE TRUE", ()) if id_ is None else ("WHERE a.id = ?2", (id_,))  # type: str, tuple[int, ...]
        order = "ORDER BY 16 DESC NULLS LAST, coalesce(a.place, 9e18) DESC, a.id DESC"
        return _announced(self.db.execute(f"{_AS_READ} {which} {order}", (folded(person), *asked)))

    def published_advisories(self, person: str, now: datetime) -> list[Announced]:
        """Those that are open at an instant, and whether somebody has read them; unread ones first."""
        ending = "a.published ->> 'ends_at'"
        which = f"WHERE a.status = 'published' AND ({ending} IS NULL OR {ending} > ?2)"
        rows = self.db.execute(
            f"{_AS_READ} {which} ORDER BY 16 DESC NULLS LAST, a.place DESC", (folded(person), iso(now))
        )
        return _announced(rows)

    def publications(self, places: Iterable[int]) -> list[Publication]:
        """What was published at these places, in their order."""
        rows = self.db.execute(_PUBLISHED, (canonical(list(places)),))
        return [_publication(row) for row in rows]

    def told_of_advisory(self, id_: int) -> list[str]:
        """Whom mail has told of an advisory, by address."""
        return self.column("SELECT person FROM advisory_told WHERE id = ? ORDER BY person", (id_,))

    def subscribers(self) -> list[Subscriber]:
        """Everybody who is subscribed to anything."""
        return self._subscribers("WHERE TRUE")

    def subscriber(self, person: str) -> Subscriber | None:
        """Somebody's subscriptions; also of those who had some, with none."""
        found = self._subscribers("WHERE b.person = ?", folded(person))
        if found:
            return found[0]
        from carecli.domain.subscription import Subscriber

        id_ = self.one("SELECT id FROM subscribers WHERE person = ?", (folded(person),))
        return None if id_ is None else Subscriber(id_, person, ())

    def owed_advisories(self, subscriber: int) -> list[Owed]:
        """What digests still have to tell somebody."""
        from carecli.domain.subscription import Owed

        which = "SELECT place, due_at FROM owed_advisories WHERE subscriber = ? ORDER BY place"
        return [Owed(place, instant(due_at)) for place, due_at in self.db.execute(which, (subscriber,))]

    def digests_due(self, at: datetime, limit: int) -> list[tuple[datetime, Subscriber]]:
        """The first digests that are due, in the order of the queue."""
        rows = self.db.execute(
            "SELECT t.fires_at, b.id, b.address FROM timers AS t JOIN subscribers AS b ON b.id = t.cycle"
            " WHERE t.kind = 6 AND t.fires_at <= ? ORDER BY t.fires_at, t.cycle LIMIT ?",
            (iso(at), limit),
        )
        from carecli.domain.subscription import Subscriber

        return [(instant(fires_at), Subscriber(id_, address, ())) for fires_at, id_, address in rows]

    def _subscribers(self, which: str, *asked: str) -> list[Subscriber]:
        from carecli.domain.subscription import Frequency, Subscriber, Subscription

        rows = self.db.execute(
            "SELECT b.id, b.address, s.service, s.frequency, s.since FROM subscribers AS b"  # noqa: S608 - no input
            f" JOIN subscriptions AS s ON s.subscriber = b.id {which} ORDER BY b.id, s.topic",
            asked,
        )
        found: dict[int, Subscriber] = {}
        for id_, address, service, frequency, since in rows:
            one = Subscription(service, Frequency(frequency), instant(since))
            known = found.get(id_, Subscriber(id_, address, ()))
            found[id_] = known._replace(subscriptions=(*known.subscriptions, one))
        return [*found.values()]


class AdvisoryWriting(AdvisoryReading):
    """Advisories, as they change."""

    def next_advisory(self) -> int:
        """The next id of an advisory; none is ever given twice, as none is deleted."""
        return int(self.one("SELECT coalesce(max(id), 0) + 1 FROM advisories"))

    def next_publication(self) -> int:
        """The place of the next publication."""
        return int(self.one("SELECT coalesce(max(place), 0) + 1 FROM advisory_publications"))

    def next_subscriber(self) -> int:
        """The next id of a subscriber; none is ever given twice, as none is deleted."""
        return int(self.one("SELECT coalesce(max(id), 0) + 1 FROM subscribers"))

    def tell_advisory(self, event: Event) -> None:
        """Take an event into what is derived of advisories; raises LookupError or ValueError for damage."""
        from carecli.domain import advisory
        from carecli.domain.events import Kind

        data = event.data
        if event.kind is Kind.SUBSCRIBED:
            self._subscribed(event)
        elif event.kind is Kind.DIGEST_SENT:
            self._digested(event)
        elif event.kind is Kind.ADVISORY_READ:
            row = (folded(event.actor), data["id"], data["place"])
            self.db.execute(_READ, row)
        else:
            id_ = data["advisory"] if event.kind is Kind.DEFLECTED else data["id"]
            after = advisory.after(self.advisory(id_), event)
            self.db.execute(_PUT, _row(after))
            if event.kind is Kind.ADVISORY_PUBLISHED:
                self._published(after, event)
            elif event.kind is Kind.ADVISORY_WITHDRAWN:
                self._owe(self._owing(id_))

    def _published(self, after: Advisory, event: Event) -> None:
        data = event.data
        # A digest that is still to come tells of the latest text alone; one that is late tells of what was due.
        touched = self._owing(after.id, event.at)
        row = (data["place"], after.id, after.version, iso(event.at), canonical(after.text.document()))
        self.db.execute("INSERT INTO advisory_publications VALUES (?, ?, ?, ?, ?)", row)
        owed = [(id_, data["place"], due_at) for due_at, ids in data["owed"].items() for id_ in ids]
        self.db.executemany("INSERT INTO owed_advisories VALUES (?, ?, ?)", owed)
        self._told(after.id, data["told"])
        self._owe([*touched, *(id_ for id_, _, _ in owed)])

    def _subscribed(self, event: Event) -> None:
        data = event.data
        id_, service = data["subscriber"], data["service"]
        self.db.execute(
            "INSERT INTO subscribers (id, person, address) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (id_, folded(data["person"]), data["person"]),
        )
        if data["frequency"] is None:
            gone = "DELETE FROM subscriptions WHERE subscriber = ? AND topic = ?"
            self.db.execute(gone, (id_, folded(service or "")))
        else:
            row = (id_, folded(service or ""), service, data["frequency"], iso(event.at))
            self.db.execute(_SUBSCRIBE, row)
        self.db.execute("DELETE FROM owed_advisories WHERE subscriber = ?", (id_,))
        owed = [(id_, place, due_at) for place, due_at in data["owed"]]
        self.db.executemany("INSERT INTO owed_advisories VALUES (?, ?, ?)", owed)
        for advisory, _ in data["told"]:
            self._told(advisory, [data["person"]])
        self._owe([id_])

    def _digested(self, event: Event) -> None:
        data = event.data
        for place in data["places"]:
            gone = "DELETE FROM owed_advisories WHERE subscriber = ? AND place = ?"
            self.db.execute(gone, (data["subscriber"], place))
        for id_ in data["told"]:
            self._told(id_, [data["person"]])
        self._owe([data["subscriber"]])

    def _told(self, id_: int, people: Iterable[str]) -> None:
        rows = [(id_, folded(person)) for person in people]
        self.db.executemany("INSERT INTO advisory_told VALUES (?, ?) ON CONFLICT DO NOTHING", rows)

    def _owing(self, id_: int, after: datetime | None = None) -> list[int]:
        """Take what digests behind an instant, or all, still owed of an advisory away; from whom."""
        which = "FROM owed_advisories WHERE place IN (SELECT place FROM advisory_publications WHERE id = ?)"
        asked: tuple[int | str, ...] = (id_,)
        if after:
            which, asked = f"{which} AND due_at > ?", (id_, iso(after))
        touched = self.column(f"SELECT subscriber {which}", asked)
        self.db.execute(f"DELETE {which}", asked)
        return touched

    def _owe(self, subscribers: Iterable[int]) -> None:
        """Set the timers of these subscribers to what they are owed first; a trigger keeps the queue."""
        self.db.execute(
            "UPDATE subscribers SET next_at ="
            " (SELECT min(due_at) FROM owed_advisories AS o WHERE o.subscriber = subscribers.id)"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (canonical(sorted(set(subscribers))),),
        )


def _row(advisory: Advisory) -> tuple[Any, ...]:
    published = advisory.published
    return (
        advisory.id,
        advisory.status.value,
        advisory.version,
        canonical(advisory.text.document()),
        advisory.author,
        advisory.editor,
        iso(advisory.created_at),
        iso(advisory.updated_at),
        canonical(published.document()) if published else None,
        advisory.published_version,
        iso_or_none(advisory.published_at),
        advisory.place,
        iso_or_none(advisory.withdrawn_at),
        advisory.reason,
        advisory.deflected,
    )


def _advisory(row: Sequence[Any]) -> Advisory:
    # Imported here, as above: what is on the way of every command reads no advisory.
    from carecli.domain.advisory import Advisory, AdvisoryStatus, from_document

    id_, status, version, document, author, editor, created_at, updated_at, published, *rest = row
    published_version, published_at, place, withdrawn_at, reason, deflected = rest
    return Advisory(
        id=id_,
        version=version,
        status=AdvisoryStatus(status),
        text=from_document(json.loads(document)),
        author=author,
        editor=editor,
        created_at=instant(created_at),
        updated_at=instant(updated_at),
        published=from_document(json.loads(published)) if published else None,
        published_version=published_version,
        published_at=instant_or_none(published_at),
        place=place,
        withdrawn_at=instant_or_none(withdrawn_at),
        reason=reason,
        deflected=deflected,
    )


def _announced(rows: Iterable[Sequence[Any]]) -> list[Announced]:
    from carecli.domain.advisory import Announced

    return [Announced(_advisory(row[:-1]), bool(row[-1])) for row in rows]


def _publication(row: Sequence[Any]) -> Publication:
    from carecli.domain.advisory import Publication, from_document

    place, id_, version, at, document, update = row
    return Publication(place, id_, version, instant(at), from_document(json.loads(document)), bool(update))
