"""Advisories at a real desk: who is told of them, when, once; who may read them; what verify says of it all."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import (
    ABC,
    ADA,
    BEN,
    BOB,
    DANA,
    HARBOR,
    LENA,
    MIA,
    OMAR,
    ROSA,
    SAM,
    START,
    Office,
    copied,
    plain,
)
from notation import when

from carecli.config import Config
from carecli.desk import complete, directory, doctor
from carecli.desk.advisories import publishing, reading, subscribing
from carecli.desk.desk import Desk
from carecli.desk.home import home
from carecli.domain.advisory import Advisory, AdvisoryFilter, AdvisoryKind, AdvisoryStatus, Draft
from carecli.domain.events import Kind
from carecli.domain.instants import iso
from carecli.domain.outbox import MailKind
from carecli.domain.people import CalendarSpec
from carecli.domain.subscription import Frequency
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused

DROPS = Draft("Calls drop", "One call in five drops.", "Restart the phone.", services=("Voice",))
AT_ONCE, DAILY, WEEKLY = Frequency.AT_ONCE, Frequency.DAILY, Frequency.WEEKLY


def publish(office: Office, at: str, draft: Draft = DROPS, who: str = SAM, **changes: Any) -> Advisory:
    """Announce something."""
    return publishing.announce(office.by(who, at), draft._replace(**changes))


def subscribe(office: Office, at: str, who: str, often: Frequency, *services: str) -> None:
    """Subscribe to all, or to services."""
    subscribing.subscribe(office.by(who, at), often, services)


def told(office: Office) -> list[str]:
    """Every mail of advisories in the outbox, oldest first: when, to whom, of what kind, of which advisories."""
    with office.store.read() as record:
        mails = record.outbox(number=None, states=(), limit=None)
    kinds = {MailKind.ADVISORY: "now", MailKind.DIGEST: "digest", MailKind.ADVISORY_WITHDRAWN: "withdrawn"}
    return [
        f"{mail.queued_at:%a %H:%M} {mail.to.partition('@')[0]} {kinds[mail.kind]} {ids(mail.subject)}"
        for mail in reversed(mails)
        if mail.kind in kinds
    ]


def ids(subject: str) -> str:
    """The advisories that a subject names, by number."""
    return " ".join(word.strip(":,").removeprefix("SA-").lstrip("0") for word in subject.split() if "SA-" in word)


def log(office: Office) -> list[tuple[str, str, str, dict[str, object]]]:
    """What happened to advisories, without the log's own places."""
    with office.store.read() as record:
        return [
            (iso(e.event.at), e.event.actor, e.event.kind, dict(e.event.data))
            for e in record.events()
            if e.number is None and e.event.kind in {Kind.ADVISORY_PUBLISHED, Kind.DIGEST_SENT, Kind.SUBSCRIBED}
        ]


def shown(office: Office, who: str, at: str = "Fri 12:00", **filter_: object) -> list[str]:
    """The advisories that somebody finds, unread ones with a star."""
    found, total = reading.listed(office.by(who, at), AdvisoryFilter(**filter_), limit=50)  # type: ignore[arg-type]
    assert total == len(found)
    return [f"{one.advisory.id}{'*' if one.unread else ''}" for one in found]


@pytest.fixture
def readers(office: Office) -> Office:
    """Omar is told at once, Dana daily, Lena weekly; Rosa of nothing."""
    for who, often in ((OMAR, AT_ONCE), (DANA, DAILY), (LENA, WEEKLY)):
        subscribe(office, "Mon 09:00", who, often)
    return office


# Told once


def test_at_once_daily_weekly(readers: Office) -> None:
    """ADV-1: what is published is told at once, at 08:00 of the next day, or on the next Monday at 08:00."""
    publish(readers, "Mon 10:00")
    publish(readers, "Mon 11:00", title="Queues hang")
    assert told(readers) == ["Mon 10:00 omar now 1", "Mon 11:00 omar now 2"]
    for at in ("Mon 12:00", "Tue 07:59", "Tue 08:00", "Tue 08:01", "Wed 09:00"):
        readers.tick(at)
    assert told(readers)[2:] == ["Tue 08:00 dana digest 1 2"]
    assert readers.tick("Mon+1 08:00").fired == 1
    assert told(readers)[3:] == ["Mon 08:00 lena digest 1 2"]
    assert [sent["To"] for sent in readers.delivered()] == [OMAR, OMAR, DANA, LENA]
    assert readers.differences() == []


