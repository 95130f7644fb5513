"""The guided form of `care open` at a real pseudo-terminal, read from its screen and answered by its keys."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, OMAR, Who, kept
from cli.form_terminal import BACK, CTRL_C, DOWN, EDITOR, ENTER, ERASE, TAB, UP, Terminal

IMPACT = "Forty agents call their customers back by hand."
ROUTING = (
    "The routing strategy that was published on Thursday for one queue is ignored, whatever version one takes."
)
QUIET = "Zorb quux flim plonk wibble snark grelm trop vashti ombel crint dulp ferro ganx hoom jelf kerb."
"""What is like no case of the demo's desk."""
OPENED = 10
"""The number of the next case of the demo's desk."""
NEEDED = (
    ("What is it about?", ENTER),
    ("The cloud service", f"voice{ENTER}"),
    ("Implementation stage", ENTER),
    ("Job functions can be performed", f"2{ENTER}"),
    ("subject 0/100", f"Routing broken{ENTER}"),
    ("words 0/10", f"{ROUTING}{TAB}"),
)
"""What a problem needs, up to what is offered."""
PASSED = (
    ("Users affected", ENTER),
    ("How often does it happen", ENTER),
    ("When was it first seen", ENTER),
    ("What does one do to make it happen", TAB),
    ("What was tried so far", TAB),
    ("Whom can we call", ENTER),
    ("who are affected work", ENTER),
    ("Extra fields", ENTER),
    ("Before the case is opened", ENTER),
    ("Files to attach", ENTER),
)
"""What may be passed over."""
CHECKLIST = ("help", "guides", "advisories", "reproduced", "impact", "actions", "defined")
SUMMARY = "Is this right?"


@pytest.fixture
def dana(trial: str) -> Who:
    """A Designated Contact whose service has components."""
    parts = ("Voice=Routing", "Voice=Queue", "Voice=IVR")
    edit = [word for part in parts for word in ("--component", part)]
    assert Who(trial, ADA)("account", "edit", "Northwind", *edit).status == 0
    return Who(trial, DANA)


@pytest.fixture
def plain(trial: str) -> Who:
    """A Designated Contact whose services have no components."""
    return Who(trial, DANA)


def article(dana: Who, title: str, text: str) -> None:
    """Publish an article for everybody."""
    ran = Who(dana.database, BEN)("kb", "add", "-s", title, "-m", text, "--service", "Voice", "--publish")
    assert ran.status == 0, ran


def opening(who: Who, *args: str, **how: Any) -> Terminal:
    """`care open` at a terminal."""
    return Terminal(*who.options, "open", *args, **how)


def the_case(who: Who, number: int = OPENED) -> Any:
    """The case that was opened."""
    return who.json("show", str(number))


def drafts(home: Path) -> list[Path]:
    """The drafts that are kept."""
    return sorted(home.rglob("draft-*"))


