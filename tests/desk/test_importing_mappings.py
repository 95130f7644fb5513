"""Files of any desk brought in by a mapping: rows or documents, one row an update or a whole ticket (IMP-1)."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from desk_fixtures import ABC, ADA, BEN, DANA, Office, copied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carecli.config import Config
from carecli.desk.importing import import_file, mappings, taking
from carecli.domain.clock import ClockState
from carecli.domain.events import Kind
from carecli.domain.import_report import ImportReport
from carecli.domain.vocabulary import Metric, Priority, Via
from carecli.errors import Invalid

NOW: Final = "2026-03-10 09:00"
CLOCKS: Final = (Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.CLOCK_MET)
MINE: Final = """
title = "Our old desk"
format = "csv"
records = "updates"
first_state = "fresh"
times = ["epoch", "%Y/%m/%d %H:%M"]
machines = ["robot"]
[ticket]
reference = "Key"
opened_at = "Made"
caller = ["Mail", "Who"]
caller_name = "Who"
account = "Firm"
via = "How"
subject = "{Title|Nothing said}: {Key}"
priority = "Urgency"
[[update]]
at = "When"
by = "By"
state = "State"
text = "Said"
public = "Public"
role = "Role"
[lookup]
customers = ["client"]
[states]
fresh = "new"
busy = "investigation"
"asked*" = "info-required-from-customer"
answered = "customer-responded"
works = "pending-rca"
done = "resolved"
dropped = "cancelled"
passed = "redirected"
gone = "skip"
[priorities]
top = "critical"
"*" = "low"
"" = "medium"
[channels]
mail = "email"
[visibility]
"" = "public"
"desk*" = "internal"
"""
COLUMNS: Final = (
    "Key",
    "Made",
    "Mail",
    "Who",
    "Firm",
    "How",
    "Title",
    "Urgency",
    "When",
    "By",
    "State",
    "Said",
    "Public",
    "Role",
)


def brought(office: Office, file: Path, source: str | Path, **how: Any) -> ImportReport:
    """Bring in a file at the usual moment."""
    now = how.pop("now", NOW)
    return import_file(office.by(ADA, now), str(file), source=str(source), **{"account": None, **how})


def mine(folder: Path, text: str = MINE) -> Path:
    """A mapping of one's own."""
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def rows(folder: Path, *told: dict[str, str]) -> Path:
    """Rows under that mapping's columns; what is not said of one is as usual."""
    usual = {"Key": "T-1", "Made": "2026/03/02 09:00", "Mail": "rita@new.example", "Who": "Rita", "Firm": "New Co"}
    lines = [COLUMNS, *([{**usual, **one}.get(name, "") for name in COLUMNS] for one in told)]
    path = folder / "rows.csv"
    path.write_text("".join(",".join(line) + "\n" for line in lines), "utf-8")
    return path


def told(office: Office, number: int = 1) -> list[tuple[str, str, str, str | None]]:
    """What happened to a case but for its clocks: when, by whom, what, and what was said."""
    return [
        (f"{e.event.at:%d %H:%M}", e.event.actor, e.event.kind.value, e.event.data.get("text"))
        for e in office.history(number)
        if e.event.kind not in CLOCKS
    ]


def test_a_mapping_of_ones_own(office: Office, tmp_path: Path) -> None:
    """IMP-1: rows by a user's mapping: accounts, people with names, texts of both sides, times in two forms."""
    file = rows(
        tmp_path,
        {
            "When": "2026/03/02 09:05",
            "By": "sam@old.example",
            "State": "fresh",
            "Said": "looks bad",
            "Public": "no",
        },
        {"When": "2026/03/02 10:00", "By": "sam@old.example", "State": "asked twice", "Said": "Which one?"},
        {
            "When": "1772532000",
            "By": "joe@new.example",
            "Role": "client",
            "State": "answered",
            "Said": "That one.",
        },
        {"When": "2026/03/03 11:00", "By": "robot", "State": "answered", "Said": "We are closed on Sundays."},
        {"When": "2026/03/03 12:00", "By": "sam@old.example", "State": "works"},
        {"When": "2026/03/03 13:00", "By": "rita@new.example", "State": "done", "Said": "Thank you!"},
    )
    report = brought(office, file, mine(tmp_path))
    assert (report.cases, report.accounts, report.contacts, report.staff) == (1, 1, 2, 1)
    assert told(office) == [
        ("02 09:00", "rita@new.example", "opened", None),
        ("02 09:05", "sam@old.example", "commented", "looks bad"),
        ("02 10:00", "sam@old.example", "asked", "Which one?"),
        ("03 10:00", "joe@new.example", "commented", "That one."),
        ("03 11:00", "system", "commented", "We are closed on Sundays."),
        ("03 12:00", "sam@old.example", "restored", "works"),
        ("03 13:00", "rita@new.example", "commented", "Thank you!"),
        ("03 13:00", "rita@new.example", "closed", "done"),
    ]
    case = office.case(1)
    assert (case.account, case.subject, case.priority) == ("New Co", "Nothing said: T-1", Priority.MEDIUM)
    assert [(one.state, one.becomes, one.updates) for one in report.states][:2] == [
        ("answered", "customer-responded", 2),
        ("asked twice", "info-required-from-customer", 1),
    ]
    with office.store.read() as record:
        contact = record.contact("rita@new.example")
    assert contact
    assert contact.name == "Rita"
    assert office.differences() == []