def test_where_nothing_is_new_nothing_is_sent(readers: Office) -> None:
    """ADV-1: no mail, no event and no timer tells that nothing is new."""
    assert readers.tick("Tue 08:00").next_due_at is None
    publish(readers, "Tue 09:00")
    assert readers.tick("Tue 10:00").next_due_at == when("Wed 08:00")
    for day in ("Wed", "Thu", "Fri", "Sat", "Sun"):
        assert readers.tick(f"{day} 09:00").fired == (day == "Wed")
    assert readers.tick("Mon+1 09:00").next_due_at is None
    assert told(readers) == ["Tue 09:00 omar now 1", "Wed 08:00 dana digest 1", "Mon 08:00 lena digest 1"]


def test_a_late_tick_writes_what_each_hour_would(template: Config, tmp_path: Path) -> None:
    """TICK-1: a tick each few hours and one after ten days write the same record and the same mails."""

    def played(name: str, hours: int) -> tuple[object, list[str]]:
        (tmp_path / name).mkdir()
        desk = copied(template, tmp_path / name)
        for who, often in ((OMAR, AT_ONCE), (DANA, DAILY), (LENA, WEEKLY)):
            subscribe(desk, "Mon 09:00", who, often)
        acts: dict[str, Callable[[], object]] = {
            "Mon 10:00": lambda: publish(desk, "Mon 10:00"),
            "Wed 10:00": lambda: publish(desk, "Wed 10:00", title="Queues hang"),
            "Thu 10:00": lambda: publishing.edit(desk.by(SAM, "Thu 10:00"), "1", {"text": "More."}, publish=True),
            "Thu+1 12:00": lambda: None,
        }
        at = when("Mon 09:00") + timedelta(hours=hours)
        for moment, act in acts.items():
            while at < when(moment):
                desk.tick(at)
                at += timedelta(hours=hours)
            act()
        desk.tick("Thu+1 12:00")
        assert desk.differences() == []
        digests = [entry for entry in log(desk) if entry[2] == Kind.DIGEST_SENT]
        mails = sorted(told(desk))
        desk.store.close()
        return digests, mails

    often, late = played("often", 7), played("late", 1000)
    assert often == late
    assert [line for line in late[1] if "digest" in line] == [
        "Fri 08:00 dana digest 1",
        "Mon 08:00 lena digest 2 1",
        "Thu 08:00 dana digest 2",
        "Tue 08:00 dana digest 1",
    ]


def test_what_is_over_is_no_news(readers: Office) -> None:
    """ADV-1: a digest leaves out what has ended by its hour, however late the tick; of that alone is no mail."""
    for ends_at, title in (("Tue 07:59", "A"), ("Tue 08:00", "B")):
        publish(readers, "Mon 10:00", title=title, ends_at=when(ends_at))
    publish(readers, "Tue 10:00", title="C", ends_at=when("Wed 08:01"))
    publish(readers, "Wed 10:00", title="D")
    readers.tick("Fri 12:00")
    assert [mail for mail in told(readers) if "dana" in mail] == [
        "Wed 08:00 dana digest 3",
        "Thu 08:00 dana digest 4",
    ]
    readers.tick("Mon+1 09:00")
    assert told(readers)[-1] == "Mon 08:00 lena digest 4"
    assert readers.differences() == []


def test_one_person_is_told_once(office: Office) -> None:
    """ADV-1: of what several subscriptions are about, the soonest tells, and the others are silent."""
    subscribe(office, "Mon 09:00", DANA, WEEKLY)
    subscribe(office, "Mon 09:01", DANA, DAILY, "Voice")
    subscribe(office, "Mon 09:02", DANA, AT_ONCE, "Wallboard")
    publish(office, "Mon 10:00", services=("Voice", "Wallboard"))
    publish(office, "Mon 10:01", services=("Voice",))
    publish(office, "Mon 10:02", services=())
    publish(office, "Tue 10:00", services=("Voice",))
    office.tick("Fri+1 09:00")
    # News of no service concerns whoever is subscribed to any.
    assert told(office) == [
        "Mon 10:00 dana now 1",
        "Mon 10:02 dana now 3",
        "Tue 08:00 dana digest 2",
        "Wed 08:00 dana digest 4",
    ]
    assert office.differences() == []


