"""What the fuzzing of `receive` starts from: messages of every kind, and the words that mail is made of."""

import base64
from collections.abc import Iterator
from pathlib import Path
from random import Random

from letters import (
    AWAITING,
    CARE,
    CLOSED,
    DANA,
    HARBORS,
    LENA,
    OMAR,
    OPEN,
    PASSES,
    PROPOSED,
    SAM,
    TARA,
    Scene,
    letter,
    mixed,
    report,
)

from carecli.mail.incoming.replies import MARKER

AND, THEN = b"\n\x00and\x00\n", b"\n\x00then\x00\n"
"""Between messages that arrive together, and between those that arrive a minute apart."""

KILLED = b"X-Killed: "
"""How the first of some messages begins where a kill falls between storing them and looking at them."""

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "eml"
HEADS = (
    *(
        "From: ",
        "To: ",
        "Cc: ",
        "Sender: ",
        "Reply-To: ",
        "Subject: ",
        "Message-ID: ",
        "In-Reply-To: ",
        "References: ",
    ),
    *("Auto-Submitted: ", "Precedence: ", "Return-Path: ", "List-Id: ", "X-Loop: ", "X-Failed-Recipients: "),
    *("Authentication-Results: ", "Content-Type: ", "Content-Transfer-Encoding: ", "Content-Disposition: "),
    *(
        "MIME-Version: 1.0",
        "Final-Recipient: rfc822; ",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; ",
    ),
)
VALUES = (
    *(
        "auto-replied",
        "auto-generated",
        "no",
        "bulk",
        "<>",
        "text/plain; charset=",
        "text/html",
        "multipart/mixed",
    ),
    *('; boundary="=_x"', "--=_x", "--=_x--", "multipart/report; report-type=delivery-status", "message/rfc822"),
    *(
        "message/delivery-status",
        "text/rfc822-headers",
        "multipart/signed",
        "multipart/encrypted",
        "text/calendar",
    ),
    *("base64", "quoted-printable", "x-uuencode", "8bit", "utf-8", "utf-16", "utf-7", "iso-2022-jp", "koi8-r"),
    *(
        "=?utf-8?q?",
        "=?utf-8?b?",
        "?=",
        'attachment; filename="a.txt"',
        "filename*=utf-8''a%2f..%2fb",
        "winmail.dat",
    ),
    *(
        "> ",
        "-- \r\n",
        "wrote:",
        "schrieb",
        "-----Original Message-----",
        "<blockquote>",
        '<div class="gmail_quote">',
    ),
    *(
        "Case # 0000000001",
        "ref:",
        "ref:0000000001-",
        "<0000000001.1.",
        "\r\n",
        "\r\n\r\n",
        "\r\n ",
        "\x00",
        "\xa0",
    ),
    *(
        "dmarc=pass",
        "dmarc=fail",
        "spf=pass smtp.mailfrom=",
        "dkim=pass header.d=",
        "mx.desk.example",
        "begin 644 a",
    ),
)
PLAIN = b"Content-Type: text/plain"
RICH = (
    '<html><head><title>a</title><style>p {}</style></head><body><p>One, <a href="https://x.example/">two</a>,'
    "<br>three.</p><ul><li>four</li><li>five</li></ul><table><tr><td>six</td></tr></table><pre>a  b</pre>"
    '<img src="cid:1" alt="seven"><h2>Eight</h2><!-- nine --><div class="gmail_quote">On Fri, Care wrote:'
    "<blockquote>Are you there?</blockquote></div></body></html>"
)


def people() -> tuple[str, ...]:
    """Addresses of every standing, and ways to seem another."""
    plain = (DANA, OMAR, LENA, TARA, SAM, CARE, "rosa@abc.example", "bob@abc.example", "eve@evil.example")
    return (*plain, f'"{DANA}" <eve@evil.example>', f"{DANA}, eve@evil.example", f"{DANA} <{DANA}>", f"<{DANA}")


def secrets(scene: Scene) -> list[str]:
    """References and Message-IDs that the desk made."""
    numbers = (AWAITING, PROPOSED, OPEN, CLOSED, HARBORS)
    return [*map(scene.ref, numbers), *map(scene.mid, numbers), *map(scene.last_mid, numbers)]


def dictionary(scene: Scene) -> str:
    """Tokens as libFuzzer reads them."""
    words = (*HEADS, *VALUES, *people(), *secrets(scene), PASSES)
    coded = ("".join(f"\\x{sign:02x}" for sign in word.encode()) for word in dict.fromkeys(words))
    return "".join(f'"{code}"\n' for code in coded)


