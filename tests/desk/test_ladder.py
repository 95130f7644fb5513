"""Auto follow-up on a real desk, with a real outbox and a real maildir."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import DANA, OMAR, SAM, Office, ask, note, propose, say, yes
from notation import when

from carecli.desk import cases, reading, severity
from carecli.desk.mail import delivery
from carecli.domain.events import Kind
from carecli.domain.outbox import MailKind, MailState
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, CaseType, Metric, Priority, Via

SENT = Kind.FOLLOW_UP_SENT


def awaiting(office: Office, at: str = "Mon 10:00") -> int:
    """A case that waits for Dana since an instant."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, at), number)
    return number


def test_two_reminders_then_the_case_closes(office: Office) -> None:
    """FU-1: reminders after 2 and 5 days, the close after 10, each mailed to the contact who opened the case."""
    number = awaiting(office)
    for day in range(16):
        office.tick(when("Mon 10:00") + timedelta(days=day))
    assert office.kinds(number, SENT, Kind.CLOSED) == [
        "2026-03-04 10:00 follow-up-sent",
        "2026-03-09 10:00 follow-up-sent",
        "2026-03-16 10:00 follow-up-sent",
        "2026-03-16 10:00 closed",
    ]
    case = office.case(number)
    assert (case.standing, case.closed_by, case.closed_at) == (
        ("closed", "cancelled"),
        AUTO_FOLLOW_UP,
        when("Mon+2 10:00"),
    )
    mails = [m for m in office.mails(number) if m.stage]
    assert [(m.kind, m.round, m.stage, m.to) for m in mails] == [
        (MailKind.REMINDER, 1, 1, DANA),
        (MailKind.REMINDER, 1, 2, DANA),
        (MailKind.CLOSING, 1, 3, DANA),
    ]
    assert len(office.delivered()) == len(office.mails(number)) == 5
    assert {m.state for m in office.mails(number)} == {MailState.SENT}


@pytest.mark.parametrize(
    ("more", "after"),
    [
        ({}, "resolved"),
        ({"type": CaseType.SERVICE_REQUEST, "subtype": "password-reset", "fields": {"login": "dana"}}, "resolved"),
        ({"type": CaseType.ADMIN}, "resolved"),
        ({"type": CaseType.FEATURE_REQUEST, "subtype": None}, "delivered"),
    ],
)
def test_every_type_of_case_is_followed_up(office: Office, more: dict[str, Any], after: str) -> None:
    """FU-1: the ladder runs for every type of case; from Solution Proposed it closes as resolved."""
    number = office.open("Mon 09:00", **more)
    propose(office.by(SAM, "Mon 10:00"), number)
    for day in range(16):
        office.tick(when("Mon 10:00") + timedelta(days=day))
    assert office.case(number).closed_by == AUTO_FOLLOW_UP
    assert office.case(number).standing.substatus == after


def test_days_are_the_policys(office: Office, tmp_path: Path) -> None:
    """FU-2: business days by default, plain days or other day numbers by policy, for new cases."""
    old = awaiting(office, "Thu 10:00")
    assert office.case(old).followup
    (tmp_path / "p.toml").write_text('name = "p"\n[followup]\ndays = "calendar"\nstages = [1, 3]\n')
    office.setting("Thu 11:00", policy=str(tmp_path / "p.toml"))
    new = office.open("Thu 11:00")
    for number in (old, new):
        ask(office.by(SAM, "Thu 12:00"), number)
    due = [f.next_at for n in (old, new) if (f := office.case(n).followup)]
    assert due == [when("Mon+1 12:00"), when("Fri 12:00")]
    office.tick("Fri 12:00")
    office.tick("Sun 12:00")
    assert office.case(new).closed_at == when("Sun 12:00")
    assert not office.case(old).closed


def test_each_request_has_its_own_round(office: Office) -> None:
    """FU-3: an answer stops the timer, a new request starts another from its own moment; history keeps both."""
    number = awaiting(office)
    office.tick("Wed 10:00")
    say("Here.")(office.by(DANA, "Wed 11:00"), number)
    office.tick("Mon+2 10:00")
    assert not office.case(number).closed
    ask(office.by(SAM, "Mon+2 11:00"), number)
    ask(office.by(SAM, "Mon+2 12:00"), number)
    office.tick("Wed+2 12:00")
    rounds = [
        (e.event.data["round"], e.event.data["stage"]) for e in office.history(number) if e.event.kind is SENT
    ]
    assert rounds == [(1, 1), (3, 1)]
    assert office.case(number).followup
    keys = [m.key for m in office.mails(number)]
    assert len(keys) == len(set(keys))


