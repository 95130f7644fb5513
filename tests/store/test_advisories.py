"""Advisories in a store: told by events, read back, their readers' digests in the one queue (ADV-1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from carecli.domain.advisory import AdvisoryStatus, Draft
from carecli.domain.events import Event, Kind
from carecli.domain.instants import iso
from carecli.domain.subscription import Frequency, Owed, Subscription
from carecli.domain.vocabulary import Via, Visibility
from carecli.store.protocol import Store, Writing

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE, LATER = AT + timedelta(hours=23), AT + timedelta(days=7)
TEXT = Draft("Calls drop", "One in five.", services=("Voice",), ends_at=LATER)
DANA = "Dana@abc.example"


def tell(record: Writing, kind: Kind, at: datetime = AT, actor: str = "sam@desk.example", **data: Any) -> None:
    """Take an event in."""
    record.tell_advisory(Event(at, actor, Via.DESK, kind, Visibility.INTERNAL, data))


def publish(record: Writing, place: int, owed: dict[str, list[int]]) -> None:
    """Write a text of advisory 1 and publish it."""
    tell(record, Kind.ADVISORY_WRITTEN, id=1, version=place, text=TEXT._replace(solution=str(place)).document())
    tell(record, Kind.ADVISORY_PUBLISHED, id=1, version=place, place=place, told=[DANA], owed=owed)


@pytest.fixture
def told(store: Store) -> Store:
    """A store with one subscriber and one advisory that a digest owes."""
    with store.write() as record:
        assert (record.next_advisory(), record.next_publication(), record.next_subscriber()) == (1, 1, 1)
        tell(record, Kind.SUBSCRIBED, subscriber=1, person=DANA, service=None, frequency="daily", owed=[], told=[])
        publish(record, 1, {iso(DUE): [1]})
    return store


def test_what_events_tell_is_read_back(told: Store) -> None:
    """ADV-1: the advisory, its publication, who was told and who is owed it."""
    with told.read() as record:
        one = record.advisory(1)
        assert one
        assert (one.status, one.place, one.published) == (AdvisoryStatus.PUBLISHED, 1, TEXT._replace(solution="1"))
        [publication] = record.publications([1, 2])
        assert (publication.text, publication.update) == (one.published, False)
        assert record.told_of_advisory(1) == ["dana@abc.example"]
        known = record.subscriber("DANA@abc.example")
        assert known
        assert known.subscriptions == (Subscription(None, Frequency.DAILY, AT),)
        assert record.owed_advisories(1) == [Owed(1, DUE)]
        assert record.advisory(2) is None
        assert record.subscriber("omar@abc.example") is None


def test_a_digest_waits_in_the_one_queue(told: Store) -> None:
    """TICK-1: its timer stands while anything is owed; no timer of a case is among those that are due."""
    with told.write() as record:
        assert record.next_due(AT) == DUE
        assert record.digests_due(DUE - timedelta(seconds=1), 9) == []
        [(fires_at, subscriber)] = record.digests_due(DUE, 9)
        assert (fires_at, subscriber.person) == (DUE, DANA)
        assert record.due(LATER, 9) == []
        tell(record, Kind.DIGEST_SENT, DUE, subscriber=1, person=DANA, due_at=iso(DUE), places=[1], told=[1])
        assert (record.next_due(AT), record.owed_advisories(1)) == (None, [])


def test_an_update_takes_the_place_of_what_is_owed(told: Store) -> None:
    """ADV-1: what a digest would have told is told once, with the latest text; a withdrawal takes it away."""
    with told.write() as record:
        publish(record, 2, {iso(DUE): [1]})
        assert record.owed_advisories(1) == [Owed(2, DUE)]
        assert [(one.place, one.update) for one in record.publications([1, 2])] == [(1, False), (2, True)]
        tell(record, Kind.ADVISORY_WITHDRAWN, id=1, reason="Mended.", told=[])
        assert (record.owed_advisories(1), record.next_due(AT)) == ([], None)


def test_read_marks_and_what_is_open(told: Store) -> None:
    """ADV-1: read by one and unread by another; open until its end, to the second."""
    with told.write() as record:
        tell(record, Kind.ADVISORY_READ, actor=DANA, id=1, place=1)
        for who, unread in (("dana@abc.example", False), ("omar@abc.example", True)):
            assert [one.unread for one in record.published_advisories(who, AT)] == [unread]
            assert [one.unread for one in record.advisories(who, 1)] == [unread]
        assert record.published_advisories(DANA, LATER) == []
        assert len(record.published_advisories(DANA, LATER - timedelta(seconds=1))) == 1
        publish(record, 2, {})
        assert [one.unread for one in record.advisories(DANA)] == [True]


def test_damage_is_raised(told: Store) -> None:
    """AUD-1: an event that cannot follow is no silent change."""
    with told.write() as record, pytest.raises(LookupError):
        tell(record, Kind.ADVISORY_PUBLISHED, id=9, version=1, place=5, told=[], owed={})