def test_an_update_is_told_instead(readers: Office) -> None:
    """ADV-1: what is updated before its digest is told once, as it is now; behind it the update is told too."""
    publish(readers, "Mon 10:00")
    publishing.edit(readers.by(SAM, "Mon 12:00"), "SA-1", {"text": "It is one in three."}, publish=True)
    readers.tick("Tue 08:00")
    publishing.edit(readers.by(SAM, "Tue 12:00"), "SA-1", {"text": "It is over."}, publish=True)
    readers.tick("Wed 08:00")
    readers.tick("Mon+1 08:00")
    assert told(readers) == [
        "Mon 10:00 omar now 1",
        "Mon 12:00 omar now 1",
        "Tue 08:00 dana digest 1",
        "Tue 12:00 omar now 1",
        "Wed 08:00 dana digest 1",
        "Mon 08:00 lena digest 1",
    ]
    first, second, third = (
        plain(m) for m in readers.delivered() if "digest" not in m["Subject"] and m["To"] != OMAR
    )
    assert "It is one in three." in first
    assert "One call in five" not in first
    assert "It is over." in second
    assert "It is over." in third
    assert "It is one in three." not in third
    assert readers.differences() == []


def test_a_moment_that_was_turned_back_loses_nothing(readers: Office) -> None:
    """ADV-1: what was published at a moment before the last digest is told by one of its own, as it was missed."""
    publish(readers, "Wed 10:00")
    readers.tick("Thu 09:00")
    publish(readers, "Mon 10:00", title="Told late")
    readers.tick("Thu 09:01")
    assert told(readers)[1:] == ["Thu 08:00 dana digest 1", "Mon 10:00 omar now 2", "Tue 08:00 dana digest 2"]
    assert readers.differences() == []


def test_a_bounded_tick_goes_on(office: Office) -> None:
    """TICK-1: --limit counts digests as timers, and the next tick sends the rest."""
    for who in (DANA, OMAR, ROSA, BOB, LENA):
        subscribe(office, "Mon 09:00", who, DAILY)
    publish(office, "Mon 10:00")
    assert [len(office.tick("Tue 09:00", limit=2).digests) for _ in range(4)] == [2, 2, 1, 0]
    assert len(told(office)) == 5


def test_a_dry_run_tells_and_keeps_nothing(readers: Office) -> None:
    """TICK-2: what a tick would send is shown, and nothing is sent."""
    publish(readers, "Mon 10:00")
    before = readers.dump()
    report = readers.tick("Tue 09:00", dry_run=True)
    assert [(one.person, one.advisories) for one in report.digests] == [(DANA, (1,))]
    assert readers.dump() == before


def test_digests_go_by_the_readers_clock(office: Office) -> None:
    """ADV-1: at 08:00 of the account's zone for contacts, of the desk's for staff, across daylight saving."""
    directory.edit_account(office.by(ADA, START), HARBOR, calendar=CalendarSpec("America/New_York"))
    for who in (LENA, BEN):
        subscribe(office, "Mon 09:00", who, DAILY)
    # New York puts its clocks forward on Sunday 8 March: its 08:00 is 13:00 UTC before, and then 12:00 UTC.
    publish(office, "2026-03-06 20:00")
    publish(office, "2026-03-07 20:00")
    office.tick("2026-03-20 09:00")
    assert sorted(told(office)) == [
        "Sat 08:00 ben digest 1",
        "Sat 13:00 lena digest 1",
        "Sun 08:00 ben digest 2",
        "Sun 12:00 lena digest 2",
    ]