def test_what_is_not_known_to_be_public_is_never_shown(office: Office, tmp_path: Path) -> None:
    """DC-3, IMP-1: whether a text is public is said in words that mean so, or the row is left out and listed."""
    opened = {"When": "2026/03/02 09:00", "By": "rita@new.example", "State": "fresh"}
    at = ({"When": f"2026/03/02 10:0{n}", "By": "sam@old.example", "State": "busy"} for n in range(5))
    words = ("Nein", "YES", "", "Desk only", "internal")
    file = rows(
        tmp_path, opened, *({**one, "Said": w or "-", "Public": w} for one, w in zip(at, words, strict=True))
    )
    report = brought(office, file, mine(tmp_path, MINE.replace('"" = "public"\n', "")))
    assert report.refused == (
        (3, "Public says 'Nein', which means neither public nor internal"),
        (5, "Public says nothing, which means neither public nor internal"),
    )
    told = [(e.event.data["text"], e.event.public) for e in office.history(1) if "text" in e.event.data]
    assert told == [("YES", True), ("Desk only", False), ("internal", False)]


@pytest.mark.parametrize(
    ("state", "by", "standing", "closed_by"),
    [
        ("done", "sam@old.example", "resolved", "sam@old.example"),
        ("dropped", "sam@old.example", "cancelled", "sam@old.example"),
        ("dropped", "rita@new.example", "cancelled", "rita@new.example"),
        ("passed", "sam@old.example", "redirected", "sam@old.example"),
        ("passed", "rita@new.example", "redirected", "rita@new.example"),
    ],
)
def test_ends_of_every_kind(
    office: Office, tmp_path: Path, state: str, by: str, standing: str, closed_by: str
) -> None:
    """IMP-1, SLA-3: an end by either side is the sub-status that the mapping says; silence is no attainment."""
    file = rows(tmp_path, {"When": "2026/03/02 10:00", "By": by, "State": state})
    brought(office, file, mine(tmp_path))
    case = office.case(1)
    assert (case.standing.substatus.value, case.closed_by) == (standing, closed_by)
    cancelled = {clock.state for clock in case.clocks} == {ClockState.CANCELLED}
    assert cancelled == (standing != "resolved")


def test_rows_that_lie_apart_are_told_together(office: Office, tmp_path: Path) -> None:
    """IMP-1: a log in the order of time breaches no clock that a later row met; a ticket's rows may be sorted."""
    at = ("2026/03/02 09:30", "2026/03/02 10:00")
    first = [
        {"Key": f"T-{n}", "When": at[0], "By": "sam@old.example", "State": "busy", "Said": "Hello"}
        for n in range(3)
    ]
    later = [{"Key": f"T-{n}", "When": at[1], "By": "sam@old.example", "State": "done"} for n in range(3)]
    report = brought(office, rows(tmp_path, *first, *later), mine(tmp_path))
    assert (report.cases, report.known, report.breaches, report.shifted) == (3, 0, 0, ())
    backwards = rows(tmp_path, *({**one, "Key": "T-9"} for one in (later[0], first[0])))
    ordered = mine(tmp_path, MINE.replace("times =", 'order = "time"\ntimes ='))
    report = brought(office, backwards, ordered)
    assert report.shifted == ()
    assert [kind for _, _, kind, _ in told(office, 4)] == ["opened", "commented", "closed"]


