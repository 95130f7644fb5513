"""One run of a command: its options, its desk, and how it answers."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from carecli.commands.everywhere import Given
from carecli.config import Config, load, located
from carecli.errors import Invalid
from carecli.render import json_text

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.render.screen import Screen
    from carecli.render.sheet import Section


class Invocation:
    """What a command knows of its run: options given everywhere, the configuration, the terminal."""

    def __init__(self, given: Given, environ: Mapping[str, str] = os.environ) -> None:
        self.given = given
        self.environ = environ

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
        return config._replace(db=located(self.given.db) or config.db, actor=self.given.actor or config.actor)

    def desk(self, *, otherwise: str | None = None) -> AbstractContextManager["Desk"]:
        """Open the desk as the actor, or as `otherwise` where nobody is named."""
        from carecli.desk.desk import open_desk

        return open_desk(self.config, actor=self.config.actor or otherwise, now=self.now)

    @property
    def now(self) -> Callable[[str], datetime] | None:
        """Reads the given moment in a zone; None where the clock tells it."""
        text = self.given.now or self.environ.get("CARE_NOW")
        if not text:
            return None
        from carecli.commands import instants

        return instants.reader(text, lambda: datetime.now(UTC))

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

    def emit(self, document: object, sections: Callable[[], Sequence["Section"]]) -> None:
        """Answer with a document for scripts, or a page for people."""
        if self.json:
            json_text.write_json(document, sys.stdout)
        else:
            self.page(sections())

    def page(self, sections: Sequence["Section"]) -> None:
        """Write a page to standard output."""
        # Imported here: a script's JSON needs neither tables nor tabs.
        from carecli.render import delimited, terminal

        reader = self.screen(sys.stdout)
        if reader.terminal:
            terminal.write(sections, sys.stdout, reader)
        else:
            delimited.write_plain(sections, sys.stdout, color=reader.color)

    def done(self, document: object, line: str) -> None:
        """Answer a command that changed something: a document, a line, or with --quiet nothing."""
        if self.json:
            json_text.write_json(document, sys.stdout)
        elif not self.quiet:
            sys.stdout.write(line + "\n")

    def notice(self, text: str) -> None:
        """Tell something beside the answer on standard error, which with --json holds errors alone."""
        if not (self.quiet or self.json):
            sys.stderr.write(f"care: {text}\n")
