"""Notices: whom they tell of what, what they say happens next, and what to type."""

import errno
import os
import re
import sqlite3
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import DANA, OMAR, SAM, TEXT, Office, ask, plain, propose, say, yes

from carecli.desk import cases, severity
from carecli.desk.directory import address
from carecli.domain.outbox import MailKind, MailState
from carecli.domain.vocabulary import Priority, Via
from carecli.errors import CareError


def latest(office: Office, at: str) -> EmailMessage:
    """The mail that a tick now delivers last."""
    before = {m["Message-ID"] for m in office.delivered()}
    office.tick(at)
    (new,) = [m for m in office.delivered() if m["Message-ID"] not in before][-1:]
    return new


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.c\nBcc: x@y.z",
        "a@b.c, x@y.z",
        "<a@b.c>",
        '"a"@b.c',
        "a b@c.d",
        "@b.c",
        "a@",
        "ab.c",
        "a@b\u2028c",
        "a;b@c",
    ],
)
def test_an_address_that_could_break_a_header_never_gets_in(typed: str) -> None:
    """DC-1 and MAIL-1: what is no single plain address is refused when it is given."""
    with pytest.raises(CareError):
        address(typed)


def test_a_sender_with_a_name_gives_proper_message_ids(office: Office) -> None:
    """MAIL-1: with `from = \"Customer Care <care@desk.example>\"` Message-IDs are still well-formed."""
    named = Office(office.config._replace(mail_from="Customer Care <care@desk.example>"), office.store)
    number = named.open("Mon 09:00")
    assert re.fullmatch(r"<[^<>@\s]+@desk\.example>", named.mails(number)[0].message_id)


def test_a_sender_with_a_name_is_written_as_it_is(office: Office) -> None:
    """MAIL-1: the sender's name and address stand in the header, and the tick delivers."""
    named = Office(office.config._replace(mail_from="Kündenservice <care@desk.example>"), office.store)
    named.open("Mon 09:00")
    assert named.tick("Mon 09:01").mail.sent == 1
    assert named.delivered()[0]["From"].addresses[0].addr_spec == "care@desk.example"


def test_message_ids_are_unique_and_stable(office: Office) -> None:
    """MAIL-6: each mail has a Message-ID of its own, which a retry keeps."""
    number = office.open("Mon 09:00")
    for hour in (10, 11, 12):
        say("Words.")(office.by(SAM, f"Mon {hour}:00"), number)
    before = [m.message_id for m in office.mails(number)]
    office.tick("Mon 13:00")
    assert [m.message_id for m in office.mails(number)] == before
    assert len(set(before)) == 4
    assert sorted(m["Message-ID"] for m in office.delivered()) == sorted(before)


def test_people_are_not_told_what_they_did_themselves(office: Office) -> None:
    """FU-1: the contact is mailed what others did: staff, a colleague, a call logged; notes never."""
    number = office.open("Mon 09:00")
    kinds: list[MailKind] = []

    def told(act: Any, who: str, at: str) -> list[MailKind]:
        act(office.by(who, at), number)
        new = [m.kind for m in office.mails(number)][len(kinds) + 1 :]
        kinds.extend(new)
        return new

    assert told(say("Mine."), DANA, "Mon 10:00") == []
    assert told(say("Ours."), OMAR, "Mon 10:01") == [MailKind.ANSWER]
    assert told(say("Theirs."), SAM, "Mon 10:02") == [MailKind.ANSWER]
    assert told(lambda d, n: cases.update(d, n, "Secret.", internal=True), SAM, "Mon 10:03") == []
    assert told(lambda d, n: cases.assign(d, n), SAM, "Mon 10:04") == []
    assert told(lambda d, n: cases.update(d, n, "I called.", via=Via.PHONE), SAM, "Mon 10:05") == [MailKind.ANSWER]
    assert not any("Secret" in str(m.content) + m.subject for m in office.mails(number))


NUMBER = "0000000001"


def test_a_request_says_what_is_asked_what_is_next_and_how_to_answer(office: Office) -> None:
    """FU-1: a request holds the question, when the next step follows on its own, and the command."""
    number = office.open("Mon 09:00")
    office.tick("Mon 09:01")
    ask(office.by(SAM, "Mon 10:00"), number)
    body = plain(latest(office, "Mon 10:01"))
    assert "Please send the trace." in body
    assert "Wednesday 4 March 2026, 10:00" in body
    assert "(UTC)" in body
    assert f"care update {NUMBER}" in body


def test_a_proposal_says_how_to_accept_and_reject(office: Office) -> None:
    """FU-1 and STAT-3: a proposal holds the solution, the date of the next step, and both commands."""
    number = office.open("Mon 09:00")
    propose(office.by(SAM, "Mon 10:00"), number)
    body = plain(latest(office, "Mon 10:01"))
    for part in ("Use the other trunk.", " 4 March 2026, 10:00", f"care accept {NUMBER}", f"care reject {NUMBER}"):
        assert part in body


def test_reminders_name_the_action_the_date_and_the_command(office: Office) -> None:
    """FU-1: a reminder carries the action, when time acts next, and a command; the closing a phone number."""
    office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), 1)
    office.tick("Mon 10:01")
    first, second, closing = (latest(office, f"{day} 10:00") for day in ("Wed", "Mon+1", "Mon+2"))
    assert "reminder 1" in first["Subject"]
    assert "reminder 2" in second["Subject"]
    for mail, date in ((first, " 9 March 2026, 10:00"), (second, "16 March 2026, 10:00")):
        body = plain(mail)
        assert "information" in body
        assert date in body
        assert f"care update {NUMBER}" in body
    assert "closed" in plain(closing)
    assert "+1 555 010 0100" in plain(closing)
    assert "care reopen" not in plain(closing)


