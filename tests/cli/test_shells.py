"""TAB in real shells: bash, zsh and fish at a pseudo-terminal, each with its script as shipped."""

import shutil
from collections.abc import Iterator

import pytest
from cli.acceptance import ADA, Who
from cli.shells import Shell, shell

NAMES = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def desk(trial_desk: bytes, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo's desk with accounts whose names are a trial for any shell."""
    file = tmp_path_factory.mktemp("shells") / "desk.db"
    file.write_bytes(trial_desk)
    ada = Who(str(file), ADA)
    for name in ("R&D: East", "$HOME `id`", "Über Größe", "O'Hara", "Bob\\Sons"):
        ada.json("account", "add", name)
    return str(file)


@pytest.fixture(scope="module", params=NAMES)
def sh(request: pytest.FixtureRequest, desk: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A shell whose desk is the demo's, with a file in its folder."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "notes.txt").write_text("notes")
    with shell(request.param, folder, CARE_DB=desk, CARE_AS=ADA) as person:
        yield person


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("sho\t", ["show"]),
        ("account sh\tHar\t", ["account", "show", "Harbor Clinic"]),
        ("show 3\t", ["show", "3"]),
        ("show 0000000003\t", ["show", "0000000003"]),
        ("show '#3\t", ["show", "#3"]),
        ("list --owner ben\t", ["list", "--owner", "ben@desk.example"]),
        ("list --owner=ben\t", ["list", "--owner=ben@desk.example"]),
        ("list --owner ben@d\t", ["list", "--owner", "ben@desk.example"]),
        ("list --status awa\t", ["list", "--status", "awaiting-info"]),
        ("priority 3 cri\t", ["priority", "3", "critical"]),
        ("assign -m hello 3 be\t", ["assign", "-m", "hello", "3", "ben@desk.example"]),
        ("update 3 -F not\t", ["update", "3", "-F", "notes.txt"]),
        ("update 3 --file=not\t", ["update", "3", "--file=notes.txt"]),
        ("help exi\t", ["help", "exit-codes"]),
        ("completion z\t", ["completion", "zsh"]),
        ("--as=da\t", ["--as=dana@northwind.example"]),
    ],
    ids=str,
)
def test_a_word_is_completed(sh: Shell, typed: str, words: list[str]) -> None:
    """CLI: commands, options, cases, people, choices and files are completed where they stand."""
    assert sh.words(f"care {typed}") == words


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Har\t", "Harbor Clinic"),
        ("har\t", "Harbor Clinic"),
        ("'Harbor C\t", "Harbor Clinic"),
        ('"Harbor C\t', "Harbor Clinic"),
        ("Harbor\\ C\t", "Harbor Clinic"),
        ("R\t", "R&D: East"),
        ("'R&D: \t", "R&D: East"),
        ("Üb\t", "Über Größe"),
        ("O\t", "O'Hara"),
        ('"O\t', "O'Hara"),
        ("Bob\t", "Bob\\Sons"),
    ],
    ids=str,
)
def test_names_are_quoted_as_the_shell_wants_them(sh: Shell, typed: str, name: str) -> None:
    """CLI: a name with spaces or signs is one word to `care`, however its beginning was quoted."""
    assert sh.words(f"care account show {typed}") == ["account", "show", name]


def test_no_name_is_run(sh: Shell) -> None:
    """CLI: a name that looks like a command or a variable is a name."""
    assert sh.words("care account show \\$\t") == ["account", "show", "$HOME `id`"]


def test_the_desk_of_the_line_is_asked(sh: Shell, desk: str) -> None:
    """CLI: the line's own --db, --config and --as say whose desk and whose eyes."""
    assert sh.words("care --db /none/such account show Har\t") == ["--db", "/none/such", "account", "show", "Har"]
    dana = ["--as", "dana@northwind.example", "account", "show"]
    assert sh.words(f"care {' '.join(dana)} Har\t") == [*dana, "Har"]
    assert sh.words(f"care {' '.join(dana)} Nor\t") == [*dana, "Northwind"]
    assert sh.words(f"care list --db '{desk}' --as=lena@harbor.example --account H\t")[-1] == "Harbor Clinic"


def test_what_is_offered(sh: Shell) -> None:
    """CLI: TAB lists commands, cases and choices; zsh and fish tell what each is."""
    told = sh.name != "bash"
    commands = sh.offered("care ")
    assert all(name in commands for name in ("open", "list", "completion"))
    assert ("Open a case" in commands) == told
    cases = sh.offered("care show ")
    assert "0000000009" in cases
    assert ("Queue music stops" in cases) == told
    assert cases.index("0000000009") < cases.index("0000000008")
    options = sh.offered("care close --")
    assert "--root-cause" in options
    assert "--no-pager" in options
    assert "--impact" not in options


def test_another_account_is_not_offered(sh: Shell) -> None:
    """DC-3: a contact is offered the own account's cases alone."""
    cases = sh.offered("care --as lena@harbor.example show 0")
    assert "0000000007" in cases
    assert "0000000008" not in cases
