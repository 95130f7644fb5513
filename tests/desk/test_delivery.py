"""The outbox of a real desk and real servers: outages, refusals and people who left (MAIL-6, FU-6, TICK-1)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ADA, BEN, DANA, OMAR, SAM, Office, ask, note, say
from engine import open_store
from letters import letter, report
from mail.transports.servers import HOST, KEEP_AND_RESET, RESET, SILENCE, Post, serving
from notation import when
from postoffice import free_port

from carecli.desk import directory
from carecli.desk.mail import delivery, inbox
from carecli.desk.mail import outbox as mail
from carecli.domain.events import Kind
from carecli.domain.outbox import Mail, MailState
from carecli.domain.tick_report import MailCount, TickReport
from carecli.domain.vocabulary import Priority
from carecli.errors import NotFound, NotPermitted, Refused

FIVE_MINUTES = timedelta(minutes=5)
RESUMED, HELD, UNDELIVERED = Kind.FOLLOW_UP_RESUMED, Kind.FOLLOW_UP_HELD, Kind.MAIL_UNDELIVERED


def posting(office: Office, port: int, **more: Any) -> Office:
    """The office with its mail going to a server."""
    server = {"host": HOST, "port": port, "security": "none", "timeout": 5, **more}
    table = {"transport": "smtp", "smtp": server}
    return Office(office.config._replace(mail_table=table), office.store)


@pytest.fixture
def post() -> Post:
    """What the server was handed."""
    return Post()


@pytest.fixture
def sending(office: Office, post: Post) -> Iterator[Office]:
    """The office before a server that takes mail."""
    with serving(post) as port:
        yield posting(office, port)


def only(office: Office, number: int) -> Mail:
    """The one mail of a case."""
    [one] = office.mails(number)
    return one


def reminded(office: Office) -> int:
    """A case whose first reminder is due on Wednesday, all mail before it having left."""
    number = office.open("Mon 09:00", priority=Priority.LOW)
    ask(office.by(SAM, "Mon 10:00"), number)
    office.tick("Mon 10:01")
    return number


def tick(office: Office, at: str | datetime) -> TickReport:
    """A tick, after which nothing differs from what the events say."""
    report = office.tick(at)
    assert office.differences() == []
    return report


def test_a_tick_hands_mail_to_the_server(sending: Office, post: Post) -> None:
    """MAIL-6: what a tick sends arrives at its contact, from the desk's address, and is kept as it went out."""
    number = sending.open("Mon 09:00")
    report = tick(sending, "Mon 09:01")
    assert report.mail == MailCount(1, 1, 0)
    [envelope] = post.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("care@desk.example", [DANA])
    sent = only(sending, number)
    assert (sent.state, sent.attempts, sent.sent_at) == (MailState.SENT, 1, when("Mon 09:01"))
    assert post.message_ids == [sent.message_id]
    kept = mail.show(sending.by(BEN, "Mon 09:02"), sent.id)
    assert kept.out
    assert kept.raw.replace(b"\n", b"\r\n") == envelope.content


def test_two_days_without_a_server(office: Office, post: Post) -> None:
    """MAIL-6: with a tick each five minutes the gaps grow to hours; back again, the mail arrives exactly once."""
    port = free_port()
    away = posting(office, port)
    number = away.open("Mon 09:00")
    tried = []
    at = when("Mon 09:00")
    while at < when("Wed 09:00"):
        report = away.tick(at)
        if report.mail.failed:
            tried.append(at)
            assert report.mail.next_try_at == only(office, number).next_at
        at += FIVE_MINUTES
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    assert gaps[:6] == [timedelta(minutes=m) for m in (5, 10, 20, 40, 80, 160)]
    assert set(gaps[6:]) == {timedelta(hours=4)}
    assert len(tried) == 17
    waiting = only(office, number)
    assert (waiting.state, waiting.attempts, waiting.given_up) == (MailState.FAILED, 17, False)
    assert "Connection refused" in str(waiting.error)
    with serving(post, port=port):
        while at < when("Wed 15:00"):
            away.tick(at)
            at += FIVE_MINUTES
    assert post.message_ids == [waiting.message_id]
    assert only(office, number).state is MailState.SENT
    assert office.differences() == []


