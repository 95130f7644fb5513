"""Triage: the mail that waits for a person, looked at, linked to its case or discarded."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, mail_in, options
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.inbox import label
from carecli.domain.numbers import parse_number, written
from carecli.errors import Failed, Invalid
from carecli.render import inbox_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from carecli.desk.mail.triage import Opened
    from carecli.domain.inbox import Received
    from carecli.render.sheet import Section, Sheet

app = Family("Triage: mail that waits for a person.")

Id = Annotated[str, Argument(metavar="ID", help="The mail: in-7.")]


@app.command("list")
@command
def list_(
    invocation: Invocation,
    everything: Annotated[bool, Option("--all", help="Also what was linked or discarded, newest first.")] = False,
    limit: Annotated[int | None, Option("--limit", "-n", metavar="COUNT", min=1, help="At most so many.")] = None,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the mail that waits for a person, oldest first, each with its reason; for staff.

    care mail triage list

    care mail triage list --all --json
    """
    from carecli.desk.mail import triage

    answer = listing.answer(invocation, format_, fields, output)
    with invocation.desk() as desk:
        mail = triage.waiting(desk, settled=everything, limit=limit)
        zone = desk.zone
    mail_in.give(answer, mail, lambda: _sheet(mail, zone))


def _sheet(mail: "Sequence[Received]", zone: str) -> "Sheet":
    from carecli.render.inbox import inbox_sheet

    return inbox_sheet(mail, zone, title="Mail in triage")


@app.command("show")
@command
def show(
    invocation: Invocation,
    id_: Id,
    raw: Annotated[bool, Option("--raw", help="The message as it came, byte for byte.")] = False,
    file: Annotated[
        int | None, Option("--file", metavar="K", min=1, help="Write the K-th file of it, as --output says.")
    ] = None,
    output: Annotated[
        str | None,
        Option("--output", "-o", metavar="FILE", help="Where to, - for standard output.", completes="file"),
    ] = None,
) -> None:
    """Show a mail that came in: headers, reason, text and files; for staff.

    care mail triage show in-7

    care mail triage show in-7 --file 1 --output trace.log
    """
    from carecli.desk.mail import triage

    _check(raw=raw, file=file, output=output)
    with invocation.desk() as desk:
        if file is not None:
            _give(triage.file(desk, id_, file).content, output or "")
        elif raw:
            _give(triage.raw(desk, id_), output or "-")
        else:
            opened = triage.show(desk, id_)
            invocation.emit(inbox_document.whole(*opened), lambda: _page(opened, desk.zone))


def _check(*, raw: bool, file: int | None, output: str | None) -> None:
    if raw and file is not None:
        raise Invalid("--raw and --file exclude each other", hint="give one of them")
    if file is not None and output is None:
        raise Invalid("where shall the file go?", hint="--output NAME, or --output - for standard output")
    if output is not None and file is None and not raw:
        raise Invalid("--output goes with --file or --raw", hint="--file 1 --output NAME")


def _page(opened: "Opened", zone: str) -> "Sequence[Section]":
    from carecli.render.inbox import message_page

    return message_page(*opened, zone)


def _give(content: bytes, output: str) -> None:
    if output in {"", "-"}:
        mail_in.give_bytes(content)
        return
    path = Path(output).expanduser()
    try:
        # Never over what is there: the name may be what a stranger chose.
        with path.open("xb") as out:
            _filled(out, path, content)
    except FileExistsError:
        raise Failed(f"{path} exists already", hint="name another with --output") from None
    except OSError as error:
        raise Failed(f"cannot write {path}: {error.strerror}", hint="--output - is standard output") from None


def _filled(out: "BinaryIO", path: Path, content: bytes) -> None:
    """Write all of a new file, or leave none."""
    try:
        out.write(content)
        out.flush()
    except OSError:
        path.unlink(missing_ok=True)
        raise


@app.command("link")
@command
def link(
    invocation: Invocation,
    id_: Id,
    number: options.Number,
    contact: Annotated[
        str | None,
        Option("--contact", metavar="EMAIL", help="The Designated Contact it speaks for.", completes="contact"),
    ] = None,
    internal: Annotated[bool, Option("--internal", help="Keep it on the case as a note for staff.")] = False,
) -> None:
    """Apply a mail to a case as if it had matched; for staff.

    It counts as its sender's word where that is a Designated Contact of the case's account.

    care mail triage link in-7 42

    care mail triage link in-7 42 --contact dana@abc.example
    """
    from carecli.desk.mail import triage

    with invocation.desk() as desk:
        received, _ = triage.link(desk, id_, parse_number(number), contact=contact, internal=internal)
    how = "noted on" if internal else "linked to"
    line = f"{label(received.id)} {how} {written(received.number or 0)}"
    invocation.done(inbox_document.row(received), line)


@app.command("discard")
@command
def discard(
    invocation: Invocation,
    id_: Id,
    reason: options.Reason = None,
) -> None:
    """Take a mail out of triage without applying it; it is kept. For staff.

    care mail triage discard in-7 -m "An advertisement."
    """
    from carecli.commands import texts
    from carecli.desk.mail import triage

    why = texts.given(reason, None)
    with invocation.desk() as desk:
        received = triage.discard(desk, id_, why)
    invocation.done(inbox_document.row(received), f"{label(received.id)} discarded")
