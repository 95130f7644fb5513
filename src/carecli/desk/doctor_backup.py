"""The doctor's look at backups: none yet, too old, gone; copies that migrations left (AUD-2)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carecli.desk.doctor_words import few, fine, minutes, quoted, since
from carecli.domain.backup import of_migrations
from carecli.domain.counting import counted
from carecli.domain.health import Finding, State
from carecli.domain.instants import iso

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.backup import Backup
    from carecli.domain.health import Pulse, Server

CHECK: Final = "backup"
LATE_AFTER_S: Final = 2 * 86_400
"""How old, in seconds, the last backup may be unless the config file says otherwise."""
TRUSTED_AFTER: Final = timedelta(days=30)
"""After how long nobody needs a database as it was before its migration."""

_DUMP: Final = "pg_dump -Fc by cron each day; care copy --to FILE makes one file of it all"
_BASE: Final = "pg_basebackup with archive_mode = on"
_MAKE: Final = "care backup DIR --keep 14; by cron each day, to another disk"


def findings(desk: Desk, pulse: Pulse) -> Iterator[Finding]:
    """How old the last backup is, and what else lies beside the database."""
    with desk.reading() as reading:
        last, server = next(iter(reading.backups(1)), None), reading.server()
    if server and not last:
        yield _of_server(desk, server)
    else:
        yield _last(desk, pulse, last)
    yield from _migrations(desk)


def _of_server(desk: Desk, server: Server) -> Finding:
    """What a server tells of its own: of dumps and base backups it knows nothing, and neither do we."""
    grave = State.WRONG if desk.config.backup_late_after_s else State.ADVICE
    archived = server.settings.get("archive_mode") != "off"
    if server.archive_failures:
        what = (
            f"the server's archive failed {counted(server.archive_failures, 'time')} since it last took something"
        )
        return Finding(CHECK, State.WRONG, what, "see archive_command, and the server's log")
    if archived and server.archived_at:
        what = f"the server's log is archived, last {iso(server.archived_at)}"
        return Finding(CHECK, State.ADVICE, f"{what}; whether there is a base backup it does not know", _BASE)
    followed = f"; it is followed by {counted(server.standbys, 'standby')}" if server.standbys else ""
    what = f"nobody knows of a backup of this desk: it is on a server, whose log is not archived{followed}"
    return Finding(CHECK, grave, what, f"{_DUMP}; or {_BASE}")


def _last(desk: Desk, pulse: Pulse, last: Backup | None) -> Finding:
    """Wrong is only what somebody has asked for by setting a limit: other desks may be copied by other means."""
    asked = desk.config.backup_late_after_s
    grave = State.WRONG if asked else State.ADVICE
    if last is None:
        return Finding(CHECK, grave, "no backup was ever made with `care backup`", _MAKE)
    again = _DUMP if desk.config.is_server else _MAKE
    ago = since(pulse, last.at) if last.at < pulse.now else "0m"
    what = f"the last backup was made {ago} ago: {last.path}"
    allowed = asked or LATE_AFTER_S
    if (pulse.now - last.at).total_seconds() > allowed:
        return Finding(CHECK, grave, f"{what}; it may be {minutes(allowed)} old", again)
    try:
        there = stat.S_ISREG(os.stat(last.path).st_mode)  # noqa: PTH116 - pathlib takes no answer for a missing one
    except PermissionError:  # somebody else's folder, or root's: whoever makes the backups may look
        return fine(CHECK, f"{what}, where we may not look")
    except OSError:
        there = False
    if not there:
        return Finding(CHECK, State.ADVICE, f"{what}, and is not there", f"unless it was moved: {again}")
    return fine(CHECK, what)


def _migrations(desk: Desk) -> Iterator[Finding]:
    if desk.config.is_server:
        return
    database = Path(desk.config.db).resolve()
    stem = database.name.removesuffix(database.suffix)
    names = of_migrations(stem, database.suffix, (path.name for path in database.parent.iterdir()))
    if not names:
        return
    copies = [database.with_name(name) for name in names]
    what = f"the database as it was before it came to a newer schema is kept: {few(names)}"
    young = any(desk.now.timestamp() - path.stat().st_mtime < TRUSTED_AFTER.total_seconds() for path in copies)
    if young:
        yield fine(CHECK, what)
    else:
        yield Finding(CHECK, State.ADVICE, what, f"rm {' '.join(quoted(str(path)) for path in copies)}")
