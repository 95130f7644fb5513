"""The story of a desk from its first day, told with the commands that people type."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import INSTANT, TEXT, Who, care

ADA, BEN = "ada@desk.example", "ben@desk.example"
DANA, OMAR = "dana@abc.example", "omar@abc.example"
ACCOUNT = "ABC Testing Co"

CASE = {
    "number": str,
    "type": str,
    "subtype": str,
    "stage": str,
    "subject": str,
    "description": str,
    "impact": str,
    "account": str,
    "plan": str,
    "deployment": str,
    "service": str,
    "component": (str, type(None)),
    "contact": str,
    "owner": (str, type(None)),
    "group": str,
    "priority": str,
    "severity": int,
    "status": str,
    "substatus": str,
    "escalated": bool,
    "opened_at": str,
    "modified_at": str,
    "closed_at": (str, type(None)),
    "closed_by": (str, type(None)),
    "via": str,
    "clocks": list,
    "followup": (dict, type(None)),
    "links": list,
}
CLOCK = {
    "metric": str,
    "cycle": int,
    "target": str,
    "state": str,
    "started_at": str,
    "due_at": str,
    "warn_at": str,
    "met_at": (str, type(None)),
    "breached_at": (str, type(None)),
    "used_s": int,
}
FOLLOWUP = {"round": int, "requested_at": str, "stage": int, "next_at": (str, type(None))}
TICK = {
    "now": str,
    "last_tick_at": (str, type(None)),
    "fired": int,
    "followups": list,
    "closed": list,
    "breaches": list,
    "warnings": list,
    "deadlines": list,
    "mail": dict,
    "next_due_at": (str, type(None)),
}
BREACH = {
    "number": str,
    "metric": str,
    "priority": str,
    "account": str,
    "owner": (str, type(None)),
    "due_at": str,
    "overdue_s": int,
    "new": bool,
}
WARNING = {"number": str, "metric": str, "due_at": str, "left_s": int}
SENT = {"number": str, "stage": int, "due_at": str, "contact": str, "action": str}
STATES = {"running", "paused", "met", "breached", "cancelled"}


def check(document: dict[str, Any], shape: dict[str, Any]) -> None:
    """A document has the contract's keys with values of their types; instants, lengths and numbers as agreed."""
    assert shape.keys() <= document.keys()
    for key, kind in shape.items():
        assert isinstance(document[key], kind), (key, document[key])
        if kind is int:
            assert not isinstance(document[key], bool), key
    for key, value in _all_values(document):
        if key.endswith("_at") and value is not None:
            assert INSTANT.fullmatch(value), (key, value)
        if key.endswith("_s") and value is not None:
            assert type(value) is int, (key, value)
        if key == "number":
            assert re.fullmatch(r"\d{10}", value), value


