"""`care request`, `care approve` and `care decline` as people and scripts run them (SR-1, ADM-1)."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, MIA, NOW, OMAR, Who, terminal
from cli.form_terminal import ENTER, Terminal

MON, TUE = "2026-03-23T14:00:00Z", "2026-03-24T14:00:00Z"
WISH = "Please add ten direct numbers for the new team in the east wing of the site."
CHANGE = (
    *("--type", "service-request", "--subtype", "change-request", "--deployment", "East", "--service", "Voice"),
    *("--priority", "low", "-s", "Add ten numbers", "-m", WISH),
)
ORDER = b"Services order 1: ten numbers, two days.\n"


@pytest.fixture
def order(tmp_path: Path) -> str:
    """A services order in a file."""
    (tmp_path / "order.txt").write_bytes(ORDER)
    return str(tmp_path / "order.txt")


@pytest.fixture
def number(trial: str) -> str:
    """A change request that Dana has opened."""
    opened = Who(trial, DANA, NOW).json("open", *CHANGE, "--field", "change=add")
    found: str = opened["number"]
    return found


def strict(trial: str, folder: Path) -> Who:
    """Dana at a desk whose policy opens no request without its details."""
    (folder / "strict.toml").write_text("[opening]\nrequire_details = true\n")
    assert Who(trial, ADA)("init", "--policy", str(folder / "strict.toml"), "--quiet").status == 0
    return Who(trial, DANA)


def test_what_a_change_request_must_tell(trial: str, tmp_path: Path) -> None:
    """OPEN-4, SR-1: what is missing is named with the option that gives it, and what may be said there."""
    dana = strict(trial, tmp_path)
    told = dana("open", *CHANGE).refused(2)
    assert told == "care: missing: change\n  give them with --field change=move|add|change|delete\n"
    assert "change cannot be 'paint'" in dana("open", *CHANGE, "--field", "change=paint").refused(2)


SUBTYPES: dict[str, dict[str, str]] = {
    "password-reset": {"login": "dana"},
    "change-request": {"change": "MOVE"},
    "new-project": {"project": "A second site"},
    "service-order": {"service_requested": "A recording"},
    "data-privacy": {"privacy_right": "export", "data_subject": "Lena Vogt"},
}


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_each_sub_type_has_its_own_fields(trial: str, subtype: str, tmp_path: Path) -> None:
    """OPEN-4, SR-1: where the policy wants them, each is opened with its own fields, and not without any one."""
    form = ["--type", "service-request", "--subtype", subtype, *CHANGE[4:]]
    fields = SUBTYPES[subtype]
    given = [("--field", f"{name}={value}") for name, value in fields.items()]
    dana = strict(trial, tmp_path)
    for left_out in range(len(given)):
        some = [word for place, pair in enumerate(given) if place != left_out for word in pair]
        error = dana("--json", "open", *form, *some).error
        assert (error["code"], error["rule"]) == ("invalid", "OPEN-4")
        assert [*fields][left_out] in error["message"]
    case = dana.json("open", *form, *(word for pair in given for word in pair))
    assert case["fields"] == {name: value.lower() if name == "change" else value for name, value in fields.items()}


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_what_a_sub_type_tells_may_follow(trial: str, subtype: str) -> None:
    """OPEN-4, ROUTE-1, SR-1: scripts open a request without its details; an update adds them, as an event."""
    dana, ada, fields = Who(trial, DANA), Who(trial, ADA), SUBTYPES[subtype]
    opened = dana("open", "--type", "service-request", "--subtype", subtype, *CHANGE[4:])
    number = opened.out.split()[0]
    assert opened.status == 0
    assert opened.err.startswith(
        f"care: the case is incomplete (OPEN-4), add to it: care update {number} --field "
    )
    assert all(f" --field {name}=" in opened.err for name in fields)
    assert "incomplete, lacks" in ada("show", number).out
    assert f"incomplete, add to it with: care update {number} --field " in dana("show", number).out
    # The names as anybody spells them; the update says what was told, with a text or without.
    given = [("--field", f"{name.title().replace('_', '-')}={value}") for name, value in fields.items()]
    assert dana("update", number, *(word for pair in given for word in pair)).status == 0
    case = dana.json("show", number)
    kept = {name: value.lower() if name == "change" else value for name, value in fields.items()}
    assert case["fields"] == kept
    assert case["updates"][0]["data"]["text"] == "\n".join(f"{name}: {value}" for name, value in kept.items())
    assert "Assessed" not in dana("show", number).out
    assert "complete; criticality" in ada("show", number).out
    assert "incomplete" not in ada("show", number).out
    assert ada("verify").status == 0


def test_what_an_update_cannot_tell(trial: str) -> None:
    """OPEN-4: what the field cannot say, nothing at all, and fields of a note are refused; nothing changes."""
    number = Who(trial, DANA)("--json", "open", *CHANGE).json["number"]
    dana, ben = Who(trial, DANA), Who(trial, BEN)
    assert "change cannot be 'paint'" in dana("update", number, "--field", "change=paint").refused(2)
    assert "change says nothing" in dana("update", number, "--field", "change=").refused(2)
    assert "a note changes no field" in ben("update", number, "--internal", "-m", "x", "--field", "a=b").refused(2)
    ben("request", "reject", number, "-m", "Unclear.")
    assert "change cannot be" in dana("request", "resubmit", number, "-m", "x", "--field", "change=paint").refused(
        2
    )
    assert dana("request", "resubmit", number, "-m", "As agreed.", "--field", "Change=MOVE").status == 0
    again = dana.json("show", number)
    assert (again["fields"], again["updates"][0]["data"]["text"]) == (
        {"change": "move"},
        "As agreed.\n\nchange: move",
    )


def test_nothing_is_accepted_over_a_proposal(trial: str, number: str, order: str) -> None:
    """SR-1: else the customer's yes, or silence, would close it as resolved with documents nobody signed."""
    dana, ben = Who(trial, DANA, MON), Who(trial, BEN, MON)
    assert ben("propose", number, "-m", "Admin, Numbers, Add does it.").status == 0
    told = ben("request", "accept", number, "--order", order).refused(5)
    assert "waits for the customer's answer to what was proposed" in told
    assert f"care reject {number} --via phone" in told
    assert dana("reject", number, "-m", "We may not.").status == 0
    assert ben("request", "accept", number, "--order", order).status == 0
    assert "propose is not possible" in ben("propose", number, "-m", "Or so.").refused(5)


