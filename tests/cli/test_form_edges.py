"""The guided form of `care open` where things go wrong, or are larger than one thinks."""

import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, OMAR, Who, kept
from cli.form_terminal import CTRL_C, CTRL_Z, ENTER, ERASE, TAB, Terminal

from carecli.commands.drafts import Draft, keep, save
from carecli.commands.everywhere import Given
from carecli.commands.invocation import Invocation
from carecli.domain.opening import Form

ALIKE = ("--service", "Voice", "--priority", "low", "-s", "Queue music stops", "--subtype", "question")
"""Almost the subject of a case that the demo's desk has open."""
MUSIC = "The music on hold stops after some seconds and callers think that the line is dead."
OPEN_ALREADY = "This may be open already"
RO = "ro@northwind.example"


@pytest.fixture
def dana(trial: str) -> Who:
    """A Designated Contact."""
    return Who(trial, DANA)


@pytest.fixture(autouse=True)
def _no_editor_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CARE_EDITOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)


def opening(who: Who, *args: str, **how: Any) -> Terminal:
    """`care open` at a terminal."""
    return Terminal(*who.options, "open", *args, **how)


def drafts(home: Path) -> list[Path]:
    """What lies where drafts are kept."""
    return sorted(home.rglob("draft-*"))


@pytest.mark.parametrize(
    ("who", "args", "told"),
    [
        (DANA, ("--priority", "critical"), "Critical is set by Customer Care on the phone"),
        (DANA, ("--account", "Harbor Clinic"), "there is no account 'Harbor Clinic'"),
        (DANA, ("--service", "Telepathy"), "Northwind has no service 'Telepathy'"),
        (DANA, ("--via", "phone"), "contacts open cases via portal"),
        (DANA, ("--contact", OMAR), "the Designated Contact who opens it"),
        (DANA, ("--follows", "2"), "there is no case 0000000002"),
        (DANA, ("--redact",), "there is no file to look through"),
        (RO, (), "may not open, update, close and reopen cases"),
        (BEN, ("--contact", "nobody@x.example"), "this desk has no contact nobody@x.example"),
        (BEN, ("--contact", RO), "no active Designated Contact"),
        (BEN, ("--account", "Harbor Clinic", "--priority", "high"), "phone support for Critical issues only"),
        (BEN, ("--via", "portal"), "staff log openings via phone or monitoring"),
    ],
)
def test_what_will_be_refused_is_refused_first(
    dana: Who, clean_environment: Path, who: str, args: tuple[str, ...], told: str
) -> None:
    """OPEN-8..10, ACC-2, DC-3: nobody fills in a form that what came with the command has refused already."""
    read_only = ("contact", "add", RO, "--account", "Northwind", "--access", "read-only")
    assert Who(dana.database, ADA)(*read_only).status == 0
    with opening(Who(dana.database, who), *args, columns=132) as at:
        assert at.ends() in {2, 3, 4, 5}, at.text
        assert f"care: {told}" in at.text or told in at.text
        assert b"What is it about?" not in at.raw
    assert not drafts(clean_environment)


def test_whose_case_it_is_is_asked(dana: Who) -> None:
    """OPEN-10: staff with a form that lacks but the contact are asked for it; a named one tells the account."""
    given = (*FORM, "--account", "Northwind", "--subtype", "problem")
    with opening(Who(dana.database, BEN), *given) as at:
        at.sees("The Designated Contact who asked for it", "Open a case · Northwind · 1 of 1")
        at.types(CTRL_C)
        assert at.ends() == 130
    with opening(Who(dana.database, BEN), "--contact", LENA) as at:
        at.sees("What is it about?", "Open a case · Harbor Clinic · 1 of")
        at.types(CTRL_C)
        assert at.ends() == 130


def test_files_go_to_the_case_that_it_is(dana: Who, tmp_path: Path) -> None:
    """OPEN-11, ATT-1: who adds to the case that is there already adds the files too."""
    trace = tmp_path / "trace.log"
    trace.write_text("nothing to see\n")
    with opening(dana, *ALIKE, "-m", MUSIC, "--attach", str(trace)) as at:
        at.answers((OPEN_ALREADY, f"1{ENTER}"))
        assert at.ends() == 0, at.text
        assert b"file 1: trace.log" in at.raw
    assert [file["name"] for file in dana.json("show", "8")["attachments"]] == ["trace.log"]
    assert dana("show", "10").status == 3