def test_the_policy_sets_hour_and_day(office: Office, tmp_path: object) -> None:
    """ADV-1: a policy file moves the digests; a wrong one is told with its place."""
    policy = f"{tmp_path}/own.toml"
    with open(policy, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name as people give it
        file.write('name = "own"\n[advisories]\ndigest_time = "17:30"\nweekly_on = "fri"\n')
    office.setting("Mon 08:00", policy=policy)
    subscribe(office, "Mon 09:00", DANA, DAILY)
    subscribe(office, "Mon 09:00", LENA, WEEKLY)
    publish(office, "Mon 10:00")
    office.tick("Mon+1 09:00")
    assert told(office) == ["Mon 17:30 dana digest 1", "Fri 17:30 lena digest 1"]
    with open(policy, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write('[advisories]\ndigest_time = "24:00"\nweekly_on = "someday"\n')
    with pytest.raises(Invalid) as refused:
        office.setting("Mon 08:00", policy=policy)
    assert "digest_time" in f"{refused.value.message} {refused.value.hint}"


# Subscriptions as they change


def test_a_changed_subscription_keeps_what_is_owed(readers: Office) -> None:
    """ADV-1: what waits for a digest goes with the new one, or is told at once; nothing is lost or told twice."""
    publish(readers, "Mon 10:00")
    subscribe(readers, "Mon 11:00", DANA, WEEKLY)
    subscribe(readers, "Mon 12:00", LENA, DAILY)
    readers.tick("Tue 09:00")
    assert told(readers) == ["Mon 10:00 omar now 1", "Tue 08:00 lena digest 1"]
    subscribe(readers, "Tue 10:00", DANA, AT_ONCE)
    readers.tick("Mon+1 09:00")
    assert told(readers)[2:] == ["Mon 10:00 dana now 1"]
    assert readers.differences() == []


def test_the_same_again_changes_nothing(readers: Office) -> None:
    """STAT-4: to subscribe as one is subscribed already is no event."""
    before = readers.dump()
    subscribe(readers, "Tue 09:00", DANA, DAILY)
    assert readers.dump() == before


def test_whoever_unsubscribes_is_told_no_more(readers: Office) -> None:
    """ADV-1: an ended subscription takes what it owed along; to end none is told."""
    publish(readers, "Mon 10:00")
    assert subscribing.unsubscribe(readers.by(DANA, "Mon 11:00")) == []
    subscribe(readers, "Mon 11:00", LENA, WEEKLY, "Voice")
    [left] = subscribing.unsubscribe(readers.by(LENA, "Mon 11:01"), ["voice"])
    assert (left.subscription.service, left.next_at) == (None, when("Mon+1 08:00"))
    readers.tick("Mon+1 09:00")
    assert told(readers) == ["Mon 10:00 omar now 1", "Mon 08:00 lena digest 1"]
    with pytest.raises(NotFound):
        subscribing.unsubscribe(readers.by(DANA, "Tue 11:00"))
    assert readers.differences() == []


def test_whose_subscriptions_are_whose(readers: Office) -> None:
    """DC-5 and DC-6: everybody has the own ones, admins those of all; nobody else's are theirs to change."""
    assert {one.person for one in subscribing.listed(readers.by(DANA, "Tue 09:00"))} == {DANA}
    everybody = subscribing.listed(readers.by(ADA, "Tue 09:00"), everybody=True)
    assert [(one.person, one.subscription.frequency) for one in everybody] == [
        (OMAR, AT_ONCE),
        (DANA, DAILY),
        (LENA, WEEKLY),
    ]
    [rosa] = subscribing.subscribe(readers.by(ADA, "Tue 09:00"), DAILY, person=ROSA)
    assert (rosa.person, rosa.zone) == (ROSA, "UTC")
    for who in (OMAR, SAM, MIA):
        with pytest.raises(NotPermitted):
            subscribing.subscribe(readers.by(who, "Tue 09:00"), DAILY, person=DANA)
        with pytest.raises(NotPermitted):
            subscribing.listed(readers.by(who, "Tue 09:00"), everybody=True)
    with pytest.raises(NotFound):
        subscribing.subscribe(readers.by(ADA, "Tue 09:00"), DAILY, person="nobody@x.example")
    for act in (subscribing.subscribe, subscribing.unsubscribe):
        with pytest.raises((NotPermitted, NotFound)):
            act(readers.by("system", "Tue 09:00"), *([DAILY] if act is subscribing.subscribe else []))


def test_who_acts_here_no_more_is_told_no_more(readers: Office) -> None:
    """ADV-1: a contact who was deactivated gets no digest, and the queue does not wait for them."""
    publish(readers, "Mon 10:00")
    directory.deactivate_contact(readers.by(ADA, "Mon 11:00"), DANA)
    publish(readers, "Mon 12:00")
    report = readers.tick("Tue 09:00")
    assert [(one.person, one.advisories) for one in report.digests] == [(DANA, ())]
    assert told(readers) == ["Mon 10:00 omar now 1", "Mon 12:00 omar now 2"]
    assert readers.differences() == []


# Maintenance, withdrawal


def test_maintenance_is_told_to_all_whom_it_concerns(readers: Office) -> None:
    """MNT-1: every Designated Contact of an account with the service, at once, and by no digest again."""
    directory.edit_account(readers.by(ADA, START), ABC, services=["Chat"])
    draft = Draft("Chat is restarted", "Chats end.", kind=AdvisoryKind.MAINTENANCE, services=("Chat",))
    publish(readers, "Mon 10:00", draft, starts_at=when("Mon 22:00"), ends_at=when("Mon 23:00"))
    # Rosa only reads, Lena's account has no Chat.
    assert told(readers) == ["Mon 10:00 dana now 1", "Mon 10:00 omar now 1"]
    readers.tick("Mon+1 09:00")
    assert len(told(readers)) == 2
    [to_dana, _] = readers.delivered()
    assert "From Monday 2 March 2026, 22:00 (UTC) until Monday 2 March 2026, 23:00 (UTC)" in plain(to_dana)
    assert shown(readers, DANA, "Mon 22:59") == ["1*"]
    assert shown(readers, DANA, "Mon 23:00") == []
    assert shown(readers, DANA, "Mon 23:00", over=True) == ["1"]


def test_a_withdrawal_is_told_to_nobody_elses_readers(readers: Office) -> None:
    """DC-3, ADV-1: once it is published for other accounts alone, it is not there for whoever was told before."""
    publish(readers, "Mon 10:00")
    changes = {"title": "Harbor's calls drop", "accounts": (HARBOR,)}
    publishing.edit(readers.by(SAM, "Mon 11:00"), "1", changes, publish=True)
    readers.tick("Mon+1 09:00")
    publishing.withdraw(readers.by(SAM, "Mon+1 10:00"), "1", "Mended.")
    assert told(readers) == ["Mon 10:00 omar now 1", "Mon 08:00 lena digest 1", "Mon 10:00 lena withdrawn 1"]


def test_a_withdrawal_is_told_to_whom_was_told(readers: Office) -> None:
    """ADV-1: whoever had the mail hears of it; a digest that is still to come says nothing of it at all."""
    publish(readers, "Mon 10:00")
    readers.tick("Tue 08:00")
    after = publishing.withdraw(readers.by(SAM, "Tue 10:00"), "1", "Mended.")
    assert (after.status, after.reason) == (AdvisoryStatus.WITHDRAWN, "Mended.")
    readers.tick("Mon+1 09:00")
    assert told(readers) == [
        "Mon 10:00 omar now 1",
        "Tue 08:00 dana digest 1",
        "Tue 10:00 dana withdrawn 1",
        "Tue 10:00 omar withdrawn 1",
    ]
    assert shown(readers, DANA) == []
    for again in (publishing.withdraw, publishing.publish):
        if again is publishing.withdraw:
            with pytest.raises(Refused):
                publishing.withdraw(readers.by(SAM, "Tue 11:00"), "1", "Again.")
    with pytest.raises(Refused):
        publishing.edit(readers.by(SAM, "Tue 11:00"), "1", {"title": "No"})
    assert readers.differences() == []


# Who reads what


def test_what_is_for_others_is_not_there(office: Office) -> None:
    """DC-3: an advisory for others answers exactly as one that does not exist, on every way to it."""
    ada = office.by(ADA, START)
    directory.edit_account(ada, ABC, services=["Chat"])
    publish(office, "Mon 10:00", services=("Chat",))
    publish(office, "Mon 10:01", services=(), accounts=(ABC,))
    publishing.add(office.by(SAM, "Mon 10:02"), DROPS)
    lena, dana = office.by(LENA, "Mon 11:00"), office.by(DANA, "Mon 11:00")
    assert shown(office, LENA) == []
    assert shown(office, DANA) == ["2*", "1*"]
    assert shown(office, SAM) == ["2*", "1*", "3"]
    for id_ in ("1", "2", "3", "9"):
        for ask in (reading.show, lambda desk, id_: reading.read(desk, [id_]), _deflect):
            with pytest.raises(NotFound) as refused:
                ask(lena, id_)
            assert refused.value.message == f"there is no advisory '{id_}'"
    page = home(lena)
    assert page.announcements
    assert (page.announcements.first, page.announcements.total) == ((), 0)
    assert reading.open_for(lena, HARBOR, None) == []
    assert [one.id for one in reading.open_for(office.by(SAM, "Mon 11:00"), HARBOR, None)] == []
    assert [one.id for one in reading.open_for(office.by(SAM, "Mon 11:00"), ABC, "chat")] == [2, 1]
    # Which accounts it is for is nobody's business but the desk's.
    assert reading.show(dana, "2").advisory.text.accounts == ()
    assert reading.show(office.by(SAM, "Mon 11:00"), "2").advisory.text.accounts == (ABC,)
    with pytest.raises(NotFound, match="there is no service 'Chat'"):
        subscribe(office, "Mon 11:00", LENA, DAILY, "Chat")
    with pytest.raises(NotPermitted):
        shown(office, DANA, statuses=(AdvisoryStatus.DRAFT,))


def _deflect(desk: object, id_: str) -> object:
    return reading.deflected(desk, id_, "Calls drop")  # type: ignore[arg-type]


def test_basic_access_reads_advisories(office: Office) -> None:
    """DC-1: whoever sees no cases reads advisories, is told of them, and has them on the home page."""
    subscribe(office, "Mon 09:00", BOB, AT_ONCE)
    publish(office, "Mon 10:00")
    page = home(office.by(BOB, "Mon 11:00"))
    assert page.announcements
    assert (page.announcements.unread, page.counts) == (1, None)
    assert told(office) == ["Mon 10:00 bob now 1"]


def test_a_reseller_reads_for_its_end_users(office: Office) -> None:
    """ACC-5: what is for an end-user's service is there for its parent's Designated Contacts, and told to them."""
    ada = office.by(ADA, START)
    directory.edit_account(ada, HARBOR, services=["Chat"])
    directory.edit_account(ada, HARBOR, parent=ABC)
    subscribe(office, "Mon 09:00", DANA, DAILY, "Chat")
    maintenance = Draft("Chat is down", "Chats end.", kind=AdvisoryKind.MAINTENANCE, services=("Chat",))
    publish(office, "Mon 10:00", maintenance)
    assert told(office) == [f"Mon 10:00 {name} now 1" for name in ("dana", "lena", "omar")]
    assert shown(office, DANA) == ["1*"]
    assert shown(office, ROSA) == []


def test_read_marks(office: Office) -> None:
    """ADV-1: read once is an event once; an update is unread again; what is read comes behind what is not."""
    for title in ("One", "Two", "Three"):
        publish(office, "Mon 10:00", title=title)
    reading.read(office.by(DANA, "Mon 11:00"), ["SA-0003", "3"])
    assert shown(office, DANA) == ["2*", "1*", "3"]
    assert shown(office, OMAR) == ["3*", "2*", "1*"]
    assert shown(office, DANA, unread=True) == ["2*", "1*"]
    publishing.edit(office.by(SAM, "Mon 12:00"), "3", {"text": "More is known."}, publish=True)
    assert shown(office, DANA) == ["3*", "2*", "1*"]
    assert [one.advisory.id for one in reading.read_all(office.by(DANA, "Mon 13:00"))] == [3, 2, 1]
    assert reading.read_all(office.by(DANA, "Mon 13:01")) == []
    with office.store.read() as record:
        reads = [e.event.data for e in record.events() if e.event.kind is Kind.ADVISORY_READ]
    assert [(data["id"], data["place"]) for data in reads] == [(3, 3), (3, 4), (2, 2), (1, 1)]
    with pytest.raises(NotPermitted):
        reading.read(office.by("system", "Mon 13:00"), ["1"])
    assert office.differences() == []


def test_the_home_page_announces(office: Office) -> None:
    """ADV-1: unread ones first, five at most; what was read leaves after a week unless its time is to come."""
    for place in range(6):
        publish(office, "Mon 10:00", title=f"Number {place}")
    ends: dict[str, Any] = {"starts_at": when("Mon+1 20:00"), "ends_at": when("Mon+1 22:00")}
    publish(office, "Mon 10:01", kind=AdvisoryKind.MAINTENANCE, **ends)
    page = home(office.by(DANA, "Mon 11:00")).announcements
    assert page
    assert ([one.advisory.id for one in page.first], page.unread, page.total) == ([7, 6, 5, 4, 3], 7, 7)
    reading.read(office.by(DANA, "Mon 11:00"), ["7", "6"])
    page = home(office.by(DANA, "Mon 12:00")).announcements
    assert page
    assert [(one.advisory.id, one.unread) for one in page.first] == [(n, True) for n in (5, 4, 3, 2, 1)]
    reading.read_all(office.by(DANA, "Mon 12:00"))
    late = home(office.by(DANA, "Mon+1 11:00")).announcements
    assert late
    assert ([one.advisory.id for one in late.first], late.unread, late.total) == ([7], 0, 7)


# Written


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "  "}, "a title has"),
        ({"title": "x" * 201}, "a title has"),
        ({"text": " \n"}, "the text is empty"),
        ({"text": "a\0b"}, "is no text"),
        ({"solution": "a\ud800"}, "is no text"),
        ({"services": ("Nonsense",)}, "no account has a service 'Nonsense'"),
        ({"accounts": ("Nobody Inc",)}, "there is no account 'Nobody Inc'"),
        ({"starts_at": when("Tue 10:00"), "ends_at": when("Tue 10:00")}, "end before it starts"),
    ],
)
def test_what_no_advisory_can_be(office: Office, changes: dict[str, Any], said: str) -> None:
    """ADV-1: a refusal says what is wrong, and nothing is written."""
    before = office.dump()
    with pytest.raises(CareError, match=said):
        publish(office, "Mon 10:00", **changes)
    assert office.dump() == before


