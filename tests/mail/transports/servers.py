"""A real SMTP server that does as a test tells it: takes, refuses, stays silent, or breaks the connection."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from postoffice import Certificates, free_port

HOST = "127.0.0.1"
USER, PASSWORD = "care", "hunter2"
SILENT_S = 60
"""How long a server says nothing that a test calls silent; clients wait for less, and at its end it is stopped."""
THINKING_S = 0.6
"""How long it says nothing behind a message before it breaks the connection, which clients have to bear."""
PATIENCE_S = 60
"""How long it may take to start."""

RESET = "reset"
"""Breaks the connection without an answer."""
KEEP_AND_RESET = "keep and reset"
"""Takes the message, and breaks the connection before it says so."""
SILENCE = "silence"


class Post:
    """What a server was handed, and what it answers next: for a recipient, or to the messages in order."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.mail: list[str] = []
        self.rcpt: dict[str, list[str]] = {}
        self.data: list[str] = []
        self.pause_s = 0.0
        self.taken: Callable[[], object] = lambda: None
        self.sessions: set[int] = set()
        self.logged_in: list[bool] = []

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer a sender."""
        self.sessions.add(id(session))
        self.logged_in.append(bool(session.authenticated))
        answer = self.mail.pop(0) if self.mail else "250 OK"
        if answer == SILENCE:
            await asyncio.sleep(SILENT_S)
            answer = RESET
        if answer == RESET:
            _abort(server)
        if answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer a recipient."""
        del server, session, options
        answers = self.rcpt.get(address, [])
        answer = answers.pop(0) if answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer a message."""
        del session
        await asyncio.sleep(self.pause_s)
        answer = self.data.pop(0) if self.data else "250 taken"
        if answer == SILENCE:
            await asyncio.sleep(THINKING_S)
            answer = RESET
        if answer.startswith("250") or answer == KEEP_AND_RESET:
            self.envelopes.append(envelope)
            self.taken()
        if answer in {RESET, KEEP_AND_RESET}:
            _abort(server)
        return answer

    @property
    def recipients(self) -> list[str]:
        """Who was written to, in order."""
        return [address for envelope in self.envelopes for address in envelope.rcpt_tos]

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages, as a mail program reads them."""
        parser = BytesParser(_class=EmailMessage, policy=modern)
        return [parser.parsebytes(raw(envelope)) for envelope in self.envelopes]

    @property
    def message_ids(self) -> list[str]:
        """Their Message-IDs."""
        return [str(message["Message-ID"]) for message in self.messages]


def raw(envelope: Envelope) -> bytes:
    """A message as it came over the wire."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


def _abort(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport | asyncio.WriteTransport)
    server.transport.abort()


class _Tls(Controller):
    """A controller that greets over TLS from the first byte; its own check of itself knows no such authority."""

    def _trigger_server(self) -> None:
        unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unchecked.check_hostname = False
        unchecked.verify_mode = ssl.CERT_NONE
        with (
            socket.create_connection((self.hostname, self.port), timeout=PATIENCE_S) as plain,
            unchecked.wrap_socket(plain) as connection,
        ):
            connection.recv(1024)


@contextmanager
def serving(
    post: Post,
    *,
    security: str = "none",
    known: Certificates | None = None,
    login: bool = False,
    port: int = 0,
    smtputf8: bool = False,
    password: str = PASSWORD,
) -> Iterator[int]:
    """Serve on loopback; the answer is the port."""

    def right(*args: Any) -> AuthResult:
        return AuthResult(success=args[-1] == LoginPassword(USER.encode(), password.encode()), handled=False)

    more: dict[str, Any] = {"enable_SMTPUTF8": smtputf8, "data_size_limit": None, "ready_timeout": PATIENCE_S}
    if login:
        # Whoever did not log in is found out by the tests: aiosmtpd warns of asking for a login without STARTTLS.
        more |= {"authenticator": right, "auth_require_tls": security == "starttls"}
    kind = Controller
    if security == "tls":
        assert known
        kind, more = _Tls, {**more, "ssl_context": known.context()}
    elif security == "starttls":
        assert known
        more |= {"tls_context": known.context(), "require_starttls": True}
    controller = kind(post, hostname=HOST, port=port or free_port(), **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