@pytest.mark.parametrize(
    ("columns", "lines", "environ"),
    [(80, 24, {}), (60, 20, {}), (60, 20, {"NO_COLOR": "1"}), (132, 50, {})],
    ids=["80x24", "60x20", "no colour", "132x50"],
)
def test_the_whole_way(
    dana: Who, clean_environment: Path, columns: int, lines: int, environ: dict[str, str]
) -> None:
    """OPEN-3..7: a problem is asked for field by field, with live counts, and opened as it was answered."""
    with opening(dana, columns=columns, lines=lines, **environ) as at:
        at.answers(*NEEDED[:4])
        at.sees("subject 0/100")
        at.types("Routing broken")
        at.sees("subject 14/100", "Shift-Tab back")
        assert at.style("subject 14/100").fg == ("default" if environ else "green")
        at.types(ENTER)
        at.sees("What are you experiencing?", "What errors or messages", "What are you trying", "words 0/10")
        at.types("The routing strategy that was published on")
        at.sees("words 7/10, 3 more")
        assert at.style("words 7/10").fg == ("default" if environ else "red")
        at.types(f" Thursday for one queue is ignored, whatever version one takes.{TAB}")
        at.sees("Component", "fits best", "1. Routing", "Queue", "IVR")
        at.types(ENTER)
        at.answers(
            ("What can your people", f"{IMPACT}{TAB}"),
            ("How many users", f"150{ENTER}"),
            ("How often", f"always{ENTER}"),
            ("When was it first seen", "today 9am"),
            ("2026-03-20 09:00 EDT", ENTER),
            ("What does one do", f"Call the number.{ENTER}Press one.{TAB}"),
            *PASSED[4:7],
            ("Extra fields", f"DNs=4711-4720{ENTER}"),
            ("  DNs=4711-4720", ENTER),
            ("Before the case is opened", "yynn"),
            ("[no ] Have you made", ENTER),
            ("Files to attach", ENTER),
            ("> Open the case", ENTER),
        )
        assert at.ends() == 0, at.text
        assert b"0000000010 opened: high" in at.raw
        assert (b"[0;32m" in at.raw) is not bool(environ)
    case = the_case(dana)
    assert (case["subject"], case["description"], case["impact"]) == ("Routing broken", ROUTING, IMPACT)
    assert (case["service"], case["component"], case["stage"]) == ("Voice", "Routing", "production")
    assert case["component_candidates"][0]["component"] == "Routing"
    assert case["fields"] == {
        "users_affected": "150",
        "frequency": "always",
        "observed_at": "2026-03-20T13:00:00Z",
        "steps": "Call the number.\nPress one.",
        "DNs": "4711-4720",
    }
    assert case["checklist"] == {"help": True, "guides": True, "advisories": False, "reproduced": False}
    assert not drafts(clean_environment)


def test_typed_ahead(plain: Who) -> None:
    """OPEN-4: whoever types faster than the screen answers the questions that come, one after the other."""
    with opening(plain) as at:
        at.sees("What is it about?")
        at.types(f"{ENTER}1{ENTER}2{ENTER}4{ENTER}Xyzzy{ENTER}{QUIET}{TAB}{IMPACT}{TAB}{ENTER * 3}")
        at.types(TAB * 2 + ENTER * 6)
        assert at.ends() == 0, at.text
    case = the_case(plain)
    assert (case["subject"], case["stage"], case["priority"]) == ("Xyzzy", "uat", "low")


def test_back_and_change(dana: Who) -> None:
    """OPEN-4: Shift-Tab goes back to what was answered, and the summary leads to any answer and back to itself."""
    with opening(dana) as at:
        at.answers(*NEEDED[:5], ("words 0/10", f"Too short.{BACK}"))
        at.sees("subject 14/100")
        at.types(f"{ERASE}Routing is astray{ENTER}")
        at.answers(("words 0/10", f"{ROUTING}{TAB}"), ("fits best", f"{BACK}"), ("words 17/10", TAB))
        at.answers(("fits best", f"ivr{ENTER}"), ("What can your people", f"{IMPACT}{TAB}"), *PASSED)
        at.sees(SUMMARY, "Subject: Routing is astray", "Component: IVR", "Priority: high")
        at.types("priority")
        at.sees("> Priority: high")
        at.types(ENTER)
        at.sees("Job functions can be performed")
        at.types(f"{DOWN}{ENTER}")
        at.sees(SUMMARY, "Priority: medium")
        at.types(UP + ENTER)
        assert at.ends() == 0, at.text
    case = the_case(dana)
    assert (case["subject"], case["priority"]) == ("Routing is astray", "medium")
    assert (case["component"], case["component_candidates"]) == ("IVR", [])


def test_another_kind_asks_what_it_needs(plain: Who) -> None:
    """OPEN-4: a kind that is changed at the summary has its own needs, which are asked for before it is opened."""
    with opening(plain, "--subtype", "question") as at:
        at.answers(*NEEDED[1:2], *NEEDED[3:], ("Whom can we call", ENTER), *PASSED[7:])
        at.sees(SUMMARY, "About: Support / Question")
        at.types(f"about{ENTER}")
        at.answers(("What is it about?", UP + ENTER), ("Implementation stage", ENTER))
        at.answers(("What can your people", f"{IMPACT}{TAB}"), ("> Open the case", ENTER))
        assert at.ends() == 0, at.text
    assert (the_case(plain)["subtype"], the_case(plain)["impact"]) == ("problem", IMPACT)


