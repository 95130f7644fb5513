"""Chats as the desk knows them: who waits in one, what was said, a message left, who may take part (CHAT-1)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from carecli.desk.cases import asked_for_report
from carecli.desk.desk import Desk
from carecli.domain import access, case_state, chatting
from carecli.domain.access import Act, Actor, Right
from carecli.domain.chat import Present, Waiting
from carecli.domain.events import Recorded
from carecli.domain.vocabulary import Role, Side, Via

if TYPE_CHECKING:
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.store.protocol import Reading

GONE_MS: Final = 6_000
"""After how long without one it is taken for gone."""

APART_MS: Final = 1_000
"""How far two machines may be apart that count by the same server's clock: as long as its answers take."""

Pulse = Callable[[], int]


def pulse_ms() -> int:
    """Milliseconds that all programs of a machine count alike, whoever sets its clock or travels in time."""
    return time.monotonic_ns() // 1_000_000


def pulse_of(reading: Reading) -> Pulse:
    """What counts the milliseconds alike for all who share a record: by a server's clock, or by this machine.

    What machines count by themselves begins when each was started. The server is asked once.
    """
    own = pulse_ms
    asked_ms = own()
    told_ms = reading.clock_ms()
    if told_ms is None:
        return own
    # Half the way there and back passed before it looked at its clock.
    ahead_ms = told_ms - (asked_ms + own()) // 2
    return lambda: own() + ahead_ms


def waiting(desk: Desk) -> list[Waiting]:
    """The chats that stand and that the actor may join: first those without staff, then the oldest."""
    access.require(desk.actor, Right.READ_CASES)
    with desk.reading() as reading:
        found = list(_standing(desk, reading))
    return sorted(found, key=lambda one: (not one.waits, one.chat.started_at, one.state["number"]))


def _standing(desk: Desk, reading: Reading) -> Iterator[Waiting]:
    numbers = reading.chats()
    if not numbers:
        return
    pulse = pulse_of(reading)
    for state in reading.listed(numbers):
        case = case_state.case(state)
        chat = chatting.standing(case, desk.now)
        if chat and desk.actor.sight.case(case):
            present = tuple(one for one in reading.present(case.number) if not gone(one, pulse()))
            yield Waiting(state, chat, present)


def calling(desk: Desk, reading: Reading) -> Iterator[Waiting]:
    """The chats in which the other side waits for the actor; agents hear of those that they are asked to join."""
    actor = desk.actor
    if not {Right.WORK_CASES, Right.ACT_AS_CUSTOMER} & actor.rights:
        return
    for one in _standing(desk, reading):
        sides = {each.side for each in one.present}
        meant = actor.role is not Role.AGENT or actor.email in {*one.chat.asked, one.state["owner"]}
        if sides and actor.side not in sides and meant:
            yield one


def of_case(desk: Desk, number: int) -> list[Recorded]:
    """What was said in every chat on a case, oldest first, as the actor may see it (DC-3)."""
    from carecli.desk import reading

    return [entry for entry in reading.log(desk, number) if entry.event.kind in chatting.KINDS]


def leave_message(desk: Desk, number: int, text: str) -> Recorded:
    """A message without waiting for anybody, mailed to the owner (CHAT-1); the answer is what was last told."""
    with desk.record() as record:
        case = record.case(number)
        act = act_of(record.actor)
        chat = chatting.standing(case, record.now)
        if chat is None:
            case = record.append(case, chatting.started(case, act, record.now, asked(record, case)))
        event = chatting.said(case, text, act, record.now, message=True)
        case = asked_for_report(record, record.append(case, event), event)
        if chat is None and case.chat:
            case = record.append(case, chatting.left(case, case.chat, act, record.now, message=True))
        last: Recorded = record.writing.history(number)[-1]
        return last


def act_of(actor: Actor) -> Act:
    """An act in a chat: of staff who work cases, or of a Designated Contact; raises NotPermitted (DC-1, DC-5)."""
    access.require(actor, Right.WORK_CASES if actor.is_staff else Right.ACT_AS_CUSTOMER)
    return Act(actor.email, Side.STAFF if actor.is_staff else Side.CONTACT, Via.CHAT)


def asked(record: Record, case: Case) -> tuple[str, ...]:
    """Who is asked to come: the owner, else who may take the case in its group, else managers and admins."""
    if record.actor.is_staff:
        return ()
    known = [member for member in record.writing.staff() if member.active]
    # A data-privacy request is for admins alone (SR-1).
    staff = [member for member in known if access.staff_actor(member).sight.case(case)]
    owner = [member.email for member in staff if member.email == case.owner]
    group = [member.email for member in staff if case.group and member.group == case.group]
    return tuple(owner or group or [member.email for member in staff if member.role is not Role.AGENT])


def gone(one: Present, now_ms: int) -> bool:
    """Whether somebody has given no sign of life for too long."""
    # A pulse far ahead of ours is from before the machine was started.
    return not -APART_MS <= now_ms - one.beat_ms <= GONE_MS
