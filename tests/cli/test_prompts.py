"""Opening a case at a terminal that can show lines alone: asked for what is missing, confirmed, else kept."""

import json
import re
from functools import partial
from pathlib import Path

import pytest
from cli import acceptance
from cli.acceptance import ADA, BEN, CTRL_C, DANA, FORM, LENA, NOW, OMAR, TEXT, Ran, Who, kept, shell

terminal = partial(acceptance.terminal, TERM="dumb", settled_s=0.02)
"""A terminal that knows no more than lines, and so has nothing to set up."""
IMPACT = "Forty agents call their customers back by hand."
ASKED = (
    ("Service (1-2)", "2\n"),
    ("Stage (1-2)", "production\n"),
    ("Priority (", "high\n"),
    ("Subject", "Reports are empty\n"),
)
CONFIRM = "Open the case 'Reports are empty'? [Y/n]"


@pytest.fixture
def editor(tmp_path: Path) -> str:
    """A person at an editor: answers each long question, and keeps what it showed."""
    program = tmp_path / "editor"
    program.write_text(
        "#!/bin/sh\n"
        f'cat "$1" >> {tmp_path}/seen\n'
        f'case "$(cat "$1")" in *Impact*) text="{IMPACT}" ;; *) text="{TEXT}" ;; esac\n'
        'printf "%s\\n" "$text" | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n'
    )
    program.chmod(0o700)
    return str(program)


@pytest.fixture
def dana(trial: str) -> Who:
    """A Designated Contact with one deployment and two services."""
    return Who(trial, DANA)


def test_everything_is_asked_for(dana: Who, editor: str, tmp_path: Path) -> None:
    """OPEN-4: at a terminal `care open` asks for what is missing, long text in $EDITOR, and opens the case."""
    ran = terminal(*dana.options, "open", answers=[*ASKED, (CONFIRM, "y\n")], EDITOR=editor)
    assert ran.status == 0, ran.out
    assert "Deployment: East" in ran.out  # the only one is not asked for
    assert "1. Reporting" in ran.out or "2. Reporting" in ran.out
    case = dana.json("show", "10")
    assert case["subject"] == "Reports are empty"
    assert (case["description"], case["impact"]) == (TEXT, IMPACT)
    assert (case["stage"], case["priority"], case["status"]) == ("production", "high", "open")
    assert case["service"] in {"Voice", "Reporting"}
    assert "0000000010" in ran.out
    seen = (tmp_path / "seen").read_text()
    assert "What are you experiencing?" in seen
    assert "Impact" in seen


def test_only_what_is_missing_is_asked_for(dana: Who, editor: str) -> None:
    """OPEN-4: what the options say is not asked for again."""
    form = [word for word in FORM if word not in {"--priority", "high"}]
    answers = [("Priority (2-4)", "3\n"), ("Open the case 'Calls drop'?", "y\n")]
    ran = terminal(*dana.options, "open", *form, answers=answers, EDITOR=editor)
    assert ran.status == 0, ran.out
    assert "Subject" not in ran.out
    assert "Service (" not in ran.out


def test_a_complete_form_of_staff_asks_nothing(trial: str, editor: str) -> None:
    """OPEN-4: a form that is complete is opened without a question."""
    options = ("--account", "Northwind", "--contact", DANA)
    ran = terminal(*Who(trial, BEN).options, "open", *FORM, *options, EDITOR=editor)
    assert ran.status == 0
    assert "?" not in ran.out


def test_a_complete_form_of_a_contact_asks_nothing(dana: Who, editor: str) -> None:
    """OPEN-4: what is missing is asked for; where nothing is, nothing is asked, not even for a yes."""
    ran = terminal(*dana.options, "open", *FORM, EDITOR=editor)
    assert ran.status == 0
    assert "[Y/n]" not in ran.out


def test_yes_answers_the_confirmation(dana: Who, editor: str) -> None:
    """CLI: --yes answers confirmations."""
    ran = terminal(*dana.options, "open", "--yes", answers=ASKED, EDITOR=editor)
    assert ran.status == 0, ran.out
    assert "[Y/n]" not in ran.out