def test_an_article_that_solves_it(dana: Who, clean_environment: Path) -> None:
    """OPEN-7: an article is read in place, marked helpful, and ends the form without a case, counted."""
    article(
        dana,
        "Calls routed to the wrong queue",
        "Publish the routing strategy anew: it was changed, not published.",
    )
    before = dana.json("list", "--all")["total"]
    with opening(dana) as at:
        at.answers(*NEEDED)
        at.sees("These might help", "Calls routed to the wrong queue")
        at.types(DOWN + ENTER)
        at.sees("kb-1", "Publish the routing strategy anew", "s solved it")
        at.types("y")
        at.sees("You marked it as helpful.")
        at.types("s")
        assert at.ends() == 0, at.text
        assert b"no case was opened: kb-1 solved it" in at.raw
    assert dana.json("list", "--all")["total"] == before
    shown = Who(dana.database, BEN).json("kb", "show", "1")
    assert (shown["helpful"], shown["deflected"]) == (1, 1)
    assert not drafts(clean_environment)


def test_an_advisory_that_tells_of_it(dana: Who, clean_environment: Path) -> None:
    """OPEN-5 and OPEN-7: the checklist names what is known, which is read in place and ends the form, counted."""
    ben = Who(dana.database, BEN)
    told = ("-s", "Routing is \x1b[31mknown to fail", "-m", "Strategies are ignored.", "--service", "Voice")
    ben.json("advisory", "add", *told, "--solution", "Publish it twice.", "--publish")
    before = dana.json("list", "--all")["total"]
    with opening(dana) as at:
        at.answers(*NEEDED)
        at.sees("These might help", "An advisory tells of an issue that is known", "SA-0001")
        at.types(DOWN + ENTER)
        at.sees("SA-0001", "Strategies are ignored.", "Publish it twice.", "s solved it")
        at.types(ENTER)
        at.sees("These might help")
        at.types(ENTER)
        at.sees("s solved it")
        at.types("s")
        assert at.ends() == 0, at.text
        assert b"no case was opened: SA-0001 solved it" in at.raw
        assert b"\x1b[31mknown" not in at.raw
    assert dana.json("list", "--all")["total"] == before
    assert ben.json("advisory", "show", "1")["deflected"] == 1
    assert not dana.json("advisory", "show", "1")["unread"]
    assert not drafts(clean_environment)


def test_the_checklist_names_open_advisories(dana: Who) -> None:
    """OPEN-5: whoever is asked whether they have looked at the advisories sees which are open for the service."""
    told = ("-m", "It fails.", "--service", "Voice", "--publish")
    for number in range(1, 6):
        Who(dana.database, BEN).json("advisory", "add", "-s", f"Issue {number}", *told)
    with opening(dana) as at:
        at.answers(
            *NEEDED, ("None of these", ENTER), ("Component", ENTER), ("What can your people", f"{IMPACT}{TAB}")
        )
        at.answers(*PASSED[:-2])
        at.sees("Open advisories: SA-0005 Issue 5; SA-0004 Issue 4; SA-0003 Issue 3 and 2", "care advisory list")
        at.types(CTRL_C)
        assert at.ends() == 130


def test_a_long_article_is_scrolled(dana: Who) -> None:
    """OPEN-7: an article that is longer than the screen is read to its end, and leads back to the list."""
    lines = "\n".join(f"Line {number} of the routing strategy." for number in range(1, 61))
    article(dana, "Calls routed to the wrong queue, ignored strategy", lines)
    with opening(dana) as at:
        at.answers(*NEEDED, ("None of these", DOWN + ENTER))
        at.until(lambda screen: "Line 1 of" in screen and "Line 19 of" not in screen, "the beginning")
        at.types(DOWN)
        at.until(lambda screen: "Line 1 of" not in screen and "Line 2 of" in screen, "the second line")
        at.types("\x1b[6~" * 5)
        at.sees("Line 60 of")
        at.types(ENTER)
        at.sees("These might help")
        at.types(CTRL_C)
        assert at.ends() == 130


