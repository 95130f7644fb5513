"""Odd and hostile mail: what becomes of each message, and that no case moves but by a right one (MAIL-2..5)."""

import base64
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from desk_fixtures import BOB, ROSA
from letters import (
    AWAITING,
    CARE,
    CLOSED,
    DANA,
    LENA,
    OMAR,
    OPEN,
    PASSES,
    PROPOSED,
    SAM,
    TARA,
    Make,
    Scene,
    letter,
    mixed,
    report,
)

from carecli.domain.events import Kind

RESPONDED = ("open", "customer-responded", None, False)
INVESTIGATED = ("open", "investigation", None, False)
ADDED = "added"
"""One more public update on a case that stands as it stood."""
TOLD = "told"
"""The case tells staff of a mail that came back, and stands as it stood."""
HELD = "held"
"""So it does, and its ladder waits for staff."""

Effect = tuple[str, str, str | None, bool] | str


class Row(NamedTuple):
    """A message, and what must become of it; a case that is not named does not change at all."""

    name: str
    make: Make
    outcome: str
    code: str
    number: int | None = None
    effects: Mapping[int, Effect] = {}
    answer: str | None = None


def updated(name: str, make: Make, number: int, effect: Effect, code: str = "message-id") -> Row:
    return Row(name, make, "updated", code, number, {number: effect})


def triaged(name: str, make: Make, code: str, number: int | None = None, answer: str | None = None) -> Row:
    return Row(name, make, "triaged", code, number, {}, answer)


def ignored(name: str, make: Make, code: str, number: int | None = None) -> Row:
    return Row(name, make, "ignored", code, number)


def reply(number: int, text: str | bytes = "It is done.", **how: Any) -> Make:
    """A reply by the mail program of a Designated Contact to the first mail of a case."""
    return lambda s: letter(text, **{"in_reply_to": s.mid(number), **how})


def deep(levels: int, number: int) -> Make:
    """A message whose text is nested so many multiparts deep."""

    def make(s: Scene) -> bytes:
        body = "Content-Type: text/plain\n\nFar below.\n"
        for level in range(levels):
            body = f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n{body}\n--b{level}--\n'
        head, _, text = body.partition("\n\n")
        return letter(text, content=head.partition(": ")[2], in_reply_to=s.mid(number))

    return make


def raw(text: str) -> Make:
    return lambda _: text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")


def wrong_by_one(reference: str) -> str:
    return reference[:-1] + ("a" if reference[-1] != "a" else "b")


