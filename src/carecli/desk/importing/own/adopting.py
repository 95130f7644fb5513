"""Another desk's whole log adopted by a record that has none: an equal record, hashes included (IMP-1).

All of it happens in one transaction: whatever comes between leaves the database as it was, and a second try begins
again. Before it is kept, everything derived is held against the events as `care verify` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from carecli.desk import indexing
from carecli.desk.importing.own.log import NO_DIGEST, Entry, broken, follows, same
from carecli.desk.told_desk import UNREADABLE
from carecli.desk.verify import differences
from carecli.domain import advisory, attachment, deadlines, knowledge
from carecli.domain.adoption_report import AdoptionReport
from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.external import references
from carecli.domain.folding import evolve
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.vocabulary import Role, Via
from carecli.errors import CareError, Failed, Refused
from carecli.store.entries import LastTick
from carecli.store.entries_opening import AlertGroup
from carecli.store.trouble import UNSTORABLE

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.rulebook import Rulebook
    from carecli.domain.attachment import Attachment
    from carecli.store.protocol import Reading, Writing

Data = Mapping[str, Any]

BATCH = 2000
"""How many events are folded at once."""

SETTING_UP = frozenset({Kind.DESK_SET_UP, Kind.DOCUMENT_ADDED, Kind.STAFF_ADDED, Kind.STAFF_CHANGED})
"""What `care init` records; where there is nothing else, another desk's log may take its place."""

_MOST_SET_UP = 100


def is_bare(reading: Reading) -> bool:
    """Whether a record holds nothing, or nothing but what `care init` made: one admin, a policy, settings."""
    if reading.log_length() > _MOST_SET_UP or len(reading.staff()) > 1:
        return False
    return all(entry.number is None and entry.event.kind in SETTING_UP for entry in reading.events())


@dataclass(slots=True)
class _Told:
    """What has been told so far."""

    events: int = 0
    cases: int = 0
    last_number: int = 0
    digest: str = ""
    proved: bool = False
    ticked_at: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)


def adopt(
    writing: Writing,
    rulebook: Rulebook,
    told: Iterable[Entry],
    *,
    at: datetime,
    dry_run: bool,
    progress: Callable[[int], None],
) -> AdoptionReport:
    """Write a log and all that follows from it in place of a set-up; the transaction is the caller's to keep.

    Raises Invalid and Refused, which name the line, and Failed where what was written is not as the events say.
    """
    writing.forget_set_up()
    so_far, each = _Told(), iter(told)
    while batch := list(islice(each, BATCH)):
        _take_in(writing, rulebook, batch, so_far)
        progress(batch[-1].line)
    if not so_far.events:
        raise Refused("there is no event in it", hint="`care log --all --format jsonl` writes them", rule="IMP-1")
    _settle(writing, so_far, at)
    _require_sound(writing, rulebook)
    return _report(writing, so_far, dry_run=dry_run)


def _take_in(writing: Writing, rulebook: Rulebook, batch: Sequence[Entry], so_far: _Told) -> None:
    if not so_far.events:
        so_far.proved = batch[0].digest != NO_DIGEST
    try:
        recorded = _append(writing, batch, so_far)
        _fold(writing, rulebook, batch, recorded, so_far)
    except CareError:
        raise
    except (*UNREADABLE, *UNSTORABLE) as error:
        # What a value is not is found out only where it is stored, and many are at once.
        last = f" (or one of those up to {batch[-1].line:,})" if len(batch) > 1 else ""
        raise broken(batch[0].line, f"what it tells{last} cannot be: {str(error)[:200]}") from error
    so_far.events += len(recorded)
    so_far.digest = recorded[-1].digest


def _append(writing: Writing, batch: Sequence[Entry], so_far: _Told) -> Sequence[Recorded]:
    """Write the events of a batch, each held against its line, and what they tell of the desk."""
    recorded = writing.append_all((entry.number, entry.event) for entry in batch)
    for entry, kept in zip(batch, recorded, strict=True):
        follows(entry, kept.seq)
        same(entry, kept.digest if so_far.proved else NO_DIGEST)
        with _named(entry):
            _tell_desk(writing, kept, so_far)
    return recorded


