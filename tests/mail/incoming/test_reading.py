"""Messages as people, programs and attackers send them: what each is understood as (MAIL-2, MAIL-2a)."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.inbox import Incoming
from carecli.mail.incoming import reading

PLAIN = (
    b"From: dana@northwind.example\nMessage-ID: <1@northwind.example>\nSubject: Re: Calls drop\n\nIt works now.\n"
)


LINKED = "a <https://x.example/a_b>1. C:\\a_b"


def read(head: str, body: str = "hello\n") -> Incoming:
    """A message with these headers."""
    return reading.read(f"{head}\n\n{body}".encode("utf-8", "surrogateescape"))


def test_a_plain_reply_is_read_whole() -> None:
    """MAIL-2: everything that matching needs is there, the nearest reference first."""
    incoming = read(
        "Return-Path: <dana@NORTHWIND.example>\nFrom: Dana Wong <dana@Northwind.Example>\n"
        "To: Support <desk@care.example>\nCc: lee@northwind.example\nSubject: =?utf-8?q?Re:_Anrufe_f=C3=BCr?=\n"
        " =?utf-8?b?IEjDtnJlcg==?=\nMessage-ID: <2@northwind.example>\nIn-Reply-To: <c@care.example>\n"
        "References: <a@care.example>\n\t<b@care.example> <c@care.example>"
    )
    assert incoming == Incoming(
        message_id="<2@northwind.example>",
        sender="dana@northwind.example",
        return_path="dana@northwind.example",
        to=("desk@care.example", "lee@northwind.example"),
        subject="Re: Anrufe für Hörer",
        named=("<c@care.example>", "<b@care.example>", "<a@care.example>"),
        text="hello",
        enclosures=(),
        robot=None,
        bounce=None,
        authentications=(),
    )


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("From: dana@x.example", "dana@x.example"),
        # A name that looks like an address is a name (MAIL-2a).
        ('From: "dana@x.example" <evil@y.example>', "evil@y.example"),
        ("From: dana@x.example <evil@y.example>", "evil@y.example"),
        # Encoded words are never addresses, whatever they hold.
        ("From: =?utf-8?q?dana=40x.example?= <evil@y.example>", "evil@y.example"),
        ("From: =?utf-8?q?=3Cdana=40x.example=3E?=", None),
        # The old form, with the name as a comment, and a comment within a comment.
        ("From: dana@x.example (Dana (Wong))", "dana@x.example"),
        ("From: (evil@y.example) dana@x.example", "dana@x.example"),
        # Without its quotes a comma parts two mailboxes; only one of them is an address.
        ("From: Wong, Dana <dana@x.example>", "dana@x.example"),
        # Whoever is named in two ways is nobody.
        ("From: dana@x.example, evil@y.example", None),
        ("From: dana@x.example\nFrom: evil@y.example", None),
        ("From: <dana@x.example> <evil@y.example>", None),
        ("From: Team: dana@x.example;", None),
        ("From: <dana@x.example", None),
        ('From: "Dana <dana@x.example>', None),
        ("From: <@relay.example:dana@x.example>", None),
        ("From: dana@x.example@y.example", None),
        ("From: <>", None),
        ("From:", None),
        ("Sender: dana@x.example", None),
        ("From: dana wong", None),
        # Local parts may be quoted; domains end with no dot and are in lower case.
        ('From: "dana wong"@X.EXAMPLE.', '"dana wong"@x.example'),
        ("From: Dana@x.example", "Dana@x.example"),
        # Folded by a careless program.
        ("From: Dana\n <dana@x.example>", "dana@x.example"),
        # 8-bit junk in the name does not hide the address.
        ("From: D\udce4na <dana@x.example>", "dana@x.example"),
    ],
)
def test_the_sender_is_one_address_or_nobody(head: str, sender: str | None) -> None:
    """MAIL-2a: only an address that stands there once and clearly is somebody's."""
    assert read(head).sender == sender


@pytest.mark.parametrize(
    ("head", "message_id", "named"),
    [
        ("Subject: x", None, ()),
        # `email.policy.default` raises on this one.
        ("Message-ID: <[..]>\nIn-Reply-To: <[>", "<[..]>", ("<[>",)),
        ("Message-ID: bare@x.example", "<bare@x.example>", ()),
        ("Message-ID: <a b@x>", None, ()),
        ("Message-ID: <a@x>\nMessage-ID: <b@x>", "<a@x>", ()),
        ("Message-ID: <" + "a" * 600 + "@x>", None, ()),
        # Comments and words between the references say nothing.
        (
            'In-Reply-To: Your message of "Mon" <a@x> (was: b)\nReferences: <z@x><y@x>',
            None,
            ("<a@x>", "<y@x>", "<z@x>"),
        ),
        ("References: <a@x> <b@x> <a@x>", None, ("<a@x>", "<b@x>")),
    ],
)
def test_message_ids_are_taken_as_they_stand(head: str, message_id: str | None, named: tuple[str, ...]) -> None:
    """MAIL-2: the same id is the same text on both sides, in its angle brackets."""
    incoming = read(head)
    assert (incoming.message_id, incoming.named) == (message_id, named)


