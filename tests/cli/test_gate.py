"""`care gate`: who comes by SSH is one person at one desk, and gets at nothing else of the machine (DC-3)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, NOW, Ran, Who, care, events
from engine import sqlite_alone
from hard.escapes import ESCAPES, SECRET, placed
from other_hands import by_hand, peeked

from carecli.commands import gating, passage
from carecli.commands.declared import Command, Family, Option, Parameter
from carecli.commands.panels import COMMANDS, HIDDEN, HOME, loaded
from carecli.domain import gate
from carecli.domain.gate import Place

FROM: Final = "192.0.2.7 4711 192.0.2.1 22"
KEY: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICNbRy5e01nsE6KYFyG9rG9fmU20FDQYL/r8FvHHvSCw"
OTHER: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM9APTU7mwHHd2g/3BoTtkQAx43w0ypcpLXn4yoqdE3v"
PRINT: Final = "SHA256:zHtd4zQu7/66d+/PuDtR4KXXv/9kSwy6DiG2ZhgrUvw"


def through(
    database: str,
    line: str | None,
    *own: str,
    who: str = DANA,
    stdin: bytes = b"",
    environ: Mapping[str, str] = MappingProxyType({}),
) -> Ran:
    """Ask for a line as a client of SSH does; `own` are words that stand in the key's own line."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"SSH_CONNECTION": FROM, **environ}.items():
            patch.setenv(name, value)
        if line is not None:
            patch.setenv("SSH_ORIGINAL_COMMAND", line)
        return care("--db", database, "--now", NOW, "gate", "--as", who, *own, stdin=stdin)


def refusals(database: str) -> list[dict[str, Any]]:
    """What was refused, the newest first."""
    told: list[dict[str, Any]] = Who(database, ADA).json("gate", "log", "--limit", "10000")["refusals"]
    return told


@pytest.fixture
def places(tmp_path: Path, trial: str) -> dict[str, Path]:
    """The files that escapes are after."""
    folder = tmp_path / "machine"
    folder.mkdir()
    (folder / "secret.toml").write_text(f'name = "{SECRET}"\n')
    (folder / "link").symlink_to("secret.toml")
    return {
        "FILE": folder / "secret.toml",
        "LINK": folder / "link",
        "NEW": folder / "new",
        "DESK": Path(trial),
    }


