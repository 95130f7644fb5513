"""Repeating a command until somebody ends it: Ctrl-C and SIGTERM wait for the round that runs (TICK-2)."""

import io
import os
import signal
import sys
import time
from collections.abc import Callable, Collection
from contextlib import redirect_stdout

from carecli.commands.invocation import Invocation
from carecli.desk.watching import Watch
from carecli.errors import CareError, DatabaseUnusable, ExitStatus, Failed, Invalid, NoDesk
from carecli.render.complaint import complaint

CLEARED = "\x1b[H\x1b[2J"
LOOK_S = 0.25
"""How often a watch looks whether a server has told of something."""


class _Drawing(io.StringIO):
    """A page on its way to the terminal, which takes the place of the one before it all at once."""

    def isatty(self) -> bool:
        """It is written for the terminal behind it."""
        return True

    def fileno(self) -> int:
        """The terminal, whose width it asks for."""
        return sys.__stdout__.fileno() if sys.__stdout__ else 1


def refuse(invocation: Invocation, **given: bool) -> None:
    """Refuse what makes no sense in a watch: one document, one moment, one exit status; `given` by option."""
    if invocation.json:
        raise Invalid(
            "--json answers with one document, a watch with one each round",
            hint="--format jsonl writes a document a line",
        )
    if invocation.now:
        raise Invalid("--watch goes by the clock", hint="leave out --now and CARE_NOW")
    for option, there in given.items():
        if there:
            raise Invalid(f"--watch and --{option.replace('_', '-')} exclude each other", hint="give one of them")


def watch(invocation: Invocation, seconds: int, one_round: Callable[[], object], *, lines: bool) -> int:
    """Run round after round, `seconds` apart, until Ctrl-C (exit status 130) or SIGTERM (0).

    Trouble with the database or the mail is told, and the next round tries again; where there has been no desk
    since the watch began, NoDesk is raised. `lines` says that scripts read JSON lines.
    """
    ends = {end for end in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(end) is not signal.SIG_IGN}
    between = Watch(invocation.config)
    # Held back during a round, so that none ends within a transaction; waited for between rounds.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    found = False
    try:
        while True:
            found = _round(invocation, seconds, one_round, lines=lines, found=found)
            ended = _paused(ends, seconds, between)
            if ended:
                return ExitStatus.INTERRUPTED if ended.si_signo == signal.SIGINT else ExitStatus.DONE
            if not (lines or invocation.quiet or _redraws(invocation)):
                sys.stdout.write("\n")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        between.close()


def _paused(ends: Collection[int], seconds: int, between: Watch) -> signal.struct_siginfo | None:
    """Wait for the next round, or till somebody wrote what asks for one now: what ended the watch, if that did."""
    begun = time.monotonic()
    while (waited_s := time.monotonic() - begun) < seconds:
        ended = signal.sigtimedwait(ends, min(LOOK_S, seconds - waited_s) if between.hears else seconds)
        # Two rounds of many workers are a second apart at least, whatever is written.
        if ended or (waited_s > 1 and between.called()):
            return ended
    return None


def _round(
    invocation: Invocation, seconds: int, one_round: Callable[[], object], *, lines: bool, found: bool
) -> bool:
    """Run a round and tell its trouble: whether a desk is `found`, by this one or an earlier one."""
    try:
        if _redraws(invocation) and not lines:
            _drawn(one_round, f"every {seconds} s; Ctrl-C ends")
        else:
            one_round()
    except DatabaseUnusable as error:
        # One that is moved while it is watched comes back; one that never was does not.
        if isinstance(error, NoDesk) and not found:
            raise
        _tell(error, lines=lines)
        return found
    except Failed as error:
        _tell(error, lines=lines)
    except BrokenPipeError:
        raise
    except OSError as error:
        _tell(
            Failed(error.strerror or str(error), hint="check the disk, the path and its permissions"), lines=lines
        )
    # A reader must not wait for a buffer to fill.
    sys.stdout.flush()
    return True


def _redraws(invocation: Invocation) -> bool:
    return sys.stdout.isatty() and not invocation.quiet and os.environ.get("TERM") != "dumb"


def _drawn(one_round: Callable[[], object], footer: str) -> None:
    """Let a round write its page aside, and put it in the place of the last; also where mail failed at its end."""
    page = _Drawing()
    try:
        with redirect_stdout(page):
            one_round()
    finally:
        if page.getvalue():
            sys.stdout.write(f"{CLEARED}{page.getvalue()}\n{footer}\n")


def _tell(error: CareError, *, lines: bool) -> None:
    """Say what went wrong this time."""
    sys.stderr.write(complaint(error, json=lines))