RIGHT = (
    updated("a reply", reply(AWAITING), AWAITING, RESPONDED),
    updated("a reply to a proposal", reply(PROPOSED), PROPOSED, RESPONDED),
    updated("a reply where nothing was asked", reply(OPEN), OPEN, ADDED),
    updated(
        "the reference in the subject", lambda s: letter(subject=f"Re: [{s.ref(1)}]"), 1, RESPONDED, "reference"
    ),
    updated("the reference in the text", lambda s: letter(f"New.\n\n> {s.ref(1)}"), 1, RESPONDED, "reference"),
    updated("an upper-cased reference", lambda s: letter(subject=s.ref(1).upper()), 1, RESPONDED, "reference"),
    updated(
        "a reference in an encoded subject",
        lambda s: letter(subject="=?utf-8?B?" + base64.b64encode(s.ref(1).encode()).decode() + "?="),
        1,
        RESPONDED,
        "reference",
    ),
    updated("another Designated Contact of the account", reply(AWAITING, sender=OMAR), AWAITING, RESPONDED),
    updated("a sender in other letter case", reply(AWAITING, sender="DANA@ABC.Example"), AWAITING, RESPONDED),
    updated("no Message-ID", lambda s: letter(id_=None, in_reply_to=s.mid(1)), 1, RESPONDED),
    updated("References alone", lambda s: letter(references=f"<x@y> {s.mid(1)}"), 1, RESPONDED),
    updated(
        "the nearest of two cases in References",
        lambda s: letter(references=f"{s.mid(OPEN)} {s.mid(AWAITING)}"),
        AWAITING,
        RESPONDED,
    ),
    updated(
        "the header against the subject",
        lambda s: letter(subject=s.ref(PROPOSED), in_reply_to=s.mid(AWAITING)),
        AWAITING,
        RESPONDED,
    ),
    updated(
        "another case in the quoted older mail, the right one in the header",
        lambda s: letter(f"Done.\n\n> see {s.ref(PROPOSED)}", in_reply_to=s.mid(AWAITING)),
        AWAITING,
        RESPONDED,
    ),
    updated(
        "another case in the quoted older mail, the right one in the subject",
        lambda s: letter(f"Done.\n\n> see {s.ref(PROPOSED)}", subject=s.ref(AWAITING)),
        AWAITING,
        RESPONDED,
        "reference",
    ),
    updated("8-bit junk in headers", reply(AWAITING, subject="\udcff\udcfe caf\udce9"), AWAITING, RESPONDED),
    updated("fifty levels of parts", deep(49, AWAITING), AWAITING, RESPONDED),
    updated("five hundred levels of parts", deep(500, AWAITING), AWAITING, RESPONDED),
    updated(
        "an unknown charset",
        reply(AWAITING, b"Gr\xfc\xdfe", content="text/plain; charset=x-klingon"),
        1,
        RESPONDED,
    ),
    updated(
        "winmail.dat",
        lambda s: letter(
            **mixed(
                ("Content-Type: text/plain", "See the file."),
                (
                    'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64',
                    "eJ8+",
                ),
            ),
            in_reply_to=s.mid(1),
        ),
        AWAITING,
        RESPONDED,
    ),
    updated(
        "HTML only",
        reply(AWAITING, "<p>It <b>is</b> done.</p><script>x</script>", content="text/html"),
        1,
        RESPONDED,
    ),
    updated(
        "a calendar invitation",
        reply(AWAITING, "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR", content="text/calendar; method=REQUEST"),
        AWAITING,
        RESPONDED,
    ),
    updated(
        "encrypted with S/MIME",
        reply(
            AWAITING,
            "MIIB",
            content="application/pkcs7-mime; smime-type=enveloped-data",
            content_transfer_encoding="base64",
        ),
        AWAITING,
        RESPONDED,
    ),
    updated("an empty text", reply(AWAITING, ""), AWAITING, RESPONDED),
    updated("quotes and nothing else", reply(AWAITING, "> Please send the trace.\n> Sam\n"), AWAITING, RESPONDED),
    updated("a NUL in the text", reply(AWAITING, b"a\0b"), AWAITING, RESPONDED),
    updated("signs that turn and hide", reply(AWAITING, "\u202egnp.exe\u200b\u2066 ok"), AWAITING, RESPONDED),
    updated(
        "terminal escapes",
        reply(AWAITING, "\x1b[2J\x1b]0;gone\x07 ok", subject="\x1b[31mred"),
        AWAITING,
        RESPONDED,
    ),
    updated("a reply address elsewhere", reply(AWAITING, reply_to="eve@evil.example"), AWAITING, RESPONDED),
    updated(
        "signed by another domain, and no trusted server to say so",
        reply(AWAITING, authentication_results="mx.evil.example; dmarc=fail header.from=abc.example"),
        AWAITING,
        RESPONDED,
    ),
    updated("a mail program's bcc to us", reply(AWAITING, to="undisclosed-recipients:;"), AWAITING, RESPONDED),
    updated(
        "a colon in an old-style date, no MIME",
        lambda s: letter(in_reply_to=s.mid(1), mime_version="0"),
        1,
        RESPONDED,
    ),
    updated(
        "staff whom the trusted server vouches for",
        reply(OPEN, sender=SAM, authentication_results="mx.desk.example; dmarc=pass header.from=desk.example"),
        OPEN,
        INVESTIGATED,
    ),
)

