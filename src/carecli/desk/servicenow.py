"""Rows of a ServiceNow incident log, read and checked one by one (IMP-1)."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.vocabulary import Priority, Via
from carecli.errors import Invalid

STATES = frozenset(
    {
        "New",
        "Active",
        "Awaiting User Info",
        "Awaiting Problem",
        "Awaiting Vendor",
        "Awaiting Evidence",
        "Resolved",
        "Closed",
    }
)
PRIORITIES = {str(priority.severity): priority for priority in Priority}
CHANNELS = {
    "Phone": Via.PHONE,
    "IVR": Via.PHONE,
    "Self service": Via.PORTAL,
    "Direct opening": Via.PORTAL,
    "Email": Via.EMAIL,
}
NEEDED = (
    "number",
    "incident_state",
    "sys_mod_count",
    "caller_id",
    "opened_by",
    "opened_at",
    "sys_updated_by",
    "sys_updated_at",
    "contact_type",
    "category",
    "subcategory",
    "u_symptom",
    "priority",
    "assignment_group",
    "assigned_to",
)
OUTCOMES = (
    "made_sla",
    "reopen_count",
    "reassignment_count",
    "resolved_at",
    "closed_at",
    "closed_code",
    "resolved_by",
)
UNKNOWN = "?"
EARLIEST = 1970
"""No desk kept its log on a computer of this kind before; such a time is a slip."""
DOMAIN = "import.invalid"


class Row(NamedTuple):
    """One update of one incident, in our words; `shifted` where its time was moved to an earlier bound."""

    line: int
    incident: str
    state: str
    revision: int
    opened_at: datetime
    at: datetime
    caller: str
    opened_by: str
    updated_by: str
    via: Via
    service: str | None
    component: str | None
    symptom: str | None
    priority: Priority
    group: str | None
    owner: str | None
    outcomes: Mapping[str, str]


class RefusedRow(NamedTuple):
    """A row that cannot be taken, and why."""

    line: int
    why: str


def rows(lines: Iterable[str], zone: str, now: datetime) -> Iterator[Row | RefusedRow]:
    """Each row of the log in file order; raises Invalid where the header is not that of an incident log."""
    reader = csv.reader(lines, strict=False)
    header = next(reader, [])
    lacking = [name for name in NEEDED if name not in header]
    if lacking:
        raise Invalid(
            f"this is no ServiceNow incident log: it lacks the columns {', '.join(lacking[:5])}",
            hint="give the CSV file with its header line",
            rule="IMP-1",
        )
    for cells in _cells(reader):
        line = reader.line_num
        if isinstance(cells, csv.Error):
            yield RefusedRow(line, f"unreadable: {cells}")
        elif cells:
            yield _row(line, header, cells, ZoneInfo(zone), now)


def _cells(reader: "Iterator[list[str]]") -> Iterator[list[str] | csv.Error]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield error


def _row(line: int, header: list[str], cells: list[str], zone: ZoneInfo, now: datetime) -> Row | RefusedRow:
    if len(cells) != len(header):
        return RefusedRow(line, f"{len(cells)} columns instead of {len(header)}")
    raw = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    try:
        return _read(line, raw, zone, now)
    except ValueError as error:
        return RefusedRow(line, str(error))


def _read(line: int, raw: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Row:
    if raw["incident_state"] not in STATES:
        raise ValueError(f"state {raw['incident_state'][:40]!r} means nothing")
    if not raw["number"] or raw["number"] == UNKNOWN:
        raise ValueError("no incident number")
    return Row(
        line=line,
        incident=raw["number"],
        state=raw["incident_state"],
        revision=_whole(raw["sys_mod_count"]),
        opened_at=_time(raw["opened_at"], "opened_at", zone, now),
        at=_time(raw["sys_updated_at"], "sys_updated_at", zone, now),
        caller=address(raw["caller_id"], "caller"),
        opened_by=address(raw["opened_by"], "opened-by"),
        updated_by=address(raw["sys_updated_by"], "updated-by"),
        via=CHANNELS.get(raw["contact_type"], Via.PORTAL),
        service=_known(raw["category"]),
        component=_known(raw["subcategory"]),
        symptom=_known(raw["u_symptom"]),
        priority=_priority(raw["priority"]),
        group=_known(raw["assignment_group"]),
        owner=address(raw["assigned_to"], "assigned-to") if _known(raw["assigned_to"]) else None,
        outcomes={name: raw[name] for name in OUTCOMES if _known(raw.get(name, ""))},
    )


def address(name: str, unknown: str) -> str:
    """The address that stands for somebody known by a label only: `Caller 2403` at a domain of no one."""
    slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
    return f"{slug or f'{unknown}-unknown'}@{DOMAIN}"


def _known(text: str) -> str | None:
    return text if text and text != UNKNOWN else None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f"sys_mod_count {text[:40]!r} is no number")
    return int(text)


def _priority(text: str) -> Priority:
    if text[:1] not in PRIORITIES:
        raise ValueError(f"priority {text[:40]!r} means nothing")
    return PRIORITIES[text[:1]]


def _time(text: str, column: str, zone: ZoneInfo, now: datetime) -> datetime:
    try:
        at = datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{column} {text[:40]!r} is no time") from error
    if at > now:
        raise ValueError(f"{column} {text} lies in the future")
    if at.year < EARLIEST:
        raise ValueError(f"{column} {text} lies before {EARLIEST}")
    return at
