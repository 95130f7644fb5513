"""People come to the desk through a real OpenSSH server, by the lines that `care gate keys` writes (DC-3).

`CARE_SSH=all` asks for every escape with each of four keys, and has 200 people come at once; else every fourth one
is asked for with an admin's key, to whom most would be allowed, and 80 come. `tests/cli/test_gate.py` tries all of
the escapes, without a server.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from cli.acceptance import FORM, Ran, care, events
from hard.escapes import ESCAPES, SECRET, placed
from hard.ssh_server import HOST, PATIENCE_S, Client, Server, listening, make_key, started

ADA, BEN = "ada@desk.example", "ben@desk.example"
DANA, RITA, LENA = "dana@abc.example", "rita@abc.example", "lena@other.example"
AT_ONCE: Final = 4
"""How many clients ask at once where that is not the point; a machine with two cores is no faster with more."""
EVERYTHING: Final = os.environ.get("CARE_SSH") == "all"
WRITERS: Final = 100 if EVERYTHING else 40
READERS: Final = WRITERS
ASKED: Final = ESCAPES if EVERYTHING else ESCAPES[::4]


class Door(NamedTuple):
    """A desk behind a server, and everybody's client."""

    server: Server
    database: str
    clients: dict[str, Client]

    def desk(self, *args: str, who: str = ADA, stdin: bytes = b"") -> Ran:
        """Run a command at the desk's own machine."""
        return care("--db", self.database, "--as", who, *args, stdin=stdin)

    def does(self, *args: str, who: str = ADA, stdin: bytes = b"") -> Any:
        """Run a command there that has to go well: its document."""
        return self.desk("--json", *args, who=who, stdin=stdin).json


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A desk with two accounts, an admin, an agent, contacts of each access; everybody has a key."""
    with ExitStack() as things:
        server = things.enter_context(listening())
        database = str(server.folder / "desk.db")
        patch = things.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        made = care(
            "--db", database, "--config", str(server.folder / "care.toml"), "--as", ADA, "init", "--email", ADA
        )
        assert made.status == 0, made
        door = Door(server, database, {})
        door.does("staff", "add", BEN, "--role", "agent", "--product-group", "Voice")
        for account in ("ABC", "Other"):
            door.does(
                "account", "add", account, "--deployment", "East", "--service", "Voice", "--plan", "business-care"
            )
        for email, account, access in (
            (DANA, "ABC", "read-write"),
            (RITA, "ABC", "read-only"),
            (LENA, "Other", "read-write"),
        ):
            door.does("contact", "add", email, "--account", account, "--access", access, "--trained")
        for email in (ADA, BEN, DANA, RITA, LENA):
            key = make_key(server.folder, email.partition("@")[0])
            family = "staff" if email in {ADA, BEN} else "contact"
            door.does(family, "edit", email, "--ssh-key", f"{key}.pub")
            door.clients[email] = server.client(key)
        _let_in(door)
        for client in door.clients.values():
            things.enter_context(client.shared())
        yield door


def _let_in(door: Door) -> None:
    program = Path(sys.executable).with_name("care")
    named = ("--care", str(program)) if program.exists() else ()
    told = door.desk("--config", str(door.server.folder / "care.toml"), "gate", "keys", *named)
    assert told.status == 0, told
    (door.server.folder / "authorized_keys").write_text(told.out)


def opened(door: Door, email: str, subject: str = "Calls drop") -> str:
    """Open a case over SSH: its number."""
    form = [*FORM]
    form[1] = subject
    return str(_asked(door, email, "open", *form, "--json").json["number"])


def _asked(door: Door, email: str, *words: str, stdin: bytes = b"") -> Ran:
    return door.clients[email](" ".join("'" + word.replace("'", "'\\''") + "'" for word in words), stdin=stdin)


def test_a_contact_works_over_ssh(door: Door) -> None:
    """DC-3, ATT-1: a contact opens, answers with a file, lists, exports and fetches; no other's."""
    mine, others = opened(door, DANA), opened(door, LENA, "Lena's own")
    log = os.urandom(300_000) + b"\r\n\0\x04\x1b"
    update = ("update", mine, "-m", "It's the 'second' trunk; $HOME `id` \\ \"x\"", "--json")
    assert _asked(door, DANA, *update, "--attach", "-", "--confirm-sanitized", stdin=log).json["number"] == mine
    words = door.server.options(door.clients[DANA].key)
    fetched = subprocess.run(["ssh", *words, HOST, f"attachment get {mine} 1"], capture_output=True, check=False)
    assert (fetched.returncode, fetched.stdout == log) == (0, True)
    told = _asked(door, DANA, "show", mine).out
    assert "It's the 'second' trunk; $HOME `id` \\ \"x\"" in told
    listed = door.clients[DANA]("list --all --json").json["cases"]
    assert {case["account"] for case in listed} == {"ABC"}
    assert "Lena" not in door.clients[DANA]("care export - --format csv").out
    assert door.clients[DANA](f"show {others} --json").error["code"] == "not-found"
    assert door.clients[DANA](f"show {others}").status == 3
    assert door.clients[DANA](f"accept {mine}").status == 5
    assert door.clients[DANA]("show").status == 2
    assert door.clients[DANA]("staff list").status == 4
    assert door.clients[DANA](f"update {mine} -m -", stdin="Über die Leitung".encode()).status == 0
    assert "Über die Leitung" in _asked(door, BEN, "show", mine).out