def test_a_deadline_that_was_missed_stays_missed(trial: str, number: str) -> None:
    """SR-1: closing a request cancels what is still to come, and does not unsay what was missed."""
    late = Who(trial, BEN, "2026-03-25T14:00:00Z")
    assert Who(trial, ADA, "2026-03-25T12:00:00Z")("tick").status in {0, 10}
    case = late.json("close", number, "-m", "Withdrawn.", "--substatus", "cancelled")
    assert [one["state"] for one in case["deadlines"]] == ["missed", "missed"]
    assert "MISSED, due" in late("explain", number).out


def test_the_form_to_fill_in(trial: str, tmp_path: Path) -> None:
    """OPEN-4: `--template` prints the sub-type's fields with what they may say; filled in it opens the case."""
    dana = Who(trial, DANA)
    text = dana("open", "--template", *CHANGE).out
    assert 'change = ""  # needed: move, add, change, delete' in text
    (tmp_path / "case.toml").write_text(text.replace('change = ""', 'change = "add"'))
    assert dana.json("open", "--form", str(tmp_path / "case.toml"))["fields"] == {"change": "add"}
    other = dana("open", "--template", "--type", "admin", "--subtype", "contact-data").out
    assert 'phone = ""  # Which telephone number' in other


def test_from_the_request_to_its_completion(trial: str, number: str, order: str) -> None:
    """SR-1: the whole course at the command line, what each command answers, and the record as its events say."""
    dana, ben = Who(trial, DANA, MON), Who(trial, BEN, MON)
    assert ben("request", "ack", number).out == (
        f"{number} acknowledged: Open / New, decision due 2026-03-25 09:00 EDT (2bd)\n"
    )
    assert ben("request", "reject", number, "-m", "No room.").out == f"{number} rejected, {MIA} told: Open / New\n"
    again = dana.json("request", "resubmit", number, "-m", "In the west.", "--field", "site=West")
    assert (again["request"]["stage"], again["request"]["cycle"]) == ("submitted", 2)
    told = ben("request", "accept", number, "--order", order, "-m", "Two days.").out
    assert told.startswith(f"{number} accepted: Open / New\n  file 1: order.txt (41 bytes), clean")
    assert dana("request", "sign", number).out == f"{number} signed, Customer Care to sign yet: Open / New\n"
    assert ben("request", "sign", number, "--document", "1").out == (
        f"{number} signed by both sides, work may begin: Open / New\n"
    )
    document = dana.json("show", number)["request"]["documents"][0]
    assert document["sha256"] == sha256(ORDER).hexdigest()
    assert (document["signed_by_customer"], document["signed_by_care"]) == (
        {"by": DANA, "at": MON},
        {"by": BEN, "at": MON},
    )
    assert ben.at(TUE)("request", "complete", number, "-m", "They ring.").status == 0
    shown = dana.at(TUE).json("show", number)
    assert (shown["status"], shown["substatus"], shown["closed_by"]) == ("closed", "resolved", BEN)
    assert [update["kind"] for update in shown["updates"]] == [
        "request-completed",
        "request-signed",
        "request-signed",
        "request-accepted",
        "request-resubmitted",
        "request-rejected",
        "request-acknowledged",
        "opened",
    ]
    assert Who(trial, ADA, TUE)("verify").status == 0


