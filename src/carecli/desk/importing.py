"""Bringing in the cases of another desk, with their people, in bounded transactions (IMP-1)."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from carecli.desk import calendars, retelling
from carecli.desk.desk import Desk
from carecli.desk.directory import keep_staff
from carecli.desk.intake import policy_digest, unknown_account
from carecli.desk.names import account_name
from carecli.desk.record import Record
from carecli.desk.retelling import Tale
from carecli.desk.servicenow import RefusedRow, Row, address, rows
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.calendar import find_zone
from carecli.domain.events import Kind
from carecli.domain.import_report import ImportReport
from carecli.domain.opening import Place
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.vocabulary import Access, Plan, Role
from carecli.errors import Invalid

BATCH = 100
"""How many incidents one transaction takes in."""

BLOCK = 1 << 20
SOURCES = ("servicenow",)
SLA_FROM = ("opened", "now", "none")


@dataclass(slots=True)
class Count:
    """What has been brought in so far."""

    cases: int = 0
    known: int = 0
    events: int = 0
    breaches: int = 0
    contacts: int = 0
    staff: int = 0
    accounts: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    shifted: list[int] = field(default_factory=list)


class Task(NamedTuple):
    """What is asked of an import: for which account, with which clocks, and who hears of the progress."""

    account: str
    sla: str
    counted: Count
    progress: Callable[[int], None]


def import_file(
    desk: Desk,
    path: str,
    *,
    source: str,
    account: str | None,
    timezone: str | None = None,
    sla: str = "opened",
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Bring in a log of incidents; `progress` hears up to which line; `dry_run` keeps nothing."""
    access.require(desk.actor, Right.ADMINISTER)
    _check(source, sla, account)
    zone = timezone or desk.settings.calendar.timezone or "UTC"
    find_zone(zone)
    counted = Count()
    with _lines(path) as lines:
        incidents = _incidents(rows(lines, zone, desk.now), counted)
        task = Task(account_name(str(account)), sla, counted, progress)
        if dry_run:
            with desk.trial(notices=False) as record:
                _take_in(record, incidents, task)
        else:
            while batch := list(islice(incidents, BATCH)):
                with desk.record(notices=False) as record:
                    _take_in(record, batch, task)
    return _report(counted, dry_run=dry_run)


def _check(source: str, sla: str, account: str | None) -> None:
    if source not in SOURCES:
        raise Invalid(f"cannot import from {source!r}", hint=f"--from {'|'.join(SOURCES)}", rule="IMP-1")
    if sla not in SLA_FROM:
        raise Invalid(f"--sla cannot be {sla!r}", hint=f"choose from: {', '.join(SLA_FROM)}", rule="IMP-1")
    if not account:
        raise Invalid("the cases need an account", hint="--account NAME; it is made if missing", rule="IMP-1")


def length(path: str) -> int | None:
    """How many lines there are to read; None where that cannot be told beforehand."""
    if path == "-" or not Path(path).is_file():
        return None
    with suppress(OSError), Path(path).open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    return None


@contextmanager
def _lines(path: str) -> Iterator[Iterable[str]]:
    if path == "-":
        # Like a file, whatever the terminal's encoding is: what is no UTF-8 is replaced, not refused.
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            yield file
    except OSError as error:
        raise Invalid(f"cannot read {path}: {error.strerror}", hint="check the file's name") from error


def _incidents(read: Iterable[Row | RefusedRow], counted: Count) -> Iterator[list[Row]]:
    """The rows of one incident after another; a row that cannot be taken is noted by its line."""

    def taken() -> Iterator[Row]:
        for row in read:
            if isinstance(row, RefusedRow):
                counted.refused.append((row.line, row.why))
            else:
                yield row

    for _, group in groupby(taken(), key=lambda row: row.incident):
        yield list(group)


def _take_in(record: Record, incidents: Iterable[list[Row]], task: Task) -> None:
    home = _home(record, task.account, task.counted)
    for incident in incidents:
        _take_in_one(record, [_at_home(record, row, home) for row in incident], home, task.sla, task.counted)
        task.progress(incident[-1].line)