def test_a_reminder_repeats_what_was_asked(office: Office) -> None:
    """FU-1: a reminder carries the requested action itself, not only that something was asked."""
    office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), 1)
    office.tick("Mon 10:01")
    assert "Please send the trace." in plain(latest(office, "Wed 10:00"))


def test_the_last_reminder_says_that_the_case_will_close(office: Office) -> None:
    """FU-1 and TICK-3: who does not answer reads before it happens that the case will be closed."""
    office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), 1)
    for day in ("Mon 10:01", "Wed 10:00"):
        office.tick(day)
    assert "close" in plain(latest(office, "Mon+1 10:00"))


def test_a_closing_speaks_of_the_reminders_there_were(office: Office, tmp_path: Path) -> None:
    """FU-2: with a policy of one stage the closing mail speaks of no reminder, as there was none."""
    (tmp_path / "p.toml").write_text('name = "p"\n[followup]\nstages = [3]\n')
    office.setting("Mon 08:00", policy=str(tmp_path / "p.toml"))
    office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), 1)
    office.tick("Mon 10:01")
    assert "reminder" not in plain(latest(office, "Thu 10:00"))


def test_every_notice_names_the_case_and_a_command(office: Office) -> None:
    """FU-1: each kind of notice names the case and a command."""
    number = office.open("Mon 09:00", description=TEXT)
    acts: tuple[tuple[Any, str], ...] = (
        (say("We look."), f"care update {NUMBER}"),
        (lambda d, n: severity.change(d, n, Priority.LOW, "Less.", confirm=yes), f"care update {NUMBER}"),
        (lambda d, n: cases.restore(d, n, "Works again."), f"care update {NUMBER}"),
        (lambda d, n: cases.close(d, n, "Done."), f"care reopen {NUMBER}"),
        (lambda d, n: cases.reopen(d, n, "Not done.", via=Via.PHONE), f"care update {NUMBER}"),
    )
    acknowledgement = plain(latest(office, "Mon 09:01"))
    assert "priority high" in acknowledgement
    assert "Monday 2 March 2026, 11:00" in acknowledgement
    for minute, (act, command) in enumerate(acts, 10):
        act(office.by(SAM, f"Mon 10:{minute}"), number)
        mail = latest(office, f"Mon 10:{minute}")
        assert NUMBER in mail["Subject"]
        assert command in plain(mail)
        assert plain(mail).rstrip().endswith("Test desk, +1 555 010 0100")


def test_a_restoration_offers_accept_and_reject(office: Office) -> None:
    """STAT-3: Service Restored can be accepted or rejected, so its notice says how."""
    number = office.open("Mon 09:00")
    cases.restore(office.by(SAM, "Mon 10:00"), number, "Works again.")
    assert f"care accept {NUMBER}" in plain(latest(office, "Mon 10:01"))


def test_a_maildir_that_is_there_and_empty_is_used(office: Office) -> None:
    """MAIL-6: a directory that somebody made beforehand is filled like one that is made here."""
    Path(office.config.maildir).mkdir(parents=True)
    office.open("Mon 09:00")
    assert office.tick("Mon 09:01").mail.sent == 1


def test_a_batch_that_does_not_reach_the_disk_leaves_no_drafts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-6: where mail cannot be flushed its drafts are removed, and it leaves with the next tick, once."""
    office.open("Mon 09:00")

    def fails(_: int) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)
        assert office.tick("Mon 09:01").mail.failed == 1
    assert not list(Path(office.config.maildir).rglob("tmp/*"))
    assert office.tick("Mon 09:06").mail.sent == len(office.delivered()) == 1


def test_a_mail_that_cannot_be_written_stops_no_other(office: Office) -> None:
    """MAIL-6: of a batch the one that makes no proper mail is kept, and all others leave; each is counted once."""
    spoilt, number = (office.open("Mon 09:00") for _ in range(2))
    with closing(sqlite3.connect(office.config.db)) as db:
        db.execute("UPDATE outbox SET recipient = ? WHERE number = ?", ("a@b.example\nBcc: x@y.example", spoilt))
        db.commit()
    ask(office.by(SAM, "Mon 10:00"), number)
    # Several deliveries in one tick: each stage waits for the mail of the one before it.
    mail = office.tick("Mon+4 10:00", replay=True).mail
    assert (mail.queued, mail.sent, mail.failed) == (6, 5, 1)
    assert {m["To"] for m in office.delivered()} == {DANA}


def test_a_reminder_of_no_case_stops_no_mail(office: Office) -> None:
    """MAIL-6: a reminder whose case a damaged record has lost is withdrawn, and all other mail leaves."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 10:00"), number)
    with closing(sqlite3.connect(office.config.db)) as db:
        db.execute(
            "UPDATE outbox SET number = 777, kind = 'reminder', round = 1, stage = 1 WHERE kind = 'request'"
        )
        db.commit()
    mail = office.tick("Mon 10:01").mail
    assert (mail.sent, mail.failed) == (1, 0)
    assert office.mails(777)[0].state is MailState.WITHDRAWN
