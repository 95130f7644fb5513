"""`care maintenance`: windows to come, one moved, one announced, and cases opened in one (MNT-1)."""

from pathlib import Path

import pytest
from cli.acceptance import Who, care, plain, terminal
from icalendar import Calendar

ADA, BEN = "ada@desk.example", "ben@desk.example"
PIA, PIT, LEO = "pia@premier.example", "pit@premier.example", "leo@other.example"
TUESDAY = "2026-03-24T03:00:00Z"
"""Monday, 22:00 or 23:00 in New York, 04:00 in Madrid; the clocks of Madrid change on Sunday the 29th."""
INSIDE = "2026-03-25T04:00:00Z"
"""In the window of Tuesday, 22:00 EDT to 05:00."""
LINES = (
    *("-s", "Chats drop", "--deployment", "East", "--stage", "production", "--priority", "high"),
    *("-m", "Since this morning about one in five chats drops when an agent transfers it."),
    *("--impact", "Agents write back by hand."),
)


@pytest.fixture
def desk(tmp_path: Path) -> dict[str, Who]:
    """A desk in New York with an account in Madrid that has two products and a service of none."""
    database = str(tmp_path / "desk.db")
    care(
        "--db",
        database,
        "--now",
        TUESDAY,
        "init",
        "--email",
        ADA,
        "--name",
        "Ada",
        "--timezone",
        "America/New_York",
    )
    ada = Who(database, ADA, TUESDAY)
    ada.json("staff", "add", BEN, "--role", "agent")
    services = [word for name in ("Premier Edition", "Business Edition", "Voice") for word in ("--service", name)]
    ada.json(
        "account",
        "add",
        "Premier Co",
        "--plan",
        "business-care",
        "--timezone",
        "Europe/Madrid",
        "--deployment",
        "East",
        *services,
    )
    ada.json("account", "add", "Other Co", "--deployment", "Main", "--service", "Voice")
    ada.json("contact", "add", PIA, "--account", "Premier Co", "--trained")
    ada.json("contact", "add", PIT, "--account", "Premier Co", "--access", "read-only")
    ada.json("contact", "add", LEO, "--account", "Other Co", "--trained")
    return {email: Who(database, email, TUESDAY) for email in (ADA, BEN, PIA, PIT, LEO)}


def test_the_windows_of_an_account(desk: dict[str, Who]) -> None:
    """MNT-1: a contact is told the windows of the account's services, local ones in the account's own time."""
    told = desk[PIA].json("maintenance", "--within", "9d")
    assert (told["account"], told["without_windows"]) == ("Premier Co", ["Voice"])
    assert [(one["services"], one["starts_at"], one["ends_at"], one["zone"]) for one in told["windows"]] == [
        (["Business Edition"], "2026-03-24T17:00:00Z", "2026-03-24T23:00:00Z", "Europe/Madrid"),
        (["Premier Edition"], "2026-03-25T02:00:00Z", "2026-03-25T09:00:00Z", "America/New_York"),
        (["Premier Edition"], "2026-03-26T02:00:00Z", "2026-03-26T09:00:00Z", "America/New_York"),
        (["Business Edition"], "2026-03-26T17:00:00Z", "2026-03-26T23:00:00Z", "Europe/Madrid"),
        (["Premier Edition"], "2026-03-27T02:00:00Z", "2026-03-27T09:00:00Z", "America/New_York"),
        # Behind the change of the clocks in Madrid the local window begins an hour earlier in UTC.
        (["Business Edition"], "2026-03-31T16:00:00Z", "2026-03-31T22:00:00Z", "Europe/Madrid"),
        (["Premier Edition"], "2026-04-01T02:00:00Z", "2026-04-01T09:00:00Z", "America/New_York"),
    ]


def test_what_is_going_on(desk: dict[str, Who]) -> None:
    """MNT-1: a window that has begun is told whole, and that it is going on."""
    first = desk[PIA].at(INSIDE).json("maintenance", "--service", "premier edition")["windows"][0]
    assert (first["going_on"], first["starts_at"], first["length_s"]) == (True, "2026-03-25T02:00:00Z", 7 * 3_600)


