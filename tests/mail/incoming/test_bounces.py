"""What mail servers say of mail that came back (MAIL-5): reports by RFC 3464, and words."""

import pytest

from carecli.domain.inbox import Bounce
from carecli.mail.incoming import reading

LEE = "Final-Recipient: rfc822; lee@x.example\n"
KIM = "Final-Recipient: rfc822; kim@x.example\n"
OURS = ("<0000000042.3.k7q2m4xdrt5wphna@care.example>",)


def report(
    *blocks: str, returned: str = f"Message-ID: {OURS[0]}\nTo: lee@x.example", kind: str = "message/rfc822"
) -> bytes:
    """A report by RFC 3464."""
    fields = "\n\n".join(("Reporting-MTA: dns; mx.example", *blocks))
    return (
        "From: postmaster@mx.example\nTo: desk@care.example\nSubject: Undelivered\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n"
        f"--b\nContent-Type: message/delivery-status\n\n{fields}\n\n"
        f"--b\nContent-Type: {kind}\n\n{returned}\n\n--b--\n"
    ).encode()


FAILED = LEE + "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user"
GONE = Bounce("lee@x.example", "5.1.1", "550 no such user", True, OURS)


@pytest.mark.parametrize(
    ("raw", "bounce"),
    [
        (report(FAILED), GONE),
        # The address that we wrote to goes before the one that it was forwarded to.
        (
            report(f"Original-Recipient: rfc822;list@x.example\n{FAILED}"),
            GONE._replace(recipient="list@x.example"),
        ),
        # Not yet, and not at all a failure.
        (report(LEE + "Action: delayed\nStatus: 4.4.1"), Bounce("lee@x.example", "4.4.1", None, False, OURS)),
        (report(LEE + "Action: relayed\nStatus: 2.0.0"), Bounce("lee@x.example", "2.0.0", None, False, OURS)),
        # Given up for a passing reason is given up.
        (report(LEE + "Action: failed\nStatus: 4.4.7"), Bounce("lee@x.example", "4.4.7", None, True, OURS)),
        # Who failed goes before who is only late.
        (report(KIM + "Action: delayed\nStatus: 4.4.1", FAILED), GONE),
        # The diagnosis is more precise than the status.
        (
            report(LEE + "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.1 no"),
            Bounce("lee@x.example", "5.7.1", "550 5.7.1 no", True, OURS),
        ),
        # Only the headers came back, and what they answer counts too.
        (
            report(
                FAILED, returned=f"message-id: {OURS[0]}\nReferences: <a@care.example>", kind="text/rfc822-headers"
            ),
            GONE._replace(message_ids=(*OURS, "<a@care.example>")),
        ),
        (report(FAILED, returned=""), GONE._replace(message_ids=())),
    ],
)
def test_a_report_is_read_field_by_field(raw: bytes, bounce: Bounce) -> None:
    """MAIL-5: recipient, status and the mail that came back, so that the notification can be marked."""
    assert reading.read(raw).bounce == bounce


def words(
    text: str, head: str = "From: MAILER-DAEMON@mx.example\nTo: desk@care.example\nSubject: failure notice"
) -> bytes:
    """A bounce in words."""
    return f"{head}\n\n{text}".encode()


@pytest.mark.parametrize(
    ("raw", "recipient", "status", "final"),
    [
        (
            words("Hi. This is the program.\n\n<lee@x.example>:\n550 5.1.1 unknown\n"),
            "lee@x.example",
            "5.1.1",
            True,
        ),
        (
            words("The following address had problems:\n lee@x.example\n  mailbox is full\n"),
            "lee@x.example",
            None,
            True,
        ),
        (
            words("Your message to lee@x.example has been delayed and will be retried."),
            "lee@x.example",
            None,
            False,
        ),
        (words("For help contact support@mx.example\n\nlee@x.example: 554 no"), "lee@x.example", "5.0.0", True),
        # The copy of our own mail below says nothing about who failed.
        (
            words("lee@x.example failed\n\n---- Original message ----\nTo: kim@x.example\n"),
            "lee@x.example",
            None,
            True,
        ),
        (
            words("sorry", "From: a@mx.example\nX-Failed-Recipients: lee@x.example\nSubject: x"),
            "lee@x.example",
            None,
            True,
        ),
        (words("no address", "From: <>\nSubject: Returned mail"), None, None, True),
    ],
)
def test_a_bounce_in_words_is_understood(
    raw: bytes, recipient: str | None, status: str | None, final: bool
) -> None:
    """MAIL-5: what servers wrote before RFC 3464, and some still do."""
    incoming = reading.read(raw)
    assert incoming.bounce
    assert (incoming.bounce.recipient, incoming.bounce.status, incoming.bounce.final) == (recipient, status, final)
    assert incoming.robot


def test_a_bounce_in_words_names_the_mail_that_came_back() -> None:
    """MAIL-5: by the Message-ID in the copy, which our keyed hash then verifies."""
    incoming = reading.read(
        words(f"lee@x.example failed\n\n--- Below is a copy.\n\nMessage-ID: {OURS[0]}\nSubject: x\n")
    )
    assert incoming.bounce
    assert incoming.bounce.message_ids == OURS


def test_the_librarys_stumbling_is_not_printed(caplog: pytest.LogCaptureFixture) -> None:
    """MAIL-5: it raises where no sender can be read, and would log a traceback to the mail server."""
    assert reading.read(b"From: \xff MAILER-DAEMON <>\nSubject: failure notice\n\nlee@x.example failed").bounce
    assert not caplog.records


def test_a_complaint_is_no_failure() -> None:
    """MAIL-5: the mail arrived; a robot says that it was not wanted (RFC 5965)."""
    raw = (
        b"From: abuse@mx.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        b"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
        b"Original-Rcpt-To: <lee@x.example>\n\n--b--\n"
    )
    assert reading.read(raw).bounce == Bounce("lee@x.example", None, "complaint: abuse", False, ())
