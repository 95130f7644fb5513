"""Every clock of every incident of a log is added up by hand: a made log, and a real one (TICK-3, IMP-1)."""

import csv
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from desk_fixtures import ADA, MIA, Office
from ledger_checker import faults

from carecli.desk import exempting, explaining
from carecli.desk.importing import import_file
from carecli.domain.exempting import Stretch
from carecli.domain.people import CalendarSpec
from carecli.render import case_document
from carecli.render.explain_document import explain

LISBON: Final = CalendarSpec("Europe/Lisbon", "Mon-Fri 09:00-12:30 13:45-18:00, Sat 10:00-13:00", "PT")
"""Hours with a break and a short Saturday, public holidays, and a change of the clocks in March."""
REAL: Final = Path(__file__).parents[3] / "shared" / "data" / "servicenow-incidents.csv"
EVERY: Final = int(os.environ.get("CARE_EVERY", "8"))
"""Every eighth incident of the real log is added up; CARE_EVERY=1 takes some fifteen seconds."""
STATES: Final = ("New", "Active", "Active", "Awaiting User Info", "Awaiting Vendor", "Resolved")
PRIORITIES: Final = ("1 - Critical", "2 - High", "3 - Moderate", "4 - Low")


def made_log(folder: Path, incidents: int) -> Path:
    """A log of an invented ServiceNow desk: asked, answered, raised and lowered, resolved and opened again."""
    chance, path = random.Random(11), folder / "made.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for number in range(1, incidents + 1):
            opened = datetime(2026, 3, 16, 7, tzinfo=UTC) + timedelta(minutes=chance.randrange(9 * 1440))
            at, priority = opened, chance.choice(PRIORITIES)
            states = ["New", *chance.choices(STATES, k=chance.randrange(1, 9)), *chance.choice(((), ("Closed",)))]
            for revision, state in enumerate(states):
                at += timedelta(minutes=chance.choice((3, 50, 400, 1_500, 6_000)))
                priority = chance.choice((priority, priority, priority, chance.choice(PRIORITIES)))
                updated = (f"Updated by {chance.randrange(5)}", written(at), "Phone", "Network", "Router", "Slow")
                told = (f"INC{number:07}", state, revision, "Caller 7", "Opened by 1", written(opened), *updated)
                rows.writerow([*told, priority, "Group 2", "?"])
    return path


HEADER: Final = (
    *("number", "incident_state", "sys_mod_count", "caller_id", "opened_by", "opened_at", "sys_updated_by"),
    *("sys_updated_at", "contact_type", "category", "subcategory", "u_symptom", "priority", "assignment_group"),
    "assigned_to",
)


def written(at: datetime) -> str:
    return f"{at:%d-%m-%Y %H:%M}"


def checked(office: Office, now: datetime, every: int = 1) -> tuple[int, list[str]]:
    """How many clocks (of every so manieth case) were added up, and what the checker finds wrong with any."""
    desk, documents, clocks = office.by(ADA, now), dict[str, Any](), 0
    found: list[str] = []
    with desk.reading() as record:
        numbers = record.told_cases()[::every]
    for number in numbers:
        told = explain(explaining.explain(desk, number))
        with desk.reading() as record:
            documents |= {d: record.document(d) for d in (told["policy"], told["calendar"]) if d not in documents}
            events = [case_document.event(entry) for entry in record.history(number)]
        wrong = faults(told, documents[told["calendar"]], events, documents[told["policy"]])
        found += [f"{number}: {fault}" for fault in wrong]
        clocks += len(told["clocks"])
    return clocks, found


def test_every_incident_of_a_made_log(office: Office, tmp_path: Path) -> None:
    """TICK-3, SLA-9: each of its clocks adds up, also those that something is exempted from."""
    office.setting("2026-03-09 09:00", hours=LISBON)
    now = datetime(2026, 5, 4, 10, tzinfo=UTC)
    report = import_file(office.by(ADA, now), str(made_log(tmp_path, 60)), source="servicenow", account="Made")
    assert report.cases == 60
    office.tick(now)
    chance, exempted = random.Random(12), 0
    for number in range(1, 61, 3):
        case = office.case(number)
        metric = chance.choice((None, *(clock.metric for clock in case.clocks)))
        since = case.opened_at + timedelta(hours=chance.randrange(-5, 90))
        stretch = Stretch(since, since + timedelta(hours=chance.randrange(6, 200)), metric)
        exempted += bool(exempting.exempt(office.by(MIA, now), number, stretch, "Their own line was cut.").judged)
    assert exempted == 20
    clocks, found = checked(office, now)
    assert (clocks > 130, found) == (True, [])
    assert office.differences() == []


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data/servicenow-incidents.csv is not here")
def test_every_incident_of_the_real_log(office: Office) -> None:
    """TICK-3, IMP-1: incidents of a real desk (CARE_EVERY=1: all 890): each clock adds up to the second."""
    office.setting("2016-02-01 09:00", hours=LISBON)
    now = datetime(2016, 4, 11, 10, tzinfo=UTC)
    report = import_file(office.by(ADA, now), str(REAL), source="servicenow", account="UCI")
    assert report.cases == 890
    office.tick(now)
    clocks, found = checked(office, now, EVERY)
    assert (clocks > 2_000 / EVERY, found) == (True, [])
