"""When digests are due, by the reader's own clock, and how soon each publication is told (ADV-1)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import advisory_relevance, subscription
from carecli.domain.advisory import Draft, Publication
from carecli.domain.instants import instant, iso
from carecli.domain.subscription import Frequency, Slots, Subscriber, Subscription
from carecli.errors import Invalid

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VOICE = Draft("Calls drop", "One call in five drops on transfer.", services=("Voice",))
ALL = Draft("New release", "It comes on Monday.")


@pytest.mark.parametrize(
    ("zone", "hour", "frequency", "after", "due"),
    [
        # Madrid puts its clocks forward on Sunday 29 March 2026: 08:00 is 07:00 UTC before, then 06:00 UTC.
        ("Europe/Madrid", "08:00", Frequency.DAILY, "2026-03-27T09:00:00Z", "2026-03-28T07:00:00Z"),
        ("Europe/Madrid", "08:00", Frequency.DAILY, "2026-03-28T07:30:00Z", "2026-03-29T06:00:00Z"),
        ("Europe/Madrid", "08:00", Frequency.WEEKLY, "2026-03-23T07:00:00Z", "2026-03-30T06:00:00Z"),
        # New York skips 02:00 to 03:00 on Sunday 8 March 2026: 02:30 falls at 03:30, which is 07:30 UTC.
        ("America/New_York", "02:30", Frequency.DAILY, "2026-03-07T08:00:00Z", "2026-03-08T07:30:00Z"),
        ("America/New_York", "02:30", Frequency.DAILY, "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"),
        # It repeats 01:00 to 02:00 on Sunday 1 November 2026: 01:30 counts the first time alone, at 05:30 UTC.
        ("America/New_York", "01:30", Frequency.DAILY, "2026-10-31T06:00:00Z", "2026-11-01T05:30:00Z"),
        ("America/New_York", "01:30", Frequency.DAILY, "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"),
        # Before the hour of the day itself, and at it: what is published then waits for the next one.
        ("UTC", "08:00", Frequency.DAILY, "2026-03-02T07:59:59Z", "2026-03-02T08:00:00Z"),
        ("UTC", "08:00", Frequency.DAILY, "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z"),
        ("UTC", "08:00", Frequency.WEEKLY, "2026-03-02T08:00:00Z", "2026-03-09T08:00:00Z"),
        # In Auckland it is Tuesday already.
        ("Pacific/Auckland", "08:00", Frequency.WEEKLY, "2026-03-02T18:00:00Z", "2026-03-08T19:00:00Z"),
        # Samoa had no 30 December 2011: its 08:00 and that of the 31st are one instant.
        ("Pacific/Apia", "08:00", Frequency.DAILY, "2011-12-29T18:00:00Z", "2011-12-30T18:00:00Z"),
        ("Pacific/Apia", "08:00", Frequency.DAILY, "2011-12-30T18:00:00Z", "2011-12-31T18:00:00Z"),
    ],
)
def test_the_next_digest(zone: str, hour: str, frequency: Frequency, after: str, due: str) -> None:
    """ADV-1: a digest is due at the policy's hour in the reader's zone, whatever its clocks do."""
    assert iso(Slots(hour, "mon", zone).next(frequency, instant(after))) == due


@given(
    start=st.integers(0, 200_000_000).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    zone=st.sampled_from(["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    hour=st.sampled_from(["00:00", "01:30", "02:15", "08:00", "23:59"]),
)
def test_one_a_day(start: datetime, zone: str, hour: str) -> None:
    """ADV-1: whatever the clocks do, each local day has one digest, and the next is always behind the last."""
    slots, at, days = Slots(hour, "mon", zone), start, []
    for _ in range(10):
        following = slots.next(Frequency.DAILY, at)
        assert timedelta(0) < following - at <= timedelta(hours=26)
        at = following
        days.append(at)
    gaps = [later - earlier for earlier, later in pairwise(days)]
    assert all(timedelta(hours=22) < gap < timedelta(hours=26) for gap in gaps)


def test_an_unknown_zone_is_refused() -> None:
    """CAL-4: a zone that nobody knows is a message, no traceback."""
    with pytest.raises(Invalid, match="no known time zone"):
        Slots("08:00", "mon", "Mars/Base").next(Frequency.DAILY, NOW)


def subscriber(**often: Frequency) -> Subscriber:
    """Somebody with subscriptions by service, `all` standing for all of them."""
    named = [(None if name == "all" else name, frequency) for name, frequency in often.items()]
    return Subscriber(1, "dana@abc.example", tuple(Subscription(name, how, NOW) for name, how in named))


@pytest.mark.parametrize(
    ("who", "text", "frequency"),
    [
        (subscriber(voice=Frequency.DAILY), VOICE, Frequency.DAILY),
        (subscriber(chat=Frequency.DAILY), VOICE, None),
        (subscriber(chat=Frequency.DAILY), ALL, Frequency.DAILY),
        (subscriber(all=Frequency.WEEKLY), VOICE, Frequency.WEEKLY),
        (subscriber(all=Frequency.WEEKLY, voice=Frequency.DAILY), VOICE, Frequency.DAILY),
        (subscriber(all=Frequency.AT_ONCE, voice=Frequency.DAILY), VOICE, Frequency.AT_ONCE),
        (subscriber(), ALL, None),
    ],
)
def test_the_soonest_subscription_counts(who: Subscriber, text: Draft, frequency: Frequency | None) -> None:
    """ADV-1: whatever somebody is subscribed to in several ways is told once, as the soonest of them says."""
    assert who.frequency(text) is frequency


def test_a_digest_tells_each_advisory_once() -> None:
    """ADV-1: of an advisory that was published twice the latest text is told, in the place of the latest."""
    first, other = (Publication(place, id_, 1, NOW, ALL, update=False) for place, id_ in ((1, 1), (2, 2)))
    again = Publication(3, 1, 2, NOW, VOICE, update=True)
    assert subscription.ordered([again, other, first]) == [other, again]


def test_which_open_advisories_are_offered() -> None:
    """OPEN-7: those of the case's service by the words they share, others where they share two telling words."""
    text = "Calls drop\nEvery third call drops when it is transferred to another queue."
    far = Draft("Wallboard frozen", "The figures stand still.", services=("Voice",))
    shared = Draft("Calls and queues", "Calls drop for everybody.")
    found = [(name, draft) for name, draft in (("far", far), ("all", ALL), ("near", VOICE), ("shared", shared))]
    assert advisory_relevance.ranked(found, text, "Voice") == ["near", "shared", "far"]
    assert advisory_relevance.ranked(found, "", "Voice") == ["far", "near"]
    assert advisory_relevance.ranked(found, text, None) == ["near", "shared"]
