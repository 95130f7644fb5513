"""Files added to a case by themselves, and what is said of them afterwards (ATT-1, ATT-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carecli.desk import parties
from carecli.desk.attachments import taking
from carecli.desk.reading import known_files, view
from carecli.domain import attaching
from carecli.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from carecli.desk.attachments.taking import Files
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.attachment import Attachment
    from carecli.domain.case import Case
    from carecli.domain.events import Event
    from carecli.domain.views import CaseView
    from carecli.domain.vocabulary import Via


class Caller(NamedTuple):
    """Whose act staff log: who called, through which channel, with which PIN."""

    via: Via | None = None
    contact: str | None = None
    pin: str | None = None


class Added(NamedTuple):
    """A case and the files that it has been given, or of which something was said."""

    view: CaseView
    files: tuple[Attachment, ...]


def add(
    desk: Desk,
    number: int,
    files: Files,
    *,
    text: str | None = None,
    internal: bool = False,
    caller: Caller = Caller(),  # noqa: B008 - a value that nobody changes
) -> Added:
    """Attach files: a contact's answer a request as an update does; `internal` ones are staff's alone (STAT-3)."""
    if internal and any(caller):
        raise Invalid("a caller's files are no internal ones", hint="leave --internal out", rule="UPD-1")

    def decide(record: Record, case: Case, told: Sequence[dict[str, Any]] = ()) -> Event:
        act = parties.staff_act(record) if internal else parties.either_act(record, case, *caller)
        return attaching.attached(case, told, text, act, record.now, internal=internal)

    staged = taking.staged_for(desk, number, decide, files)
    desk = taking.afterwards(desk, files.how)
    with desk.record() as record:
        case = record.case(number)
        told = taking.documents(record, case, staged, public=not internal)
        after = record.append(case, decide(record, case, told))
        ids = {file["id"] for file in told}
        added = [file for file in record.writing.attachments(number) if file.id in ids]
        return Added(view(desk, record.writing, after), tuple(added))


def confirm(
    desk: Desk,
    number: int,
    which: str,
    *,
    caller: Caller = Caller(),  # noqa: B008 - a value that nobody changes
) -> Added:
    """Keep somebody's word that a file, one that came by mail for example, holds no customer data (ATT-2)."""
    with desk.record() as record:
        case = record.case(number)
        act = parties.either_act(record, case, *caller)
        known = known_files(desk, record.writing.attachments(number))
        # Whoever calls knows of no internal file, whoever logs the call.
        told = [file for file in known if file.public or act.logged_by is None]
        file = attaching.chosen(told, which, number)
        after = record.append(case, attaching.confirmed(case, file, act, desk.now))
        changed = [each for each in record.writing.attachments(number) if each.id == file.id]
        return Added(view(desk, record.writing, after), tuple(changed))
