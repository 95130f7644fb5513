"""A case from a file: the form that `--template` prints, what `--form` reads, and what scripts say by options."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import BEN, DANA, FORM, OMAR, TEXT, Who, care, kept
from engine import sqlite_alone
from hypothesis import given, strategies
from notation import policy

from carecli.commands import opening_file
from carecli.commands.opening_template import Known, template
from carecli.domain import details, opening
from carecli.domain.opening import SUBTYPES, Form
from carecli.domain.vocabulary import CaseType, Priority, Stage

POLICY = policy()
WRITABLE = strategies.text(strategies.characters(exclude_categories=["Cs"]), max_size=60)
KINDS = [
    (type_, subtype)
    for type_, subtypes in SUBTYPES.items()
    for subtype in subtypes or (None,)
    if type_ is not CaseType.INCIDENT
]
RAW = tuple(name for name in opening_file.TEXTS if name not in {"type", "subtype", "stage", "priority"})


@pytest.fixture
def dana(trial: str) -> Who:
    """A Designated Contact."""
    return Who(trial, DANA)


@strategies.composite
def forms(draw: strategies.DrawFn) -> Form:
    """A form of any kind, filled in with anything."""
    type_, subtype = draw(strategies.sampled_from(KINDS))
    form = Form(
        type=type_,
        subtype=subtype,
        stage=draw(strategies.sampled_from([*(stage.value for stage in Stage), None])),
        priority=draw(strategies.sampled_from([*Priority, None])),
    )
    texts: dict[str, Any] = {
        name: draw(WRITABLE) for name in ("account", "deployment", "service", "component", "contact")
    }
    texts |= {name: draw(WRITABLE) for name in ("subject", "description", "impact")}
    fields = draw(strategies.dictionaries(WRITABLE, WRITABLE, max_size=3))
    fields |= {name: draw(WRITABLE) for name in opening.optional(form)}
    fields |= {detail.name: draw(WRITABLE) for detail in details.of(subtype)}
    items = POLICY.checklist(subtype or type_.value)
    answers = strategies.sampled_from([True, False, None])
    said_to = {item.key: draw(answers) for item in items}
    checklist = {key: said for key, said in said_to.items() if said is not None}
    return form._replace(fields=fields, checklist=checklist, **texts)


def said(form: Form) -> dict[str, Any]:
    """What a form says, blanks being nothing."""
    kept = [name for name in (*opening.required(form), "contact", "component") if name != "subtype"]
    texts = {name: getattr(form, name).rstrip("\n") for name in kept if (getattr(form, name) or "").strip()}
    asked = {*opening.ANSWERS, *(detail.name for detail in details.of(form.subtype))}
    fields = {key: value for key, value in form.fields.items() if value.strip() or key not in asked}
    fields |= {key: fields[key].rstrip("\n") for key in opening.ANSWERS if key in fields}
    return {"type": form.type, "subtype": form.subtype, "checklist": form.checklist, "fields": fields, **texts}


@given(forms(), strategies.lists(WRITABLE, max_size=3))
def test_a_template_reads_back_as_it_was_filled_in(form: Form, choices: list[str]) -> None:
    """OPEN-4: a form, written as a file with whatever in it, is read as the same form, whatever may be chosen."""
    known = Known(POLICY, dict.fromkeys(("account", "deployment", "service", "component"), choices), contact=False)
    text = "\n".join(template(form, known))
    read = opening_file.form(opening_file.checked("form", opening_file.parsed(text, toml=True)), {})
    assert said(read) == said(form)


@given(strategies.sampled_from(KINDS), strategies.data())
def test_a_template_filled_in_by_hand(kind: tuple[CaseType, str | None], data: strategies.DataObject) -> None:
    """OPEN-4: every field that a template has takes any text, every item of its checklist yes, no or nothing."""
    form = Form(type=kind[0], subtype=kind[1])
    blank = tomllib.loads("\n".join(template(form, Known(POLICY, {}, contact=True))))
    names = [name for name in blank if name in RAW]
    assert {*opening.required(form), *opening.optional(form)} <= {*blank}
    filled: dict[str, Any] = {**blank, **{name: data.draw(WRITABLE) for name in names}}
    words = strategies.sampled_from(["yes", "No ", "", True, False])
    filled["checklist"] = {key: data.draw(words) for key in blank.get("checklist", {})}
    read = opening_file.checked("form", filled)
    assert all(read[name] == filled[name].rstrip("\n") for name in names if filled[name].strip())
    meant = {"yes": True, "No ": False, True: True, False: False}
    said = {key: meant[word] for key, word in filled["checklist"].items() if word != ""}
    assert opening_file.form(read, {}).checklist == said


def test_a_template_for_a_contact(dana: Who) -> None:
    """OPEN-4, OPEN-5: the template of a kind has its fields, with what the account has in comments."""
    text = dana("open", "--template", "--service", "Voice").out
    assert 'account = "Northwind"' in text
    assert 'deployment = ""  # East' in text
    assert 'service = "Voice"  # Voice, Reporting' in text
    assert "# high: Job functions can be performed" in text
    assert 'priority = ""  # high, medium, low' in text
    assert 'subject = ""  # at most 100 characters' in text
    assert 'reproduced = ""  # Have you made it happen again?' in text
    said = dana("open", "--template", "--check", "help", "--check", "guides=no").out
    assert (tomllib.loads(said)["checklist"]["help"], tomllib.loads(said)["checklist"]["guides"]) == ("yes", "no")
    assert "contact" not in tomllib.loads(text)
    assert dana.json("open", "--template", "--service", "Voice") == {"template": text}
    other = tomllib.loads(dana("open", "--template", "--type", "service-request", "--subtype", "new-project").out)
    assert ("impact" in other, "checklist" in other, "hours_location" in other) == (False, False, True)


def test_a_template_without_a_desk(tmp_path: Path) -> None:
    """OPEN-4: where there is no desk yet the template is that of the policy that `care` ships."""
    text = care("--db", str(tmp_path / "none.db"), "open", "--template").out
    assert {"contact", "account", "checklist"} <= tomllib.loads(text).keys()
    assert not (tmp_path / "none.db").exists()


def filled(dana: Who, tmp_path: Path, *lines: str) -> str:
    """The path of a template that somebody has filled in."""
    blank = dana("open", "--template").out.splitlines()
    answers = {line.partition(" = ")[0]: line for line in lines}
    text = "\n".join(
        answers.get(line.partition(" = ")[0], line) for line in blank if line != '"""  # at least 10 words'
    )
    file = tmp_path / "case.toml"
    file.write_text(text.replace('impact = """\n"""', 'impact = """\nThey call back.\n"""'))
    return str(file)