DOUBTFUL = (
    triaged("a new mail", lambda _: letter(subject="Nothing works"), "no-case", answer="how-to-open"),
    triaged("a basic contact's new mail", lambda _: letter(sender=BOB), "no-case", answer="how-to-open"),
    triaged("a stranger", lambda _: letter(sender="eve@evil.example"), "unknown-sender", answer="unknown-sender"),
    triaged(
        "a stranger with a true reference",
        reply(AWAITING, sender="eve@evil.example"),
        "unknown-sender",
        AWAITING,
        "unknown-sender",
    ),
    triaged("a stolen reference", reply(AWAITING, sender=LENA), "other-account", AWAITING, "how-to-open"),
    triaged(
        "a stolen reference beside a number",
        reply(AWAITING, sender=LENA, subject="Case # 0000000001"),
        "other-account",
        AWAITING,
        "how-to-reply",
    ),
    triaged("a read-only contact", reply(AWAITING, sender=ROSA), "not-designated", AWAITING),
    triaged("a basic contact", reply(AWAITING, sender=BOB), "not-designated", AWAITING),
    triaged("a deactivated contact", reply(AWAITING, sender=TARA), "inactive-sender", AWAITING, "unknown-sender"),
    triaged("a closed case", reply(CLOSED), "closed", CLOSED, "how-to-reopen"),
    triaged("a number alone", lambda _: letter(subject="Case # 0000000001"), "number-only", answer="how-to-reply"),
    triaged(
        "a number of no case",
        lambda _: letter(subject="Case # 0000000099"),
        "number-only",
        answer="how-to-reply",
    ),
    triaged(
        "another account's number",
        lambda _: letter(subject="Re: Case # 0000000005"),
        "number-only",
        answer="how-to-reply",
    ),
    triaged(
        "a forged From with a right number",
        lambda _: letter(
            subject="Case # 0000000001",
            authentication_results="mx.desk.example; dmarc=fail header.from=abc.example",
        ),
        "number-only",
    ),
    triaged(
        "a forged From with a true reference",
        reply(AWAITING, authentication_results="mx.desk.example; dmarc=fail header.from=abc.example"),
        "failed-authentication",
        AWAITING,
    ),
    triaged(
        "a pass forged below the true fail",
        lambda s: letter(in_reply_to=s.mid(1)).replace(
            b"From:",
            b"Authentication-Results: mx.desk.example; dmarc=fail header.from=abc.example\r\n"
            b"Authentication-Results: " + PASSES.encode() + b"\r\nFrom:",
            1,
        ),
        "failed-authentication",
        AWAITING,
    ),
    triaged("staff whom nobody vouches for", reply(OPEN, sender=SAM), "staff-not-authenticated", OPEN),
    triaged("staff without a case", lambda _: letter(sender=SAM), "no-case"),
    triaged(
        "a reference with one wrong sign",
        lambda s: letter(wrong_by_one(s.ref(1))),
        "no-case",
        answer="how-to-open",
    ),
    triaged(
        "another case's number before the hash",
        lambda s: letter(s.ref(1).replace("0000000001", "0000000002")),
        "no-case",
        answer="how-to-open",
    ),
    triaged(
        "a Message-ID of ours with another place",
        lambda s: letter(in_reply_to=s.mid(1).replace(".1.", ".9.")),
        "no-case",
        answer="how-to-open",
    ),
    triaged(
        "a reference broken over lines",
        lambda s: letter(s.ref(1)[:18] + "\n" + s.ref(1)[18:]),
        "no-case",
        answer="how-to-open",
    ),
    triaged(
        "a reference with a zero-width sign",
        lambda s: letter(s.ref(1)[:20] + "\u200b" + s.ref(1)[20:]),
        "no-case",
        answer="how-to-open",
    ),
    triaged("two cases in the text", lambda s: letter(f"{s.ref(1)} and {s.ref(2)}"), "ambiguous"),
    triaged("two cases in the subject", lambda s: letter(subject=f"{s.ref(1)} {s.ref(2)}"), "ambiguous"),
    triaged("two senders", reply(AWAITING, sender=f"{DANA}, {LENA}"), "unclear-sender"),
    triaged(
        "two From headers",
        lambda s: letter(in_reply_to=s.mid(1)).replace(b"To:", b"From: eve@evil.example\r\nTo:", 1),
        "unclear-sender",
    ),
    triaged("a group as sender", reply(AWAITING, sender=f"Team: {DANA};"), "unclear-sender"),
    triaged("no From", reply(AWAITING, sender=None), "unclear-sender"),
    triaged(
        "an address within the display name",
        reply(AWAITING, sender=f'"{DANA}" <eve@evil.example>'),
        "unknown-sender",
        AWAITING,
        "unknown-sender",
    ),
    triaged(
        "a Sender beside a stranger's From",
        reply(AWAITING, sender="eve@evil.example", x_sender=DANA),
        "unknown-sender",
        AWAITING,
        "unknown-sender",
    ),
    triaged(
        "a header smuggled into the subject",
        raw("From: eve@evil.example\nSubject: a\r\n In-Reply-To: x\nMessage-ID: <q@q>\n\nhello\n"),
        "unknown-sender",
        answer="unknown-sender",
    ),
    triaged(
        "a line break within an encoded subject",
        lambda s: letter(subject=f"=?utf-8?Q?a=0D=0AIn-Reply-To:_{s.mid(1)}?="),
        "no-case",
        answer="how-to-open",
    ),
    triaged("an answer would go elsewhere", lambda _: letter(return_path="<bounce@lists.example>"), "no-case"),
    triaged(
        "nobody reads the sender's address", lambda _: letter(sender="no-reply@shop.example"), "unknown-sender"
    ),
    triaged("nothing but bytes", lambda _: bytes(range(256)) * 8, "unclear-sender"),
    triaged("headers without a body", raw("From: eve@evil.example"), "unknown-sender", answer="unknown-sender"),
    triaged("a body without headers", raw("\n\nhello"), "unclear-sender"),
)