def near(dana: Who) -> str:
    """A case that is open already, about what the form is filled in with."""
    form = ("-s", "Routing broken", "-m", ROUTING, "--deployment", "East", "--service", "Voice")
    more = ("--stage", "production", "--priority", "low", "--impact", IMPACT)
    return str(dana.json("open", *form, *more)["number"])


@pytest.mark.parametrize("choice", ["1", "2", "3"])
def test_a_case_that_is_open_already(dana: Who, clean_environment: Path, choice: str) -> None:
    """OPEN-11: a near-identical open case is pointed out: it gets the text, or a new one is opened, or neither."""
    number = near(dana)
    with opening(dana) as at:
        at.answers(*NEEDED)
        at.sees("This may be open already", f"{number} Routing broken")
        at.types(choice + ENTER)
        if choice == "2":
            at.answers(("fits best", ENTER), ("What can your people", f"{IMPACT}{TAB}"), *PASSED, (SUMMARY, ENTER))
        assert at.ends() == (130 if choice == "3" else 0), at.text
    updates = the_case(dana)["updates"]
    texts = [update["data"]["text"] for update in updates if update["kind"] == "commented"]
    assert texts == ([ROUTING] if choice == "1" else [])
    assert dana("show", "11").status == (0 if choice == "2" else 3)
    assert len(drafts(clean_environment)) == (choice == "3")


def test_a_near_case_of_another_account_is_not_told(trial: str) -> None:
    """DC-3: what another account has open is pointed out to nobody outside of it."""
    near(Who(trial, DANA))
    with opening(Who(trial, LENA)) as at:
        at.answers(NEEDED[0], *NEEDED[2:], ("What can your people", CTRL_C))
        assert at.ends() == 130, at.text
        assert b"open already" not in at.raw
        assert b"might help" not in at.raw


def test_ctrl_c_and_resume(dana: Who, clean_environment: Path) -> None:
    """OPEN-4: Ctrl-C keeps every answer, and what was typed half; --resume goes on there, and leaves nothing."""
    before = kept(dana.database)
    with opening(dana, "--follows", "1") as at:
        at.answers(*NEEDED[:5])
        at.sees("words 0/10", "follows 0000000001")
        at.types("The routing strategy")
        at.sees("words 3/10")
        at.types(CTRL_C)
        assert at.ends() == 130
        assert b"`care open --resume` goes on from there" in at.raw
    assert kept(dana.database) == before
    (file,) = drafts(clean_environment)
    assert file.stat().st_mode & 0o777 == 0o600
    with opening(dana, "--resume") as at:
        at.sees("Description", "The routing strategy", "words 3/10")
        at.types(f" is ignored by every line since Thursday evening at nine.{TAB}")
        at.answers(("Component", ENTER), ("What can your people", f"{IMPACT}{TAB}"), *PASSED)
        at.sees(SUMMARY, "Subject: Routing broken")
        at.types(ENTER)
        assert at.ends() == 0, at.text
    case = the_case(dana)
    assert case["description"] == "The routing strategy is ignored by every line since Thursday evening at nine."
    assert case["links"] == [{"kind": "follows", "number": "0000000001"}]
    assert not drafts(clean_environment)
    assert "no draft" in dana("open", "--resume").refused(3)


def test_a_stop_at_the_summary(plain: Who, clean_environment: Path) -> None:
    """OPEN-4: who stops at the summary finds it again, with everything else left answered."""
    with opening(plain, "--subtype", "question") as at:
        at.answers(NEEDED[1], *NEEDED[3:], ("Whom can we call", ENTER), *PASSED[7:])
        at.sees(SUMMARY)
        at.types(f"stop{ENTER}")
        assert at.ends() == 130
    assert len(drafts(clean_environment)) == 1
    with opening(plain, "--resume") as at:
        at.sees(SUMMARY, "Subject: Routing broken")
        at.types(ENTER)
        assert at.ends() == 0, at.text
    assert (the_case(plain)["subtype"], drafts(clean_environment)) == ("question", [])


