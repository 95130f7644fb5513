"""Commands beyond the table: reopening, severity, updates and their texts (REO-1, REO-2, SEV-1, UPD-1)."""

from datetime import timedelta
from typing import Any

import pytest
from notation import CALLER, CONTACT, DANA, SAM, STAFF, TEXT, Desk, history, policy, rules, shipped, when

from carecli.domain import lifecycle
from carecli.domain.events import Event, Kind
from carecli.domain.folding import replay
from carecli.domain.linking import Link
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, Priority, Visibility
from carecli.errors import Invalid, Refused

RULES = rules()
GUIDE = rules(shipped("guide"))
WEEK = rules({"reopen": {"within_days": 7}})
CLOSED_AT = when("Mon 12:00")


def closed(*lines: str, under: Rules = RULES) -> Desk:
    return history("Mon 09:00 opened high", *(lines or ("Mon 12:00 closed",)), under=under)


REOPEN = [
    # rules, seconds after the close: is it taken?
    (RULES, 1, True),
    (RULES, 30 * 86_400, True),
    (RULES, 30 * 86_400 + 1, False),
    (RULES, 300 * 86_400, False),
    (WEEK, 7 * 86_400, True),
    (WEEK, 7 * 86_400 + 1, False),
]


@pytest.mark.parametrize(("under", "after", "taken"), REOPEN)
@pytest.mark.parametrize("act", [CONTACT, STAFF, CALLER])
def test_reopened_within_thirty_days(act: Any, under: Rules, after: int, taken: bool) -> None:
    """REO-1: a case is reopened up to 30 days (policy) after closing; later the answer says how to follow it."""
    desk, at = closed(under=under), CLOSED_AT + timedelta(seconds=after)
    if taken:
        desk.command(at, lambda case: lifecycle.reopen(case, TEXT, act, at, under))
        assert desk.standing == "open/customer-responded"
        assert (desk.case.closed_at, desk.case.closed_by) == (None, None)
        return
    with pytest.raises(Refused) as refusal:
        desk.command(at, lambda case: lifecycle.reopen(case, TEXT, act, at, under))
    assert refusal.value.rule == "REO-1"
    assert "--follows 0000000042" in (refusal.value.hint or "")


@pytest.mark.parametrize("nothing", ["", " ", "\n\t"])
def test_reopening_needs_new_information(nothing: str) -> None:
    """REO-1: reopening without new supporting information is refused."""
    with pytest.raises((Invalid, Refused)):
        lifecycle.reopen(closed().case, nothing, CONTACT, when("Tue 09:00"), RULES)


def closed_by_time() -> Desk:
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked")
    desk.tick_every_due_time(when("Mon+3 09:00"))
    assert desk.case.closed_by == AUTO_FOLLOW_UP
    return desk


@pytest.mark.parametrize(("verb", "taken"), [("reopened", False), ("revived", False), ("phoned", True)])
def test_closed_by_time_reopened_by_phone_only(verb: str, taken: bool) -> None:
    """REO-2: what auto follow-up closed is reopened by phone only; a contact is told the number, staff how."""
    desk = closed_by_time()
    if taken:
        desk.play(f"Mon+3 10:00 {verb}")
        assert desk.standing == "open/customer-responded"
        return
    by_staff = verb == "revived"
    for number, called in (("+1 555 010 0177", "+1 555 010 0177"), ("", "Customer Care")):
        with pytest.raises(Refused) as refusal:
            lifecycle.reopen(desk.case, TEXT, STAFF if by_staff else CONTACT, when("Mon+3 10:00"), RULES, number)
        assert refusal.value.rule == "REO-2"
        remedy = "care reopen 0000000042 --via phone" if by_staff else f"call {called};"
        assert remedy in (refusal.value.hint or "")


def test_a_reopened_case_that_a_person_closes_needs_no_phone() -> None:
    """REO-2: who closed it last counts, not that time once did."""
    desk = closed_by_time()
    desk.play("Mon+3 10:00 phoned")
    desk.play("Mon+3 11:00 closed")
    desk.play("Mon+3 12:00 reopened")
    assert desk.standing == "open/customer-responded"


