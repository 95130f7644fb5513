"""The tick on a real desk: order, batches, two at once, trials, and what it reports."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from desk_fixtures import ADA, DANA, LENA, OMAR, SAM, Office, ask, copied, note, propose, say, yes
from notation import when

from carecli.config import Config
from carecli.desk import cases, directory, firing, severity
from carecli.desk import tick as ticking
from carecli.desk.desk import Desk, open_desk
from carecli.desk.mail import delivery
from carecli.domain.clock import ClockState
from carecli.domain.events import Kind
from carecli.domain.people import CalendarSpec
from carecli.domain.tick_report import MailCount
from carecli.domain.vocabulary import Metric, Priority
from carecli.errors import NotPermitted
from carecli.mail.transports.maildir import MaildirTransport

TOKYO = CalendarSpec("Asia/Tokyo", "Sun-Thu 01:00-03:00", "")
MARKS = (Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED)


def crowd(office: Office, cases_: int = 12) -> None:
    """Cases that wait for time in every way, opened at different moments."""
    for i in range(cases_):
        at = when("Mon 09:00") + timedelta(minutes=7 * i)
        number = office.open(at, (DANA, OMAR, LENA)[i % 3], priority=(Priority.HIGH, Priority.MEDIUM)[i % 2])
        if i % 3 == 1:
            ask(office.by(SAM, at + timedelta(minutes=50)), number)
        if i % 3 == 2:
            propose(office.by(SAM, at + timedelta(minutes=95)), number)


def test_what_is_due_fires_in_order_of_due_time(office: Office) -> None:
    """TICK-1 and FU-4: across cases everything fires in the order of its due time."""
    crowd(office)
    before = len(office.log())
    office.tick("Wed 17:00")
    fired = office.log()[before:]
    assert len(fired) >= 15
    assert [entry[1] for entry in fired] == sorted(entry[1] for entry in fired)


@pytest.mark.parametrize("batch", [1, 2, 3, 7])
def test_small_batches_leave_the_record_of_one(
    office: Office, template: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """TICK-1: bounded transactions give the same record as a single one, in the same order."""
    (tmp_path / "other").mkdir()
    other = copied(template, tmp_path / "other")
    for one in (office, other):
        crowd(one)
    until = [when("Tue 12:00"), when("Mon+1 12:00"), when("Mon+3 12:00")]
    for at in until:
        office.tick(at)
    monkeypatch.setattr(firing, "BATCH", batch)
    monkeypatch.setattr(MaildirTransport, "batch", batch)
    for at in until:
        other.tick(at)
    assert other.log() == office.log()
    assert other.differences() == []
    assert len(other.delivered()) == len(office.delivered())
    other.store.close()


def test_a_limit_stops_the_tick_and_the_next_goes_on(office: Office) -> None:
    """TICK-1: with a limit the tick fires that many and leaves the rest to the next."""
    crowd(office)
    first = office.tick("Wed 17:00", limit=5)
    assert 0 < first.fired <= 5
    assert first.next_due_at
    assert first.next_due_at <= when("Wed 17:00")
    rest = office.tick("Wed 17:00")
    assert rest.fired > 10
    assert rest.next_due_at
    assert rest.next_due_at > when("Wed 17:00")


def test_two_ticks_at_once_do_nothing_twice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """TICK-1: ticks at once do no work twice; each waits its turn and succeeds, and each mail leaves once."""
    monkeypatch.setattr(firing, "BATCH", 2)
    monkeypatch.setattr(MaildirTransport, "batch", 2)
    crowd(office)
    at = when("Mon+3 12:00")
    barrier, reports, errors = threading.Barrier(4), [], []

    def run() -> None:
        try:
            with open_desk(office.config, actor="system", now=lambda _: at) as desk:
                barrier.wait()
                reports.append(ticking.tick(desk))
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    marks = [(e[0], e[3], e[4]["metric"], e[4]["cycle"]) for e in office.log() if e[3] in MARKS]
    stages = [(e[0], e[4]["round"], e[4]["stage"]) for e in office.log() if e[3] is Kind.FOLLOW_UP_SENT]
    for once in (marks, stages):
        assert len(once) == len(set(map(str, once)))
        assert once
    assert sum(len(r.followups) for r in reports) == len(stages)
    ids = [m["Message-ID"] for m in office.delivered()]
    assert len(ids) == len(set(ids)) == sum(r.mail.sent for r in reports)
    assert office.differences() == []


def test_a_quiet_tick_writes_no_event(office: Office) -> None:
    """FU-4: ticks themselves are no events."""
    office.open("Mon 09:00")
    before = office.log()
    for minute in range(1, 6):
        office.tick(f"Mon 09:0{minute}")
    assert office.log() == before


def test_a_trial_changes_nothing(office: Office) -> None:
    """TICK-2: --dry-run leaves the database as it was to the byte, mail included, and tells what would fire."""
    crowd(office)
    office.tick("Mon 12:00")
    before, mail = office.dump(), len(office.delivered())
    trial = office.tick("Mon+2 12:00", dry_run=True)
    assert office.dump() == before
    assert len(office.delivered()) == mail
    real = office.tick("Mon+2 12:00")
    assert trial.dry_run
    assert (trial.fired, trial.followups, trial.closed, trial.breaches, trial.warnings, trial.next_due_at) == (
        real.fired,
        real.followups,
        real.closed,
        real.breaches,
        real.warnings,
        real.next_due_at,
    )
    assert office.dump() != before


def test_the_report_tells_breaches_warnings_and_what_is_next(office: Office) -> None:
    """TICK-2: breaches with new ones marked once, warnings with what is left, and when the next timer is due."""
    number = office.open("Mon 09:00")
    cases.assign(office.by(SAM, "Mon 09:05"), number)
    first = office.tick("Mon 09:10")
    assert (first.last_tick_at, first.fired, first.breaches) == (None, 0, ())
    assert first.next_due_at == when("Mon 10:30")
    warned = office.tick("Mon 10:45")
    assert [(w.number, w.metric, w.due_at, w.left_s) for w in warned.warnings] == [
        (number, Metric.RESPONSE, when("Mon 11:00"), 900)
    ]
    assert warned.last_tick_at == when("Mon 09:10")
    assert warned.next_due_at == when("Mon 11:00")
    (breach,) = office.tick("Mon 12:00").breaches
    assert (breach.number, breach.metric, breach.priority, breach.account, breach.owner) == (
        number,
        Metric.RESPONSE,
        Priority.HIGH,
        "ABC Testing Co",
        SAM,
    )
    assert (breach.due_at, breach.overdue_s, breach.new) == (when("Mon 11:00"), 3600, True)
    (again,) = office.tick("Mon 13:00").breaches
    assert (again.overdue_s, again.new) == (7200, False)
    assert office.tick("Mon 13:01").warnings == ()
    say("Sorry, we are on it.")(office.by(SAM, "Mon 14:00"), number)
    assert office.tick("Mon 14:01").breaches == ()


def test_a_breach_that_a_command_recorded_is_new_to_the_next_tick(office: Office) -> None:
    """TICK-2 and SLA-7: what a command found overdue is shown as new by the tick after it, once."""
    number = office.open("Mon 09:00")
    office.tick("Mon 09:01")
    note("Oh dear.")(office.by(SAM, "Mon 12:00"), number)
    assert [b.new for b in office.tick("Mon 12:01").breaches] == [True]
    assert [b.new for b in office.tick("Mon 12:02").breaches] == [False]


def test_a_breach_is_new_to_one_of_two_ticks(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """TICK-1 and TICK-2: of two ticks at once only one calls a breach new."""
    office.open("Mon 09:00")
    office.tick("Mon 09:01")
    real, inner = delivery.deliver, []

    def while_delivering(desk: Desk, **_: object) -> MailCount:
        monkeypatch.setattr(delivery, "deliver", real)
        inner.append(office.tick("Mon 12:00"))
        return real(desk)

    monkeypatch.setattr(delivery, "deliver", while_delivering)
    outer = office.tick("Mon 12:00")
    assert [b.new for report in (inner[0], outer) for b in report.breaches].count(True) == 1


@pytest.mark.parametrize(
    "act",
    [
        say("Here."),
        note("Here."),
        ask,
        propose,
        lambda d, n: cases.close(d, n),
        lambda d, n: cases.assign(d, n),
        lambda d, n: severity.change(d, n, Priority.LOW, "Less.", confirm=yes),
        lambda d, n: cases.restore(d, n),
    ],
)
def test_a_late_command_does_not_hide_a_breach(office: Office, act: object) -> None:
    """SLA-7: a command after a due time that no tick saw leaves warned and breached on record at their times."""
    number = office.open("Mon 09:00")
    act(office.by(SAM, "Tue 09:00"), number)  # type: ignore[operator]
    assert office.kinds(number, *MARKS) == ["2026-03-02 10:30 clock-warned", "2026-03-02 11:00 clock-breached"]
    ordered = [e.event.kind for e in office.history(number)]
    assert ordered.index(Kind.CLOCK_BREACHED) == 2
    report = office.tick("Tue 09:01")
    assert office.kinds(number, *MARKS)[:2] == ["2026-03-02 10:30 clock-warned", "2026-03-02 11:00 clock-breached"]
    assert report.fired == 0
    assert office.differences() == []


def test_a_clock_met_at_its_due_time_is_met(office: Office) -> None:
    """SLA-7: an answer at the due instant itself is in time; a second later it is not."""
    punctual, late = office.open("Mon 09:00"), office.open("Mon 09:00")
    say("Now.")(office.by(SAM, "Mon 11:00"), punctual)
    say("Now.")(office.by(SAM, when("Mon 11:00") + timedelta(seconds=1)), late)
    office.tick("Mon 12:00")
    states = [office.clock(n, Metric.RESPONSE).state for n in (punctual, late)]
    assert states == [ClockState.MET, ClockState.BREACHED]
    left = [
        e.event.data["left_s"] for n in (punctual, late) for e in office.history(n) if e.event.kind == "clock-met"
    ]
    assert left == [0, -1]


def test_contacts_and_agents_do_not_run_time(office: Office) -> None:
    """TICK-1 and DC-5: the system and admins run the tick, nobody else."""
    for who in (DANA, SAM):
        with pytest.raises(NotPermitted):
            ticking.tick(office.by(who, "Mon 09:00"))
    assert ticking.tick(office.by(ADA, "Mon 09:00")).fired == 0


def test_later_hours_and_policies_move_nothing_of_old_cases(office: Office, tmp_path: Path) -> None:
    """SLA-8: after an edit of hours and policy an old case goes on and reopens by the rules of its opening."""
    old, waiting = office.open("Mon 09:00"), office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 09:30"), waiting)
    kept = (office.case(old).clocks, office.case(waiting).followup)
    (tmp_path / "p.toml").write_text(
        'name = "p"\n[targets.business-care.high]\nresponse = "1h"\n[followup]\nstages = [1]\ndays = "calendar"\n'
    )
    office.setting("Mon 09:40", hours=TOKYO, policy=str(tmp_path / "p.toml"))
    assert (office.case(old).clocks, office.case(waiting).followup) == kept
    office.tick("Wed 09:30")
    assert office.kinds(old, *MARKS)[:2] == ["2026-03-02 10:30 clock-warned", "2026-03-02 11:00 clock-breached"]
    assert office.kinds(waiting, Kind.FOLLOW_UP_SENT) == ["2026-03-04 09:30 follow-up-sent"]
    cases.close(office.by(DANA, "Wed 10:00"), old)
    cases.reopen(office.by(DANA, "Wed 16:00"), old, "Back.")
    assert office.clock(old, Metric.RESPONSE).due_at == when("Thu 10:00")
    new = office.case(office.open("Wed 16:00"))
    assert new.clocks[0].due_at == when("Wed 17:00")
    assert (new.policy, new.calendar) != (office.case(old).policy, office.case(old).calendar)
    assert office.differences() == []


def test_an_accounts_calendar_edit_moves_nothing_of_old_cases(office: Office) -> None:
    """SLA-8: closing a day at the account after an opening does not move that case's due times."""
    number = office.open("Mon 16:00")
    directory.edit_account(
        office.by(ADA, "Mon 16:01"), "ABC Testing Co", calendar=CalendarSpec(close_on=("2026-03-03",))
    )
    assert office.clock(number, Metric.RESPONSE).due_at == when("Tue 10:00")
    assert office.clock(office.open("Mon 16:02"), Metric.RESPONSE).due_at == when("Wed 10:02")
    say("Ours.")(office.by(SAM, "Tue 09:30"), number)
    assert office.clock(number, Metric.RESPONSE).state is ClockState.MET