def test_a_case_from_a_template(dana: Who, tmp_path: Path) -> None:
    """OPEN-4, OPEN-5, ATT-1: a template that was filled in opens the case, with its checklist and its files."""
    trace = tmp_path / "trace.log"
    trace.write_text("nothing to see\n")
    file = filled(
        dana,
        tmp_path,
        'deployment = "East"',
        'service = "Voice"',
        'stage = "uat"',
        'priority = "low"',
        'subject = "Calls drop"',
        f'description = "{TEXT}"',
        "observed_at = 2026-03-20T08:00:00-04:00",
        "users_affected = 40",
        f'attach = ["{trace}"]',
        "reproduced = true",
        'guides = "no"',
    )
    case = dana.json("open", "--form", file)
    assert (case["subject"], case["description"], case["impact"]) == ("Calls drop", TEXT, "They call back.")
    assert case["fields"] == {"users_affected": "40", "observed_at": "2026-03-20T12:00:00Z"}
    assert case["checklist"] == {"reproduced": True, "guides": False}
    assert [found["name"] for found in case["attachments"]] == ["trace.log"]


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (
            {"checklist": {"help": "maybe", "guides": 1, "impact": [True]}},
            "checklist.help, checklist.guides, checklist.impact",
        ),
        ({"checklist": ["help"]}, "checklist"),
        ({"attach": "trace.log"}, "attach"),
        ({"attach": ["a", 1]}, "attach.1"),
        ({"horoscope": "x", "colour": "y"}, "horoscope, colour"),
        ({"subject": "\ud800"}, "subject"),
        ({"fields": {"a": ["\ud800"]}}, "fields"),
    ],
)
def test_what_is_not_understood_is_named(dana: Who, form: Mapping[str, Any], wrong: str) -> None:
    """OPEN-4: each key that is wrong is named by its place, before anything is opened."""
    before = kept(dana.database)
    told = dana("open", "--form", "-", stdin=json.dumps(form).encode()).refused(2)
    assert told.splitlines()[0] == f"care: -: not understood: {wrong}"
    assert kept(dana.database) == before