def test_only_staff_write(office: Office) -> None:
    """DC-5: contacts and the system write, publish and withdraw nothing."""
    publish(office, "Mon 10:00")
    for who in (DANA, BOB, "system"):
        desk = office.by(who, "Mon 11:00")
        acts: tuple[Callable[[Desk], object], ...] = (
            lambda desk: publishing.add(desk, DROPS),
            lambda desk: publishing.edit(desk, "1", {"title": "Mine"}),
            lambda desk: publishing.publish(desk, "1"),
            lambda desk: publishing.withdraw(desk, "1", "Mine."),
        )
        for act in acts:
            with pytest.raises(NotPermitted):
                act(desk)


def test_a_draft_is_staffs_alone_until_published(office: Office) -> None:
    """ADV-1: names are spelt as the desk has them; a text that waits is not what contacts read."""
    one = publishing.add(office.by(SAM, "Mon 10:00"), DROPS._replace(services=("voice",), accounts=(ABC.upper(),)))
    assert (one.status, one.text.services, one.text.accounts) == (AdvisoryStatus.DRAFT, ("Voice",), (ABC,))
    publishing.publish(office.by(SAM, "Mon 10:01"), "1")
    publishing.edit(office.by(SAM, "Mon 10:02"), "1", {"title": "Secret"})
    assert reading.show(office.by(DANA, "Mon 11:00"), "1").advisory.text.title == "Calls drop"
    assert reading.show(office.by(SAM, "Mon 11:00"), "1").advisory.text.title == "Secret"
    log_length = len(office.dump())
    publishing.publish(office.by(SAM, "Mon 12:00"), "1")
    publishing.publish(office.by(SAM, "Mon 12:01"), "1")
    publishing.edit(office.by(SAM, "Mon 12:02"), "1", {"title": "Secret"})
    assert len(office.dump()) == log_length + 2, "an event and a publication: the same again is nothing"
    over = publishing.add(office.by(SAM, "Mon 10:00"), DROPS._replace(ends_at=when("Mon 12:00")))
    with pytest.raises(Refused, match="ended at"):
        publishing.publish(office.by(SAM, "Mon 12:00"), over.label)


