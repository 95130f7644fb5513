"""Where the bytes of a new attachment come from: a file, a pipe, standard input (ATT-1)."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os.path import expanduser
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from carecli.errors import Failed, Invalid

STANDARD_INPUT: Final = "-"
_UNNAMED: Final = "stdin"


class Source(NamedTuple):
    """An open stream, what it is called, and how many bytes it has where that is known."""

    name: str
    stream: BinaryIO
    size: int | None = None

    @property
    def told(self) -> str:
        """How it is called in a message."""
        return "standard input" if self.name == _UNNAMED and self.size is None else self.name


@contextmanager
def opened(path: str) -> Iterator[Source]:
    """A file, a named pipe, or with `-` standard input.

    Raises Invalid for what cannot be read or has no end: a directory, a device, a missing file.
    """
    if path == STANDARD_INPUT:
        yield Source(_UNNAMED, _standard_input())
        return
    check(path)
    with _file(located(path)) as stream:
        found = os.fstat(stream.fileno())
        # Files that the kernel makes up, as in /proc, say that they are empty.
        known = stat.S_ISREG(found.st_mode) and found.st_size > 0
        yield Source(Path(path).absolute().name, stream, found.st_size if known else None)


def check(path: str) -> None:
    """See that a path may be opened, without doing it: who asked first for a pipe's bytes gets them."""
    if path == STANDARD_INPUT:
        return
    if not path:
        raise Invalid("a file without a name", hint="name a file, or - for standard input")
    try:
        mode = located(path).stat().st_mode
    except OSError as error:
        raise _unreadable(path, error) from None
    except ValueError as error:
        raise Invalid(f"cannot read {path!r}: {error}", hint="name a file") from None
    if stat.S_ISDIR(mode):
        raise Invalid(f"{path} is a directory", hint="pack it into one file, for example with tar or zip")
    if stat.S_ISSOCK(mode) or stat.S_ISBLK(mode) or stat.S_ISCHR(mode):
        raise Invalid(f"{path} is no file but a device", hint="name a file, a pipe, or - for standard input")


def located(path: str) -> Path:
    """A path with the home it begins with; `~$plan.xlsx`, which only looks like somebody's, stays as it is."""
    # Path.expanduser raises for the home of nobody.
    return Path(expanduser(path))  # noqa: PTH111


def require_whole(source: Source, taken: int) -> None:
    """Raise Failed where a file turned out shorter than it was when it was opened."""
    if source.size is not None and taken < source.size:
        raise Failed(
            f"{source.name} became shorter while it was read: {taken:,} of {source.size:,} bytes",
            hint="attach it again once nobody writes to it; nothing was attached",
        )


def _file(path: Path) -> BinaryIO:
    try:
        return path.open("rb", buffering=0)
    except OSError as error:
        raise _unreadable(path, error) from None


def _standard_input() -> BinaryIO:
    if sys.stdin is None or sys.stdin.isatty():
        raise Invalid("standard input is a terminal", hint="name a file, or send bytes with a pipe or <")
    return sys.stdin.buffer


def _unreadable(path: Path | str, error: OSError) -> Invalid:
    return Invalid(f"cannot read {path}: {error.strerror}", hint="check the path and its permissions")
