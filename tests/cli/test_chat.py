"""`care chat`: real programs at pseudo-terminals and in pipes, on one database (CHAT-1)."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, NOW, OMAR, PATIENCE_S, Who, command
from cli.chatters import SAID, Chatter, attend
from cli.form_terminal import Terminal
from other_hands import busy

CASE = "5"
"""The demo's case that Ben owns, and that waits for Dana's answer."""
LINES = int(os.environ.get("CARE_CHAT_LINES", "300"))
"""How many lines are typed; CARE_CHAT_LINES=1000 takes some twenty seconds."""
APART_S = 0.01
"""How far apart they are typed, by both sides in turn, where the machine keeps pace."""
AHEAD = 8
"""How many may be on their way: on a slow machine they are typed more slowly, so that none waits for others."""
SEEN_S = 0.5
"""How long half of the lines may take to the other side's screen: other tests take the processor, too."""
STUCK_S = 120

Enters = Callable[..., Chatter]


@pytest.fixture
def enters(trial: str) -> Iterator[Enters]:
    """Begins a program at a terminal of its own."""
    with ExitStack() as stack:

        def begun(who: str, *args: str, columns: int = 80) -> Chatter:
            chatter = Chatter("--db", trial, "--as", who, "chat", *(args or (CASE,)), columns=columns)
            stack.callback(chatter.close)
            return chatter

        yield begun


def met(enters: Enters) -> tuple[Chatter, Chatter]:
    """Dana at 80 columns and Ben at 60, who know of each other."""
    dana = enters(DANA)
    dana.sees("Waiting for")
    ben = enters(BEN, columns=60)
    ben.sees("is here")
    dana.sees("is here")
    return dana, ben


def ended(trial: str) -> tuple[str, str | None]:
    """How the last chat on the case ended."""
    chat = Who(trial, ADA).json("chat", "show", CASE)["chats"][-1]
    return chat["reason"], chat["who"]


def clean(trial: str) -> bool:
    """Whether everything that is stored is as the events say."""
    return Who(trial, ADA)("verify").status == 0


