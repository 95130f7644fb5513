"""Proofs of clocks from a real record: who may see what, and as it stood when (TICK-3, DC-3, SLA-8)."""

import pytest
from desk_fixtures import ABC, ADA, DANA, HOURS, LENA, ROSA, SAM, Office, ask, note, say, yes
from ledger_checker import faults
from notation import when

from carecli.desk import explaining, reading, severity
from carecli.domain.vocabulary import Metric, Priority
from carecli.errors import Invalid, NotFound, NotPermitted
from carecli.render import case_document
from carecli.render.explain_document import explain


def told(office: Office, who: str, number: int, at: str, **how: object) -> dict[str, object]:
    """What `care explain --json` prints."""
    return explain(explaining.explain(office.by(who, at), number, **how))  # type: ignore[arg-type]


def checked(office: Office, who: str, number: int, at: str) -> list[str]:
    """What the checker finds wrong, from the documents alone that this reader gets."""
    desk = office.by(who, at)
    document = told(office, who, number, at)
    with desk.reading() as record:
        calendar, policy = (record.document(str(document[name])) for name in ("calendar", "policy"))
    events = [case_document.event(entry) for entry in reading.log(desk, number)]
    return faults(document, calendar, events, policy)


@pytest.fixture
def number(office: Office) -> int:
    """A case with a note, an answer, a pause and a raise."""
    number = office.open("Mon 09:00", priority=Priority.MEDIUM)
    note("The trunk again.")(office.by(SAM, "Mon 09:30"), number)
    ask(office.by(SAM, "Mon 10:00"), number)
    say("Here it is.")(office.by(DANA, "Tue 14:00"), number)
    severity.change(office.by(SAM, "Tue 15:00"), number, Priority.HIGH, "All sites.", confirm=yes)
    office.tick("Wed 09:00")
    return number


@pytest.mark.parametrize("who", [SAM, DANA, ROSA])
def test_every_reader_can_add_it_up(office: Office, number: int, who: str) -> None:
    """TICK-3: staff and contacts get sums that hold, each from the documents that they may see."""
    assert checked(office, who, number, "Wed 10:00") == []


def test_a_contact_knows_no_note_by_a_gap(office: Office, number: int) -> None:
    """DC-3: events have the numbers of the reader's own log; what is internal has none."""
    for who in (SAM, DANA):
        known = {entry.seq: entry.event.kind for entry in reading.log(office.by(who, "Wed 10:00"), number)}
        clocks = explaining.explain(office.by(who, "Wed 10:00"), number).ledgers
        causes = [line.cause for ledger in clocks for line in ledger.lines if line.cause]
        causes += [ledger.story.origin for ledger in clocks]
        assert causes
        assert all(cause.seq and known[cause.seq] is cause.kind for cause in causes)


def test_another_accounts_case_does_not_exist(office: Office, number: int) -> None:
    """DC-3: another account's case answers as one that does not exist, also in the past."""
    for at in (None, when("2026-03-01 09:00"), when("Mon 12:00")):
        refusals = []
        for asked in (number, 999):
            with pytest.raises(NotFound) as refused:
                explaining.explain(office.by(LENA, "Wed 10:00"), asked, at=at)
            refusals.append(str(refused.value).replace(f"{asked:010}", "N"))
        assert refusals[0] == refusals[1]


def test_one_metric(office: Office, number: int) -> None:
    """TICK-3: `--metric` proves that clock alone."""
    document = told(office, SAM, number, "Wed 10:00", metric=Metric.RESOLUTION)
    assert [clock["metric"] for clock in document["clocks"]] == ["resolution"]  # type: ignore[attr-defined]


def test_as_it_stood(office: Office, number: int) -> None:
    """TICK-3: `--at` proves what was true then: before the raise the old target, in the pause the pause."""
    before = explaining.explain(office.by(SAM, "Wed 10:00"), number, at=when("Tue 14:30"))
    assert str(before.ledgers[1].clock.target) == "5bd"
    assert [line.kind for line in before.ledgers[1].lines if line.part == "used"] == ["open", "paused", "open"]
    paused = explaining.explain(office.by(SAM, "Wed 10:00"), number, at=when("Mon 12:00"))
    assert paused.ledgers[1].clock.paused_at == when("Mon 10:00")
    assert all(ledger.adds_up for ledger in (*before.ledgers, *paused.ledgers))


def test_instants_that_have_no_answer(office: Office, number: int) -> None:
    """TICK-3: the future is refused with what tells of it; before its opening a case was not there."""
    with pytest.raises(Invalid, match="still to come") as refused:
        explaining.explain(office.by(DANA, "Wed 10:00"), number, at=when("Wed 10:00:01"))
    assert "care forecast" in str(refused.value.hint)
    with pytest.raises(NotFound, match="was not there"):
        explaining.explain(office.by(DANA, "Wed 10:00"), number, at=when("Mon 08:59"))


def test_who_may_see_no_case_sees_no_proof(office: Office, number: int) -> None:
    """DC-1: basic access sees no case."""
    with pytest.raises(NotPermitted):
        explaining.explain(office.by("bob@abc.example", "Wed 10:00"), number)


def test_the_pinned_policy_and_calendar_prove_it(office: Office, number: int) -> None:
    """SLA-8: a later edit of hours and policy changes no proof."""
    before = told(office, ADA, number, "Wed 10:00")
    office.setting("Tue 16:00", hours=HOURS._replace(hours="Mon-Sun 06:00-22:00"), policy="process-2025")
    assert told(office, ADA, number, "Wed 10:00") == before
    assert office.case(number).account == ABC
