"""`care policy`: shown, printed as a file, checked (SLA-8, SEV-1)."""

import json
from pathlib import Path

import pytest
from cli.acceptance import BEN, DANA, LENA, Who, care, plain, terminal

MINE = """\
name = "mine"
[targets.care.high]
response = "5bh"
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A policy file that names what differs."""
    file = tmp_path / "mine.toml"
    file.write_text(MINE)
    return str(file)


def test_the_policy_in_force(ada: Who) -> None:
    """SLA-8: without a name the policy in force is shown, with its content hash."""
    shown = ada.json("policy", "show")
    assert (shown["name"], shown["source"], shown["in_force"]) == ("default", "desk", True)
    assert shown["digest"] == care("--json", "policy", "show", "default").json["digest"]
    assert shown["policy"]["targets"]["care"]["high"] == {
        "response": "6bh",
        "restoration": "4bd",
        "resolution": "15bd",
    }


def test_everybody_may_read_what_is_promised(trial: str) -> None:
    """SEV-1: contacts read the definitions and targets too."""
    assert "cannot be performed at all" in Who(trial, DANA)("policy", "show").out


@pytest.mark.parametrize("name", ["default", "guide", "process-2025"])
def test_a_shipped_policy_needs_no_desk(name: str) -> None:
    """CLI: `policy show default` needs neither actor nor database; nor does checking it."""
    shown = care("--json", "policy", "show", name).json
    assert (shown["name"], shown["source"], shown["in_force"], shown["file"]) == (name, "shipped", None, None)
    assert care("--json", "policy", "check", name).json == {
        "valid": True,
        "policies": [{"file": name, "problems": [], "warnings": []}],
    }


def test_a_file(mine: str) -> None:
    """SLA-8: a file is shown completed from the default, also from standard input."""
    shown = care("--json", "policy", "show", mine).json
    assert (shown["name"], shown["source"], shown["file"]) == ("mine", "file", mine)
    assert shown["policy"]["targets"]["care"]["high"]["response"] == "5bh"
    assert shown["policy"]["followup"]["stages"] == [2, 5, 10]
    assert care("--json", "policy", "show", "-", stdin=MINE.encode()).json["digest"] == shown["digest"]


def test_the_policy_of_a_case(ada: Who, mine: str) -> None:
    """SLA-8: a case keeps the policy that it was opened under when another comes into force."""
    old = ada.json("policy", "show")["digest"]
    ada.json("init", "--policy", mine)
    shown = ada.json("policy", "show", "--case", "3")
    assert (shown["digest"], shown["source"], shown["number"], shown["in_force"]) == (
        old,
        "case",
        "0000000003",
        False,
    )
    assert ada.json("policy", "show")["name"] == "mine"
    assert "no: new cases are opened under another" in ada("policy", "show", "--case", "#3").out
    assert ada.json("policy", "show", old[:12])["digest"] == old
    rows = ada.json("policy", "list")["policies"]
    assert [(row["name"], row["shipped"], row["in_force"]) for row in rows] == [
        ("default", True, False),
        ("guide", True, False),
        ("process-2025", True, False),
        ("mine", False, True),
    ]


def test_the_policy_of_another_accounts_case(trial: str) -> None:
    """DC-3: another account's case answers exactly as one that does not exist."""
    lena = Who(trial, LENA)
    other, none = (lena("policy", "show", "--case", number).refused(3) for number in ("3", "99"))
    assert other.replace("0000000003", "0000000099") == none


@pytest.mark.parametrize("case", [(), ("default",), ("guide",), ("--case", "3")])
def test_as_a_file_it_is_the_same_policy(ada: Who, tmp_path: Path, case: tuple[str, ...]) -> None:
    """SLA-8: --toml prints a file that `policy check` accepts and that has the same content hash."""
    printed = ada("policy", "show", *case, "--toml")
    file = tmp_path / "printed.toml"
    file.write_text(printed.out)
    assert care("--json", "policy", "check", str(file)).json["policies"][0]["problems"] == []
    shown = [ada.json("policy", "show", *words)["digest"] for words in (case, (str(file),))]
    assert shown[0] == shown[1]


def test_the_default_as_a_file_explains_itself() -> None:
    """SLA-8: the shipped default is printed with its comments, which name and explain every setting."""
    assert "# FU-1: reminder, reminder, close" in care("policy", "show", "default", "--toml").out