def test_a_draft_without_a_terminal(plain: Who, clean_environment: Path) -> None:
    """CLI: a script that goes on with a draft hears of what is missing in one document, and the draft stays."""
    with opening(plain, "-s", "Xyzzy") as at:
        at.answers(*NEEDED[:2], ("Implementation stage", CTRL_C))
        assert at.ends() == 130
    error = plain("--json", "open", "--resume").error
    assert error["message"] == "missing: stage, priority, description, impact"
    (file,) = drafts(clean_environment)
    more = ("--stage", "uat", "--priority", "low", "-m", QUIET, "--impact", IMPACT)
    assert plain.json("open", "--resume", *more)["subject"] == "Xyzzy"
    assert not file.exists()


def test_one_draft_of_several(plain: Who) -> None:
    """OPEN-4: of several drafts one is chosen at a terminal; a script goes on with the newest."""
    for subject in ("Older", "Newer"):
        with opening(plain, "-s", subject, "--subtype", "question") as at:
            at.answers(NEEDED[1], ("Priority", CTRL_C))
            assert at.ends() == 130
    with opening(plain, "--resume") as at:
        at.sees("1. ", "Newer", "2. ", "Older")
        at.types(f"2{ENTER}")
        at.answers(NEEDED[3], ("words 0/10", f"{QUIET}{TAB}"), ("Whom can we call", ENTER), *PASSED[7:])
        at.answers(("Subject: Older", ENTER))
        assert at.ends() == 0, at.text
    told = plain("open", "--resume", "--priority", "low", "-m", QUIET)
    assert (told.status, the_case(plain, 11)["subject"]) == (0, "Newer")


def test_a_lost_terminal(dana: Who, clean_environment: Path) -> None:
    """OPEN-4: a terminal that goes away takes nothing along, not even half a text."""
    with opening(dana) as at:
        at.answers(*NEEDED[:5])
        at.sees("words 0/10")
        at.types("Half a sen")
        at.sees("words 3/10")
        assert at.hangs_up() in {130, -1}
    (file,) = drafts(clean_environment)
    read = json.loads(file.read_text())
    assert (read["subject"], read["draft"]["begun"]) == ("Routing broken", {"description": "Half a sen"})


def test_a_killed_form(dana: Who, clean_environment: Path) -> None:
    """OPEN-4: every answer is on disk as soon as it is given, whatever ends the program."""
    with opening(dana) as at:
        at.answers(*NEEDED[:5])
        at.sees("words 0/10")
    (file,) = drafts(clean_environment)
    assert json.loads(file.read_text())["subject"] == "Routing broken"


def test_another_size(plain: Who) -> None:
    """OPEN-4: a window that is made smaller and larger goes on with what was typed."""
    with opening(plain) as at:
        at.answers(*NEEDED[:4])
        at.sees("subject 0/100")
        at.types("Transfers fail to the other queue")
        at.sees("subject 33/100")
        at.resizes(40, 12)
        at.until(lambda screen: "Ctrl-C stop" in screen and screen.count("subject 33/100") == 1, "the small form")
        at.types(" at noon")
        at.sees("subject 41/100")
        at.resizes(100, 30)
        at.sees("Enter next · Shift-Tab back · Ctrl-C stop", "> Transfers fail to the other queue at noon")
        at.types(CTRL_C)
        assert at.ends() == 130


def test_pastes(plain: Who) -> None:
    """OPEN-4: a paste of many lines is one text in a description, and one line in a subject."""
    with opening(plain) as at:
        at.answers(*NEEDED[:4])
        at.sees("subject 0/100")
        at.pastes("Routing\r\nbroken")
        at.answers(("> Routing broken", ENTER), ("words 0/10", ""))
        at.pastes("Steps:\r\n\tone two three four five\r\n\tsix seven eight nine ten")
        at.answers(("words 11/10", TAB), ("What can your people", f"{IMPACT}{TAB}"), *PASSED, (SUMMARY, ENTER))
        assert at.ends() == 0, at.text
    case = the_case(plain)
    assert case["subject"] == "Routing broken"
    assert case["description"] == "Steps:\n\tone two three four five\n\tsix seven eight nine ten"