def _all_values(document: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield key, value
            if key != "data":
                yield from _all_values(value)
    elif isinstance(document, list):
        for value in document:
            yield from _all_values(value)


def check_case(case: dict[str, Any]) -> dict[str, Any]:
    """A case as CLI.md draws it."""
    check(case, CASE)
    assert list(case)[: len(CASE)] == list(CASE)
    for clock in case["clocks"]:
        check(clock, CLOCK)
        assert clock["state"] in STATES
    if case["followup"] is not None:
        check(case["followup"], FOLLOWUP)
    return case


def check_tick(report: dict[str, Any]) -> dict[str, Any]:
    """A tick's report as CLI.md draws it."""
    check(report, TICK)
    for shape, name in ((BREACH, "breaches"), (WARNING, "warnings"), (SENT, "followups")):
        for one in report[name]:
            check(one, shape)
    assert {"queued", "sent", "failed"} <= report["mail"].keys()
    assert all(type(count) is int for count in report["mail"].values())
    assert all(re.fullmatch(r"\d{10}", number) for number in report["closed"])
    return report


@pytest.fixture
def abc(tmp_path: Path) -> str:
    """A desk as `care init` and its admin make it: New York, weekdays 9 to 5."""
    database = str(tmp_path / "desk.db")
    ada = Who(database, ADA, "2026-03-02T13:00:00Z")
    config = ("--config", str(tmp_path / "config.toml"))
    made = care(
        *("--db", database, "--now", ada.now, *config, "init", "--email", ADA, "--name", "Ada Park"),
        *("--timezone", "America/New_York", "--json"),
    ).json
    assert made["staff"]["email"] == ADA
    assert made["staff"]["role"] == "admin"
    staff = ada.json("staff", "add", BEN, "--name", "Ben Ito", "--role", "agent", "--product-group", "Voice")
    assert (staff["email"], staff["role"]) == (BEN, "agent")
    account = ada.json(
        *("account", "add", ACCOUNT, "--plan", "business-care", "--timezone", "America/New_York"),
        *("--hours", "Mon-Fri 09:00-17:00", "--deployment", "East", "--service", "Voice"),
    )
    assert (account["name"], account["plan"]) == (ACCOUNT, "business-care")
    for email in (DANA, OMAR):
        contact = ada.json("contact", "add", email, "--account", ACCOUNT, "--access", "read-write", "--trained")
        assert (contact["email"], contact["access"], contact["trained"]) == (email, "read-write", True)
    return database


def opened(database: str, now: str = "2026-03-02T14:30:00Z") -> dict[str, Any]:
    """Dana opens a case at 09:30 on a Monday."""
    dana = Who(database, DANA, now)
    return check_case(
        dana.json(
            *("open", "-s", "Calls drop", "--deployment", "East", "--service", "Voice", "--stage", "production"),
            *("--priority", "high", "-m", TEXT, "--impact", "Agents call back by hand."),
        )
    )


def clocks(case: dict[str, Any]) -> dict[str, str]:
    """The state of each clock of the first cycle."""
    return {clock["metric"]: clock["state"] for clock in case["clocks"] if clock["cycle"] == 1}


def test_a_case_is_opened(abc: str) -> None:
    """CLI: `open` returns the case with three clocks, its due times counted in the account's business time."""
    case = opened(abc)
    assert (case["number"], case["status"], case["substatus"]) == ("0000000001", "open", "new")
    assert (case["severity"], case["via"], case["group"]) == (2, "portal", "Voice")
    assert (case["account"], case["contact"], case["owner"]) == (ACCOUNT, DANA, None)
    assert case["opened_at"] == case["modified_at"] == "2026-03-02T14:30:00Z"
    assert (case["closed_at"], case["closed_by"], case["followup"], case["links"]) == (None, None, None, [])
    due = {clock["metric"]: (clock["target"], clock["due_at"]) for clock in case["clocks"]}
    assert due == {
        "response": ("2bh", "2026-03-02T16:30:00Z"),
        "restoration": ("2bd", "2026-03-04T14:30:00Z"),
        "resolution": ("15bd", "2026-03-23T13:30:00Z"),  # 09:30 in summer time
    }
    assert all(clock["started_at"] == "2026-03-02T14:30:00Z" for clock in case["clocks"])
    assert {clock["used_s"] for clock in case["clocks"]} == {0}


def test_from_question_to_proposal(abc: str) -> None:
    """STAT-3: update, ask, the contact's answer and propose move the status, and each returns the case."""
    opened(abc)
    ben, dana = Who(abc, BEN), Who(abc, DANA)
    case = check_case(ben.at("2026-03-02T15:00:00Z").json("update", "1", "-m", "We are looking into it."))
    assert (case["status"], case["substatus"], clocks(case)["response"]) == ("open", "investigation", "met")
    case = check_case(ben.at("2026-03-02T15:30:00Z").json("ask", "1", "-m", "Please send two call traces."))
    assert (case["status"], case["substatus"]) == ("awaiting-info", "info-required-from-customer")
    assert clocks(case) == {"response": "met", "restoration": "paused", "resolution": "paused"}
    assert case["followup"] == case["followup"] | {
        "round": 1,
        "requested_at": "2026-03-02T15:30:00Z",
        "stage": 0,
        "next_at": "2026-03-04T15:30:00Z",
    }
    case = check_case(dana.at("2026-03-02T18:00:00Z").json("update", "1", "-m", "Here: 7781 and 7790."))
    assert (case["status"], case["substatus"], case["followup"]) == ("open", "customer-responded", None)
    assert clocks(case)["restoration"] == "running"
    case = check_case(ben.at("2026-03-02T20:00:00Z").json("propose", "1", "-m", "The trunk has new firmware."))
    assert (case["status"], case["substatus"]) == ("solution-proposed", "solution-proposed")
    assert clocks(case) == {"response": "met", "restoration": "met", "resolution": "met"}
    assert case["followup"]["round"] == 2
    assert case["modified_at"] == "2026-03-02T20:00:00Z"


def proposed(database: str) -> None:
    """A case that waits for an answer since Monday, 15:00 in New York."""
    opened(database)
    Who(database, BEN, "2026-03-02T20:00:00Z")("propose", "1", "-m", "The trunk has new firmware.")


LADDER = (  # two, five and ten business days on; the clocks change on the 8th
    ("2026-03-04T20:00:00Z", 1, "reminder"),
    ("2026-03-09T19:00:00Z", 2, "reminder"),
    ("2026-03-16T19:00:00Z", 3, "close"),
)


def test_two_reminders_and_the_close(abc: str) -> None:
    """FU-1: the tick reminds after two and five business days and closes after ten, each at its own time."""
    proposed(abc)
    last: str | None = None
    for due, stage, action in LADDER:
        report = check_tick(Who(abc, "system", due).json("tick"))
        assert (report["now"], report["last_tick_at"]) == (due, last)
        (sent,) = report["followups"]
        assert sent == sent | {
            "number": "0000000001",
            "stage": stage,
            "due_at": due,
            "contact": DANA,
            "action": action,
        }
        assert report["closed"] == (["0000000001"] if action == "close" else [])
        assert report["mail"]["failed"] == 0
        last = due
    case = check_case(Who(abc, DANA, LADDER[-1][0]).json("show", "1"))
    assert (case["status"], case["substatus"]) == ("closed", "resolved")
    assert (case["closed_at"], case["closed_by"], case["followup"]) == (last, "auto-follow-up", None)


def test_a_second_earlier_nothing_is_due(abc: str) -> None:
    """FU-4: no stage fires before its time, and a second tick at the same moment repeats nothing."""
    proposed(abc)
    assert Who(abc, "system", "2026-03-04T19:59:59Z").json("tick")["followups"] == []
    assert len(Who(abc, "system", "2026-03-04T20:00:00Z").json("tick")["followups"]) == 1
    assert Who(abc, "system", "2026-03-04T20:00:00Z").json("tick")["followups"] == []


def test_after_the_close_only_the_phone_reopens(abc: str) -> None:
    """REO-2: the contact is refused with the phone number, staff reopen it `--via phone`."""
    proposed(abc)
    for due, _, _ in LADDER:
        Who(abc, "system", due)("tick", "--json")
    dana, ben = Who(abc, DANA, "2026-03-17T15:00:00Z"), Who(abc, BEN, "2026-03-17T15:00:00Z")
    refused = dana("--json", "reopen", "1", "-m", "It drops again since this morning.")
    assert refused.status == 5
    assert (refused.error["code"], refused.error["rule"]) == ("refused", "REO-2")
    assert "phone" in refused.error["message"]
    assert "call" in refused.error["hint"]
    case = check_case(ben.json("reopen", "1", "--via", "phone", "-m", "Dana called: it drops again."))
    assert (case["status"], case["substatus"]) == ("open", "customer-responded")
    assert (case["closed_at"], case["closed_by"]) == (None, None)
    cycles = [(clock["metric"], clock["cycle"], clock["state"]) for clock in case["clocks"]]
    assert ("response", 2, "running") in cycles
    last = ben.json("log", "1")["events"][-1]
    assert last == last | {"kind": "reopened", "via": "phone", "actor": DANA}


def test_the_log_of_the_whole_story(abc: str) -> None:
    """CLI: `log N` returns every event oldest first, `seq` counting on, with the contract's kinds."""
    proposed(abc)
    for due, _, _ in LADDER:
        Who(abc, "system", due)("tick", "--json")
    log = Who(abc, ADA, "2026-03-17T15:00:00Z").json("log", "1")
    assert list(log) == ["number", "events"]
    assert log["number"] == "0000000001"
    kinds = [event["kind"] for event in log["events"] if not event["kind"].startswith("clock-")]
    assert kinds == ["opened", "proposed", *["follow-up-sent"] * 3, "closed"]
    assert [event["seq"] for event in log["events"]] == sorted({event["seq"] for event in log["events"]})
    assert [event["at"] for event in log["events"]] == sorted(event["at"] for event in log["events"])
    for event in log["events"]:
        assert set(event) >= {"seq", "at", "actor", "via", "kind", "visibility", "data"}
        assert INSTANT.fullmatch(event["at"])


def test_a_breach_is_new_once(abc: str) -> None:
    """CLI: `breaches` lists what stands breached and unmet, overdue in seconds, marked new by the first tick."""
    opened(abc)
    system = Who(abc, "system")
    report = check_tick(system.at("2026-03-02T17:00:00Z").json("tick"))
    (breach,) = report["breaches"]
    assert breach == breach | {
        "number": "0000000001",
        "metric": "response",
        "priority": "high",
        "account": ACCOUNT,
        "owner": None,
        "due_at": "2026-03-02T16:30:00Z",
        "overdue_s": 1800,
        "new": True,
    }
    (again,) = system.at("2026-03-02T18:00:00Z").json("tick")["breaches"]
    assert (again["new"], again["overdue_s"]) == (False, 5400)
    Who(abc, BEN, "2026-03-02T18:30:00Z")("update", "1", "-m", "We are looking into it.")
    assert system.at("2026-03-02T18:40:00Z").json("tick")["breaches"] == []
    response = Who(abc, DANA, "2026-03-02T18:40:00Z").json("show", "1")["clocks"][0]
    assert (response["state"], response["met_at"]) == ("breached", "2026-03-02T18:30:00Z")
    assert response["breached_at"] == "2026-03-02T16:30:00Z"


def test_a_warning_before_the_breach(abc: str) -> None:
    """SLA-7: at three quarters of its target a clock warns, with what is left in seconds."""
    opened(abc)
    (warning,) = check_tick(Who(abc, "system", "2026-03-02T16:05:00Z").json("tick"))["warnings"]
    assert warning == warning | {"number": "0000000001", "metric": "response", "left_s": 1500}