def test_staff_see_every_product(desk: dict[str, Who]) -> None:
    """MNT-1: staff who ask for no account see every product, or with --account an account's services."""
    told = desk[BEN].json("maintenance")
    assert (told["account"], {one["account"] for one in told["windows"]}) == (None, {None})
    assert len({one["product"] for one in told["windows"]}) == 5
    assert desk[BEN].json("maintenance", "--account", "Premier Co") == desk[PIA].json("maintenance")
    assert "customers' own time" in plain(
        terminal(*desk[BEN].options, "maintenance", "--no-pager", columns=120).out
    )


def test_another_account(desk: dict[str, Who]) -> None:
    """DC-3: another account answers as one that does not exist; a service that is not there names near ones."""
    other, none = (desk[LEO]("maintenance", "--account", name).refused(3) for name in ("Premier Co", "Nobody Co"))
    assert other.replace("Premier Co", "Nobody Co") == none
    assert "did you mean Premier Edition" in desk[PIA]("maintenance", "--service", "Premier Edtion").refused(3)


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("--within", "500d"), 2),
        (("--within", "soon"), 2),
        (("--format", "ics", "--fields", "product"), 2),
    ],
)
def test_what_cannot_be_told(desk: dict[str, Who], args: tuple[str, ...], status: int) -> None:
    """MNT-1: an amount that means nothing, or what a calendar file has not, is one message."""
    desk[PIA]("maintenance", *args).refused(status)


def test_on_a_terminal(desk: dict[str, Who]) -> None:
    """MNT-1: at 80 columns each window stands on a line of its own, in the viewer's zone."""
    screen = plain(terminal(*desk[PIA].options, "maintenance", "--within", "3d", "--no-pager").out)
    lines = [line.rstrip() for line in screen.splitlines()]
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("2026-03-25 03:00  2026-03-25 10:00  Premier Edition") for line in lines)
    assert "no windows are planned for Voice" in lines


def test_a_calendar_file(desk: dict[str, Who], tmp_path: Path) -> None:
    """MNT-1: windows as iCalendar are read by another program, and the same window keeps its name."""
    file = tmp_path / "windows.ics"
    assert desk[PIA]("maintenance", "--within", "3d", "--output", str(file)).status == 0
    printed = desk[PIA]("maintenance", "--within", "3d", "--format", "ics").out
    raw = file.read_bytes()
    assert raw.decode() == printed
    # RFC 5545: lines end in CR LF and hold 75 bytes at most.
    assert all(line.endswith(b"\r") for line in raw.split(b"\n")[:-1])
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    events = Calendar.from_ical(raw).walk("VEVENT")
    rows = desk[PIA].json("maintenance", "--within", "3d")["windows"]
    spans = [f"{event.decoded('dtstart'):%Y-%m-%dT%H:%M:%SZ}" for event in events]
    assert spans == [row["starts_at"] for row in rows]
    assert [f"{event.decoded('dtend'):%Y-%m-%dT%H:%M:%SZ}" for event in events] == [row["ends_at"] for row in rows]
    later = Calendar.from_ical(desk[PIA].at(INSIDE)("maintenance", "--within", "1d", "--format", "ics").out)
    names = {str(event["uid"]) for event in events}
    assert len(names) == len(events)
    assert {str(event["uid"]) for event in later.walk("VEVENT")} <= names


def test_hostile_names_in_a_calendar_file(desk: dict[str, Who], tmp_path: Path) -> None:
    """MNT-1: what a policy or an account is called ends no line of a calendar file."""
    policy = tmp_path / "hostile.toml"
    policy.write_text(
        'name = "hostile"\n[products.x]\ntitle = "X\\r\\nBEGIN:VALARM\\u001b[31m;,\\\\"\n'
        'services = ["Voice"]\nphones = []\n'
        'maintenance = "Wed 01:00-02:00"\nmaintenance_zone = "UTC"\n'
    )
    desk[ADA].json("init", "--policy", str(policy))
    raw = desk[LEO]("maintenance", "--format", "ics").out
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert "BEGIN:VALARM" not in raw.replace("\r\n", "\n").split("\n")
    assert "\x1b" not in raw
    assert "X" in str(event["description"])