def test_no_more_than_fifty_references_are_kept() -> None:
    """MAIL-2: the nearest ones, so that an endless thread cannot make matching slow."""
    incoming = read("References: " + "\n ".join(f"<{place}@x>" for place in range(200)))
    assert len(incoming.named) == 50
    assert incoming.named[0] == "<199@x>"


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("", "hello", "hello"),
        ("Content-Type: text/plain; charset=iso-8859-1", "gr\udcfc\udcdfe", "grüße"),
        # Windows calls its own characters ISO-8859-1.
        ("Content-Type: text/plain; charset=iso-8859-1", "\udc93hi\udc94", "“hi”"),
        ("Content-Type: text/plain; charset=martian", "grüße", "grüße"),
        # A charset that lies: UTF-8 is tried next.
        ("Content-Type: text/plain; charset=us-ascii", "grüße", "grüße"),
        ("Content-Type: text/plain; charset=utf-8", "gr\udcfc\udcdfe", "grüße"),
        # Cut in the middle of a character.
        ("Content-Type: text/plain; charset=utf-8", "äöüäöü\udcc3", "äöüäöü\ufffd"),
        ("Content-Type: text/plain; charset=base64", "aGVsbG8=", "aGVsbG8="),
        ("Content-Type: text/plain; charset=unicode_escape", "C:\\dir", "C:\\dir"),
        ("Content-Type: text/plain; charset=\udcff\x00", "hello", "hello"),
        ("Content-Type: text/plain; charset=utf-7", "+2AA-x", "x"),
        ("Content-Transfer-Encoding: quoted-printable", "a=20b=\nc =zz", "a bc =zz"),
        ("Content-Transfer-Encoding: base64", "aGVs bG8", "hello"),
        ("Content-Transfer-Encoding: BASE64 (comment);", "aGVsbG8=", "hello"),
        ("Content-Transfer-Encoding: base64", "%%%%", ""),
        ("Content-Transfer-Encoding: martian", "hello", "hello"),
        # Control characters and line ends of every kind.
        ("", "a\x00b\x1b[31mc\td\r\ne\rf\x85g", "ab[31mc\td\ne\nf\ng"),
        ("Content-Type: text/html", "<p>one</p><script>evil()</script><p>two<br>three</p>", "one\n\ntwo\nthree"),
        ("Content-Type: text/html", "<a href='https://x.example/a_b'>a</a> <td>1.</td><td>C:\\a_b</td>", LINKED),
        ("Content-Type: text/calendar", "BEGIN:VCALENDAR", "BEGIN:VCALENDAR"),
        ("Content-Type: application/pkcs7-mime", "MIIB", ""),
        ("Content-Type: multipart/mixed", "no boundary", "no boundary"),
        (
            "Content-Type: multipart/mixed; boundary=b",
            "--b\n\nfirst\n--b\nContent-Type: text/plain\n\ncut off",
            "first\n\ncut off",
        ),
        ("Content-Type: nonsense", "hello", "hello"),
        # A file in the middle of the text, as old programs send one.
        ("", "look:\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye", "look:\n\nbye"),
    ],
)
def test_text_is_read_whatever_it_claims(head: str, body: str, text: str) -> None:
    """MAIL-2: unknown and lying charsets and encodings cost characters, never the message."""
    shown = "\n".join(line.rstrip() for line in read(f"From: a@b.example\n{head}".strip(), body).text.split("\n"))
    assert shown == "\n".join(line.rstrip() for line in text.split("\n"))


def alternative(*parts: str) -> str:
    """A multipart/alternative of these parts."""
    return "\n".join(f"--b\n{part}" for part in parts) + "\n--b--\n"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<p>html</p>"), "plain"),
        (("Content-Type: text/html\n\n<p>html</p>", "Content-Type: text/plain\n\nplain"), "plain"),
        (("Content-Type: text/plain\n\n  ", "Content-Type: text/html\n\n<p>html</p>"), "html"),
        (("Content-Type: text/plain\n\nplain", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR"), "plain"),
        (("Content-Type: text/calendar\n\nBEGIN:VCALENDAR",), ""),
    ],
)
def test_of_alternatives_the_plain_one_is_read(parts: tuple[str, ...], text: str) -> None:
    """MAIL-2: one of them, the plain text where it says anything."""
    assert read("Content-Type: multipart/alternative; boundary=b", alternative(*parts)).text == text


@pytest.mark.parametrize(
    "subject", ["a\r\n b", "a\n\tb", "a \x00\x1b b", "a\u2028b", "=?utf-8?q?a=0D=0Ab?=", "a\x85 b"]
)
def test_a_subject_is_one_line(subject: str) -> None:
    """MAIL-2a: nothing in a subject can pass for a header or move a cursor."""
    assert read(f"Subject: {subject}").subject == "a b"


