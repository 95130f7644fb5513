"""Pages that are longer than the screen go through a pager, as those of git and gh do."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from shutil import which
from typing import TextIO

from carecli.commands.invocation import Invocation
from carecli.config.secrets import for_programs
from carecli.render.screen import Screen

USUAL = "less"
LESS = "FRX"
"""How less behaves where nobody has said it: it leaves one screenful alone, keeps colours, clears nothing."""
NOT_STARTED = {126, 127}
"""How a shell tells that it could not start the program."""


def wanted(invocation: Invocation) -> str | None:
    """The pager's command line, None where nobody shall be kept waiting at one."""
    environ = invocation.environ
    refused = invocation.given.no_pager or invocation.given.no_input or environ.get("CARE_NO_INPUT")
    if refused or environ.get("TERM") == "dumb":
        return None
    named = (environ[name] for name in ("CARE_PAGER", "PAGER") if name in environ)
    program = next(named, USUAL).strip()
    return None if program in {"", "cat"} else program


@contextmanager
def paged(program: str | None, out: TextIO, screen: Screen) -> Iterator[TextIO]:
    """Where to write a page: if it is longer than the screen, it then goes through the pager.

    A pager that is not there, or that its reader leaves early, is no error.
    """
    if program is None or out is not sys.stdout:
        yield out
        return
    page = io.StringIO()
    yield page
    text = page.getvalue()
    if text.count("\n") < screen.height or not _shown(program, text):
        out.write(text)


def _shown(program: str, text: str) -> bool:
    """Whether a pager has shown the text."""
    first = program.split(maxsplit=1)[0]
    # A variable, a quote or the like is the shell's to understand.
    if first.replace("/", "").replace("-", "").isalnum() and which(first) is None:
        return False
    sys.stdout.flush()
    pager = subprocess.Popen(program, shell=True, stdin=subprocess.PIPE, env=_environment(os.environ))  # noqa: S602 - the reader's own command line
    # Ctrl-C is for the pager, as in a search; it ends when its reader says so.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pager.communicate(text.encode(errors="replace"))
        return pager.returncode not in NOT_STARTED
    finally:
        signal.signal(signal.SIGINT, before)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {"LESS": LESS, "LV": "-c", **for_programs(environ)}