class _named:  # noqa: N801 - reads as a verb where it is used
    """Tells by its line whatever an event that cannot be ends in."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, (*UNREADABLE, *UNSTORABLE)):
            why = error.message if isinstance(error, CareError) else f"{type(error).__name__}: {error}"
            raise broken(self.entry.line, f"this event cannot be: {why[:200]}") from error


def _tell_desk(writing: Writing, kept: Recorded, so_far: _Told) -> None:
    """What an event tells of the desk itself, its people, policies, articles and advisories."""
    event, data = kept.event, kept.event.data
    if event.via is Via.TICK:
        so_far.ticked_at = max(so_far.ticked_at or event.at, event.at)
    if kept.number is not None:
        return
    if event.kind in _PUT:
        _PUT[event.kind](writing, data)
    elif advisory.concerned(event):
        writing.tell_advisory(event)
    elif event.kind in knowledge.TOLD:
        writing.tell_article(event)


def _put_account(writing: Writing, data: Data) -> None:
    writing.put_account(Account.from_document(data))


def _put_contact(writing: Writing, data: Data) -> None:
    writing.put_contact(Contact.from_document(data))


def _put_staff(writing: Writing, data: Data) -> None:
    writing.put_staff(Staff.from_document(data))


def _put_settings(writing: Writing, data: Data) -> None:
    writing.put_settings(DeskSettings.from_document(data))


def _put_document(writing: Writing, data: Data) -> None:
    digest, _ = writing.put_document(data["kind"], data["document"])
    if digest != data["digest"]:
        raise ValueError(f"the {data['kind']} is not what its content hash says")


_PUT: Final[Mapping[Kind, Callable[[Writing, Data], None]]] = {
    Kind.ACCOUNT_ADDED: _put_account,
    Kind.ACCOUNT_CHANGED: _put_account,
    Kind.CONTACT_ADDED: _put_contact,
    Kind.CONTACT_CHANGED: _put_contact,
    Kind.STAFF_ADDED: _put_staff,
    Kind.STAFF_CHANGED: _put_staff,
    Kind.DOCUMENT_ADDED: _put_document,
    Kind.DESK_SET_UP: _put_settings,
}


def _fold(
    writing: Writing, rulebook: Rulebook, batch: Sequence[Entry], recorded: Sequence[Recorded], so_far: _Told
) -> None:
    """The cases after a batch of events, and everything derived from them."""
    numbers = {entry.number for entry in batch if entry.number is not None}
    cases = {case.number: case for case in writing.cases(sorted(numbers))}
    files: dict[int, list[Recorded]] = {}
    for entry, kept in zip(batch, recorded, strict=True):
        if entry.number is None:
            continue
        with _named(entry):
            cases[entry.number] = case = _evolved(writing, rulebook, cases.get(entry.number), kept)
            _remember(writing, case, kept.event, so_far)
            for text in indexing.texts(case, [kept.event]):
                writing.index(text)
        if attachment.concerns(kept.event):
            files.setdefault(entry.number, []).append(kept)
    writing.save_all([*cases.values()], (timer for case in cases.values() for timer in deadlines.timers(case)))
    for number, told in files.items():
        known: tuple[Attachment, ...] = reduce(attachment.after, told, tuple(writing.attachments(number)))
        writing.put_attachments(number, known)


def _evolved(writing: Writing, rulebook: Rulebook, case: Case | None, kept: Recorded) -> Case:
    event = kept.event
    if (case is None) != (event.kind is Kind.OPENED):
        raise ValueError("a case begins with its opening, and has one")
    if case is None and event.data["number"] != kept.number:
        raise ValueError(f"the opening is that of case {event.data['number']}")
    if case is None or event.kind is Kind.REBASED:
        return evolve(case, event, rulebook.rules(writing, event.data["policy"], event.data["calendar"]))
    return evolve(case, event, rulebook.of(writing, case))


def _remember(writing: Writing, case: Case, event: Event, so_far: _Told) -> None:
    """What is known by its case: alert groups, and the references of cases that were imported (OPEN-12, IMP-1)."""
    if event.kind is Kind.OPENED:
        so_far.cases += 1
        so_far.last_number = max(so_far.last_number, case.number)
        for reference in references(event):
            writing.remember_external(reference, case.number)
    if event.via is Via.MONITORING and event.kind in {Kind.OPENED, Kind.COMMENTED}:
        alert = event.data.get("alert") or event.data.get("intake", {}).get("alert")
        if alert:
            writing.put_alert_group(str(alert["group"]), AlertGroup(case.number, alert["firing"]))


def _settle(writing: Writing, so_far: _Told, at: datetime) -> None:
    """What no event tells: the counter of numbers, up to where the mails are elsewhere, when time last acted."""
    writing.put_last_number(so_far.last_number)
    writing.put_adopted(so_far.events, so_far.digest, at)
    if so_far.ticked_at:
        writing.put_last_tick(LastTick(so_far.ticked_at, so_far.events))


def _require_sound(writing: Writing, rulebook: Rulebook) -> None:
    fault = next(differences(writing, rulebook), None)
    if fault:
        which = f"case {fault.number}" if fault.number else fault.name or "the desk"
        raise Failed(
            f"what was written is not as the events say: {fault.part} of {which} {fault.what}; nothing was kept",
            hint="`care verify` at the desk that wrote the log tells whether it is sound there",
            rule="AUD-1",
        )


def _report(writing: Writing, so_far: _Told, *, dry_run: bool) -> AdoptionReport:
    staff = writing.staff()
    return AdoptionReport(
        events=so_far.events,
        cases=so_far.cases,
        accounts=len(writing.accounts()),
        contacts=len(writing.contacts()),
        staff=len(staff),
        articles=writing.article_count(public=False),
        advisories=len(writing.advisories("")),
        files=len(writing.blobs_told()),
        proved=so_far.proved,
        digest=so_far.digest,
        admins=tuple(one.email for one in staff if one.active and one.role is Role.ADMIN),
        dry_run=dry_run,
    )
