"""`care kb` as people and programs run it (KB-1)."""

import sys
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, MIA, NOW, Who, events, plain, terminal

BODY = "Choose *Forgot password* on the page."


@pytest.fixture
def desk(trial: str) -> str:
    """A trial desk with one published article, kb-1."""
    text = ("-m", BODY, "--keyword", "login", "--service", "Voice")
    Who(trial, BEN).json("kb", "add", "-s", "Reset a forgotten password", *text, "--publish")
    return trial


@pytest.fixture
def ben(desk: str) -> Who:
    """An agent."""
    return Who(desk, BEN)


@pytest.fixture
def dana(desk: str) -> Who:
    """A Designated Contact."""
    return Who(desk, DANA)


def editor(folder: Path, *lines: str) -> str:
    """An editor that runs these lines of shell with the file's name in $1."""
    script = folder / "editor.sh"
    script.write_text("\n".join(["#!/bin/sh", "set -e", *lines, ""]))
    script.chmod(0o755)
    return str(script)


def test_found_and_read(dana: Who) -> None:
    """KB-1: a contact finds what he means, is told what was put right, and reads it as Markdown in a pipe."""
    ran = dana("kb", "search", "pasword", "resett")
    assert ran.err.splitlines() == [
        'care: searched for "password" instead of "pasword"',
        'care: searched for "reset" instead of "resett"',
    ]
    assert ran.out.splitlines()[1].split("\t")[:2] == ["kb-1", "Reset a forgotten password"]
    for name in ("kb-1", "KB-1", "1", "reset-a-forgotten-password"):
        assert dana("kb", "show", name) == (0, f"# Reset a forgotten password\n\n{BODY}\n", "")
    found = dana.json("kb", "search", "pasword resett")
    assert (found["total"], found["corrected"]) == (1, {"pasword": "password", "resett": "reset"})
    assert found["articles"][0]["snippet"] == "Choose *Forgot «password»* on the page."


def test_nothing_found(dana: Who) -> None:
    """KB-1: a search without a hit is an empty list, and says which words nobody wrote."""
    ran = dana("kb", "search", "zebra")
    assert (ran.status, len(ran.out.splitlines())) == (0, 1)
    assert ran.err == 'care: no article holds "zebra"\n'
    assert dana.json("kb", "list", "--limit", "1000000000")["total"] == 1
    assert dana.json("kb", "search", "zebra", "--limit", "1000000000")["total"] == 0
    assert dana.json("kb", "search", "--", '-- " *')["articles"] == []


def test_written_and_published(ben: Who, dana: Who) -> None:
    """KB-1: each step says what comes next; contacts read the published version alone."""
    added = ben("kb", "add", "-s", "Transfers drop", "-m", "Set the timer.")
    assert added.out == "kb-2 added: Draft, version 1; `care kb publish kb-2` publishes it\n"
    assert "there is no article 'kb-2'" in dana("kb", "show", "kb-2").refused(3)
    assert ben("kb", "publish", "kb-2").out == "kb-2 published: Published, version 1\n"
    edited = ben("kb", "edit", "kb-2", "-m", "Set the session timer.", "--keyword", "sip")
    assert edited.out.startswith("kb-2 changed: Published, changed, version 2; version 1 stays published")
    assert "Set the timer." in dana("kb", "show", "kb-2").out
    assert [one["published"] for one in ben.json("kb", "versions", "kb-2")["versions"]] == [True, False]
    assert "+Set the session timer." in ben("kb", "diff", "kb-2").out.splitlines()
    assert ben("kb", "retire", "kb-2").out == "kb-2 retired: Retired, version 2\n"
    assert ben.json("kb", "list", "--status", "retired")["total"] == 1


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (("kb", "add"), 2),
        (("kb", "add", "-m", "Text without a title."), 2),
        (("kb", "add", "-s", "Title", "-m", " "), 2),
        (("kb", "add", "-m", "---\ntitle: [a]\n---\nx"), 2),
        (("kb", "edit", "kb-1", "--base", "7", "-m", "x"), 3),
        (("kb", "edit", "kb-9", "-m", "x"), 3),
        (("kb", "show", "kb-1", "--version", "9"), 3),
        (("kb", "diff", "kb-1", "1", "9"), 3),
        (("kb", "diff", "kb-1", "first"), 2),
        (("kb", "show", "kb-1", "--version", "9" * 30), 2),
        (("kb", "show", "kb-1", "--version", "999999999"), 3),
        (("kb", "show", "9" * 30), 3),
        (("kb", "diff", "kb-1", "0"), 2),
        (("kb", "vote", "kb-1"), 2),
        (("kb", "link", "kb-1", "999"), 3),
        (("kb", "link", "kb-1", "3", "--defect", ""), 2),
        (("kb", "from-case", "999"), 3),
        (("kb", "list", "--status", "old"), 2),
        (("kb", "list", "--limit", "0"), 2),
        (("kb", "import", "nowhere"), 2),
        (("close", "3", "--article", "kb-9"), 3),
    ],
)
def test_refusals(desk: str, ben: Who, args: tuple[str, ...], status: int) -> None:
    """CLI: each refusal is one message with a remedy, and records nothing."""
    before = events(desk)
    assert ben(*args).refused(status)
    assert events(desk) == before


