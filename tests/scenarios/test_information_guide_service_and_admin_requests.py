"""The portal's information guide: service requests answered in 48 hours; access, profile and login requests."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cli.acceptance import Who, care

ADA, BEN = "ada@desk.example", "ben@desk.example"
EVA, JAN = "eva@donau.example", "jan@donau.example"
ACCOUNT = "Donau Versand"
# Vienna goes back to winter time on Sunday, 25 October 2026; Monday the 26th is the Austrian national day.
FRIDAY = "2026-10-23T13:00:00Z"
"""15:00 CEST."""


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in Vienna that answers change requests within 48 hours; Jan may only read."""
    database, policy = str(tmp_path / "desk.db"), tmp_path / "ours.toml"
    policy.write_text('name = "ours"\n[sr]\ndecision = "48h"\n')
    before = ("--db", database, "--now", "2026-10-19T08:00:00Z")
    hours = ("--timezone", "Europe/Vienna", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "AT")
    set_up = ("init", "--email", ADA, "--name", "Ada Park", *hours, "--policy", str(policy))
    assert care(*before, *set_up).status == 0
    ada = Who(database, ADA, "2026-10-19T09:00:00Z")
    ada.json("staff", "add", BEN, "--role", "agent")
    ada.json("account", "add", ACCOUNT, "--plan", "care", "--deployment", "Wien", "--service", "Voice")
    ada.json("contact", "add", EVA, "--account", ACCOUNT, "--trained")
    ada.json("contact", "add", JAN, "--account", ACCOUNT, "--access", "read-only")
    return {email: Who(database, email, FRIDAY) for email in (ADA, BEN, EVA, JAN, "system")}


def test_a_change_request_is_answered_in_48_hours(desk: Mapping[str, Who]) -> None:
    """SR-1, CAL-3: by policy in plain hours: weekend, holiday and the hour that comes twice count too."""
    where = (
        "--type",
        "service-request",
        "--subtype",
        "change-request",
        "--deployment",
        "Wien",
        "--service",
        "Voice",
    )
    wish = "Please update the routing so that calls in Czech reach the team in Brno first."
    what = ("--priority", "low", "-s", "Route Czech calls", "-m", wish, "--field", "change=change")
    case = desk[EVA].json("open", *where, *what)
    # 48 hours on from Friday 15:00 CEST it is Sunday 14:00 CET: 13:00Z on both days.
    assert [(one["kind"], one["target"], one["due_at"]) for one in case["deadlines"]] == [
        ("acknowledgement", "1bd", "2026-10-27T14:00:00Z"),
        ("decision", "48h", "2026-10-25T13:00:00Z"),
    ]
    tick = desk["system"].at("2026-10-25T13:00:00Z").json("tick")
    assert [late["kind"] for late in tick["deadlines"]] == ["decision"]


@pytest.mark.parametrize(
    ("subtype", "field"),
    [("password-reset", "login=eva"), ("new-project", "project=A second warehouse")],
)
def test_other_service_requests(desk: Mapping[str, Who], subtype: str, field: str) -> None:
    """SR-1: a password reset or a new project is worked on at once, and complete with a mail to who asked."""
    where = ("--type", "service-request", "--subtype", subtype, "--deployment", "Wien", "--service", "Voice")
    wish = "Please see to this for the colleagues in the second warehouse as soon as you can."
    number = desk[EVA].json("open", *where, "--priority", "low", "-s", "A wish", "-m", wish, "--field", field)[
        "number"
    ]
    desk[BEN].json("investigate", number)
    done = desk[BEN].json("request", "complete", number, "-m", "Done.")
    assert (done["status"], done["substatus"], done["request"], done["deadlines"]) == (
        "closed",
        "resolved",
        None,
        [],
    )
    assert desk[BEN].json("mail", "outbox", number)["mail"][0]["kind"] == "request-completed"


def wish(desk: Mapping[str, Who], subtype: str, *fields: str) -> str:
    """An admin case of Eva's."""
    words = [word for field in fields for word in ("--field", field)]
    text = "Jan is to stand in for me from November on and needs this for his work."
    number: str = desk[EVA].json(
        "open", "--type", "admin", "--subtype", subtype, "-s", subtype, "-m", text, *words
    )["number"]
    return number


def test_another_access_level_is_asked_for_and_approved(desk: Mapping[str, Who]) -> None:
    """ADM-1: asked back on the Friday, answered after the holiday, approved: Jan may open cases from then on."""
    form = (
        "--type",
        "admin",
        "-s",
        "Mine",
        "-m",
        "I cannot see where the bills of the last quarter are to be found.",
    )
    assert desk[JAN]("open", *form).status == 4
    number = wish(desk, "access-level", f"person={JAN}", "access=read-write")
    desk[ADA].json("ask", number, "-m", "Has he had the training?")
    # Two business days on from Friday 15:00 CEST: Wednesday the 28th, 15:00 CET.
    assert desk[EVA].json("show", number)["followup"]["next_at"] == "2026-10-28T14:00:00Z"
    assert desk["system"].at("2026-10-28T13:59:00Z").json("tick")["followups"] == []
    sent = desk["system"].at("2026-10-28T14:00:00Z").json("tick")["followups"]
    assert [(one["number"], one["stage"], one["action"]) for one in sent] == [(number, 1, "reminder")]
    eva = desk[EVA].at("2026-10-28T15:00:00Z")
    assert eva.json("update", number, "-m", "On the 21st, yes.")["substatus"] == "customer-responded"
    desk[ADA].at("2026-10-29T09:00:00Z").json("approve", number, "-m", "Welcome, Jan.")
    assert desk[JAN].at("2026-10-29T10:00:00Z").json("open", *form)["contact"] == JAN
    assert desk[ADA].at("2026-10-29T10:00:00Z")("verify").status == 0


def test_profile_and_login(desk: Mapping[str, Who]) -> None:
    """ADM-1: contact data and a forgotten PIN are applied; a broken login is answered by people."""
    ada = desk[ADA].at("2026-10-27T09:00:00Z")
    ada.json("approve", wish(desk, "contact-data", "phone=+43 1 5550100"))
    ada.json("approve", wish(desk, "pin-reset", f"person={JAN}"))
    phones = {one["email"]: one["phone"] for one in desk[EVA].json("contact", "list")["contacts"]}
    assert phones == {EVA: "+43 1 5550100", JAN: None}
    login = wish(desk, "login")
    assert ada("approve", login).status == 5
    assert ada.json("propose", login, "-m", "Please try the new link.")["status"] == "solution-proposed"
    assert desk[EVA].at("2026-10-27T10:00:00Z").json("accept", login)["substatus"] == "resolved"
