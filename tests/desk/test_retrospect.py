"""The desk as it stood: what readers saw then, they see again (TICK-3)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, DANA, LENA, OMAR, SAM, Office, ask, note, numbers, propose, say, yes
from notation import when

from carecli.desk import cases, directory, explaining, reading, retrospect, severity
from carecli.desk import tick as ticking
from carecli.desk.desk import Desk
from carecli.domain.vocabulary import Access, Priority
from carecli.errors import Invalid, NotFound, NotPermitted
from carecli.render import case_document, tick_document
from carecli.render.explain_document import explain

Looked = dict[str, Any]


def restore(desk: Desk, number: int) -> Any:
    """The service works again."""
    return cases.restore(desk, number, "It works again.")


def raised(desk: Desk, number: int) -> Any:
    """A graver severity."""
    return severity.change(desk, number, Priority.CRITICAL, "All sites.", confirm=yes)


def reopened(desk: Desk, number: int) -> Any:
    """The case goes on."""
    return cases.reopen(desk, number, "It is back.")


STORY: tuple[tuple[str, str, int, Callable[[Desk, int], Any]], ...] = (
    ("Mon 09:30", SAM, 1, note("The trunk again.")),
    ("Mon 10:00", SAM, 1, ask),
    ("Mon 16:00", DANA, 1, say("Here is the trace.")),
    ("Tue 10:00", SAM, 2, say("We look into it.")),
    ("Tue 11:00", SAM, 1, raised),
    ("Tue 14:00", SAM, 1, restore),
    ("Wed 10:00", SAM, 2, propose),
    ("Thu 09:00", DANA, 1, lambda desk, number: cases.reject(desk, number, "It dropped again.")),
    ("Fri 15:00", SAM, 1, lambda desk, number: cases.close(desk, number, "Done.")),
    ("Mon+1 12:00", DANA, 1, reopened),
)
"""Case 1 is Dana's, case 2 Lena's, who never answers: auto follow-up closes it in the end."""


def punctual(office: Office, until: datetime) -> None:
    """A tick at every due time, so that each event is recorded when it happens."""
    while True:
        with office.store.read() as record:
            due = record.next_due(until)
        if due is None or due > until:
            return
        office.tick(due)


def played(office: Office) -> Iterator[datetime]:
    """Let the story happen; stops at the moments behind each act and between the acts."""
    office.open("Mon 09:00")
    office.open("Mon 09:05", LENA, priority=Priority.MEDIUM, subject="The wallboard is late")
    for at, who, number, act in STORY:
        moment = when(at)
        yield from _stops(office, moment - timedelta(minutes=20))
        punctual(office, moment)
        act(office.by(who, moment), number)
        yield from _stops(office, moment)
    yield from _stops(office, when("Mon+4 09:00"))


def _stops(office: Office, moment: datetime) -> Iterator[datetime]:
    punctual(office, moment)
    yield moment


def looked(desk: Desk, at: datetime | None = None) -> Looked:
    """All that a reader can see of the desk, now or as it stood."""
    found: Looked = {}
    for number in (1, 2):
        try:
            view = reading.show(desk, number) if at is None else retrospect.show(desk, number, at)
            found[f"show {number}"] = case_document.case(view)
            log = reading.log(desk, number, at)
            found[f"log {number}"] = [case_document.event(entry) for entry in log]
            found[f"explain {number}"] = explain(explaining.explain(desk, number, at=at))
        except NotFound as refused:
            found[f"show {number}"] = str(refused)
    if at is None:
        return found | listed(desk)
    with retrospect.whole(desk, at) as past:
        return found | listed(past)


def listed(desk: Desk) -> Looked:
    """Lists, searches and a tick's dry run."""
    pages = {
        "list": reading.list_cases(desk, group=desk.actor.is_contact, everything=True),
        "open": reading.list_cases(desk, group=desk.actor.is_contact),
        "search": reading.search(desk, "trace"),
        "notes": reading.search(desk, "trunk"),
    }
    found: Looked = {
        name: case_document.case_page(page, [case_document.case_row(view) for view in page.views])
        for name, page in pages.items()
    }
    if desk.actor.email == ADA:
        report = tick_document.tick(ticking.tick(desk, dry_run=True))
        # Ticks that find nothing leave no trace: when the last one was is not known of the past.
        del report["last_tick_at"]
        found["tick"] = report
    return found


