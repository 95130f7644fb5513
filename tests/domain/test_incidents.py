"""Incidents: declared, restored, their post-mortem and reports in time, their actions watched (INC-1..3)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from notation import CONTACT, DANA, STAFF, TEXT, Desk, history, rules, when

from carecli.domain import incident_wish, incidents, lifecycle
from carecli.domain.case import Case
from carecli.domain.deadline import Deadline
from carecli.domain.events import Event, Kind
from carecli.domain.incident import Affected, Incident
from carecli.domain.incident_affected import affect as affected
from carecli.domain.incident_report import BACK, Report, Sources, report, without_names
from carecli.domain.vocabulary import CaseType
from carecli.errors import Invalid, Refused

ABC, HARBOR, MILL = "ABC Testing Co", "Harbor Clinic", "Mill & Sons"
LONDON = rules(zone="Europe/London", closed=("2026-04-03", "2026-04-06"))
"""With Good Friday and Easter Monday; the clocks go forward on Sunday, 29 March 2026."""


def of(desk: Desk) -> Incident:
    """The incident that the case is."""
    assert desk.case.incident is not None
    return desk.case.incident


def act(desk: Desk, at: str, decide: Callable[[Case, datetime], Event]) -> Desk:
    """Run a command at a time."""
    moment = when(at, desk.zone)
    desk.command(moment, lambda case: decide(case, moment))
    return desk


def declare(desk: Desk, at: str, started: str | None = None, restored: str | None = None) -> Desk:
    """Make the case an incident."""
    began = when(started, desk.zone) if started else desk.case.opened_at
    back = when(restored, desk.zone) if restored else None
    return act(desk, at, lambda case, now: incidents.declare(case, began, back, STAFF, now))


def ask(desk: Desk, at: str, account: str = ABC, text: str | None = None) -> Desk:
    """Ask for a report."""
    number = 42 if account == ABC else None
    return act(desk, at, lambda case, now: incidents.request_report(case, account, number, text, CONTACT, now))


def hold(desk: Desk, at: str) -> Desk:
    """Hold the post-mortem."""
    return act(desk, at, lambda case, now: incidents.hold_post_mortem(case, None, "A full disk.", STAFF, now))


def affect(desk: Desk, at: str, account: str) -> Desk:
    """Link an account without a case as affected."""
    return act(desk, at, lambda case, now: affected(case, Affected(account, None, now), "Calls drop", "", STAFF))


def send(desk: Desk, at: str, account: str = ABC) -> Desk:
    """Send a report."""
    return act(
        desk, at, lambda _, now: incidents.send_report(account, None, (), "It is over.", STAFF, now, public=False)
    )


def told(desk: Desk) -> list[str]:
    """The deadlines in a few words."""
    return [_told(desk, one) for one in desk.case.deadlines]


def _told(desk: Desk, one: Deadline) -> str:
    ends = {"met": one.met_at, "missed": one.missed_at}
    ended = "".join(f", {name} {desk.said(at)}" for name, at in ends.items() if at)
    about = f" {one.about}" if one.about else ""
    return f"{one.kind}{about} by {desk.said(one.due_at)}{ended}{', cancelled' if one.cancelled else ''}"


def test_a_support_case_becomes_an_incident() -> None:
    """INC-1: staff turn a support case into an incident; its clocks go on as they were (SLA-2)."""
    desk = history("Mon 09:00 opened high")
    clocks = desk.case.clocks
    declare(desk, "Mon 10:00", started="Mon 08:30")
    assert (desk.case.type, desk.case.clocks, desk.standing) == (CaseType.INCIDENT, clocks, "open/new")
    assert (of(desk).declared_at, of(desk).started_at) == (when("Mon 10:00"), when("Mon 08:30"))
    assert told(desk) == []


def test_what_becomes_no_incident() -> None:
    """INC-1: not another type of case, not a closed one, not one twice, and none that begins in the future."""
    request = history("Mon 09:00 opened high", type_=CaseType.SERVICE_REQUEST)
    with pytest.raises(Refused, match="only a support case becomes an incident"):
        declare(request, "Mon 10:00")
    closed = history("Mon 09:00 opened high", "Mon 09:30 closed")
    with pytest.raises(Refused, match="closed"):
        declare(closed, "Mon 10:00")
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    with pytest.raises(Refused, match="an incident already"):
        declare(desk, "Mon 11:00")
    with pytest.raises(Invalid, match="in the future"):
        declare(history("Mon 09:00 opened high"), "Mon 10:00", started="Mon 10:01")


def test_the_post_mortem_is_due_two_business_days_after_the_restoration() -> None:
    """INC-2: over the change to summer time, at the same time of the wall clock; the tick tells what is missed."""
    # Restored on Friday, 27 March, at 16:30 GMT: Monday the 30th and Tuesday the 31st, 16:30 BST.
    desk = declare(history("2026-03-27 09:00 opened high", under=LONDON, zone="Europe/London"), "2026-03-27 10:00")
    desk.play("2026-03-27 16:30 restored")
    assert [one.due_at for one in desk.case.deadlines] == [when("2026-03-31 15:30")]
    desk.tick(when("2026-03-31 15:29"))
    assert desk.case.deadlines[0].missed_at is None
    desk.tick(when("2026-04-01 09:00"))
    assert desk.case.deadlines[0].missed_at == when("2026-03-31 15:30")
    hold(desk, "2026-04-01 11:00")
    assert desk.case.deadlines[0].met_at == when("2026-04-01 10:00")
    late = next(event for event in desk.events if event.kind is Kind.DEADLINE_MET)
    assert late.data["left_s"] == -18.5 * 3600


def test_the_report_is_due_three_business_days_after_the_post_mortem() -> None:
    """INC-2: for who asked, over the Easter holidays; nobody is sent one who did not ask."""
    desk = declare(history("2026-03-27 09:00 opened high", under=LONDON, zone="Europe/London"), "2026-03-27 10:00")
    affect(desk, "2026-03-27 11:00", HARBOR)
    ask(desk, "2026-03-27 12:00")
    desk.play("2026-03-27 16:30 restored")
    # Held on Wednesday, 1 April, at 15:00 BST: Thursday, then behind Good Friday, the week-end and Easter Monday
    # Tuesday the 7th and Wednesday the 8th, 15:00 BST.
    hold(desk, "2026-04-01 15:00")
    assert [(one.kind, one.about, one.due_at) for one in desk.case.deadlines[1:]] == [
        ("incident-report", ABC, when("2026-04-08 14:00"))
    ]
    # Who asks after the post-mortem has it as long after the request.
    ask(desk, "2026-04-02 10:00", HARBOR)
    assert desk.case.deadlines[-1].due_at == when("2026-04-09 09:00")
    send(desk, "2026-04-08 14:30")
    assert [one.met_at for one in desk.case.deadlines[1:]] == [when("2026-04-08 13:30"), None]
    assert of(desk).waiting(ABC) is None
    assert of(desk).waiting(HARBOR) is not None


def test_the_close_starts_the_post_mortem_where_nothing_was_restored() -> None:
    """INC-2: an end as Resolved counts as normal again, by whomever; one as cancelled or redirected does not."""
    for line in ("Mon 12:00 closed", "Mon 12:00 accepted"):
        desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
        desk.play("Mon 11:00 proposed")
        assert told(desk) == []
        desk.play(line)
        assert told(desk) == ["post-mortem by Wed 12:00"]
    for end in ("cancelled", "redirected"):
        desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
        desk.play(f"Mon 12:00 closed {end}")
        assert (told(desk), of(desk).restored_at) == ([], None)
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    desk.play("Mon 11:00 proposed")
    # The ladder: Wednesday, Monday, and the Monday after that it closes.
    desk.tick_every_due_time(when("Mon+2 11:00"))
    assert desk.standing == "closed/resolved"
    assert told(desk) == ["post-mortem by Wed+2 11:00"]


def test_the_first_restoration_counts() -> None:
    """INC-2: the close of what was restored before begins no second post-mortem, nor does another restoration."""
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    desk.play("Mon 11:00 restored")
    desk.play("Mon 12:00 investigated")
    desk.play("Mon 13:00 restored pending-rca")
    desk.play("Mon 14:00 closed")
    assert told(desk) == ["post-mortem by Wed 11:00"]
    assert of(desk).restored_at == when("Mon 11:00")


@pytest.mark.parametrize(
    ("line", "again"), [("Tue 09:00 rejected", ""), ("Tue 09:00 reopened", "Mon 12:00 closed")]
)
def test_a_restoration_that_does_not_hold(line: str, again: str) -> None:
    """INC-2: what the customer rejects or reopens was not normal: the next restoration begins the time anew."""
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    desk.play("Mon 11:00 restored")
    if again:
        desk.play(again)
    desk.play(line)
    assert (told(desk), of(desk).restored_at) == (["post-mortem by Wed 11:00, cancelled"], None)
    desk.play("Tue 15:00 restored")
    assert told(desk)[1:] == ["post-mortem by Thu 15:00"]
    assert of(desk).restored_at == when("Tue 15:00")


def test_declared_after_the_restoration() -> None:
    """INC-2: nothing can be late from before: the post-mortem's time runs from the declaration."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 restored")
    declare(desk, "Fri 10:00", restored="Mon 10:00")
    assert (told(desk), of(desk).restored_at) == (["post-mortem by Tue+1 10:00"], when("Mon 10:00"))


