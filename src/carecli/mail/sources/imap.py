"""A mailbox on an IMAP server (MAIL-6).

Messages are looked at without being marked as seen, and stay where they are unless the desk is told otherwise.
What is moved or deleted is named one by one: a plain EXPUNGE would take along what other programs have marked.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import quote

from imap_tools.errors import MailboxLoginError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.utils import encode_folder

from carecli.domain.fetching import Left
from carecli.errors import Failed
from carecli.mail.sources.protocol import BATCH, BATCH_BYTES, Found, too_large
from carecli.mail.sources.server import DELETE, KEEP, MOVE, TROUBLE, Server, explained, failed, one_line, reason

_UID: Final = re.compile(rb"\bUID (\d+)")
_SIZE: Final = re.compile(rb"\bRFC822\.SIZE (\d+)")
_MANY: Final = 1000
"""How many messages one command names: servers refuse longer lines."""


@contextmanager
def opened(server: Server, *, max_bytes: int) -> Iterator[ImapSource]:
    """The mailbox, logged in to and its folder chosen; raises Failed with what mends it."""
    with explained(server):
        box = _connected(server)
    try:
        with explained(server):
            source = ImapSource(box, server, max_bytes)
        yield source
    finally:
        # Whatever a server says to a goodbye, everything is done by then.
        with suppress(*TROUBLE):
            box.logout()
        with suppress(*TROUBLE):
            box.client.shutdown()


def probe(server: Server) -> Failed | None:
    """What keeps the mailbox from being read, None where nothing does; changes nothing there."""
    try:
        with opened(server._replace(after=KEEP), max_bytes=1):
            return None
    except Failed as error:
        return error


class ImapSource:
    """A folder of a mailbox, chosen for as long as it is read."""

    def __init__(self, box: BaseMailBox, server: Server, max_bytes: int) -> None:
        self.box = box
        self.server = server
        self.max_bytes = max_bytes
        self._can = _capabilities(box)
        self._marked = set[str]()
        # Only looked at, nothing there can change by accident.
        box.folder.set(server.folder, readonly=server.after == KEEP)
        self._validity = _told(box, "UIDVALIDITY")
        self._target = server.after.removeprefix(MOVE) if server.after.startswith(MOVE) else None
        if self._target and not box.folder.exists(self._target):
            box.folder.create(self._target)

    @property
    def place(self) -> str:
        """The folder as a URL (RFC 5092)."""
        server = self.server
        return f"imap://{_part(server.user)}@{server.host.lower()}:{server.port}/{_part(server.folder, '/')}"

    @property
    def name(self) -> str:
        """The folder with its UIDVALIDITY: another one means that all UIDs were given anew."""
        return f"{self.place};UIDVALIDITY={self._validity}"

    def uids(self) -> list[str]:
        """The messages of the folder that are not marked as deleted, oldest first.

        Where the desk deletes, those that are marked too: a run may have ended between marking and purging.
        """
        with explained(self.server):
            # Without a charset: some servers refuse to be told one.
            found = self.box.uids("UNDELETED", charset=None)
            if self.server.after == DELETE:
                self._marked = set(self.box.uids("DELETED", charset=None))
            return sorted({*found, *self._marked}, key=int)

    def batches(self, uids: Sequence[str]) -> Iterator[list[Found | Left]]:
        """These messages, some at a time, none of them marked as seen."""
        # What somebody else has marked as deleted is nobody's mail any more.
        uids = [uid for uid in uids if uid not in self._marked]
        for start in range(0, len(uids), BATCH):
            with explained(self.server):
                sizes = self._sizes(uids[start : start + BATCH])
            left: list[Found | Left] = [
                too_large(uid, size, self.max_bytes) for uid, size in sizes.items() if size > self.max_bytes
            ]
            if left:
                yield left
            for group in _groups({uid: size for uid, size in sizes.items() if size <= self.max_bytes}):
                with explained(self.server):
                    batch = self._read(group)
                yield batch

    def _sizes(self, uids: Sequence[str]) -> dict[str, int]:
        """The size in bytes of each that is still there, in their order."""
        told = {}
        for item in self._fetched(uids, "(UID RFC822.SIZE)"):
            line = item if isinstance(item, bytes) else b" ".join(item)
            uid, size = _UID.search(line), _SIZE.search(line)
            if uid and size:
                told[uid[1].decode()] = int(size[1])
        return {uid: told[uid] for uid in uids if uid in told}

    def _read(self, uids: Sequence[str]) -> list[Found | Left]:
        found = _messages(self._fetched(uids, "(UID BODY.PEEK[])"))
        return [self._judged(uid, found[uid]) for uid in uids if uid in found]

    def _judged(self, uid: str, raw: bytes | None) -> Found | Left:
        if raw is None:
            return Left(uid, "the server does not hand it over")
        # A server may tell a size that is not the true one.
        return Found(uid, raw) if len(raw) <= self.max_bytes else too_large(uid, len(raw), self.max_bytes)

    def _fetched(self, uids: Sequence[str], parts: str) -> Sequence[bytes | tuple[bytes, bytes]]:
        items = self._done("FETCH", ",".join(uids), parts)
        return [item for item in items if item]

    def taken(self, uids: Sequence[str]) -> list[Left]:
        """Move or delete messages, where the desk is told to."""
        if self.server.after != KEEP:
            with explained(self.server):
                for start in range(0, len(uids), _MANY):
                    self._put_away(",".join(uids[start : start + _MANY]))
        return []

    def _put_away(self, uids: str) -> None:
        if self._target:
            folder = encode_folder(self._target)
            if "MOVE" in self._can:
                self._done("MOVE", uids, folder)
                return
            self._done("COPY", uids, folder)
        self._done("STORE", uids, "+FLAGS.SILENT", r"(\Seen \Deleted)")
        if "UIDPLUS" in self._can:
            self._done("EXPUNGE", uids)

    def _done(self, command: str, *about: Any) -> list[Any]:
        status, answer = self.box.client.uid(command, *about)
        if status != "OK":
            raise imaplib.IMAP4.error(f"{command} {one_line(answer)}")
        return answer


def _connected(server: Server) -> BaseMailBox:
    """A connection that is logged in."""
    where = (server.host, server.port, server.timeout_s)
    box: BaseMailBox
    if server.security == "tls":
        box = MailBox(*where, ssl_context=_trust(server.ca_file))
    else:
        box = MailBoxUnencrypted(*where)
    try:
        if server.security == "starttls":
            box.client.starttls(_trust(server.ca_file))
        _log_in(box, server.user, server.password)
    except BaseException:
        with suppress(*TROUBLE):
            box.client.shutdown()
        raise
    return box


def _log_in(box: BaseMailBox, user: str, password: str) -> None:
    plain = f"{user}{password}"
    if plain.isascii() and plain.isprintable():
        box.login(user, password, initial_folder=None)
        return
    try:
        box.login_utf8(user, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise MailboxLoginError(("NO", [str(error)]), "OK") from None


def _trust(ca_file: str | None) -> ssl.SSLContext:
    """Has a server's certificate and the name in it looked at; raises Failed for a useless `ca_file`."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise failed(f"no certificates can be read from {ca_file}: {reason(error)}", "correct `ca_file`") from None


