"""What the desk refuses for its moment or its actor, and what it keeps on record of itself."""

from datetime import UTC, datetime

import pytest
import time_machine
from desk_fixtures import ABC, ADA, DANA, SAM, Office

from carecli.desk import cases, directory
from carecli.desk.desk import open_desk
from carecli.domain.events import Kind
from carecli.domain.people import CalendarSpec
from carecli.errors import NotPermitted, Refused


def test_nothing_happens_to_a_case_before_it_was_opened(office: Office) -> None:
    """STAT-4: a command whose moment lies before the opening is refused, and nothing is recorded."""
    number = office.open("Mon 09:00")
    before = len(office.history(number))
    with pytest.raises(Refused) as refusal:
        cases.update(office.by(SAM, "Mon 08:59"), number, "Too early.")
    assert "2026-03-02T09:00:00Z" in refusal.value.message
    assert len(office.history(number)) == before


def test_contacts_of_a_deactivated_account_act_no_more(office: Office) -> None:
    """ACC-4: a deactivated account's contacts are nobody here, and its cases stay."""
    number = office.open("Mon 09:00")
    directory.edit_account(office.by(ADA, "Mon 10:00"), ABC, active=False)
    with pytest.raises(NotPermitted):
        office.by(DANA, "Mon 11:00")
    assert office.case(number).account == ABC


def test_policies_and_calendars_are_on_the_record(office: Office) -> None:
    """SLA-8: the documents that cases are pinned to stand in the log, each once, under their hashes."""
    first, second = office.open("Mon 09:00"), office.open("Mon 10:00")
    with office.store.read() as record:
        added = [e.event.data for e in record.events() if e.event.kind is Kind.DOCUMENT_ADDED]
    digests = [data["digest"] for data in added]
    assert sorted(digests) == sorted(set(digests))
    for number in (first, second):
        assert {office.case(number).policy, office.case(number).calendar} <= set(digests)


def test_the_present_is_read_once_and_in_whole_seconds(office: Office) -> None:
    """CAL-3: without a given moment the desk reads the clock when it opens, in UTC, and keeps to it."""
    moment = datetime(2026, 3, 2, 9, 30, 15, 999_999, tzinfo=UTC)
    with (
        time_machine.travel(moment, tick=False) as clock,
        open_desk(office.config, actor=SAM) as desk,
    ):
        clock.shift(3600)
        assert desk.now == datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)


def test_a_moment_is_read_in_the_actors_zone(office: Office) -> None:
    """CAL-3: a moment without a zone is meant in the actor's zone, a contact's account first."""
    spec = CalendarSpec(timezone="Asia/Kathmandu")
    directory.edit_account(office.by(ADA, "Mon 09:00"), ABC, calendar=spec)
    asked: list[str] = []

    def now(zone: str) -> datetime:
        asked.append(zone)
        return datetime(2026, 3, 2, 9, tzinfo=UTC)

    for who in (DANA, SAM):
        with open_desk(office.config, actor=who, now=now):
            pass
    assert asked == ["Asia/Kathmandu", "UTC"]
