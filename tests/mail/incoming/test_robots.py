"""Who is a machine (MAIL-5), and who only looks like one."""

import pytest

from carecli.mail.incoming import reading

PERSON = "From: dana@x.example\nSubject: Re: Calls drop"


@pytest.mark.parametrize(
    "head",
    [
        # RFC 3834, with parameters, comments, case and blanks.
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: AUTO-GENERATED",
        "auto-submitted: auto-notified; owner-email=a@b.example",
        "Auto-Submitted: (why not) auto-replied (vacation)",
        "Auto-Submitted: no\nAuto-Submitted: auto-replied",
        # What was used before it.
        "Precedence: bulk",
        "Precedence: JUNK",
        "Precedence: list",
        "Precedence: auto_reply",
        "Precedence: first-class\nPrecedence: bulk",
        "X-Autoreply: yes",
        "X-Autorespond: Away 2.1",
        "X-Auto-Reply-From: a@b.example\nX-Autoresponder: on",
        "X-FC-MachineGenerated: true",
        "X-Loop: desk@care.example",
        # Mailing lists.
        "List-Id: <news.example>",
        "List-Unsubscribe: <https://news.example>",
        # Nobody to answer to.
        "Return-Path: <>",
        "Return-Path: < >",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
        "Content-Type: message/delivery-status",
        "X-Failed-Recipients: lee@x.example",
    ],
)
def test_a_machine_is_known_by_its_headers(head: str) -> None:
    """MAIL-5: any one of them is enough, and the reason is told."""
    assert reading.read(f"{PERSON}\n{head}\n\nhello".encode()).robot


@pytest.mark.parametrize(
    "head",
    [
        "From: MAILER-DAEMON@x.example",
        "From: MAILER-DAEMON (Mail Delivery System)",
        "From: Mail Delivery Subsystem <mailer-daemon@x.example>",
        "From: <>",
        "From: dana@x.example\nSubject: Automatic reply: Calls drop",
        "From: dana@x.example\nSubject: =?utf-8?q?R=C3=A9ponse_automatique_:?= absent",
    ],
)
def test_a_machine_is_known_by_its_name(head: str) -> None:
    """MAIL-5: mail servers and calendars that set no such header."""
    assert reading.read(f"{head}\n\nhello".encode()).robot


@pytest.mark.parametrize(
    "head",
    [
        PERSON,
        f"{PERSON}\nAuto-Submitted: no",
        f"{PERSON}\nAuto-Submitted: No (a person)",
        f"{PERSON}\nPrecedence: first-class",
        f"{PERSON}\nPrecedence: never-bounce",
        # Outlook sets it on people's mail.
        f"{PERSON}\nX-Auto-Response-Suppress: All",
        f"{PERSON}\nX-Autoreply: no",
        f"{PERSON}\nReturn-Path: <dana@x.example>",
        f"{PERSON}\nContent-Type: multipart/signed; boundary=b",
        # Answers to robots are people's.
        "From: dana@x.example\nSubject: Re: Automatic reply: away",
        "From: dana@x.example\nSubject: Fwd: Undelivered Mail Returned to Sender",
        "From: dana@x.example\nSubject: Undeliverable mail for lee@x.example",
        "From: dana@x.example\nSubject: out of office phones fail",
        "From: Mailer Daemonson <dana@x.example>\nSubject: x",
    ],
)
def test_no_person_is_taken_for_a_machine(head: str) -> None:
    """MAIL-5: a person's answer that is ignored would let the ladder close the case (FU-5)."""
    assert reading.read(f"{head}\n\n550 5.1.1 <lee@x.example> unknown".encode()).robot is None
