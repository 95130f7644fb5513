"""The app: a program of its own, with streams that never fail it."""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from carecli.commands.met import met
from carecli.commands.running import run

GARBAGE_AFTER = 200_000
"""After how many more objects Python looks for cycles among them."""


def program() -> NoReturn:
    """Run `care` as a program of its own, and leave as soon as it is done."""
    # Values here form no cycles: looking for them took some hundredths of a large tick, and of every start.
    gc.set_threshold(GARBAGE_AFTER)
    status = main()
    with suppress(OSError):
        sys.stdout.flush()  # what was answered before an error
    # Taking the interpreter apart in good order takes half as long as a bare one takes to start.
    os._exit(status)


def main(argv: Sequence[str] | None = None) -> int:
    """Run `care` with these arguments; the answer is the exit status."""
    args = sys.argv[1:] if argv is None else list(argv)
    return met(lambda: _started(args), args)


def _started(args: list[str]) -> int:
    _make_streams_safe()
    return run(args)


def _make_streams_safe() -> None:
    """Streams that were closed swallow what is written; what an encoding lacks is shown as ?."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - until the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
