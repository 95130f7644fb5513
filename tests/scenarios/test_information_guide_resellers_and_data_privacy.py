"""The information guide: a reseller opens for an end-user, and a person asks for the data that is kept of her.

The reseller's Designated Contacts choose the account when they open; cases that an end-user's own people open are
theirs too. A data-privacy request is listed for who made it, and for the desk's admins; for nobody else.
"""

from pathlib import Path

import pytest
from cli.acceptance import FORM, Who, care

ADA, MIA, BEN = "ada@desk.example", "mia@desk.example", "ben@desk.example"
REA, RON = "rea@reseller.example", "ron@reseller.example"
EVE, ELI, OLA = "eve@clinic.example", "eli@clinic.example", "ola@other.example"
# Madrid: summer time begins on Sunday 29 March 2026; Good Friday, 3 April, is a holiday, Easter Monday is one in
# some regions alone. Asked on Thursday 26 March at 16:00 CET, two business days on is Monday the 30th at 16:00
# CEST, five is Thursday 2 April (Tue, Wed, Thu), ten is Friday 10 April (Mon to Fri, Good Friday left out).
THURSDAY = "2026-03-26T15:00:00Z"
REMINDED, AGAIN, CLOSES = "2026-03-30T14:00:00Z", "2026-04-02T14:00:00Z", "2026-04-10T14:00:00Z"
PLACE = ("--hours", "Mon-Fri 09:00-17:00", "--deployment", "East", "--service", "Voice")
PRIVACY = (
    *("--type", "service-request", "--subtype", "data-privacy"),
    *("--field", "privacy_right=access", "--field", "data_subject=Eve Moreno"),
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk with a reseller, its end-user in Madrid, and somebody who has to do with neither."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    database = str(tmp_path / "desk.db")
    early = ("--db", database, "--as", ADA, "--now", "2026-03-02T09:00:00Z")
    people = (("Reseller", REA, "read-write"), ("Reseller", RON, "read-only"), ("Clinic", EVE, "read-write"))
    for args in (
        ("init", "--email", ADA, "--name", "Ada", "--timezone", "Europe/Madrid"),
        ("staff", "add", MIA, "--role", "manager", "--product-group", "Voice"),
        ("staff", "add", BEN, "--role", "agent", "--product-group", "Voice"),
        ("account", "add", "Reseller", "--plan", "business-care"),
        *(
            ("account", "add", name, "--timezone", "Europe/Madrid", "--holidays", "ES", *more)
            for name, more in (("Clinic", ("--parent", "Reseller")), ("Other", ()))
        ),
        *(("account", "edit", name, *PLACE) for name in ("Reseller", "Clinic", "Other")),
        *(
            ("contact", "add", email, "--account", account, "--access", access, "--trained")
            for account, email, access in (*people, ("Clinic", ELI, "read-write"), ("Other", OLA, "read-write"))
        ),
    ):
        ran = care(*early, *args)
        assert ran.status == 0, (args, ran)
    return database


def at(desk: str, who: str, now: str = THURSDAY) -> Who:
    """Somebody at the desk."""
    return Who(desk, who, now)


def listed(desk: str, who: str, now: str = THURSDAY) -> list[str]:
    """The numbers of all cases that somebody sees."""
    group = () if who.endswith("desk.example") else ("--group",)
    return sorted(case["number"] for case in at(desk, who, now).json("list", "--all", *group)["cases"])


def test_a_reseller_opens_for_its_end_user(desk: str) -> None:
    """ACC-5, DC-3: the account is chosen among one's own and one's end-users; others are no account at all."""
    mine = at(desk, REA).json("open", *FORM)["number"]
    theirs = at(desk, REA).json("open", *FORM, "-s", "Fax fails", "--account", "Clinic")["number"]
    eves = at(desk, EVE).json("open", *FORM, "-s", "Lines are noisy")["number"]
    other = at(desk, REA)("open", *FORM, "--account", "Other"), at(desk, REA)("open", *FORM, "--account", "Othar")
    assert other[0].refused(3).replace("Other", "Othar") == other[1].refused(3)
    assert at(desk, EVE)("open", *FORM, "--account", "Reseller").status == 3
    assert {who: listed(desk, who) for who in (REA, RON, EVE, ELI, OLA, BEN)} == {
        REA: [mine, theirs, eves],
        RON: [mine],
        EVE: [theirs, eves],
        ELI: [theirs, eves],
        OLA: [],
        BEN: [mine, theirs, eves],
    }
    at(desk, REA).json("update", eves, "-m", "We changed the cable, and it is as before.")
    assert at(desk, REA).json("account", "show", "Clinic")["parent"] == "Reseller"
    assert at(desk, REA).json("account", "show", "Reseller")["end_users"] == ["Clinic"]
    assert at(desk, RON)("account", "show", "Clinic").status == 3
    assert at(desk, ADA).json("verify")["differences"] == []


def test_a_data_privacy_request(desk: str) -> None:
    """SR-1, DC-3, FU-1: asked by Eve, answered by an admin; neither the agent, nor the reseller hears of it."""
    number = at(desk, EVE).json("open", *FORM[:-2], "-s", "What is kept of me", *PRIVACY)["number"]
    everybody = (ADA, MIA, BEN, "system", REA, RON, EVE, ELI, OLA)
    assert [who for who in everybody if at(desk, who)("show", number).status == 0] == [ADA, EVE]
    assert at(desk, ADA)("assign", number, BEN).status == 5
    at(desk, ADA).json("assign", number)
    at(desk, ADA).json("ask", number, "-m", "Which of your calls do you mean?")
    ahead = {who: at(desk, who).json("forecast", "--within", "30d")["timers"] for who in (ADA, BEN, EVE, ELI)}
    assert [bool(ahead[who]) for who in (ADA, BEN, EVE, ELI)] == [True, False, True, False]
    assert [one["due_at"] for one in ahead[ADA]] == [REMINDED, AGAIN, CLOSES]
    ticked = at(desk, "system", REMINDED).json("tick")
    assert (ticked["fired"], ticked["followups"]) == (0, [])
    sent = at(desk, ADA, REMINDED).json("mail", "outbox", number)["mail"]
    assert [mail["kind"] for mail in sent][:1] == ["reminder"]
    assert at(desk, BEN, REMINDED).json("mail", "outbox")["mail"] == []
    at(desk, EVE, REMINDED).json("update", number, "-m", "All of March, please.")
    at(desk, ADA, REMINDED).json("close", number, "-m", "Sent by post today.")
    assert listed(desk, BEN, REMINDED) == listed(desk, ELI, REMINDED) == listed(desk, REA, REMINDED) == []
    assert at(desk, ADA, REMINDED).json("verify")["differences"] == []