def test_one_mail_is_the_outage_of_all(office: Office, post: Post) -> None:
    """MAIL-6: a server that is away is asked once a tick, however much waits; the rest waits untouched."""
    port = free_port()
    away = posting(office, port)
    for number in range(4):
        away.open(f"Mon 09:0{number}")
    assert away.tick("Mon 09:10").mail[:3] == (1, 0, 1)
    assert [m.attempts for n in range(1, 5) for m in office.mails(n)] == [1, 0, 0, 0]
    with serving(post, port=port):
        assert tick(away, "Mon 09:15").mail[:3] == (4, 4, 0)
    assert len(post.message_ids) == len(set(post.message_ids)) == 4


def test_a_refused_recipient_is_given_up(sending: Office, post: Post) -> None:
    """MAIL-6: a mailbox that is not there is given up at once, and the case says so, to staff alone."""
    post.rcpt[DANA] = ["550 5.1.1 no such user"]
    number = sending.open("Mon 09:00")
    other = sending.open("Mon 09:00", OMAR)
    report = tick(sending, "Mon 09:01")
    assert report.mail[:4] == (2, 1, 1, None)
    given_up = only(sending, number)
    assert (given_up.given_up, given_up.attempts) == (True, 1)
    assert only(sending, other).state is MailState.SENT
    [told] = [e.event for e in sending.history(number) if e.event.kind is UNDELIVERED]
    assert told.data["to"] == DANA
    assert "5.1.1" in told.data["reason"]
    assert not told.public
    assert tick(sending, "Tue 09:01").mail == MailCount()


def test_a_mail_that_is_refused_for_days_is_given_up(office: Office, post: Post, tmp_path: Path) -> None:
    """MAIL-6: it is tried for as long as the desk's policy says, then staff are told and nobody tries again."""
    (tmp_path / "p.toml").write_text('name = "p"\n[mail]\ngive_up_after = "2h"\n')
    office.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    post.rcpt[DANA] = ["451 4.7.1 greylisted"] * 99
    with serving(post) as port:
        sending = posting(office, port)
        number = sending.open("Mon 09:00")
        at = when("Mon 09:00")
        while not only(sending, number).given_up:
            sending.tick(at)
            at += FIVE_MINUTES
        # After the gaps of 5, 10, 20 and 40 minutes the next one, of 80, would be more than two hours in all.
        assert at - FIVE_MINUTES == when("Mon 10:15")
        assert sending.kinds(number, UNDELIVERED) == ["2026-03-02 10:15 mail-undelivered"]
        assert tick(sending, "Fri 09:00").mail == MailCount()
        post.rcpt.clear()
        assert delivery.by_hand(sending.by(ADA, "Fri 09:01"), everything=True) == MailCount()
        [again] = mail.resend(sending.by(BEN, "Fri 09:02"), [only(sending, number).id])
        assert (again.state, again.attempts) == (MailState.QUEUED, 0)
        assert tick(sending, "Fri 09:03").mail.sent == 1
    assert post.message_ids == [again.message_id]


def test_a_greylisted_reminder_holds_the_ladder_until_it_is_taken(sending: Office, post: Post) -> None:
    """FU-6: the first try is put off and holds the ladder, the second is taken and lets it go on."""
    number = reminded(sending)
    post.rcpt[DANA] = ["451 4.7.1 come again"]
    assert tick(sending, "Wed 10:00").held == (number,)
    assert tick(sending, "Wed 10:04").mail == MailCount()
    assert tick(sending, "Wed 10:05").held == ()
    assert sending.kinds(number, HELD, RESUMED) == [
        "2026-03-04 10:00 follow-up-held",
        "2026-03-04 10:05 follow-up-resumed",
    ]


def test_a_reminder_that_is_given_up_holds_the_ladder_for_staff(sending: Office, post: Post) -> None:
    """FU-6: the ladder stays held, though time goes on, until staff send again and it arrives."""
    number = reminded(sending)
    post.rcpt[DANA] = ["550 5.1.1 no such user"]
    assert tick(sending, "Wed 10:00").held == (number,)
    assert tick(sending, "Fri+3 10:00").held == (number,)
    assert sending.kinds(number, HELD, RESUMED, UNDELIVERED) == [
        "2026-03-04 10:00 mail-undelivered",
        "2026-03-04 10:00 follow-up-held",
    ]
    mail.resend(sending.by(BEN, "Fri+3 10:01"), [sending.mails(number)[-1].id])
    assert tick(sending, "Fri+3 10:02").held == ()
    assert sending.kinds(number, RESUMED) == ["2026-03-27 10:02 follow-up-resumed"]
    assert not sending.case(number).closed