def seeds(scene: Scene) -> Iterator[bytes]:
    """Messages to start from: what is right, what is forged, what programs send, and several together."""
    alone = list(_replies(scene)) + list(_forged(scene)) + list(_machines(scene)) + list(_odd(scene))
    yield from alone
    yield AND.join(alone[:2])
    yield AND.join((alone[0], alone[0]))
    yield THEN.join((alone[0], alone[0].replace(b"It is done.", b"It is not."), alone[1]))
    yield AND.join((KILLED + b"1\r\n" + alone[0], alone[1], alone[0]))
    yield THEN.join((letter(sender="eve@evil.example", id_="<letter-1@abc.example>"), alone[0]))
    if REAL.is_dir():
        yield from (path.read_bytes() for path in sorted(REAL.glob("*/*.eml")) if path.stat().st_size < 8_192)


def _replies(s: Scene) -> Iterator[bytes]:
    for number in (AWAITING, PROPOSED, OPEN, CLOSED):
        yield letter(in_reply_to=s.mid(number), id_=f"<reply-{number}@abc.example>")
    yield letter(sender=LENA, in_reply_to=s.last_mid(HARBORS), references=f"<a@b> {s.mid(HARBORS)}")
    yield letter(sender=OMAR, subject=f"Re: [Case # 0000000001 ] Calls drop [{s.ref(AWAITING)}]")
    yield letter(f"Below.\n\nOn Fri, Care wrote:\n> {s.ref(PROPOSED)}\n> Are you there?\n\n-- \nDana")
    yield letter(
        sender=SAM,
        in_reply_to=s.mid(OPEN),
        authentication_results="mx.desk.example; dmarc=pass header.from=desk.example",
    )
    yield letter(in_reply_to=s.mid(AWAITING), authentication_results=PASSES)
    coded = base64.encodebytes(f"Oui, ça marche.\n\n{s.ref(OPEN)}".encode()).decode()
    yield letter(coded, content_transfer_encoding="base64")
    yield letter(subject=f"=?utf-8?b?{base64.b64encode(s.ref(AWAITING).encode()).decode()}?=")
    html = f"<html><body><p>It <b>works</b>.</p><blockquote>{s.ref(OPEN)}</blockquote></body></html>"
    yield letter(html, content="text/html; charset=utf-8")
    parts = (("Content-Type: text/plain", "See the file."), ("Content-Type: text/html", html))
    yield letter(in_reply_to=s.mid(AWAITING), **mixed(*parts, kind="alternative"))
    file = 'Content-Type: text/plain; name="log.txt"\nContent-Disposition: attachment\n'
    file += "Content-Transfer-Encoding: base64"
    yield letter(in_reply_to=s.mid(AWAITING), **mixed(parts[0], (file, "YWJj")))
    yield letter("> only quoted", in_reply_to=s.mid(AWAITING))
    yield letter(f"Yes.\n\nOn Fri, Care wrote:\n> {MARKER}\n> \n> Are you there?", in_reply_to=s.mid(AWAITING))


def _forged(s: Scene) -> Iterator[bytes]:
    for sender in people():
        yield letter(sender=sender, in_reply_to=s.mid(AWAITING))
    yield letter(subject="Re: [Case # 0000000001 ]")
    yield letter(subject="ref:0000000001-aaaaaaaaaaaaaaaa")
    yield letter(in_reply_to="<0000000001.1.aaaaaaaaaaaaaaaa@desk.example>")
    yield letter(
        in_reply_to=s.mid(AWAITING), authentication_results="mx.desk.example; dmarc=fail header.from=abc.example"
    )
    yield letter(f"{s.ref(AWAITING)} and {s.ref(HARBORS)}")
    yield letter(sender=None, in_reply_to=s.mid(AWAITING))
    yield letter(sender="eve@evil.example", return_path="<eve@evil.example>")
    yield letter("How do I open a case?")
    # Names that become another once they are cleaned or folded.
    passed = "; dmarc=pass header.from=desk.example"
    for server in ("mx.d\x07esk.example", "mx.de\u017fk.example", "mx.des\u212a.example", "mx.desk\xad.example"):
        yield letter(sender=SAM, in_reply_to=s.mid(OPEN), authentication_results=server + passed)
    forged = "mx.desk.example; dmarc=none header.from=desk.example; spf=pass smtp.mailfrom=x@de\x07sk.example"
    yield letter(sender=SAM, in_reply_to=s.mid(OPEN), authentication_results=forged)
    for sender in ("sam@des\u212a.example", "\u017fam@desk.example", "\xa0sam@desk.example"):
        yield letter(sender=sender, in_reply_to=s.mid(OPEN), authentication_results="mx.desk.example" + passed)


