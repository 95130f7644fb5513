"""The completion scripts know every command and option that the program has."""

import re
import runpy
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.acceptance import care

from carecli import cli

SCRIPTS = Path(__file__).parents[2] / "completions"
AGAIN = "run `python completions/generate.py`"


def declared() -> Iterator[tuple[str, ...]]:
    """The words of each command, families with their members, as their help tells."""
    for name in cli.COMMANDS:
        if name == "help":
            continue
        members = care(name, "--help").out.partition("\nCommands:")[2]
        names = re.findall(r"^  ([a-z][\w-]*)", members, re.MULTILINE)
        for member in names:
            yield (name, member)
        if not names:
            yield (name,)


COMMANDS = list(declared())


def options(*words: str) -> set[str]:
    """The options of a command in all their spellings."""
    told = care(*words, "--help").out.partition("\nOptions")[2]
    lines = re.findall(r"^  (-\S.*?)(?: {2,}|$)", told, re.MULTILINE)
    found = {flag for line in lines for flag in re.findall(r"(?:^|(?<=[\s,/]))--?[a-zA-Z][\w-]*", line)}
    assert {"-h", "--help", "--version"} & found
    return found


def offered(*words: str) -> set[str]:
    """What the bash script offers behind these words."""
    script = f"""
        source '{SCRIPTS / "care.bash"}'
        COMP_WORDS=(care "$@" ''); COMP_CWORD=$(($# + 1))
        _care
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    run = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return set(run.stdout.split())


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
EVERYWHERE = options()


@needs_bash
def test_bash_offers_every_command_and_global_option() -> None:
    """CLI: after `care` and global options come the names of all commands."""
    assert offered() >= {*cli.COMMANDS, *EVERYWHERE}, AGAIN
    assert offered("--db", "list", "--as", "x") >= set(cli.COMMANDS)
    assert offered("help") >= {*cli.COMMANDS, "exit-codes", "environment", "formats"}


@needs_bash
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_bash_offers_every_option(words: tuple[str, ...]) -> None:
    """CLI: after a command come its options and those of every command, and no other's."""
    assert offered(*words) == options(*words) | EVERYWHERE, AGAIN
    assert offered("--quiet", *words) == offered(*words)
    if len(words) == 2:
        assert words[1] in offered(words[0]), AGAIN


@needs_bash
def test_bash_reads_its_script() -> None:
    """CLI: `bash -n` finds nothing wrong."""
    run = subprocess.run(["bash", "-n", str(SCRIPTS / "care.bash")], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize(("shell", "script"), [("zsh", "_care"), ("fish", "care.fish")])
def test_other_shells_read_their_scripts(shell: str, script: str) -> None:
    """CLI: zsh and fish find nothing wrong with their scripts."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    run = subprocess.run([shell, "-n", str(SCRIPTS / script)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def blocks(script: str, words: tuple[str, ...]) -> set[str]:
    """The options that the script for zsh or fish has for a command."""
    text = (SCRIPTS / script).read_text()
    if script == "care.fish":
        lines = re.findall(rf"^complete -c care -n '__care_at {' '.join(words)}' -(l|s) (\S+)", text, re.MULTILINE)
        return {("--" if kind == "l" else "-") + name for kind, name in lines}
    for word in words:
        text = text[re.search(rf"^ +{word}\)$", text, re.MULTILINE).end() :]  # type: ignore[union-attr]
    return set(re.findall(r"'\*(--?[a-zA-Z][\w-]*)\[", text.partition(";;")[0]))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("script", ["_care", "care.fish"])
def test_zsh_and_fish_have_every_option(script: str, words: tuple[str, ...]) -> None:
    """CLI: the scripts for zsh and fish know each command's options."""
    assert blocks(script, words) == options(*words), AGAIN


@pytest.mark.parametrize("script", ["_care", "care.fish"])
def test_zsh_and_fish_have_every_command(script: str) -> None:
    """CLI: the scripts for zsh and fish know each command and global option."""
    text = (SCRIPTS / script).read_text()
    for name in {*cli.COMMANDS, *(word for words in COMMANDS for word in words)}:
        assert re.search(rf"(^ +'{name}:| -a {name} )", text, re.MULTILINE), (name, AGAIN)
    for flag in EVERYWHERE:
        spelt = (
            rf"'\*{flag}\[" if script == "_care" else rf"care -{'l' if flag[1] == '-' else 's'} {flag.strip('-')} "
        )
        assert re.search(spelt, text), (flag, AGAIN)


def test_every_script_is_as_generated() -> None:
    """CLI: the scripts are what the generator makes of the program as it is."""
    generated = runpy.run_path(str(SCRIPTS / "generate.py"))["scripts"]()
    for name in ("care.bash", "_care", "care.fish"):
        assert generated[name] == (SCRIPTS / name).read_text(), AGAIN