@pytest.mark.parametrize("stages", ["[2, 5, 10]", "[10]"])
def test_a_request_that_is_given_up_holds_the_ladder(
    sending: Office, post: Post, tmp_path: Path, stages: str
) -> None:
    """FU-6: nobody is closed for not answering what never arrived; sent again, the days count from then."""
    rules = tmp_path / "p.toml"
    rules.write_text(f'name = "p"\n[followup]\nstages = {stages}\n')
    sending.setting("Mon 08:00", policy=str(rules))
    number = sending.open("Mon 09:00", priority=Priority.LOW)
    sending.tick("Mon 09:01")
    ask(sending.by(SAM, "Mon 10:00"), number)
    post.rcpt[DANA] = ["451 4.7.1 come again", "550 5.1.1 no such user"]
    assert tick(sending, "Mon 10:00").held == ()
    assert tick(sending, "Mon 10:05").held == (number,)
    assert tick(sending, "Fri+3 10:00").held == (number,)
    mail.resend(sending.by(BEN, "Fri+3 10:01"), [sending.mails(number)[-1].id])
    assert tick(sending, "Fri+3 10:02").held == ()
    ladder = sending.case(number).followup
    assert ladder
    assert (ladder.stage, ladder.anchor_at) == (0, when("Fri+3 10:02"))


def test_an_answer_overtakes_a_retry(sending: Office, post: Post) -> None:
    """FU-5: a reminder that was put off is not sent once the customer has answered."""
    number = reminded(sending)
    post.rcpt[DANA] = ["451 4.7.1 come again"]
    tick(sending, "Wed 10:00")
    say("Here it is.")(sending.by(DANA, "Wed 10:02"), number)
    sent = len(post.envelopes)
    assert tick(sending, "Wed 10:10").mail.sent == 0
    assert len(post.envelopes) == sent
    assert [m.state for m in sending.mails(number) if m.stage] == [MailState.WITHDRAWN]


@pytest.mark.parametrize("broken", [RESET, SILENCE])
def test_a_connection_that_breaks_loses_nothing(office: Office, post: Post, broken: str) -> None:
    """MAIL-6: reset and timeout behind the message: tried again, and it arrives once."""
    post.data = [broken]
    with serving(post) as port:
        sending = posting(office, port)
        number = sending.open("Mon 09:00")
        assert tick(sending, "Mon 09:01").mail.failed == 1
        assert tick(sending, "Mon 09:06").mail.sent == 1
    assert post.message_ids == [only(office, number).message_id]


def test_a_connection_that_breaks_behind_the_acceptance(sending: Office, post: Post) -> None:
    """MAIL-6: where the server took it and could not say so, it comes twice with the same Message-ID."""
    post.data = [KEEP_AND_RESET]
    number = sending.open("Mon 09:00")
    tick(sending, "Mon 09:01")
    tick(sending, "Mon 09:06")
    assert post.message_ids == [only(sending, number).message_id] * 2


def test_a_mail_to_somebody_who_left(sending: Office, post: Post) -> None:
    """MAIL-6: mail to a contact who was deactivated meanwhile is given up at once; that is no failed attempt."""
    number = sending.open("Mon 09:00")
    directory.deactivate_contact(sending.by(ADA, "Mon 09:01"), DANA)
    assert tick(sending, "Mon 09:02").mail == MailCount()
    given_up = only(sending, number)
    assert (given_up.given_up, given_up.attempts) == (True, 0)
    assert "acts for nobody" in str(given_up.error)
    assert sending.kinds(number, UNDELIVERED) == ["2026-03-02 09:02 mail-undelivered"]
    assert post.envelopes == []


def test_a_retry_waits_for_its_time_unless_all_is_tried(sending: Office, post: Post) -> None:
    """MAIL-6: a delivery by hand tries what is due, with `everything` also what waits for its next try."""
    post.rcpt[DANA] = ["451 4.7.1 come again"]
    sending.open("Mon 09:00")
    tick(sending, "Mon 09:01")
    ada = sending.by(ADA, "Mon 09:02")
    assert delivery.by_hand(ada, everything=False) == MailCount()
    assert delivery.by_hand(ada, everything=True).sent == 1
    with pytest.raises(NotPermitted):
        delivery.by_hand(sending.by(BEN, "Mon 09:02"), everything=True)


