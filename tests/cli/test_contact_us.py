"""`care contact-us` and `care whatnext`: how Customer Care is reached, and where a need goes (WHERE-1, OPEN-8)."""

from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import Who, care, plain, terminal

ADA, BEN = "ada@desk.example", "ben@desk.example"
PIA, PIT, LEO = "pia@premier.example", "pit@premier.example", "leo@mobile.example"
NOW = "2026-03-24T15:00:00Z"
DESK_NUMBER = "+1 555 010 0100"


@pytest.fixture
def desk(tmp_path: Path) -> dict[str, Who]:
    """A desk with an account on Care in Madrid, and one on Business Care in London."""
    database = str(tmp_path / "desk.db")
    care("--db", database, "--now", NOW, "init", "--email", ADA, "--name", "Ada", "--timezone", "America/New_York")
    ada = Who(database, ADA, NOW)
    ada.json("staff", "add", BEN, "--role", "agent")
    premier = ("--service", "Premier Edition", "--service", "Voice", "--timezone", "Europe/Madrid")
    ada.json("account", "add", "Premier Co", "--plan", "care", "--deployment", "East", *premier)
    mobile = ("--service", "Mobile Marketing", "--holidays", "GB-ENG", "--executive", "exe@desk.example")
    ada.json("account", "add", "Mobile Co", "--plan", "business-care", "--deployment", "Main", *mobile)
    ada.json("contact", "add", PIA, "--account", "Premier Co", "--trained")
    ada.json("contact", "add", PIT, "--account", "Premier Co", "--access", "read-only")
    ada.json("contact", "add", LEO, "--account", "Mobile Co", "--trained")
    return {email: Who(database, email, NOW) for email in (ADA, BEN, PIA, PIT, LEO)}


def phones(told: dict[str, Any]) -> list[tuple[str, str | None, bool | None]]:
    """The numbers of an answer with their regions, and whether each is the account's own."""
    return [(way["address"], way["region"], way["own"]) for way in told["ways"] if way["channel"] == "phone"]


def test_the_numbers_of_an_account(desk: dict[str, Who]) -> None:
    """WHERE-1: the numbers of the account's products, its region's first, and the desk's for a service of none."""
    told = desk[PIA].json("contact-us")
    assert (told["account"], told["plan"], told["region"]) == ("Premier Co", "care", "International")
    assert phones(told) == [
        ("+44 (0) 800 096 6461", "International", True),
        ("1 855-264-3511", "USA and Canada", False),
        (DESK_NUMBER, None, None),
    ]
    assert [(way["channel"], way["address"]) for way in (told["ways"][0], told["ways"][-1])] == [
        ("portal", "care open"),
        ("mail", "care@localhost"),
    ]
    assert phones(desk[LEO].json("contact-us")) == [
        ("+44 (0) 808 234 2223", "United Kingdom", True),
        ("1 888-807-4732", "USA and Canada", False),
        ("+44 (0) 131 516 5506", "International", False),
    ]


def test_about_one_service(desk: dict[str, Who]) -> None:
    """WHERE-1: --service tells the numbers of that service alone."""
    assert phones(desk[PIA].json("contact-us", "--service", "voice")) == [(DESK_NUMBER, None, None)]
    assert len(phones(desk[BEN].json("contact-us", "--service", "Echopass"))) == 2
    desk[PIA]("contact-us", "--service", "Chat").refused(3)


USABLE = [
    # who; with which priority; whether portal, phone and mail may be used now
    (PIA, None, (True, False, True)),
    (PIA, "high", (True, False, True)),
    (PIA, "critical", (True, True, True)),
    (LEO, None, (True, True, True)),
    (LEO, "low", (True, True, True)),
    (PIT, "critical", (False, False, False)),
    (BEN, None, (True, None, True)),
]


