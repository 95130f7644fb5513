"""Working on a case on a real desk: answers, severity, updates, closing and reopening."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import BEN, DANA, LENA, OMAR, ROSA, SAM, Office, ask, note, propose, say, yes
from engine import open_store
from notation import when

from carecli.desk import cases, reading, severity
from carecli.desk.desk import Desk
from carecli.desk.severity import ClockChange
from carecli.domain.clock import ClockState
from carecli.domain.events import Kind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, Metric, Priority, Via
from carecli.errors import CareError, Invalid, NotPermitted, Refused


@pytest.mark.parametrize(
    ("request_", "before"), [(ask, "awaiting-info"), (propose, "solution-proposed")], ids=["ask", "propose"]
)
def test_a_contacts_update_answers_a_request(office: Office, request_: Any, before: str) -> None:
    """STAT-3: a contact's update on Awaiting Info or Solution Proposed sets Open / Customer Responded."""
    number = office.open("Mon 09:00")
    request_(office.by(SAM, "Mon 10:00"), number)
    assert office.case(number).status == before
    note("Thinking.")(office.by(SAM, "Mon 10:30"), number)
    assert office.case(number).status == before
    say("Here it is.")(office.by(OMAR, "Mon 11:00"), number)
    assert office.case(number).standing == ("open", "customer-responded")
    assert office.case(number).followup is None


def test_a_contact_accepts_or_rejects(office: Office) -> None:
    """STAT-3: accept closes as Resolved, reject sets Open / Customer Responded; staff do neither by themselves."""
    number = office.open("Mon 09:00")
    propose(office.by(SAM, "Mon 10:00"), number)
    for act in (cases.accept, cases.reject):
        with pytest.raises(NotPermitted):
            act(office.by(SAM, "Mon 10:30"), number)
    cases.reject(office.by(DANA, "Mon 11:00"), number, "Still broken.")
    assert office.case(number).standing == ("open", "customer-responded")
    with pytest.raises(Refused) as error:
        cases.accept(office.by(DANA, "Mon 11:30"), number)
    assert error.value.rule == "STAT-4"
    assert "update" in str(error.value.hint)
    propose(office.by(SAM, "Mon 12:00"), number)
    cases.accept(office.by(OMAR, "Mon 13:00"), number)
    assert office.case(number).standing == ("closed", "resolved")
    assert office.case(number).closed_by == OMAR


def test_every_change_is_one_event_with_who_when_and_through_what(office: Office) -> None:
    """STAT-4: each command leaves one event of its own; a refused one leaves the database as it was."""
    number = office.open("Mon 09:00")
    say("Working on it.")(office.by(SAM, "Mon 10:00"), number)
    cases.update(office.by(SAM, "Mon 11:00"), number, "Called in.", via=Via.PHONE, contact=OMAR)
    told = [(e.event.actor, e.event.via, e.event.data.get("logged_by")) for e in office.history(number)]
    assert told[0] == (DANA, Via.PORTAL, None)
    assert told[1] == (SAM, Via.DESK, None)
    assert told[-1] == (OMAR, Via.PHONE, SAM)
    before = office.dump()
    refusals: list[Callable[[Desk], object]] = [
        lambda d: cases.accept(d, number),
        lambda d: cases.reject(d, number),
        lambda d: cases.reopen(d, number, "Again."),
        lambda d: cases.close(d, number, substatus="redirected"),
        lambda d: cases.update(d, number, "   "),
        lambda d: cases.update(d, number, "x\0y"),
        lambda d: cases.ask(d, number, "What?"),
    ]
    for refused in refusals:
        with pytest.raises(CareError):
            refused(office.by(DANA, "Mon 12:00"))
    assert office.dump() == before


def test_a_contact_who_wants_another_priority_is_told_how(office: Office) -> None:
    """SEV-1: only staff set the severity; a contact is told what to do instead."""
    number = office.open("Mon 09:00")
    with pytest.raises(NotPermitted) as error:
        severity.change(office.by(DANA, "Mon 10:00"), number, Priority.CRITICAL, "Please.", confirm=yes)
    assert error.value.rule == "SEV-1"
    assert "care " in str(error.value.hint)
    assert "call" in str(error.value.hint)
    with pytest.raises(Refused, match="already"):
        severity.change(office.by(SAM, "Mon 10:00"), number, Priority.HIGH, "Same.", confirm=yes)
    with pytest.raises(Invalid):
        severity.change(office.by(SAM, "Mon 10:00"), number, Priority.LOW, " ", confirm=yes)