@pytest.mark.parametrize("command", ["investigate", "restore", "close", "request complete"])
def test_work_comes_too_early(trial: str, number: str, order: str, command: str) -> None:
    """SR-1: status 5 and the rule, before the decision and before the signatures, with what has to come first."""
    ben = Who(trial, BEN, MON)
    error = ben("--json", *command.split(), number).error
    assert (error["code"], error["rule"]) == ("refused", "SR-1")
    assert error["hint"].startswith(f"care request accept {number} --order FILE")
    ben("request", "accept", number, "--order", order)
    ran = ben("--json", *command.split(), number)
    assert (ran.status, ran.error["hint"]) == (5, f"each side signs with care request sign {number}")


def test_no_word_of_it_to_others(trial: str, number: str, order: str) -> None:
    """DC-3: another account's request answers as one that does not exist; a contact reads the same as staff."""
    Who(trial, BEN, MON)("request", "accept", number, "--order", order)
    lena = Who(trial, LENA, MON)
    for words in (("request", "sign"), ("request", "resubmit", "-m", "x"), ("show",)):
        answers = [lena("--json", *words, which).error | {"hint": None} for which in (number, "0000000999")]
        assert answers[0]["message"].replace(number, "N") == answers[1]["message"].replace("0000000999", "N")
        assert answers[0]["code"] == answers[1]["code"] == "not-found"
    documents = [Who(trial, who, MON).json("show", number)["request"] for who in (OMAR, BEN)]
    assert documents[0] == documents[1]


def test_a_hostile_document(trial: str, number: str, tmp_path: Path) -> None:
    """SR-1: a file's name cannot paint the screen of who is about to sign it."""
    path = tmp_path / "order\x1b[31m[red]=1+1.txt"
    path.write_bytes(ORDER)
    ben, dana = Who(trial, BEN, MON), Who(trial, DANA, MON)
    assert ben("request", "accept", number, "--order", str(path)).status == 0
    screen = terminal(*dana.options, "show", number).out
    assert "\x1b[31m[red]" not in screen
    assert "[red]=1+1.txt" in screen
    assert "\x1b" not in dana("show", number).out


def test_two_things_on_standard_input(trial: str, number: str) -> None:
    """CLI: the order and the text cannot both come from standard input; the order alone can."""
    ben = Who(trial, BEN, MON)
    assert "standard input is one thing" in ben("request", "accept", number, "--order", "-", "-m", "-").refused(2)
    case = ben.json("request", "accept", number, "--order", "-", stdin=ORDER)
    assert case["request"]["documents"][0]["sha256"] == sha256(ORDER).hexdigest()


def test_a_question_for_what_is_missing(trial: str, number: str) -> None:
    """CLI: at a terminal the reason of a rejection is asked for; elsewhere the error says how to give it."""
    ben = Who(trial, BEN, MON)
    assert "-m" in ben("request", "reject", number).refused(2)
    ran = terminal(
        *ben.options,
        "request",
        "reject",
        number,
        answers=(("Why is it rejected?", "No room.\n.\n"),),
        CARE_EDITOR="",
    )
    assert (ran.status, f"{number} rejected" in ran.out) == (0, True)


def asked(trial: str, subtype: str, *fields: str) -> Any:
    """An admin case that Dana has opened."""
    words = [word for field in fields for word in ("--field", field)]
    text = "I would like to have this changed for the colleague whom I name here, please."
    form = ("--type", "admin", "--subtype", subtype, "-s", f"A wish: {subtype}", "-m", text)
    return Who(trial, DANA, NOW).json("open", *form, *words)


def test_an_access_level_approved(trial: str) -> None:
    """ADM-1: the case says what is asked for, an admin approves, and `contact list` shows it."""
    ada, dana = Who(trial, ADA, MON), Who(trial, DANA, MON)
    case = asked(trial, "access-level", f"person={OMAR}", "access=read-only")
    number = case["number"]
    assert (case["type"], case["subtype"], case["fields"]) == (
        "admin",
        "access-level",
        {"person": OMAR, "access": "read-only"},
    )
    assert "Access  " in terminal(*ada.options, "show", number).out
    assert "manage people" in Who(trial, BEN, MON)("approve", number).refused(4)
    assert ada("approve", number, "-m", "As you wish.").out == (
        f"{number} approved, access of {OMAR}: read-write -> read-only: Closed / Resolved;"
        " `care reopen` takes it up again\n"
    )
    levels = {contact["email"]: contact["access"] for contact in dana.json("contact", "list")["contacts"]}
    assert levels[OMAR] == "read-only"
    assert f"access of {OMAR}: read-write -> read-only" in dana("show", number).out
    assert Who(trial, OMAR, MON)("update", number, "-m", "x").status == 4
    assert ada("verify").status == 0