AUTO = "auto-replied"
MACHINES = (
    ignored("a vacation reply", reply(AWAITING, auto_submitted=AUTO), "robot:auto-submitted", AWAITING),
    ignored(
        "a vacation reply by its subject",
        reply(AWAITING, subject="Automatic reply: away"),
        "robot:subject",
        AWAITING,
    ),
    ignored("a mailing list", reply(AWAITING, list_id="<all.abc.example>"), "robot:mailing-list", AWAITING),
    ignored("bulk mail", reply(AWAITING, precedence="bulk"), "robot:precedence", AWAITING),
    ignored("no return path", reply(AWAITING, return_path="<>"), "robot:null-return-path", AWAITING),
    ignored(
        "our own mail by its Message-ID",
        lambda s: letter(sender=CARE, id_=s.mid(1), auto_submitted=AUTO),
        "own-mail",
    ),
    ignored(
        "our own mail forwarded by a contact's server",
        lambda s: letter(id_=s.mid(1), in_reply_to=s.mid(1)),
        "own-mail",
        AWAITING,
    ),
    ignored("our own address as sender", reply(AWAITING, sender=CARE), "own-mail", AWAITING),
    ignored(
        "a read receipt",
        lambda s: letter(
            **mixed(
                ("Content-Type: text/plain", "It was read."),
                ("Content-Type: message/disposition-notification", f"Original-Message-ID: {s.mid(1)}"),
                kind="report; report-type=disposition-notification",
            ),
            in_reply_to=s.mid(1),
        ),
        "robot:report",
        AWAITING,
    ),
    ignored(
        "a robot from a stranger",
        lambda _: letter(sender="eve@evil.example", auto_submitted=AUTO),
        "robot:auto-submitted",
    ),
)


