"""The home page: for a contact what waits for an answer, for staff what waits for work; a few rows each (DC-3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from carecli.desk import doctor, forecast
from carecli.desk.advisories import reading as announcing
from carecli.domain import case_state
from carecli.domain.access import Right
from carecli.domain.events import Kind
from carecli.domain.finding import Filter, Query, Scope
from carecli.domain.forecast import Coming
from carecli.domain.home import Home, Machinery, Need, NeedKind, Waiting, answering
from carecli.domain.timers import TimerKind
from carecli.domain.vocabulary import Role, Status

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.desk.desk import Desk
    from carecli.domain.case import Case
    from carecli.domain.chat import Waiting as WaitingChat
    from carecli.store.entries import Needing
    from carecli.store.protocol import Reading

ROWS: Final = 5
"""How many rows a section shows; the command under it lists the rest."""

CANDIDATES: Final = 100
"""How many of the longest unanswered cases are looked at for those that time acts on first."""

ANSWERABLE: Final = (Status.AWAITING_INFO, Status.SOLUTION_PROPOSED, Status.SERVICE_RESTORED)


FEATURES: Final = (Status.OPEN_CUSTOMER_CARE, Status.OPEN_PRODUCT_MANAGEMENT)


def login(config: Config) -> str | None:
    """Whose own login the desk is opened by, None for the desk's own; raises NoDesk where there is no desk."""
    from carecli.store.opening import open_store

    store = open_store(config.db, create=False)
    try:
        return store.login
    finally:
        store.close()


def home(desk: Desk) -> Home:
    """What the actor should know first; nothing is written, and each question goes by an index."""
    page = Home(desk.now, desk.settings.name, desk.actor, announcements=announcing.announcements(desk, ROWS))
    if Right.READ_CASES not in desk.actor.rights:
        return page
    late = desk.actor.role is Role.ADMIN and doctor.late_since(desk) is not None
    with desk.reading() as reading:
        if desk.actor.is_contact:
            return _of_contact(desk, reading, page)
        return _of_staff(desk, reading, page, late=late)


def _of_contact(desk: Desk, reading: Reading, page: Home) -> Home:
    promised = forecast.promised_next(desk, reading, Scope())
    return page._replace(
        counts=reading.find(Query(limit=0)).tabs,
        counts_command="care list --group",
        needs=tuple(_answers(desk, reading)),
        chats=_chats(desk, reading),
        coming=tuple(islice(promised, ROWS)),
    )


def _answers(desk: Desk, reading: Reading) -> Iterator[Need]:
    """The cases that wait for an answer: the own ones; whoever may only look sees the account's (DC-1)."""
    acts = Right.ACT_AS_CUSTOMER in desk.actor.rights
    scope = Scope(contact=desk.actor.email if acts else None)
    asked = Query(scope, Filter(statuses=ANSWERABLE), descending=False, limit=CANDIDATES)
    found = reading.find(asked)
    asked_in_features = [*_asked_in_features(reading, scope)]
    cases = [*map(case_state.case, found.states), *asked_in_features]
    waiting = [_answered_by(desk, reading, case, acts=acts) for case in cases]
    waiting.sort(key=_when_time_acts)
    statuses = " ".join(f"--status {status.value}" for status in ANSWERABLE)
    command = f"care list {'' if acts else '--group '}{statuses}"
    if waiting:
        yield Need(NeedKind.ANSWER, tuple(waiting[:ROWS]), found.total + len(asked_in_features), command)


def _asked_in_features(reading: Reading, scope: Scope) -> Iterator[Case]:
    """The feature requests that wait for the customer, whichever department has them (FU-1, STAT-2)."""
    asked = Query(scope, Filter(statuses=FEATURES), descending=False, limit=CANDIDATES)
    for case in map(case_state.case, reading.find(asked).states):
        if case.standing.awaits_customer:
            yield case


def _answered_by(desk: Desk, reading: Reading, case: Case, *, acts: bool) -> Waiting:
    coming = _next_stage(desk, reading, case)
    return Waiting(case, coming=coming, command=answering(case) if acts else None)


def _next_stage(desk: Desk, reading: Reading, case: Case) -> Coming | None:
    """The next automatic follow-up of a case (FU-1)."""
    from carecli.domain.forecast import coming

    ladder = case.followup
    if ladder is None or ladder.next_at is None:
        return None
    rules = desk.rulebook.of(reading, case)
    last = reading.last_tick()
    stages = coming(case, rules, desk.now, ladder.next_at, last.at if last else None)
    return next((one for one in stages if one.timer.kind is TimerKind.FOLLOW_UP), None)


