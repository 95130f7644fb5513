"""One run of a command: its options, its desk, and how it answers."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from carecli.address import Address
from carecli.commands.everywhere import Given
from carecli.config import Config, load, located
from carecli.errors import Invalid
from carecli.render import json_text, legible

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.render.screen import Screen
    from carecli.render.sheet import Section


class Invocation:
    """What a command knows of its run: options given everywhere, the configuration, the terminal."""

    def __init__(self, given: Given, environ: Mapping[str, str] = os.environ, *, elsewhere: bool = False) -> None:
        self.given = given
        self.environ = environ
        self.elsewhere = elsewhere
        """Whether whoever asks is on another machine, and no file of this one is theirs to name."""
        self._told_late = False

    @cached_property
    def config(self) -> Config:
        """The configuration with this run's options over it."""
        return self.configured()

    def configured(self, *, missing_ok: bool = False) -> Config:
        """Read the configuration; only `init` may name a file that is not there yet."""
        config = load(self.given.config, self.environ, missing_ok=missing_ok)
        for name in ("db", "actor", "now"):
            if getattr(self.given, name) == "":
                flag = "--as" if name == "actor" else f"--{name}"
                raise Invalid(f"{flag} is empty", hint="leave it out to mean the usual one")
        db = located(self.given.db)
        # What is on the command line every user of this machine may read, as `ps` shows it.
        exposed = isinstance(db, Address) and bool(db.secrets)
        return config._replace(db=db or config.db, actor=self.given.actor or config.actor, exposed=exposed)

    def desk(self, *, otherwise: str | None = None) -> AbstractContextManager["Desk"]:
        """Open the desk as the actor, or as `otherwise` where nobody is named.

        Staff at a terminal are told where the tick is late (TICK-4), unless the command is itself one that cron or
        a monitor runs, and so names an `otherwise`.
        """
        from carecli.desk.desk import open_desk

        opened = self.telling(open_desk(self.config, actor=self.config.actor or otherwise, now=self.now))
        return opened if otherwise or not self.watched else self._noticed(opened)

    @property
    def watched(self) -> bool:
        """Whether a person reads both streams at a terminal and wants notices."""
        if self.quiet or self.json or sys.stdout is None or sys.stderr is None:
            return False
        return sys.stdout.isatty() and sys.stderr.isatty()

    @contextmanager
    def telling(self, opened: AbstractContextManager["Desk"]) -> Iterator["Desk"]:
        """Tell what became of an older database, and where it is kept as it was; where a moved desk works (AUD-2).

        The latter behind what was read: whoever wanted to write is refused with the same words.
        """
        with opened as desk:
            if desk.store.migrated:
                from carecli.render.backup import migrated_line

                self.notice(migrated_line(desk.store.migrated))
            yield desk
            if desk.moved:
                from carecli.render.copy import moved_line

                self.notice(moved_line(desk.moved, elsewhere=self.elsewhere))

    @contextmanager
    def _noticed(self, opened: AbstractContextManager["Desk"]) -> Iterator["Desk"]:
        from carecli.desk.doctor import late_since

        with opened as desk:
            # Nothing is due any more in a desk that works elsewhere.
            looks = desk.actor.is_staff and not desk.moved and not self._told_late
            late = late_since(desk) if looks else None
            if late:
                self._told_late = True
                self._tell_late(desk.now, *late)
            yield desk

    def _tell_late(self, now: datetime, last: datetime | None) -> None:
        if last is None:
            self.notice("no tick has ever run, and timers are due; `care cron install` puts it on a schedule")
            return
        from carecli.render.words import duration

        ago = duration(int((now - last).total_seconds()))
        self.notice(f"the tick is late, the last one was {ago} ago; `care doctor` tells what mends it")

    @property
    def now(self) -> Callable[[str], datetime] | None:
        """Reads the given moment in a zone; None where the clock tells it."""
        text = self.given.now or self.environ.get("CARE_NOW")
        if not text:
            return None
        from carecli.commands import instants

        return instants.reader(text, _machine_clock)

    def ahead_s(self, present: datetime) -> int:
        """Seconds by which a given present lies ahead of the machine's clock; 0 where that clock told it."""
        given = self.now is not None
        return max(0, round((present - _machine_clock()).total_seconds())) if given else 0

    @property
    def json(self) -> bool:
        """Whether a JSON document is asked for."""
        return self.given.json

    @property
    def quiet(self) -> bool:
        """Whether nothing but what was asked for is wanted."""
        return self.given.quiet

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked."""
        refused = self.given.no_input or self.given.json or self.environ.get("CARE_NO_INPUT")
        return not refused and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    def screen(self, stream: TextIO) -> "Screen":
        """What is known of a stream's reader."""
        from carecli.render import screen

        return screen.screen(stream, self.environ, no_color=self.given.no_color, setting=self.config.color)

    def format(self, named: str | None, formats: Sequence[str]) -> str:
        """The format that is asked for by its name or by --json, else table; raises Invalid."""
        wanted = (named or ("json" if self.json else "table")).lower()
        if wanted not in formats:
            raise Invalid(f"--format {wanted[:40]!r} is not known", hint=f"choose from: {', '.join(formats)}")
        if self.json and wanted != "json":
            raise Invalid(f"--json and --format {wanted} exclude each other", hint="give one of them")
        return wanted

    def emit(self, document: object, sections: Callable[[], Sequence["Section"]], *, paged: bool = True) -> None:
        """Answer with a document for scripts, or a page for people."""
        if self.json:
            json_text.write_json(document, sys.stdout)
        else:
            self.page(sections(), paged=paged)

    def page(self, sections: Sequence["Section"], *, paged: bool = True) -> None:
        """Write a page to standard output; at a terminal a long one that is `paged` goes through a pager."""
        # Imported here: a script's JSON needs neither tables nor tabs.
        from carecli.commands import paging
        from carecli.render import delimited, terminal

        reader = self.screen(sys.stdout)
        if not reader.terminal:
            delimited.write_plain(sections, sys.stdout, color=reader.color)
            return
        with paging.paged(paging.wanted(self) if paged else None, sys.stdout, reader) as out:
            terminal.write(sections, out, reader)

    def done(self, document: object, line: str) -> None:
        """Answer a command that changed something: a document, a line, or with --quiet nothing."""
        if self.json:
            json_text.write_json(document, sys.stdout)
        elif not self.quiet:
            sys.stdout.write(legible.lines(line) + "\n")

    def notice(self, text: str) -> None:
        """Tell something beside the answer on standard error, which with --json holds errors alone."""
        if not (self.quiet or self.json):
            sys.stderr.write(f"care: {legible.lines(text)}\n")


def _machine_clock() -> datetime:
    return datetime.now(UTC)