@pytest.mark.parametrize("answer", ["1", "3"])
def test_an_answer_is_kept_where_all_else_was_given(dana: Who, clean_environment: Path, answer: str) -> None:
    """OPEN-11: to stop keeps what came with the command; so does a case that was closed in the meantime."""
    with opening(dana, *ALIKE, "-m", MUSIC) as at:
        at.sees(OPEN_ALREADY, "0000000008 Queue music stops")
        closed = Who(dana.database, BEN)("close", "8", "--root-cause", "x", "-m", "Done.")
        assert closed.status == 0, closed
        at.types(answer + ENTER)
        assert at.ends() == {"1": 5, "3": 130}[answer], at.text
        assert b"your answers are kept in" in at.raw
    assert json.loads(drafts(clean_environment)[0].read_text())["subject"] == "Queue music stops"
    opened = dana("open", "--resume")
    assert (opened.status, drafts(clean_environment)) == (0, []), opened


def test_three_hundred_services(dana: Who, clean_environment: Path) -> None:
    """OPEN-4: of very many choices letters leave a few, seen above them; Ctrl-U takes the letters back."""
    many = [word for place in range(300) for word in ("--service", f"East/Service {place:03d}")]
    name = "A name of a customer that is quite a bit longer than any terminal is wide, they like it so"
    ada = Who(dana.database, ADA)
    assert ada("account", "add", name, "--plan", "business-care", "--deployment", "East", *many).status == 0
    far = ("contact", "add", "far@x.example", "--account", name, "--access", "read-write", "--trained")
    assert ada(*far).status == 0
    with opening(Who(dana.database, "far@x.example"), "--subtype", "question", columns=60, lines=20) as at:
        hint = "\n Enter next · Up/Down or type · Shift-Tab back · Ctrl-C stop"
        screen = at.sees("  300 in all: type a few letters", ">   1. Service 000", "… · 1 of 4", hint)
        assert screen.endswith(hint)
        at.types("299")
        at.sees("  typed: 299", "> 299. Service 298")
        at.types(f"{ERASE}zz")
        at.sees("  typed: zz  none of these: Backspace")
        at.types(f"{ERASE}ice 11{ENTER}")
        at.answers(("Job functions can be", CTRL_C))
        assert at.ends() == 130
    assert json.loads(drafts(clean_environment)[0].read_text())["service"] == "Service 110"


def test_a_long_text_breaks_between_words(dana: Who) -> None:
    """OPEN-3: what is typed into a text, into a line, and what was wrong with it, break between words."""
    with opening(dana, "--type", "admin", columns=60, lines=20) as at:
        at.answers(("What is asked for?", f"something{ENTER}"))
        at.sees("subject 0/100")
        at.types("Agents of the second floor cannot hear callers any longer since Monday at nine, all")
        at.sees("> Agents of the second floor cannot hear callers any longer\n  since Monday at nine, all\n")
        at.types(f"{ENTER}Every agent of the second floor hears nothing at all, whichever headset is used.")
        at.sees("Every agent of the second floor hears nothing at all,\nwhichever headset is used.\n")
        at.types(TAB)
        at.answers(("Whom can we call", ENTER), ("Extra fields", ENTER))
        at.sees("Files to attach")
        at.types(f"/no/such/file/anywhere/at/all{ENTER}")
        at.sees("! cannot read /no/such/file/anywhere/at/all: No such file\n  or directory;")
        at.types(CTRL_C)
        assert at.ends() == 130


def test_held_and_gone_on_with(dana: Who) -> None:
    """CLI: Ctrl-Z gives the terminal back to the shell, and `fg` shows the form as it was."""
    with opening(dana, "--type", "admin", shell='set -m; "$@"; echo "held: $?"; fg >&2') as at:
        at.answers(("What is asked for?", f"something{ENTER}"))
        at.sees("subject 0/100")
        at.types(f"Who pays{CTRL_Z}")
        at.until(lambda screen: b"held: 148" in at.raw and "> Who pays" in screen, "the form again")
        at.types(f" for it{CTRL_C}")
        at.ends()
        assert b"your answers are kept in" in at.raw


