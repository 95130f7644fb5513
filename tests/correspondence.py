"""Replies as mail programs write them: each with its own heading, quoting, character set and encoding."""

import re
from email.charset import BASE64, QP, Charset
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from html import escape
from typing import NamedTuple

DESK = "Customer Care <care@desk.example>"
RECEIVED = (
    b"Return-Path: <%s>\r\nDelivered-To: care@desk.example\r\n"
    b"Received: from mail.abc.example (mail.abc.example [192.0.2.7])\r\n"
    b"\tby mx.desk.example (Postfix) with ESMTPS id 4XyZ12\r\n"
    b"\tfor <care@desk.example>; Fri,  6 Mar 2026 11:00:02 +0000 (UTC)\r\n"
)
"""What a mail server writes above a message that it takes in."""


class Program(NamedTuple):
    """A mail program set to a language: what a customer writes with it, and how it quotes what is answered."""

    name: str
    text: str
    heading: str
    """Above the quoted mail; `{subject}` is replaced."""
    quoting: str = "> "
    charset: str = "utf-8"
    encoding: int = QP
    html: bool = False
    plain: bool = True
    prefix: str = "Re: "


_RULE = "_" * 32
_OUTLOOK = "\n".join
PROGRAMS = (
    Program(
        "gmail-en",
        "The sales queue, since Monday.\n\nOnly on transfers.",
        "On Fri, Mar 6, 2026 at 9:00 AM Customer Care <care@desk.example> wrote:\n",
        html=True,
    ),
    Program(
        "gmail-es",
        "Sí, la cola de ventas. ¿Necesitáis algo más?",
        "El vie, 6 mar 2026 a las 9:00, Customer Care (<care@desk.example>) escribió:\n",
        charset="iso-8859-1",
        html=True,
    ),
    Program(
        "gmail-fr",
        "C’est la file « ventes », depuis lundi.",
        "Le ven. 6 mars 2026 à 09:00, Customer Care <care@desk.example> a écrit :\n",
        encoding=BASE64,
    ),
    Program(
        "gmail-pt",
        "É a fila de vendas, só nas transferências.",
        "Em sex., 6 de mar. de 2026 às 09:00, Customer Care <care@desk.example> escreveu:\n",
        html=True,
    ),
    Program(
        "gmail-ru",
        "Это очередь продаж. Началось в понедельник.",
        "пт, 6 мар. 2026 г. в 09:00, Customer Care <care@desk.example>:\n",
        charset="koi8-r",
        encoding=BASE64,
    ),
    Program(
        "gmail-ja",
        "営業キューです。月曜日から続いています。",
        "2026年3月6日(金) 9:00 Customer Care <care@desk.example>:\n",
        charset="iso-2022-jp",
        encoding=BASE64,
        html=True,
    ),
    Program(
        "gmail-ko",
        "영업 대기열입니다. 월요일부터입니다.",
        "2026년 3월 6일 (금) 오전 9:00, Customer Care <care@desk.example>님이 작성:\n",
        encoding=BASE64,
    ),
    Program(
        "apple-en",
        "It is the sales queue.",
        "On 6 Mar 2026, at 09:00, Customer Care <care@desk.example> wrote:\n",
    ),
    Program(
        "apple-it",
        "È la coda vendite, da lunedì.",
        "Il giorno 6 mar 2026, alle ore 09:00, Customer Care <care@desk.example> ha scritto:\n",
        charset="iso-8859-15",
    ),
    Program(
        "apple-nl",
        "Het is de verkoopwachtrij.",
        "Op 6 mrt 2026, om 09:00 heeft Customer Care <care@desk.example> het volgende geschreven:\n",
    ),
    Program(
        "thunderbird-de",
        "Es ist die Warteschlange „Verkauf“.\nSeit Montag, nur beim Weiterleiten.",
        "Am 06.03.26 um 09:00 schrieb Customer Care:",
        charset="windows-1252",
    ),
    Program(
        "thunderbird-pl",
        "To kolejka sprzedaży, od poniedziałku.",
        "W dniu 06.03.2026 o 09:00, Customer Care pisze:",
        charset="iso-8859-2",
    ),
    Program(
        "thunderbird-sv",
        "Det är försäljningskön, sedan måndags.",
        "Den 2026-03-06 kl. 09:00, skrev Customer Care:",
    ),
    Program(
        "outlook-en",
        "Sales queue only.\n\nIt is worse after noon.",
        _OUTLOOK(
            (
                _RULE,
                "From: Customer Care <care@desk.example>",
                "Sent: Friday, March 6, 2026 9:00 AM",
                "To: Dana <dana@abc.example>",
                "Subject: {subject}",
                "",
            )
        ),
        quoting="",
        html=True,
        prefix="RE: ",
    ),
    Program(
        "outlook-de",
        "Nur die Verkaufs-Warteschlange. Grüße aus Köln",
        _OUTLOOK(
            (
                "Von: Customer Care <care@desk.example>",
                "Gesendet: Freitag, 6. März 2026 09:00",
                "An: Dana <dana@abc.example>",
                "Betreff: {subject}",
                "",
            )
        ),
        quoting="",
        charset="iso-8859-1",
        prefix="AW: ",
    ),
    Program(
        "outlook-fr",
        "Uniquement la file des ventes.",
        _OUTLOOK(
            (
                _RULE,
                "De : Customer Care <care@desk.example>",
                "Envoyé : vendredi 6 mars 2026 09:00",
                "À : Dana <dana@abc.example>",
                "Objet : {subject}",
                "",
            )
        ),
        quoting="",
        html=True,
        plain=False,
        prefix="TR : ",
    ),
    Program(
        "outlook-zh",
        "是销售队列。从星期一开始。",
        _OUTLOOK(
            (
                "发件人: Customer Care <care@desk.example>",
                "发送时间: 2026年3月6日 9:00",
                "收件人: Dana <dana@abc.example>",
                "主题: {subject}",
                "",
            )
        ),
        quoting="",
        charset="gb18030",
        encoding=BASE64,
        prefix="答复: ",
    ),
    Program(
        "html-alone",
        "It is the sales queue & nothing else <since Monday>.",
        "On Fri, Mar 6, 2026 at 9:00 AM Customer Care <care@desk.example> wrote:\n",
        html=True,
        plain=False,
    ),
)


