"""How a mailbox on an IMAP server is reached, and what keeps us from it, with the remedy (MAIL-6)."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from carecli.errors import Failed
from carecli.mail.secrecy import hidden

KEEP: Final = "keep"
DELETE: Final = "delete"
MOVE: Final = "move:"
"""Before the name of a folder."""

TROUBLE: Final = (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, LookupError)
"""What a connection can end with; the last two where a server writes what is no IMAP."""

_LONGEST: Final = 200
"""How much of what a server says is told, in characters."""


class Server(NamedTuple):
    """How the mailbox is reached; `security` is `tls`, `starttls` or `none`, `timeout_s` in seconds.

    `after` tells what becomes of a message that the desk has: `keep`, `delete` or `move:FOLDER`.
    """

    host: str
    user: str
    password: str
    port: int = 993
    security: str = "tls"
    folder: str = "INBOX"
    timeout_s: float = 60
    ca_file: str | None = None
    after: str = KEEP

    def __repr__(self) -> str:
        """The server without the password, for traces."""
        return f"Server({self.host!r}, {self.user!r}, {self.port}, {self.security!r}, {self.folder!r})"


@contextmanager
def explained(server: Server) -> Iterator[None]:
    """Says what went wrong with the server in one sentence, with the remedy."""
    try:
        yield
    except TROUBLE as error:
        raise _explanation(error, server) from None


def _explanation(error: Exception, server: Server) -> Failed:
    """The error that a person reads."""
    where = f"{server.host}:{server.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        what = f"the certificate of {where} is not trusted: {error.verify_message}"
        return failed(what, "set `host` as the certificate names it, or `ca_file` to who signed it")
    if isinstance(error, ssl.SSLError):
        what = f"no secure connection to {where}: {error.reason or error}"
        return failed(what, "`security` is tls (mostly port 993) or starttls (143)")
    if isinstance(error, OSError | imaplib.IMAP4.abort):
        what = f"the IMAP server {where} cannot be reached: {_told(error, server)}"
        return failed(what, "check `host`, `port` and `security`")
    if isinstance(error, MailboxLoginError):
        what = f"{where} refused the login of {server.user}: {_told(error, server)}"
        return failed(what, "check `user` and the password")
    if isinstance(error, MailboxFolderSelectError):
        return failed(f"{where} has no folder {server.folder}: {_told(error, server)}", "check `folder`")
    return failed(
        f"{where} answered: {_told(error, server)}",
        "the server's own log tells more",
    )


def failed(what: str, remedy: str) -> Failed:
    """The error, with where its remedy is applied."""
    return Failed(what, hint=f"{remedy} ([mail.imap] in the config file)", rule="MAIL-6")


def _told(error: Exception, server: Server) -> str:
    """Why something failed, without the password where the server repeats that."""
    if isinstance(error, OSError):
        return reason(error)
    return hidden(_answer(error), server.user, server.password)[:_LONGEST]


def _answer(error: Exception) -> str:
    result = getattr(error, "command_result", None)
    return one_line(result[1] if result else [str(error)])


def reason(error: Exception) -> str:
    """Why the system or the connection failed, in a few words."""
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return str(getattr(error, "strerror", None) or _answer(error))[:_LONGEST]


def one_line(answer: Sequence[Any]) -> str:
    """What a server says, in one line."""
    told = [item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item) for item in answer if item]
    return " ".join(" ".join(told).split())