def test_a_post_mortem_too_early_or_twice() -> None:
    """INC-2: it comes after the service is back, and once for each time that it is."""
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    with pytest.raises(Refused, match="not back to normal yet"):
        hold(desk, "Mon 11:00")
    desk.play("Mon 11:00 restored")
    hold(desk, "Mon 15:00")
    with pytest.raises(Refused, match="held already"):
        hold(desk, "Mon 16:00")
    assert of(desk).root_cause == "A full disk."
    # Staff need not name the root cause again at the close (CLOSE-1).
    lifecycle.close(desk.case, None, None, STAFF, when("Mon 17:00"))
    with pytest.raises(Refused, match="is no incident"):
        hold(history("Mon 09:00 opened high"), "Mon 10:00")


def test_nobody_asks_twice() -> None:
    """INC-2: a report that is asked for is not asked for again until it is sent."""
    desk = ask(declare(history("Mon 09:00 opened high"), "Mon 10:00"), "Mon 11:00")
    with pytest.raises(Refused, match="asked for the report already"):
        ask(desk, "Mon 12:00")
    with pytest.raises(Refused, match="not among the accounts"):
        ask(desk, "Mon 12:00", MILL)
    send(desk, "Mon 13:00")
    ask(desk, "Mon 14:00")
    assert [one.sent_at for one in of(desk).asked] == [when("Mon 13:00"), None]