def test_a_reader_and_an_agent_work_over_ssh(door: Door) -> None:
    """DC-1, DC-5: who may only read does so; an agent works cases; each is who the key says."""
    number = opened(door, DANA)
    assert door.clients[RITA](f"show {number} --json").json["number"] == number
    assert door.clients[RITA](f"update {number} -m x --json").error["rule"] == "DC-1"
    assert door.clients[BEN](f"assign {number}").status == 0
    assert door.clients[BEN](f"update {number} -m 'For us' --internal").status == 0
    assert door.clients[BEN](f"propose {number} -m 'Try again.'").status == 0
    seen = door.clients[RITA](f"log {number} --json").json["events"]
    assert "For us" not in json.dumps(seen)
    assert door.clients[DANA](f"accept {number} --json").json["status"] == "closed"
    told = door.does("log", number)["events"]
    assert [(one["kind"], one["actor"]) for one in told if one["kind"] in {"proposed", "accepted"}] == [
        *(("proposed", BEN), ("accepted", DANA))
    ]


def test_no_escape_leads_out(door: Door) -> None:
    """DC-3: every escape is refused by a real server's forced command, kept, and leaves no trace."""
    folder = door.server.folder / "machine"
    folder.mkdir()
    (folder / "secret").write_text(SECRET)
    (folder / "link").symlink_to("secret")
    places = {"FILE": folder / "secret", "LINK": folder / "link", "NEW": folder / "new", "DESK": door.database}
    people = (ADA, BEN, DANA, RITA) if EVERYTHING else (ADA,)
    kept, recorded = _refused(door), events(door.database)
    before = time.monotonic()
    tries = [(who, placed(line, places)) for who in people for line in ASKED]
    with ThreadPoolExecutor(AT_ONCE) as hands:
        ran = list(hands.map(lambda one: door.clients[one[0]](one[1], stdin=b"x"), tries))
    took = time.monotonic() - before
    wrong = [
        (one, was) for one, was in zip(tries, ran, strict=True) if (was.status in {2, 4}, was.out) != (True, "")
    ]
    assert wrong == []
    assert not [was for was in ran if SECRET in was.err or "Traceback" in was.err]
    assert sorted(file.name for file in folder.iterdir()) == ["link", "secret"]
    assert events(door.database) == recorded
    new = _refused(door) - kept
    print(f"escapes tried over SSH: {len(tries)} in {took:.1f} s, refused: {len(ran)}, kept in the log: {new}")
    assert new == len(tries) >= (400 if EVERYTHING else 50)
    newest = door.does("gate", "log")["refusals"][0]
    assert (newest["client"], newest["key"][:7]) == (HOST, "SHA256:")


def _refused(door: Door) -> int:
    return len(door.does("gate", "log", "--limit", "10000")["refusals"])