def test_old_and_new_due_times_are_shown_before_a_priority_changes(office: Office) -> None:
    """SEV-1 and SLA-5: the confirmation sees each clock's old and new due time."""
    number = office.open("Mon 09:00")
    seen: list[ClockChange] = []

    def confirm(changes: list[ClockChange]) -> bool:
        seen.extend(changes)
        return True

    severity.change(office.by(SAM, "Mon 10:00"), number, Priority.CRITICAL, "All calls now.", confirm=confirm)
    assert [(c.metric, c.before, c.after, c.breaches) for c in seen] == [
        (Metric.RESPONSE, when("Mon 11:00"), when("Mon 10:15"), False),
        (Metric.RESTORATION, when("Wed 09:00"), when("Mon 14:00"), False),
        (Metric.RESOLUTION, when("Mon+3 09:00"), when("Mon+3 09:00"), False),
    ]
    event = office.history(number)[-1].event
    assert (event.kind, event.data["text"], event.data["was"]) == (Kind.PRIORITY_CHANGED, "All calls now.", "high")


def test_a_raise_that_breaches_at_once_needs_a_confirmation(office: Office, tmp_path: Path) -> None:
    """SLA-5: with sla.raise_base = from-open a raise can breach at once; unconfirmed nothing is changed."""
    (tmp_path / "p.toml").write_text('name = "p"\n[sla]\nraise_base = "from-open"\n')
    office.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    number = office.open("Mon 09:00")
    before = office.dump()
    desk = office.by(SAM, "Mon 10:00")
    with pytest.raises(Refused) as error:
        severity.change(desk, number, Priority.CRITICAL, "Now.", confirm=lambda c: not any(x.breaches for x in c))
    assert error.value.rule == "SLA-5"
    assert office.dump() == before
    severity.change(desk, number, Priority.CRITICAL, "Now.", confirm=yes)
    office.tick("Mon 10:01")
    clock = office.clock(number, Metric.RESPONSE)
    # A quarter of an hour from the opening; but nothing is breached in the past by a raise.
    assert (clock.state, clock.breached_at) == (ClockState.BREACHED, when("Mon 10:00"))
    assert office.differences() == []


def test_others_work_while_a_confirmation_is_thought_over(office: Office) -> None:
    """SLA-5 and TICK-1: a person who reads the question about a priority keeps nobody from writing."""
    number = office.open("Mon 09:00")

    def confirm(_: list[ClockChange]) -> bool:
        other = open_store(office.config.db, busy_s=0.2)
        try:
            with other.write():
                return True
        finally:
            other.close()

    severity.change(office.by(SAM, "Mon 10:00"), number, Priority.CRITICAL, "Now.", confirm=confirm)


def test_updates_are_newest_first_and_open_cases_only(office: Office) -> None:
    """UPD-1: updates are listed newest first; a closed case takes neither update nor note."""
    number = office.open("Mon 09:00")
    for hour, text in ((10, "one"), (11, "two"), (12, "three")):
        say(text)(office.by(DANA, f"Mon {hour}:00"), number)
    texts = [e.event.data.get("text") for e in reading.show(office.by(DANA, "Mon 13:00"), number).updates]
    assert texts[:3] == ["three", "two", "one"]
    cases.close(office.by(DANA, "Mon 14:00"), number)
    for who, act in ((DANA, say("More.")), (SAM, say("More.")), (SAM, note("More."))):
        with pytest.raises(Refused) as error:
            act(office.by(who, "Mon 15:00"), number)
        assert "reopen" in str(error.value.hint)


def test_modified_at_is_the_last_public_update(office: Office) -> None:
    """UPD-1: notes, hand-overs, warnings and breaches do not move modified_at; public updates do."""
    number = office.open("Mon 09:00")
    note("Inside.")(office.by(SAM, "Mon 10:00"), number)
    cases.assign(office.by(SAM, "Mon 10:30"), number)
    office.tick("Tue 09:00")
    assert office.case(number).modified_at == when("Mon 09:00")
    assert {e.event.kind for e in office.history(number)} >= {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED}
    say("Outside.")(office.by(SAM, "Tue 10:00"), number)
    assert office.case(number).modified_at == when("Tue 10:00")


def test_a_caller_is_a_designated_contact_of_the_account(office: Office) -> None:
    """UPD-1: staff log a caller's act for a Designated Contact of that account, by default the case's."""
    number = office.open("Mon 09:00")
    for caller in (LENA, ROSA, "who@abc.example"):
        with pytest.raises(CareError):
            cases.update(office.by(SAM, "Mon 10:00"), number, "Hello.", via=Via.PHONE, contact=caller)
    with pytest.raises(Invalid):
        cases.update(office.by(SAM, "Mon 10:00"), number, "Hello.", contact=DANA)
    with pytest.raises(Invalid):
        cases.update(office.by(DANA, "Mon 10:00"), number, "Hello.", via=Via.PHONE)
    cases.update(office.by(SAM, "Mon 10:00"), number, "Hello.", via=Via.PHONE)
    assert office.history(number)[-1].event.actor == DANA
    # A caller's words are no answer by staff.
    assert office.clock(number, Metric.RESPONSE).met_at is None