def test_hostile_answers(plain: Who) -> None:
    """OPEN-3: escape sequences are text that is shown and never obeyed; a subject is cleaned of them."""
    with opening(plain) as at:
        at.answers(*NEEDED[:4])
        at.sees("subject 0/100")
        at.pastes("\x1b]0;owned\x07Routing \x1b[31mbroken")
        at.answers(("> Routing broken", ENTER), ("words 0/10", ""))
        at.pastes(f"\x1b[2J\x1b]0;owned\x07{ROUTING} [bold]x[/bold]")
        at.sees("words 18/10", "[bold]x[/bold]")
        assert b"\x1b]0;owned" not in at.raw
        assert b"\x1b[2J\x1b" not in at.raw.partition(b"words 18/10")[0][-2000:]
        at.types(TAB)
        at.answers(("What can your people", f"{IMPACT}{TAB}"), *PASSED, (SUMMARY, ENTER))
        assert at.ends() == 0, at.text
        assert b"\x1b]0;owned" not in at.raw
    assert the_case(plain)["description"].endswith("[bold]x[/bold]")


def test_a_megabyte_is_pasted(plain: Who) -> None:
    """OPEN-3: a text of a megabyte does not stop the form; one that is too long is told in a line."""
    with opening(plain, "-s", "Routing broken") as at:
        at.answers(*NEEDED[:4], ("words 0/10", ""))
        at.pastes("word " * 210_000)
        at.sees("1,050,000 characters held unseen", "words 210000/10")
        at.types(TAB)
        at.sees("longer than 1,000,000 characters")
        at.types(CTRL_C)
        assert at.ends() == 130


def test_an_editor_for_long_texts(plain: Who, tmp_path: Path) -> None:
    """OPEN-4: Ctrl-X Ctrl-E has a long text written in the person's editor, which goes on from what was typed."""
    program = tmp_path / "editor"
    program.write_text(f'#!/bin/sh\ncat "$1" > {tmp_path}/seen\necho "{QUIET}" > "$1"\n')
    program.chmod(0o700)
    with opening(plain, CARE_EDITOR=str(program)) as at:
        at.answers(*NEEDED[:5], ("words 0/10", f"begun{EDITOR}"))
        at.sees("words 17/10", "Zorb quux")
        at.types(TAB)
        at.answers(("What can your people", CTRL_C))
        assert at.ends() == 130
    seen = (tmp_path / "seen").read_text()
    assert seen.startswith("begun\n")
    assert "# What are you experiencing?" in seen


def test_no_editor(plain: Who) -> None:
    """OPEN-4: where no editor is named the form says so, and is written in as before."""
    with opening(plain, CARE_EDITOR="", VISUAL="", EDITOR="") as at:
        at.answers(*NEEDED[:5], ("words 0/10", EDITOR), ("no editor is named", CTRL_C))
        assert at.ends() == 130


def test_what_is_given_is_not_asked(dana: Who) -> None:
    """OPEN-4: whatever the form asks can be said with the command, and is then not asked."""
    given = (
        *(
            "--type",
            "support",
            "--subtype",
            "problem",
            "--service",
            "Voice",
            "--stage",
            "uat",
            "-s",
            "Routing broken",
        ),
        *(
            "-m",
            ROUTING,
            "--impact",
            IMPACT,
            "--component",
            "Queue",
            "--users-affected",
            "3",
            "--frequency",
            "daily",
        ),
        *(
            "--observed-at",
            "2026-03-20",
            "--steps",
            "None.",
            "--troubleshooting",
            "None.",
            "--local-contact",
            "Eve",
        ),
        *("--hours-location", "Here", "--field", "DNs=1", "--yes"),
        *(
            word
            for key in ("help", "guides", "advisories", "reproduced", "impact", "actions", "defined")
            for word in ("--check", key)
        ),
    )
    with opening(dana, *given) as at:
        at.answers(("Priority", f"4{ENTER}"), ("Files to attach", ENTER))
        assert at.ends() == 0, at.text
    case = the_case(dana)
    assert (case["priority"], case["component"], case["fields"]["DNs"]) == ("low", "Queue", "1")
    assert all(case["checklist"].values())