def test_nothing_but_the_gate_is_behind_a_key(door: Door, tmp_path: Path) -> None:
    """DC-3: no terminal, shell, forwarding, file transfer, subsystem or environment comes with a key."""
    dana = door.clients[DANA]
    shell = dana(None, "-tt")
    assert (shell.status, shell.out, "PTY allocation request failed" in shell.err) == (255, "", True)
    home = dana(None)
    assert (home.status, "no command" in home.err or "name a command" in home.err) == (0, True)
    forth = dana(None, "-W", f"{HOST}:{door.server.port}")
    assert (forth.status, forth.out) == (255, "")
    back = dana(None, "-N", "-o", "ExitOnForwardFailure=yes", "-R", f"0:{HOST}:{door.server.port}")
    assert (back.status, "forwarding failed" in back.err) == (255, True)
    assert dana("internal-sftp", "-s").status != 0
    assert dana("sh", "-s").status != 0
    transfers = [["sftp", "-b", "-"], ["scp"], ["scp", "-O"]]
    options = [word for word in door.server.options(dana.key) if word != "-l"]
    options = [*options[:2], *options[3:]]
    options[options.index("-p")] = "-P"
    for words in transfers:
        places = [HOST] if words[0] == "sftp" else [f"{HOST}:{door.database}", str(tmp_path / "copy")]
        given = [*words, *options, "-o", f"User={_user(door)}", *places]
        ran = subprocess.run(given, input=b"ls\n", capture_output=True, check=False, timeout=PATIENCE_S)
        assert ran.returncode != 0, words
    assert not (tmp_path / "copy").exists()
    sent = (
        "CARE_DB",
        "CARE_AS",
        "CARE_CONFIG",
        "CARE_NOW",
        "CARE_DEBUG",
        "EDITOR",
        "HOME",
        "XDG_CONFIG_HOME",
        "TZ",
    )
    evil = dict.fromkeys(sent, "/nowhere")
    before = dana("list --json").json
    options = [word for name in sent for word in ("-o", f"SendEnv={name}")]
    assert dana("list --json", *options, environ=evil).json == before
    assert dana("update 1", *options, environ=evil).status == 2


def _user(door: Door) -> str:
    options = door.server.options(Path("x"))
    return options[options.index("-l") + 1]


def test_a_key_of_somebody_gone(door: Door) -> None:
    """ACC-4: deactivated, somebody gets nothing by a key that still is in the file; nobody comes without."""
    door.does("contact", "deactivate", LENA)
    assert "is not known here" in door.clients[LENA]("list").err
    _let_in(door)
    assert door.clients[LENA]("list", alone=True).status == 255
    door.does("contact", "edit", LENA, "--active")
    _let_in(door)
    stranger = door.server.client(make_key(door.server.folder, "stranger"))
    assert stranger("list", alone=True).status == 255


def test_a_crowd_at_the_door(door: Door) -> None:
    """TICK-1, AUD-1: 80 sessions at once: what was acknowledged is on record once, and that is sound."""
    number = opened(door, DANA, "A crowd")
    writers = [(DANA, BEN)[place % 2] for place in range(WRITERS)]
    readers = [(RITA, ADA)[place % 2] for place in range(READERS)]
    lines = [f"update {number} -m - --json" for _ in writers] + [f"log {number} --json" for _ in readers]
    clients = [door.clients[who].words(line) for who, line in zip([*writers, *readers], lines, strict=True)]
    before = time.monotonic()
    runs = started(clients, [f"said by {place}".encode() for place in range(len(clients))])
    ended = [(run.communicate(timeout=300), run.returncode) for run in runs]
    took = time.monotonic() - before
    said = [one["data"].get("text") for one in door.does("log", number)["events"] if one["kind"] == "commented"]
    acknowledged = [place for place, (_, status) in enumerate(ended[:WRITERS]) if status == 0]
    statuses = sorted({status for _, status in ended})
    print(
        f"sessions at once: {len(runs)} in {took:.1f} s, each on a connection of its own; "
        f"exit statuses {statuses}; updates acknowledged {len(acknowledged)}, on record {len(said)}"
    )
    assert sorted(said) == sorted(f"said by {place}" for place in acknowledged)
    # On a slow machine a writer may wait in vain for all others, and is told so.
    assert {status for _, status in ended[:WRITERS]} <= {0, 6}
    assert len(acknowledged) > WRITERS / 2
    assert _in_order(ended[WRITERS:])
    assert door.desk("verify").status == 0


def _in_order(ended: Sequence[tuple[tuple[bytes, bytes], int]]) -> bool:
    """Whether each reader saw a whole document, events numbered one after the other."""
    for (out, err), status in ended:
        assert (status, err) == (0, b""), err
        seqs = [event["seq"] for event in json.loads(out)["events"]]
        assert seqs == list(range(1, len(seqs) + 1))
    return True
