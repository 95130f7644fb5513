"""The real program under strace: every step it takes on its disk, with the bytes, and faults put in their way.

Why strace: it stands in the kernel's door, so that SQLite, Python and its threads all meet it, the program is the
one that people run, and the machine needs nothing but a package. A library to preload would need a compiler, and a
VFS of our own would see SQLite alone.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from cli.acceptance import Ran, command

PROGRAM: Final = shutil.which("strace")
MISSING: Final = "no strace here"
PATIENCE_S: Final = 240

WRITES: Final = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "copy_file_range", "sendfile")
SYNCS: Final = ("fsync", "fdatasync", "sync_file_range", "syncfs", "sync")
NAMES: Final = (
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"),
    *("unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
)
SIZES: Final = ("truncate", "ftruncate", "fallocate")
OPENS: Final = ("open", "openat", "creat")
STEPS: Final = (*WRITES, *SYNCS, *NAMES, *SIZES, *OPENS)
"""What changes a disk, or makes it keep a change."""
_SEEN: Final = (*STEPS, "lseek", "exit_group")
_EVERY_BYTE: Final = str(1 << 28)

_CALL: Final = re.compile(r"(?P<thread>\d+) +(?P<name>\w+)\((?P<told>.*)\) += (?P<result>-?\d+|\?)(?P<more>.*)")
_BEGUN: Final = re.compile(r"(\d+) +(\w+)\((.*?)(?:, )? *<unfinished \.\.\.>")
_RESUMED: Final = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
_CUT, _HEAD = "<unfinished ...>", 40
"""How the first half of a call ends that others came into; within how many signs the second half says so."""
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_DESCRIPTOR: Final = re.compile(r"(\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>")
_INTEGERS: Final = re.compile(r"-?\d+")


class Step(NamedTuple):
    """A call of the system: the paths and texts it names, the numbers after them, and what came of it."""

    thread: int
    name: str
    nth: int
    """Which one of its name it is within its thread, from 1 on: what strace counts by."""
    descriptors: tuple[tuple[int | None, str], ...]
    texts: tuple[bytes, ...]
    told: str
    result: int | None
    injected: bool
    opened: str | None
    """The path of what was opened."""

    @property
    def path(self) -> str:
        """The file that it is about."""
        if self.name in (*NAMES, *OPENS, "truncate"):
            return os.fsdecode(self.texts[0])
        return self.descriptors[0][1] if self.descriptors else ""

    @property
    def target(self) -> str:
        """The second path of a renaming or a link; the second file of a copy."""
        if self.name in {"copy_file_range", "sendfile"}:
            return self.descriptors[1 if self.name == "copy_file_range" else 0][1]
        return os.fsdecode(self.texts[1])

    @property
    def descriptor(self) -> int | None:
        """The number of the open file."""
        return self.descriptors[0][0] if self.descriptors else None

    @property
    def numbers(self) -> list[int]:
        """The numbers among what it was told, texts and files aside."""
        bare = _DESCRIPTOR.sub("", _TEXT.sub("", self.told))
        return [int(number) for number in _INTEGERS.findall(bare)]

    def __str__(self) -> str:
        return f"{self.name} #{self.nth} of {Path(self.path).name or self.told[:40]}"


class Traced(NamedTuple):
    """A run, and the steps it took."""

    ran: Ran
    steps: tuple[Step, ...]


def traced(
    args: Sequence[str],
    log: Path,
    *,
    stdin: bytes,
    environ: Mapping[str, str],
    faults: Sequence[str] = (),
    record: bool = True,
) -> Traced:
    """Run `care` with faults of strace's spelling in its way; to `record` every byte takes longer."""
    assert PROGRAM
    how = ["-xx", "-y", "-s", _EVERY_BYTE] if record else ["-xx", "-y", "-s", "1"]
    if record or not faults:
        seen: tuple[str, ...] = _SEEN
    else:
        seen = tuple(dict.fromkeys(fault.partition(":")[0] for fault in faults))
    calls = ",".join(name if name.startswith("?") else f"?{name}" for name in ("exit_group", *seen))
    injected = [word for fault in faults for word in ("-e", f"inject=?{fault}")]
    # A signal goes astray where the kernel stops for a filter alone.
    quick = () if any(":signal=" in fault for fault in faults) else ("--seccomp-bpf",)
    line = [PROGRAM, "-f", *quick, "-qqq", *how, "-o", str(log), "-e", f"trace={calls}", *injected]
    run = subprocess.run(
        [*line, *command(*args)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environ},
        check=False,
        timeout=PATIENCE_S,
    )
    ran = Ran(run.returncode, run.stdout.decode(), run.stderr.decode())
    return Traced(ran, tuple(parsed(log.read_text(encoding="ascii"))))


def parsed(log: str) -> list[Step]:
    """The steps of strace's log, in the order in which they came to their end."""
    steps, counted, begun = [], Counter[tuple[int, str]](), dict[int, tuple[str, int]]()
    for line in log.splitlines():
        # Lines hold megabytes: what says that they are cut in two stands at one of their ends.
        if line.endswith(_CUT) and (match := _BEGUN.fullmatch(line)):
            thread, name = int(match[1]), match[2]
            counted[thread, name] += 1
            begun[thread] = (f"{thread} {name}({match[3]}", counted[thread, name])
        elif "<..." in line[:_HEAD] and (match := _RESUMED.fullmatch(line)):
            before, nth = begun.pop(int(match[1]))
            rest = match[3]
            whole = before + (", " if rest[:1] not in ")," else "") + rest.removeprefix(" ")
            steps += _step(_CALL.fullmatch(whole), nth)
        elif match := _CALL.fullmatch(line):
            thread, name = int(match["thread"]), match["name"]
            counted[thread, name] += 1
            steps += _step(match, counted[thread, name])
    return steps


def _step(match: re.Match[str] | None, nth: int) -> list[Step]:
    if match is None:
        return []
    told, more, result = match["told"], match["more"], match["result"]
    files = tuple(
        (None if number == "AT_FDCWD" else int(number), _decoded(path).decode("utf-8", "surrogateescape"))
        for number, path in _DESCRIPTOR.findall(told)
    )
    opened = re.match(r"<((?:\\x[0-9a-f]{2})*)>", more)
    return [
        Step(
            int(match["thread"]),
            match["name"],
            nth,
            files,
            tuple(map(_decoded, _TEXT.findall(told))),
            told if match["name"] not in WRITES else _TEXT.sub("", told),
            None if result == "?" else int(result),
            "(INJECTED)" in more,
            os.fsdecode(_decoded(opened[1])) if opened else None,
        )
    ]


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