def test_either_side_closes(office: Office) -> None:
    """CLOSE-1: a Designated Contact closes at any time, staff with a sub-status and a reason to redirect."""
    one, two, three = (office.open("Mon 09:00") for _ in range(3))
    cases.close(office.by(OMAR, "Mon 10:00"), one)
    assert (office.case(one).standing, office.case(one).closed_by) == (("closed", "cancelled"), OMAR)
    with pytest.raises(Invalid, match="reason"):
        cases.close(office.by(SAM, "Mon 10:00"), two, substatus="redirected")
    cases.close(office.by(SAM, "Mon 10:00"), two, "To the carrier.", substatus="redirected")
    assert office.case(two).standing == ("closed", "redirected")
    # Silence is no attainment (SLA-3).
    assert {c.state for c in office.case(two).clocks} == {ClockState.CANCELLED}
    propose(office.by(SAM, "Mon 10:00"), three)
    cases.close(office.by(DANA, "Mon 11:00"), three)
    assert office.case(three).standing == ("closed", "resolved")
    with pytest.raises(Refused):
        cases.close(office.by(DANA, "Mon 12:00"), three)


def test_a_case_reopens_for_thirty_days_on_new_information(office: Office) -> None:
    """REO-1: to the second 30 days after closing a case may be reopened, then a new case follows it."""
    number, late = office.open("Mon 09:00"), office.open("Mon 09:00")
    closed = when("Mon 10:00")
    for case in (number, late):
        cases.close(office.by(DANA, closed), case)
    with pytest.raises(Invalid):
        cases.reopen(office.by(DANA, "Mon 11:00"), number, "  ")
    last = closed + timedelta(days=30)
    with pytest.raises(Refused) as error:
        cases.reopen(office.by(DANA, last + timedelta(seconds=1)), late, "It is back.")
    assert error.value.rule == "REO-1"
    assert f"--follows {late:010d}" in str(error.value.hint)
    cases.reopen(office.by(DANA, last), number, "It is back.")
    assert office.case(number).standing == ("open", "customer-responded")
    assert (office.case(number).closed_at, office.case(number).closed_by) == (None, None)
    assert office.clock(number, Metric.RESPONSE).cycle == 2


def test_what_auto_follow_up_closed_is_reopened_on_the_phone_only(office: Office) -> None:
    """REO-2: a case closed by auto follow-up is reopened by a call, on record as the caller's, logged by staff."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), number)
    for day in ("Wed 10:00", "Mon+1 10:00", "Mon+2 10:00"):
        office.tick(day)
    assert office.case(number).closed_by == AUTO_FOLLOW_UP
    after_a_call = f"after the caller's call: care reopen {number:010d} --via phone -m TEXT"
    for who, remedy in ((DANA, "call +1 555 010 0100; Customer Care then reopens it"), (SAM, after_a_call)):
        with pytest.raises(Refused) as error:
            cases.reopen(office.by(who, "Tue+2 09:00"), number, "Back.")
        assert (error.value.rule, "phone" in error.value.message) == ("REO-2", True)
        assert error.value.hint == remedy
    cases.reopen(office.by(BEN, "Tue+2 10:00"), number, "It is back.", via=Via.PHONE, contact=OMAR)
    event = office.history(number)[-1].event
    assert (event.kind, event.actor, event.via, event.data["logged_by"]) == (Kind.REOPENED, OMAR, Via.PHONE, BEN)


def test_the_policy_may_keep_resolved_cases_closed(office: Office) -> None:
    """REO-2: reopen.refuse_resolved gives the guide's older rule."""
    office.setting("Mon 08:00", policy="guide")
    number = office.open("Mon 09:00")
    cases.close(office.by(SAM, "Mon 10:00"), number, "Done.")
    with pytest.raises(Refused) as error:
        cases.reopen(office.by(DANA, "Mon 11:00"), number, "Back.")
    assert error.value.rule == "REO-2"
    json.dumps(error.value.document())


def test_a_command_dated_before_the_last_event_does_not_turn_time_back(office: Office) -> None:
    """STAT-4: a command dated before a case's last event is refused, or leaves the record sane."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Wed 10:00"), number)
    try:
        say("Earlier than the question.")(office.by(DANA, "Tue 10:00"), number)
    except CareError:
        return
    clock = office.clock(number, Metric.RESTORATION)
    assert all(since <= until for since, until in clock.holes)
    assert office.case(number).modified_at == when("Wed 10:00")
    assert office.differences() == []
