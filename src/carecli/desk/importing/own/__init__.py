"""Bringing in our own event form, JSON lines of `care log --all --format jsonl` (IMP-1).

Into a database that has no history the log is written as it stands, and the record is the same, hashes included.
At a desk with a history of its own the cases are told again by its rules, under its own numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from carecli.config import Config
from carecli.desk.desk import Desk, Now, open_desk
from carecli.desk.importing import require_sla
from carecli.desk.importing.own import adopting
from carecli.desk.importing.own.log import entries
from carecli.desk.importing.reading import opened
from carecli.desk.rulebook import Rulebook
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.adoption_report import AdoptionReport
from carecli.domain.import_report import ImportReport
from carecli.domain.instants import whole_seconds
from carecli.errors import Invalid, Refused

if TYPE_CHECKING:
    from carecli.store.protocol import Store

Progress = Callable[[int], None]


class _Unkept(Exception):
    """Ends a trial's transaction."""


def bring_in(
    config: Config,
    path: str,
    *,
    now: Now | None,
    sla: str,
    dry_run: bool,
    progress: Progress,
    copies: bool = False,
) -> AdoptionReport | ImportReport:
    """Bring in a log: whole where this database has none, else case by case; `progress` hears up to which line.

    A database that is missing or was never set up is anybody's to make, as with `care init`; any other needs an
    admin. A desk's own log is for `copies` alone. Raises Invalid, Refused, NotPermitted, Failed.
    """
    require_sla(sla)
    set_up = _is_set_up(config.db)
    if set_up:
        # Before a byte is read: what comes through a pipe is put aside, and might have no end.
        with open_desk(config, actor=config.actor, now=now) as desk:
            access.require(desk.actor, Right.ADMINISTER)
    with opened(path) as file:
        if not set_up:
            _require_as_it_stands(sla)
            return _into_nothing(config, file, now, dry_run=dry_run, progress=progress)
        with open_desk(config, actor=config.actor, now=now) as desk:
            access.require(desk.actor, Right.ADMINISTER)
            with desk.store.read() as reading:
                bare = adopting.is_bare(reading)
            if bare:
                _require_as_it_stands(sla)
                return _adopted(desk.store, file, desk.now, dry_run=dry_run, progress=progress)
            return _again(desk, file, sla=sla, dry_run=dry_run, copies=copies, progress=progress)


def _require_as_it_stands(sla: str) -> None:
    if sla != "opened":
        raise Invalid(
            f"--sla {sla} is for cases that are told again",
            hint="this database has no history, so the log is written as it stands: leave --sla out",
            rule="IMP-1",
        )


def _again(
    desk: Desk, file: BinaryIO, *, sla: str, dry_run: bool, copies: bool, progress: Progress
) -> ImportReport:
    # Imported here: a database that is empty needs none of it.
    from carecli.desk.importing.own import replaying

    return replaying.replay_log(desk, file, sla=sla, dry_run=dry_run, copies=copies, progress=progress)


def _is_set_up(path: str) -> bool:
    """Whether there is a desk; raises DatabaseUnusable for a file that is no database of ours."""
    from carecli.store.opening import is_current, is_server, is_there, open_store

    # Where there is none yet, nothing is made for a look.
    if not is_there(path) or (is_server(path) and not is_current(path)):
        return False
    store = open_store(path, create=True)
    try:
        with store.read() as reading:
            return reading.log_length() > 0
    finally:
        store.close()


def _into_nothing(
    config: Config, file: BinaryIO, now: Now | None, *, dry_run: bool, progress: Progress
) -> AdoptionReport:
    from carecli.store.opening import open_store

    moment = whole_seconds(now("UTC") if now else datetime.now(UTC))
    if dry_run:
        store: Store = open_store(":memory:")
        try:
            return _adopted(store, file, moment, dry_run=True, progress=progress)
        finally:
            store.close()
    with nullcontext() if config.is_server else _taken_back(Path(config.db)):
        store = open_store(config.db, create=True)
        try:
            return _adopted(store, file, moment, dry_run=False, progress=progress)
        finally:
            store.close()


@contextmanager
def _taken_back(path: Path) -> Iterator[None]:
    """Leave no empty database behind where one was made for nothing."""
    there = path.exists() and path.stat().st_size > 0
    try:
        yield
    except BaseException:
        if not there:
            for name in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
                name.unlink(missing_ok=True)
        raise


def _adopted(store: Store, file: BinaryIO, at: datetime, *, dry_run: bool, progress: Progress) -> AdoptionReport:
    try:
        with store.write() as writing:
            # Looked at again, as now nobody else can write.
            if not adopting.is_bare(writing):
                raise Refused("somebody has begun to work here meanwhile", hint="try again", rule="IMP-1")
            told = entries(file)
            report = adopting.adopt(writing, Rulebook(), told, at=at, dry_run=dry_run, progress=progress)
            if dry_run:
                raise _Unkept
    except _Unkept:
        pass
    return report