def test_what_a_customer_writes_with_the_request_is_a_message() -> None:
    """INC-2, STAT-3: a request with words stops the ladder; without words it is no answer."""
    for text, standing in (("Which trunk was it?", "open/customer-responded"), (None, "awaiting-info")):
        desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
        desk.play("Mon 11:00 asked")
        ask(desk, "Mon 12:00", text=text)
        assert desk.standing.startswith(standing)


def plan(desk: Desk, at: str, text: str, due: str) -> Desk:
    """Add an action."""
    sam, until = "sam@desk.example", when(due)
    return act(desk, at, lambda case, now: incidents.add_action(case, text, sam, until, STAFF, now))


def test_actions_are_watched() -> None:
    """INC-3: an action has an owner and a date; the tick tells when that goes by, and it may still be done."""
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    plan(desk, "Mon 11:00", "Alert on disk space", "Wed 12:00")
    plan(desk, "Mon 11:00", "A second relay", "Fri 12:00")
    desk.play("Mon 12:00 closed")
    desk.tick(when("Thu 09:00"))
    act(desk, "Thu 10:00", lambda case, now: incidents.finish_action(case, 1, None, STAFF, now))
    act(desk, "Thu 10:00", lambda case, now: incidents.finish_action(case, 2, "Bought.", STAFF, now))
    assert told(desk)[:2] == [
        "action 1. Alert on disk space by Wed 12:00, met Thu 10:00, missed Wed 12:00",
        "action 2. A second relay by Fri 12:00, met Thu 10:00",
    ]
    with pytest.raises(Refused, match="was done"):
        incidents.finish_action(desk.case, 1, None, STAFF, when("Fri 09:00"))
    with pytest.raises(Refused, match="has no action 3"):
        incidents.finish_action(desk.case, 3, None, STAFF, when("Fri 09:00"))
    with pytest.raises(Invalid, match="in the future"):
        incidents.add_action(desk.case, "More", "sam@desk.example", when("Mon 09:00"), STAFF, when("Fri 09:00"))
    with pytest.raises(Invalid, match="201 characters"):
        incidents.add_action(desk.case, "x" * 201, "sam@desk.example", when("Fri 10:00"), STAFF, when("Fri 09:00"))