def reply(program: Program, mail: EmailMessage, sender: str) -> bytes:
    """What the program sends when somebody answers a mail."""
    heading = program.heading.format(subject=mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    original = body.get_content().rstrip("\n")
    parts = []
    if program.plain:
        quoted = "\n".join(f"{program.quoting}{line}".rstrip() for line in original.split("\n"))
        parts.append(_part("plain", f"{program.text}\n\n{heading}\n{quoted}\n", program))
    if program.html:
        parts.append(_part("html", _html(program, heading, mail), program))
    message: MIMEBase = parts[0]
    if len(parts) > 1:
        message = MIMEMultipart("alternative", _subparts=parts)
    message["From"] = sender
    message["To"] = DESK
    message["Subject"] = program.prefix + str(mail["Subject"])
    message["Date"] = "Fri, 06 Mar 2026 12:00:00 +0100"
    message["Message-ID"] = _answering(mail, program.name)
    message["In-Reply-To"] = str(mail["Message-ID"])
    message["References"] = " ".join(filter(None, (mail["References"], mail["Message-ID"])))
    return message.as_bytes()


def _part(subtype: str, text: str, program: Program) -> MIMENonMultipart:
    charset = Charset(program.charset)
    charset.body_encoding = program.encoding
    part = MIMENonMultipart("text", subtype)
    # Our mail may hold what the program's own character set has no letter for.
    part.set_payload(text.encode(program.charset, "replace").decode(program.charset), charset)
    return part


def _html(program: Program, heading: str, mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    inner = re.sub(r"(?s)^.*<body[^>]*>|</body>.*$", "", body.get_content())
    said = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in program.text.split("\n"))
    head = "<br>".join(escape(line) for line in heading.split("\n") if line != _RULE)
    if program.quoting:
        quoted = (
            f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{head}</div>'
            f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{inner}</blockquote></div>'
        )
        return f'<html><body><div dir="ltr">{said}</div><br>{quoted}</body></html>'
    rule = '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">'
    return (
        f'<html><body><div class="elementToProof">{said}</div>{rule}<font>{head}</font></div>{inner}</body></html>'
    )


def by_hand(mail: EmailMessage, sender: str, text: str, **headers: str) -> EmailMessage:
    """A reply as Python's own email client writes it; a header given as "" is left out."""
    message = EmailMessage()
    usual = {
        "From": sender,
        "To": DESK,
        "Subject": f"Re: {mail['Subject']}",
        "In-Reply-To": str(mail["Message-ID"]),
        "References": str(mail["Message-ID"]),
        "Message-ID": _answering(mail, "by-hand"),
    }
    for name, value in {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def _answering(mail: EmailMessage, name: str) -> str:
    """A Message-ID that only this answer to this mail has."""
    answered = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    return f"<{name}.{answered}@mail.abc.example>"


def delivered(raw: bytes, sender: str, *, server: bytes = RECEIVED) -> bytes:
    """A message as a mail server hands it over: with its own headers on top, and lines that end in CRLF."""
    body = re.sub(rb"(?<!\r)\n", b"\r\n", raw)
    return server % sender.encode() + body