def returned(name: str, make: Make, code: str, number: int | None = None, effect: Effect | None = None) -> Row:
    return Row(name, make, "bounce", code, number, {number: effect} if number and effect else {})


DAEMON = {"sender": "MAILER-DAEMON@mx.abc.example", "return_path": "<>", "id_": "<dsn@mx.abc.example>"}
BOUNCES = (
    returned(
        "a reminder that came back", lambda s: letter(**report(s.last_mid(1)), **DAEMON), "bounced", AWAITING, HELD
    ),
    returned(
        "an acknowledgement that came back",
        lambda s: letter(**report(s.office.mails(3)[0].message_id), **DAEMON),
        "bounced",
        OPEN,
        TOLD,
    ),
    returned(
        "a mail of a closed case", lambda s: letter(**report(s.last_mid(4)), **DAEMON), "bounced", CLOSED, TOLD
    ),
    returned(
        "a forged report",
        lambda _: letter(**report("<0000000001.1.aaaaaaaaaaaaaaaa@desk.example>"), **DAEMON),
        "unmatched-bounce",
    ),
    returned(
        "a report on a mail that was never sent",
        lambda s: letter(**report(s.mid(1, 99)), **DAEMON),
        "unmatched-bounce",
    ),
    returned(
        "a report on somebody else's mail", lambda _: letter(**report("<a@b>"), **DAEMON), "unmatched-bounce"
    ),
    returned(
        "a report on a contact's reply to ours",
        lambda s: letter(**report("<a@abc.example>", extra=f"References: {s.last_mid(1)}\n"), **DAEMON),
        "unmatched-bounce",
    ),
    ignored(
        "a delay",
        lambda s: letter(**report(s.last_mid(1), action="delayed", status="4.4.1"), **DAEMON),
        "not-final",
        AWAITING,
    ),
)

TABLE = (*RIGHT, *DOUBTFUL, *MACHINES, *BOUNCES)


def test_the_table_is_long_enough() -> None:
    """Issue 4: at least sixty hostile and odd messages, no two alike."""
    assert len({row.name for row in TABLE}) == len(TABLE) >= 60


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_what_becomes_of_a_message(scene: Scene, row: Row) -> None:
    """MAIL-2..5, STAT-3, FU-5: the outcome, its code and case; what moved; which answer; and once is enough."""
    stood, lengths, answered = scene.all_stand(), scene.lengths(), len(answers(scene))
    message = row.make(scene)
    (received,) = scene.receive(message)
    assert (received.outcome, received.code, received.number) == (row.outcome, row.code, row.number), received
    for number, before in stood.items():
        check(scene, number, row.effects.get(number), before, lengths[number])
    assert answers(scene)[answered:] == ([row.answer] if row.answer else [])
    (again,) = scene.receive(message, at="Fri 09:01")
    assert (again.id, again.outcome) == (received.id, "duplicate")
    assert scene.office.differences() == []


def check(
    scene: Scene, number: int, effect: Effect | None, before: tuple[str, str, str | None, bool], length: int
) -> None:
    """Whether a case changed as it should, or not at all."""
    events = [entry.event.kind for entry in scene.office.history(number)[length:]]
    after = scene.stands(number)
    match effect:
        case None:
            assert (after, events) == (before, [])
        case "added":
            assert (after, events) == (before, [Kind.COMMENTED])
        case "told":
            assert (after, events) == (before, [Kind.MAIL_BOUNCED])
        case "held":
            assert after == (*before[:2], None, True)
            assert events == [Kind.MAIL_BOUNCED, Kind.FOLLOW_UP_HELD]
        case _:
            assert after == effect
            assert events[0] is Kind.COMMENTED
            assert set(events[1:]) <= {Kind.CLOCK_MET}


def answers(scene: Scene) -> list[str]:
    """The automatic answers in the outbox, by kind."""
    with scene.office.store.read() as record:
        mails = record.outbox(number=None, states=[], limit=None)
    return [mail.kind.value for mail in reversed(mails) if mail.number is None]
