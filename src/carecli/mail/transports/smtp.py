"""Outgoing mail to an SMTP server, one connection for many mails (MAIL-6, RFC 5321)."""

import re
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from carecli.mail.transports import smtp_server
from carecli.mail.transports.protocol import Failure, Posting
from carecli.mail.transports.smtp_server import SET_UP, Gone, Server, timed_out, told

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
_ENHANCED: Final = re.compile(r"(\d)\.(\d{1,3})\.(\d{1,3})\b")
_SENDERS_OWN: Final = {"7", "8"}
"""Of the codes 5.1.x those that complain of the sender's address."""
_NO_SUCH: Final = {550, 551, 553}
_TOO_LARGE: Final = 552
"""The refusal of a size that MAIL announces; it concerns that mail alone."""
_RELAY: Final = re.compile(r"relay|authenticat|not permitted|policy|spam|block", re.IGNORECASE)
_LOST: Final = 3
"""After how many broken connections in a row the server is left alone."""
_LAST_WORD: Final = 20
"""How many times as long as for another step a server may take over a whole message: ten minutes for 30 s.

RFC 5321 4.5.3.2.6 asks for that: whoever gives up before the answer sends the mail twice.
"""


class SmtpTransport:
    """Hands mails to one server; a connection that breaks is made anew for the next mail."""

    batch = 1

    def __init__(self, server: Server) -> None:
        self.server = server
        self._client: smtplib.SMTP | None = None
        self._lost = 0

    def deliver(self, postings: Sequence[Posting]) -> Iterator[Failure | None]:
        """Hand mails over one by one; the server has taken each for which the answer is None."""
        return map(self._delivered, postings)

    def check(self) -> Failure | None:
        """Connect, encrypt, log in and say nothing else; what went wrong, if anything."""
        try:
            client = self._connected()
            client.noop()
        except Gone as gone:
            return gone.failure
        except (smtplib.SMTPException, OSError) as error:
            return smtp_server.broken(self.server, error)
        finally:
            self.close()
        return None

    def close(self) -> None:
        """Say goodbye to the server."""
        client, self._client = self._client, None
        if client:
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _delivered(self, posting: Posting) -> Failure | None:
        wrong = next((one for one in (posting.sender, posting.to) if not _is_address(one)), None)
        if wrong is not None:
            return Failure(f"{wrong[:80]!r} is no address", permanent=wrong == posting.to)
        try:
            answered = self._handed_over(posting)
        except Gone as gone:
            self._drop()
            return gone.failure
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            self._lost += 1
            failure = smtp_server.broken(self.server, error)
            # A server that keeps us waiting would do so for every mail.
            return failure._replace(stops=timed_out(error) or self._lost >= _LOST)
        self._lost = 0
        return answered

    def _handed_over(self, posting: Posting) -> Failure | None:
        """One transaction; raises what breaks the connection."""
        client = self._begun(posting)
        if isinstance(client, Failure):
            return client
        code, said = client.rcpt(_spelled(posting.to, client))
        if code not in (250, 251):
            return self._refused(client, code, said, "recipient")
        code, said = self._data(client, posting.raw)
        return None if code == 250 else self._refused(client, code, said, "mail")

    def _begun(self, posting: Posting) -> smtplib.SMTP | Failure:
        """A connection on which the sender was taken; an idle one that the server closed is made anew."""
        fresh = self._client is None
        client = self._connected()
        if _needs_utf8(posting) and not client.has_extn("smtputf8"):
            return Failure(f"{self.server!r} takes no addresses beyond ASCII (no SMTPUTF8)", hint=SET_UP)
        try:
            code, said = client.mail(_spelled(posting.sender, client), _options(posting, client))
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            if fresh:
                raise
            self._drop()
            return self._begun(posting)
        if code == 421 and not fresh:
            self._drop()
            return self._begun(posting)
        if code == _TOO_LARGE:
            return self._refused(client, code, said, "mail")
        if code != 250:
            what = f"{self.server!r} refused the sender: {told(self.server, code, said)}"
            raise Gone(Failure(what, stops=True, hint=SET_UP))
        return client

    def _data(self, client: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
        """Hand the message over; the answer to it, or to the wish to."""
        code, said = client.docmd("DATA")
        if code != 354:
            return code, said
        client.send(_LEADING_DOT.sub(b"..", _on_the_wire(raw)) + b".\r\n")
        socket = client.sock
        if socket is None:
            raise smtplib.SMTPServerDisconnected("the server closed the connection")
        socket.settimeout(self.server.timeout_s * _LAST_WORD)
        answer = client.getreply()
        socket.settimeout(self.server.timeout_s)
        return answer

    def _refused(self, client: smtplib.SMTP, code: int, said: bytes, what: str) -> Failure:
        """What a refusal of this mail, or of its recipient, means for it; the connection is ready for the next."""
        if code == 421:
            self._drop()
        else:
            self._reset(client)
        text = said.decode("utf-8", "replace")
        permanent = code >= 500 and _concerns_recipient(code, text, at_rcpt=what == "recipient")
        return Failure(
            # The answer comes first: lists have no room for the end.
            f"{what} refused: {told(self.server, code, said)} ({self.server!r})",
            permanent=permanent,
            hint=SET_UP if code >= 500 and not permanent else None,
        )

    def _reset(self, client: smtplib.SMTP) -> None:
        """Make ready for the next mail; the answer to this one counts, whatever comes of that."""
        try:
            client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        """The connection, made where there is none; raises Gone where none can be made."""
        if self._client is None:
            self._client = smtp_server.connected(self.server)
        return self._client

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client:
            client.close()


def _concerns_recipient(code: int, text: str, *, at_rcpt: bool) -> bool:
    """Whether a refusal means that there is no such mailbox; anything else is for the desk to mend."""
    enhanced = _ENHANCED.match(text)
    if enhanced:
        class_, subject, detail = enhanced.groups()
        mailbox = (subject == "1" and detail not in _SENDERS_OWN) or (subject, detail) == ("2", "1")
        return class_ == "5" and mailbox
    return at_rcpt and code in _NO_SUCH and not _RELAY.search(text)


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and not any(
        c in "<>,;" or c.isspace() or not c.isprintable() for c in text
    )


def _on_the_wire(raw: bytes) -> bytes:
    """A message with the line ends of SMTP, its last line ended too."""
    wired = _LINE_END.sub(b"\r\n", raw)
    return wired if wired.endswith(b"\r\n") else wired + b"\r\n"


def _options(posting: Posting, client: smtplib.SMTP) -> list[str]:
    """What MAIL tells of a message, as far as this server wants to hear it."""
    size = len(posting.raw) + len(_LINE_END.findall(posting.raw))
    options = [f"SIZE={size}"] if client.has_extn("size") else []
    if _needs_utf8(posting):
        options.append("SMTPUTF8")
    if not posting.raw.isascii() and client.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    return options


def _needs_utf8(posting: Posting) -> bool:
    """Whether a local part is beyond ASCII; a domain has another spelling."""
    return not all(address.rpartition("@")[0].isascii() for address in (posting.sender, posting.to))


def _spelled(address: str, client: smtplib.SMTP) -> str:
    """An address as this server takes it."""
    local, _, domain = address.rpartition("@")
    if domain.isascii() or (not local.isascii() and client.has_extn("smtputf8")):
        return address
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