def test_who_publishes_is_told_nothing(office: Office) -> None:
    """ADV-1: people are not told what they did themselves."""
    for who in (SAM, BEN):
        subscribe(office, "Mon 09:00", who, AT_ONCE)
    publish(office, "Mon 10:00", who=SAM)
    assert told(office) == ["Mon 10:00 ben now 1"]


def test_a_case_that_an_advisory_spared_is_counted(office: Office) -> None:
    """OPEN-7: solved by an advisory is an event, counted on it, and takes what no database would."""
    publish(office, "Mon 10:00")
    reading.deflected(office.by(DANA, "Mon 11:00"), "SA-1", "Calls drop\ud800\0" + "x" * 300)
    assert reading.show(office.by(SAM, "Mon 12:00"), "1").advisory.deflected == 1
    assert office.differences() == []
    publishing.withdraw(office.by(SAM, "Mon 13:00"), "1", "Mended.")
    with pytest.raises(Refused):
        reading.deflected(office.by(DANA, "Mon 14:00"), "SA-1", "Calls drop")


def test_offered_before_a_case(office: Office) -> None:
    """OPEN-7: open advisories of the service, and general ones that share words; never news, or what is over."""
    publish(office, "Mon 10:00")
    publish(office, "Mon 10:01", title="Wallboard stands still", text="Figures freeze.", services=("Wallboard",))
    publish(office, "Mon 10:02", title="Calls drop", text="Read this.", services=(), kind=AdvisoryKind.NEWS)
    publish(office, "Mon 10:03", title="Transfer of calls", text="Calls drop on transfer.", services=())
    dana = office.by(DANA, "Mon 11:00")

    def offered(service: str | None, text: str = "Calls drop on transfer", limit: int = 3) -> list[int]:
        return [one.id for one in reading.offered(dana, text, account=ABC, service=service, limit=limit)]

    assert offered("Voice") == [4, 1]
    assert offered("wallboard") == [4, 2]
    assert offered("Voice", "Something else entirely") == [1]
    assert offered("Voice", limit=1) == [4]
    publishing.withdraw(office.by(SAM, "Mon 12:00"), "4", "Mended.")
    assert offered("Voice") == [1]