def _capabilities(box: BaseMailBox) -> set[str]:
    """What the server can do, asked again as most tell more to whom they know."""
    status, answer = box.client.capability()
    return set(one_line(answer).upper().split()) if status == "OK" else set()


def _told(box: BaseMailBox, what: str) -> str:
    """What the server told when the folder was chosen."""
    _, answer = box.client.response(what)
    return one_line([item for item in answer if item][-1:]) or "0"


def _messages(items: Sequence[bytes | tuple[bytes, bytes]]) -> dict[str, bytes | None]:
    """The bytes of each message of an answer, None where the server gave none."""
    found: dict[str, bytes | None] = {}
    raw: bytes | None = None
    for item in items:
        # The UID stands before the bytes or behind them, as the server likes.
        line, content = (item, None) if isinstance(item, bytes) else item
        raw = content if content is not None else raw
        uid = _UID.search(line)
        if uid and (raw is not None or b"BODY[]" in line):
            found[uid[1].decode()] = raw
        if uid or content is None:
            raw = None
    return found


def _groups(sizes: dict[str, int]) -> Iterator[list[str]]:
    """UIDs in order, as many at a time as may be held at once."""
    group, held = [], 0  # type: tuple[list[str], int]
    for uid, size in sizes.items():
        if group and held + size > BATCH_BYTES:
            yield group
            group, held = [], 0
        group.append(uid)
        held += size
    if group:
        yield group


def _part(text: str, safe: str = "") -> str:
    return quote(text, safe=safe)
