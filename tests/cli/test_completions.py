"""The completion scripts know every command and option that the program has, and are kept as they are made."""

import re
import runpy
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from cli.acceptance import Who, care

from carecli.commands import tree
from carecli.commands.panels import COMMANDS
from carecli.desk.complete import KINDS

SCRIPTS = Path(__file__).parents[2] / "completions"
AGAIN = "run `python completions/generate.py`"
CALLABLE = [node for node in tree.every() if not node.members and node.name != "help"]
"""Every command, those of families by themselves."""
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


@cache
def told(*words: str) -> frozenset[str]:
    """The options of a command in all their spellings, as its help tells them."""
    text = care(*words, "--help").out.partition("\nOptions")[2].partition("\nCommands:")[0]
    lines = re.findall(r"^  (-\S.*?)(?: {2,}|$)", text, re.MULTILINE)
    return frozenset(flag for line in lines for flag in re.findall(r"(?:^|(?<=[\s,/]))--?[a-zA-Z][\w-]*", line))


@cache
def offered_by_bash() -> dict[str, set[str]]:
    """What the bash script offers behind each of many lines, asked in one shell."""
    lines = ["care ", "care -", "care help ", "care --db list --as x "]
    for node in tree.every():
        lines += [f"care {node.path} -", f"care --quiet {node.path} -", f"care {node.path} "]
    script = f"source '{SCRIPTS / 'care.bash'}'; compopt() {{ :; }}\n" + "\n".join(
        f"COMP_LINE='{line}' COMP_POINT={len(line)}; _care care '{line.split(' ')[-1]}';"
        ' printf \'%s|\' "$COMP_LINE" "${COMPREPLY[@]}"; echo'
        for line in lines
    )
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    rows = [row.split("|") for row in run.stdout.splitlines()]
    return {line: {word for word in words if word} for line, *words in rows}


@needs_bash
def test_bash_offers_every_command_and_global_option() -> None:
    """CLI: after `care` and global options come the names of all commands."""
    offered = offered_by_bash()
    assert offered["care "] == set(COMMANDS), AGAIN
    assert offered["care -"] == told(), AGAIN
    assert offered["care --db list --as x "] == set(COMMANDS)
    assert offered["care help "] == {*COMMANDS, "exit-codes", "environment", "formats", "times", "ssh"}


@needs_bash
@pytest.mark.parametrize("node", CALLABLE, ids=lambda node: node.path)
def test_bash_offers_every_option(node: tree.Node) -> None:
    """CLI: after a command come its options and those of every command, and no other's."""
    offered = offered_by_bash()
    assert offered[f"care {node.path} -"] == told(*node.words) | told(), AGAIN
    assert offered[f"care --quiet {node.path} -"] == offered[f"care {node.path} -"]


@needs_bash
def test_bash_offers_the_commands_of_a_family() -> None:
    """CLI: after a family's name come its commands, and those of a family within it."""
    for node in tree.every():
        if node.members:
            assert offered_by_bash()[f"care {node.path} "] == {member.name for member in node.members}, AGAIN


@pytest.mark.parametrize(("shell", "script"), [("bash", "care.bash"), ("zsh", "_care"), ("fish", "care.fish")])
def test_shells_read_their_scripts(shell: str, script: str) -> None:
    """CLI: each shell finds nothing wrong with its script."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    run = subprocess.run([shell, "-n", str(SCRIPTS / script)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def in_script(script: str, words: tuple[str, ...]) -> set[str]:
    """The options that the script for zsh or fish has for a command."""
    text = (SCRIPTS / script).read_text("utf-8")
    if script == "care.fish":
        lines = re.findall(rf"^complete -c care -n '__care_at \"{' '.join(words)}\"' (.*) -d ", text, re.MULTILINE)
        options = " ".join(line.partition(" -a ")[0] for line in lines)
        names = re.findall(r"(?:^| )-(l|s) ([\w-]+)", options)
        return {("--" if kind == "l" else "-") + name for kind, name in names}
    for depth, word in enumerate(words, start=1):
        # A family may have a command of the same name as a command by itself: it stands further in.
        place = re.search(rf"^ {{{16 * depth}}}{word}\)$", text, re.MULTILINE)
        assert place, f"{word} is nowhere"
        text = text[place.end() :]
    return set(re.findall(r"'\*(--?[a-zA-Z][\w-]*)[=+]?\[", text.partition(";;")[0]))


@pytest.mark.parametrize("node", CALLABLE, ids=lambda node: node.path)
@pytest.mark.parametrize("script", ["_care", "care.fish"])
def test_zsh_and_fish_have_every_option(script: str, node: tree.Node) -> None:
    """CLI: the scripts for zsh and fish know each command's options."""
    assert in_script(script, node.words) == told(*node.words), AGAIN