def _at_home(record: Record, row: Row, home: Account) -> Row:
    """The row with a caller of this account: a label known at another one stands for somebody else (DC-3)."""
    known = record.writing.contact(row.caller)
    if known is None or known.account == home.name:
        return row
    return row._replace(caller=address(f"{row.caller.partition('@')[0]} {home.name}", "caller"))


def _home(record: Record, name: str, counted: Count) -> Account:
    clean = account_name(name)
    known = record.writing.account(clean)
    if known and not known.active:
        raise unknown_account(name)
    if known:
        return known
    account = Account(clean, Plan.BUSINESS_CARE)
    record.writing.put_account(account)
    record.desk_event(Kind.ACCOUNT_ADDED, account.document())
    counted.accounts = 1
    return account


def _take_in_one(record: Record, incident: list[Row], home: Account, sla: str, counted: Count) -> None:
    number = record.writing.external(_reference(home, incident[0]))
    if number is None:
        tale, new = _new_case(record, incident, home, sla), incident[1:]
        retelling.tell(tale, incident[0], first=True)
        counted.cases += 1
    else:
        tale, new = _known_case(record, number, incident)
        counted.known += 1
    for row in new:
        retelling.tell(tale, row)
    if number is None or new:
        retelling.finished(tale, record.now, sla if number is None else "opened")
        _keep(record, tale, incident, home, counted)


def _reference(home: Account, row: Row) -> str:
    """What an incident is known by: two accounts' desks may give the same number (DC-3)."""
    return f"{home.name.casefold()}/{row.incident}"


def _new_case(record: Record, incident: list[Row], home: Account, sla: str) -> Tale:
    first = incident[0]
    spec = home.calendar.over(record.settings.calendar)
    number = record.writing.next_number()
    place = Place(
        number, home.plan, first.group, policy_digest(record), calendars.pinned(record, spec, first.opened_at)
    )
    rules = record.rulebook.rules(record.writing, place.policy, place.calendar)
    record.writing.remember_external(_reference(home, first), number)
    form = retelling.opening_form(first, home.name)
    return retelling.begun(first, form, place, rules, clocks=sla == "opened")


def _known_case(record: Record, number: int, incident: list[Row]) -> tuple[Tale, list[Row]]:
    case = record.writing.case(number)
    assert case is not None, "an external reference names a case"
    history = [entry.event for entry in record.writing.history(number)]
    tale, revision = retelling.resumed(case, history, record.rules(case))
    return tale, [row for row in incident if row.revision > revision]


def _keep(record: Record, tale: Tale, incident: list[Row], home: Account, counted: Count) -> None:
    _people(record, incident, home, counted)
    record.keep(tale.case, tale.events, tale.rules)
    counted.events += len(tale.events)
    counted.breaches += sum(event.kind is Kind.CLOCK_BREACHED for event in tale.events)
    counted.shifted += tale.shifted


def _people(record: Record, incident: list[Row], home: Account, counted: Count) -> None:
    """The caller as a Designated Contact, the others as agents, each added once (IMP-1)."""
    if record.writing.contact(incident[0].caller) is None:
        caller = Contact(incident[0].caller, incident[0].caller, home.name, Access.READ_WRITE)
        record.writing.put_contact(caller)
        record.desk_event(Kind.CONTACT_ADDED, caller.document())
        counted.contacts += 1
    named = {email for row in incident for email in (row.opened_by, row.updated_by, row.owner) if email}
    for email in sorted(named):
        if record.writing.staff_member(email) is None:
            keep_staff(record, Staff(email, email, Role.AGENT), Kind.STAFF_ADDED)
            counted.staff += 1


def _report(counted: Count, *, dry_run: bool) -> ImportReport:
    return ImportReport(
        cases=counted.cases,
        known=counted.known,
        events=counted.events,
        refused=tuple(counted.refused),
        shifted=tuple(sorted(counted.shifted)),
        breaches=counted.breaches,
        accounts=counted.accounts,
        contacts=counted.contacts,
        staff=counted.staff,
        dry_run=dry_run,
    )
