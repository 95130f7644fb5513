"""The manual pages are those of the program as it is, read well by each reader of roff, and go with the wheel."""

import runpy
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from engine import sqlite_alone

from carecli.commands import manual, tree
from carecli.commands.panels import COMMANDS

pytestmark = sqlite_alone("opens no desk")

ROOT = Path(__file__).parents[2]
MAN = ROOT / "docs" / "man"
AGAIN = "run `python completions/generate.py`"
TOLD_BY = {
    "groff": ["groff", "-ww", "-man", "-Tutf8", "-z"],
    "man": ["man", "--warnings", "-E", "UTF-8", "-l"],
    "mandoc": ["mandoc", "-Tlint", "-W", "warning"],
}


def test_every_page_is_as_made() -> None:
    """CLI: the pages are what the generator makes of the program as it is, and there are no others."""
    made = manual.pages()
    assert made.keys() == {"care.1", *(f"care-{name}.1" for name in COMMANDS)}
    assert made.keys() == {page.name for page in MAN.iterdir()}, AGAIN
    for name, text in made.items():
        assert (MAN / name).read_text("utf-8") == text, (name, AGAIN)
    assert "main" in runpy.run_path(str(ROOT / "completions" / "generate.py"))


@pytest.mark.parametrize("reader", TOLD_BY)
def test_readers_find_nothing_wrong(reader: str) -> None:
    """CLI: groff, man-db and mandoc read the pages without a warning."""
    if shutil.which(reader) is None:
        pytest.skip(f"{reader} is not installed")
    pages = sorted(map(str, MAN.iterdir()))
    run = subprocess.run(
        [*TOLD_BY[reader], *pages], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"}
    )
    # The pages bear no date: each build would have another.
    warnings = [
        line for line in (run.stdout * (reader == "mandoc") + run.stderr).splitlines() if "date" not in line
    ]
    assert warnings == []


def test_what_a_reader_sees() -> None:
    """CLI: a page tells all options, and its signs come out as they are typed."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    page = ["groff", "-man", "-Tascii", "-P-c", "-P-b", "-P-u", "-rLL=200n", str(MAN / "care-assign.1")]
    seen = subprocess.run(page, capture_output=True, text=True, check=True).stdout
    assert "care assign [OPTIONS] NUMBER [EMAIL]" in seen
    assert "--reason, --message, -m TEXT" in seen
    assert "0000000042, 42 or '#42'." in seen
    assert '\n           care assign 42 ben@desk.example -m "Ben knows this trunk."\n' in seen


def test_every_option_is_told() -> None:
    """CLI: each option of each command stands on its page."""
    for node in tree.every():
        text = (MAN / f"care-{node.words[0]}.1").read_text("utf-8")
        for flag in (flag for option in node.options for flag in option.spellings):
            assert flag.replace("-", "\\-") in text, (node.path, flag)


@pytest.mark.parametrize("hostile", [".SH x", "'x", "\\fBx", "a\\", '"x"', "-", "`~^"])
def test_no_text_is_a_request(hostile: str) -> None:
    """CLI: whatever a help text begins with or holds, roff prints it."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    option = tree.Flagged(("--x",), hostile)
    page = manual._page("care-x", hostile, manual._options((option,)))
    run = ["groff", "-ww", "-man", "-Tutf8", "-P-c", "-P-b", "-P-u"]
    seen = subprocess.run(run, input=page, capture_output=True, text=True, check=True)
    assert seen.stderr == ""
    assert hostile in seen.stdout


def test_the_wheel_brings_pages_and_scripts() -> None:
    """CLI: the wheel puts manual pages and completion scripts where `man` and the shells look."""
    shared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    mapped = shared["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert mapped["docs/man"] == "share/man/man1"
    assert {Path(source).name for source in mapped} == {"care.bash", "_care", "care.fish", "man"}
    assert all((ROOT / source).exists() for source in mapped)
