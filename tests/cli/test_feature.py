"""`care feature` and deadlines as people and scripts meet them (FR-1, STAT-2, SR-1)."""

import json

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, MIA, OMAR, Who, kept, plain, terminal

WISH = "We would like the wallboard to show how long each agent has been in the present state."
FORM = ("--deployment", "East", "--service", "Voice", "--priority", "low", "-m", WISH)


@pytest.fixture
def dana(trial: str) -> Who:
    return Who(trial, DANA)


@pytest.fixture
def ben(trial: str) -> Who:
    return Who(trial, BEN)


@pytest.fixture
def number(dana: Who) -> str:
    """A feature request."""
    opened: str = dana.json("open", "--type", "feature-request", "-s", "Time in state", *FORM)["number"]
    return opened


def standing(case: dict[str, str]) -> str:
    return f"{case['status']}/{case['substatus']}"


def mails(ben: Who, number: str) -> list[tuple[str, str]]:
    """What was mailed about a case, the oldest first."""
    return [(mail["kind"], mail["to"]) for mail in reversed(ben.json("mail", "outbox", number)["mail"])]


def test_from_the_wish_to_its_delivery(dana: Who, ben: Who, number: str) -> None:
    """FR-1: each step is an event, shows on lists and the case, and is mailed to who asked for it."""
    steps = (
        (("product-management", number, "-m", "It is new."), "open-product-management/new"),
        (("under-review", number), "open-product-management/under-review"),
        (("future-candidate", number), "open-product-management/future-candidate"),
        (("planned", number, "--release", "2026.3"), "open-product-management/planned"),
        (("committed", number), "open-product-management/committed"),
        (("delivered", number, "-m", "Admin, Wallboards."), "closed/delivered"),
    )
    for args, to in steps:
        case = ben.json("feature", *args)
        assert standing(case) == to
        listed = {row["number"]: standing(row) for row in dana.json("list", "--all", "--limit", "99")["cases"]}
        assert listed[number] == to
    assert case["release"] == "2026.3"
    assert mails(ben, number) == [
        ("acknowledgement", DANA),
        *[("evaluation", DANA)] * 5,
        ("closing", DANA),
    ]
    last = ben.json("mail", "outbox", number)["mail"][0]["id"]
    told = ben("mail", "show", str(last)).out
    assert "is there in release 2026.3; the request is closed" in " ".join(told.split())
    assert "all is as the events say" in Who(ben.database, ADA)("verify").out


def test_what_exists_is_accepted_or_rejected(dana: Who, ben: Who, number: str) -> None:
    """FR-1, FU-1: where it is there already the customer has the word, and the ladder asks for it."""
    case = ben.json("feature", "exists", number, "-m", "Admin, Wallboards, Show agents.")
    assert standing(case) == "open-customer-care/solution-proposed"
    assert case["followup"]["round"] == 1
    waiting = dana.json()["needs"]["answer"]
    assert [one["command"] for one in waiting["cases"] if one["number"] == number] == [
        f"care accept {int(number)}"
    ]
    assert f"care accept {number}, care reject {number} -m WHY" in dana("show", number).out
    assert standing(dana.json("reject", number, "-m", "It is another one.")) == "open-customer-care/investigation"
    assert ("proposal", DANA) in mails(ben, number)


def test_product_management_asks(dana: Who, ben: Who, number: str) -> None:
    """STAT-2: with product management a question waits on the customer's page too; its answer goes there."""
    ben.json("feature", "product-management", number)
    assert standing(ben.json("ask", number, "-m", "For which teams?")) == (
        "open-product-management/info-required-from-customer"
    )
    waiting = dana.json()["needs"]["answer"]
    assert f"care update {int(number)} -m TEXT" in [one["command"] for one in waiting["cases"]]
    assert standing(dana.json("update", number, "-m", "For all.")) == "open-product-management/under-review"
    assert number not in {one["number"] for one in dana.json()["needs"]["answer"]["cases"]}


def test_a_duplicate_is_linked_with_the_other(dana: Who, ben: Who, number: str) -> None:
    """FR-1: the request that goes on is named on both; one of another account only to staff (DC-3)."""
    second = dana.json("open", "--type", "feature-request", "-s", "State of agents", *FORM)["number"]
    case = ben.json("feature", "duplicate", second, "--of", number)
    assert (standing(case), case["links"]) == ("closed/duplicate", [{"kind": "duplicate-of", "number": number}])
    assert {"kind": "duplicated-by", "number": second} in dana.json("show", number)["links"]
    lena = Who(dana.database, LENA)
    form = ("--deployment", "Main", "--service", "Voice", "--priority", "low", "-m", WISH)
    third = lena.json("open", "--type", "feature-request", "-s", "Agents", *form)["number"]
    assert ben.json("feature", "duplicate", third, "--of", number)["links"][0]["internal"] is True
    assert lena.json("show", third)["links"] == []
    assert number not in lena("log", third).out


def test_a_duplicate_of_nothing_changes_nothing(ben: Who, number: str) -> None:
    """FR-1: a request is no duplicate of itself, nor of a case that there is not; then nothing is changed."""
    before = kept(ben.database)
    assert "cannot be linked with itself" in ben("feature", "duplicate", number, "--of", number).refused(2)
    assert "there is no case" in ben("feature", "duplicate", number, "--of", "999").refused(3)
    assert kept(ben.database) == before