def test_enter_opens_the_case(dana: Who, editor: str) -> None:
    """OPEN-4: everything was typed for the case, so Enter alone opens it."""
    ran = terminal(*dana.options, "open", answers=[*ASKED, (CONFIRM, "\n")], EDITOR=editor)
    assert (ran.status, dana.json("show", "10")["description"]) == (0, TEXT), ran.out
    assert "are kept" not in ran.out


@pytest.mark.parametrize("answer", ["n\n", CTRL_C, "\x04"], ids=["no", "ctrl-c", "ctrl-d"])
def test_declining_leaves_nothing(dana: Who, editor: str, answer: str) -> None:
    """OPEN-4: a no, Ctrl-C or the end of input at the question leaves nothing on the desk."""
    before = kept(dana.database)
    ran = terminal(*dana.options, "open", answers=[*ASKED, (CONFIRM, answer)], EDITOR=editor)
    assert ran.status == 130
    assert ran.out.endswith("\n")  # the shell's next prompt begins a line
    assert "Traceback" not in ran.out
    assert kept(dana.database) == before


@pytest.mark.parametrize("at", range(len(ASKED)))
def test_ctrl_c_at_any_question(dana: Who, editor: str, at: int) -> None:
    """CLI: Ctrl-C at any question answers 130 and leaves nothing."""
    before = kept(dana.database)
    ran = terminal(*dana.options, "open", answers=[*ASKED[:at], (ASKED[at][0], "\x03")], EDITOR=editor)
    assert (ran.status, kept(dana.database)) == (130, before)


@pytest.mark.parametrize(("body", "status"), [("exit 3", 1), (': > "$1"', 2)])
def test_an_editor_that_is_left_without_a_text(dana: Who, tmp_path: Path, body: str, status: int) -> None:
    """OPEN-4: an editor that fails or leaves no text opens no case."""
    before = kept(dana.database)
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o700)
    ran = terminal(*dana.options, "open", answers=ASKED, EDITOR=str(program))
    assert ran.status == status
    assert "Traceback" not in ran.out
    assert kept(dana.database) == before


def test_an_editor_that_does_not_start(dana: Who) -> None:
    """CLI: an editor that is not there is one message."""
    ran = terminal(*dana.options, "open", answers=ASKED, EDITOR="/none/such/editor")
    assert ran.status == 1
    assert "cannot start the editor" in ran.out


