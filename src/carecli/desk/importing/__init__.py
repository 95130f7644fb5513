"""Bringing in the cases of another desk by a mapping of its file; `own` takes in our own form (IMP-1)."""

from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial
from typing import Any, BinaryIO

from carecli.desk.desk import Desk
from carecli.desk.importing import mappings
from carecli.desk.importing.counted import LISTED, Count, Task
from carecli.desk.importing.documents import json_records, looks_like_json
from carecli.desk.importing.gathering import tickets
from carecli.desk.importing.persons import Known
from carecli.desk.importing.reading import length, opened
from carecli.desk.importing.records import Found, Record, csv_records
from carecli.desk.importing.rows import Rows
from carecli.desk.importing.taking import take_in
from carecli.desk.importing.values import Values
from carecli.desk.names import account_name
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.calendar import find_zone
from carecli.domain.import_mapping import ImportMapping
from carecli.domain.import_report import ImportReport
from carecli.errors import Invalid

__all__ = ["import_file", "length", "require_sla"]

SLA_FROM = ("opened", "now", "none")


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
    """Bring in the tickets of a file; `progress` hears up to which line; `dry_run` keeps nothing.

    `source` is a mapping that is shipped, or the file of one; `account` is for tickets that name none.
    """
    access.require(desk.actor, Right.ADMINISTER)
    require_sla(sla)
    mapping = mappings.load(source)
    zone = timezone or desk.settings.calendar.timezone or "UTC"
    find_zone(zone)
    with opened(path) as file:
        mapping = _fitting(mapping, source, file)
        _check_account(mapping, account)
        known = Known(mapping.lookup, _beside(file, mapping))
        home = account_name(account) if account else None
        task = Task(mapping, home, sla, dry_run, known.names, Count(), progress)
        rows = Rows(mapping, Values(mapping, zone, desk.now), known)
        with closing(tickets(rows, partial(_records, file, mapping, task.counted))) as told:
            return take_in(desk, told, task)


def require_sla(sla: str) -> None:
    """Raise Invalid unless clocks can be counted from that."""
    if sla not in SLA_FROM:
        raise Invalid(f"--sla cannot be {sla!r}", hint=f"choose from: {', '.join(SLA_FROM)}", rule="IMP-1")


def _fitting(mapping: ImportMapping, source: str, file: BinaryIO) -> ImportMapping:
    """The shipped mapping for CSV where the file of a source that has one is no JSON."""
    other = f"{source}-csv"
    if mapping.format == "json" and other in mappings.SHIPPED and not looks_like_json(file):
        return mappings.load(other)
    return mapping


def _check_account(mapping: ImportMapping, account: str | None) -> None:
    if not account and not mapping.ticket.account.mapped:
        raise Invalid("the cases need an account", hint="--account NAME; it is made if missing", rule="IMP-1")


def _beside(file: BinaryIO, mapping: ImportMapping) -> dict[str, list[Any]]:
    """The people, groups and accounts that stand beside the tickets: they may come after them."""
    beside: dict[str, list[Any]] = {}
    if mapping.format == "json" and mapping.lookup.places:
        for _ in json_records(file, mapping, beside):
            pass
    return beside


def _records(file: BinaryIO, mapping: ImportMapping, counted: Count) -> Generator[Found]:
    """The records from the file's beginning; those with bytes that are no text are noted."""
    counted.garbled.clear()  # the file may be read more than once
    found = csv_records(file, mapping) if mapping.format == "csv" else json_records(file, mapping, {})
    for one in found:
        if isinstance(one, Record) and one.garbled and len(counted.garbled) < LISTED:
            counted.garbled.append(one.line)
        yield one