def test_a_file_that_has_grown(office: Office, tmp_path: Path) -> None:
    """IMP-1: without revisions rows are counted: a second import appends those that were not there."""
    one = {"When": "2026/03/02 10:00", "By": "sam@old.example", "State": "busy", "Said": "Hello"}
    brought(office, rows(tmp_path, one), mine(tmp_path))
    again = brought(office, rows(tmp_path, one), mine(tmp_path))
    assert (again.cases, again.known, again.grown, again.events) == (0, 1, 0, 0)
    grown = brought(office, rows(tmp_path, one, {**one, "Said": "Goodbye"}), mine(tmp_path))
    assert (grown.cases, grown.known, grown.grown, grown.events) == (0, 1, 1, 1)
    assert told(office)[-1][3] == "Goodbye"


def test_nobody_becomes_somebody_else(office: Office, tmp_path: Path) -> None:
    """DC-3: an address of another account, or of the other side, stands for somebody else in an import."""
    told_ = [
        {"Key": "A", "Mail": DANA, "When": "2026/03/02 10:00", "By": DANA, "State": "busy", "Said": "Hi"},
        {"Key": "B", "Mail": BEN, "When": "2026/03/02 10:00", "By": BEN, "State": "busy", "Said": "Hi"},
        {"Key": "C", "When": "2026/03/02 10:00", "By": DANA, "State": "busy", "Said": "Hi"},
    ]
    brought(office, rows(tmp_path, *told_), mine(tmp_path))
    assert [office.case(n).contact for n in (1, 2, 3)] == [
        "dana-abc-example-new-co@import.invalid",
        "ben-desk-example-new-co@import.invalid",
        "rita@new.example",
    ]
    assert told(office, 3)[-1][1] == "dana-abc-example-staff@import.invalid"
    with office.store.read() as record:
        dana = record.contact(DANA)
    assert dana
    assert dana.account == ABC