def test_quiet_hours_hold_whatever_is_tried(sending: Office, tmp_path: Path) -> None:
    """FU-5: even a delivery of everything does not wake a customer."""
    (tmp_path / "p.toml").write_text('name = "p"\n[mail]\nquiet_hours = true\n')
    sending.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    sending.open("Mon 20:00")
    assert delivery.by_hand(sending.by(ADA, "Mon 20:01"), everything=True) == MailCount()
    assert tick(sending, "Tue 09:00").mail.sent == 1


def test_another_delivery_under_way_is_left_alone(
    sending: Office, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TICK-1: a tick that finds another delivery under way leaves the mail to that one, and succeeds."""
    monkeypatch.setattr("carecli.store.sqlite.store.DELIVERY_S", 0.05)
    sending.open("Mon 09:00")
    with sending.store.delivering() as ours:
        assert ours
        assert sending.tick("Mon 09:01").mail == MailCount()
    assert post.envelopes == []
    assert sending.tick("Mon 09:02").mail.sent == 1


def test_no_lock_is_held_while_the_server_takes_its_time(sending: Office, post: Post) -> None:
    """MAIL-6: others write to the record while a server is slow."""
    number = sending.open("Mon 09:00")

    def write() -> None:
        store = open_store(sending.config.db, busy_s=0.1)
        try:
            note("Looks bad.")(Office(sending.config, store).by(SAM, "Mon 09:01"), number)
        finally:
            store.close()

    post.taken = write
    assert sending.tick("Mon 09:01").mail.sent == 1
    assert sending.kinds(number, Kind.COMMENTED) == ["2026-03-02 09:01 commented"]


def test_a_password_that_is_missing(office: Office) -> None:
    """MAIL-6: without its password nothing leaves; no mail is blamed, and the remedy is named."""
    away = posting(office, free_port(), user="care")
    number = away.open("Mon 09:00")
    count = away.tick("Mon 09:01").mail
    assert (count.sent, count.failed) == (0, 1)
    assert "there is no password for care" in str(count.reason)
    assert "CARE_SMTP_PASSWORD" in str(count.hint)
    assert only(away, number).attempts == 0


def test_what_can_be_sent_again(sending: Office, post: Post) -> None:
    """MAIL-6, AUD-1: only what failed or bounced; all or nothing; on record; contacts see no outbox (DC-3)."""
    number = sending.open("Mon 09:00")
    ben = sending.by(BEN, "Mon 09:01")
    waiting = only(sending, number)
    with pytest.raises(Refused, match="waits already"):
        mail.resend(ben, [waiting.id])
    tick(sending, "Mon 09:02")
    with pytest.raises(Refused, match="is sent"):
        mail.resend(ben, [waiting.id])
    with pytest.raises(NotFound, match="there is no mail 99"):
        mail.resend(ben, [99])
    with pytest.raises(NotPermitted):
        mail.resend(sending.by(DANA, "Mon 09:03"), [waiting.id])
    with pytest.raises(NotPermitted, match="for staff"):
        mail.outbox(sending.by(DANA, "Mon 09:03"), number, states=(), limit=None)
    with pytest.raises(NotFound, match="there is no case 0000000009"):
        mail.outbox(ben, 9, states=(), limit=None)
    bounced = only(sending, number)._replace(state=MailState.BOUNCED, error="gone")
    with sending.store.write() as writing:
        writing.mark_mails([bounced])
    mail.resend(ben, [waiting.id, waiting.id])
    [told] = [e.event for e in sending.history(number) if e.event.kind is Kind.MAIL_RESENT]
    assert (told.actor, told.data["mail"], told.public) == (BEN, waiting.id, False)
    tick(sending, "Mon 09:05")
    assert post.message_ids == [waiting.message_id] * 2


def test_a_bounce_that_is_faster_than_the_mark(sending: Office, post: Post) -> None:
    """MAIL-5: a bounce that comes back before it is noted that the mail left is not forgotten."""
    number = sending.open("Mon 09:00")

    def bounce() -> None:
        store = open_store(sending.config.db)
        try:
            with store.write() as writing:
                [one] = writing.mail_of(number)
                writing.mark_mails([one._replace(state=MailState.BOUNCED, next_at=None, error="no such user")])
        finally:
            store.close()

    post.taken = bounce
    sending.tick("Mon 09:01")
    bounced = only(sending, number)
    assert (bounced.state, bounced.error, bounced.sent_at) == (
        MailState.BOUNCED,
        "no such user",
        when("Mon 09:01"),
    )


def test_a_bounce_during_the_delivery_holds_the_ladder(sending: Office, post: Post) -> None:
    """FU-6: a late reminder that comes back before it is noted that it left lets no ladder go on."""
    number = reminded(sending)
    post.rcpt[DANA] = ["450 4.2.1 greylisted"]
    sending.tick("Wed 10:00")
    reminder = sending.mails(number)[-1]
    assert (reminder.kind, reminder.state) == ("reminder", MailState.FAILED)

    def bounce() -> None:
        store = open_store(sending.config.db)
        try:
            came = letter(**report(reminder.message_id), sender="MAILER-DAEMON@x.example", return_path="<>")
            taken = inbox.take_in(Office(sending.config, store).by("system", "Fri 10:00"), [(came, "test")])
            assert taken[0].code == "bounced"
        finally:
            store.close()

    post.rcpt.clear()
    post.taken = bounce
    sending.tick("Fri 10:00")
    assert sending.mails(number)[-1].state is MailState.BOUNCED
    ladder = sending.case(number).followup
    assert ladder
    assert ladder.held
    assert number in sending.tick("Fri+2 10:00").held
    assert not sending.case(number).closed
    assert sending.differences() == []


def test_trying_before_its_time_gives_up_no_mail(office: Office) -> None:
    """MAIL-6: however often all mail is tried by hand in an hour, it is given up after days."""
    away = posting(office, free_port())
    number = away.open("Mon 09:00")
    away.tick("Mon 09:00")
    for minute in range(1, 60):
        assert delivery.by_hand(away.by(ADA, f"Mon 09:{minute:02}"), everything=True).failed == 1
    waiting = only(away, number)
    assert (waiting.state, waiting.given_up) == (MailState.FAILED, False)
    assert waiting.next_at
    assert waiting.next_at <= when("Mon 11:00")


def test_all_that_waits_is_tried_once(sending: Office, post: Post) -> None:
    """MAIL-6: a mail that is put off while everything is tried is not tried again in the same run."""
    post.rcpt[DANA] = ["450 4.2.1 greylisted"] * 9
    number, other = sending.open("Mon 09:00"), sending.open("Mon 09:00")
    assert delivery.by_hand(sending.by(ADA, "Mon 09:00"), everything=True)[:3] == (2, 0, 2)
    assert [only(sending, each).attempts for each in (number, other)] == [1, 1]
    assert len(post.rcpt[DANA]) == 7


def test_one_desk_by_two_names_is_delivered_once(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-6: a delivery is kept from another that reaches the database by a link."""
    monkeypatch.setattr("carecli.store.sqlite.store.DELIVERY_S", 0.05)
    link = tmp_path / "link.db"
    link.symlink_to(office.config.db)
    other = open_store(link)
    try:
        with other.delivering() as ours, office.store.delivering() as also:
            assert (ours, also) == (True, False)
    finally:
        other.close()


def test_a_broken_template_is_the_fault_of_no_mail(sending: Office, tmp_path: Path) -> None:
    """MAIL-6: what cannot be written waits, and goes out once the template is mended."""
    (tmp_path / "templates").mkdir()
    broken = tmp_path / "templates" / "acknowledgement.txt.j2"
    broken.write_text("{{ nothing.like.this }}")
    table = {**sending.config.mail_table, "templates": str(tmp_path / "templates")}
    own = Office(sending.config._replace(mail_table=table), sending.store)
    number = own.open("Mon 09:00")
    count = own.tick("Mon 09:01").mail
    assert (count.sent, count.failed) == (0, 1)
    assert "acknowledgement.txt.j2" in str(only(own, number).error)
    broken.unlink()
    assert own.tick("Mon 09:06").mail.sent == 1
