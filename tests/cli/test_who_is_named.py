"""Cases of several accounts that touch each other: to nobody of one does anything name another (DC-3, INC-1..3).

One desk on which an incident affects three accounts, a feature request is the duplicate of another account's, an
advisory is for one of them, and chats are held. Every command is asked by each account's people, about every
case; nothing that they read, nor any mail to them, tells of who else there is.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

import pytest
from cli.clinic_desk import (
    ADA,
    BASIC,
    COLLEAGUE,
    NOW,
    OWN,
    PARENT,
    PARENTS_READER,
    READER,
    SAM,
    SIBLING,
    STRANGER,
    SYSTEM,
    TOLD,
    Desk,
    in_memory,
    opening,
)
from cli.test_who_sees_what import EVERY_CALL, NUMBER, answered

SAID: Final = {
    "Clinic": "Wisteria",
    "Elsewhere": "Bougainvillea",
    "School": "Rhododendron",
    "Reseller": "Hydrangea",
}
"""A word that only the people of an account use."""
PRIVATE: Final = "Oleander"
"""A word that only staff use among themselves."""
DOMAINS: Final = {"Clinic": "clinic", "Elsewhere": "elsewhere", "School": "school", "Reseller": "reseller"}
READERS: Final = {
    OWN: {"Clinic", "Reseller"},
    COLLEAGUE: {"Clinic", "Reseller"},
    READER: {"Clinic", "Reseller"},
    BASIC: {"Clinic", "Reseller"},
    SIBLING: {"School", "Reseller"},
    STRANGER: {"Elsewhere"},
    PARENT: {"Clinic", "School", "Reseller"},
    PARENTS_READER: {"Reseller"},
}
"""Of whom each may hear: the own account, the one it was sold through, those that were sold through it."""
LATER: Final = "2026-03-09T15:00:00Z"
NUMBERS: Final = ("1", "2", "3", "4", "5", "6")


@pytest.fixture(scope="module")
def touching(clinic: Desk) -> Desk:
    """The desk: cases 1 and 4 are Clinic's, 2 and 5 Elsewhere's, 3 and 6 School's."""
    desk = clinic.copied("touching")
    desk.does(STRANGER, "update", "2", "-m", f"{SAID['Elsewhere']} is down")
    desk.does(SIBLING, *opening("School", f"{SAID['School']} calls drop"))
    feature = ("--type", "feature-request", "--priority", "low")
    desk.does(OWN, *opening("Clinic", f"{SAID['Clinic']} as a ring tone", *feature))
    desk.does(STRANGER, *opening("Elsewhere", f"{SAID['Elsewhere']} as a ring tone", *feature))
    desk.does(PARENT, *opening("School", f"{SAID['Reseller']} for the school", "--type", "service-request",
        "--subtype", "change-request", "--field", "change=move"))  # fmt: skip
    desk.does(OWN, "update", "1", "-m", f"{SAID['Clinic']} fails", now=TOLD)
    desk.does(SAM, "update", "1", "--internal", "-m", PRIVATE, now=TOLD)
    for call in (
        ("declare", "1", "--title", "Calls drop in Clinic and Elsewhere", "-m", "Calls end at Clinic."),
        ("describe", "1", "--specific", f"Clinic={SAID['Clinic']} only"),
        ("affect", "1", "2", "--account", "School", "-m", "As at Clinic and School."),
        ("describe", "1", "--specific", f"Elsewhere={SAID['Elsewhere']} only"),
        ("action", "add", "1", "-m", "More disks for Clinic and Elsewhere", "--due", "2026-03-20"),
    ):
        desk.does(SAM, "incident", *call, now=TOLD)
    asked = f"{SAID['Elsewhere']}. Please send us the incident report."
    desk.does(STRANGER, "update", "2", "-m", asked, now=TOLD)
    desk.does(OWN, "incident", "request", "1", "-m", f"{SAID['Clinic']} please", now=TOLD)
    desk.does(SAM, "restore", "1", "-m", "It is back.", now=TOLD)
    for call in (
        ("post-mortem", "1", "-m", PRIVATE, "--root-cause", "A disk of Clinic, Elsewhere and School"),
        ("describe", "1", "--restoration", "Room for Clinic, Elsewhere and School."),
        ("describe", "1", "--measures", "For clinic, ELSEWHERE, School.", "--comments", "Clinic's, Elsewhere's."),
    ):
        desk.does(SAM, "incident", *call, now=TOLD)
    desk.does(STRANGER, "chat", "join", "2", "-m", f"{SAID['Elsewhere']} chats", now=TOLD)
    desk.does(PARENT, "chat", "join", "3", "-m", f"{SAID['Reseller']} chats", now=TOLD)
    for account in ("Clinic", "Elsewhere", "School"):
        desk.does(SAM, "incident", "report", "1", "--for", account, "--send", now=LATER)
    desk.does(SAM, "feature", "duplicate", "5", "--of", "4", "-m", "Asked for before.", now=LATER)
    advisory = ("advisory", "add", "--publish", "--account", "Elsewhere", "-s")
    desk.does(ADA, *advisory, "Calls drop", "-m", "A known issue.", "--account", "Clinic", now=LATER)
    desk.does(ADA, *advisory, "Quiet", "-m", SAID["Elsewhere"], now=LATER)
    desk.does(SYSTEM, "tick", now=LATER)
    return desk