def test_a_hostile_file(tmp_path: Path) -> None:
    """CLI: what a file says reaches no terminal as an escape sequence, and stays what it was as a file."""
    file = tmp_path / "bad.toml"
    file.write_text('name = "x\\u001b[31m\\u202e[red]"\n[severity]\nlow = "\\u009b31m =1+1"\n')
    for args in (("show", str(file)), ("show", str(file), "--toml"), ("check", str(file))):
        ran = care("policy", *args)
        assert ran.status == 0
        assert not {"\x1b", "\x9b", "\u202e"} & set(ran.out)
    again = care(
        "--json", "policy", "show", "-", stdin=care("policy", "show", str(file), "--toml").out.encode()
    ).json
    assert again["digest"] == care("--json", "policy", "show", str(file)).json["digest"]


WRONG = """\
[folowup]
days = "calendar"
[sla]
warn_at_percent = 175
[targets.care.high]
response = "6 bh"
"""


def test_everything_wrong_at_once(tmp_path: Path, mine: str) -> None:
    """SLA-8: `policy check` names every fault of every file, also one that is not there, and exits with 2."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(WRONG)
    broken = tmp_path / "broken.toml"
    broken.write_text("followup: yes")
    files = [str(wrong), str(broken), str(tmp_path / "none.toml"), mine]
    ran = care("--json", "policy", "check", *files)
    assert (ran.status, ran.err) == (2, "")
    document = json.loads(ran.out)
    assert document["valid"] is False
    assert [one["file"] for one in document["policies"]] == files
    assert [len(one["problems"]) for one in document["policies"]] == [3, 1, 1, 0]
    told = care("policy", "check", *files)
    assert (told.status, told.err) == (2, "")
    for said in (
        "did you mean 'followup'",
        "between 1 and 99",
        "6bh",
        "line 1",
        "No such file",
        "mine.toml: valid",
    ):
        assert said in told.out


def test_warnings_are_no_refusal(tmp_path: Path) -> None:
    """SLA-8: what is allowed and looks like a slip is told, and the exit status stays 0."""
    file = tmp_path / "slip.toml"
    file.write_text("[followup]\nstages = [1]\ngrace = '23h'\n")
    (judged,) = care("--json", "policy", "check", str(file)).json["policies"]
    assert judged["problems"] == []
    assert len(judged["warnings"]) == 4
    assert "name: this policy would be called 'default'" in judged["warnings"][0]
    shown = care("policy", "check", str(file))
    assert shown.status == 0
    assert "warning: followup.stages [1] closes a case after 1 business day" in shown.out


def test_the_policy_in_force_is_held_against_the_desk(ada: Who, mine: str) -> None:
    """DC-5: without a file the policy in force is checked, against the groups of the staff too; so is --desk."""
    ada.json("staff", "edit", BEN, "--product-group", "Vioce")
    (judged,) = ada.json("policy", "check")["policies"]
    assert judged["file"] is None
    assert any("'Vioce', to which ben@desk.example belongs" in warning for warning in judged["warnings"])
    assert any("phone.number is the example" in warning for warning in judged["warnings"])
    (judged,) = ada.json("policy", "check", mine, "--desk")["policies"]
    assert any("'Vioce'" in warning for warning in judged["warnings"])
    assert care("--json", "policy", "check", mine).json["policies"][0]["warnings"] == []


def test_contacts_do_not_check_the_desk(trial: str, mine: str) -> None:
    """DC-3: what is wrong with the desk's staff is for staff; a file may be checked by anybody."""
    dana = Who(trial, DANA)
    dana("policy", "check").refused(4)
    dana("policy", "check", mine, "--desk").refused(4)
    assert dana("policy", "check", mine).status == 0


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("show", "nothing.toml"), 2, "default, guide, process-2025"),
        (("show", "abcdef1234"), 3, "policy list"),
        (("show", "default", "--case", "3"), 2, "exclude"),
        (("show", "--case", "99"), 3, "care list"),
        (("show", "--case", "x"), 2, "0000000042"),
        (("show", "--toml", "--json"), 2, ""),
    ],
)
def test_what_cannot_be_shown(ada: Who, args: tuple[str, ...], status: int, said: str) -> None:
    """CLI: what is not there, or means two things, is one message with what to do."""
    ran = ada("policy", *args)
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_on_a_terminal() -> None:
    """SLA-1: at 80 columns every target and every definition is read whole."""
    screen = plain(terminal("policy", "show", "default", "--no-pager").out)
    lines = [line.rstrip() for line in screen.splitlines()]
    assert max(map(len, lines)) <= 80
    assert "Business Care  1-Critical  15m       4h           15bd" in lines
    assert "m and h run day and night, bh and bd in business time; - promises nothing" in lines
    assert "…" not in screen
