"""The home page of a real desk: for each role what needs it next, counted, and no more than a few rows."""

from collections.abc import Iterator
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
    RITA,
    ROSA,
    SAM,
    Office,
    ask,
    propose,
    say,
)
from notation import said, when

from carecli.desk import cases, directory, escalation
from carecli.desk.forecast import PROMISED, promised_next, upcoming
from carecli.desk.home import ROWS, home
from carecli.domain import forecast
from carecli.domain.case import Case
from carecli.domain.escalation import Addressee
from carecli.domain.finding import Scope
from carecli.domain.home import Home, NeedKind, Waiting
from carecli.domain.vocabulary import Priority, Status


def need(page: Home, kind: NeedKind) -> list[int]:
    """The cases of a section, by number; none where it is left out."""
    return [waiting.case.number for one in page.needs if one.kind is kind for waiting in one.waiting]


def answers(page: Home) -> list[Waiting]:
    """What waits for the customer's answer."""
    return [waiting for one in page.needs if one.kind is NeedKind.ANSWER for waiting in one.waiting]


@pytest.fixture
def busy(office: Office) -> Office:
    """Dana's three cases wait for her, Omar's for Customer Care; Harbor has one of its own."""
    for minute, who in enumerate((DANA, DANA, DANA, OMAR, LENA)):
        office.open(f"Mon 09:0{minute}", who, priority=Priority.MEDIUM)
    sam = office.by(SAM, "Mon 10:00")
    propose(office.by(SAM, "Mon 10:30"), 1)
    ask(sam, 2)
    cases.restore(sam, 3, "Calls go over the other trunk.")
    return office


def test_a_contact_sees_what_waits_for_an_answer(busy: Office) -> None:
    """TICK-3 and FIND-1: own cases that wait for an answer, by when time acts on them, each with its command."""
    page = home(busy.by(DANA, "Mon 11:00"))
    told = [
        (w.case.number, w.command, w.coming and f"{said(w.coming.due_at)} {w.coming.effect} {w.coming.stage}")
        for w in answers(page)
    ]
    assert told == [
        (2, "care update 2 -m TEXT", "Wed 10:00 reminder 1"),
        (1, "care accept 1", "Wed 10:30 reminder 1"),
        (3, "care accept 3", None),
    ]
    assert page.counts
    assert {tab.value: count for tab, count in page.counts.items() if count} == {
        "open": 1,
        "awaiting-info": 1,
        "solution-proposed": 1,
        "service-restored": 1,
    }


def test_the_command_answers(busy: Office) -> None:
    """STAT-3: the command that the page names is one that the case takes."""
    dana = busy.by(DANA, "Mon 11:00")
    for waiting in answers(home(dana)):
        assert waiting.command
        _, verb, number, *_ = waiting.command.split()
        getattr(cases, verb)(dana, int(number), "Thank you.")
    assert answers(home(dana)) == []


def test_the_last_stage_is_told_as_the_close(busy: Office) -> None:
    """FU-1: after both reminders the page says when the case closes."""
    for at in ("Wed 10:00", "Wed 10:30", "Mon+1 10:00", "Mon+1 10:30"):
        busy.tick(at)
    first = answers(home(busy.by(DANA, "Mon+1 11:00")))[0]
    assert first.coming
    assert (said(first.coming.due_at), first.coming.effect.value) == ("Mon+2 10:00", "close")


def test_a_contact_sees_what_was_promised(busy: Office) -> None:
    """TICK-3 and DC-3: what is due next on the account's cases, no other account's, and no warning."""
    page = home(busy.by(DANA, "Mon 11:00"))
    assert page.coming
    assert {c.effect.value for c in page.coming} == {"breach"}
    assert {c.case.account for c in page.coming} == {ABC}
    assert [c.case.account for c in home(busy.by(LENA, "Mon 11:00")).coming[:1]] == [HARBOR]


def test_who_may_only_look_is_given_no_command(busy: Office) -> None:
    """DC-1: read-only access sees what waits at the account, and no command that would be refused."""
    page = home(busy.by(ROSA, "Mon 11:00"))
    assert [(w.case.number, w.command) for w in answers(page)] == [(2, None), (1, None), (3, None)]


def test_basic_access_sees_no_case(busy: Office) -> None:
    """DC-1: with basic access there are neither cases nor counts."""
    page = home(busy.by(BOB, "Mon 11:00"))
    assert (page.counts, page.needs, page.coming, page.machinery) == (None, (), (), None)