def test_a_trial_says_the_same_across_batches(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IMP-1, DC-3: who was added in an earlier transaction is somebody in the next, in a trial as in earnest."""
    monkeypatch.setattr(taking, "BATCH", 1)
    firms = ("Alpha", "Beta", "beta", "Beta")
    callers = ("x@a.example", "x@a.example", "T@b.example", "Z@a.example")
    authors = ("t@b.example", "x@a.example", "y@a.example", "z@A.example")
    file = rows(
        tmp_path,
        *(
            {"Key": f"T-{n}", "Firm": firm, "Mail": mail, "When": "2026/03/02 10:00", "By": by, "State": "busy"}
            for n, (firm, mail, by) in enumerate(zip(firms, callers, authors, strict=True))
        ),
    )
    tried = brought(office, file, mine(tmp_path), dry_run=True)
    done = brought(office, file, mine(tmp_path))
    assert tried == done._replace(dry_run=True)
    assert done.accounts == 2
    assert office.differences() == []


def test_the_mapping_in_the_documentation_is_right() -> None:
    """IMP-1: what docs/importing.md shows as a whole mapping is one."""
    text = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    assert mappings.checked("the example", example)["title"] == "Ticketbuch export"


def test_an_account_that_is_none_is_refused_by_line(office: Office, tmp_path: Path) -> None:
    """IMP-1, ACC-1: a ticket of no account, or of one with no proper name, is left out by its line."""
    one = {"When": "2026/03/02 10:00", "By": "sam@old.example", "State": "busy"}
    file = rows(
        tmp_path, {**one, "Key": "A", "Firm": ""}, {**one, "Key": "B"}, {**one, "Key": "C", "State": "gone"}
    )
    report = brought(office, file, mine(tmp_path))
    assert (report.cases, [line for line, _ in report.refused]) == (1, [2, 4])
    assert "--account" in report.refused[0][1]
    assert brought(office, file, mine(tmp_path), account="Rest").cases == 1


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("by = ", "buy = "), 19, "did you mean 'by'"),
        (("busy = ", "busi = "), None, None),
        (('"investigation"', '"investigating"'), 28, "choose from new, investigation"),
        (('["epoch", "%Y/%m/%d %H:%M"]', '["%Q"]'), 6, "times"),
        (('"fresh"\ntimes', '"raw"\ntimes'), 5, "is not among the states"),
        (("machines", 'encoding = "klingon"\nmachines'), 7, "klingon"),
        (("machines", 'encoding = "rot13"\nmachines'), 7, "rot13"),
        (("[ticket]", "[ticket"), 8, "line 8"),
    ],
)
def test_a_fault_of_a_mapping_is_named_by_its_line(
    tmp_path: Path, change: tuple[str, str], line: int | None, said: str | None
) -> None:
    """IMP-1: a wrong mapping is an error that names each line; a right one is none."""
    path = mine(tmp_path, MINE.replace(*change))
    if said is None:
        mappings.load(str(path))
        return
    with pytest.raises(Invalid) as caught:
        mappings.load(str(path))
    assert f"line {line}" in caught.value.message
    assert said in caught.value.message


@pytest.mark.parametrize("name", mappings.SHIPPED)
def test_what_is_shipped_is_right(name: str) -> None:
    """IMP-1: the shipped mappings have no fault, and every one explains itself."""
    assert mappings.load(name).title
    assert mappings.text(name).startswith("# ")


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"x" * (2 << 20)])
def test_a_mapping_that_is_no_text(tmp_path: Path, raw: bytes) -> None:
    """IMP-1: a mapping that is no text, or far too long, is refused in words."""
    (tmp_path / "odd.toml").write_bytes(raw)
    for name in (str(tmp_path / "odd.toml"), str(tmp_path), str(tmp_path / "none.toml"), "nul\0"):
        with pytest.raises(Invalid):
            mappings.load(name)


def audit(at: str, by: int, *events: dict[str, Any]) -> dict[str, Any]:
    """One audit of a Zendesk ticket, at a time of March 2026."""
    return {"created_at": f"2026-03-{at}:00Z", "author_id": by, "events": list(events)}


def change(field: str, value: object, kind: str = "Change") -> dict[str, Any]:
    """A field that was set."""
    return {"type": kind, "field_name": field, "value": value}


def comment(body: str, *, public: bool = True) -> dict[str, Any]:
    """A comment."""
    return {"type": "Comment", "body": body, "public": public}


RITA, ANDY, JOE = 1, 2, 3
PEOPLE: Final = [
    {"id": RITA, "name": "Rita Requester", "email": "Rita@Acme.example", "role": "end-user"},
    {"id": ANDY, "name": "Andy Agent", "email": "andy@old.example", "role": "agent"},
    {"id": JOE, "name": "Joe", "email": "joe@acme.example", "role": "end-user"},
]
TICKET: Final[dict[str, Any]] = {
    "id": 35436,
    "via": {"channel": "email"},
    "created_at": "2026-03-02T09:00:00Z",
    "updated_at": "2026-03-06T09:00:00Z",
    "subject": "No tone",
    "description": "There is no tone at all.",
    "priority": "high",
    "status": "closed",
    "requester_id": RITA,
    "submitter_id": RITA,
    "organization_id": 7,
    "group_id": 98,
    "tags": ["voice", "vip"],
}
AUDITS: Final = [
    audit(
        "02T09:00",
        RITA,
        comment("There is no tone at all."),
        change("status", "new", "Create"),
        change("priority", None, "Create"),
        change("group_id", "98", "Create"),
    ),
    audit("02T09:30", ANDY, change("status", "open"), change("assignee_id", "2")),
    audit("02T09:40", ANDY, comment("ask him about the plug", public=False)),
    audit("02T10:00", ANDY, comment("Is it plugged in?"), change("status", "pending")),
    audit("03T09:00", JOE, comment("It is."), change("status", "open")),
    audit("03T09:10", ANDY, change("priority", "high")),
    audit("03T10:00", ANDY, comment("Mended."), change("status", "solved")),
    audit("03T11:00", RITA, comment("Not at all!"), change("status", "open")),
    audit("03T12:00", ANDY, change("status", "hold")),
    audit("04T10:00", ANDY, comment("Now it is."), change("status", "solved")),
    audit("06T09:00", -1, change("status", "closed"), {"type": "Notification", "body": "closed"}),
]
ANDYS, RITAS = "andy@old.example", "rita@acme.example"


def document(*tickets: dict[str, Any]) -> dict[str, Any]:
    """Tickets with what stands beside them."""
    beside = {
        "users": PEOPLE,
        "groups": [{"id": 98, "name": "Voice"}],
        "organizations": [{"id": 7, "name": "Acme Inc"}],
    }
    return {"tickets": list(tickets), "next_page": None, **beside}


@pytest.mark.parametrize("indent", [None, 1])
def test_a_zendesk_ticket_with_its_audits(office: Office, tmp_path: Path, indent: int | None) -> None:
    """IMP-1: each status at its time, the priority of the beginning, people, group and account by their ids."""
    file = tmp_path / "tickets.json"
    file.write_text(json.dumps(document({"ticket": {**TICKET, "audits": AUDITS}}), indent=indent))
    report = brought(office, file, "zendesk")
    assert (report.cases, report.refused, report.breaches) == (1, (), 0)
    assert told(office) == [
        ("02 09:00", RITAS, "opened", None),
        ("02 09:30", ANDYS, "assigned", None),
        ("02 09:30", ANDYS, "investigated", "open"),
        ("02 09:40", ANDYS, "commented", "ask him about the plug"),
        ("02 10:00", ANDYS, "asked", "Is it plugged in?"),
        ("03 09:00", "joe@acme.example", "commented", "It is."),
        ("03 09:10", ANDYS, "priority-changed", "changed at the other desk"),
        ("03 10:00", ANDYS, "proposed", "Mended."),
        ("03 11:00", RITAS, "commented", "Not at all!"),
        ("03 12:00", ANDYS, "investigated", "hold"),
        ("03 12:00", ANDYS, "commented", "hold"),
        ("04 10:00", ANDYS, "proposed", "Now it is."),
        ("06 09:00", "system", "closed", "closed"),
    ]
    opening = office.history(1)[0].event
    assert (opening.data["priority"], opening.data["group"], opening.via) == ("medium", "Voice", Via.EMAIL)
    case = office.case(1)
    assert (case.account, case.owner, case.description) == ("Acme Inc", ANDYS, "There is no tone at all.")
    assert office.clock(1, Metric.RESPONSE).met_at == office.history(1)[4].event.at
    with office.store.read() as record:
        names = [record.contact(RITAS), record.staff_member(ANDYS)]
    assert [one.name for one in names if one] == ["Rita Requester", "Andy Agent"]
    again = brought(office, file, "zendesk")
    assert (again.cases, again.known, again.events) == (0, 1, 0)
    assert office.differences() == []


def test_zendesk_tickets_of_the_full_export(office: Office, tmp_path: Path) -> None:
    """IMP-1: a ticket a line with comments, whose last times of the status are what is known; broken lines go."""
    embedded = {
        "requester": PEOPLE[0],
        "assignee": PEOPLE[1],
        "organization": {"id": 7, "name": "Acme Inc"},
        "group": {"id": 98, "name": "Voice"},
        "comments": [
            {
                "author_id": RITA,
                "body": "There is no tone at all.",
                "public": True,
                "created_at": "2026-03-02T09:00:00Z",
            },
            {"author_id": ANDY, "body": "Plugged in?", "public": True, "created_at": "2026-03-02T10:00:00Z"},
            {"author_id": ANDY, "body": "Surely not", "public": False, "created_at": "2026-03-02T10:01:00Z"},
            {"author_id": RITA, "body": "Oh.", "public": True, "created_at": "someday"},
        ],
        "metric_set": {"solved_at": "2026-03-04T10:00:00Z", "status_updated_at": "2026-03-05T10:00:00Z"},
    }
    lines = [
        json.dumps({"ticket": {**TICKET, **embedded}}),
        "{broken",
        json.dumps({"ticket": {**TICKET, **embedded, "id": 2, "status": "deleted"}}),
        json.dumps([1]),
    ]
    file = tmp_path / "export.json"
    file.write_text("\n".join(lines))
    report = brought(office, file, "zendesk")
    assert [line for line, _ in report.refused] == [1, 2, 3, 4]
    assert "ticket 35436, comments 4: created_at 'someday' is no time" in report.refused[0][1]
    assert [(at, kind) for at, _, kind, _ in told(office)] == [
        ("02 09:00", "opened"),
        ("02 10:00", "commented"),
        ("02 10:01", "commented"),
        ("04 10:00", "proposed"),
        ("05 10:00", "assigned"),
        ("05 10:00", "closed"),
    ]
    assert office.clock(1, Metric.RESTORATION).met_at == office.history(1)[5].event.at.replace(day=4, hour=10)


def test_zendesk_tickets_as_csv(office: Office, tmp_path: Path) -> None:
    """IMP-1: one row a ticket; the first reply, the solution and the end are its moments, in the given zone."""
    file = tmp_path / "view.csv"
    file.write_text(
        "Id,Requester,Requester email,Assignee,Group,Subject,Status,Priority,Via,Created at,Updated at,Solved at,"
        "First reply time in minutes,Organization\n"
        "101,Rita,rita@acme.example,Andy Agent,Voice,No tone,Closed,Urgent,Mail,2026-03-02 09:00,2026-03-06 09:00,"
        "2026-03-03 11:00,42,Acme Inc\n"
        "102,Bob,,,,Second,Open,-,Web form,2026-03-02 10:00,2026-03-02 10:30,,,\n"
        "103,Bob,,,,Third,Open,-,Web form,2026-03-02 10:00,2026-03-02 10:30,,x,\n"
    )
    report = brought(office, file, "zendesk", account="Rest", timezone="Europe/Berlin")
    assert (report.cases, [line for line, _ in report.refused]) == (3, [4])
    assert [(at, kind) for at, _, kind, _ in told(office)] == [
        ("02 08:00", "opened"),
        ("02 08:42", "commented"),
        ("03 10:00", "proposed"),
        ("06 08:00", "assigned"),
        ("06 08:00", "closed"),
    ]
    assert (office.case(1).priority, office.case(2).account) == (Priority.CRITICAL, "Rest")
    assert office.kinds(1, Kind.CLOCK_BREACHED)[0] == "2026-03-02 08:15 clock-breached"
    assert office.differences() == []


def test_an_agent_who_asked_himself(office: Office, tmp_path: Path) -> None:
    """IMP-1: whoever is requester and assignee of a ticket is a customer and, under another address, an agent."""
    file = tmp_path / "own.json"
    file.write_text(
        json.dumps(document({**TICKET, "requester_id": ANDY, "assignee_id": ANDY, "audits": AUDITS[1:2]}))
    )
    brought(office, file, "zendesk")
    case = office.case(1)
    assert (case.contact, case.owner) == (ANDYS, "andy-old-example-staff@import.invalid")


STEPS: Final = st.fixed_dictionaries(
    {
        "When": st.integers(0, 12).map(lambda days: str(1_772_442_000 + days * 40_000)),
        "By": st.sampled_from(["rita@new.example", "sam@old.example", "robot", "joe@new.example", ""]),
        "Role": st.sampled_from(["", "client"]),
        "State": st.sampled_from(
            ["fresh", "busy", "asked", "asked again", "answered", "works", "done", "dropped", "passed"]
        ),
        "Said": st.sampled_from(["", "Hello", "Goodbye"]),
        "Public": st.sampled_from(["", "no"]),
        "Urgency": st.sampled_from(["", "top", "other"]),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(STEPS, min_size=1, max_size=9),
    cut=st.integers(0, 8),
    sla=st.sampled_from(["opened", "now", "none"]),
)
def test_any_history_can_be_told(
    template: Config, tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str]], cut: int, sla: str
) -> None:
    """IMP-1, STAT-4: states, words and sides in any order become events that the rules allow."""
    folder = tmp_path_factory.mktemp("told")
    office = copied(template, folder)
    for some in (steps[: cut + 1], steps):
        report = brought(office, rows(folder, *some), mine(folder), sla=sla)
        assert report.refused == ()
    assert office.differences() == []
    office.tick("2026-03-10 10:00")
    assert office.differences() == []
    office.store.close()


def test_pages_of_an_api_a_line_each(office: Office, tmp_path: Path) -> None:
    """IMP-1: answers of an API as JSON lines, tickets and who they name on each; who comes later is known too."""
    pages = (document(TICKET), document({**TICKET, "id": 2, "requester_id": 4}))
    pages[1]["users"] = [{"id": 4, "name": "Zoe", "email": "zoe@acme.example", "role": "end-user"}]
    file = tmp_path / "pages.jsonl"
    file.write_text("".join(f"{json.dumps(page)}\n" for page in pages))
    assert brought(office, file, "zendesk").cases == 2
    assert [office.case(number).contact for number in (1, 2)] == [RITAS, "zoe@acme.example"]


def test_a_ticket_that_comes_twice_in_a_file(office: Office, tmp_path: Path) -> None:
    """IMP-1: the last state of a ticket in a file counts: told as it stood earlier it would breach too much."""
    file = tmp_path / "twice.jsonl"
    first = {**TICKET, "audits": AUDITS[:2], "status": "open"}
    file.write_text("".join(f"{json.dumps({'ticket': one})}\n" for one in (first, {**TICKET, "audits": AUDITS})))
    trial = brought(office, file, "zendesk", account="Rest", dry_run=True)
    report = brought(office, file, "zendesk", account="Rest")
    assert trial._replace(dry_run=False) == report
    assert (report.cases, report.known, report.breaches) == (1, 0, 0)
    assert office.case(1).closed
    assert office.differences() == []