def test_a_shell_offers_what_its_reader_may_read(office: Office) -> None:
    """DC-3: ids are completed with their titles, those of others' advisories are not there."""
    publish(office, "Mon 10:00", accounts=(ABC,))
    publishing.add(office.by(SAM, "Mon 10:01"), DROPS)

    def offered(who: str | None) -> list[str]:
        config = office.config._replace(actor=who)
        return [f"{one.value} {one.meaning}" for one in complete.candidates(config, "advisory", "sa-")]

    assert offered(DANA) == ["SA-0001 Calls drop"]
    assert offered(SAM) == ["SA-0001 Calls drop", "SA-0002 Calls drop"]
    assert offered(LENA) == offered(None) == []


def test_the_doctor_remembers_what_was_forgotten(office: Office) -> None:
    """AUD-2: how many are open and told of; what has been open for more than 90 days is worth a look."""

    def told_at(at: str) -> list[str]:
        found = doctor.examine(office.by(ADA, at)).findings
        return [one.what for one in found if one.check == "advisories"]

    assert told_at("Mon 09:00") == []
    subscribe(office, "Mon 09:00", DANA, DAILY)
    publish(office, "Mon 10:00")
    assert told_at("Mon 11:00") == ["advisories open: 1; people who are told of them: 1"]
    assert told_at("2026-06-01 10:00") == ["advisories open for more than 90 days: SA-0001"]