@pytest.mark.parametrize(("who", "priority", "expected"), USABLE)
def test_which_ways_are_open(
    desk: dict[str, Who], who: str, priority: str | None, expected: tuple[bool | None, ...]
) -> None:
    """OPEN-8: Business Care calls at all times, Care for a Critical issue; Designated Contacts open."""
    ways = desk[who].json("contact-us", *(("--priority", priority) if priority else ()))["ways"]
    usable = {way["channel"]: way["usable"] for way in ways}
    assert tuple(usable[channel] for channel in ("portal", "phone", "mail")) == expected
    assert all(way["reason"] and way["rule"] for way in ways)


def test_what_is_usable_opens(desk: dict[str, Who]) -> None:
    """OPEN-8: what the answer says of the phone is what an opening that staff log does."""
    text = "Since this morning about one in five chats drops when an agent transfers it."
    form = ("-s", "Chats drop", "--stage", "production", "-m", text, "--impact", "Much.", "--via", "phone")
    for contact, place in ((PIA, ("East", "Premier Edition")), (LEO, ("Main", "Mobile Marketing"))):
        for priority in ("critical", "low"):
            where = ("--contact", contact, "--deployment", place[0], "--service", place[1])
            logged = desk[BEN]("open", *form, *where, "--priority", priority)
            ways = desk[contact].json("contact-us", "--priority", priority)["ways"]
            usable = {way["usable"] for way in ways if way["channel"] == "phone"}
            assert usable == {logged.status == 0}, (contact, priority, logged)


def test_another_account(desk: dict[str, Who]) -> None:
    """DC-3: another account answers exactly as one that does not exist; staff may ask for any."""
    other, none = (desk[LEO]("contact-us", "--account", name).refused(3) for name in ("Premier Co", "Nobody Co"))
    assert other.replace("Premier Co", "Nobody Co") == none
    assert desk[BEN].json("contact-us", "--account", "Premier Co")["region"] == "International"


def test_on_a_terminal(desk: dict[str, Who]) -> None:
    """WHERE-1: at 80 columns every number stands whole, and why it may be called below them."""
    screen = plain(terminal(*desk[LEO].options, "contact-us", "--no-pager").out)
    lines = [line.rstrip() for line in screen.splitlines()]
    assert max(map(len, lines)) <= 80
    assert any("+44 (0) 808 234 2223" in line and "United Kingdom (yours)" in line for line in lines)
    assert "Business Care has phone support at all times" in " ".join(lines)


def test_where_a_need_goes(desk: dict[str, Who]) -> None:
    """WHERE-1: a need is found by words, with the person of the account and whether one may call about it."""
    (need,) = desk[LEO].json("whatnext", "invoice")["needs"]
    assert need == {
        "key": "billing",
        "need": "Something about a bill",
        "channel": "account-executive",
        "command": None,
        "phone": "no",
        "may_call": False,
        "who": "your account executive",
        "address": "exe@desk.example",
    }
    first = desk[PIA].json("whatnext", "upload", "fails")["needs"][0]
    assert (first["channel"], first["command"]) == ("admin-case", "care open --type admin --subtype portal")


@pytest.mark.parametrize(
    ("who", "need", "may_call"),
    [
        (PIA, "production-problem", False),
        (LEO, "production-problem", True),
        (BEN, "production-problem", None),
        (PIA, "severe-impact", True),
        (PIT, "severe-impact", False),
        (LEO, "billing", False),
    ],
)
def test_whether_to_call_about_it(desk: dict[str, Who], who: str, need: str, may_call: bool | None) -> None:
    """OPEN-8: about a severe impact every Designated Contact calls, about the rest whose plan has the phone."""
    rows = {row["key"]: row for row in desk[who].json("whatnext")["needs"]}
    assert rows[need]["may_call"] is may_call


def test_the_table_of_needs_on_a_terminal(desk: dict[str, Who]) -> None:
    """WHERE-1: at 80 columns no need and no command is cut; words that fit nothing say so."""
    screen = plain(terminal(*desk[PIA].options, "whatnext", "--no-pager").out)
    assert max(len(line.rstrip()) for line in screen.splitlines()) <= 80
    assert "…" not in screen
    none = desk[PIA]("whatnext", "zzzzzz")
    assert (none.status, len(none.out.splitlines())) == (0, 1)
    assert "no need of the table fits" in plain(terminal(*desk[PIA].options, "whatnext", "zzzzzz").out)