@pytest.mark.parametrize(
    "words", ["add -s x -m y", "edit 1 -m y", "publish 1", "retire 1", "versions 1", "diff 1"]
)
def test_what_staff_do(dana: Who, words: str) -> None:
    """KB-1: contacts are told that this is Customer Care's."""
    assert dana("kb", *words.split()).refused(4)


def test_votes(dana: Who) -> None:
    """KB-1: one vote a person; a later one replaces it."""
    assert dana("kb", "vote", "1", "--helpful").out == "kb-1 voted helpful: 1 yes, 0 no\n"
    assert dana("kb", "vote", "1", "--not-helpful").out == "kb-1 voted not helpful: 0 yes, 1 no\n"
    assert dana.json("kb", "show", "1")["vote"] is False


def test_an_import_that_refuses_some(desk: str, ben: Who, tmp_path: Path) -> None:
    """KB-1: the rest goes on, each refused file is a line, and the exit status is 2."""
    (tmp_path / "good.md").write_text("# Good\n\nText.")
    (tmp_path / "bad.md").write_text("---\nslug: b\ntitle: *x\n---\nText.")
    ran = ben("kb", "import", str(tmp_path), "--publish")
    assert ran.status == 2
    assert f"{tmp_path}/bad.md\t3\tfront matter takes no anchors and aliases" in ran.out.splitlines()
    again = ben("--json", "kb", "import", str(tmp_path), "--publish")
    assert again.status == 2
    assert '"unchanged": 1' in again.out
    (tmp_path / "bad.md").unlink()
    assert ben("--quiet", "kb", "import", str(tmp_path)) == (0, "", "")
    assert ben("kb", "import", "-", stdin=b"# Of a pipe\n\nText.").status == 0
    assert ben.json("kb", "show", "of-a-pipe")["status"] == "draft"
    assert Who(desk, ADA)("verify").status == 0


def test_closing_with_an_article(ben: Who, dana: Who) -> None:
    """CLOSE-1: `close` links an article, drafts one, names a defect; `show` tells what its reader may know."""
    told = ben(
        "close", "3", "-m", "Use the other trunk.", "--article", "1", "--draft-article", "--defect", "NUM-1"
    )
    assert told.out.startswith("0000000003 closed, kb-2 drafted: Closed / Resolved")
    assert ben.json("show", "3", "--fields", "defect,articles") == {
        "defect": "NUM-1",
        "articles": ["kb-1", "kb-2"],
    }
    assert dana.json("show", "3", "--fields", "defect,articles") == {"defect": "NUM-1", "articles": ["kb-1"]}
    assert "Articles\tkb-1, kb-2" in ben("show", "3").out.splitlines()
    assert "nobody has read it over" in ben("kb", "publish", "kb-2").refused(5)
    for who, cases in ((BEN, ["0000000003"]), (DANA, ["0000000003"]), (LENA, [])):
        assert Who(ben.database, who).json("kb", "show", "1")["cases"] == cases


def test_written_in_an_editor(desk: str, tmp_path: Path) -> None:
    """KB-1: at a terminal an article is edited as a file with front matter, and shown set as Markdown."""
    program = editor(tmp_path, 'sed -i "s/Choose/Press/; s/audience: public/audience: internal/" "$1"')
    options = ("--db", desk, "--as", BEN, "--now", NOW)
    ran = terminal(*options, "kb", "edit", "kb-1", CARE_EDITOR=program)
    assert ran.status == 0, ran.out
    assert "kb-1 changed: Published, changed, version 2" in ran.out
    shown = plain(terminal(*options, "kb", "show", "kb-1").out)
    assert "Published, changed, version 2, for staff alone" in shown
    assert "Press Forgot password on the page." in shown
    new = terminal(
        *options, "kb", "add", "-s", "New one", CARE_EDITOR=editor(tmp_path, 'sed -i "4aKeywords: x" "$1"')
    )
    assert (new.status, "has no text" in new.out) == (2, True), new.out


def test_two_editors_at_once(desk: str, tmp_path: Path) -> None:
    """KB-1: who saves second changes nothing, and finds what was written in a file of its own."""
    other = f"care --db {desk} --as {MIA} --now {NOW} kb edit kb-1 -m 'By Mia.'"
    module = other.replace("care ", f"{sys.executable} -m carecli ", 1)
    program = editor(tmp_path, f"{module} >/dev/null", 'sed -i "s/Choose/By Ben: choose/" "$1"')
    ran = terminal("--db", desk, "--as", BEN, "--now", NOW, "kb", "edit", "kb-1", CARE_EDITOR=program, columns=400)
    assert ran.status == 5, ran.out
    assert f"{MIA} wrote version 2 of kb-1 meanwhile" in ran.out
    kept = Path(ran.out.partition("is kept in ")[2].partition(";")[0].strip())
    assert "By Ben: choose" in kept.read_text()
    kept.unlink()
    assert Who(desk, BEN).json("kb", "show", "kb-1")["body"] == "By Mia."
