"""A mail as it leaves: its words laid out by templates, as one message of plain text and HTML (MAIL-1, RFC 5322).

Written by hand, as thousands leave at once: the library takes several times as long for the same bytes.
"""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from email.utils import format_datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from carecli.domain import legible
from carecli.domain.outbox import ANSWERS, Mail
from carecli.mail.incoming.replies import MARKER
from carecli.mail.outgoing import headers
from carecli.mail.outgoing.templates import Templates, View

OWN: Final = "X-Care-Desk"
"""The header by which a desk knows its own mail and that of another `care`; it holds the sender's address."""

_PLAIN: Final = re.compile(rb"(?:[\t\x20-\x7e]{0,998}+\n)*+[\t\x20-\x7e]{0,998}+")
"""A body that needs no encoding: ASCII in lines that servers neither break nor refuse."""

_SIGNATURE: Final = "\n\n-- \n"

# `All` would also keep Exchange from telling of mail that it cannot deliver, and a ladder waits for that (FU-6).
# No Precedence: people sort `bulk` away, and a reminder is meant for one reader.
_SUPPRESSED: Final = "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply\n"


class Writer:
    """Writes the mails of one desk; the same mail is always the same bytes."""

    def __init__(self, sender: str, desk: str, case_url: str | None, templates: str | None) -> None:
        """`templates` is the desk's own directory of them."""
        self.sender = sender
        self.desk = desk
        self.case_url = case_url
        self.templates = Templates(templates)

    def written(self, mail: Mail) -> bytes:
        """The message with lines that end in LF; raises Failed for what makes none, with the remedy."""
        view = self._view(mail)
        parts = [
            _part("plain", self.templates.text(mail.kind, view)),
            _part("html", self.templates.html(mail.kind, view)),
        ]
        boundary = _boundary(mail.message_id, parts)
        auto = "auto-replied" if mail.kind in ANSWERS else "auto-generated"
        top = (
            f"{self._sender.line}{headers.recipient(mail.to)}{headers.text('Subject', mail.subject)}"
            f"Date: {format_datetime(mail.queued_at)}\n{headers.message_id(mail.message_id)}"
            f"{headers.ids('In-Reply-To', mail.named[-1:])}{headers.ids('References', mail.named)}"
            f"Auto-Submitted: {auto}\n{_SUPPRESSED}{OWN}: {self._sender.address}\nMIME-Version: 1.0\n"
            f'Content-Type: multipart/alternative;\n boundary="{boundary.decode("ascii")}"\n'
        )
        return b"".join(
            (
                top.encode("ascii"),
                *(b"\n--" + boundary + b"\n" + part for part in parts),
                b"\n--" + boundary + b"--\n",
            )
        )

    @cached_property
    def _sender(self) -> headers.Sender:
        return headers.sender(self.sender)

    def _view(self, mail: Mail) -> View:
        """What a template sees; every name is always there, so that a misspelt one is found out."""
        content = mail.content
        case, said = content.get("case"), content.get("said") or _of_before(content)
        view = {
            # What is about no case asks for no reply, which could reach none.
            "marker": "" if mail.number is None else MARKER,
            "kind": mail.kind.value,
            "desk": self.desk,
            "subject": mail.subject,
            "lead": content.get("lead") or "",
            "said": said or None,
            "next": content.get("next"),
            "ways": content.get("ways") or [],
            "reply": content.get("reply"),
            "link": self._link(case),
            "reference": content.get("reference") or "",
            "case": case,
            "phone": content.get("phone"),
        }
        return {name: _legible(value) for name, value in view.items()}

    def _link(self, case: Mapping[str, Any] | None) -> str | None:
        return self.case_url.replace("{number}", case["number"]) if self.case_url and case else None


def _legible(value: Any) -> Any:
    """What a template sees without anything that a terminal, on which mail is read as well, would obey."""
    if isinstance(value, str):
        # Half a character is marked where it stood; what is not seen goes.
        return legible.lines(value.encode("utf-8", "replace").decode())
    if isinstance(value, Mapping):
        return {name: _legible(inner) for name, inner in value.items()}
    return [_legible(inner) for inner in value] if isinstance(value, list | tuple) else value


def _of_before(content: Mapping[str, Any]) -> str | None:
    """The text of a mail that was queued by a version which laid it out at once, without the desk's name."""
    body = content.get("body")
    return body.rpartition(_SIGNATURE)[0] or body if isinstance(body, str) else None


def _part(subtype: str, text: str) -> bytes:
    # A text may hold half a character, and a desk's template line ends of any kind.
    body = _unix(text).encode("utf-8", "replace")
    if _PLAIN.fullmatch(body):
        charset, encoding = "us-ascii", "7bit"
    else:
        charset, encoding = "utf-8", "quoted-printable"
        body = b2a_qp(body)
    head = f"Content-Type: text/{subtype}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode("ascii") + body


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _boundary(message_id: str, parts: list[bytes]) -> bytes:
    boundary = b"=_" + sha256(message_id.encode("utf-8", "replace")).hexdigest()[:32].encode("ascii")
    while any(boundary in part for part in parts):
        boundary += b"_"
    return boundary