@pytest.mark.parametrize(
    ("under", "end", "taken"),
    [
        (GUIDE, "closed", False),
        (GUIDE, "closed cancelled", True),
        (GUIDE, "closed redirected", True),
        (RULES, "closed", True),
    ],
)
def test_the_guides_rule_on_resolved_cases(under: Rules, end: str, taken: bool) -> None:
    """REO-2: with `reopen.refuse_resolved` a case marked Resolved stays closed, and only that."""
    desk = closed(f"Mon 12:00 {end}", under=under)
    if taken:
        desk.play("Tue 09:00 reopened")
        assert not desk.case.closed
    else:
        with pytest.raises(Refused):
            desk.play("Tue 09:00 reopened")
        with pytest.raises(Refused):
            desk.play("Tue 09:00 phoned")


@pytest.mark.parametrize("origin", list(Priority))
@pytest.mark.parametrize("to", list(Priority))
def test_a_severity_is_set_with_a_reason(origin: Priority, to: Priority) -> None:
    """SEV-1: staff set any other severity, with a reason; the same one again is refused."""
    desk = history(f"Mon 09:00 opened {origin}")
    if origin is to:
        with pytest.raises(Refused):
            desk.play(f"Mon 10:00 priority {to}")
        return
    event = desk.command(
        when("Mon 10:00"),
        lambda case: lifecycle.set_priority(case, to, "they lose money", STAFF, when("Mon 10:00")),
    )
    assert (desk.case.priority, desk.case.standing) == (to, ("open", "new"))
    expected = {"priority": to.value, "was": origin.value, "text": "they lose money"}
    assert event.data == expected | ({"available_contact": DANA} if to is Priority.CRITICAL else {})
    with pytest.raises(Invalid):
        lifecycle.set_priority(desk.case, origin, " ", STAFF, when("Mon 11:00"))


def test_a_severity_of_a_closed_case_stays() -> None:
    """SEV-1: the severity and the owner of a closed case are not changed."""
    for act in ("priority low", "assigned ann@desk.example"):
        with pytest.raises(Refused):
            closed().play(f"Tue 09:00 {act}")


def test_severities_are_numbered_and_defined() -> None:
    """SEV-1: 1-Critical, 2-High, 3-Medium, 4-Low, each defined by every shipped policy in words of its own."""
    assert [(p.value, p.severity) for p in Priority] == [("critical", 1), ("high", 2), ("medium", 3), ("low", 4)]
    default, guide = policy(), policy(shipped("guide"))
    for priority in Priority:
        assert default.definition(priority) != guide.definition(priority)
        assert min(len(default.definition(priority)), len(guide.definition(priority))) > 40


def test_a_case_raised_to_critical_names_who_is_available() -> None:
    """OPEN-9: a case that staff raise to Critical records the contact who is available at all times as well."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 priority critical")
    assert desk.case.fields.get("available_contact") == DANA


MODIFIED = [
    # after `Mon 09:00 opened high`: does it move `modified_at`?
    ("replied", True),
    ("answered", True),
    ("called", True),
    ("asked", True),
    ("proposed", True),
    ("restored", True),
    ("closed", True),
    ("withdrew", True),
    # nothing internal shows through the date
    ("noted", False),
    ("assigned ann@desk.example", False),
]


@pytest.mark.parametrize(("line", "moves"), MODIFIED)
def test_what_moves_the_modification_date(line: str, moves: bool) -> None:
    """UPD-1: `modified_at` is the last public update by either side, and notes do not move it."""
    desk = history("Mon 09:00 opened high", f"Mon 10:00 {line}")
    assert desk.said(desk.case.modified_at) == ("Mon 10:00" if moves else "Mon 09:00")


def test_time_does_not_move_the_modification_date() -> None:
    """UPD-1: warnings, breaches, met clocks and reminders leave `modified_at` alone."""
    desk = history("Mon 09:00 opened high", "Tue 09:30 asked", "Mon+1 09:30 tick", "Mon+1 10:00 noted")
    kinds = {event.kind for event in desk.events}
    assert {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.CLOCK_MET, Kind.FOLLOW_UP_SENT} <= kinds
    assert desk.said(desk.case.modified_at) == "Tue 09:30"


def test_internal_events_are_internal() -> None:
    """DC-3: notes and what the clocks record are for staff; what either side says is public."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 noted", "Tue 09:30 asked", "Mon+1 09:30 tick")
    internal = {event.kind for event in desk.events if not event.public}
    public = {event.kind for event in desk.events if event.public}
    assert internal == {Kind.COMMENTED, Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.CLOCK_MET}
    assert public == {Kind.OPENED, Kind.ASKED, Kind.FOLLOW_UP_SENT}


