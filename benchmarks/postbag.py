"""What a desk's mailbox holds on a working day: answers to its own mails, and what else comes in; from a seed."""

import base64
import re
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.policy import default as modern
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from words import Words

from carecli.desk.desk import Desk
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail
from carecli.mail.outgoing.message import Writer

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
# Found only behind the line above: how mail programs write replies is told once, beside the tests.
from correspondence import PROGRAMS, delivered, reply

PLAIN: Final = [program for program in PROGRAMS if not program.html]
RICH: Final = [program for program in PROGRAMS if program.html]
CLOSING: Final = "\n\n-- \nDana Wong | Contact center operations\n+1 555 010 0199 | www.example.com\n"
FILES_KB: Final = (50, 500)
WITH_FILE: Final = "reply with a file of 50-500 kB"


class Letter(NamedTuple):
    """A message as it arrives, and what kind it is of."""

    kind: str
    raw: bytes


class Answered(NamedTuple):
    """A mail of the desk as its reader has it, and as it went out."""

    mail: Mail
    seen: EmailMessage
    raw: bytes


Make = Callable[[Answered, Random, Words], bytes]


def postbag(desk: Desk, count: int, seed: int = 1) -> list[Letter]:
    """So many messages in the order in which they come; each case is written about once."""
    random = Random(seed)
    words = Words(random)
    kinds = random.choices(list(MIX), weights=[share for share, _ in MIX.values()], k=count)
    mails = _mails(desk, count, random)
    return [
        Letter(kind, _arrived(MIX[kind][1](each, random, words), each, place, random))
        for place, (kind, each) in enumerate(zip(kinds, mails, strict=True))
    ]


def _mails(desk: Desk, count: int, random: Random) -> Iterator[Answered]:
    """The last mail to the customer of as many cases as are wanted, of all over the desk."""
    sender = desk.config.mail.sender
    writer = Writer(sender, desk.settings.name, "https://desk.example/cases/{number}", None)
    with desk.reading() as reading:
        numbers = list(range(1, reading.case_count() + 1))
        random.shuffle(numbers)
        for number in numbers:
            case = reading.case(number)
            mails = [mail for mail in reading.mail_of(number) if case and mail.to == case.contact]
            if not mails or case is None or case.closed:
                continue
            raw = writer.written(mails[-1])
            seen = message_from_bytes(raw, policy=modern)
            assert isinstance(seen, EmailMessage)
            yield Answered(mails[-1], seen, raw)
            count -= 1
            if count == 0:
                return
    raise SystemExit(f"the desk has too few cases with mail: {count} are missing")


def _arrived(raw: bytes, each: Answered, place: int, random: Random) -> bytes:
    """The message with what servers write above it on its way, and with a Message-ID like no other's."""
    bits = base64.b64encode(random.randbytes(192)).decode()
    way = "".join(
        f"Received: from mx{hop}.relay.example (mx{hop}.relay.example [192.0.2.{hop}])\r\n"
        f"\tby out{hop}.relay.example with ESMTPS id {bits[hop : hop + 14]}\r\n"
        f"\t(version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\r\n"
        f"\tWed, 16 Sep 2026 13:00:0{hop} +0000\r\n"
        for hop in range(1, 4)
    )
    signed = (
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1;\r\n"
        "\th=from:to:subject:date:message-id:in-reply-to:references:mime-version;\r\n"
        f"\tbh={bits[:44]};\r\n\tb={bits[44:112]}\r\n\t {bits[112:180]}\r\n\t {bits[180:]}==\r\n"
        f"Authentication-Results: mx.desk.example; dkim=pass header.d=example.com; spf=pass\r\n"
        "\tsmtp.mailfrom=example.com; dmarc=pass header.from=example.com\r\n"
    )
    own = re.sub(rb"(?im)^Message-ID: .*\r?\n(?:[ \t].*\r?\n)*", b"", raw, count=1)
    head = f"{signed}{way}Message-ID: <{place}.{bits[:20].replace('/', '_')}@mail.example>\n".encode()
    return delivered(head + own, each.mail.to)