def test_an_agent_sees_the_own_queue(busy: Office) -> None:
    """FIND-1, SLA-7: breached, warned and answered cases of the own queue, and what the own group has to take."""
    cases.assign(busy.by(SAM, "Mon 11:00"), 2)
    cases.assign(busy.by(SAM, "Mon 11:00"), 4)
    say("Here it is.")(busy.by(DANA, "Mon 12:00"), 2)
    busy.tick("Tue 09:00")
    sam, ben = home(busy.by(SAM, "Tue 09:00")), home(busy.by(BEN, "Tue 09:00"))
    assert need(sam, NeedKind.RESPONDED) == [2]
    assert need(sam, NeedKind.BREACHED) == [4]  # medium of Business Care: answered within 4 business hours
    assert {c.case.number for c in sam.coming} == {2, 4}
    assert sam.machinery is None
    assert need(ben, NeedKind.RESPONDED) == need(ben, NeedKind.BREACHED) == []
    assert need(sam, NeedKind.UNASSIGNED) == need(ben, NeedKind.UNASSIGNED) == [1, 3, 5]
    assert need(home(busy.by(RITA, "Tue 09:00")), NeedKind.UNASSIGNED) == []
    assert sam.counts
    assert sum(sam.counts.values()) == 2


def test_a_warned_clock_is_told_with_its_time(busy: Office) -> None:
    """SLA-7: a clock that stands warned shows, and no longer when it is breached."""
    cases.assign(busy.by(SAM, "Mon 11:00"), 4)
    busy.tick("Mon 12:30")
    (one,) = [one for one in home(busy.by(SAM, "Mon 12:30")).needs if one.kind is NeedKind.WARNED]
    assert one.waiting[0].clock
    assert said(one.waiting[0].clock.due_at) == "Mon 13:03"
    busy.tick("Mon 14:00")
    assert need(home(busy.by(SAM, "Mon 14:00")), NeedKind.WARNED) == []


def test_a_manager_sees_the_whole_desk(busy: Office) -> None:
    """DC-5 and ESC-1: a manager sees everybody's breaches and escalations; only an admin how time and mail run."""
    busy.tick("Tue 12:00")
    page = home(busy.by(MIA, "Tue 12:00"))
    assert need(page, NeedKind.BREACHED) == [4, 5]
    assert page.counts
    assert page.counts[Status.OPEN] == 2
    assert sum(page.counts.values()) == 5
    assert page.machinery is None


def test_the_gravest_is_the_first_to_take(office: Office) -> None:
    """ROUTE-1: of the cases without an owner the gravest come first, then the oldest."""
    for minute, priority in enumerate((Priority.LOW, Priority.HIGH, Priority.MEDIUM, Priority.HIGH)):
        office.open(f"Mon 09:0{minute}", priority=priority)
    assert need(home(office.by(SAM, "Mon 10:00")), NeedKind.UNASSIGNED) == [2, 4, 3, 1]


def test_a_few_rows_and_the_number_of_all(office: Office) -> None:
    """FIND-1: a section shows the first few, counts all, and names the command that lists them."""
    for minute in range(7):
        office.open(f"Mon 09:0{minute}")
        ask(office.by(SAM, f"Mon 10:0{minute}"), minute + 1)
    (mine,) = home(office.by(DANA, "Mon 11:00")).needs
    assert (len(mine.waiting), mine.total) == (ROWS, 7)
    assert mine.command.startswith("care list --status awaiting-info")
    (free,) = home(office.by(SAM, "Mon 11:00")).needs
    assert (len(free.waiting), free.total, free.kind) == (ROWS, 7, NeedKind.UNASSIGNED)


def test_an_admin_sees_whether_time_and_mail_run(busy: Office, tmp_path: Path) -> None:
    """TICK-4 and MAIL-6: a late tick and mail that cannot leave show on an admin's page."""
    busy.tick("Mon 11:00")
    calm = home(busy.by(ADA, "Mon 11:05")).machinery
    assert calm
    assert (said(calm.last_tick_at), calm.late, calm.due_since, calm.mail_waiting) == ("Mon 11:00", False, None, 0)
    (tmp_path / "file").write_text("no directory")
    busy.delivering_to(tmp_path / "file").tick("Wed 10:00")
    late = home(busy.by(ADA, "Fri 11:00")).machinery
    assert late
    assert late.late
    assert late.due_since == home(busy.by(ADA, "Fri 11:00")).coming[0].due_at
    assert late.due_since < when("Fri 11:00")
    assert late.mail_failed == late.mail_waiting > 0