def nested(levels: int) -> bytes:
    """A text within so many multiparts."""
    down = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(levels))
    up = "".join(f"--b{n}--\n" for n in reversed(range(levels)))
    return f"From: a@b.example\nSubject: deep\n{down}\nhello\n{up}".encode()


HOSTILE = {
    "nothing": b"",
    "blank lines": b"\n\r\n\n",
    "zeros": b"\0" * 5_000,
    "bytes": bytes(range(256)) * 40,
    "no headers": b"just words\nand more",
    "headers alone": b"Subject: x",
    "a colon": b":\n:\n\n:",
    "nesting": nested(5_000),
    "messages within messages": b"Content-Type: message/rfc822\n\n" * 5_000,
    "boundaries": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000,
    "parameters": b"Content-Type: multipart/mixed" + b'; a*0="' * 100_000 + b"\n\nx",
    "one endless header": b"Subject: " + b"x" * 2_000_000,
    "endless headers": b"a: b\n" * 400_000 + b"\nhello",
    "endless folding": b"Subject: x\n" + b" y\n" * 300_000,
    "quotes": b"From: " + b'"\\' * 100_000 + b"\n\nx",
    "open tags": b"Content-Type: text/html\n\n" + b"<div a='" * 100_000,
    "open comments": b"Content-Type: text/html\n\n" + b"<!-- " * 100_000,
    "nested quotes": b"Content-Type: text/html\n\n" + b"<blockquote>x" * 50_000,
    "results": b"".join(b'Authentication-Results: x; a="' + b'\\"' * 4_000 + b"\n" for _ in range(50)) + b"\nx",
    "a bounce of blanks": b"From: mailer-daemon@x.example\nSubject: failure notice\n\n" + b" " * 500_000,
    "a bounce of addresses": b"From: mailer-daemon@x.example\n\n" + b"To: a@b.example" * 50_000,
    "a report of blocks": b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: a@b\n\n" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_makes_reading_fail_or_last(name: str) -> None:
    """MAIL-2a: a second each is generous; what these provoke elsewhere are minutes and exceptions."""
    start = time.process_time()
    check(reading.read(HOSTILE[name]))
    assert time.process_time() - start < 5


def test_fifty_levels_are_read_through() -> None:
    """MAIL-2: more than any forwarding makes."""
    incoming = reading.read(nested(50))
    assert (incoming.subject, incoming.text) == ("deep", "hello")


def test_deeper_nesting_is_kept_as_a_file() -> None:
    """MAIL-2: nothing is lost, and nobody is made to open it."""
    incoming = reading.read(nested(80))
    assert (incoming.sender, incoming.text, len(incoming.enclosures)) == ("a@b.example", "", 1)


def test_thirty_megabytes_are_one_file() -> None:
    """MAIL-2: a large file costs its own size a few times over, and one pass."""
    data = b"0123456789abcdef" * 1_400_000
    encoded = base64.encodebytes(data).decode()
    incoming = read("Content-Type: application/zip\nContent-Transfer-Encoding: base64", encoded)
    assert [(file.size, file.name) for file in incoming.enclosures] == [(len(data), "file-1")]


def check(incoming: Incoming) -> None:
    """Every bound that the desk relies on."""
    assert len(incoming.text) <= 1_000_000
    assert not [sign for sign in set(incoming.text) if unfit(sign)]
    assert len(incoming.subject) <= 1_000
    assert len(incoming.enclosures) <= 100
    lines = [incoming.subject, *incoming.to, *incoming.named, incoming.sender or "", incoming.message_id or ""]
    lines += [file.name for file in incoming.enclosures]
    lines += [each for result in incoming.authentications for each in (result.server, result.domain or "")]
    for line in lines:
        assert not [sign for sign in line if sign in "\t\n" or unfit(sign)]
    incoming.text.encode()


def unfit(sign: str) -> bool:
    """Whether text may not hold the character."""
    return sign not in "\t\n" and (ord(sign) < 32 or 127 <= ord(sign) < 160 or 0xD800 <= ord(sign) < 0xE000)


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    """MAIL-2a: never an exception, and always within bounds."""
    check(reading.read(raw))


WHOLE = (
    b'From: "D" <dana@x.example>\nTo: a@b.example, c@d.example\nSubject: =?utf-8?b?w7w=?= x\nMessage-ID: <1@x>\n'
    b"References: <2@x> <3@x>\nAuthentication-Results: mx.example; spf=pass smtp.mailfrom=x.example; dkim=none\n"
    b'Return-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\n'
    b"failed: <lee@x.example>\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
    b"Final-Recipient: rfc822; lee@x.example\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/html;"
    b" charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>=C3=BC</p>\n--b\nContent-Disposition:"
    b" attachment; filename*=utf-8''%C3%BC.txt\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--b--\n"
)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), st.binary(max_size=6)), max_size=8))
def test_a_damaged_message_is_read(cuts: list[tuple[int, int, bytes]]) -> None:
    """MAIL-2a: every place of a message may be anything."""
    raw = WHOLE
    for at, length, other in cuts:
        raw = raw[:at] + other + raw[at + length :]
    check(reading.read(raw))
