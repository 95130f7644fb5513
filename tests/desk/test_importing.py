"""Bringing in a ServiceNow log: every row of data/servicenow-mapping.md, on small files and on the real one."""

import csv
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import other_desks
import pytest
from desk_fixtures import ABC, ADA, DANA, SAM, Office
from notation import when

from carecli.desk import cases, directory
from carecli.desk.importing import import_file
from carecli.domain.clock import ClockState
from carecli.domain.events import Kind
from carecli.domain.import_report import ImportReport
from carecli.domain.people import CalendarSpec
from carecli.domain.vocabulary import Access, Metric, Plan, Priority, Role, Via
from carecli.errors import Invalid, NotPermitted

HEADER: Final = (  # noqa: SIM905 - as it stands in the file
    "number incident_state active reassignment_count reopen_count sys_mod_count made_sla caller_id"
    " opened_by opened_at sys_created_by sys_created_at sys_updated_by sys_updated_at contact_type"
    " location category subcategory u_symptom cmdb_ci impact urgency priority assignment_group"
    " assigned_to knowledge u_priority_confirmation notify problem_id rfc vendor caused_by"
    " closed_code resolved_by resolved_at closed_at"
).split()
USUAL = {
    **other_desks.USUAL,
    "number": "INC0000001",
    "made_sla": "TRUE",
    "caller_id": "Caller 2403",
    "opened_by": "Opened by  8",
    "closed_code": "code 5",
    "resolved_by": "Resolved by 149",
    "resolved_at": "03-03-2026 11:29",
    "closed_at": "04-03-2026 12:00",
}
CLOCKS = (Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.CLOCK_MET)


def row(state: str = "New", at: str = "09:10", revision: int = 0, **more: str) -> dict[str, str]:
    """A row of the log: a state at a time of 2 March 2026, or `03 09:10` of another day in March."""
    day, _, clock = at.rpartition(" ")
    changed = {
        "incident_state": state,
        "sys_updated_at": f"{day or '02'}-03-2026 {clock}",
        "sys_mod_count": str(revision),
    }
    return {**dict.fromkeys(HEADER, "?"), **USUAL, **changed, **more}