def foreign(who: str) -> re.Pattern[str]:
    """What tells somebody of an account that is not theirs to know of, or of what staff keep to themselves."""
    others = [name for name in SAID if name not in READERS[who]]
    if who == PARENTS_READER:
        others = [name for name in others if name not in {"Clinic", "School"}] + ["Clinic", "School"]
    words = [word for name in others for word in (SAID[name], rf"\b{name}\b", rf"@{DOMAINS[name]}\.")]
    return re.compile("|".join([*words, PRIVATE]))


def about_case(number: str, call: tuple[str, ...]) -> tuple[str, ...]:
    """A question, about another case."""
    return tuple(number if word == NUMBER else word for word in call)


MORE: Final = (
    *(("incident", "report", number) for number in NUMBERS),
    *(("incident", "report", number, "--format", "html") for number in NUMBERS),
    *(("log", number) for number in NUMBERS),
    *(("show", number) for number in NUMBERS),
    *(("show", number, "--at", NOW) for number in NUMBERS),
    *(("explain", number) for number in NUMBERS),
    *(("similar", number, "--all") for number in NUMBERS),
    *(("chat", "show", number) for number in NUMBERS),
    *(("attachment", "list", number) for number in NUMBERS),
    *(("advisory", "show", label) for label in ("SA-0001", "SA-0002", "SA-0003")),
    *(("list", "--all", "--group"), ("list", "--all", "--group", "--format", "csv"), ("home",), ()),
    *(("complete", "advisory", "SA"), ("complete", "account", ""), ("complete", "contact", "")),
)


@pytest.mark.parametrize("who", [who for who in READERS if who != COLLEAGUE])
def test_nobody_reads_of_other_accounts(touching: Desk, who: str, tmp_path: Path) -> None:
    """DC-3, ACC-5, INC-1..3, ADV-1, FR-1: no answer of any command to somebody of an account names another."""
    told = foreign(who)
    about = (about_case(number, call) for call in EVERY_CALL for number in ("1", "2"))
    found = {}
    with in_memory(tmp_path) as place:
        desk = touching.copied_to(place / "desk")
        for asked in dict.fromkeys((*MORE, *about)):
            for call, ran in answered(desk, who, asked):
                if {*told.findall(ran.out + ran.err)} - {*told.findall(" ".join(call))}:
                    found[call] = [line for line in (ran.out + ran.err).splitlines() if told.search(line)]
    assert found == {}


OF: Final = {OWN: ("1", "4"), STRANGER: ("2", "5"), SIBLING: ("3", "6")}
"""The cases of some accounts."""


