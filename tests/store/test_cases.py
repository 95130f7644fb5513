"""Cases, their timers and their standing clocks as every engine must keep them."""

from datetime import timedelta
from typing import Any

from store.samples import RULES, T0, event, kept, new_case, opening, standing

from carecli.domain import deadlines, followup
from carecli.domain.escalation import Addressee, Escalation
from carecli.domain.events import Kind
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.vocabulary import Metric, Priority, Status
from carecli.store.protocol import Store

DAY = timedelta(days=1)
ESCALATION = Escalation(Addressee.CXM, ("cem@care.example",), T0, "ann@acme.example", Priority.CRITICAL, True)


def test_a_case_comes_back_whole(store: Store) -> None:
    """A case read by number has its long texts, one in a list has not (FIND-2)."""
    case = new_case(7, fields={"local": "Zoë"})._replace(root_cause="a loose cable", escalation=ESCALATION)
    with store.write() as record:
        kept(record, [case])
    with store.read() as record:
        assert record.case(7) == case
        assert record.case(8) is None


def test_saving_replaces(store: Store) -> None:
    """What is derived from a case is replaced as a whole (STAT-4)."""
    with store.write() as record:
        kept(record, [new_case(1)])
        closed = new_case(1)._replace(standing=standing(Status.CLOSED), clocks=())
        kept(record, [closed])
        assert record.case(1) == closed
        assert (record.timers(1), record.next_due(T0)) == ([], None)


def test_timers_fire_in_order_of_due_time(store: Store) -> None:
    """One queue gives what is due by time, then case, then kind (TICK-1, FU-4)."""
    timers = [
        Timer(T0 + DAY, 1, TimerKind.FOLLOW_UP),
        Timer(T0 + DAY, 1, TimerKind.WARN, Metric.RESPONSE, 1),
        Timer(T0 + DAY, 1, TimerKind.BREACH, Metric.RESTORATION, 2),
        Timer(T0, 2, TimerKind.BREACH, Metric.RESPONSE, 1),
    ]
    with store.write() as record:
        record.save(new_case(1), timers[:3])
        record.save(new_case(2), timers[3:])
    with store.read() as record:
        assert record.due(T0 + DAY, 10) == sorted(timers)
        assert record.due(T0 + DAY, 2) == sorted(timers)[:2]
        assert record.due(T0, 10) == timers[3:]
        assert record.due(T0 - DAY, 10) == []
        assert record.next_due(T0) == T0
        assert record.timers(1) == sorted(timers[:3])


def test_breaches_stand_until_met(store: Store) -> None:
    """A breached clock is listed with its event's place until it is met or its case closes (TICK-2, SLA-7)."""
    case = new_case(1)
    late = case.clocks[0]._replace(warned_at=T0, breached_at=T0 + DAY)
    named: dict[str, Any] = {"metric": late.metric.value, "cycle": late.cycle}
    with store.write() as record:
        record.append(1, [opening(), event(Kind.CLOCK_WARNED, **named), event(Kind.CLOCK_BREACHED, **named)])
        record.append(1, [event(Kind.CLOCK_BREACHED, metric="restoration", cycle=late.cycle)])
        breached = case._replace(clocks=(late, *case.clocks[1:]))
        kept(record, [breached])
        [found] = record.breaches()
        assert (found.number, found.metric, found.cycle, found.due_at) == (1, late.metric, late.cycle, late.due_at)
        assert (found.account, found.priority, found.position) == (case.account, case.priority, 3)
        assert record.warnings() == []
        kept(record, [breached._replace(clocks=(late._replace(met_at=T0 + 2 * DAY), *case.clocks[1:]))])
        assert record.breaches() == []
        kept(record, [breached._replace(standing=standing(Status.CLOSED))])
        assert record.breaches() == []


def test_warnings_stand_while_the_clock_ticks(store: Store) -> None:
    """A warned clock is listed while time uses it up: a pause, a breach or an end takes it off (SLA-7)."""
    case = new_case(1)
    warned = case.clocks[1]._replace(warned_at=T0)
    away = (
        warned._replace(paused_at=T0),
        warned._replace(met_at=T0),
        warned._replace(cancelled_at=T0),
        warned._replace(breached_at=T0),
    )
    named: dict[str, Any] = {"metric": warned.metric.value, "cycle": warned.cycle}
    with store.write() as record:
        record.append(1, [opening(), event(Kind.CLOCK_WARNED, **named)])
        for clock in away:
            kept(record, [case._replace(clocks=(clock,))])
            assert record.warnings() == []
        kept(record, [case._replace(clocks=(warned,))])
        assert [(w.metric, w.cycle, w.position) for w in record.warnings()] == [(warned.metric, warned.cycle, 2)]


def test_standing_clocks_come_by_due_time(store: Store) -> None:
    """The clock that fell due first is listed first (TICK-2)."""
    with store.write() as record:
        for number, days in ((1, 3), (2, 1), (3, 2)):
            case = new_case(number)
            late = case.clocks[0]._replace(breached_at=T0, due_at=T0 + days * DAY)
            kept(record, [case._replace(clocks=(late,))])
        assert [found.number for found in record.breaches()] == [2, 3, 1]


def test_held_ladders_are_listed(store: Store) -> None:
    """A case whose ladder is held shows until staff act (FU-6)."""
    ladder = followup.held(followup.requested(1, T0, RULES))
    with store.write() as record:
        kept(record, [new_case(1)._replace(followup=ladder), new_case(2)])
        assert record.held_follow_ups() == [1]
        kept(record, [new_case(1)._replace(followup=followup.resumed(ladder, T0, RULES))])
        assert record.held_follow_ups() == []


def test_the_timers_of_a_case_are_those_it_waits_for(store: Store) -> None:
    """What the rules say a case waits for is what the queue holds (TICK-1)."""
    case = new_case(1)._replace(followup=followup.requested(1, T0, RULES))
    with store.write() as record:
        kept(record, [case])
        assert record.timers(1) == sorted(deadlines.timers(case))


def test_foreign_references(store: Store) -> None:
    """A case is found by the reference under which it was imported (IMP-1)."""
    with store.write() as record:
        record.remember_external("INC0042", 7)
        assert record.external("INC0042") == 7
        assert record.external("INC0043") is None


def test_escalations_stand_until_they_end(store: Store) -> None:
    """Cases that stand escalated come longest first, each with what was given as the reason last (ESC-1)."""
    with store.write() as record:
        for number, hours, reason in ((1, 5, "slow"), (2, 3, "x" * 900), (3, 4, "gone")):
            raised = ESCALATION._replace(since=T0 + timedelta(hours=hours))
            case = new_case(number)._replace(escalation=raised)
            told = [event(Kind.ESCALATED, text="first"), event(Kind.ESCALATED, text=reason), event(text="later")]
            record.append(number, [opening(number), *told])
            kept(record, [case])
        kept(record, [new_case(3), new_case(4)])
        standing = record.escalations()
    assert [(one.state["number"], one.reason) for one in standing] == [(2, "x" * 500), (1, "slow")]
    assert standing[0].state["escalation"]["to"] == "cxm"