def written(folder: Path, rows: Sequence[dict[str, str] | list[str]], name: str = "log.csv") -> str:
    """The rows as a file."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([list(r.values()) if isinstance(r, dict) else r for r in rows])
    return str(path)


def brought(
    office: Office,
    folder: Path,
    *rows: dict[str, str] | list[str],
    now: str = "Mon+1 09:00",
    sla: str = "opened",
    dry_run: bool = False,
    account: str = "Elsewhere",
    timezone: str | None = None,
) -> ImportReport:
    """Import these rows."""
    path = written(folder, rows)
    return import_file(
        office.by(ADA, now),
        path,
        source="servicenow",
        account=account,
        sla=sla,
        dry_run=dry_run,
        timezone=timezone,
    )


def told(office: Office, number: int = 1) -> list[tuple[str, str, str]]:
    """What happened to a case but for its clocks: when, by whom, what."""
    return [
        (f"{e.event.at:%d %H:%M}", e.event.actor.partition("@")[0], e.event.kind.value)
        for e in office.history(number)
        if e.event.kind not in CLOCKS
    ]


def test_one_incident_becomes_one_case(office: Office, tmp_path: Path) -> None:
    """IMP-1: its rows in file order are its history; outcomes are fields, never history."""
    report = brought(
        office,
        tmp_path,
        row(),
        row("Active", "09:40", 1, assigned_to="Resolver 3"),
        row("Awaiting User Info", "10:00", 2, assigned_to="Resolver 3"),
        row("Active", "11:00", 3, assigned_to="Resolver 3", assignment_group="Group 7"),
        row("Active", "11:30", 4, assigned_to="Resolver 3", assignment_group="Group 7"),
        row("Resolved", "03 09:30", 5, assigned_to="Resolver 3", assignment_group="Group 7"),
        row("Closed", "04 12:00", 6, assigned_to="Resolver 3", assignment_group="Group 7"),
    )
    assert (report.cases, report.known, report.accounts, report.contacts, report.staff) == (1, 0, 1, 1, 3)
    assert (report.refused, report.shifted) == ((), ())
    by = "updated-by-21"
    assert told(office) == [
        ("02 09:00", "caller-2403", "opened"),
        ("02 09:40", by, "assigned"),
        ("02 09:40", by, "commented"),
        ("02 10:00", by, "asked"),
        ("02 11:00", by, "assigned"),
        ("02 11:00", by, "investigated"),
        ("02 11:30", by, "commented"),
        ("03 09:30", by, "proposed"),
        ("04 12:00", by, "closed"),
    ]
    case = office.case(1)
    assert (case.account, case.plan, case.contact) == (
        "Elsewhere",
        Plan.BUSINESS_CARE,
        "caller-2403@import.invalid",
    )
    assert (case.service, case.component, case.group) == ("Category 55", "Subcategory 170", "Group 7")
    assert case.owner == "resolver-3@import.invalid"
    assert "INC0000001" in case.subject
    assert "Symptom 72" in case.subject
    assert case.standing == ("closed", "resolved")
    assert case.fields["resolved_at"] == "03-03-2026 11:29"
    assert case.fields["made_sla"] == "TRUE"
    note = next(e.event for e in office.history(1) if f"{e.event.at:%H:%M}" == "11:30")
    assert not note.public
    assert office.clock(1, Metric.RESPONSE).met_at == when("Mon 09:40")
    assert office.mails(1) == []
    assert office.differences() == []
    with office.store.read() as record:
        contact = record.contact("caller-2403@import.invalid")
        staff = [s.role for s in record.staff() if s.email.endswith("import.invalid")]
    assert contact
    assert contact.access is Access.READ_WRITE
    assert staff == [Role.AGENT] * 3


@pytest.mark.parametrize(
    ("typed", "via"),
    [
        ("Phone", Via.PHONE),
        ("IVR", Via.PHONE),
        ("Self service", Via.PORTAL),
        ("Direct opening", Via.PORTAL),
        ("Email", Via.EMAIL),
    ],
)
def test_channels(office: Office, tmp_path: Path, typed: str, via: Via) -> None:
    """IMP-1: how the incident came in is the channel of its opening, exempt from OPEN-8."""
    brought(office, tmp_path, row(contact_type=typed))
    assert office.case(1).via is via


@pytest.mark.parametrize(
    ("typed", "priority"), [("1 - Critical", "critical"), ("4 - Low", "low"), ("3", "medium")]
)
def test_priorities(office: Office, tmp_path: Path, typed: str, priority: str) -> None:
    """IMP-1: priorities 1 to 4 are critical to low; a change is a priority-changed event by staff."""
    brought(office, tmp_path, row(), row("New", "09:20", 1, priority=typed))
    assert office.case(1).priority is Priority(priority)
    event = next(e.event for e in office.history(1) if e.event.kind is Kind.PRIORITY_CHANGED)
    assert (event.actor, event.at) == ("updated-by-21@import.invalid", when("Mon 09:20"))


@pytest.mark.parametrize("state", ["Awaiting Problem", "Awaiting Vendor", "Awaiting Evidence"])
def test_waiting_elsewhere_is_work_and_a_note(office: Office, tmp_path: Path, state: str) -> None:
    """IMP-1: waiting for others is Open / Investigation with an internal note saying which; clocks run."""
    brought(office, tmp_path, row(), row(state, "09:40", 1), now="Mon 09:50")
    assert office.case(1).standing == ("open", "investigation")
    notes = [e.event.data["text"] for e in office.history(1) if not e.event.public and e.event.data.get("text")]
    assert notes == [state]
    assert office.clock(1, Metric.RESTORATION).state is ClockState.RUNNING
    assert office.clock(1, Metric.RESPONSE).met_at == when("Mon 09:40")


def test_back_from_resolved_and_from_closed(office: Office, tmp_path: Path) -> None:
    """IMP-1: an open state after Resolved is a rejection, after Closed a reopening, by the caller, at any time."""
    brought(
        office,
        tmp_path,
        row(opened_at="02-01-2026 09:00", sys_updated_at="02-01-2026 09:00"),
        row("Resolved", revision=1, sys_updated_at="02-01-2026 10:00", opened_at="02-01-2026 09:00"),
        row("Active", revision=2, sys_updated_at="02-01-2026 11:00", opened_at="02-01-2026 09:00"),
        row("Closed", revision=3, sys_updated_at="02-01-2026 12:00", opened_at="02-01-2026 09:00"),
        row("Awaiting User Info", revision=4, at="02 10:00", opened_at="02-01-2026 09:00"),
    )
    events = [(k, who) for _, who, k in told(office)]
    assert events[1:] == [
        ("proposed", "updated-by-21"),
        ("rejected", "caller-2403"),
        ("closed", "updated-by-21"),
        ("reopened", "caller-2403"),
        ("asked", "updated-by-21"),
    ]
    assert office.case(1).status == "awaiting-info"
    assert office.case(1).followup
    assert office.differences() == []


def test_rows_that_cannot_be_taken_are_listed_and_the_rest_goes_on(office: Office, tmp_path: Path) -> None:
    """IMP-1: a bad state, time, number of columns or a time in the future refuses that row, by its line."""
    report = brought(
        office,
        tmp_path,
        row(),
        row("-100", "09:20", 1),
        row("", "09:20", 1),
        row("Active", "09:20", 1, sys_updated_at="not a time"),
        row("Active", "09:20", 1, sys_updated_at="2026-03-02 09:00"),
        list(row("Active", "09:20", 1).values())[:-1],
        [*row("Active", "09:20", 1).values(), "more"],
        row("Active", "20 09:20", 1),
        row("Active", "09:20", 1, opened_at="?"),
        row("Active", "09:20", 1, priority="?"),
        row("Active", "09:50", 2),
    )
    assert [line for line, _ in report.refused] == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert all(why for _, why in report.refused)
    assert "columns" in dict(report.refused)[7]
    assert "future" in dict(report.refused)[9]
    assert told(office)[-1] == ("02 09:50", "updated-by-21", "commented")


def test_hostile_cells_do_not_stop_the_import(office: Office, tmp_path: Path) -> None:
    """IMP-1: quotes, newlines, control signs, formulas and long cells are taken or refused, never tripped over."""
    hostile = [
        '=cmd|"/c calc"!A1',
        "a\nb\x1b[2J",
        "é" * 500,
        "\x00",
        '"',
        "x" * 200_000,
        "caller@evil.example, b@c",
    ]
    rows = [row(number=f"INC{i}", u_symptom=text, caller_id=text, category=text) for i, text in enumerate(hostile)]
    report = brought(office, tmp_path, *rows)
    assert report.cases + len(report.refused) == len(rows)
    assert report.cases >= 5
    for number in range(1, report.cases + 1):
        assert office.case(number).contact.isprintable()
        assert office.case(number).contact.count("@") == 1
    # Its first notice leaves in one piece.
    cases.update(office.by(SAM, "Mon+1 10:00"), 2, "Hello.")
    office.tick("Mon+1 10:01")
    assert office.delivered()[-1]["Subject"]
    assert office.differences() == []


def test_early_rows_are_moved_to_their_bound_and_listed(office: Office, tmp_path: Path) -> None:
    """IMP-1: a row before the opening or before the previous row is taken at that time, counted and listed."""
    report = brought(
        office,
        tmp_path,
        row(at="08:30"),
        row("Active", "10:00", 1),
        row("Awaiting User Info", "09:30", 2),
        row("Resolved", "11:00", 3),
    )
    assert report.shifted == (2, 4)
    assert [(at, kind) for at, _, kind in told(office)] == [
        ("02 09:00", "opened"),
        ("02 10:00", "commented"),
        ("02 10:00", "asked"),
        ("02 11:00", "proposed"),
    ]


def test_times_are_those_of_the_zone_given_or_the_desks(office: Office, tmp_path: Path) -> None:
    """IMP-1: minutes are read in --timezone, else in the desk's zone."""
    brought(office, tmp_path, row(), timezone="America/New_York")
    assert office.case(1).opened_at == when("Mon 14:00")
    office.setting("Mon+1 09:00", hours=CalendarSpec("Asia/Tokyo", None, None))
    brought(office, tmp_path, row(number="INC2"))
    assert office.case(2).opened_at == when("Mon 00:00")