def test_who_and_what_stops_the_ladder(office: Office) -> None:
    """FU-5: a customer's message or a move out of the status stops it; notes, owners and priorities do not."""
    stopping = (
        (DANA, say("Here.")),
        (OMAR, say("Here.")),
        (SAM, lambda d, n: cases.investigate(d, n)),
        (SAM, lambda d, n: cases.restore(d, n)),
        (SAM, lambda d, n: cases.update(d, n, "Called.", via=Via.PHONE)),
        (DANA, lambda d, n: cases.close(d, n)),
    )
    for who, act in stopping:
        number = awaiting(office)
        act(office.by(who, "Tue 10:00"), number)
        assert office.case(number).followup is None
    going_on = (
        note("Waiting."),
        say("Are you there?"),
        lambda d, n: cases.assign(d, n),
        lambda d, n: severity.change(d, n, Priority.LOW, "Less.", confirm=yes),
    )
    for act in going_on:
        number = awaiting(office)
        before = office.case(number).followup
        act(office.by(SAM, "Tue 10:00"), number)
        assert office.case(number).followup == before is not None


def test_a_command_wins_over_a_stage_that_no_tick_sent(office: Office) -> None:
    """FU-4: an answer between the due time and the tick keeps the stage from being sent."""
    number = awaiting(office)
    say("Here.")(office.by(DANA, "Wed 10:30"), number)
    office.tick("Wed 11:00")
    assert not [m for m in office.mails(number) if m.stage]


def test_a_reminder_not_yet_delivered_dies_with_the_answer(office: Office, tmp_path: Path) -> None:
    """FU-5: an answer stops the ladder: a reminder still held back or undelivered is not sent after it."""
    (tmp_path / "file").write_text("")
    number = awaiting(office)
    office.delivering_to(tmp_path / "file" / "mail").tick("Wed 10:00")
    say("Here it is.")(office.by(DANA, "Wed 11:00"), number)
    office.tick("Wed 12:00")
    assert not [m for m in office.delivered() if "reminder" in m["Subject"]]


def test_ticks_at_any_rhythm_within_the_grace_agree(office: Office) -> None:
    """FU-4: a tick up to a business day late leaves the record of a tick at every due time."""
    punctual, late = awaiting(office), awaiting(office)
    del punctual
    for moment in ("Thu 09:00", "Tue+1 09:59", "Tue+2 10:00"):
        office.tick(moment)
    assert office.kinds(late, SENT, Kind.CLOSED) == [
        "2026-03-04 10:00 follow-up-sent",
        "2026-03-09 10:00 follow-up-sent",
        "2026-03-16 10:00 follow-up-sent",
        "2026-03-16 10:00 closed",
    ]


def test_after_an_outage_nobody_is_closed_unasked(office: Office) -> None:
    """FU-4: after an outage the late reminder moves the ladder, says so, and the close comes its gap later."""
    number = awaiting(office)
    office.tick("Tue 10:00")
    report = office.tick("Mon+4 10:00")
    assert [(f.stage, f.delayed) for f in report.followups] == [(1, True)]
    sent = next(e.event for e in office.history(number) if e.event.kind is SENT)
    assert sent.at == when("Mon+4 10:00")
    assert sent.data["delayed"] == {"from": "2026-03-03T10:00:00Z", "to": "2026-03-30T10:00:00Z"}
    for day in range(1, 12):
        office.tick(when("Mon+4 10:00") + timedelta(days=day))
    assert [e[:16] for e in office.kinds(number, SENT, Kind.CLOSED)] == [
        "2026-03-30 10:00",
        "2026-04-02 10:00",
        "2026-04-09 10:00",
        "2026-04-09 10:00",
    ]


def test_replay_sends_each_stage_at_its_nominal_time(office: Office, tmp_path: Path) -> None:
    """FU-4: `--replay`, or the policy, fires every stage at its nominal time after an outage."""
    number = awaiting(office)
    office.tick("Mon+4 10:00", replay=True)
    assert office.case(number).closed_at == when("Mon+2 10:00")
    (tmp_path / "p.toml").write_text('name = "p"\n[followup]\ncatch_up = "replay"\n')
    office.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    number = awaiting(office)
    office.tick("Mon+4 10:00")
    assert office.case(number).closed_at == when("Mon+2 10:00")


def test_one_mail_per_case_round_and_stage_ever(office: Office) -> None:
    """FU-5: ticks again and again, and deliveries again and again, mail each stage once."""
    number = awaiting(office)
    for _ in range(3):
        office.tick("Wed 10:00")
        delivery.deliver(office.by("system", "Wed 10:00"))
    assert len([m for m in office.delivered() if "reminder 1" in m["Subject"]]) == 1
    office.tick("Wed 09:00")  # a clock that was set back
    office.tick("Wed 10:01")
    assert [m.stage for m in office.mails(number) if m.stage] == [1]