def test_every_escape_is_refused_and_kept(
    trial: str, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """DC-3: with an admin's key, so that it is the gate that refuses: no line gets out, none is lost."""
    monkeypatch.chdir(places["FILE"].parent)
    before, there = events(trial), sorted(places["FILE"].parent.iterdir())
    wrong = []
    for line in ESCAPES:
        ran = through(trial, placed(line, places), who=ADA, stdin=b"nothing")
        told = (ran.status in {2, 4}, ran.out, SECRET in ran.err, "Traceback" in ran.err, ran.err.count("\n") <= 3)
        if told != (True, "", False, False, True):
            wrong.append((line, ran))
    assert wrong == []
    assert (events(trial), sorted(places["FILE"].parent.iterdir())) == (before, there)
    kept = refusals(trial)
    print(f"escapes tried in this process: {len(ESCAPES)}, refused and kept: {len(kept)}")
    assert len(kept) == len(ESCAPES) >= 100
    assert all(one["reason"] and one["words"].isprintable() and len(one["words"]) <= 300 for one in kept)
    assert {(one["actor"], one["client"]) for one in kept} == {(ADA, "192.0.2.7")}


def commands() -> Iterator[tuple[str, Command]]:
    """Every command by its words."""
    for named in (HOME, *COMMANDS.values(), *HIDDEN.values()):
        declared = loaded(named) if named.target else None
        if isinstance(declared, Family):
            yield from ((f"{named.name} {words}", command) for words, command in declared.every())
        elif declared is not None:
            yield named.name, declared


def texts() -> Iterator[tuple[str, Command, Parameter]]:
    """Every parameter of every command that takes a text."""
    for words, command in commands():
        for parameter in command.parameters():
            if parameter.type not in (bool, bool | None, int, int | None):
                yield words, command, parameter


NO_FILE: Final = frozenset(
    {
        *(
            "NUMBER",
            "[NUMBER]",
            "TEXT",
            "LEVEL",
            "NAME",
            "EMAIL",
            "STAGE",
            "TYPE",
            "COUNT",
            "INSTANT",
            "KEY=VALUE",
        ),
        *(
            "CHANNEL",
            "ARTICLE",
            "STATUS",
            "FIELD",
            "FORMAT",
            "A,B",
            "WORDS",
            "WORDS...",
            "[WORDS]...",
            "ID",
            "WHO",
        ),
        *(
            "TITLE",
            "WORD",
            "[FROM]",
            "[TO]",
            "WHICH",
            "[WHICH]",
            "PIN",
            "-",
            "[EMAIL]",
            "PRIORITY",
            "OTHER",
            "KIND",
        ),
        *("SEQ", "ACCOUNT=TEXT", "[CASE]...", "ACTION", "ACCOUNT", "SERVICE", "SERVICE...", "AMOUNT", "[ID...]"),
        *(
            "[HOW OFTEN]",
            "PLAN",
            "CLOCK",
            "WHAT",
            "TIME",
            "FROM",
            "[MONTH]",
            "ZONE",
            "HOURS",
            "CODE",
            "DATE",
            "STATE",
        ),
        *("OUTCOME", "[NAME]", "[DEPLOYMENT/]NAME[=GROUP]", "SERVICE=NAME", "KIND=EMAIL", "SHELL", "PREFIX"),
        *("NAME[=no]", "[NAME]...", "ID...", "ROLE", "TO", "KEY", "SEAL"),
    }
)
"""How what is no file's name is called; NAME and its like are judged by hand where they may be one."""
BY_HAND: Final = frozenset(
    {
        # Names of policies and mappings that may be files elsewhere.
        *gating.PLACES,
        # The desk's own machine's alone.
        ("init", "policy"),
        # Names of files as a case calls them.
        *(("attachment add", "name"), ("attachment get", "name")),
    }
)


def test_every_parameter_is_judged() -> None:
    """DC-3: a parameter that is new says that it completes a file, or is told here to take none."""
    unknown = [
        f"{words}: {gating.told(parameter)} {parameter.declared.metavar}"
        for words, _, parameter in texts()
        if gating.place_of(words, parameter) is Place.TEXT
        and (words, parameter.name) not in BY_HAND
        and (parameter.declared.metavar not in NO_FILE or "file" in parameter.declared.help.lower().split())
    ]
    assert unknown == []
    files = [parameter for words, _, parameter in texts() if gating.place_of(words, parameter) is Place.STREAM]
    assert len(files) > 100
    assert {(words, p.name) for words, _, p in texts()} >= gating.PLACES.keys() | gating.USUAL.keys()


OPENED: list[str] = []
"""Every path that Python opens, reads, links, renames or removes from now on; a hook never goes again."""
LISTENING: list[bool] = []
FILES: Final = frozenset({"open", "os", "shutil", "sqlite3", "tempfile", "subprocess", "glob", "pathlib"})
"""Where events of the interpreter come from that are about files and programs."""


def _hear(event: str, args: tuple[object, ...]) -> None:
    if LISTENING and event != "os.putenv" and event.partition(".")[0] in FILES:
        OPENED.extend(str(arg) for arg in args)


def test_no_parameter_opens_a_file(trial: str, places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """DC-3: whatever takes a text is given the path of a file, by an admin's key: nothing ever looks at it."""
    monkeypatch.chdir(places["FILE"].parent)
    sys.addaudithook(_hear)
    tried = list(texts())
    for words, command, parameter in tried:
        LISTENING.append(True)
        ran = through(trial, _line(words, command, parameter, str(places["FILE"])), who=ADA)
        LISTENING.clear()
        named = [one for one in OPENED if str(places["FILE"]) in one]
        OPENED.clear()
        assert (named, SECRET in ran.out + ran.err) == ([], False), (words, parameter.name, ran)
        assert "Traceback" not in ran.err
        assert ran.status in {0, 2, 3, 4, 5}, (words, parameter.name, ran)
    assert sorted(file.name for file in places["FILE"].parent.iterdir()) == ["link", "secret.toml"]
    print(f"parameters given a path: {len(tried)}")


def _line(words: str, command: Command, tried: Parameter, value: str) -> str:
    """A command with one parameter of this value, and what it cannot do without."""
    line = words.split() if words != "home" else []
    for parameter in command.parameters():
        told = value if parameter.name == tried.name else "1" if parameter.required else None
        if told is not None and isinstance(parameter.declared, Option):
            line += [parameter.flags[0], told]
        elif told is not None:
            line.append(told)
    return " ".join(line)


def test_a_family_within_a_family_means_its_usual_member(trial: str) -> None:
    """CLI: where none is named the usual one is meant, two families deep too, and judged as what it is."""
    ada = Who(trial, ADA)
    assert ada("mail", "key").out == ada("mail", "key", "show").out != ""
    assert ada("--json", "mail", "-q", "key").json == ada.json("mail", "key", "show")
    assert "`care mail key show` does not run over SSH" in through(trial, "mail key", who=ADA).refused(4)


def test_what_is_listed_is_a_command() -> None:
    """DC-3: each command is remote or not, and reading or not, by words that are a command's."""
    known = [words for words, _ in commands()]
    assert set(gate.READING) - {"help"} <= set(known)
    assert all(any(words == one or words.startswith(f"{one} ") for words in known) for one in gate.LOCAL)
    for words, options in gate.CHANGING.items():
        command = dict(commands())[words]
        spelt = {flag for p in command.parameters() if isinstance(p.declared, Option) for flag in p.flags}
        assert set(options) <= spelt


READS: Final = (
    *(
        "",
        "list --all",
        "search calls",
        "show 3",
        "similar 3",
        "log 3",
        "explain 3",
        "export -",
        "forecast",
    ),
    *(
        "report --html -",
        "kb search calls",
        "attachment list 3",
        "chat list",
        "maintenance show",
    ),
    *(
        "advisory list",
        "contact-us",
        "whatnext",
        "calendar show",
        "calendar add 2026-03-06T16:00 6bh",
        "policy show",
    ),
    *(
        "policy check guide",
        "policy diff guide",
        "account list",
        "account show Northwind",
        "contact list",
        "schema tick",
    ),
    *("bundle write 3", "help", "help times", "list --help", "--version", "complete case 1"),
)
WRITES: Final = (
    *("update 3 -m x", "close 3 -m x", "open --solved-by KB-1 -s x", "kb vote 1 --helpful", "advisory subscribe"),
    *(
        "advisory read --all",
        "contact edit dana@northwind.example --phone 1",
        "chat join 3 -m x",
        "incident request 8",
    ),
    "escalate 3 -m x",
)


def test_a_reading_key_changes_nothing(trial: str) -> None:
    """DC-3: --allow reading lets everything pass that reads, and nothing that writes."""
    before = events(trial)
    for line in READS:
        assert through(trial, line, "--allow", "reading").status == 0, line
    for line in WRITES:
        ran = through(trial, line, "--allow", "reading")
        assert "this key may not run" in ran.refused(4), line
    assert "may not run" in through(trial, "incident report 8 --send", "--allow", "reading", who=BEN).refused(4)
    assert events(trial) == before
    assert len(refusals(trial)) == len(WRITES) + 1


def test_a_key_for_one_command(trial: str) -> None:
    """DC-3: --allow names commands and families; all else is refused, the home page too."""
    own = ("--allow", "list", "--allow", "attachment list", "--allow", "kb")
    assert [
        through(trial, line, *own).status for line in ("list", "attachment list 3", "kb list", "kb search x")
    ] == [*(0, 0, 0, 0)]
    assert [through(trial, line, *own).status for line in ("show 3", "attachment get 3", None, "listing")] == [
        4,
        4,
        4,
        2,
    ]
    assert "is no command" in through(trial, "list", "--allow", "lst").refused(2)


def test_somebody_comes_without_a_command(trial: str) -> None:
    """DC-3: `ssh HOST` alone shows the home page, and says that there is no shell."""
    ran = through(trial, None)
    assert (ran.status, "Waiting for your answer" in ran.out) == (0, True)
    assert ran.err == "care: name a command behind the host, as in `ssh HOST list`; `ssh HOST help` lists them\n"


def test_files_travel_by_the_streams(trial: str) -> None:
    """ATT-1, EXP-1: whatever takes or gives a file does so over standard input and output, byte for byte."""
    log = bytes(range(1, 256)) * 99
    added = through(trial, "attachment add 3 - --name trace.bin --confirm-sanitized --json", stdin=log)
    assert added.json["number"] == "0000000003"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSH_ORIGINAL_COMMAND", "attachment get 3 1")
        run = subprocess.run(
            [sys.executable, "-m", "carecli", "--db", trial, "gate", "--as", DANA],
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    assert run.stdout == log
    assert through(trial, "attachment get 3 1 --output -", who=LENA).refused(3)
    opening = " ".join(f"'{word}'" for word in ("open", *FORM, "--attach", "-", "--json"))
    opened = through(trial, opening, stdin=b"a line of a log\n")
    assert opened.json["attachments"][0]["size"] == 16
    assert through(trial, "export - --format json").json["cases"]
    assert through(trial, "report --html -").out.startswith("<!DOCTYPE html>")
    said = through(trial, "update 3 -F - --json", stdin="Zwei Zeilen\nüber SSH".encode())
    assert said.json["number"] == "0000000003"
    form = {"subject": "x", "deployment": "East", "service": "Voice", "stage": "production", "priority": "low"}
    form |= {"description": "word " * 20, "impact": "none that is known"}
    asked = json.dumps({**form, "attach": ["/etc/passwd"]}).encode()
    assert "cannot be attached over SSH" in through(trial, "open --form -", stdin=asked).refused(4)


def test_an_error_is_told_as_the_client_asks(trial: str) -> None:
    """CLI: with --json an error is one document, whoever finds it: the gate, a parser or the desk."""
    assert through(trial, "list --db x --json").error["code"] == "not-permitted"
    assert through(trial, "list --json 'x").error["code"] == "invalid"
    assert through(trial, "show 7 --json").error["code"] == "not-found"
    assert through(trial, "staff list --json").error["code"] == "not-permitted"
    assert [one["words"] for one in refusals(trial)] == [
        "staff list --json",
        "list --json 'x",
        "list --db x --json",
    ]


def test_only_what_one_may_not_do_is_kept(trial: str) -> None:
    """DC-3: a number mistyped and a rule of the process are nobody's attack."""
    assert through(trial, "show 999").status == 3
    assert through(trial, "accept 8").status == 5
    assert through(trial, "close 8 -m x --substatus nonsense").status == 2
    assert refusals(trial) == []


def test_the_environment_of_a_client_counts_nothing(trial: str, tmp_path: Path) -> None:
    """DC-3: no variable chooses desk, person, moment, program or home; the language and the screen remain."""
    evil = {"CARE_DB": "/nowhere", "CARE_AS": ADA, "CARE_CONFIG": "/etc/passwd", "CARE_NOW": "2030-01-01"}
    evil |= {"CARE_DEBUG": "1", "EDITOR": f"touch {tmp_path}/x", "HOME": str(tmp_path), "XDG_CONFIG_HOME": "/etc"}
    before = dict(os.environ)
    assert "Northwind" in through(trial, "", environ={**evil, "LC_ALL": "C", "COLUMNS": "40"}).out
    assert through(trial, "update 3", environ=evil).refused(2)
    assert os.environ == before
    kept = gate.cut_environment({**evil, "LC_ALL": "C", "TERM": "xterm", "LANG": "a" * 99, "LD_PRELOAD": "x"})
    assert kept == {"LC_ALL": "C", "TERM": "xterm"}


@pytest.mark.parametrize("how", ["contact", "account", "unknown"])
def test_a_key_outlives_nobody(trial: str, how: str) -> None:
    """ACC-4: whoever may act no more gets not even an answer that needs no desk, and is kept."""
    ada = Who(trial, ADA)
    who = "eve@northwind.example" if how == "unknown" else DANA
    if how == "contact":
        ada("contact", "deactivate", DANA)
    elif how == "account":
        ada("account", "edit", "Northwind", "--inactive")
    for line in ("list", "help", "policy show guide", "calendar add -", "list --help"):
        assert "is not known here" in through(trial, line, who=who).refused(4)
    assert [one["actor"] for one in refusals(trial)] == [who] * 5


def test_no_pin_is_kept(trial: str) -> None:
    """DC-4: the log of refusals holds no PIN, however it was written."""
    for line in ("accept 5 --pin 271828 --db x", "accept 5 --pin=271828 --as x", "accept 5 --p'in' 271828 --db x"):
        assert through(trial, line, who=BEN).status == 4
    assert through(trial, "accept 5 --pin '271828", who=BEN).status == 2
    assert "271828" not in json.dumps(refusals(trial))


def test_the_newest_refusals_are_kept(trial: str) -> None:
    """DC-3: the log of refusals has an end, and what is beyond is forgotten, the oldest first."""
    assert through(trial, "list --db first").status == 4
    row = "SELECT at, actor, client, key, words, reason FROM refusals"
    by_hand(trial, *14 * [f"INSERT INTO refusals (at, actor, client, key, words, reason) {row}"])
    assert through(trial, "list --db last").status == 4
    assert peeked(trial, "SELECT count(*) FROM refusals") == [(gate.KEPT_MOST,)]
    assert refusals(trial)[0]["words"] == "list --db last"


TOLD: list[str] = []


def test_the_system_is_told(trial: str) -> None:
    """DC-3: what is refused goes to the system's log as well, in one line that nothing breaks."""
    sys.addaudithook(lambda event, args: TOLD.append(str(args[1])) if event == "syslog.syslog" else None)
    through(trial, "list --db 'a\nb'")
    assert len(TOLD) == 1
    assert TOLD[0].startswith(f"gate: refused {DANA} from 192.0.2.7: ")
    assert "\n" not in TOLD[0]
    through(trial, f"'x\nrefused {ADA} from 10.0.0.1: list'")
    through(trial, f"list --limit '{'y' * 30_000}'")
    assert len(TOLD) == 3
    assert all(len(one["reason"]) <= gate.KEPT_WORDS and one["reason"].isprintable() for one in refusals(trial))


def test_the_key_is_told_where_sshd_exposes_it(trial: str, tmp_path: Path) -> None:
    """DC-3: with ExposeAuthInfo the fingerprint of the key stands beside what was refused."""
    (tmp_path / "auth").write_text(f"publickey {KEY}\n")
    through(trial, "list --db x", environ={"SSH_USER_AUTH": str(tmp_path / "auth")})
    odd = {"SSH_USER_AUTH": str(tmp_path / "none"), "SSH_CONNECTION": "a\x1b b"}
    through(trial, "list --db y", environ=odd)
    # A careless AcceptEnv lets a client name it: a pipe that nobody writes to, a device.
    os.mkfifo(tmp_path / "pipe")
    for name in (str(tmp_path / "pipe"), "/dev/zero", str(tmp_path)):
        through(trial, "list --db z", environ={"SSH_USER_AUTH": name})
    told = refusals(trial)
    assert [one["key"] for one in told[:3]] == [None] * 3
    assert [(one["key"], one["client"]) for one in told[3:]] == [(None, None), (PRINT, "192.0.2.7")]


def test_refusals_are_for_admins(trial: str) -> None:
    """DC-3: who tried what is for admins alone, at 80 columns too."""
    for who in (DANA, BEN, "system"):
        assert Who(trial, who)("gate", "log").refused(4)
        assert who == "system" or Who(trial, who)("gate", "keys").refused(4)
    through(trial, "list --db \u202ex")
    told = Who(trial, ADA)("gate", "log").out
    assert told == (
        "at\tactor\tclient\twords\treason\n"
        "2026-03-20T21:00:00Z\tdana@northwind.example\t192.0.2.7\tlist --db '\\u202ex'\t"
        "--db cannot be given over SSH\n"
    )


FAULTS: list[str] = []


def test_a_fault_of_the_program_tells_nothing(trial: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DC-3: whoever finds a fault of the program learns nothing of the machine by it; the system's log does."""

    def broken(*_: object) -> int:
        raise ZeroDivisionError("/srv/secret/place\nrefused somebody")

    monkeypatch.setattr(passage, "run", broken)
    sys.addaudithook(lambda event, args: FAULTS.append(str(args[1])) if event == "syslog.syslog" else None)
    told = through(trial, "list")
    assert all(line.startswith("gate: fault: ") for line in FAULTS)
    assert "gate: fault: refused somebody" in FAULTS
    assert "fault of its program" in told.refused(1)
    assert "/srv" not in told.err


def test_no_error_tells_where_things_lie(trial: str, tmp_path: Path) -> None:
    """DC-3: what is wrong with this machine is told without its folders, of which its own log tells."""
    gone = through(str(tmp_path / "none" / "desk.db"), "list").refused(6)
    Path(trial).write_bytes(b"nothing that SQLite knows")
    broken = through(trial, "list --json").error["message"]
    named = through(trial, "list", environ={"SSH_CONNECTION": FROM}).refused(6)
    assert ("none" in gone, "trial.db" in broken, str(tmp_path) in gone + broken + named) == (False, True, False)
    assert (
        gate.without_folders("/a b/c: in ~/d/e, of x/y, and (/srv/f.db)") == "/a b/c: in ~/d/e, of x/y, and (f.db)"
    )


SMALL: Final = (
    "from carecli.commands import passage; passage.MEMORY_MAX = 384 << 20; "
    "from carecli.cli import program; program()"
)
"""The program with less memory for a command, which is sooner full."""


def test_no_client_takes_all_memory(trial: str) -> None:
    """DC-3: a command has so much memory, whatever comes on its standard input; then it is over, and told."""
    words = [sys.executable, "-c", SMALL, "--db", trial, "gate", "--as", DANA]
    environ = {**os.environ, "SSH_ORIGINAL_COMMAND": "bundle verify -"}
    many = b"[" + b"[]," * 5_000_000 + b"[]]"
    ran = subprocess.run(words, input=many, env=environ, capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, b"more memory than there is here" in ran.stderr) == (1, b"", True), ran
    small = subprocess.run(words, input=b"[]", env=environ, capture_output=True, check=False)
    assert (small.returncode, b"no bundle" in small.stderr) == (2, True), small


@pytest.mark.parametrize("line", ["import - --from care", "import - --from zendesk", "component predict -"])
def test_who_may_not_is_not_listened_to(trial: str, line: str) -> None:
    """DC-3, IMP-1: nothing is read of a stream without an end, and put aside, before its sender may do so."""
    ours, theirs = os.pipe()
    try:
        words = [sys.executable, "-m", "carecli", "--db", trial, "gate", "--as", DANA]
        ran = subprocess.run(
            words,
            stdin=ours,
            env={**os.environ, "SSH_ORIGINAL_COMMAND": line},
            capture_output=True,
            check=False,
            timeout=240,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert ran.returncode == 4, ran


def test_whose_key_is_needed(trial: str) -> None:
    """DC-3: the actor stands in the key's own line, and comes from no environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARE_AS", ADA)
        assert "whose key is this" in care("--db", trial, "gate").refused(2)


def test_keys_of_people(trial: str, tmp_path: Path) -> None:
    """DC-3: keys are public ones, of one person each, set by admins, told by their fingerprints."""
    ada = Who(trial, ADA)
    (tmp_path / "dana.pub").write_text(f"{KEY} dana's laptop\n")
    assert ada.json("contact", "edit", DANA, "--ssh-key", str(tmp_path / "dana.pub"))["ssh_keys"] == [PRINT]
    assert len(ada.json("contact", "edit", DANA, "--ssh-key", OTHER)["ssh_keys"]) == 2
    again = ada.json("contact", "edit", DANA, "--no-ssh-keys", "--ssh-key", "-", stdin=f"{KEY}\n".encode())
    assert again["ssh_keys"] == [PRINT]
    assert "has the SSH key" in ada("staff", "edit", BEN, "--ssh-key", KEY).refused(5)
    assert ada.json("staff", "edit", BEN, "--ssh-key", OTHER)["ssh_keys"]
    assert Who(trial, DANA)("contact", "edit", DANA, "--ssh-key", OTHER).refused(4)
    assert Who(trial, DANA)("contact", "edit", DANA, "--no-ssh-keys").refused(4)
    assert Who(trial, DANA).json("contact", "edit", DANA, "--phone", "+1 555 1")["ssh_keys"] == [PRINT]
    for bad in ("ssh-ed25519 AAAA", f'command="sh" {KEY}', KEY.replace("ed25519 ", "rsa "), f"{KEY}\n{OTHER}x"):
        assert ada("contact", "edit", LENA, "--ssh-key", "-", stdin=bad.encode()).refused(2)
    assert ada("verify").status == 0


@sqlite_alone("how a line names a file")
def test_lines_for_sshd(trial: str, tmp_path: Path) -> None:
    """DC-3: a line for each key of who may act, in the file that is named, whose other lines stay."""
    ada = Who(trial, ADA)
    assert ada("contact", "edit", DANA, "--ssh-key", KEY).status == 0
    assert ada("contact", "edit", LENA, "--ssh-key", OTHER).status == 0
    line = f'restrict,command="/opt/care --db {trial} gate --as {DANA}" {KEY} {DANA}'
    both = ada("gate", "keys", "--care", "/opt/care").out.splitlines()
    assert both[1] == line
    assert len(both) == 4
    assert ada("contact", "deactivate", LENA).status == 0
    file = tmp_path / "authorized_keys"
    file.write_text("ssh-rsa AAAA the admin's own")
    for _ in range(2):
        assert ada("gate", "keys", "--care", "/opt/care", "--output", str(file)).status == 0
        assert file.read_text().splitlines() == ["ssh-rsa AAAA the admin's own", both[0], line, both[-1]]
    found = care("--db", trial, "--as", "system", "gate", "keys", "--care", "/opt/care", "--for", PRINT)
    assert found.out == f"{line}\n"
    assert care("--db", trial, "--as", "system", "gate", "keys", "--for", "SHA256:x").out == ""
    file.write_text(f"{both[0]}\nlost its end\n")
    assert "marks" in ada("gate", "keys", "--output", str(file)).refused(2)


@pytest.mark.parametrize("name", ["a b", "it's", "$(touch x)", "`x`", "100%", "a;b", "a&b", "#", "naïve", "-x"])
@sqlite_alone("how a line names a file")
def test_a_line_for_sshd_holds_its_words(trial_desk: bytes, tmp_path: Path, name: str) -> None:
    """DC-3: whatever a path or an address is called, the shell that sshd starts reads it as one word."""
    folder = tmp_path / name
    folder.mkdir()
    database = folder / "trial.db"
    database.write_bytes(trial_desk)
    ada = Who(str(database), ADA)
    email = "-o'brien$x`y`%z@northwind.example"
    assert ada("contact", "add", "--account", "Northwind", "--ssh-key", KEY, "--", email).status == 0
    (told,) = ada.json("gate", "keys", "--care", "/bin/echo")["keys"]
    # As sshd reads it: a quotation mark ends the command, unless a backslash stands before it.
    read = re.fullmatch(r'restrict,command="((?:[^"\\]|\\")*)" (.*)', told["line"])
    assert read
    assert read[2] == f"{KEY} {email}"
    command = read[1].replace('\\"', '"')
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert run.stdout == f"--db {database} gate --as={email}\n"


@sqlite_alone("how a line names a file")
def test_no_line_for_sshd_breaks(trial_desk: bytes, tmp_path: Path) -> None:
    """DC-3: a path with what sshd cannot hold is refused."""
    for name in ('a"b', "a\\b", "a\nb"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "trial.db").write_bytes(trial_desk)
        ada = Who(str(folder / "trial.db"), ADA)
        assert ada("contact", "edit", DANA, "--ssh-key", KEY).status == 0
        assert "no line of authorized_keys" in ada("gate", "keys").refused(2)