def test_a_second_import_appends_new_rows_only(office: Office, tmp_path: Path) -> None:
    """IMP-1: a known incident is skipped, its new rows are appended; the same file again changes nothing."""
    first = [row(), row("Active", "09:40", 1), row("Active", "20 09:00", 2)]
    assert len(brought(office, tmp_path, *first).refused) == 1
    before = office.dump()
    again = brought(office, tmp_path, *first)
    assert (again.cases, again.known, again.events) == (0, 1, 0)
    assert office.dump() == before
    later = brought(office, tmp_path, *first, row("Closed", "20 10:00", 3), now="2026-03-23 09:00")
    assert (later.cases, later.known, later.refused) == (0, 1, ())
    assert told(office)[-2:] == [
        ("20 09:00", "updated-by-21", "commented"),
        ("20 10:00", "updated-by-21", "closed"),
    ]
    assert office.mails(1) == []
    assert office.differences() == []


STATES = ("Active", "Awaiting User Info", "Resolved", "Closed", "Awaiting Vendor")
MEANWHILE = ("auto-closed", "closed", "investigated", "answered", "reopened")


@pytest.mark.parametrize(
    ("meanwhile", "state"),
    [(m, s) for m in MEANWHILE for s in STATES],
)
def test_a_second_import_goes_on_whatever_happened_here_meanwhile(
    office: Office, tmp_path: Path, meanwhile: str, state: str
) -> None:
    """IMP-1: a known case that moved on at this desk neither stops the import nor is changed without a rule."""
    before = "Awaiting User Info" if meanwhile == "auto-closed" else "Resolved"
    brought(office, tmp_path, row(), row("Active", "09:40", 1), row(before, "10:00", 2))
    sam = office.by(SAM, "Mon+1 10:00")
    if meanwhile == "auto-closed":
        office.tick("Mon+1 10:00", replay=True)
        office.tick("Mon+3 10:00")
        assert office.case(1).closed
    elif meanwhile == "investigated":
        cases.investigate(sam, 1)
    elif meanwhile == "answered":
        cases.update(sam, 1, "Called.", via=Via.PHONE)
    else:
        cases.close(sam, 1)
        if meanwhile == "reopened":
            cases.reopen(office.by(SAM, "Mon+1 11:00"), 1, "Back.")
    report = brought(
        office,
        tmp_path,
        row(),
        row("Active", "09:40", 1),
        row(before, "10:00", 2),
        row(state, "05 10:00", 3),
        row(number="INC2"),
        now="Mon+4 09:00",
    )
    assert (report.cases, report.known) == (1, 1)
    assert office.case(2)
    assert office.differences() == []