def test_every_command_of_the_table_is_one(desk: dict[str, Who]) -> None:
    """WHERE-1: each command that the shipped table names is one of `care`, with options that it has."""
    for row in desk[PIA].json("whatnext")["needs"]:
        given = [word for word in (row["command"] or "").split()[1:] if not word.isupper()]
        options = [word for word in given if word.startswith("--")]
        names = [word for word in given[:2] if word not in options]
        if names:
            told = care("help", *names)
            assert told.status == 0, row["key"]
            assert [option for option in options if option not in told.out] == [], row["key"]


STORY = "Since this morning about one in five chats drops when an agent transfers it."
FORM = ("-s", "Chats drop", "--stage", "production", "-m", STORY, "--impact", "Much.")
PLACES = {
    # whom; which service they open a case about; the number that every text names
    "its product's, for the region": (LEO, ("Main", "Mobile Marketing"), "+44 (0) 808 234 2223"),
    "everybody else's region": (PIA, ("East", "Premier Edition"), "+44 (0) 800 096 6461"),
    "the desk's, for a service of no product": (PIA, ("East", "Voice"), DESK_NUMBER),
}


@pytest.mark.parametrize(("who", "place", "number"), PLACES.values(), ids=list(PLACES))
def test_every_text_names_the_number_of_contact_us(
    desk: dict[str, Who], who: str, place: tuple[str, str], number: str
) -> None:
    """WHERE-1: refusals, notices and mail about a case name the number that `care contact-us` shows for it."""
    contact, about = desk[who], ("--deployment", place[0], "--service", place[1])
    told = [(address, own) for address, _, own in phones(contact.json("contact-us", "--service", place[1]))]
    assert told[0] == (number, None if number == DESK_NUMBER else True)
    assert f"then call {number} to" in contact("open", *FORM, *about, "--priority", "critical").refused(5)
    case = contact.json("open", *FORM, *about, "--priority", "high")["number"]
    assert contact("escalate", case, "-m", "Slow.", "--priority", "critical").err.endswith(f"call {number}\n")
    desk[BEN].json("ask", case, "-m", "Which browser?")
    for day in ("2026-03-31", "2026-04-07", "2026-04-14", "2026-04-20"):
        Who(desk[ADA].database, "system", f"{day}T15:00:00Z").json("tick")
    mails = [mail for mail in desk[ADA].json("mail", "outbox")["mail"] if mail["to"] == who]
    texts = [str(desk[ADA].json("mail", "show", str(mail["id"]))["message"]) for mail in mails]
    assert len(texts) > 3
    assert [text for text in texts if f", {number}\n" not in text] == []
    late = contact.at("2026-04-20T16:00:00Z")
    assert f"call {number}; " in late("reopen", case, "-m", "It is back.").refused(5)


def test_a_resellers_contact_is_told_how_to_ask_for_an_end_user(desk: dict[str, Who]) -> None:
    """ACC-5 and WHERE-1: a reseller's contact is pointed to the numbers of its end-users, and may ask for them."""
    desk[ADA].json("account", "add", "Reseller Co", "--plan", "business-care")
    desk[ADA].json("contact", "add", "res@reseller.example", "--account", "Reseller Co", "--trained")
    desk[ADA].json("account", "edit", "Mobile Co", "--parent", "Reseller Co")
    reseller = desk[ADA]._replace(email="res@reseller.example")
    screen = plain(terminal(*reseller.options, "contact-us", "--no-pager").out)
    assert "for 1 end-user account: --account NAME" in screen
    assert phones(reseller.json("contact-us", "--account", "Mobile Co")) == phones(desk[LEO].json("contact-us"))
    reseller("contact-us", "--account", "Premier Co").refused(3)