@pytest.mark.parametrize("who", OF)
def test_no_case_names_another_accounts(touching: Desk, who: str) -> None:
    """DC-3, INC-1, FR-1: neither an incident nor a duplicate tells the number of whose it is, nor any mail."""
    others = re.compile("|".join(rf"\b0{{9}}{number}\b" for number in NUMBERS if number not in OF[who]))
    calls = [call for call in MORE if not {*NUMBERS} & {*call} or {*OF[who]} & {*call}]
    texts = {call: touching(who, *form, *call).out for call in calls for form in ((), ("--json",))}
    every = touching(ADA, "--json", "mail", "outbox", "--limit", "999").json["mail"]
    texts |= {
        ("mail", str(mail["id"])): touching(ADA, "--json", "mail", "show", str(mail["id"])).out
        for mail in every
        if mail["to"] == who
    }
    assert {call: text for call, text in texts.items() if others.search(text)} == {}


@pytest.mark.parametrize("who", READERS)
def test_no_mail_tells_of_other_accounts(touching: Desk, who: str) -> None:
    """DC-3, INC-1, INC-2: nor any mail to them."""
    every = touching(ADA, "--json", "mail", "outbox", "--limit", "999").json["mail"]
    mine = [mail for mail in every if mail["to"] == who]
    bodies = [touching(ADA, "--json", "mail", "show", str(mail["id"])).out for mail in mine]
    assert [(mail["subject"], foreign(who).findall(body)) for mail, body in zip(mine, bodies, strict=True)
        if foreign(who).search(body)] == []  # fmt: skip
    assert bodies or who in {READER, BASIC, COLLEAGUE, PARENTS_READER}


def _incident(desk: Desk, *, wider: bool) -> Desk:
    """An incident of Clinic's; `wider` one that affects others too, with all that they do about it."""
    elsewhere = (
        (SAM, "incident", "affect", "1", "2", "--account", "School", "-m", "As others have it."),
        (SAM, "incident", "describe", "1", "--specific", "Elsewhere=Theirs."),
        (STRANGER, "incident", "request", "2", "-m", "We need it"),
    )
    desk.does(SAM, "incident", "declare", "1", "--title", "Calls drop", "-m", "Calls end.", now=TOLD)
    for who, *call in elsewhere if wider else ():
        desk.does(who, *call, now=TOLD)
    desk.does(SAM, "restore", "1", "-m", "It is back.", now=LATER)
    desk.does(SAM, "incident", "post-mortem", "1", "--root-cause", "A full disk", now=LATER)
    desk.does(SAM, "incident", "describe", "1", "--restoration", "Room.", "--measures", "Disks.", now=LATER)
    for account in ("Elsewhere", "School") if wider else ():
        desk.does(SAM, "incident", "report", "1", "--for", account, "--send", now=LATER)
    desk.does(SAM, "incident", "report", "1", "--send", now=LATER)
    desk.does(SYSTEM, "tick", now=NOW)
    return desk


@pytest.fixture(scope="module")
def incidents(clinic: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """The desk of an incident of many, and that of one that is Clinic's alone."""
    with in_memory(tmp_path_factory.mktemp("incidents")) as place:
        wider, alone = (clinic.copied_to(place / name / "desk") for name in ("wider", "alone"))
        yield _incident(wider, wider=True), _incident(alone, wider=False)


@pytest.mark.parametrize("who", [OWN, READER, BASIC])
def test_that_others_are_affected_too_is_not_told(incidents: tuple[Desk, Desk], who: str, tmp_path: Path) -> None:
    """DC-3, INC-1, INC-2: to the customer of its own case an incident of many is byte for byte his alone."""
    calls = dict.fromkeys((*MORE, *(about_case("1", call) for call in EVERY_CALL)))
    with in_memory(tmp_path) as place:
        copies = [desk.copied_to(place / name / "desk") for name, desk in zip("ab", incidents, strict=True)]
        told = [[pair for call in calls for pair in answered(copy, who, call)] for copy in copies]
    assert [pairs for pairs in zip_longest(*told) if pairs[0] != pairs[1]] == []