def test_many_lines(trial: str, enters: Enters) -> None:
    """CHAT-1: hundreds of lines: none is lost, both sides see one order, half of them within half a second."""
    dana, ben = met(enters)
    typed: dict[str, float] = {}

    def seen() -> dict[str, float]:
        return {token: at for token, at in typed.items() if token in _other(token, dana, ben).seen}

    def attended(ahead: int, at: float = 0) -> None:
        """Read what they show until so few lines are on their way, and that moment has come."""
        known, since = len(seen()), time.monotonic()
        while (left := at - time.monotonic()) > 0 or len(typed) - known > ahead:
            attend([dana, ben], max(left, 0.01))
            if (now := len(seen())) > known:
                known, since = now, time.monotonic()
            assert time.monotonic() - since < STUCK_S, f"lost: {sorted(typed.keys() - seen().keys())}"

    for place in range(LINES):
        name, who = (("dana", dana), ("ben", ben))[place % 2]
        token = f"<{name}:{place:04d}>"
        typed[token] = time.monotonic()
        who.types(f"line {token}")
        attended(AHEAD, typed[token] + APART_S)
    attended(0)
    took = sorted(_other(token, dana, ben).seen[token] - at for token, at in typed.items())
    print(f"median {took[LINES // 2]:.3f} s, 95 % {took[LINES * 95 // 100]:.3f} s, longest {took[-1]:.3f} s")
    assert took[LINES // 2] < SEEN_S, took
    ben.types("/quit")
    assert (dana.ends(), ben.ends()) == (0, 0)
    told = Who(trial, DANA).json("chat", "show", CASE)["chats"][0]["lines"]
    kept = [line["text"].removeprefix("line ") for line in told]
    assert sorted(kept) == sorted(typed)
    for name in ("dana", "ben"):
        own = [token for token in typed if token.startswith(f"<{name}")]
        assert [token for token in kept if token.startswith(f"<{name}")] == own
    assert [token for _, token in SAID.findall(dana.scrolled())] == kept
    assert [token for _, token in SAID.findall(ben.scrolled())] == kept
    assert clean(trial)


def _other(token: str, dana: Chatter, ben: Chatter) -> Chatter:
    return ben if token.startswith("<dana") else dana


@pytest.mark.parametrize(
    ("end", "status"), [(signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGINT, 130)], ids=["TERM", "HUP", "INT"]
)
def test_a_signal_ends_it_cleanly(trial: str, enters: Enters, end: signal.Signals, status: int) -> None:
    """CHAT-1: the program leaves the chat before it goes, and the other side is told at once."""
    dana, ben = met(enters)
    ben.run.send_signal(end)
    assert ben.ends() == status
    assert dana.ends() == 0
    assert f"{BEN} left: the chat is over." in dana.text
    assert "Traceback" not in dana.text + ben.text
    assert ended(trial) == ("left", BEN)
    assert clean(trial)


@pytest.mark.parametrize(
    ("keys", "status"), [("\x03", 130), ("\x04", 0), ("/quit\r", 0)], ids=["C-c", "C-d", "quit"]
)
def test_a_key_ends_it_cleanly(trial: str, enters: Enters, keys: str, status: int) -> None:
    """CHAT-1: Ctrl-C, Ctrl-D on an empty line, /quit."""
    dana, ben = met(enters)
    os.write(dana.master, keys.encode())
    assert (dana.ends(), ben.ends()) == (status, 0)
    assert ended(trial) == ("left", DANA)


def test_a_side_that_is_killed_is_noticed(trial: str, enters: Enters) -> None:
    """CHAT-1: kill -9: the other side ends the chat, keeps what it was typing in sight, and the desk is sound."""
    dana, ben = met(enters)
    ben.types("I look into it.")
    dana.sees("I look into it.")
    os.write(dana.master, b"half a line")
    ben.run.kill()
    assert dana.ends() == 0
    assert f"{BEN} is gone" in dana.text
    assert "Not said: half a line" in dana.text
    assert ended(trial) == ("vanished", BEN)
    assert clean(trial)


def test_a_terminal_that_is_gone_ends_it(trial: str, enters: Enters) -> None:
    """CHAT-1: a lost connection: the other side is told at once."""
    dana, ben = met(enters)
    ben.hangs_up()
    assert ben.run.wait(PATIENCE_S) in {0, 1}
    assert dana.ends() == 0
    assert ended(trial) == ("left", BEN)


def test_a_stopped_side_is_gone_until_it_comes_back(trial: str, enters: Enters) -> None:
    """CHAT-1: Ctrl-Z for too long: when it goes on, it learns that the chat is over."""
    dana, ben = met(enters)
    ben.run.send_signal(signal.SIGSTOP)
    assert dana.ends() == 0
    ben.run.send_signal(signal.SIGCONT)
    assert ben.ends() == 0
    assert f"{BEN} is gone" not in ben.text or "the chat is over" in ben.text
    assert ended(trial) == ("vanished", BEN)


def test_both_killed_and_the_tick_ends_it(trial: str, enters: Enters) -> None:
    """CHAT-1, TICK-1: nobody is left to say so: the next tick does, at the time when it was so, with one mail."""
    dana, ben = met(enters)
    dana.types("Hello?")
    ben.sees("Hello?")
    for one in (dana, ben):
        one.run.kill()
        one.run.wait()
    ada = Who(trial, ADA)
    (standing,) = ada.json("chat", "list")["chats"]
    # A chat goes by the machine's clock, whatever year that shows.
    a_day_later = datetime.fromisoformat(standing["idle_at"]) + timedelta(days=1)
    ada.at(a_day_later.isoformat())("tick", "--quiet", "--yes")
    chat = ada.json("chat", "show", CASE)["chats"][0]
    assert (chat["reason"], chat["ended_at"]) == ("idle", standing["idle_at"])
    kinds = [mail["kind"] for mail in ada.json("mail", "outbox", CASE)["mail"]]
    assert kinds.count("transcript") == 1
    assert clean(trial)


def test_a_terminal_of_60_columns(trial: str) -> None:
    """CHAT-1: long lines are broken between words beside their heads, wide characters count twice."""
    ada = Who(trial, ADA)
    stand = command("--db", trial, "--as", DANA, "chat", CASE, "--format", "jsonl")
    with subprocess.Popen(stand, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as dana:
        assert dana.stdin
        assert dana.stdout
        dana.stdin.write(
            "The report is off by one hour, and so is the weekly one that finance reads 你好你好.\n".encode()
        )
        dana.stdin.flush()
        said = json.loads(dana.stdout.readline())["at"][11:16]
        hour = f"{(int(said[:2]) - 5) % 24:02d}{said[2:]}"  # New York: standard time or summer time
        with Terminal("--db", trial, "--as", BEN, "--quiet", "chat", CASE, columns=60, lines=12) as ben:
            ben.sees("with dana@northwind.example")
            ben.types("Which zone?\r")
            screen = ben.sees("you: Which zone?", "\n>\n", "with dana@")
            hours = {hour, f"{(int(said[:2]) - 4) % 24:02d}{said[2:]}"}
            assert _without_clock(screen) == (
                "HH:MM dana@northwind.example: The report is off by one\n"
                "      hour, and so is the weekly one that finance reads\n"
                "      你好你好.\n"
                "-- dana@northwind.example is here.\n"
                "HH:MM you: Which zone?\n"
                ">\n"
                " case 5 · /quit ends · with dana@northwind.example"
            )
            assert screen[:5] in hours
            ben.types("/quit\r")
            assert ben.ends() == 0
        dana.stdin.close()
        assert dana.wait(PATIENCE_S) == 0
    assert ada.json("chat", "list") == {"chats": []}


def _without_clock(screen: str) -> str:
    # A wide character takes two cells, of which the screen's reader leaves the second empty.
    return re.sub(r"^\d\d:\d\d", "HH:MM", screen, flags=re.MULTILINE)


def test_hostile_lines_do_nothing(trial: str, enters: Enters) -> None:
    """DC-3, CHAT-1: escape sequences, markup and what looks like another's line are text, and nothing else."""
    dana = enters(DANA)
    dana.sees("Waiting")
    hostile = "\x1b[2J\x1b]0;owned\x07[bold]x[/] \x9b31m \u202eevil"
    feed = f"{hostile}\nplain\n".encode()
    run = subprocess.run(
        command("--db", trial, "--as", BEN, "chat", CASE),
        input=feed,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert run.returncode == 0
    assert b"\x1b" not in run.stdout + run.stderr
    assert dana.ends() == 0
    assert b"\x1b[2J" not in dana.raw
    assert b"owned" not in dana.raw
    assert "[bold]x[/]" in dana.text
    assert "\u202e" not in dana.text
    assert "\x1b" not in Who(trial, DANA)("show", CASE).out


def test_a_message_is_left_where_nobody_comes(trial: str, enters: Enters) -> None:
    """CHAT-1: /message at once; the owner is mailed it, the case holds it, the program ends."""
    dana = enters(DANA)
    dana.sees("Waiting for ben@desk.example")
    dana.types("Anybody here?")
    dana.sees("you: Anybody here?")
    dana.types("/message")
    dana.sees("Leave a message")
    dana.types("Please call me before noon. ")
    assert dana.ends() == 0
    assert "it goes by mail to ben@desk.example" in dana.text
    chat = Who(trial, OMAR).json("chat", "show", CASE)["chats"][0]
    assert [(line["text"], line["message"]) for line in chat["lines"]] == [
        ("Anybody here?", False),
        ("Please call me before noon.", True),
    ]
    case = Who(trial, DANA).json("show", CASE)
    assert (case["status"], case["substatus"], case["chat"]) == ("open", "customer-responded", None)


def test_a_message_outlasts_a_database_that_is_busy(trial: str, enters: Enters) -> None:
    """CHAT-1: another program writes for seconds: what was entered waits, and goes when it can."""
    dana = enters(DANA)
    dana.sees("Waiting for")
    dana.types("/message")
    dana.sees("Leave a message")
    with busy(trial):
        dana.types("Please call me.")
        time.sleep(3)
    assert dana.ends() == 0
    assert "Traceback" not in dana.text
    lines = Who(trial, DANA).json("chat", "show", CASE)["chats"][0]["lines"]
    assert [(line["text"], line["message"]) for line in lines] == [("Please call me.", True)]
    assert ended(trial) == ("message-left", DANA)


def test_a_mistyped_word_is_not_said(trial: str, enters: Enters) -> None:
    """CHAT-1: at a terminal; a path is a line, and so is a word behind a blank."""
    dana = enters(DANA)
    dana.sees("Waiting for")
    for text in ("/quti", "/var/log/care is full", " /quti"):
        dana.types(text)
    dana.sees("you: /quti")
    assert "there is no /quti" in dana.text
    dana.types("/QUIT ")
    assert dana.ends() == 0
    lines = Who(trial, DANA).json("chat", "show", CASE)["chats"][0]["lines"]
    assert [line["text"] for line in lines] == ["/var/log/care is full", "/quti"]


def test_whoever_is_deactivated_hears_no_more(trial: str, enters: Enters) -> None:
    """DC-5, CHAT-1: the program of a contact who is nobody here any more ends, and shows nothing said since."""
    dana, ben = met(enters)
    omar = enters(OMAR)
    omar.sees("ben@desk.example is here.")
    Who(trial, ADA)("contact", "edit", OMAR, "--inactive")
    ben.types("Between us two.")
    dana.sees("Between us two.")
    assert omar.ends() == 4
    assert "Between us two." not in omar.text
    assert "omar@northwind.example is not known here" in omar.text
    ben.types("/quit")
    assert (ben.ends(), dana.ends()) == (0, 0)


def test_a_long_paste_leaves_the_others_their_turn(enters: Enters) -> None:
    """CHAT-1: who pastes thousands of lines gives signs of life between, and nobody passes for gone."""
    dana, ben = met(enters)
    pasted = "".join(f"row {place}\n" for place in range(2_000))
    ben.write(f"\x1b[200~{pasted}\x1b[201~\r")
    end = time.monotonic() + STUCK_S
    while "row 1999" not in dana.text[-2_000:] and time.monotonic() < end:
        attend([dana, ben], 0.05)
    dana.sees("row 1999")
    assert "gone" not in dana.text + ben.text
    ben.types("/quit")
    assert (ben.ends(), dana.ends()) == (0, 0)


def test_whoever_waits_too_long_is_asked_for_a_message(trial: str, tmp_path: Path, enters: Enters) -> None:
    """CHAT-1: after the policy's time; staff who come all the same find the customer still there."""
    ada = Who(trial, ADA)
    policy = tmp_path / "policy.toml"
    policy.write_text(ada("policy", "show", "--toml").out.replace("wait_s = 60", "wait_s = 1"))
    ada.json("init", "--policy", str(policy))
    dana = Who(trial, DANA)
    number = dana.json("open", *FORM)["number"]
    chatter = enters(DANA, number)
    chatter.sees("Nobody has come in 1 s.")
    chatter.sees("message>")
    ben = enters(BEN, number)
    chatter.sees("ben@desk.example is here.")
    chatter.types("There you are.")
    ben.sees("There you are.")
    ben.types("/quit")
    assert (ben.ends(), chatter.ends()) == (0, 0)
    assert ada.json("chat", "show", number)["chats"][0]["lines"][0]["message"] is False


def test_staff_join_who_waits(trial: str, enters: Enters) -> None:
    """CHAT-1: `care chat` alone: nobody, one, or a choice; a pipe is told the numbers."""
    ben = Who(trial, BEN)
    assert "nobody waits" in ben("chat").refused(2)
    dana = enters(DANA)
    dana.sees("Waiting")
    (row,) = ben.json("chat", "list")["chats"]
    assert (row["number"], row["by"], row["waits"]) == ("0000000005", DANA, True)
    assert [one["number"] for one in ben.json()["chats"]] == ["0000000005"]
    joined = enters(BEN, "--quiet")
    joined.sees("dana@northwind.example is here.")
    lena = enters(LENA, "7")
    lena.sees("Waiting")
    omar = enters(OMAR, "3")
    omar.sees("Waiting")
    assert "which chat? There are 2" in ben("chat").refused(2)
    joined.types("/quit")
    assert (joined.ends(), dana.ends()) == (0, 0)


def test_a_pipe_talks_as_a_person_does(trial: str) -> None:
    """CLI: lines in, lines out, notices aside; with --json one document, with --format jsonl one a line."""
    dana = Who(trial, DANA)
    piped = dana("chat", CASE, stdin=b"First.\n\nSecond.")
    assert [line[6:] for line in piped.out.splitlines()] == [f"{DANA}: First.", f"{DANA}: Second."]
    assert "Waiting for ben@desk.example" in piped.err
    lines = dana("chat", CASE, "--format", "jsonl", stdin=b"Third.\n").out
    assert [json.loads(line)["text"] for line in lines.splitlines()] == ["Third."]
    document = dana.json("chat", CASE, stdin=b"Fourth.\n")
    assert (document["chat"], document["reason"], document["who"]) == (3, "left", DANA)
    assert document["started_at"] == NOW
    assert dana.json("chat", CASE, "-m", "Call me.")["lines"][0]["message"] is True


@pytest.mark.parametrize(("end", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["TERM", "INT"])
def test_a_pipe_is_ended_by_a_signal(trial: str, end: signal.Signals, status: int) -> None:
    """CHAT-1: what was piped in by then is said, and the chat is left before the program goes."""
    words = command("--db", trial, "--as", DANA, "chat", CASE, "--format", "jsonl")
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdin
        assert run.stdout
        run.stdin.write(b"Hello?\n")
        run.stdin.flush()
        assert json.loads(run.stdout.readline())["text"] == "Hello?"
        run.send_signal(end)
        assert run.wait(PATIENCE_S) == status
    assert ended(trial) == ("left", DANA)


@pytest.mark.parametrize(
    ("who", "args", "status"),
    [
        (LENA, ("chat", CASE), 3),
        (DANA, ("chat", "1"), 5),
        (DANA, ("chat", "99"), 3),
        (DANA, ("chat", CASE, "--format", "csv"), 2),
        (DANA, ("chat", CASE, "-m", " "), 2),
        (DANA, ("chat", "show", "7"), 3),
        (DANA, ("chat",), 2),
        ("system", ("chat", CASE), 4),
    ],
)
def test_what_is_no_chat(trial: str, who: str, args: tuple[str, ...], status: int) -> None:
    """CLI, DC-3: another account's case is one that is not there; a closed one has no chat."""
    Who(trial, who)(*args).refused(status)