def test_declined_at_the_command_line(trial: str) -> None:
    """ADM-1: declining needs a reason, and changes nothing."""
    ada = Who(trial, ADA, MON)
    number = asked(trial, "contact-data", "phone=+1 555 010 0199")["number"]
    assert "-m" in ada("decline", number).refused(2)
    assert ada("decline", number, "-m", "Not yours.").out.startswith(f"{number} declined: Closed / Cancelled")
    contacts = {one["email"]: one for one in ada.json("contact", "list")["contacts"]}
    assert contacts[DANA]["phone"] != "+1 555 010 0199"


def test_an_admin_case_without_a_sub_type(trial: str) -> None:
    """ADM-1, OPEN-2: as before one may be opened without any; there is nothing to approve then."""
    form = (
        "--type",
        "admin",
        "-s",
        "Who pays",
        "-m",
        "Who of you can tell me which invoice this is about, please?",
    )
    case = Who(trial, DANA).json("open", *form)
    assert (case["subtype"], case["request"], case["deadlines"]) == (None, None, [])
    error = Who(trial, ADA, MON)("--json", "approve", case["number"]).error
    assert (error["code"], error["rule"]) == ("refused", "ADM-1")


def test_a_kept_pin_is_never_told(trial: str) -> None:
    """ADM-1, DC-4: neither events nor mail hold a PIN, and a reset leaves none that could be guessed."""
    ada = Who(trial, ADA, MON)
    Who(trial, DANA, NOW)("contact", "edit", DANA, "--pin", "-", stdin=b"471147\n")
    number = asked(trial, "pin-reset")["number"]
    assert ada("approve", number).status == 0
    everything = ada("log", "--all", "--format", "jsonl").out
    assert "471147" not in everything
    assert any(json.loads(line)["data"].get("pin_reset") for line in everything.splitlines())


def test_asked_for_in_lines(trial: str) -> None:
    """OPEN-4: a terminal that shows lines alone asks for the sub-type's own field too, with its choices."""
    dana = Who(trial, DANA)
    ran = terminal(
        *dana.options,
        "open",
        *CHANGE,
        answers=(("Change (1-4)", "2\n"), ("Open the case 'Add ten numbers'?", "y\n")),
        TERM="dumb",
    )
    assert ran.status == 0, ran.out
    assert dana.json("show", "10")["fields"] == {"change": "add"}


def test_either_of_two_asked_for_in_lines(trial: str) -> None:
    """ADM-1: of name and telephone either may be left blank; what is left blank is not kept."""
    dana = Who(trial, DANA)
    form = ("--type", "admin", "--subtype", "contact-data", "-s", "A new number", "-m", WISH)
    answers = (("Name", "\n"), ("Phone", "+1 555 010 0199\n"), ("Open the case 'A new number'?", "y\n"))
    ran = terminal(*dana.options, "open", *form, answers=answers, TERM="dumb")
    assert ran.status == 0, ran.out
    assert dana.json("show", "10")["fields"] == {"phone": "+1 555 010 0199"}


def test_the_guided_form_asks_for_an_admins_wish(trial: str) -> None:
    """OPEN-4, ADM-1: what is asked for, for whom, and of name and telephone at least one."""
    dana = Who(trial, DANA)
    with Terminal(*dana.options, "open", "--type", "admin", "-m", WISH) as at:
        at.answers(("What is asked for?", f"contact{ENTER}"), ("subject 0/100", f"A new number{ENTER}"))
        at.answers(("These might help", ENTER), ("Whose: the address", ENTER))
        at.answers(("Which name shall", ENTER), ("Which telephone number", ENTER))
        at.sees("an answer is needed")
        at.types(f"+1 555 010 0199{ENTER}")
        at.answers(("Whom can we call", ENTER), ("Extra fields", ENTER), ("Files to attach", ENTER))
        at.sees("> Open the case", "Phone: +1 555 010 0199", "Name: -")
        at.types(ENTER)
        assert at.ends() == 0, at.text
    case = dana.json("show", "10")
    assert (case["subtype"], case["fields"]) == ("contact-data", {"phone": "+1 555 010 0199"})