def test_rows_of_an_incident_that_stand_apart_are_one_case(office: Office, tmp_path: Path) -> None:
    """IMP-1: one incident is one case, also where another's rows stand between its own."""
    report = brought(office, tmp_path, row(), row(number="INC2"), row("Active", "09:40", 1))
    assert told(office)[-1] == ("02 09:40", "updated-by-21", "commented")
    assert report.cases == 2


@pytest.mark.parametrize("sla", ["opened", "now", "none"])
def test_where_clocks_run_from(office: Office, tmp_path: Path, sla: str) -> None:
    """IMP-1: clocks run from the opening with past crossings at nominal times, from the import, or not at all."""
    report = brought(office, tmp_path, row(), row("New", "09:20", 1), now="Wed 12:00", sla=sla)
    case = office.case(1)
    if sla == "none":
        assert case.clocks == ()
        assert report.breaches == 0
    elif sla == "now":
        assert {c.started_at for c in case.clocks} == {when("Wed 12:00")}
        assert office.clock(1, Metric.RESPONSE).due_at == when("Wed 14:00")
        assert report.breaches == 0
    else:
        assert office.kinds(1, Kind.CLOCK_BREACHED) == [
            "2026-03-02 11:00 clock-breached",
            "2026-03-04 09:00 clock-breached",
        ]
        assert report.breaches == 2
    office.tick("Wed 12:00")
    assert office.differences() == []


