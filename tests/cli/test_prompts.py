"""Opening a case at a real terminal: asked for what is missing, written in an editor, confirmed."""

from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, NOW, TEXT, Who, kept, shell, terminal

IMPACT = "Forty agents call their customers back by hand."
ASKED = (
    ("Service (1-2)", "2\n"),
    ("Stage (1-2)", "production\n"),
    ("Priority (1-", "high\n"),
    ("Subject", "Reports are empty\n"),
)
CONFIRM = "Open the case 'Reports are empty'? [y/N]"


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
    answers = [("Priority (1-", "3\n"), ("Open the case 'Calls drop'?", "y\n")]
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
    assert "[y/N]" not in ran.out


def test_yes_answers_the_confirmation(dana: Who, editor: str) -> None:
    """CLI: --yes answers confirmations."""
    ran = terminal(*dana.options, "open", "--yes", answers=ASKED, EDITOR=editor)
    assert ran.status == 0, ran.out
    assert "[y/N]" not in ran.out


@pytest.mark.parametrize("answer", ["n\n", "\n", "\x03", "\x04"], ids=["no", "enter", "ctrl-c", "ctrl-d"])
def test_declining_leaves_nothing(dana: Who, editor: str, answer: str) -> None:
    """OPEN-4: a no, the default, Ctrl-C or the end of input at the question leaves nothing behind."""
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
    ran = terminal(*Who(trial, ADA).options, *args, answers=[("PIN: ", "4711\n")])
    assert ran.status == 0, ran.out
    assert "4711" not in ran.out
    ben = Who(trial, BEN)
    call = ("update", "3", "--via", "phone", "--contact", "eve@x.example", "-m", "Eve called.", "--pin", "-")
    assert ben(*call, stdin=b"0000\n").status == 4
    assert ben(*call, stdin=b"4711\n").status == 0


def test_a_contact_of_the_care_plan(trial: str, editor: str) -> None:
    """OPEN-9: Critical is not among a contact's choices; asking for it explains to submit High and call."""
    lena = Who(trial, LENA, NOW)
    ran = terminal(*lena.options, "open", "--stage", "uat", answers=[("Priority (1-", "\x03")], EDITOR=editor)
    assert "critical" not in ran.out
    assert "call" in lena("open", "--priority", "critical").refused(5)