def test_killed_between_firing_and_mailing_nothing_is_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TICK-1: a tick that dies before its mail is delivered loses none of it and repeats nothing."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), number)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "deliver", dies)
        with pytest.raises(KeyboardInterrupt):
            office.tick("Wed 10:00")
    report = office.tick("Wed 10:01")
    assert report.followups == ()
    assert len([m for m in office.delivered() if "reminder 1" in m["Subject"]]) == 1
    # What the dead tick recorded has been reported by none.
    assert {b.new for b in report.breaches} <= {True}


def test_a_reminder_that_leaves_late_moves_the_end(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """FU-4: a tick that dies before its mail leaves, and an outage after it, close no case on a late reminder."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), number)
    office.tick("Wed 10:00")

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "deliver", dies)
        with pytest.raises(KeyboardInterrupt):
            office.tick("Mon+1 10:00")
    office.tick("Fri+2 10:00")
    assert not office.case(number).closed
    ladder = office.case(number).followup
    assert ladder is not None
    assert (ladder.stage, ladder.next_at) == (2, when("Fri+3 10:00"))
    office.tick("Fri+3 10:00")
    assert office.case(number).closed_at == when("Fri+3 10:00")
    assert office.differences() == []


def test_a_stage_that_waits_for_mail_holds_its_whole_case(office: Office) -> None:
    """FU-4: a replay fires a case's timers in order, also where a stage first waits for the mail before it."""
    office.setting("Mon 08:00", policy="guide")
    replayed, punctual = (office.open("Mon 09:00", priority=Priority.MEDIUM) for _ in range(2))
    for number in (replayed, punctual):
        ask(office.by(SAM, "Mon 10:00"), number)
    office.tick("Fri+5 10:00", replay=True)
    told = [(e.event.kind, e.event.at) for e in office.history(replayed)]
    closing = next(at for kind, at in told if kind is Kind.CLOSED)
    assert closing == when("Mon+2 10:00")
    assert all(at <= closing for kind, at in told if kind is Kind.CLOCK_BREACHED)
    assert told == [(e.event.kind, e.event.at) for e in office.history(punctual)]


def test_all_staff_may_look_ahead_and_admins_alone_let_time_act(office: Office) -> None:
    """DC-5: an agent sees what a tick would do, but does not run it; a contact does neither."""
    office.open("Mon 09:00")
    assert ticking.tick(office.by(SAM, "Tue 09:00"), dry_run=True).fired
    for who, dry_run in ((SAM, False), (DANA, False), (DANA, True)):
        with pytest.raises(NotPermitted):
            ticking.tick(office.by(who, "Tue 09:00"), dry_run=dry_run)


def test_a_tick_of_a_trial_far_ahead_does_not_silence_the_monitor(office: Office) -> None:
    """TICK-4: a tick in years to come is forgotten by the next; a step of the clock turns nothing back."""
    office.tick("Mon 09:00")
    office.tick(when("Mon 09:00") + timedelta(days=1500))
    assert office.tick("Mon 10:00").last_tick_at == when("Mon 09:00") + timedelta(days=1500)
    assert office.tick("Mon 09:55").last_tick_at == when("Mon 10:00")
    assert office.tick("Mon 11:00").last_tick_at == when("Mon 10:00")