def test_a_conversion_keeps_the_number(ben: Who, number: str) -> None:
    """FR-1, SLA-2: the same case becomes a support case, and its clocks run from here."""
    refused = ben("feature", "convert", number).refused(2)
    assert "missing: stage, impact" in refused
    assert "--stage --impact" in refused
    later = ben.at("2026-03-23T15:00:00Z")  # Monday 11:00 in New York
    how = ("--stage", "production", "--impact", "Agents wait.", "--priority", "high", "-m", "It is a fault.")
    case = later.json("feature", "convert", number, *how)
    assert (case["number"], case["type"], case["subtype"], standing(case)) == (
        number,
        "support",
        "problem",
        "open/new",
    )
    assert {clock["started_at"] for clock in case["clocks"]} == {later.now}
    proof = later.json("explain", number)["clocks"][0]
    assert proof["origin"]["why"] == "conversion"
    assert proof["origin"]["by"]["kind"] == "converted"
    assert mails(ben, number)[-1] == ("conversion", DANA)
    assert "is a matter of support" in " ".join(
        later("mail", "show", str(later.json("mail", "outbox", number)["mail"][0]["id"])).out.split()
    )
    assert "all is as the events say" in Who(ben.database, ADA).at(later.now)("verify").out
    assert standing(later.json("propose", number, "-m", "Reload it.")) == "solution-proposed/solution-proposed"


def test_a_conversion_asks_at_a_terminal(ben: Who, number: str) -> None:
    """OPEN-4: at a terminal what a support case needs and the request lacks is asked for."""
    answers = (("Implementation stage", "1\n"), ("Business impact", "Agents wait.\n.\n"))
    args = (*ben.options, "feature", "convert", number, "-m", "It is a fault.")
    screen = plain(terminal(*args, answers=answers, EDITOR="", VISUAL="").out)
    assert "converted to a support case: Open / New" in screen
    case = ben.json("show", number)
    assert (case["stage"], case["impact"]) == ("production", "Agents wait.")


@pytest.mark.parametrize(
    ("who", "args", "status", "says"),
    [
        (BEN, ("declined", "N"), 2, "a text is needed"),
        (BEN, ("exists", "N"), 2, "a text is needed"),
        (BEN, ("planned", "5"), 5, "is no feature request"),
        (BEN, ("convert", "5"), 5, "is no feature request"),
        (BEN, ("convert", "N", "--subtype", "wish"), 2, "is no sub-type of support"),
        (BEN, ("convert", "N", "--stage", "moon"), 2, "choose from: production, uat"),
        (BEN, ("planned", "N", "--release", "x" * 101), 2, "100 is the most"),
        (BEN, ("planned", "999"), 3, "there is no case"),
        (BEN, ("soon", "N"), 2, "soon"),
        (DANA, ("planned", "N"), 4, "may not"),
        (OMAR, ("convert", "N"), 4, "may not"),
        (LENA, ("planned", "N"), 4, "may not"),
    ],
)
def test_refusals(trial: str, number: str, who: str, args: tuple[str, ...], status: int, says: str) -> None:
    """FR-1, DC-3: what cannot be done is said in one message with the remedy, and nothing is changed."""
    before = kept(trial)
    words = [number if word == "N" else word for word in args]
    assert says in Who(trial, who)("feature", *words).refused(status)
    assert kept(trial) == before


def test_an_escalated_request_stands_until_the_manager_answers(dana: Who, number: str) -> None:
    """ESC-1: a feature request is escalated, with product management too, and shows until it is answered."""
    ben, mia = Who(dana.database, BEN), Who(dana.database, MIA)
    ben.json("feature", "future-candidate", number)
    dana.json("escalate", number, "-m", "We need it this year.")
    ben.json("feature", "planned", number)
    assert [one["number"] for one in mia.json()["needs"]["escalated"]["cases"]] == [number]
    assert [one["number"] for one in Who(dana.database, ADA).json("tick", "--dry-run")["escalations"]] == [number]
    answered = mia.json("escalate", number, "--answer", "-m", "It is in the plan of autumn.")
    assert (answered["escalated"], standing(answered)) == (False, "open-product-management/planned")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_deadlines_at_a_terminal(trial: str, columns: int) -> None:
    """TICK-3: case, proof and forecast of a request stay within the screen, with what is due and left."""
    dana = Who(trial, DANA)
    form = ("--deployment", "East", "--service", "Voice", "--priority", "low", "--field", "change=add", "-m", WISH)
    opened = ("open", "--type", "service-request", "--subtype", "change-request", "-s", "A new queue", *form)
    number = dana.json(*opened)["number"]
    for args, says in (
        (("show", number), "Deadlines"),
        (("explain", number), "it adds up: 16:00:00 counted by the due time"),
        (("forecast", "--within", "5bd"), "Acknowledgement due"),
    ):
        screen = plain(terminal(*dana.options, *args, columns=columns, PAGER="cat", CARE_PAGER="cat").out)
        assert says in " ".join(screen.split())
        assert max(map(len, screen.splitlines())) <= columns
    piped = dana("explain", number).out
    assert "# Decision: 16h of business time left, due 2026-03-25 09:00 EDT" in piped
    assert json.loads(dana("--json", "explain", number).out)["deadlines"][1]["result"]["adds_up"] is True
