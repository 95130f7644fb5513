"""Files on their way to a case: taken in and looked through first, and then attached (ATT-1, ATT-2).

Bytes are never streamed within a transaction: nobody waits for the lock of the database meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.desk.blobs import blobs_of
from carecli.desk.desk import identified
from carecli.domain import attaching
from carecli.domain.access import Act
from carecli.domain.attaching import Staged, Unsanitised
from carecli.domain.attachment import Sanitised
from carecli.domain.filenames import marked, safe
from carecli.domain.instants import whole_seconds
from carecli.domain.sanitising import Scan
from carecli.domain.vocabulary import Visibility
from carecli.errors import Failed, Invalid, NotPermitted, Refused
from carecli.files import sources
from carecli.files.blobs import Blobs, Draft
from carecli.files.media import media_type

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.domain.events import Event
    from carecli.domain.policy import AttachmentPolicy
    from carecli.files.scanning import Marks
    from carecli.files.sources import Source

Advance = Callable[[int], None]
"""Hears how many bytes are done by now."""

Watch = Callable[[str, int | None], AbstractContextManager[Advance]]
"""Shows how far work on a file has come: what is done to it, and how many bytes it has, where that is known."""

REDACTED: Final = "redacted"


class Choice(StrEnum):
    """What somebody wants done with a file in which customer data was found (ATT-2)."""

    REDACT = "redact"
    CONFIRM = "confirm"


class Handling(NamedTuple):
    """How files are taken in: `redact` and `confirm` answer for their content beforehand (ATT-2).

    Else `decide` is asked about what was found, and without it the file is refused. `clock` tells what time it is
    once the bytes are in; without it that is the desk's now.
    """

    redact: bool = False
    confirm: bool = False
    name: str | None = None
    decide: Callable[[str, Scan], Choice | None] | None = None
    watch: Watch = lambda _what, _size: nullcontext(lambda _done: None)
    clock: Callable[[], datetime] | None = None
    elsewhere: bool = False
    """Whether they come from another machine: then a path names nothing here, in whatever it was written."""


class Files(NamedTuple):
    """Files to be attached, by their paths, and how they are taken in."""

    paths: tuple[str, ...]
    how: Handling


def stage(desk: Desk, paths: Sequence[str], how: Handling) -> tuple[Staged, ...]:
    """Take in files, look through them, and keep their bytes in the desk's folder; they are on no case yet.

    Raises Refused where one is too large (ATT-1) or seems to hold customer data (ATT-2), Invalid for what cannot
    be read. All are kept, or none.
    """
    _check(desk, paths, how)
    bounds = policy(desk)
    attaching.require_room((), len(paths), bounds, None, public=True)
    blobs = blobs_of(desk.config)
    with ExitStack() as drafts:
        intake = _Intake(desk, blobs, bounds, how, drafts, cache(_marks))
        judged = [intake.staged(path) for path in paths]
        for draft, _ in judged:
            draft.keep()
    return tuple(file for _, file in judged)


def staged_for(
    desk: Desk, number: int, decide: Callable[[Record, Case], Event], files: Files
) -> tuple[Staged, ...]:
    """Take in files that come with what `decide` makes of a case, having seen first that it may be made."""
    with desk.trial() as record:
        event = decide(record, record.case(number))
        known = record.writing.attachments(number)
        attaching.require_room(known, len(files.paths), record.policy().attachments, number, public=event.public)
    return stage(desk, files.paths, files.how)


def afterwards(desk: Desk, how: Handling) -> Desk:
    """The desk once files have been taken in: a pipe may last for hours, and others have acted since (SLA-4).

    Raises NotPermitted for somebody who may act no more by then (ACC-4).
    """
    with desk.machinery() as reading:
        desk = desk.acting(identified(reading, desk.actor.email))
    return desk.at(whole_seconds(how.clock())) if how.clock else desk


def attach(
    record: Record, case: Case, staged: Sequence[Staged], act: Act, visibility: Visibility = Visibility.PUBLIC
) -> Case:
    """Attach files that come with the event before: an opening, an update, a reopening."""
    files = documents(record, case, staged, public=visibility is Visibility.PUBLIC)
    return record.append(case, attaching.accompanying(files, act, record.now, visibility))


def documents(record: Record, case: Case, staged: Sequence[Staged], *, public: bool) -> list[dict[str, Any]]:
    """Files as the event tells of them; raises Refused for too many, Failed where their bytes are gone."""
    known = record.writing.attachments(case.number)
    attaching.require_room(known, len(staged), record.policy().attachments, case.number, public=public)
    blobs = blobs_of(record.config)
    for file in staged:
        # Whoever tidies does so in a transaction, so that what is there now stays.
        if blobs.size(file.sha256) != file.size:
            raise Failed(f"the bytes of {file.name} are gone", hint="attach it again", rule="ATT-1")
    return attaching.documents(known, staged, public=public)


def _marks() -> Marks:
    from carecli.desk.attachments import sanitising

    return sanitising.marks()


def _check(desk: Desk, paths: Sequence[str], how: Handling) -> None:
    if how.redact and how.confirm:
        raise Invalid("--redact and --confirm-sanitized exclude each other", hint="give one of them", rule="ATT-2")
    if how.elsewhere and any(path != sources.STANDARD_INPUT for path in paths):
        raise NotPermitted("a file of this machine cannot be attached over SSH", hint="send it: --attach - < FILE")
    if how.name is not None and len(paths) != 1:
        raise Invalid("--name is for one file", hint="attach files that need a name one by one")
    if list(paths).count(sources.STANDARD_INPUT) > 1:
        raise Invalid("standard input is one file", hint="give - once")
    for path in paths:
        sources.check(path)
        require_apart(desk, path)


def require_apart(desk: Desk, path: str) -> None:
    """Refuse the desk's own database: to close it by ourselves would let go of SQLite's locks on it (POSIX)."""
    if path != sources.STANDARD_INPUT and blobs_of(desk.config).own(sources.located(path)):
        hint = "`care backup FILE` makes a copy of it"
        raise Invalid(f"{path} is the desk's own database, which cannot be attached to itself", hint=hint)


def policy(desk: Desk) -> AttachmentPolicy:
    """What the policy in force says of files (ATT-1, ATT-2)."""
    with desk.reading() as reading:
        return desk.rulebook.in_force(reading, desk.settings).attachments


class _Intake(NamedTuple):
    """What taking in a file needs to know; drafts are dropped when the stack of them ends."""

    desk: Desk
    blobs: Blobs
    policy: AttachmentPolicy
    how: Handling
    drafts: ExitStack
    marks: Callable[[], Marks]

    def staged(self, path: str) -> tuple[Draft, Staged]:
        """A file taken in and looked through, or a refusal."""
        with sources.opened(path) as source:
            name = self._name(safe(self.how.name or source.name))
            draft = self.drafts.enter_context(self.blobs.draft())
            self._take(draft, source)
        if self.how.confirm:
            return draft, self._file(name, draft, Sanitised.CONFIRMED)
        return self._redacted(name, draft) if self.how.redact else self._judged(name, draft)

    def _name(self, name: str) -> str:
        """The name as it may be shown; raises Refused where it seems to hold customer data itself (ATT-2)."""
        if self.how.confirm:
            return name
        from carecli.desk.attachments import sanitising

        scan = sanitising.in_name(self.desk, name)
        if not scan.found:
            return name
        choice = Choice.REDACT if self.how.redact else self._decided(f"the name {name}", scan)
        if choice is Choice.CONFIRM:
            return name
        changed = sanitising.name_redacted(self.desk, name, self.marks()) if choice is Choice.REDACT else name
        left = sanitising.in_name(self.desk, changed)
        if left.found:
            raise Unsanitised(changed, left, in_name=True)
        return changed

    def _decided(self, what: str, scan: Scan) -> Choice | None:
        return self.how.decide(what, scan) if self.how.decide else None

    def _take(self, draft: Draft, source: Source) -> None:
        most = self.policy.size_max
        if source.size is not None and source.size > most:
            raise self._too_large(source)
        with self.how.watch(f"Reading {source.told}", source.size) as advance:
            if source.size is None:
                draft.take(source.stream, most + 1, advance)
            else:
                # Of a file that grows meanwhile what was there at first: a log may grow faster than it is read.
                draft.clone(source.stream, source.size, advance)
        if draft.copied.size > most:
            raise self._too_large(source)
        sources.require_whole(source, draft.copied.size)

    def _too_large(self, source: Source) -> Refused:
        size = f" ({source.size:,} bytes)" if source.size is not None else ""
        return Refused(
            f"{source.told} is too large{size}: {self.policy.size_max_mib:,} MiB is the most",
            hint="cut out the time in question, or compress it",
            rule="ATT-1",
        )

    def _judged(self, name: str, draft: Draft) -> tuple[Draft, Staged]:
        scan = self._scan(name, draft, self.policy.scan_max)
        if not scan.found:
            return draft, self._file(name, draft, attaching.sanitised(scan), scan)
        choice = self._decided(name, scan)
        if choice is Choice.CONFIRM:
            return draft, self._file(name, draft, Sanitised.CONFIRMED, scan)
        if choice is Choice.REDACT:
            return self._redacted(name, draft)
        raise Unsanitised(name, scan)

    def _scan(self, name: str, draft: Draft, limit: int) -> Scan:
        from carecli.desk.attachments import sanitising

        watched = self.how.watch(f"Looking through {name}", min(limit, draft.copied.size))
        with watched as advance, draft.reading() as stream:
            return sanitising.scanned(self.desk, name, stream, limit, advance)

    def _redacted(self, name: str, draft: Draft) -> tuple[Draft, Staged]:
        """A copy without what was found, proved by looking through it again; the file itself where nothing was."""
        from carecli.desk.attachments import sanitising

        copy = self.drafts.enter_context(self.blobs.draft())
        watched = self.how.watch(f"Redacting {name}", draft.copied.size)
        with watched as advance, draft.reading() as stream, copy.writing() as out:
            replaced = sanitising.redacted(
                self.desk, name, stream, out, self.policy.size_max, self.marks(), advance
            )
        if not replaced.found:
            return draft, self._file(name, draft, attaching.sanitised(replaced), replaced)
        left = self._scan(name, copy, sanitising.WHOLE)
        if left.found:
            raise Unsanitised(marked(name, REDACTED), left)
        proved = left._replace(found=replaced.found)
        return copy, self._file(marked(name, REDACTED), copy, Sanitised.REDACTED, proved)

    def _file(self, name: str, draft: Draft, sanitised: Sanitised, scan: Scan | None = None) -> Staged:
        kind = media_type(name, text=scan is not None and scan.text)
        file = Staged(name, kind, *draft.copied, sanitised)
        if scan is None:
            return file
        # Of what is a binary as a whole, nothing is left to be named.
        unscanned = scan.unscanned if scan.text else ()
        return file._replace(scanned=scan.scanned, findings=scan.found, unscanned=unscanned)