def test_a_case_opened_in_a_window(desk: dict[str, Who]) -> None:
    """MNT-1: a case opened while its service is worked on says so, at once, on its page, and for good."""
    inside = desk[PIA].at(INSIDE)
    opened = inside("open", *LINES, "--service", "Premier Edition")
    assert "opened during planned maintenance of Premier Edition" in opened.err
    assert "until 2026-03-25 10:00 CET" in opened.err
    window = {
        "product": "Premier Edition, with Self-Service",
        "starts_at": "2026-03-25T02:00:00Z",
        "ends_at": "2026-03-25T09:00:00Z",
        "zone": "America/New_York",
    }
    later = desk[PIA].at("2026-03-30T09:00:00Z")
    assert later.json("show", "1")["maintenance"] == window
    assert "Opened during maintenance" in later("show", "1").out
    assert desk[ADA].json("verify")["differences"] == []


@pytest.mark.parametrize(
    ("service", "now"), [("Premier Edition", TUESDAY), ("Business Edition", INSIDE), ("Voice", INSIDE)]
)
def test_a_case_opened_in_none(desk: dict[str, Who], service: str, now: str) -> None:
    """MNT-1: before a window, or in that of another service, a case says nothing of maintenance."""
    opened = desk[PIA].at(now)("open", *LINES, "--service", service)
    assert "maintenance" not in opened.err
    assert desk[PIA].json("show", "1")["maintenance"] is None


def test_a_case_opened_in_announced_maintenance(desk: dict[str, Who]) -> None:
    """MNT-1: maintenance that no window planned is told at an opening too, from its first second to its last."""
    span = ("--from", "2026-03-24T10:00:00Z", "--to", "2026-03-24T12:00:00Z")
    desk[BEN].json("maintenance", "announce", "Business Edition", *span, "-m", "A disk has to be changed.")
    about = ("--service", "Business Edition")
    edges = {"09:59:59": False, "10:00:00": True, "11:59:59": True, "12:00:00": False}
    for number, (time, inside) in enumerate(edges.items(), 1):
        opened = desk[PIA].at(f"2026-03-24T{time}Z")("open", *LINES, *about)
        assert ("opened during the maintenance that SA-0001 announces" in opened.err) is inside, time
        assert (desk[PIA].json("show", str(number))["maintenance"] is not None) is inside, time
    other = desk[LEO].at("2026-03-24T11:00:00Z")
    lines = [word if word != "East" else "Main" for word in LINES]
    assert "maintenance" not in other("open", *lines, "--service", "Voice").err
    assert desk[PIA].json("show", "2")["maintenance"] == {
        "product": "Unplanned maintenance of Business Edition",
        "starts_at": "2026-03-24T10:00:00Z",
        "ends_at": "2026-03-24T12:00:00Z",
        "zone": "America/New_York",
        "advisory": "SA-0001",
    }
    assert "Opened during maintenance" in desk[PIA]("show", "2").out
    assert desk[ADA].json("verify")["differences"] == []


def test_asking_to_move_a_window(desk: dict[str, Who]) -> None:
    """MNT-1: asking to move a window opens a change request, which is answered within its promise (SR-1)."""
    args = ("reschedule", "premier edition", "-m", "Our campaign begins that night.", "--to", "Sunday night")
    case = desk[PIA].json("maintenance", *args)
    assert (case["type"], case["subtype"], case["service"], case["contact"]) == (
        "service-request",
        "change-request",
        "Premier Edition",
        PIA,
    )
    assert case["fields"] == {
        "change": "move",
        "maintenance_from": "2026-03-25T02:00:00Z",
        "maintenance_to": "2026-03-25T09:00:00Z",
        "maintenance_wanted": "Sunday night",
    }
    assert case["subject"] == "Move maintenance of Premier Edition on 2026-03-25 03:00 CET"
    assert {one["kind"] for one in case["deadlines"]} == {"acknowledgement", "decision"}
    by_staff = desk[BEN].json(
        "maintenance", "reschedule", "Premier Edition", "-m", "x", "--contact", PIA, "--window", "2026-03-27"
    )
    assert (by_staff["contact"], by_staff["via"]) == (PIA, "phone")
    assert by_staff["fields"]["maintenance_from"] == "2026-03-27T02:00:00Z"
    assert desk[ADA].json("verify")["differences"] == []