@pytest.mark.parametrize("sla", ["now", "none"])
def test_a_reopening_in_the_past_starts_no_clock(office: Office, tmp_path: Path, sla: str) -> None:
    """IMP-1: with --sla now or none a reopening told by the log starts no clock in the past and breaches none."""
    report = brought(
        office,
        tmp_path,
        row(),
        row("Closed", "10:00", 1),
        row("Active", "11:00", 2),
        row("Active", "06 11:00", 3),
        sla=sla,
    )
    assert report.breaches == 0
    starts = {c.started_at for c in office.case(1).clocks}
    assert starts == (set() if sla == "none" else {when("Mon+1 09:00")})
    assert not office.kinds(1, Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED)


def test_nothing_is_mailed_for_the_past(office: Office, tmp_path: Path) -> None:
    """IMP-1: an import queues no notice; what happens here afterwards is told as ever."""
    brought(office, tmp_path, row(), row("Awaiting User Info", "06 10:00", 1))
    assert office.mails(1) == []
    office.tick("Mon+1 09:00")
    assert office.mails(1) == []
    office.tick("Tue+1 10:00")
    assert [m.stage for m in office.mails(1)] == [1]


def test_a_trial_of_an_import_keeps_nothing_and_tells_the_same(office: Office, tmp_path: Path) -> None:
    """IMP-1: --dry-run leaves the database as it was and reports what the import then does."""
    rows = [row(number=f"INC{i:04d}", caller_id=f"Caller {i % 5}") for i in range(230)]
    before = office.dump()
    trial = brought(office, tmp_path, *rows, dry_run=True)
    assert office.dump() == before
    real = brought(office, tmp_path, *rows)
    assert trial._replace(dry_run=False) == real


@pytest.mark.parametrize("typed", ["ABC  Testing Co", f"{ABC} "])
def test_an_account_is_found_however_it_is_spaced(office: Office, tmp_path: Path, typed: str) -> None:
    """IMP-1 and ACC-4: an import into an account that is there does not replace it."""
    brought(office, tmp_path, row(), account=typed)
    assert directory.account(office.by(ADA, "Mon+1 10:00"), ABC).account.deployments


def test_what_cannot_be_imported_is_said(office: Office, tmp_path: Path) -> None:
    """IMP-1: a wrong source, choice, file, header or account is an error in words; only admins import."""
    good = written(tmp_path, [row()])
    ada = office.by(ADA, "Mon+1 09:00")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "empty.csv").write_text("")
    for kind, path, more in (
        (Invalid, good, {"source": "jira"}),
        (Invalid, good, {"sla": "later"}),
        (Invalid, good, {"account": None}),
        (Invalid, good, {"timezone": "Mars/Base"}),
        (Invalid, str(tmp_path / "none.csv"), {}),
        (Invalid, str(tmp_path / "other.csv"), {}),
        (Invalid, str(tmp_path / "empty.csv"), {}),
    ):
        with pytest.raises(kind):
            import_file(ada, path, **{"source": "servicenow", "account": "Elsewhere", **more})  # type: ignore[arg-type]
    for who in (SAM, DANA, "system"):
        with pytest.raises(NotPermitted):
            import_file(office.by(who, "Mon+1 09:00"), good, source="servicenow", account="Elsewhere")


@pytest.mark.parametrize("name", [" ", "\x1b[31mred", "x" * 5000])
def test_the_account_that_an_import_makes_has_a_proper_name(office: Office, tmp_path: Path, name: str) -> None:
    """IMP-1 and ACC-1: an account made by an import has a name as `care account add` would have it."""
    with pytest.raises(Invalid):
        brought(office, tmp_path, row(), account=name)


def test_a_very_old_opening_is_taken_or_refused_by_line(office: Office, tmp_path: Path) -> None:
    """IMP-1 and CAL-4: an absurd time refuses its row at most, not the import."""
    report = brought(
        office,
        tmp_path,
        row(opened_at="01-01-0001 00:00", sys_updated_at="01-01-0001 00:00"),
        row(number="INC2"),
    )
    assert report.cases + len(report.refused) == 2
    assert office.case(report.cases).subject.endswith("(INC2)")


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_standard_input_that_is_no_utf8_is_taken_as_a_file_is(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errors: str
) -> None:
    """IMP-1: Latin-1 bytes on standard input are taken as in a file: replaced, with no traceback."""
    path = Path(written(tmp_path, [row(u_symptom="Café")]))
    path.write_bytes(path.read_text("utf-8").encode("latin-1"))
    assert import_file(office.by(ADA, "Mon+1 09:00"), str(path), source="servicenow", account="One").cases == 1
    path.write_bytes(path.read_bytes().replace(b"INC0000001", b"INC0000002"))
    with path.open(encoding="utf-8", errors=errors, newline="") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert import_file(office.by(ADA, "Mon+1 09:00"), "-", source="servicenow", account="One").cases == 1


