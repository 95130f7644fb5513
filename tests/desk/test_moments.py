"""What the desk refuses for its moment or its actor, and what it keeps on record of itself."""

import pytest
from desk_fixtures import ABC, ADA, DANA, SAM, Office

from carecli.desk import cases, directory
from carecli.domain.events import Kind
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