def test_windows_that_nobody_moves(desk: dict[str, Who]) -> None:
    """MNT-1: a window that has begun, or that there is not, cannot be moved; nor may everybody ask."""
    ask = ("maintenance", "reschedule")
    assert "begun" in desk[PIA].at(INSIDE)(*ask, "Premier Edition", "-m", "x", "--window", INSIDE).refused(5)
    assert "no maintenance of Voice" in desk[PIA](*ask, "Voice", "-m", "x").refused(5)
    desk[PIA](*ask, "Chat", "-m", "x").refused(3)
    desk[PIT](*ask, "Premier Edition", "-m", "x").refused(4)
    desk[BEN](*ask, "Premier Edition", "-m", "x").refused(2)
    assert desk[PIA].json("list", "--group")["total"] == 0


def test_announcing_maintenance(desk: dict[str, Who]) -> None:
    """MNT-1: unplanned maintenance is published to the accounts with the service, and to no other."""
    span = ("--from", "2026-03-24 22:00", "--to", "2026-03-25 01:00")
    args = ("announce", "premier edition", *span, "-m", "A disk is changed.")
    told = desk[BEN].json("maintenance", *args)
    assert (told["kind"], told["services"], told["status"]) == ("maintenance", ["Premier Edition"], "published")
    assert told["title"] == "Unplanned maintenance of Premier Edition"
    mails = desk[ADA].json("mail", "outbox")["mail"]
    assert {mail["to"] for mail in mails} == {PIA}
    assert told["id"] in desk[PIA]("advisory", "list").out
    rows = desk[PIA].json("maintenance", "--service", "Premier Edition", "--within", "1d")["windows"]
    # 22:00 in New York is 02:00 in UTC, when a planned window begins too.
    assert [(row["starts_at"], row["advisory"]) for row in rows] == [
        ("2026-03-25T02:00:00Z", None),
        ("2026-03-25T02:00:00Z", told["id"]),
    ]
    assert told["id"] in desk[BEN]("maintenance").out
    assert desk[LEO].json("maintenance")["windows"] == []
    calendar = Calendar.from_ical(desk[PIA]("maintenance", "--within", "1d", "--format", "ics").out)
    assert sum(told["id"] in str(event["description"]) for event in calendar.walk("VEVENT")) == 1
    assert told["id"] not in desk[LEO]("advisory", "list").out
    assert desk[ADA].json("verify")["differences"] == []


def test_what_cannot_be_announced(desk: dict[str, Who]) -> None:
    """MNT-1: contacts announce nothing; what is over, has no end, or touches no account is refused."""
    say = ("maintenance", "announce", "Premier Edition", "-m", "A disk is changed.")
    desk[PIA](*say, "--to", "+2h").refused(4)
    desk[BEN](*say).refused(2)
    desk[BEN](*say, "--to", "yesterday").refused(2)
    desk[BEN](*say, "--from", "+3h", "--to", "+2h").refused(2)
    desk[BEN]("maintenance", "announce", "Teleport", "-m", "x", "--to", "+2h").refused(3)


def test_a_resellers_contact_sees_the_windows_of_all(desk: dict[str, Who]) -> None:
    """ACC-5 and MNT-1: without --account a reseller's contact is told the windows of every end-user, and whose."""
    desk[ADA].json("account", "add", "Reseller Co", "--timezone", "Europe/London")
    desk[ADA].json("contact", "add", "res@reseller.example", "--account", "Reseller Co", "--trained")
    for name in ("Premier Co", "Other Co"):
        desk[ADA].json("account", "edit", name, "--parent", "Reseller Co")
    reseller = desk[ADA]._replace(email="res@reseller.example")
    told, own = reseller.json("maintenance"), desk[PIA].json("maintenance")
    assert told["account"] is None
    assert told["windows"] == own["windows"]
    assert {window["account"] for window in told["windows"]} == {"Premier Co"}
    assert told["without_windows"] == ["Voice"]
    screen = plain(terminal(*reseller.options, "maintenance", "--no-pager").out)
    assert "Premier Co" in screen
    asked = reseller.json("maintenance", "--service", "business edition")["windows"]
    assert asked == desk[PIA].json("maintenance", "--service", "Business Edition")["windows"]
    assert "Premier Edition" in reseller("maintenance", "--service", "Premier Editon").refused(3)
    assert len(reseller.json("maintenance", "--account", "Premier Co")["windows"]) == len(own["windows"])