def test_the_answer_of_a_checklist_is_counted(dana: Who) -> None:
    """OPEN-5: the summary tells what was answered and what was not."""
    given = ("--subtype", "question", *ALIKE[:4], "-s", "Xyzzy", "-m", "Zorb quux flim plonk wibble snark " * 2)
    with opening(dana, *given) as at:
        at.answers(("Whom can we call", ENTER), ("Extra fields", ENTER), ("Before the case", f"yn{ENTER}"))
        at.answers(("Files to attach", ENTER))
        at.sees("Checklist: 1 yes, 1 no, 1 not answered", "Enter opens or changes · Up/Down or type")
        at.types(CTRL_C)
        assert at.ends() == 130


ABOUT = {"actor": DANA, "beside": {}, "begun": {}, "passed": []}


@pytest.mark.parametrize(
    "damage",
    [{}, {"beside": 5}, {"beside": {"follows": 7}}, {"begun": 5}, {"begun": {"impact": 5}}, {"passed": [[1]]}],
)
def test_a_damaged_draft_is_passed_over(dana: Who, clean_environment: Path, damage: dict[str, Any]) -> None:
    """CLI: what somebody made of a draft is no draft, and no reason for a traceback."""
    folder = clean_environment / "xdg_data_home/care"
    folder.mkdir(parents=True, exist_ok=True)
    about = {**ABOUT, "desk": dana.database} | damage
    (folder / "draft-1.json").write_text(json.dumps({"subject": "x", "draft": about}))
    told = dana("open", "--resume").refused(3 if damage else 2)
    assert ("no draft" if damage else "missing: deployment") in told


def test_a_draft_is_of_a_desk_however_it_is_named(
    dana: Who, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPEN-4: a desk that is named from another folder is the same; one of the same name elsewhere is not."""
    near = Path(dana.database)
    monkeypatch.chdir(near.parent)
    with opening(dana._replace(database=near.name), "-s", "Xyzzy", "--subtype", "question") as at:
        at.answers(("The cloud service", ENTER), ("Job functions", CTRL_C))
        assert at.ends() == 130
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / near.name).write_bytes(near.read_bytes())
    monkeypatch.chdir(elsewhere)
    assert "no draft" in dana._replace(database=near.name)("open", "--resume").refused(3)
    assert "missing: priority" in dana("open", "--resume").refused(2)


def test_a_full_disk_leaves_no_half_draft(clean_environment: Path) -> None:
    """OPEN-4: where the disk is full the last whole draft stays, and what comes after goes into the same file."""
    invocation = Invocation(Given(), os.environ)
    draft = Draft(Form(subject="Before"))
    kept_in = save(draft, invocation, DANA)
    draft.answer(subject="After")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limit[1]))
    try:
        keep(draft, invocation, DANA)
        with pytest.raises(OSError, match="File too large"):
            save(draft, invocation, DANA)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert drafts(clean_environment) == [kept_in]
    assert json.loads(kept_in.read_text())["subject"] == "Before"
    assert save(draft, invocation, DANA) == kept_in


def test_an_alert_says_it_itself(dana: Who) -> None:
    """OPEN-12: options that --from-alert has no use for are refused by their names, and none ignored."""
    before = kept(dana.database)
    wrong = ("-s", "x", "-m", "y", "--type", "support", "--attach", "z", "--check", "help", "--field", "a=b")
    told = Who(dana.database, ADA)("open", "--from-alert", *wrong, "--resume", stdin=b"{}").refused(2)
    named = "--subject, --description, --type, --field, --check, --attach, --resume"
    assert told.splitlines()[0] == f"care: --from-alert takes no {named}"
    assert kept(dana.database) == before


def test_no_template_of_what_nobody_opens(dana: Who) -> None:
    """OPEN-1: there is no form for an incident."""
    assert "an incident is made by staff" in dana("open", "--template", "--type", "incident").refused(5)