def test_a_complete_form_is_not_asked_about(dana: Who) -> None:
    """OPEN-6, OPEN-11: a case that options complete is opened at once; notices tell what a form would."""
    near(dana)
    words = ("-s", "Routing broken", "-m", ROUTING, "--service", "Voice", "--stage", "uat", "--priority", "low")
    with opening(dana, *words, "--deployment", "East", "--impact", IMPACT, columns=132) as at:
        assert at.ends() == 0, at.text
        assert "component: Routing (next best: " in at.text
        assert "0000000010 Routing broken is open already" in at.text
        assert "0000000011 opened: low" in at.text


def test_staff_on_behalf_of_a_contact(trial: str) -> None:
    """OPEN-10: staff are asked whose case it is; OPEN-8: what the channel forbids is told at the priority."""
    ben = Who(trial, BEN)
    with opening(ben) as at:
        at.answers(
            ("What is it about?", ENTER), ("on whose behalf", f"harb{ENTER}"), ("Designated Contact", ENTER)
        )
        at.answers(NEEDED[2], ("critical", f"2{ENTER}"))
        at.sees("phone support for Critical issues only")
        at.types(f"1{ENTER}")
        at.answers(*NEEDED[4:], ("What can your people", f"{IMPACT}{TAB}"), *PASSED)
        at.sees(SUMMARY, f"Contact: {LENA}")
        at.types(ENTER)
        assert at.ends() == 0, at.text
    case = the_case(ben)
    assert (case["account"], case["contact"], case["priority"], case["via"]) == (
        "Harbor Clinic",
        LENA,
        "critical",
        "phone",
    )