def _when_time_acts(waiting: Waiting) -> tuple[bool, datetime, int]:
    """Sorts by the next automatic action; those that none waits for come behind, by their last update."""
    case, coming = waiting.case, waiting.coming
    return coming is None, coming.due_at if coming else case.modified_at, case.number


def _of_staff(desk: Desk, reading: Reading, page: Home, *, late: bool) -> Home:
    actor = desk.actor
    whole = actor.role in {Role.MANAGER, Role.ADMIN}
    scope = Scope() if whole else Scope(owner=actor.email)
    counts = reading.find(Query(scope, limit=0)).tabs
    begins = Right.ADMINISTER in actor.rights and not any(counts.values())
    return page._replace(
        counts=counts,
        counts_command="care list --all" if whole else "care list",
        needs=tuple(need for need in _work(desk, reading, whole=whole) if need.total),
        coming=tuple(islice(forecast.stream(desk, reading, scope), ROWS)),
        chats=_chats(desk, reading),
        machinery=_machinery(desk, reading, late=late) if actor.role is Role.ADMIN else None,
        lacking=lacking(reading) if begins else (),
        triage=reading.triage_count() if Right.WORK_CASES in actor.rights else None,
    )


def _chats(desk: Desk, reading: Reading) -> tuple[WaitingChat, ...]:
    """The chats in which somebody waits for the actor (CHAT-1)."""
    if not reading.chats():
        return ()
    # Imported here: seldom does a chat stand while somebody looks at the home page.
    from carecli.desk import chats

    return tuple(islice(chats.calling(desk, reading), ROWS))


def lacking(reading: Reading) -> tuple[str, ...]:
    """What a desk still needs before somebody can open a case at it: an account, a contact."""
    there = {
        "account": any(account.active for account in reading.accounts()),
        "contact": any(contact.active for contact in reading.contacts()),
    }
    return tuple(part for part, found in there.items() if not found)


def _work(desk: Desk, reading: Reading, *, whole: bool) -> Iterator[Need]:
    actor = desk.actor
    owner = None if whole else actor.email
    listed = "care list --all" if whole else "care list"
    ticks = "care tick --dry-run" if Right.SEE_HEALTH in actor.rights else listed
    yield _escalated(reading, owner, f"{listed} --escalated")
    yield _need(NeedKind.BREACHED, reading.standing(Kind.CLOCK_BREACHED, owner, ROWS), ticks)
    yield _need(NeedKind.WARNED, reading.standing(Kind.CLOCK_WARNED, owner, ROWS), ticks)
    yield _late(reading.late(owner, ROWS), ticks)
    yield _need(NeedKind.RESPONDED, reading.responded(actor.email, ROWS), "care list --status open")
    free = "care list --group --status open" if actor.group else "care list --all --status open"
    yield _need(NeedKind.UNASSIGNED, reading.unassigned(actor.group, ROWS), free)


def _late(found: tuple[list[Needing], int], command: str) -> Need:
    """The deadlines that stand missed, the longest ago first (SR-1, INC-2)."""
    needing, total = found
    waiting = tuple(Waiting(case_state.case(one.state), deadline_id=one.cycle) for one in needing)
    return Need(NeedKind.LATE, waiting, total, command)


def _escalated(reading: Reading, owner: str | None, command: str) -> Need:
    """The cases whose escalation nobody has answered, the longest untouched first (ESC-1).

    Whoever has a queue of the own also sees what is escalated to them by name, as to the CXM of an account.
    """
    if owner is not None:
        return _escalated_to(reading, owner)
    asked = Query(filter=Filter(escalated=True), descending=False, limit=ROWS)
    found = reading.find(asked)
    waiting = tuple(Waiting(case_state.case(state)) for state in found.states)
    return Need(NeedKind.ESCALATED, waiting, found.total, command)


def _escalated_to(reading: Reading, email: str) -> Need:
    needing, total, foreign = reading.escalated_to(email, ROWS)
    return _need(NeedKind.ESCALATED, (needing, total), f"care list {'--all ' if foreign else ''}--escalated")


def _need(kind: NeedKind, found: tuple[list[Needing], int], command: str) -> Need:
    needing, total = found
    waiting = (Waiting(case_state.case(one.state), one.metric, one.cycle) for one in needing)
    return Need(kind, tuple(waiting), total, command)


def _machinery(desk: Desk, reading: Reading, *, late: bool) -> Machinery:
    last, due = reading.last_tick(), reading.next_due(desk.now)
    due_since = due if due and due < desk.now else None
    return Machinery(last.at if last else None, late, due_since, *reading.mail_stuck(desk.now))