@pytest.mark.parametrize("script", ["_care", "care.fish"])
def test_zsh_and_fish_have_every_command(script: str) -> None:
    """CLI: the scripts for zsh and fish know each command and global option."""
    text = (SCRIPTS / script).read_text("utf-8")
    for name in {*COMMANDS, *(word for node in CALLABLE for word in node.words)}:
        assert re.search(rf"(^ +'{name}:| -a {name} )", text, re.MULTILINE), (name, AGAIN)
    for flag in told():
        name = flag.lstrip("-")
        spelt = rf"'\*{flag}=?\[" if script == "_care" else rf"care .*-{'l' if flag[1] == '-' else 's'} {name} "
        assert re.search(spelt, text), (flag, AGAIN)


def test_every_script_is_as_made() -> None:
    """CLI: the scripts are what the generator makes of the program as it is, and what `care completion` prints."""
    made = runpy.run_path(str(SCRIPTS / "generate.py"))["scripts"]()
    for shell, name in {"bash": "care.bash", "zsh": "_care", "fish": "care.fish"}.items():
        assert made[name] == (SCRIPTS / name).read_text("utf-8"), AGAIN
        assert care("completion", shell) == (0, made[name], "")
        assert care("--json", "completion", shell).json == {"shell": shell, "script": made[name]}


def test_completion_of_another_shell() -> None:
    """CLI: a shell without a script is refused with those that have one."""
    assert "bash, zsh, fish" in care("completion", "tcsh").refused(2)


def test_completion_tells_where_to_put_it() -> None:
    """CLI: the help of `completion` says how each shell is set up."""
    text = care("help", "completion").out
    for place in ("bash-completion/completions/care", "~/.zfunc/_care", "~/.config/fish/completions/care.fish"):
        assert place in text


def test_every_kind_is_known_to_the_desk() -> None:
    """CLI: whatever an option says it completes, the desk knows; files are the shell's own."""
    values = [o.value for node in tree.every() for o in (*node.options, *tree.everywhere()) if o.value]
    values += [argument.value for node in tree.every() for argument in node.arguments]
    asked = {value.kind for value in values if value.kind}
    assert asked <= {*KINDS, "file"}
    assert asked >= {"account", "case", "contact", "file", "person", "staff"}


@pytest.mark.parametrize("metavar", ["NUMBER", "[NUMBER]", "EMAIL", "[EMAIL]", "FILE"])
def test_arguments_are_completed(metavar: str) -> None:
    """CLI: a case, a person or a file is completed wherever a command takes one."""
    for node in tree.every():
        for argument in node.arguments:
            if argument.value.metavar == metavar:
                assert argument.value.kind, (node.path, metavar)


def test_complete_answers_a_shell(trial: str) -> None:
    """CLI: `complete` answers in lines of a word, a tab and what it means."""
    ada = Who(trial, "ada@desk.example")
    assert ada("complete", "case", "--", "00000000").out.splitlines()[0] == "0000000009\tExports are empty"
    assert ada("complete", "case", "3").out == "3\tReport totals differ by one hour\n"
    assert ada("complete", "case", "#3").out == "#3\tReport totals differ by one hour\n"
    assert ada("complete", "account", "har").out == "Harbor Clinic\tcare\n"
    assert ada.json("complete", "account", "har") == {
        "candidates": [{"value": "Harbor Clinic", "meaning": "care"}]
    }


def test_complete_shows_a_contact_the_own_account(trial: str) -> None:
    """DC-3: a contact is offered the own account's cases and people alone."""
    lena = Who(trial, "lena@harbor.example")
    assert {line.split("\t")[0] for line in lena("complete", "case").out.splitlines()} == {
        case["number"] for case in lena.json("list", "--group", "--all")["cases"]
    }
    assert lena("complete", "contact").out == "lena@harbor.example\tLena Vogt, Harbor Clinic\n"
    assert lena("complete", "account").out == "Harbor Clinic\tcare\n"
    assert lena("complete", "staff").out == ""


@pytest.mark.parametrize(
    "options",
    [
        ("--db", "/none/such.db"),
        ("--db", "/"),
        ("--db", "postgres://x"),
        ("--config", "/none/such.toml"),
        ("--as", "nobody@example.com"),
        ("--as", ""),
        (),
    ],
    ids=" ".join,
)
def test_complete_is_silent_in_trouble(trial: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    """CLI: whatever is wrong, a person who presses TAB sees nothing of it, and no database is made."""
    base = () if "--db" in options else ("--db", trial)
    assert care(*base, *options, "complete", "case") == (0, "", "")
    assert care("--db", str(tmp_path / "new.db"), "--as", "x@example.com", "complete", "case") == (0, "", "")
    assert not (tmp_path / "new.db").exists()


def test_complete_of_what_nobody_knows(trial: str) -> None:
    """CLI: an unknown kind, as an older script may ask for it, has no answer."""
    assert Who(trial, "ada@desk.example")("complete", "weather") == (0, "", "")


def test_complete_is_hidden() -> None:
    """CLI: `complete` is for scripts: no list of commands has it."""
    assert "complete" not in COMMANDS
    assert "\n  complete " not in care("--help").out