def _plain(each: Answered, random: Random, _words: Words) -> bytes:
    return reply(random.choice(PLAIN), each.seen, each.mail.to)


def _long(each: Answered, random: Random, words: Words) -> bytes:
    text = "\n\n".join(words.text(30, 60) for _ in range(random.randint(3, 9))) + CLOSING
    program = random.choice(PROGRAMS)
    return reply(program._replace(text=text, charset="utf-8"), each.seen, each.mail.to)


def _rich(each: Answered, random: Random, _words: Words) -> bytes:
    return reply(random.choice(RICH), each.seen, each.mail.to)


def _with_file(each: Answered, random: Random, words: Words) -> bytes:
    inner = message_from_bytes(_rich(each, random, words))
    whole = MIMEMultipart("mixed")
    for name, value in inner.items():
        if not name.lower().startswith(("content-", "mime-")):
            whole[name] = value
            del inner[name]
    whole.attach(inner)
    file = MIMEApplication(random.randbytes(1_024 * random.randint(*FILES_KB)), Name="trace.pcap")
    file.add_header("Content-Disposition", "attachment", filename="trace.pcap")
    whole.attach(file)
    return whole.as_bytes()


def _away(each: Answered, _random: Random, _words: Words) -> bytes:
    text = f"I am away until Monday.\n\n> {each.seen['Subject']}"
    return _note(each, each.mail.to, f"Automatic reply: {each.seen['Subject']}", text, auto="auto-replied")


def _returned(each: Answered, _random: Random, _words: Words) -> bytes:
    to, mark = each.mail.to, "=_report"
    told = f"<{to}>: host mx.example[192.0.2.9] said: 550 5.1.1 User unknown"
    status = (
        f"Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 User unknown"
    )
    parts = (
        f"Content-Type: text/plain\n\nThis is the mail system. Your message could not be delivered.\n\n{told}\n",
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{status}\n",
        f"Content-Type: message/rfc822\n\n{each.raw.decode('ascii', 'replace')}",
    )
    head = (
        "From: MAILER-DAEMON@mx.example (Mail Delivery System)\nTo: care@desk.example\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMessage-ID: <a@mx.example>\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="{mark}"\n\n'
    )
    return (head + "".join(f"--{mark}\n{part}\n" for part in parts) + f"--{mark}--\n").encode()


def _stranger(each: Answered, random: Random, words: Words) -> bytes:
    sender = f"person{random.randrange(10**9)}@elsewhere.example"
    return _note(each, sender, words.text(3, 8)[:80], words.text(60, 150) + CLOSING, answers=False)


def _numbered(each: Answered, _random: Random, words: Words) -> bytes:
    subject = f"Re: [Case # {written(each.mail.number or 0)} ]"
    return _note(each, each.mail.to, subject, words.text(40, 80) + CLOSING, answers=False)


def _note(each: Answered, sender: str, subject: str, text: str, *, answers: bool = True, auto: str = "") -> bytes:
    message = EmailMessage()
    heads = {"From": sender, "To": "care@desk.example", "Subject": subject, "Message-ID": "<a@b.example>"}
    if answers:
        heads["In-Reply-To"] = str(each.seen["Message-ID"])
    if auto:
        heads["Auto-Submitted"] = auto
    for name, value in heads.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


MIX: Final[dict[str, tuple[float, Make]]] = {
    "reply, short, plain text": (0.3, _plain),
    "reply, long, of all programs": (0.15, _long),
    "reply, text and HTML": (0.25, _rich),
    WITH_FILE: (0.08, _with_file),
    "vacation reply": (0.06, _away),
    "bounce (DSN) with our mail": (0.05, _returned),
    "stranger": (0.06, _stranger),
    "number in the subject alone": (0.05, _numbered),
}