def test_it_writes_nothing(busy: Office) -> None:
    """TICK-2: looking changes nothing, for nobody."""
    before = busy.dump()
    for who in (ADA, MIA, SAM, DANA, ROSA, BOB):
        home(busy.by(who, "Fri 11:00"))
    assert busy.dump() == before


def test_an_escalation_stands_until_it_is_answered(busy: Office) -> None:
    """ESC-1: an escalated case shows to managers, and to its owner, until the manager answers."""
    cases.assign(busy.by(SAM, "Mon 11:00"), 2)
    for number in (2, 4):
        escalation.escalate(busy.by(DANA, "Mon 12:00"), number, "Nobody calls us back, and shops open in an hour.")
    assert need(home(busy.by(MIA, "Mon 13:00")), NeedKind.ESCALATED) == [2, 4]
    assert need(home(busy.by(SAM, "Mon 13:00")), NeedKind.ESCALATED) == [2]
    escalation.answer(busy.by(MIA, "Mon 14:00"), 2, "I called Dana; we work on it until it is done.")
    assert need(home(busy.by(MIA, "Mon 15:00")), NeedKind.ESCALATED) == [4]
    assert need(home(busy.by(SAM, "Mon 15:00")), NeedKind.ESCALATED) == []


def test_escalations_are_few_rows_and_a_number(office: Office) -> None:
    """ESC-1, FIND-1: of the own escalations the longest untouched come first, all are counted, others' are not."""
    for minute in range(8):
        office.open(f"Mon 09:0{minute}")
        cases.assign(office.by(SAM if minute else BEN, "Mon 10:00"), minute + 1)
        escalation.escalate(office.by(DANA, f"Mon 12:0{9 - minute}"), minute + 1, "Nobody calls us back.")
    (told,) = [one for one in home(office.by(SAM, "Mon 13:00")).needs if one.kind is NeedKind.ESCALATED]
    assert ([one.case.number for one in told.waiting], told.total) == ([8, 7, 6, 5, 4], 7)
    assert told.command == "care list --escalated"
    assert need(home(office.by(BEN, "Mon 13:00")), NeedKind.ESCALATED) == [1]


def test_only_what_is_promised_is_looked_at(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """TICK-2: a contact's page works out no case that waits for an answer alone, however many there are."""
    looked: list[int] = []
    known = forecast.coming

    def noted(case: Case, *rest: Any) -> Iterator[forecast.Coming]:
        looked.append(case.number)
        return known(case, *rest)

    monkeypatch.setattr(forecast, "coming", noted)
    dana = busy.by(DANA, "Mon 11:00")
    with dana.reading() as reading:
        told = list(promised_next(dana, reading, Scope()))
    assert set(looked) == {one.case.number for one in told} == {3, 4}
    whole = upcoming(dana, within="90d").coming
    assert set(looked) == {1, 2, 3, 4}
    assert told == [one for one in whole if one.effect in PROMISED]


def test_who_is_addressed_by_name_sees_the_escalation(busy: Office) -> None:
    """ESC-1: a case that is escalated to the account's CXM shows on that person's page, whoever owns it."""
    directory.edit_account(busy.by(ADA, "Mon 11:00"), ABC, add_ons={"cxm": RITA})
    cases.assign(busy.by(SAM, "Mon 11:00"), 2)
    escalation.escalate(busy.by(DANA, "Mon 12:00"), 2, "Nobody calls us back.", to=Addressee.CXM)
    for who, command in ((RITA, "care list --all --escalated"), (SAM, "care list --escalated")):
        (told,) = [one for one in home(busy.by(who, "Mon 13:00")).needs if one.kind is NeedKind.ESCALATED]
        assert ([one.case.number for one in told.waiting], told.total, told.command) == ([2], 1, command)
    assert need(home(busy.by(BEN, "Mon 13:00")), NeedKind.ESCALATED) == []
    escalation.answer(busy.by(RITA, "Mon 14:00"), 2, "I called Dana.")
    assert need(home(busy.by(RITA, "Mon 15:00")), NeedKind.ESCALATED) == []
