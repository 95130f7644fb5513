"""Automatic answers: what a sender whose mail changed nothing can do, and no more than that."""

import pytest
from desk_fixtures import plain
from outgoing_mail import AT, KEY, SPEAKING, WRITER, answer, hypertext, read

from carecli.domain.outbox import ANSWERS, MailKind
from carecli.domain.reference_key import KeyRing
from carecli.mail import reference
from carecli.mail.outgoing import answers

MARK = reference.reference(KEY, 42)


def test_there_is_one_answer_of_each_kind_a_day_and_sender() -> None:
    """MAIL-4, MAIL-5: the key is the same however the address is spelled, and another one on the next day."""
    first = answer(MailKind.HOW_TO_OPEN)
    again = answers.compose(
        MailKind.HOW_TO_OPEN,
        to="PAT@example.com",
        subject="Other",
        named=(),
        number=7,
        place=8,
        at=AT.replace(hour=23),
        office=SPEAKING,
        key=KEY,
    )
    assert first.key == again.key == "answer/how-to-open/pat@example.com//2026-03-02"
    assert first.message_id != again.message_id
    assert answer(MailKind.HOW_TO_REOPEN).key == "answer/how-to-reopen/pat@example.com/0000000042/2026-03-02"
    assert {answer(kind).number for kind in ANSWERS} == {None}


def test_a_reply_to_an_answer_is_known_as_one_to_no_case() -> None:
    """MAIL-5: the Message-ID is the desk's own, and of no case."""
    assert reference.number_in(KeyRing(KEY), answer(MailKind.HOW_TO_OPEN).message_id) == 0


@pytest.mark.parametrize("kind", [MailKind.UNKNOWN_SENDER, MailKind.HOW_TO_OPEN])
def test_a_stranger_learns_nothing(kind: MailKind) -> None:
    """DC-3, MAIL-2a: the answer is the same whatever case the mail named."""
    with_case, without = (WRITER.written(answer(kind, number=number)) for number in (42, None))
    assert with_case == without
    assert "0000000042" not in plain(read(with_case)) + hypertext(read(with_case))


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_an_answer_says_that_nothing_changed_and_whom_to_call(kind: MailKind) -> None:
    """MAIL-3, MAIL-4: politely, with a phone number, following the mail that it answers."""
    message = read(WRITER.written(answer(kind)))
    assert "changed" in plain(message)
    assert "+1 555 010 0100" in " ".join(plain(message).split())
    assert (message["In-Reply-To"], message["References"]) == ("<a1@example.com>", "<a1@example.com>")
    assert message["To"] == "Pat@Example.com"


def test_an_answer_without_a_case_says_what_a_command_needs() -> None:
    """MAIL-3: where no case was told for certain, the command shows where its number goes."""
    body = plain(read(WRITER.written(answer(MailKind.HOW_TO_REPLY, number=None))))
    assert "care update NUMBER -m 'your text'" in body
    assert plain(read(WRITER.written(answer(MailKind.HOW_TO_REOPEN, number=None)))).startswith(
        "The case is closed"
    )


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Help", "Re: Help"),
        ("", "Re:"),
        ("RE: AW: Fwd: Help", "Re: Help"),
        ("Re[2]: Help", "Re: Help"),
        ("Regarding: this", "Re: Regarding: this"),
        (f"Re: [Case # 0000000042 ] an update [{MARK}]", "Re: [Case # 0000000042 ] an update"),
        (MARK.upper(), "Re:"),
        ("a\r\nBcc: x@y.example", "Re: a Bcc: x@y.example"),
        ("w" * 5_000, "Re: " + "w" * 99 + "…"),
        ("=?utf-8?q?=0aBcc=3a_x?=", "Re: = ?utf-8?q?=0aBcc=3a_x?="),
    ],
)
def test_no_more_of_the_mail_is_repeated_than_its_subject(subject: str, answered: str) -> None:
    """MAIL-5: on one line, not for ever, and without a reference, which the sender may have stolen."""
    mail = answer(MailKind.HOW_TO_REPLY, subject)
    message = read(WRITER.written(mail))
    assert message["Subject"] == answered
    assert mail.content == answer(MailKind.HOW_TO_REPLY).content