def _machines(s: Scene) -> Iterator[bytes]:
    for number in (AWAITING, OPEN, HARBORS):
        yield letter(sender="MAILER-DAEMON@abc.example", return_path="<>", **report(s.last_mid(number)))
    yield letter(sender="MAILER-DAEMON@abc.example", **report(s.mid(AWAITING), action="delayed", status="4.4.1"))
    yield letter(
        sender="postmaster@abc.example",
        subject="Undelivered",
        text=f"The following failed:\n<{DANA}>\n550 no\n\nMessage-ID: {s.mid(OPEN)}\n",
    )
    yield letter(in_reply_to=s.mid(AWAITING), auto_submitted="auto-replied", subject="Automatic reply: away")
    yield letter(in_reply_to=s.mid(AWAITING), precedence="bulk")
    yield letter(in_reply_to=s.mid(AWAITING), list_id="<all.abc.example>")
    yield letter(sender=CARE, id_=s.mid(AWAITING), auto_submitted="auto-generated")
    yield letter(sender=CARE)


def _odd(s: Scene) -> Iterator[bytes]:
    yield b""
    yield b"\r\n\r\n"
    yield letter(id_=None, in_reply_to=s.mid(AWAITING))
    yield letter("+//4AdABlAHgAdA-", content="text/plain; charset=utf-7", in_reply_to=s.mid(AWAITING))
    yield letter(s.ref(OPEN).encode("utf-16").decode("latin-1"), content="text/plain; charset=utf-16")
    coded = "begin 644 a.txt\n#86)C\n`\nend\n"
    yield letter(coded, in_reply_to=s.mid(AWAITING))
    yield letter(coded, in_reply_to=s.mid(AWAITING), content_transfer_encoding="x-uuencode")
    yield letter("begin 644 a\n`&\nend\n", in_reply_to=s.mid(AWAITING), content_transfer_encoding="x-uuencode")
    yield letter(RICH, in_reply_to=s.mid(AWAITING), content="text/html; charset=utf-8")
    yield letter("<" * 50 + RICH, in_reply_to=s.mid(AWAITING), content="text/html")
    # Signs that count as digits or letters elsewhere, beside what is true.
    yield letter("ref:0000000001-\u017f7q2m4xdrt5wphna", in_reply_to=s.mid(AWAITING))
    yield letter(
        "ref:\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660-k7q2m4xdrt5wphna",
        subject=s.ref(AWAITING),
    )
    yield letter(in_reply_to=f"<0000000001.\u0661.k7q2m4xdrt5wphna@x.example> {s.mid(AWAITING)}")
    yield letter(id_="<0000000001.\u0661.k7q2m4xdrt5wphna@x.example>")
    # Addresses that somebody would have to guess.
    yield letter(sender="omar@abc.example").replace(b"omar@abc.", b"\xa0\x94omar@abc.\x93\x93")
    yield letter(sender="a@[192.0.2.1]")
    inner = letter(in_reply_to=s.mid(AWAITING)).decode()
    yield letter(**mixed(("Content-Type: message/rfc822", inner)))
    deep = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n' * 30 + "\nfar below\n"
    yield letter(deep, content='multipart/mixed; boundary="b"', in_reply_to=s.mid(AWAITING))


def shaped(data: bytes, random: Random, words: list[bytes]) -> bytes:
    """A message changed as no bit flip would: a header more or less, another sender, other codes, a wrapping."""
    head, blank, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    place = random.randrange(len(lines))
    match random.randrange(8):
        case 0:
            lines.insert(place, random.choice(HEADS).encode() + random.choice(words))
        case 1:
            sender = b"From: " + random.choice(people()).encode()
            lines = [sender if line[:5].lower() == b"from:" else line for line in lines]
        case 2:
            del lines[place]
        case 3:
            lines[place] += random.choice(words)
        case 4:
            at = random.randrange(len(body) + 1)
            body = body[:at] + random.choice(words) + body[at:]
        case 5:
            lines.append(b"Content-Transfer-Encoding: base64")
            body = base64.encodebytes(body)
        case 6:
            own = next((line for line in lines if line[:13].lower() == b"content-type:"), PLAIN)
            lines = [line for line in lines if line is not own]
            lines.append(b'Content-Type: multipart/mixed; boundary="=_w"')
            body = b"--=_w\r\n" + own + b"\r\n\r\n" + body + b"\r\n--=_w--\r\n"
        case _:
            return (
                data + random.choice((AND, THEN)) + data.replace(b"<letter-1", b"<letter-%d" % random.randrange(9))
            )
    return b"\r\n".join(lines) + (blank or b"\r\n\r\n") + body
