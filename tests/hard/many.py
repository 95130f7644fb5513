"""Commands as processes of their own, so many at once, by a parent that has imported everything already.

Run as a program it reads the commands from standard input, a JSON list of words a line, and writes how each ended,
a JSON line as soon as it has. A fresh interpreter for each would take ten times as long as the command itself.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

IMPORTED = (
    "carecli.store.postgres.store",
    *(f"carecli.commands.{name}" for name in ("running", "update", "opening", "finding", "reading")),
    *(f"carecli.desk.{name}" for name in ("cases", "record", "intake", "entitlements", "reading")),
)


class Ended(NamedTuple):
    """How a command ended: its place among all, its exit status, and what it wrote."""

    place: int
    status: int
    out: str
    err: str


def run(commands: Sequence[Sequence[str]], at_once: int) -> Iterator[Ended]:
    """Run commands, each in a process of its own, so many at once: how each ended, the first to end first."""
    given = "".join(f"{json.dumps(list(words))}\n" for words in commands)
    with subprocess.Popen(
        [sys.executable, __file__, str(at_once)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdin
        assert parent.stdout
        parent.stdin.write(given)
        parent.stdin.close()
        for line in parent.stdout:
            yield Ended(*json.loads(line))
    assert parent.returncode == 0


def _serve(at_once: int) -> None:
    for name in IMPORTED:
        importlib.import_module(name)
    commands = [json.loads(line) for line in sys.stdin]
    folder = Path(tempfile.mkdtemp())
    running: dict[int, int] = {}
    for place, words in enumerate(commands):
        if len(running) == at_once:
            _tell_one(running, folder)
        running[_started(words, folder / str(place))] = place
    while running:
        _tell_one(running, folder)
    folder.rmdir()


def _started(words: Sequence[str], files: Path) -> int:
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        from carecli.cli import main

        with _opened(files, "out") as out, _opened(files, "err") as err, Path(os.devnull).open() as nothing:
            for stream, number in ((nothing, 0), (out, 1), (err, 2)):
                os.dup2(stream.fileno(), number)
            try:
                status = main(words)
            except SystemExit as leaving:
                status = int(leaving.code or 0)
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(status)


def _opened(files: Path, ending: str) -> IO[str]:
    return files.with_suffix(f".{ending}").open("w")


def _tell_one(running: dict[int, int], folder: Path) -> None:
    child, status = os.wait()
    place = running.pop(child)
    streams = [folder / f"{place}.{ending}" for ending in ("out", "err")]
    ended = Ended(place, os.waitstatus_to_exitcode(status), *(one.read_text() for one in streams))
    for one in streams:
        one.unlink()
    print(json.dumps(ended), flush=True)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