KINDS = {
    "Question": ("support", "question"),
    "password reset": ("service-request", "password-reset"),
    "change request": ("service-request", "change-request"),
    "new project": ("service-request", "new-project"),
    "service order": ("service-request", "service-order"),
    "data privacy": ("service-request", "data-privacy"),
    "Feature request": ("feature-request", None),
    "Administration": ("admin", None),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_asks_its_own(plain: Who, name: str) -> None:
    """OPEN-2, OPEN-4: each type and sub-type is asked for what it needs, and is opened as such."""
    questions = {
        "What is asked for?": f"something{ENTER}",
        "The cloud service": f"1{ENTER}",
        "Job functions can be": ENTER,
        "subject 0/100": f"Something else{ENTER}",
        "Which login is it": f"lena{ENTER}",
        "move, add, change or": f"add{ENTER}",
        "What is ordered": f"A recording{ENTER}",
        "What is to be new": f"A second site{ENTER}",
        "correction, deletion": f"export{ENTER}",
        "Whose data": f"Lena Vogt{ENTER}",
        "words 0/10": f"{QUIET}{TAB}",
        "What does one do": TAB,
        "How many users": ENTER,
        "Whom can we call": ENTER,
        "who are affected work": ENTER,
        "Extra fields": ENTER,
        "Before the case": ENTER,
        "Files to attach": ENTER,
        "> Open the case": ENTER,
        "These might help": ENTER,
    }
    asked = []
    with opening(plain) as at:
        at.sees("What is it about?")
        at.types(name.lower() + ENTER)
        while questions:
            screen = at.until(lambda screen: any(q in screen for q in questions), f"{[*questions]}")
            question = next(q for q in questions if q in screen)
            asked.append(question)
            at.types(questions.pop(question))
            if question == "> Open the case":
                break
        assert at.ends() == 0, at.text
    case = the_case(plain)
    assert (case["type"], case["subtype"]) == KINDS[name]
    assert ("The cloud service" in asked) is (name != "Administration")
    assert ("What is asked for?" in asked) is (name == "Administration")
    assert ("Before the case" in asked) is (name == "Question")
    assert ("How many users" in asked) is (name not in {"Question", "data privacy", "Administration"})


def test_an_answer_for_a_pipe(plain: Who, tmp_path: Path) -> None:
    """CLI: with standard output in a pipe the form is on the terminal, and the answer alone in the pipe."""
    out = tmp_path / "out"
    with opening(plain, "--subtype", "question", stdout=out) as at:
        at.answers(NEEDED[1], *NEEDED[3:], ("Whom can we call", ENTER), *PASSED[7:], (SUMMARY, ENTER))
        assert at.ends() == 0, at.text
    assert out.read_text().startswith("0000000010 opened: high")
    assert "\x1b" not in out.read_text()


@pytest.mark.parametrize(
    ("environ", "columns", "lines"),
    [({"TERM": "dumb"}, 80, 24), ({}, 39, 24), ({}, 80, 11)],
    ids=["dumb", "narrow", "low"],
)
def test_questions_in_lines(plain: Who, environ: dict[str, str], columns: int, lines: int) -> None:
    """OPEN-4: a terminal that can show no form is asked in lines."""
    with opening(plain, "--subtype", "question", columns=columns, lines=lines, **environ) as at:
        at.answers(("Service (1-2)", f"1{ENTER}"), ("Priority (2-4)", CTRL_C))
        assert at.ends() == 130
        assert b"\x1b[?1049h" not in at.raw


def test_files(plain: Who, tmp_path: Path) -> None:
    """ATT-2: a file is named with completion and looked through; what is found is shown and decided about."""
    (tmp_path / "trace-of-calls.log").write_text("ok\nmail to bob@customer.example now\n")
    (tmp_path / "clean.txt").write_text("nothing to see\n")
    with opening(plain, "--subtype", "question") as at:
        at.answers(NEEDED[1], *NEEDED[3:], ("Whom can we call", ENTER), *PASSED[7:8], PASSED[8])
        at.sees("Files to attach")
        at.types(f"{tmp_path}/none.log{ENTER}")
        at.sees("! ", "cannot read")
        at.types(f"{ERASE}{tmp_path}/trace{TAB}")
        at.until(lambda screen: "trace-of-calls.log" in screen.replace("\n", ""), "the completed name")
        at.types(ENTER)
        at.sees("may hold customer data", "2:9  e-mail")
        at.types(ENTER)
        at.sees("redacted")
        at.types(f"{tmp_path}/clean.txt{ENTER}")
        at.answers(("clean.txt (15 bytes", ENTER), (SUMMARY, ENTER))
        assert at.ends() == 0, at.text
    case = the_case(plain)
    assert [file["sanitised"] for file in case["attachments"]] == ["redacted", "clean"]


@pytest.fixture(autouse=True)
def _no_editor_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CARE_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


def test_the_other_contact_has_no_draft(plain: Who) -> None:
    """DC-3: a draft is its writer's: whoever else works at this machine does not go on with it."""
    with opening(plain, "--subtype", "question") as at:
        at.answers(NEEDED[1], ("Priority", CTRL_C))
        assert at.ends() == 130
    assert "no draft" in Who(plain.database, OMAR)("open", "--resume").refused(3)


def test_a_reseller_chooses_the_account(trial: str) -> None:
    """ACC-5, OPEN-4: whose account is the parent of others is asked first for which of them the case is."""
    ada = Who(trial, ADA)
    place = ("--deployment", "Main", "--service", "Voice")
    ada.json("account", "add", "Umbrella", "--plan", "business-care", *place)
    ada.json("contact", "add", "rea@umbrella.example", "--account", "Umbrella")
    ada.json("account", "edit", "Harbor Clinic", "--parent", "Umbrella")
    rea = Who(trial, "rea@umbrella.example")
    with opening(rea, "--subtype", "question") as at:
        at.sees("Account", "1. Umbrella", "2. Harbor Clinic")
        at.types("2")
        at.types(ENTER)
        at.until(lambda screen: "2. Harbor Clinic" not in screen, "the next question")
        assert "Harbor Clinic" in at.text
        at.types(CTRL_C)
        at.ends()
    with opening(Who(trial, LENA), "--subtype", "question") as at:
        at.sees("Harbor Clinic")
        assert "Umbrella" not in at.text
        at.types(CTRL_C)
        at.ends()
