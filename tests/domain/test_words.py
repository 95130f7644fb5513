"""Numbers, instants, people and calendars, written down and read back (OPEN-1, FIND-3, CAL-3, ACC-2..4)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none, whole_seconds
from carecli.domain.numbers import LARGEST, parse_number, written
from carecli.domain.people import Account, CalendarSpec, Contact, Deployment, Service, Staff
from carecli.domain.vocabulary import Access, Plan, Role
from carecli.errors import Invalid


@pytest.mark.parametrize("text", ["0000000042", "42", "#42", " 42 ", "#0000000042", "042"])
def test_a_case_number_is_read_in_every_form(text: str) -> None:
    """FIND-3: a number is found with or without zeros or `#`."""
    assert parse_number(text) == 42


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "0",
        "0000000000",
        "-42",
        "+42",
        "4 2",
        "42a",
        "4.2",
        "1e3",
        "0x2a",
        "##42",
        "12345678901",
        "00000000042",
        "\N{ARABIC-INDIC DIGIT FOUR}\N{ARABIC-INDIC DIGIT TWO}",
        "\N{SUPERSCRIPT TWO}",
        "x" * 100_000,
    ],
)
def test_what_is_no_case_number(text: str) -> None:
    """FIND-3: anything else is refused in one short message."""
    with pytest.raises(Invalid) as refusal:
        parse_number(text)
    assert len(refusal.value.message) < 100


@given(number=st.integers(1, LARGEST))
def test_a_case_number_has_ten_digits(number: int) -> None:
    """OPEN-1: a number is written with ten digits, zero-padded, and read back the same."""
    assert len(written(number)) == 10
    assert parse_number(written(number)) == parse_number(f"#{number}") == number


@given(at=st.datetimes(timezones=st.just(UTC)), offset=st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_written_in_utc(at: datetime, offset: int) -> None:
    """CAL-3: an instant is written in UTC to the second, whatever zone it was given in, and read back the same."""
    try:
        there = at.astimezone(timezone(timedelta(minutes=offset)))
    except OverflowError:
        return
    assert iso(there) == iso(at)
    assert len(iso(at)) == len("2026-03-02T14:30:00Z")
    assert instant(iso(there)) == whole_seconds(at)
    assert whole_seconds(there).utcoffset() == timedelta(0)


def test_no_instant() -> None:
    """CAL-3: nothing is written as nothing."""
    assert iso_or_none(None) is None
    assert instant_or_none(None) is None
    assert instant_or_none(iso_or_none(datetime(2026, 3, 2, tzinfo=UTC))) == datetime(2026, 3, 2, tzinfo=UTC)


SPEC = CalendarSpec("Europe/Madrid", "Mon-Thu 08:00-16:00", "ES-MD", ("2026-05-02",))
ACCOUNT = Account(
    "ABC Testing Co",
    Plan.BUSINESS_CARE,
    SPEC,
    (Deployment("West", (Service("Voice", "Voice", ("IVR", "Queues")),)), Deployment("East")),
    {"cxm": "kim@desk.example"},
    "eve@desk.example",
    "sue@desk.example",
)


def test_an_account_survives_being_written_down() -> None:
    """ACC-2: an account's plan, add-ons, people, deployments and services are read back as they were written."""
    assert Account.from_document(ACCOUNT.document()) == ACCOUNT
    assert Account.from_document(Account("Small Co", Plan.CARE).document()) == Account("Small Co", Plan.CARE)


@pytest.mark.parametrize("active", [True, False])
def test_people_survive_being_written_down(active: bool) -> None:
    """ACC-4: contacts and staff are read back as they were written, the deactivated too, and hold no PIN."""
    contact = Contact("lee@abc.example", "Lee", ACCOUNT.name, Access.READ_ONLY, True, "+1 555", active)
    staff = Staff("sam@desk.example", "Sam", Role.MANAGER, "Voice", active)
    assert Contact.from_document(contact.document()) == contact
    assert Staff.from_document(staff.document()) == staff
    assert not any("pin" in key for key in contact.document())


DESK = CalendarSpec("UTC", "Mon-Fri 09:00-17:00", "US", ("2026-12-24",))
OVER = [
    # the account's own, and what it comes to over the desk's
    (CalendarSpec(), DESK),
    (CalendarSpec(timezone="Europe/Madrid"), CalendarSpec("Europe/Madrid", DESK.hours, "US", DESK.close_on)),
    (CalendarSpec(hours="24x7"), CalendarSpec("UTC", "24x7", "US", DESK.close_on)),
    # no holidays is a wish of its own
    (CalendarSpec(holidays=""), CalendarSpec("UTC", DESK.hours, "", DESK.close_on)),
    (CalendarSpec(close_on=("2026-05-02",)), CalendarSpec("UTC", DESK.hours, "US", ("2026-05-02", "2026-12-24"))),
]


@pytest.mark.parametrize(("own", "whole"), OVER)
def test_a_calendar_defaults_to_the_desks(own: CalendarSpec, whole: CalendarSpec) -> None:
    """ACC-3: what an account's calendar leaves open is the desk's, part by part."""
    assert own.over(DESK) == whole
    assert CalendarSpec.from_document(own.document()) == own
