"""Running `care` in this process with a pseudo-terminal for its output: many screens in little time."""

import fcntl
import io
import os
import pty
import struct
import sys
import termios
from threading import Thread

import pytest
from cli.acceptance import Ran

from carecli import cli


def screen(*args: str, columns: int, stdin: bytes = b"") -> Ran:
    """Run `care`, its answer going to a terminal of so many columns: all that the terminal was sent.

    Nobody sits there: standard input is a pipe, so that nothing is asked. Standard error is one, too: bars show on
    slow machines alone.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    seen: list[bytes] = []
    errors = io.StringIO()
    reader = Thread(target=_read, args=(master, seen))
    reader.start()
    try:
        with open(slave, "w", encoding="utf-8") as out, pytest.MonkeyPatch.context() as patch:  # noqa: PTH123
            patch.setenv("TERM", "xterm")
            patch.setenv("CARE_PAGER", "")
            patch.delenv("COLUMNS", raising=False)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", errors)
            status = int(cli.main(list(args)))
            out.flush()
    finally:
        reader.join(timeout=120)
        os.close(master)
    return Ran(status, b"".join(seen).decode().replace("\r\n", "\n"), errors.getvalue())


def _read(master: int, seen: list[bytes]) -> None:
    while True:
        try:
            more = os.read(master, 65_536)
        except OSError:  # the other end is closed
            return
        if not more:
            return
        seen.append(more)
