"""One passage through the gate: what a client of SSH asks for is judged, then run here, or refused and kept."""

import os
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from carecli.commands.declared import Call
from carecli.commands.everywhere import Given
from carecli.commands.gating import command_words, judged
from carecli.commands.invocation import Invocation
from carecli.commands.met import met
from carecli.commands.running import perform, run
from carecli.desk import gate as desk_gate
from carecli.domain import gate
from carecli.errors import CareError, Failed, NotPermitted

if TYPE_CHECKING:
    from carecli.commands.panels import Named

ORIGINAL: Final = "SSH_ORIGINAL_COMMAND"
"""Where sshd puts what the client asked for."""
PROGRAMS: Final = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
"""Where programs are looked for, whatever the client said."""

MEMORY_MAX: Final = 3 << 30
"""The most bytes of memory that a command may take: many come at once, and an answer is never near it."""
SMALLER: Final = "send or ask for less at once"


class Passage:
    """A client at the gate, as the person whose key it used; `allow` narrows what that key may do."""

    def __init__(self, given: Given, allow: Sequence[str]) -> None:
        self.given = given
        self.allow = allow
        self.line = os.environ.get(ORIGINAL, "")
        self._sshd = os.environ.get("SSH_CONNECTION"), os.environ.get("SSH_USER_AUTH")
        self._inside = False

    def go(self) -> int:
        """Do what is asked for; the answer is the exit status that the client sees."""
        with _own_environment(), _bounded():
            return met(self._judged, ["--json"] if self.given.json or _wants_json(self.line) else [])

    def _judged(self) -> int:
        try:
            desk_gate.require_known(Invocation(self.given, os.environ).config, self.given.actor or "")
            words = gate.words(self.line)
            gate.require_no_transfer(words)
            if not (words or self.given.json):
                self._greet()
            return run(words, self._make)
        except CareError as error:
            # Inside, only what somebody has no right to is worth keeping: a number mistyped is nobody's attack.
            if not self._inside or isinstance(error, NotPermitted):
                self._keep(error.message)
            self._veil(error)
            raise
        except OSError as error:
            if error.filename:
                desk_gate.tell_fault(error)
                error.filename = os.path.basename(str(error.filename))  # noqa: PTH119
            raise
        except MemoryError:
            raise Failed("this takes more memory than there is here for one command", hint=SMALLER) from None
        except Exception as error:  # noqa: BLE001 - whatever it is
            # A traceback would tell a stranger of this machine.
            desk_gate.tell_fault(error)
            raise Failed("the desk failed here: this is a fault of its program", hint="tell an admin") from None

    def _make(self, named: "Named", call: Call) -> int:
        words = command_words(named, call.command)
        values = judged(words, call, self.allow)
        self._inside = True
        own = self.given
        given = call.given._replace(
            db=own.db,
            config=own.config,
            actor=own.actor,
            now=own.now,
            json=own.json or call.given.json,
            no_color=own.no_color or call.given.no_color,
            no_input=True,
            no_pager=True,
        )
        return perform(Invocation(given, os.environ, elsewhere=True), call.command, values)

    def _veil(self, error: CareError) -> None:
        """Tell where things lie on this machine to its own log, and not to who is elsewhere."""
        told = gate.without_folders(error.message)
        if told != error.message:
            desk_gate.tell_fault(error)
        error.message, error.hint = told, error.hint and gate.without_folders(error.hint)

    def _greet(self) -> None:
        """Say on standard error what this is to who expected a shell."""
        if sys.stdin is not None and sys.stdin.isatty():
            sys.stderr.write("care: there is no shell here: no prompts, no editor, no pager\n")
        sys.stderr.write(
            "care: name a command behind the host, as in `ssh HOST list`; `ssh HOST help` lists them\n"
        )

    def _keep(self, reason: str) -> None:
        own = Invocation(self.given, os.environ)
        with suppress(CareError):
            who = desk_gate.origin(own.given.actor or "", *self._sshd)
            desk_gate.keep(own.config, who, self.line, reason, own.now)


def _wants_json(line: str) -> bool:
    """Whether an error is to be told as JSON, as far as the words can be read."""
    try:
        return "--json" in gate.words(line)
    except CareError:
        return "--json" in line.split()


@contextmanager
def _own_environment() -> Iterator[None]:
    """An environment in which a client says its language and screen, and nothing else."""
    before = dict(os.environ)
    try:
        os.environ.clear()
        os.environ.update(gate.cut_environment(before), HOME=_home(), PATH=PROGRAMS)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _bounded() -> Iterator[None]:
    """No more memory than MEMORY_MAX, whatever a client sends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_MAX if soft == resource.RLIM_INFINITY else min(soft, MEMORY_MAX)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _home() -> str:
    """The home of the user that this runs as, which sshd's word for it need not be."""
    from pwd import getpwuid

    try:
        return getpwuid(os.getuid()).pw_dir
    except KeyError:
        return "/"
