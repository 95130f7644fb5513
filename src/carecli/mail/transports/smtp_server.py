"""An SMTP server: where it is, a connection to it encrypted and logged in, and its failures in words (MAIL-6)."""

import smtplib
import socket
import ssl
from base64 import b64encode
from typing import Final, NamedTuple

from carecli.mail.secrecy import hidden
from carecli.mail.transports.protocol import Failure

SET_UP: Final = "check [mail.smtp] in the config file; `care doctor` tests the server"
_CHECK: Final = "check {} of [mail.smtp] in the config file"


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


class Gone(Exception):
    """The connection broke, or the server cannot be used at all."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure


def connected(server: Server) -> smtplib.SMTP:
    """A new connection, encrypted and logged in as the server is set up; raises Gone where none can be made."""
    client = None
    try:
        client = _made(server)
        _greet(client, server)
    except BaseException as error:
        if client:
            client.close()
        # Of the library's: a name or a greeting that cannot be spelled is a ValueError.
        if isinstance(error, smtplib.SMTPException | OSError | ValueError):
            raise Gone(broken(server, error)._replace(stops=True)) from None
        raise
    return client


def _made(server: Server) -> smtplib.SMTP:
    helo = server.helo or _own_name()
    client: smtplib.SMTP
    if server.security == "tls":
        client = smtplib.SMTP_SSL(local_hostname=helo, timeout=server.timeout_s, context=_trust(server))
    else:
        client = smtplib.SMTP(local_hostname=helo, timeout=server.timeout_s)
    # Named only now: a constructor that connects leaves its socket open where the server's greeting is wrong.
    client._host = server.host  # type: ignore[attr-defined]  # noqa: SLF001
    return client


def _greet(client: smtplib.SMTP, server: Server) -> None:
    code, said = client.connect(server.host, server.port)
    if code != 220:
        raise Gone(Failure(f"{server!r} takes no mail now: {told(server, code, said)}", stops=True))
    client.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        client.starttls(context=_trust(server))
        client.ehlo_or_helo_if_needed()
    if server.user is not None:
        _log_in(client, server.user, server.password)


def _log_in(client: smtplib.SMTP, user: str, password: str) -> None:
    if (user + password).isascii():
        client.login(user, password)
        return
    # The library spells logins in ASCII alone; RFC 4616 has UTF-8.
    code, said = client.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode("ascii"))
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _trust(server: Server) -> ssl.SSLContext:
    """Whom we trust; raises Gone where the file that says so cannot be read."""
    try:
        return ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:
        what = f"no certificates can be read from {server.ca_file}: {_reason(error)}"
        raise Gone(Failure(what, stops=True, hint=_CHECK.format("`ca_file`"))) from None


def broken(server: Server, error: Exception) -> Failure:
    """What broke a connection, in words, with what mends it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        what = f"the certificate of {server!r} is not trusted: {error.verify_message}"
        return Failure(what, hint=_CHECK.format("`host` and `ca_file`"))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        what = f"{server!r} offers no STARTTLS or no login: {hidden(str(error), server.user, server.password)}"
        return Failure(what, hint=_CHECK.format("`security` and `user`"))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        what = f"{server!r} refused the login: {told(server, error.smtp_code, as_bytes(error.smtp_error))}"
        return Failure(what, hint=_CHECK.format("`user` and the password"))
    if isinstance(error, smtplib.SMTPResponseException):
        return Failure(f"{server!r}: {told(server, error.smtp_code, as_bytes(error.smtp_error))}", hint=SET_UP)
    if timed_out(error):
        return Failure(f"{server!r} did not answer within {server.timeout_s:g} s", hint=SET_UP)
    reason = hidden(_reason(error), server.user, server.password)
    return Failure(f"the connection to {server!r} failed: {reason}", hint=SET_UP)


def timed_out(error: Exception) -> bool:
    """Whether the server was too slow, which smtplib calls a broken connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def told(server: Server, code: int, said: bytes) -> str:
    """A server's answer on one line, without the password where it repeats that."""
    text = " ".join(hidden(said.decode("utf-8", "replace"), server.user, server.password).split())
    return f"{code} {text[:200]}" if code > 0 else text[:200]


def as_bytes(said: bytes | str) -> bytes:
    """What a server said, which smtplib tells as either."""
    return said if isinstance(said, bytes) else said.encode("utf-8", "replace")


def _own_name() -> str:
    """This machine's name if it is a full one; asking the name service may take long where there is none."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "`host`, `helo` or another setting cannot be spelled for a server"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
