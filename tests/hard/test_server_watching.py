"""Whoever watches a desk on a server is told at once, and goes on when the server was away (CHAT-1)."""

import json
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import pytest
from cli.acceptance import Who, command
from hard.small_desk import ADA, DANA, small_desk
from watched import PATIENCE_S, until

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from postgres_server import PostgresServer, binaries  # noqa: E402 - it needs the driver

from carecli.address import Address  # noqa: E402
from carecli.config import Config  # noqa: E402
from carecli.desk.watching import Watch  # noqa: E402
from carecli.store.opening import open_store  # noqa: E402
from carecli.store.protocol import Store  # noqa: E402

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")

LINES: Final = 40
LATE_S: Final = 0.25
"""The most that half of the lines may take from one side of a chat to the other."""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that may go away and come back."""
    with PostgresServer() as running:
        yield running


@pytest.fixture
def desk(server: PostgresServer) -> str:
    """The address of a desk with one case."""
    return small_desk(server.url(server.create()))


def written(store: Store) -> None:
    """Write something."""
    with store.write() as writing:
        writing.put_last_number(writing.next_number() + 1)


def written_after(begun: threading.Event, store: Store) -> None:
    """Write something, having said so."""
    begun.set()
    written(store)


def test_who_waits_is_woken_by_what_is_written_alone(server: PostgresServer, desk: str) -> None:
    """CHAT-1: at once by what another one wrote; not by himself, nor by a transaction that wrote nothing."""
    with closing(open_store(desk)) as one, closing(open_store(desk)) as other:
        assert one.wait(0) is False
        assert one.signal() is not None
        for disturbs, who in ((written, one), (nothing_written, other), (undone, other)):
            disturbs(who)
            assert one.wait(0.05) is False
        begun = threading.Event()
        late = threading.Timer(0.2, written_after, [begun, other])
        late.start()
        assert one.wait(PATIENCE_S) is True
        assert begun.is_set(), "it was woken before anything was written"
        late.join()
        before = one.version()
        written(other)
        until(lambda: one.version() != before)
        server.restart()
        assert one.wait(PATIENCE_S) is True, "nobody knows what was missed meanwhile"
        written(other)
        assert one.wait(PATIENCE_S) is True


def test_who_waits_at_a_standby_is_woken_also_when_it_becomes_the_primary(
    server: PostgresServer, desk: str
) -> None:
    """CHAT-1: a connection outlives that, and what is written from then on is told of."""
    with server.standby() as standby:
        there = standby.url(str(psycopg.conninfo.conninfo_to_dict(desk)["dbname"]))
        with closing(open_store(there)) as one:
            one.version()
            assert one.signal() is None
            standby.admin("SELECT pg_promote()")
            assert one.wait(PATIENCE_S) is True
            until(lambda: one.version() > 0 and one.signal() is not None)
            with closing(open_store(there)) as other:
                written(other)
            assert one.wait(PATIENCE_S) is True


def nothing_written(store: Store) -> None:
    """A transaction that only looks."""
    with store.write() as writing:
        writing.log_length()


def undone(store: Store) -> None:
    """A transaction that is not kept."""
    with suppress(ZeroDivisionError), store.write() as writing:
        writing.put_last_number(writing.next_number() + 1)
        raise ZeroDivisionError


class Chatter:
    """One side of a chat in a pipe; when each line came is kept."""

    def __init__(self, desk: str, who: str) -> None:
        self.process = subprocess.Popen(
            command("--db", desk, "--as", who, "chat", "1"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.seen: dict[str, float] = {}
        self.told: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self._said)),
            threading.Thread(target=self._read, args=(self.process.stderr, self.told.append)),
        ]
        for reader in self._readers:
            reader.start()

    def says(self, text: str) -> float:
        """Say a line: when that was."""
        assert self.process.stdin
        self.process.stdin.write(f"{text}\n")
        return time.monotonic()

    def ends(self) -> int:
        """End the input: the exit status."""
        assert self.process.stdin
        self.process.stdin.close()
        status = self.process.wait(PATIENCE_S)
        self.close()
        return status

    def close(self) -> None:
        """Leave nothing behind, however it went."""
        self.process.kill()
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        self.process.wait()

    def _said(self, line: str) -> None:
        self.seen[line.rstrip().rpartition(": ")[2]] = time.monotonic()

    @staticmethod
    def _read(stream: "subprocess.IO[str]", take: Callable[[str], None]) -> None:  # type: ignore[name-defined]
        for line in stream:
            take(line)


def within(seconds: float, seen: Callable[[], bool]) -> bool:
    """Whether something is seen in time."""
    until = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > until:
            return False
        time.sleep(0.001)
    return True


def test_a_chat_by_way_of_a_server(server: PostgresServer, desk: str) -> None:
    """CHAT-1: each line is on the other side, half of them at once, in order, and also behind a restart."""
    with closing(Chatter(desk, DANA)) as dana, closing(Chatter(desk, ADA)) as ada:
        talk(server, dana, ada)
    lines = Who(desk, ADA).json("chat", "show", "1")["chats"][0]["lines"]
    said = [*(f"line {place}" for place in range(LINES)), "while it is away", "back again"]
    assert [line["text"] for line in lines] == said


def talk(server: PostgresServer, dana: Chatter, ada: Chatter) -> None:
    """Exchange lines, also while the server is away."""
    assert within(PATIENCE_S, lambda: any("is here" in line for line in dana.told)), dana.told
    took = []
    for place in range(LINES):
        one, other = (dana, ada) if place % 2 else (ada, dana)
        said = one.says(f"line {place}")
        assert within(PATIENCE_S, lambda: f"line {place}" in other.seen), (place, dana.told, ada.told)  # noqa: B023
        took.append(other.seen[f"line {place}"] - said)
    print(f"{LINES} lines: half within {statistics.median(took) * 1000:.0f} ms, all {max(took) * 1000:.0f} ms")
    assert statistics.median(took) < LATE_S
    server.stop()
    ada.says("while it is away")
    assert within(PATIENCE_S, lambda: any("said as soon as it can be" in line for line in ada.told)), ada.told
    server.start()
    assert within(PATIENCE_S, lambda: "while it is away" in dana.seen), (dana.told, ada.told)
    dana.says("back again")
    assert within(PATIENCE_S, lambda: "back again" in ada.seen)
    assert (dana.ends(), ada.ends()) == (0, 0), (dana.told, ada.told)


def test_a_tick_that_repeats_is_called_by_what_is_written(
    server: PostgresServer, desk: str, tmp_path: Path
) -> None:
    """TICK-2: mail leaves at once, not when the next round is due; and a server that was away is no end."""
    ada = Who(desk, ADA)
    words = command("--db", desk, "--as", "system", "tick", "--watch", "600", "--format", "jsonl")
    with (tmp_path / "out").open("w") as out, subprocess.Popen(words, stdout=out, stderr=out) as ticking:
        try:
            assert within(PATIENCE_S, lambda: len(rounds(tmp_path)) == 1)
            for expected in (2, 3):
                assert ada("update", "1", "-m", "Called by what is written.").status == 0
                assert within(PATIENCE_S, lambda: len(rounds(tmp_path)) == expected), rounds(tmp_path)  # noqa: B023
                assert rounds(tmp_path)[-1]["mail"]["sent"] == 1
                if expected == 2:
                    server.restart()
            time.sleep(1.5)
            assert len(rounds(tmp_path)) == 3, "nothing was written that asks for a tick"
        finally:
            ticking.terminate()
    assert ticking.returncode == 0


def test_what_a_tick_could_not_do_calls_for_no_other_at_once(desk: str) -> None:
    """TICK-2: each round writes that it was there; mail that cannot leave made that one round a second."""
    ada = Who(desk, ADA)
    with closing(Watch(Config(db=Address.of(desk)))) as watch, closing(open_store(desk)) as other:
        for text in ("This waits for its mail server.", "And so does this."):
            assert ada("update", "1", "-m", text).status == 0
            assert within(PATIENCE_S, watch.called)
            written(other)
            assert not within(0.3, watch.called)


def rounds(folder: Path) -> list[dict[str, Any]]:
    """What the rounds of a tick have told."""
    return [
        json.loads(line) for line in (folder / "out").read_text().splitlines(keepends=True) if line.endswith("\n")
    ]
