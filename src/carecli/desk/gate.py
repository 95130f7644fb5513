"""The gate: what it refused is kept, and who may come by it stands in lines for sshd (DC-3)."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from carecli.desk.desk import Now, identified, open_desk
from carecli.domain import access, gate
from carecli.domain.access import Right
from carecli.domain.gate import BEGIN, END, Holder, Origin, Refusal
from carecli.domain.instants import whole_seconds
from carecli.domain.people import Contact, Staff
from carecli.errors import CareError, Invalid, NotPermitted

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading

PATIENCE_S: Final = 5.0
"""How long a refusal waits for somebody who writes; whoever is refused waits as long."""
EXPOSED_MAX: Final = 65_536
"""The most bytes that are read of what sshd tells of a login."""


def origin(actor: str, connection: str | None, authentication: str | None) -> Origin:
    """Who is at the gate, as sshd tells it in SSH_CONNECTION, and in the file that SSH_USER_AUTH names."""
    return Origin(actor, gate.client(connection), _exposed_key(authentication))


def _exposed_key(path: str | None) -> str | None:
    """The fingerprint of the key that was used, where sshd has `ExposeAuthInfo yes`."""
    if path is None:
        return None
    try:
        # Where sshd does not set it a careless AcceptEnv lets the client: no pipe to wait at, no device to wake.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with open(descriptor, encoding="ascii", errors="replace") as told:  # noqa: PTH123 - it is open
            return gate.key(told.read(EXPOSED_MAX)) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
    except (OSError, ValueError):
        return None


def require_known(config: Config, actor: str) -> None:
    """Raise NotPermitted for a key of somebody who may act no more, whatever is asked for."""
    with open_desk(config, actor=actor):
        return


def keep(config: Config, origin: Origin, line: str, reason: str, now: Now | None) -> None:
    """Keep a refusal, in the system's log and in the desk's; whoever was refused is told, whatever fails here."""
    refusal = Refusal(_moment(now), *origin, gate.told(line), gate.shown(reason))
    _tell_system(_told(refusal))
    # Imported here: nobody is refused who does nothing wrong.
    from carecli.store.opening import open_store

    with suppress(CareError, OSError):
        store = open_store(config.db, create=False, busy_s=PATIENCE_S)
        try:
            with store.write(patience_s=PATIENCE_S) as writing:
                writing.put_refusal(refusal, gate.KEPT_MOST)
        finally:
            store.close()


def _moment(now: Now | None) -> datetime:
    try:
        return whole_seconds(now("UTC") if now else datetime.now(UTC))
    except CareError:
        return whole_seconds(datetime.now(UTC))


def _told(refusal: Refusal) -> str:
    return f"refused {refusal.actor} from {refusal.client or 'here'}: {refusal.words!r}: {refusal.reason}"


def tell_fault(fault: Exception) -> None:
    """Write where the program failed to the system's log."""
    import traceback

    for part in traceback.format_exception(fault):
        for line in part.splitlines():
            # What somebody typed stands in faults too, and shall look like no refusal.
            _tell_system(f"fault: {gate.shown(line)}")


def _tell_system(line: str) -> None:
    import syslog

    # The facility that tells of logins, and is kept from everybody's eyes.
    syslog.openlog("care", syslog.LOG_PID, syslog.LOG_AUTH)
    syslog.syslog(syslog.LOG_NOTICE, f"gate: {line}")
    syslog.closelog()


def refusals(desk: Desk, limit: int) -> list[Refusal]:
    """What was refused, the newest first; for admins, as it tells who tried what."""
    access.require(desk.actor, Right.ADMINISTER)
    with desk.machinery() as reading:
        return reading.refusals(limit)


def holders(desk: Desk, program: Sequence[str], wanted: str | None = None) -> list[Holder]:
    """The keys of everybody who may act, by address, each with its line; for admins and `system`.

    `program` are the words that start this program. `wanted`, a key or its fingerprint, leaves that one's line
    alone. Raises Invalid for a path that no line can hold.
    """
    if desk.actor != access.SYSTEM_ACTOR:
        access.require(desk.actor, Right.ADMINISTER)
    placed = [*program, *desk.config.naming()]
    with desk.machinery() as reading:
        people = list(active(reading))
    found = [Holder(who.email, key, _line(placed, who.email, key)) for who in people for key in who.ssh_keys]
    if wanted is None:
        return found
    return [one for one in found if wanted in {one.key, one.key.partition(" ")[2], one.fingerprint}]


def active(reading: Reading) -> Iterator[Contact | Staff]:
    """Everybody with a key who may act, by address; keys that came with another desk's log are left out."""
    # Imported here, as below: who comes by the gate asks for nobody's key.
    from carecli.desk.directory.keys import brought

    theirs = brought(reading)
    people: list[Contact | Staff] = [*reading.contacts(), *reading.staff()]
    for who in sorted(people, key=lambda one: one.email):
        own = tuple(key for key in who.ssh_keys if (who.email, key) not in theirs)
        with suppress(NotPermitted):
            if own and identified(reading, who.email):
                yield who._replace(ssh_keys=own)


def _line(placed: Sequence[str], email: str, key: str) -> str:
    """A line of authorized_keys, which nothing in a path, an address or a key breaks out of."""
    from carecli.domain import ssh_key

    # With a leading hyphen an address would be an option.
    actor = [f"--as={email}"] if email.startswith("-") else ["--as", email]
    words = [*placed, "gate", *actor]
    for word in words:
        # sshd knows no escape but that of a quotation mark, and some shells read a backslash within quotes.
        if not word.isprintable() or set(word) & set('"\\'):
            raise Invalid(
                f"no line of authorized_keys can hold {word[:80]!r}", hint='choose a path without " and \\'
            )
    if not ssh_key.is_sound(key):
        raise Invalid(f"a key of {email} is none", hint="`care verify` looks; --no-ssh-keys takes it away")
    # A quotation mark for one within a word would end the command in the midst of it: o'brien@abc.example.
    command = shlex.join(words).replace('"', '\\"')
    return f'restrict,command="{command}" {key} {email}'


def authorized(found: Sequence[Holder], before: str = "") -> str:
    """A file of authorized keys: what stood there `before` outside of our marks, then our lines between them.

    Raises Invalid where a mark has lost its other one, and nobody can tell whose a line is.
    """
    head, begin, rest = before.partition(f"{BEGIN}\n")
    _, end, tail = rest.partition(f"{END}\n")
    if bool(begin) != bool(end) or (not begin and END in before):
        raise Invalid("one of the marks around care's own keys is gone", hint=f"put it back: {BEGIN} ... {END}")
    gap = "\n" if head and not head.endswith("\n") else ""
    return "\n".join([f"{head}{gap}{BEGIN}", *(one.line for one in found), END]) + f"\n{tail}"


def install(path: str, found: Sequence[Holder]) -> None:
    """Write our lines into a file of authorized keys, whole or not at all; raises Invalid or Failed."""
    from pathlib import Path

    from carecli.desk import exporting

    place = Path(path).expanduser()
    try:
        before = place.read_text("utf-8", "surrogateescape") if place.exists() else ""
    except OSError as error:
        raise Invalid(f"cannot read {path}: {error.strerror}", hint="check the path and its permissions") from None
    text = authorized(found, before)
    with exporting.written(path) as out:
        out.write(text.encode("utf-8", "surrogateescape"))
