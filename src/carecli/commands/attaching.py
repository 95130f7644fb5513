"""Files that come with a command: the options, the question about customer data, the bar (ATT-1, ATT-2)."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from carecli.commands.declared import Option
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.attachments.taking import Choice, Files, Handling, Watch
    from carecli.desk.desk import Desk
    from carecli.domain.attachment import Attachment
    from carecli.domain.sanitising import Scan
    from carecli.domain.views import CaseView

Attach = Annotated[
    list[str] | None,
    Option("--attach", metavar="FILE", help="Attach a file, - for standard input; repeatable.", completes="file"),
]
Redact = Annotated[bool, Option("--redact", help="Attach a copy with marks in place of customer data.")]
Confirm = Annotated[
    bool, Option("--confirm-sanitized", help="Attach as it is: you say that it holds no customer data.")
]
Name = Annotated[str | None, Option("--name", metavar="NAME", help="What the file is called on the case.")]

ABORT = "abort"
MIB = 1024 * 1024
SMALL = 8 * MIB
"""Below how many bytes work is over before a bar could be looked at."""


def given(
    invocation: Invocation, attach: list[str] | None, redact: bool, confirm: bool, *texts: str | None
) -> "Files | None":
    """The files of --attach and how they are taken in; None where there is none.

    `texts` are the options that may read standard input too. Raises Invalid.
    """
    if not attach:
        if redact or confirm:
            raise Invalid("there is no file to look through", hint="name it with --attach FILE")
        return None
    if "-" in attach and "-" in texts:
        raise Invalid("standard input is one thing", hint="give the text with -m TEXT, or the file by its name")
    from carecli.desk.attachments.taking import Files

    return Files(tuple(attach), handling(invocation, redact, confirm))


def handling(invocation: Invocation, redact: bool, confirm: bool, name: str | None = None) -> "Handling":
    """How files are taken in: at a terminal with a question about what is found, and a bar."""
    from carecli.desk.attachments.taking import Handling

    decide = _asked if invocation.interactive else None
    clock = (lambda: datetime.now(UTC)) if invocation.now is None else None
    return Handling(redact, confirm, name, decide, watching(invocation), clock, invocation.elsewhere)


def told(invocation: Invocation, desk: "Desk", view: "CaseView", deed: str, files: "Sequence[Attachment]") -> None:
    """Answer as every command on a case does, and with a line for each of the files that it was about."""
    from carecli.commands.casework import told as told_of_case

    told_of_case(invocation, desk, view, deed)
    if files and not (invocation.json or invocation.quiet):
        from carecli.render import legible
        from carecli.render.attachment import attached_lines

        sys.stdout.write(legible.lines(attached_lines(files)) + "\n")


def newest(view: "CaseView", files: "Files | None") -> "Sequence[Attachment]":
    """The attachments that `files` have just become: the last ones of the case."""
    return view.attachments[-len(files.paths) :] if files else ()


def watching(invocation: Invocation) -> "Watch":
    """Shows how far work on a file has come, in MiB."""

    @contextmanager
    def watched(what: str, size: int | None) -> Iterator[Callable[[int], None]]:
        if size is not None and size < SMALL:
            yield lambda _: None
            return
        from carecli.commands.progress import progress
        from carecli.render import legible

        total = None if size is None else -(-size // MIB)
        with progress(invocation, f"{legible.line(what)}, MiB", total) as advance:
            yield lambda done: advance(done // MIB)

    return watched


def _asked(name: str, scan: "Scan") -> "Choice | None":
    """What a person at the terminal wants done with what was found (ATT-2)."""
    from carecli.commands import prompts
    from carecli.desk.attachments.taking import Choice
    from carecli.domain.attaching import Unsanitised
    from carecli.render import legible

    found = Unsanitised(name, scan)
    prompts.tell(legible.line(found.message) + ":")
    for line in found.lines:
        prompts.tell(f"  {legible.line(line)}")
    ways = {
        Choice.REDACT.value: "redact: attach a copy with marks in their place",
        Choice.CONFIRM.value: "confirm: attach it as it is, it holds no customer data",
        ABORT: "abort: attach nothing",
    }
    wanted = prompts.choice("What now?", tuple(ways), ways)
    return None if wanted == ABORT else Choice(wanted)