def test_the_checklist_by_options(dana: Who) -> None:
    """OPEN-5: --check answers the checklist for scripts, over what a form says; odd answers are refused."""
    stdin = b'{"checklist": {"help": false, "guides": false}}'
    case = dana.json("open", *FORM, "--form", "-", "--check", "help", "--check", "reproduced=no", stdin=stdin)
    assert case["checklist"] == {"help": True, "guides": False, "reproduced": False}
    assert "--check NAME" in dana("open", *FORM, "--check", "help=maybe").refused(2)
    assert "it has: help, guides" in dana("open", *FORM, "--check", "horoscope").refused(2)


def test_files_by_options(dana: Who, tmp_path: Path) -> None:
    """ATT-1, ATT-2: --attach comes with the opening; what holds customer data is refused, or redacted."""
    file = tmp_path / "trace.log"
    file.write_text("mail to bob@customer.example now\n")
    before = kept(dana.database)
    refused = dana("open", *FORM, "--attach", str(file))
    assert (refused.status, "--redact" in refused.err) == (5, True)
    assert "missing" in dana("open", "--attach", str(file)).refused(2)
    assert kept(dana.database) == before
    case = dana.json("open", *FORM, "--attach", str(file), "--redact")
    assert [found["sanitised"] for found in case["attachments"]] == ["redacted"]
    assert "no file to look through" in dana("open", *FORM, "--redact").refused(2)


def test_an_article_solved_it(dana: Who) -> None:
    """OPEN-7: --solved-by opens no case and counts the article; one that is not there is refused."""
    ben = Who(dana.database, BEN)
    assert ben("kb", "add", "-s", "Calls drop", "-m", TEXT, "--publish").status == 0
    cases = ben.json("list", "--all")["total"]
    assert dana.json("open", "-s", "Calls drop", "--solved-by", "KB-1") == {"deflected": "kb-1"}
    assert "no case was opened: kb-1 solved it" in dana("open", "--solved-by", "kb-1").out
    assert (ben.json("kb", "show", "1")["deflected"], ben.json("list", "--all")["total"]) == (2, cases)
    assert dana("open", "--solved-by", "kb-9").status == 3


def test_the_component_of_a_script(dana: Who) -> None:
    """OPEN-6: a script gets the chosen component and its runners-up in the document, and no notice."""
    ada = Who(dana.database, "ada@desk.example")
    parts = [word for name in ("Transfer", "Recording") for word in ("--component", f"Voice={name}")]
    assert ada("account", "edit", "Northwind", *parts).status == 0
    ran = dana("open", *FORM)
    assert (ran.status, ran.err) == (0, "")
    case = dana.json("show", "10")
    assert case["component"] == "Transfer"
    assert case["component_candidates"][0]["component"] == "Transfer"
    assert 0 < case["component_candidates"][0]["share"] <= 1
    told = ada("show", "10").out
    assert "Component by its words" in told
    assert "Assessed" in told
    assert "Assessed" not in dana("show", "10").out
    assert dana.json("open", *FORM, "--component", "recording")["component_candidates"] == []


@sqlite_alone("what is loaded for a file")
def test_a_script_loads_no_form(dana: Who) -> None:
    """CLI: nobody but who fills in the form waits for what lays it out, nor for what compares cases."""
    args = [*dana.options, "open", *FORM, "--json"]
    told = "import json, sys; sys.stderr.write(json.dumps(sorted(sys.modules)))"
    code = f"import carecli.cli\nassert carecli.cli.main({args!r}) == 0\n{told}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"prompt_toolkit", "asyncio", "rapidfuzz", "typer", "rich", "pendulum", "dataclasses", "inspect"}
    assert not heavy & {name.partition(".")[0] for name in json.loads(run.stderr)}
    assert "carecli.desk.components" not in run.stderr


def test_an_account_that_is_not_ones_own(dana: Who) -> None:
    """DC-3: a contact who names another account hears that there is none, at a terminal too."""
    assert "there is no account" in dana("open", *FORM, "--account", "Harbor Clinic").refused(3)
    assert Who(dana.database, OMAR)("open", *FORM, "--account", "northwind").status == 0