TEXTS: list[tuple[str, bool]] = [
    ("x", True),
    ("x" * lifecycle.TEXT_MAX, True),
    ("x" * (lifecycle.TEXT_MAX + 1), False),
    ("", False),
    ("  ", False),
    ("a\0b", False),
]


@pytest.mark.parametrize(("text", "taken"), TEXTS, ids=[f"{len(text)}-{taken}" for text, taken in TEXTS])
def test_texts_are_said_and_bounded(text: str, taken: bool) -> None:
    """UPD-1: an update says something, holds no NUL bytes, and is no file."""
    case = history("Mon 09:00 opened high").case
    for decide in (lifecycle.update, lifecycle.note, lifecycle.ask):
        if taken:
            assert decide(case, text, STAFF, when("Mon 10:00")).data["text"] == text
        else:
            with pytest.raises(Invalid):
                decide(case, text, STAFF, when("Mon 10:00"))


def test_an_update_stays_as_it_was_written() -> None:
    """UPD-1: the text of an update is kept to the letter, blanks and lines included."""
    text = "  first\r\n\n\tsecond \N{ZERO WIDTH SPACE} \x1b[31m  "
    assert (
        lifecycle.update(history("Mon 09:00 opened high").case, text, CONTACT, when("Mon 10:00")).data["text"]
        == text
    )


def test_every_event_says_who_when_and_how() -> None:
    """STAT-4: each command is one event with its actor, moment, channel and text."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Mon 11:00 called", "Mon 12:00 closed")
    commands = [event for event in desk.events if event.kind is not Kind.CLOCK_MET]
    assert [(desk.said(e.at), e.actor, e.via.value, e.kind.value) for e in commands] == [
        ("Mon 09:00", DANA, "portal", "opened"),
        ("Mon 10:00", SAM, "desk", "asked"),
        ("Mon 11:00", DANA, "phone", "commented"),
        ("Mon 12:00", SAM, "desk", "closed"),
    ]
    assert desk.case.seq == len(desk.events)
    assert replay(desk.events, lambda *_: desk.rules) == desk.case


def test_an_unknown_kind_of_event_changes_nothing_but_the_count() -> None:
    """STAT-4: an event that says nothing about the state of a case leaves it, one event longer."""
    desk = history("Mon 09:00 opened high")
    before = desk.case
    desk.append(Event(when("Mon 10:00"), SAM, STAFF.via, Kind.CLOCK_MET, Visibility.INTERNAL, {}))
    assert desk.case.seq == before.seq + 1
    assert (desk.case.standing, desk.case.clocks, desk.case.modified_at) == (
        before.standing,
        before.clocks,
        before.modified_at,
    )


def test_links_and_owners() -> None:
    """ROUTE-1: owner, product group and links are what their events say."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 assigned ann@desk.example")
    desk.command(when("Mon 11:00"), lambda _: lifecycle.link("follows", 7, STAFF, when("Mon 11:00")))
    assert (desk.case.owner, desk.case.group) == ("ann@desk.example", "Voice")
    assert desk.case.links == (Link("follows", 7),)
    desk.play("Mon 12:00 assigned")
    assert desk.case.owner is None