@pytest.mark.parametrize(
    "text",
    [
        "Please send us the incident report.",
        "Incident report please",
        "INCIDENT REPORT",
        "Hello Ben,\n\nthe calls are fine again. Could you provide an incident report?\n\nDana",
        "We need an RCA report for our management.",
        "When will we have the incident report?",
        "I would like to receive a root cause analysis report",
    ],
)
def test_words_that_ask_for_a_report(text: str) -> None:
    """INC-2: a report is asked for in the words of an update or a mail, the same way as on the process page."""
    assert incident_wish.asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for the incident report.",
        "We do not need an incident report, please close the case.",
        "We received the incident report. Please call us.",
        "Please send the trace. The incident report said the relay failed.",
        "The monthly report is wrong, please look.",
        "Please look into the incident.",
        "Could you tell us what the second relay in the incident report is?",
        "Please explain line 3 of the incident report.",
        "1\n2\n3\n4\n5\nPlease send the incident report.",
        "",
        "x" * 5_000 + " please send the incident report",
    ],
)
def test_words_that_ask_for_none(text: str) -> None:
    """INC-2: who thanks for a report, has one, wants none, or writes of something else has asked for none."""
    assert not incident_wish.asks(text)


def drawn(desk: Desk, account: str | None, at: str = "Fri 09:00") -> Report:
    """The report for an account, or for staff."""
    own = account in {None, ABC}
    said = [event for event in desk.events if event.public] if own else []
    owns = [desk.case] if own else []
    return report(Sources(desk.case, account, owns, said, {STAFF.by: "Sam Roe"}, "UTC", when(at)), of(desk))


def described() -> Desk:
    """An incident of two accounts, described in words that name both."""
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00", started="Mon 08:00")
    affect(desk, "Mon 10:30", HARBOR)
    affect(desk, "Mon 10:30", MILL)
    texts = {
        "title": "ABC Testing Co and Harbor Clinic lose calls",
        "details": "harbor clinic saw it first, then Mill & Sons; Harbor Clinics is another firm.",
        "comments": "Sorry, ABC Testing Co.",
    }
    specifics = {HARBOR: "The night line was down, as at ABC Testing Co.", ABC: "All queues."}
    act(desk, "Mon 11:00", lambda case, now: incidents.describe(case, texts, specifics, None, STAFF, now))
    desk.play("Mon 11:30 noted")
    desk.play("Mon 12:00 restored")
    return desk


