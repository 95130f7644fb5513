"""Fetching mail from where a mail server keeps it: taken in first, then marked, moved or deleted there (MAIL-6).

Whatever ends a run at any moment, no message is lost and none counts twice: it stays in its mailbox until the desk
has it for good, and what comes again is known by its bytes and its Message-ID (MAIL-2a).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from carecli.desk.mail import inbox
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.fetching import Fetched, Left
from carecli.errors import CareError, Failed, Invalid
from carecli.mail.sources import maildir
from carecli.mail.sources.protocol import Found

if TYPE_CHECKING:
    from carecli.config.mail import Imap
    from carecli.desk.desk import Desk
    from carecli.domain.inbox import Received
    from carecli.mail.sources.protocol import Mailbox, Source
    from carecli.mail.sources.server import Server


class After(StrEnum):
    """What becomes of a message in its mailbox once the desk has it."""

    KEEP = "keep"
    DELETE = "delete"


def fetch(desk: Desk, *, path: str | None = None, after: After | None = None, limit: int | None = None) -> Fetched:
    """Take in what is new in the configured mailbox or in the maildir at `path`; for admins and the system (DC-5).

    `after` beats what the configuration says, `limit` is how many messages at most. Raises Failed where the
    mailbox cannot be opened, DatabaseUnusable for a desk that was moved; what ends it later is told in the answer,
    beside what was taken in before.
    """
    access.require(desk.actor, Right.RUN_TIME)
    desk.require_working()
    with _mailbox(desk, path, after) as source:
        mail, left = [], []  # type: tuple[list[Received], list[Left]]
        try:
            _take(desk, source, limit, mail, left)
        except CareError as error:
            return Fetched(source.place, tuple(mail), tuple(left), error)
        return Fetched(source.place, tuple(mail), tuple(left))


def _take(desk: Desk, source: Source, limit: int | None, mail: list[Received], left: list[Left]) -> None:
    uids = source.uids()
    with desk.reading() as reading:
        known = reading.fetched(source.name, uids)
    # A run that ended between taking a message in and putting it away left that undone.
    left += source.taken([uid for uid in uids if uid in known])
    fresh = [uid for uid in uids if uid not in known]
    # Messages that have to be left do not count: they would keep out the others with every run.
    while fresh and (limit is None or len(mail) < limit):
        room = len(fresh) if limit is None else limit - len(mail)
        for batch in source.batches(fresh[:room]):
            left += [each for each in batch if isinstance(each, Left)]
            found = [each for each in batch if isinstance(each, Found)]
            if found:
                mail += _taken_in(desk, source, found)
                left += source.taken([each.uid for each in found])
        fresh = fresh[room:]
    if not mail:
        # Else whoever takes mail in looks at these as well: stored by a run that was cut short then.
        inbox.look_again(desk)


def _taken_in(desk: Desk, source: Source, found: Sequence[Found]) -> list[Received]:
    received = inbox.take_in(desk, [(each.raw, source.place) for each in found])
    with desk.store.write() as writing:
        writing.remember_fetched(source.name, [each.uid for each in found])
    return received


def _mailbox(desk: Desk, path: str | None, after: After | None) -> Mailbox:
    """The mailbox that is meant, still closed; raises Invalid where none is."""
    settings = desk.config.mail
    if path is not None:
        return _maildir(desk, Path(path), after)
    if settings.imap is None:
        raise Invalid(
            "no mailbox is configured to fetch from",
            hint="set [mail.imap] in the config file, or name a maildir: --maildir DIR",
            rule="MAIL-6",
        )
    # Imported here: whoever reads a maildir needs no IMAP client.
    from carecli.mail.sources import imap

    server = _server(settings.imap)
    return imap.opened(server._replace(after=after or server.after), max_bytes=settings.max_bytes)


def _maildir(desk: Desk, path: Path, after: After | None) -> Mailbox:
    if path.resolve() == Path(desk.config.maildir).resolve():
        raise Invalid(
            f"{path} is where the desk's own mail leaves by",
            hint="name the maildir that your mail server delivers to",
            rule="MAIL-6",
        )
    keep, delete = after is After.KEEP, after is After.DELETE
    return maildir.opened(str(path), max_bytes=desk.config.mail.max_bytes, keep=keep, delete=delete)


def probe(settings: Imap) -> Failed | None:
    """What keeps a mailbox from being read, None where nothing does; for `care doctor`."""
    from carecli.mail.sources import imap

    try:
        return imap.probe(_server(settings))
    except Failed as error:
        return error


def _server(settings: Imap) -> Server:
    """The IMAP server as the mail room takes it; raises Failed where nobody is named or a password is missing."""
    from carecli.mail.sources.server import Server

    login = settings.login
    if login is None:
        raise Failed(
            f"nobody is named to log in as at {settings.host}",
            hint="set `user` and `password_file` in [mail.imap] of the config file",
            rule="MAIL-6",
        )
    if settings.after.lower() == f"move:{settings.folder}".lower():
        raise Failed(
            f"`after` moves messages to {settings.folder}, where they are: they would come again with each run",
            hint="name another folder in [mail.imap] of the config file",
            rule="MAIL-6",
        )
    return Server(
        settings.host,
        login.user,
        login.password(),
        settings.port,
        settings.security,
        settings.folder,
        settings.timeout_s,
        settings.ca_file,
        settings.after,
    )
