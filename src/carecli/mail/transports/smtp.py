"""Outgoing mail to an SMTP server: encrypted, its certificate checked, one connection for many mails (MAIL-6)."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from carecli.errors import CareError
from carecli.mail.transports.protocol import Failure, Posting

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_ENHANCED: Final = re.compile(r"(\d)\.(\d{1,3})\.(\d{1,3})\b")
_SENDERS_OWN: Final = {"7", "8"}
"""Of the codes 5.1.x those that complain of the sender's address."""
_NO_SUCH: Final = {550, 551, 553}
_RELAY: Final = re.compile(r"relay|authenticat|not permitted|policy|spam|block", re.IGNORECASE)
_LOST: Final = 3
"""After how many broken connections in a row the server is left alone."""


class Server(NamedTuple):
    """Where a server is and how it is spoken to; `security` is `starttls`, `tls` or `none`."""

    host: str
    port: int
    security: str
    timeout_s: float
    user: str | None = None
    password: str = ""
    ca_file: str | None = None
    helo: str | None = None

    def __repr__(self) -> str:
        # A trace of an error must not tell the password.
        return f"{self.host}:{self.port}"


class _Gone(Exception):
    """The connection broke, or the server cannot be used at all."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure


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
        except _Gone as gone:
            return gone.failure
        except (smtplib.SMTPException, OSError) as error:
            return self._broken(error)
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
        except _Gone as gone:
            self._drop()
            return gone.failure
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            self._lost += 1
            failure = self._broken(error)
            # A server that keeps us waiting would do so for every mail.
            return failure._replace(stops=_timed_out(error) or self._lost >= _LOST)
        self._lost = 0
        return answered

    def _handed_over(self, posting: Posting) -> Failure | None:
        """One transaction; raises what breaks the connection."""
        client = self._begun(posting)
        if isinstance(client, Failure):
            return client
        code, said = client.rcpt(_spelled(posting.to, client))
        if code not in (250, 251):
            return self._refused(client, code, said, at_rcpt=True)
        try:
            code, said = client.data(_LINE_END.sub(b"\r\n", posting.raw))
        except smtplib.SMTPDataError as error:  # refused before the message was sent
            code, said = error.smtp_code, _bytes(error.smtp_error)
        return None if code == 250 else self._refused(client, code, said, at_rcpt=False)

    def _begun(self, posting: Posting) -> smtplib.SMTP | Failure:
        """A connection on which the sender was taken; an idle one that the server closed is made anew."""
        fresh = self._client is None
        client = self._connected()
        extended = not (posting.sender + posting.to).isascii()
        if extended and _needs_utf8(posting) and not client.has_extn("smtputf8"):
            return Failure(f"{self.server!r} takes no addresses beyond ASCII (no SMTPUTF8)", hint=_SET_UP)
        options = [f"SIZE={len(posting.raw)}"] if client.has_extn("size") else []
        if _needs_utf8(posting):
            client.command_encoding = "utf-8"
            options += ["SMTPUTF8"]
        if not posting.raw.isascii() and client.has_extn("8bitmime"):
            options += ["BODY=8BITMIME"]
        try:
            code, said = client.mail(_spelled(posting.sender, client), options)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            if fresh:
                raise
            self._drop()
            return self._begun(posting)
        if code == 421 and not fresh:
            self._drop()
            return self._begun(posting)
        if code != 250:
            raise _Gone(
                Failure(f"{self.server!r} refused the sender: {_told(code, said)}", stops=True, hint=_SET_UP)
            )
        return client

    def _refused(self, client: smtplib.SMTP, code: int, said: bytes, *, at_rcpt: bool) -> Failure:
        """What a refusal of this mail means for it; the connection is ready for the next one."""
        if code == 421:
            self._drop()
        else:
            self._reset(client)
        text = said.decode("utf-8", "replace")
        permanent = code >= 500 and _concerns_recipient(code, text, at_rcpt=at_rcpt)
        return Failure(
            f"{self.server!r} refused {'the recipient' if at_rcpt else 'the mail'}: {_told(code, said)}",
            permanent=permanent,
            hint=None if permanent else _SET_UP,
        )

    def _reset(self, client: smtplib.SMTP) -> None:
        """Make ready for the next mail; the answer to this one counts, whatever comes of that."""
        try:
            client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        """The connection, made where there is none; raises _Gone where none can be made."""
        if self._client is None:
            client = self._made()
            try:
                self._greet(client)
            except BaseException:
                client.close()
                raise
            self._client = client
        return self._client

    def _made(self) -> smtplib.SMTP:
        server = self.server
        helo = server.helo or _own_name()
        client: smtplib.SMTP
        try:
            if server.security == "tls":
                client = smtplib.SMTP_SSL(local_hostname=helo, timeout=server.timeout_s, context=self._trust())
            else:
                client = smtplib.SMTP(local_hostname=helo, timeout=server.timeout_s)
        except OSError as error:
            raise _Gone(self._broken(error)._replace(stops=True)) from error
        # Named only now: a constructor that connects leaves its socket open where the server's greeting is wrong.
        client._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001
        return client

    def _greet(self, client: smtplib.SMTP) -> None:
        server = self.server
        try:
            code, said = client.connect(server.host, server.port)
            if code != 220:
                raise _Gone(Failure(f"{server!r} takes no mail now: {_told(code, said)}", stops=True))
            client.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                client.starttls(context=self._trust())
                client.ehlo_or_helo_if_needed()
            if server.user is not None:
                client.login(server.user, server.password)
        except (smtplib.SMTPException, OSError) as error:
            raise _Gone(self._broken(error)._replace(stops=True)) from error

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.server.ca_file)

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client:
            client.close()

    def _broken(self, error: Exception) -> Failure:
        """What broke the connection, in words, with what mends it."""
        server = f"{self.server!r}"
        if isinstance(error, ssl.SSLCertVerificationError):
            what = f"the certificate of {server} is not trusted: {error.verify_message}"
            return Failure(what, hint="check `host` and `ca_file` in the [mail.smtp] part of the config file")
        if isinstance(error, smtplib.SMTPNotSupportedError):
            what = f"{server} offers no STARTTLS or no login: {error}"
            return Failure(what, hint="check `security` in the [mail.smtp] part of the config file")
        if isinstance(error, smtplib.SMTPAuthenticationError):
            what = f"{server} refused the login: {_told(error.smtp_code, _bytes(error.smtp_error))}"
            return Failure(what, hint="check `user` and the password of [mail.smtp] in the config file")
        if isinstance(error, smtplib.SMTPResponseException):
            return Failure(f"{server}: {_told(error.smtp_code, _bytes(error.smtp_error))}", hint=_SET_UP)
        if _timed_out(error):
            return Failure(f"{server} did not answer within {self.server.timeout_s:g} s", hint=_SET_UP)
        return Failure(f"the connection to {server} failed: {_reason(error)}", hint=_SET_UP)


_SET_UP: Final = "check [mail.smtp] in the config file; `care doctor` tests the server"


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


def _timed_out(error: Exception) -> bool:
    """Whether the server was too slow, which smtplib calls a broken connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _own_name() -> str:
    """This machine's name if it is a full one; asking the name service may take long where there is none."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _told(code: int, said: bytes) -> str:
    text = " ".join(said.decode("utf-8", "replace").split())
    return f"{code} {text[:200]}" if code > 0 else text[:200]


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("utf-8", "replace")


def _reason(error: Exception) -> str:
    if isinstance(error, CareError):
        return error.message
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