def test_a_caller_of_two_accounts_gets_no_mail_about_the_others(office: Office, tmp_path: Path) -> None:
    """DC-3 and IMP-1: the contact of an imported case is one of the case's own account."""
    brought(office, tmp_path, row(), account="One")
    brought(office, tmp_path, row(number="INC2"), account="Two")
    named = office.case(2).contact
    with office.store.read() as record:
        contact = record.contact(named)
    assert contact
    assert contact.account == "Two"


REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "servicenow-incidents.csv"


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data/servicenow-incidents.csv is not here")
def test_the_real_log(office: Office) -> None:
    """IMP-1 and SLA-7: 890 incidents; a sample's breaches agree with an independent recomputation."""
    office.setting("2016-03-01 09:00", hours=CalendarSpec("UTC", "Mon-Fri 09:00-17:00", ""))
    now = datetime(2016, 3, 10, tzinfo=UTC)
    report = import_file(office.by(ADA, now), str(REAL), source="servicenow", account="UCI")
    with REAL.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    incidents: dict[str, list[dict[str, str]]] = {}
    for one in rows:
        incidents.setdefault(one["number"], []).append(one)
    assert (report.cases, len(incidents)) == (890, 890)
    ticked = office.tick(now)
    assert ticked.breaches
    assert {b.new for b in ticked.breaches} == {True}
    with office.store.read() as record:
        numbers = {name: record.external(f"uci/{name}") for name in incidents}
    compared = 0
    for name in random.Random(7).sample(sorted(incidents), 400):
        expected = responded_late(incidents[name], now)
        if expected is None:
            continue
        number = numbers[name]
        assert number
        breached = [
            e.event.at
            for e in office.history(number)
            if e.event.kind is Kind.CLOCK_BREACHED
            and (e.event.data["metric"], e.event.data["cycle"]) == ("response", 1)
        ]
        assert breached == ([expected] if isinstance(expected, datetime) else []), name
        compared += 1
    assert compared > 100
    assert office.differences() == []


RESPONSE = {"2": 2 * 3600, "3": 4 * 3600}


def responded_late(rows: list[dict[str, str]], now: datetime) -> datetime | bool | None:
    """When an incident's first response was overdue, False if it was not, None where this is too simple."""
    if len({r["priority"] for r in rows}) > 1 or rows[0]["priority"][0] not in RESPONSE:
        return None
    taken = [r for r in rows if r["incident_state"] not in {"-100", ""} and stamp(r["sys_updated_at"]) <= now]
    if any(stamp(a["sys_updated_at"]) > stamp(b["sys_updated_at"]) for a, b in pairwise(taken)):
        return None
    opened = stamp(taken[0]["opened_at"])
    due = after_open_seconds(opened, RESPONSE[taken[0]["priority"][0]])
    answers = [max(stamp(r["sys_updated_at"]), opened) for r in taken if r["incident_state"] != "New"]
    met = min(answers, default=now)
    return due if due < met or (not answers and due < now) else False


def stamp(text: str) -> datetime:
    """A time of the log."""
    return datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=UTC)


def after_open_seconds(start: datetime, seconds: int) -> datetime:
    """Minute by minute, the instant at which so many open seconds have gone by."""
    at = start
    while seconds:
        if at.date() != date.min and at.weekday() < 5 and 9 <= at.hour < 17:
            seconds -= 60
        at += timedelta(minutes=1)
    return at


def test_two_desks_may_give_the_same_incident_number(office: Office, tmp_path: Path) -> None:
    """IMP-1 and DC-3: an incident of another account is another case, whatever its number."""
    brought(office, tmp_path, row(), account="One")
    report = brought(office, tmp_path, row(), account="Two")
    assert (report.cases, report.known) == (1, 0)
    assert [office.case(number).account for number in (1, 2)] == ["One", "Two"]