def test_a_report_names_no_other_client() -> None:
    """INC-3, DC-3: each client reads of itself alone, whoever is named in what staff wrote; staff read all."""
    desk = described()
    mill = drawn(desk, MILL)
    assert mill.title == "another customer and another customer lose calls"
    assert mill.details == "another customer saw it first, then Mill & Sons; Harbor Clinics is another firm."
    assert (mill.clients, mill.specifics, mill.numbers) == ((MILL,), (), ())
    assert mill.description is None
    harbor = drawn(desk, HARBOR)
    assert [one.text for one in harbor.specifics] == ["The night line was down, as at another customer."]
    assert not any(name in str(harbor) for name in (ABC, MILL, DANA, TEXT))
    assert drawn(desk, None).clients == (ABC, HARBOR, MILL)
    assert len(drawn(desk, None).specifics) == 2
    assert without_names("A, AB and a+b", ["A", "A+B"]) == "another customer, AB and another customer"


def test_a_report_holds_no_note() -> None:
    """INC-3, DC-3: neither a customer's report nor staff's quotes an internal note."""
    desk = described()
    desk.events.append(lifecycle.note(desk.case, "The disk was known to be full.", STAFF, when("Mon 13:00")))
    for account in (None, ABC):
        made = drawn(desk, account)
        assert "known to be full" not in str(made)
        assert [one.what for one in made.timeline] == [
            "opened the case",
            "declared an incident",
            "restored the service",
        ]


def test_the_course_of_an_incident() -> None:
    """INC-3: start and end, duration, and what happened in between; a client without a case has its own course."""
    desk = described()
    own = drawn(desk, ABC)
    assert (own.started_at, own.restored_at, own.duration_s) == (when("Mon 08:00"), when("Mon 12:00"), 4 * 3600)
    assert [(one.what, one.down) for one in own.milestones] == [
        ("Service affected", True),
        ("Case opened", True),
        ("Declared an incident", True),
        ("First answer", False),
        (BACK, False),
    ]
    assert [one.what for one in drawn(desk, MILL).milestones] == ["Service affected", "Told of the incident", BACK]
    going_on = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    made = drawn(going_on, ABC, "Mon 11:00")
    assert (made.restored_at, made.duration_s, made.milestones[-1].what) == (None, 2 * 3600, "Still affected")


def test_what_a_report_cannot_do_without() -> None:
    """INC-3: title, end, details and restoration; the subject is a title for the incident's own account alone."""
    desk = declare(history("Mon 09:00 opened high"), "Mon 10:00")
    affect(desk, "Mon 10:30", HARBOR)
    assert drawn(desk, ABC).lacks == ("end", "details", "restoration")
    assert drawn(desk, HARBOR).lacks == ("title", "end", "details", "restoration")
    desk = described()
    assert drawn(desk, ABC).lacks == ()
    # What the customer was told at the restoration is that customer's.
    assert drawn(desk, MILL).lacks == ("restoration",)


def test_descriptions_change_and_go() -> None:
    """INC-3: what is said again replaces what was there, an empty text takes it away; strangers have none."""
    desk = described()
    changes = {"title": "Calls are\nlost", "comments": ""}
    act(desk, "Mon 13:00", lambda case, now: incidents.describe(case, changes, {ABC: ""}, None, STAFF, now))
    assert (of(desk).title, of(desk).comments) == ("Calls are lost", None)
    assert dict(of(desk).specifics).keys() == {HARBOR}
    act(desk, "Mon 13:00", lambda case, now: incidents.describe(case, {}, {}, when("Mon 07:00"), STAFF, now))
    assert of(desk).started_at == when("Mon 07:00")
    for given, match in (
        (({}, {}, None), "nothing is described"),
        (({}, {"Nobody Ltd": "x"}, None), "not among the accounts"),
        (({"title": "x" * 201}, {}, None), "201 characters"),
        (({}, {}, when("Mon 12:30")), "back to normal at"),
    ):
        texts, alone, began = given
        with pytest.raises((Invalid, Refused), match=match):
            incidents.describe(desk.case, texts, alone, began, STAFF, when("Mon 14:00"))