# On the record


@pytest.mark.parametrize(
    ("damage", "part"),
    [
        ("UPDATE advisories SET published = document, status = 'draft' WHERE id = 1", "advisory"),
        ("DELETE FROM advisories", "advisory"),
        ("UPDATE advisory_publications SET document = '{}'", "advisory"),
        ("INSERT INTO advisory_reads VALUES ('bob@abc.example', 1, 1)", "advisory"),
        ("DELETE FROM advisory_told", "advisory"),
        ("UPDATE subscriptions SET frequency = 'weekly' WHERE frequency = 'daily'", "advisory"),
        ("DELETE FROM owed_advisories", "advisory"),
        ("UPDATE subscribers SET next_at = NULL", "advisory"),
        ("UPDATE timers SET fires_at = '2030-01-01T00:00:00Z' WHERE kind = 6", "timers"),
        ("DELETE FROM timers WHERE kind = 6", "timers"),
    ],
)
def test_verify_finds_damage(readers: Office, damage: str, part: str) -> None:
    """AUD-1: whatever is derived of advisories is made anew from the events, and compared."""
    publish(readers, "Mon 10:00")
    reading.read(readers.by(DANA, "Mon 11:00"), ["1"])
    assert readers.differences() == []
    db = sqlite3.connect(readers.config.db, isolation_level=None)
    db.execute(damage)
    db.close()
    assert part in {difference.part.value for difference in readers.differences()}


def test_a_case_of_the_same_subject_gets_its_mail_too(readers: Office) -> None:
    """MAIL-5: mails of advisories are no automatic answers, and use up nobody's share of them."""
    for place in range(5):
        publish(readers, "Mon 10:00", title=f"Number {place}")
    with readers.store.read() as record:
        assert record.answers_since(OMAR, when("Mon 00:00")) == []


def test_hostile_words_command_no_terminal(readers: Office) -> None:
    """MAIL-1: escapes in a title or text reach nobody's terminal by mail."""
    publish(readers, "Mon 10:00", title="\x1b]0;owned\x07Calls", text="\x1b[2J[bold]x", solution="=1+1\x9b5m")
    readers.tick("Tue 09:00")
    for mail in readers.delivered():
        text = f"{mail['Subject']}{plain(mail)}"
        assert not any(c in text for c in "\x1b\x07\x9b")