def test_without_an_editor_lines_are_read(dana: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPEN-4: where no editor is named the text is typed line by line until a lone dot."""
    for name in ("CARE_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    answers = [
        *ASKED,
        ("only a dot", f"{TEXT}\n.\n"),
        ("only a dot", f"{IMPACT}\n.\n"),
        (CONFIRM, "y\n"),
    ]
    ran = terminal(*dana.options, "open", answers=answers)
    assert ran.status == 0, ran.out
    assert dana.json("show", "10")["description"] == TEXT


def test_a_wrong_choice_is_asked_again(dana: Who, editor: str) -> None:
    """OPEN-4: an answer that is none of the choices is asked again."""
    answers = [("Service (1-2)", "7\n"), ("none of these", "voice\n"), *ASKED[1:], (CONFIRM, "y\n")]
    ran = terminal(*dana.options, "open", answers=answers, EDITOR=editor)
    assert ran.status == 0, ran.out
    assert dana.json("show", "10")["service"] == "Voice"


def test_staff_choose_account_and_contact(trial: str, editor: str) -> None:
    """OPEN-10: staff who open a case are asked whose it is first."""
    ben = Who(trial, BEN)
    answers = [
        ("Account (1-2)", "Northwind\n"),
        ("Contact (1-", "dana@northwind.example\n"),
        *ASKED,
        (CONFIRM, "y\n"),
    ]
    ran = terminal(*ben.options, "open", answers=answers, EDITOR=editor)
    assert ran.status == 0, ran.out
    case = ben.json("show", "10")
    assert (case["account"], case["contact"], case["via"]) == ("Northwind", DANA, "phone")


@pytest.mark.parametrize("how", ["pipe", "--no-input", "--json", "CARE_NO_INPUT"])
def test_without_a_terminal_all_missing_fields_are_named(dana: Who, editor: str, how: str) -> None:
    """OPEN-4: without a terminal, or told not to ask, `open` names all missing fields at once."""
    before = kept(dana.database)
    args = (*dana.options, "open", "--subject", "Reports are empty")
    if how == "pipe":
        told = shell(*args, EDITOR=editor).refused(2)
    else:
        options, environ = ((), {how: "1"}) if how.isupper() else ((how,), {})
        ran = terminal(*args, *options, variables=environ, EDITOR=editor)
        assert ran.status == 2
        told = ran.out
    for name in ("deployment", "service", "stage", "priority", "description", "impact"):
        assert f"--{name}" in told
    assert "--subject" not in told
    assert kept(dana.database) == before


@pytest.mark.parametrize(
    ("args", "missing"),
    [
        (("--type", "admin"), "subject, description"),
        (("--type", "service-request"), "subtype, deployment, service, priority, subject, description"),
        (("--type", "feature-request"), "deployment, service, priority, subject, description"),
        (("--subtype", "question"), "deployment, service, priority, subject, description"),
        ((), "deployment, service, stage, priority, subject, description, impact"),
    ],
)
def test_what_each_type_needs(dana: Who, args: tuple[str, ...], missing: str) -> None:
    """OPEN-4: each type of case has its own required fields."""
    told = dana("open", *args).refused(2)
    assert told.splitlines()[0] == f"care: missing: {missing}"


def test_a_pin_is_prompted_for_unseen(trial: str) -> None:
    """CLI: `contact add --pin -` prompts for the PIN and does not show it."""
    args = ("contact", "add", "eve@x.example", "--account", "Northwind", "--pin", "-")
    ran = terminal(*Who(trial, ADA).options, *args, answers=[("PIN: ", "4711\n")], settled_s=acceptance.SETTLED_S)
    assert ran.status == 0, ran.out
    assert "4711" not in ran.out
    ben = Who(trial, BEN)
    call = ("update", "3", "--via", "phone", "--contact", "eve@x.example", "-m", "Eve called.", "--pin", "-")
    assert ben(*call, stdin=b"0000\n").status == 4
    assert ben(*call, stdin=b"4711\n").status == 0


def test_a_contact_of_the_care_plan(trial: str, editor: str) -> None:
    """OPEN-9: Critical is not among a contact's choices; asking for it explains to submit High and call."""
    lena = Who(trial, LENA, NOW)
    ran = terminal(*lena.options, "open", "--stage", "uat", answers=[("Priority (2-4)", "\x03")], EDITOR=editor)
    assert ". critical" not in ran.out
    assert "call" in lena("open", "--priority", "critical").refused(5)


def draft(ran: Ran) -> Path:
    """The file that a run says it kept the answers in."""
    told = re.search(
        r"^your answers are kept in (\S+); `care open --resume` goes on from there$", ran.out, re.MULTILINE
    )
    assert told, ran.out
    return Path(told[1])


@pytest.mark.parametrize(("answer", "columns"), [("n\n", 80), (CTRL_C, 300)], ids=["no", "ctrl-c"])
def test_the_answers_are_kept(dana: Who, editor: str, clean_environment: Path, answer: str, columns: int) -> None:
    """OPEN-4: the answers for a case that is not opened are in a file of the person's own, which --form takes."""
    ran = terminal(*dana.options, "open", answers=[*ASKED, (CONFIRM, answer)], columns=columns, EDITOR=editor)
    file = draft(ran)
    assert ran.status == 130
    assert (file.parent, file.stat().st_mode & 0o777) == (clean_environment / "xdg_data_home" / "care", 0o600)
    case = dana.json("open", "--form", str(file))
    assert (case["subject"], case["description"], case["impact"]) == ("Reports are empty", TEXT, IMPACT)
    assert (case["service"], case["stage"], case["priority"]) == ("Reporting", "production", "high")


def test_half_of_the_answers_are_kept(dana: Who, editor: str) -> None:
    """OPEN-4: Ctrl-C in the midst keeps what was answered by then, options too, and asks for the rest later."""
    args = (*dana.options, "open", "--observed-at", "2026-03-20 08:00", "--field", "DN=12", "--follows", "1")
    ran = terminal(*args, answers=[*ASKED[:3], ("Subject", CTRL_C)], EDITOR=editor)
    assert ran.status == 130
    read = json.loads(draft(ran).read_text())
    assert read["draft"]["beside"] == {"follows": "1"}
    assert read["fields"] == {"DN": "12", "observed_at": "2026-03-20T12:00:00Z"}
    assert (read["priority"], "subject" in read) == ("high", False)
    again = terminal(*dana.options, "open", "--resume", answers=[ASKED[3], (CONFIRM, "\n")], EDITOR=editor)
    assert again.status == 0, again.out
    case = dana.json("show", "10")
    assert (case["fields"], [link["number"] for link in case["links"]]) == (read["fields"], ["0000000001"])
    assert not draft(ran).exists()


def test_the_answers_of_a_refused_case_are_kept(dana: Who, editor: str, tmp_path: Path) -> None:
    """OPEN-4: what was typed outlives a refusal that comes after it."""
    trace = tmp_path / "trace.log"
    ran = terminal(
        *(*dana.options, "open", "--attach", str(trace), "--service", "Voice"),
        answers=[*ASKED[1:], (CONFIRM, "\n")],
        EDITOR=editor,
    )
    assert (ran.status, "cannot read" in ran.out) == (2, True), ran.out
    trace.write_text("nothing to see\n")
    opened = dana("open", "--form", str(draft(ran)))
    assert opened.status == 0, opened


def test_nobody_asked_has_nothing_kept(dana: Who, editor: str, clean_environment: Path) -> None:
    """OPEN-4: where no question was answered there is nothing to keep."""
    ran = terminal(*dana.options, "open", answers=[("Service (1-2)", CTRL_C)], EDITOR=editor)
    assert (ran.status, "are kept" in ran.out) == (130, False)
    ran = terminal(*dana.options, "open", "-m", "Six words are not enough, sorry.", EDITOR=editor)
    assert (ran.status, "are kept" in ran.out, "Service (" in ran.out) == (5, False, False), ran.out
    assert not list(clean_environment.rglob("draft-*"))


def test_answers_that_cannot_be_kept(dana: Who, editor: str, tmp_path: Path) -> None:
    """CLI: a draft that cannot be written is told in one line, and hides nothing else."""
    (tmp_path / "file").write_text("")
    ran = terminal(
        *(*dana.options, "open"),
        answers=[ASKED[0], ("Stage", CTRL_C)],
        columns=300,
        EDITOR=editor,
        XDG_DATA_HOME=str(tmp_path / "file"),
    )
    assert (ran.status, "Traceback" in ran.out) == (130, False)
    assert "your answers could not be kept in" in ran.out


def test_each_answer_is_judged_at_its_question(dana: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPEN-3: a question says its demand; an answer that falls short is told in a line and asked for again."""
    for name in ("CARE_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    answers = [
        *ASKED[:3],
        ("Subject (at most 100 characters): ", "x" * 101 + "\n"),
        ("\n  101 characters; at most 100 fit".replace("\n", "\r\n"), "Reports are empty\n"),
        (
            "Description (at least 10 words; end with a line that holds only a dot)",
            "Six words are not enough, sorry.\n.\n",
        ),
        ("  6 words; at least 10 are needed\r\nDescription (at least", f"{TEXT}\n.\n"),
        ("Impact (end with a line that holds only a dot)", ".\n"),
        ("  an answer is needed", f"{IMPACT}\n.\n"),
        (CONFIRM, "\n"),
    ]
    ran = terminal(*dana.options, "open", answers=answers)
    assert ran.status == 0, ran.out
    case = dana.json("show", "10")
    assert (case["subject"], case["description"], case["impact"]) == ("Reports are empty", TEXT, IMPACT)


def test_the_end_of_input_ends_the_questions(dana: Who) -> None:
    """OPEN-4: Ctrl-D instead of a text is not asked again without end."""
    ran = terminal(*dana.options, "open", answers=[*ASKED, ("only a dot", "\x04")], variables={"EDITOR": ""})
    assert ran.status == 130
    assert json.loads(draft(ran).read_text())["subject"] == "Reports are empty"


def test_an_editor_goes_on_from_a_text_that_was_too_short(dana: Who, tmp_path: Path) -> None:
    """OPEN-3: the editor opens again with the text and what it lacks; leaving it as it is gives up."""
    program = tmp_path / "editor"
    program.write_text(
        f'#!/bin/sh\ncat "$1" >> {tmp_path}/seen\n'
        'grep -q "^Too short" "$1" || { echo "Too short" | cat - "$1" > "$1.new" && mv "$1.new" "$1"; }\n'
    )
    program.chmod(0o700)
    ran = terminal(*dana.options, "open", answers=ASKED, EDITOR=str(program))
    assert (ran.status, "left as it is: 2 words; at least 10 are needed" in ran.out) == (2, True), ran.out
    seen = (tmp_path / "seen").read_text()
    assert seen.count("# Description (at least 10 words)\n") == 2
    assert seen.count("# 2 words; at least 10 are needed") == 1
    assert json.loads(draft(ran).read_text())["priority"] == "high"


PRIORITIES = """\
  2. high      Job functions can be performed, but performance is degraded or …
  3. medium    Job functions are largely unaffected; noncritical procedures …
  4. low       The service is available and operational; the impact is …
"""


def test_choices_explain_themselves(dana: Who, editor: str) -> None:
    """SEV-1: each priority stands with the policy's meaning in a line of its own; uat is the test stage."""
    ran = terminal(
        *dana.options, "open", answers=[ASKED[0], ("Stage (1-2)", "uat\n"), (ASKED[2][0], CTRL_C)], EDITOR=editor
    )
    assert "  1. production\n  2. uat (test)\nStage (1-2): " in ran.out
    assert PRIORITIES in ran.out
    assert json.loads(draft(ran).read_text())["stage"] == "uat"


def test_a_form_file_in_the_words_of_the_options(trial: str, tmp_path: Path) -> None:
    """OPEN-4: a form spells its keys as the options too, a number is a text, and null is no answer."""
    form = tmp_path / "form.json"
    form.write_text('{"users-affected": 40, "hours_location": 2.5, "priority": 3, "component": null}')
    omar = Who(trial, OMAR)
    words = [word for word in FORM if word not in {"--priority", "high"}]
    case = omar.json("open", *words, "--form", str(form))
    assert (case["fields"], case["priority"]) == ({"users_affected": "40", "hours_location": "2.5"}, "medium")


@pytest.mark.parametrize(
    "text",
    [
        '{"steps": true}',
        '{"steps": ["a"]}',
        '{"steps": "a", "step-s": 1}',
        '{"local-contact": 1, "local_contact": 2}',
    ],
)
def test_a_form_file_that_is_not_understood(dana: Who, tmp_path: Path, text: str) -> None:
    """OPEN-4: a wrong key or value is named once, and so are the keys that there are."""
    form = tmp_path / "form.json"
    form.write_text(text)
    told = dana("open", "--form", str(form)).refused(2)
    assert re.search(r"not understood: (steps|step_s|local_contact)\n", told)
    assert told.count("users_affected") == 1


def test_a_form_file_that_is_not_there(dana: Who) -> None:
    """CLI: the hint tells of the option that named the file."""
    told = dana("open", "--form", "/none/such").refused(2)
    assert "--form - reads standard input" in told
    assert "-F" not in told


def test_the_questions_keep_to_the_policy_in_force(dana: Who, editor: str, tmp_path: Path) -> None:
    """OPEN-3: what a question demands is the desk's own policy."""
    file = tmp_path / "own.toml"
    file.write_text('name = "own"\n[opening]\nsubject_max = 7\n')
    assert Who(dana.database, ADA)("init", "--policy", str(file)).status == 0
    answers = [*ASKED, ("17 characters; at most 7 fit", CTRL_C)]
    ran = terminal(*dana.options, "open", answers=answers, EDITOR=editor)
    assert "Subject (at most 7 characters): " in ran.out