def test_what_was_seen_is_seen_again(office: Office) -> None:
    """TICK-3: show, log, explain, list, search and a dry run of the past are what they were, for each reader."""
    people = (ADA, DANA, LENA)
    seen = [(at, who, looked(office.by(who, at))) for at in played(office) for who in people]
    assert len(seen) == len(people) * (2 * len(STORY) + 1)
    kept = office.dump()
    for at, who, then in seen:
        assert looked(office.by(who, "Mon+5 09:00"), at) == then, (at, who)
    assert office.dump() == kept


def test_events_tell_by_their_own_times(office: Office) -> None:
    """TICK-3, FU-4: what a late tick recorded stands from its due time on, as a punctual one would have it."""
    number = office.open("Mon 09:00")
    office.tick("Mon 15:00")
    for at, state in (("Mon 10:59", "running"), ("Mon 11:00", "breached")):
        view = retrospect.show(office.by(SAM, "Mon 16:00"), number, when(at))
        assert view.state["clocks"][0]["state"] == state


def test_a_clock_that_was_set_back(office: Office) -> None:
    """TICK-3: of events recorded out of order, those with earlier times are told, by their own numbers."""
    number = office.open("Mon 09:00")
    say("Later.")(office.by(SAM, "Mon 12:00"), number)
    note("Earlier.")(office.by(SAM, "Mon 10:00"), number)
    desk = office.by(SAM, "Mon 13:00")
    assert [entry.seq for entry in reading.log(desk, number, when("Mon 11:00"))] == [1, 2, 3, 6]
    assert retrospect.show(desk, number, when("Mon 11:00")).state["clocks"][0]["met_at"] is None
    with retrospect.whole(desk, when("Mon 11:00")) as past:
        assert numbers(past, everything=True) == [number]


def test_breaches_that_no_tick_had_told_of(office: Office) -> None:
    """TICK-2: a dry run of the past calls new what came after the last tick, where that is known."""
    office.open("Mon 09:00")
    office.open("Tue 09:00")
    office.tick("Mon 12:00")
    office.tick("Tue 10:00")
    say("We look into it.")(office.by(SAM, "Tue 12:00"), 2)
    ada = office.by(ADA, "Wed 08:00")
    with retrospect.whole(ada, when("Tue 13:00")) as past:
        report = ticking.tick(past, dry_run=True)
    assert report.last_tick_at == when("Tue 10:00")
    assert [(breach.number, breach.new) for breach in report.breaches] == [(1, False)]
    restore(office.by(SAM, "Wed 09:30"), 1)
    with retrospect.whole(office.by(ADA, "Wed 10:00"), when("Mon 11:30")) as past:
        report = ticking.tick(past, dry_run=True)
    assert (report.last_tick_at, report.fired) == (when("Mon 11:00"), 0)
    assert [(breach.number, breach.overdue_s, breach.new) for breach in report.breaches] == [(1, 1800, False)]


def test_the_rights_are_those_of_today(office: Office) -> None:
    """TICK-3, DC-1: who may look back, and at what, goes by the present record."""
    office.open("Mon 09:00")
    directory.edit_contact(office.by(ADA, "Tue 09:00"), OMAR, access_level=Access.BASIC)
    omar = office.by(OMAR, "Tue 10:00")
    with pytest.raises(NotPermitted):
        retrospect.show(omar, 1, when("Mon 10:00"))
    with pytest.raises(NotPermitted), retrospect.whole(omar, when("Mon 10:00")):
        pass


def test_a_contacts_past_holds_the_own_account_alone(office: Office) -> None:
    """DC-3: what is folded again for a contact are cases of the own account."""
    office.open("Mon 09:00")
    office.open("Mon 09:10", LENA)
    with retrospect.whole(office.by(DANA, "Tue 10:00"), when("Mon 10:00")) as past, past.reading() as record:
        assert record.told_cases() == [1]
    with retrospect.whole(office.by(SAM, "Tue 10:00"), when("Mon 09:05")) as past:
        assert [view.state["account"] for view in reading.list_cases(past, everything=True).views] == [ABC]


def test_before_everything_and_after_now(office: Office) -> None:
    """TICK-3: before its first event the desk is empty; the future is refused."""
    office.open("Mon 09:00")
    desk = office.by(SAM, "Mon 10:00")
    with retrospect.whole(desk, when("2020-01-01 00:00")) as past:
        assert reading.list_cases(past, everything=True).total == 0
        assert ticking.tick(past.acting(office.by(ADA, "Mon 10:00").actor), dry_run=True).next_due_at is None
    with pytest.raises(Invalid, match="still to come"), retrospect.whole(desk, when("Mon 10:00:01")):
        pass
    with pytest.raises(Invalid, match="still to come"):
        retrospect.show(desk, 1, when("Mon 10:00:01"))