@pytest.mark.parametrize(("priority", "leaves"), [("high", "Mon+1 09:00"), ("critical", "Fri 20:00")])
def test_quiet_hours_hold_what_is_not_critical(
    office: Office, tmp_path: Path, priority: Priority, leaves: str
) -> None:
    """FU-5: mail.quiet_hours holds non-Critical mail until the recipient's next business hour."""
    (tmp_path / "p.toml").write_text('name = "p"\n[mail]\nquiet_hours = true\n')
    office.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    number = office.open("Fri 19:00", SAM, contact=DANA, priority=Priority(priority))
    ask(office.by(SAM, "Fri 20:00"), number)
    assert office.mails(number)[-1].not_before == when(leaves)
    office.tick("Sun 20:00")
    held = [m.state for m in office.mails(number)]
    assert held == [MailState.SENT if priority == "critical" else MailState.QUEUED] * 2
    office.tick("Mon+1 09:00")
    assert {m.state for m in office.mails(number)} == {MailState.SENT}


def test_undeliverable_mail_holds_the_ladder_until_it_arrives(office: Office, tmp_path: Path) -> None:
    """FU-6: a stage whose mail could not be delivered holds the ladder and shows; delivery lets it go on."""
    (tmp_path / "file").write_text("")
    broken = office.delivering_to(tmp_path / "file" / "mail")
    number = awaiting(office)
    office.tick("Tue 09:00")  # the request itself arrives
    report = broken.tick("Wed 10:00")
    assert (report.mail.failed, report.held) == (1, (number,))
    for day in ("Thu 10:00", "Mon+1 10:00", "Mon+2 10:00", "Mon+4 10:00"):
        report = broken.tick(day)
        assert report.held == (number,)
        assert report.fired <= 1  # clocks may pass, no stage does
    mail = office.mails(number)[-1]
    assert (mail.state, mail.stage) == (MailState.FAILED, 1)
    assert "maildir" in str(mail.error)
    assert not office.case(number).closed
    assert office.differences() == []
    report = office.tick("Tue+4 10:00")
    assert (report.held, report.mail.sent) == ((), 1)
    ladder = office.case(number).followup
    assert ladder
    assert (ladder.stage, ladder.next_at) == (1, when("Fri+4 10:00"))  # three business days after it arrived
    assert office.kinds(number, Kind.FOLLOW_UP_HELD, Kind.FOLLOW_UP_RESUMED) == [
        "2026-03-04 10:00 follow-up-held",
        "2026-03-31 10:00 follow-up-resumed",
    ]
    office.tick("Fri+4 10:00")
    office.tick("Fri+5 10:00")
    assert office.case(number).closed_at == when("Fri+5 10:00")
    assert office.differences() == []


def test_no_case_closes_on_a_replay_whose_mail_was_not_delivered(office: Office, tmp_path: Path) -> None:
    """FU-6: a replay after an outage does not close a case whose reminders could not be delivered."""
    (tmp_path / "file").write_text("")
    number = awaiting(office)
    office.tick("Mon 10:00")
    office.delivering_to(tmp_path / "file" / "mail").tick("Mon+4 10:00", replay=True)
    assert not office.case(number).closed


def test_a_short_gap_does_not_outrun_the_mail(office: Office, tmp_path: Path) -> None:
    """FU-6: two stages due in one tick do not both fire while the first one's mail cannot be delivered."""
    (tmp_path / "p.toml").write_text('name = "p"\n[followup]\nstages = [1, 2, 3]\ngrace = "5bd"\n')
    office.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    (tmp_path / "file").write_text("")
    number = awaiting(office)
    office.tick("Mon 10:00")
    office.delivering_to(tmp_path / "file" / "mail").tick("Fri 10:00")
    assert not office.case(number).closed


def test_a_hold_is_shown_to_nobody_outside(office: Office, tmp_path: Path) -> None:
    """FU-6 and DC-3: the hold and the resumption are staff's to read."""
    (tmp_path / "file").write_text("")
    number = awaiting(office)
    office.delivering_to(tmp_path / "file" / "mail").tick("Wed 10:00")
    kinds = {e.event.kind for e in reading.log(office.by(DANA, "Wed 11:00"), number)}
    assert Kind.FOLLOW_UP_HELD not in kinds
    assert office.clock(number, Metric.RESPONSE).met_at == when("Mon 10:00")
