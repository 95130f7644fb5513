"""Files on a case: attached, listed, fetched, looked through, confirmed."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import attaching, listing, options, prompts, texts
from carecli.commands.declared import Argument, Family, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.numbers import parse_number
from carecli.errors import Invalid
from carecli.render import attachment_document

if TYPE_CHECKING:
    from carecli.desk.attachments.reading import Looked, Saved
    from carecli.desk.desk import Desk
    from carecli.domain.attachment import Attachment
    from carecli.render.sheet import Sheet

app = Family("Files on a case: attached, listed, fetched, looked through.")

Which = Annotated[
    str | None, Argument(metavar="[WHICH]", help="Its id, its name, or the beginning of its SHA-256.")
]


@app.command("add")
@command
def add(
    invocation: Invocation,
    number: options.Number,
    files: Annotated[
        list[str], Argument(metavar="FILE...", help="The files; - is standard input.", completes="file")
    ],
    name: attaching.Name = None,
    redact: attaching.Redact = False,
    confirm_sanitized: attaching.Confirm = False,
    internal: Annotated[bool, Option("--internal", help="For staff alone.")] = False,
    message: options.Message = None,
    file: options.TextFile = None,
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Attach files to a case, once they have been looked through for customer data.

    What is found is refused, redacted with --redact, or attached as it is with --confirm-sanitized. A contact's
    files answer a request, as an update does.

    care attachment add 42 call.log

    care attachment add 42 trace.pcap.gz --confirm-sanitized

    journalctl -u sbc | care attachment add 42 - --name sbc.log --redact
    """
    from carecli.desk.attachments import adding as use_case
    from carecli.desk.attachments.taking import Files

    case, channel = parse_number(number), options.channel(via)
    if "-" in files and "-" in {message, file, pin}:
        raise Invalid("standard input is one thing", hint="give the text with -m TEXT, or the file by its name")
    secret, text = prompts.pin(invocation, pin), texts.given(message, file)
    given = Files(tuple(files), attaching.handling(invocation, redact, confirm_sanitized, name))
    caller = use_case.Caller(channel, contact, secret)
    with invocation.desk() as desk:
        added = use_case.add(desk, case, given, text=text, internal=internal, caller=caller)
        attaching.told(invocation, desk, added.view, "attached", added.files)


@app.command("list")
@command
def list_files(
    invocation: Invocation,
    number: options.Number,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the files of a case, with what is known of customer data in them.

    care attachment list 42

    care attachment list 42 --format csv --fields id,name,sha256
    """
    from carecli.desk.attachments import reading as looking

    answer = listing.answer(invocation, format_, fields, output)
    case = parse_number(number)
    with invocation.desk() as desk:
        files = looking.listed(desk, case)
        zone = desk.zone
    answer.give(
        listing.Listing(
            lambda: _sheet(case, files, zone),
            lambda: [attachment_document.attachment(one) for one in files],
            lambda rows: attachment_document.listed(case, rows),
            attachment_document.KEYS,
        )
    )


@app.command("get")
@command
def get(
    invocation: Invocation,
    number: options.Number,
    which: Which = None,
    name: Annotated[str | None, Option("--name", metavar="NAME", help="The file of this name.")] = None,
    output: Annotated[
        str | None,
        Option(
            "--output", "-o", metavar="FILE", help="A file or a folder, - for standard output.", completes="file"
        ),
    ] = None,
    force: Annotated[bool, Option("--force", "-f", help="Replace a file of its name that is there.")] = False,
) -> None:
    """Fetch a file of a case, byte for byte as it was attached; its SHA-256 is checked on the way.

    Into a pipe it goes to standard output, at a terminal into a file of its name right here.

    care attachment get 42

    care attachment get 42 2 --output /tmp

    care attachment get 42 call.log | less
    """
    if which is not None and name is not None:
        raise Invalid("name one file", hint="give its id, or --name NAME")
    case, wanted = parse_number(number), which if name is None else name
    to_stream = output == "-" or (output is None and not invocation.json and not sys.stdout.isatty())
    if to_stream and invocation.json:
        raise Invalid("--json and --output - exclude each other", hint="name a file with --output FILE")
    from carecli.desk.attachments import reading as looking

    watch = attaching.watching(invocation)
    with invocation.desk() as desk:
        if to_stream:
            sys.stdout.flush()
            looking.give(desk, case, wanted, sys.stdout.buffer, watch)
            return
        saved = looking.save(desk, case, wanted, output, watch, replace=force)
    _told_saved(invocation, case, saved)


@app.command("confirm")
@command
def confirm(
    invocation: Invocation,
    number: options.Number,
    which: Annotated[str, Argument(metavar="WHICH", help="Its id, its name, or the beginning of its SHA-256.")],
    via: options.ViaText = None,
    contact: options.Caller = None,
    pin: options.Pin = None,
) -> None:
    """Say that a file holds no customer data, one that came by mail for example; it is kept who said so.

    care attachment confirm 42 3
    """
    from carecli.desk.attachments import adding as use_case

    case, channel = parse_number(number), options.channel(via)
    caller = use_case.Caller(channel, contact, prompts.pin(invocation, pin))
    with invocation.desk() as desk:
        confirmed = use_case.confirm(desk, case, which, caller=caller)
        attaching.told(invocation, desk, confirmed.view, "confirmed", confirmed.files)


@app.command("scan")
@command
def scan(
    invocation: Invocation,
    what: Annotated[
        list[str],
        Argument(metavar="FILE | NUMBER WHICH", help="A file of yours, or one of a case.", completes="file"),
    ],
) -> None:
    """Look through a file for customer data, and say where it is; nothing is attached or recorded.

    care attachment scan call.log

    care attachment scan 42 3
    """
    if len(what) > 2:
        raise Invalid("one file at a time", hint="care attachment scan FILE, or care attachment scan NUMBER WHICH")
    with invocation.desk() as desk:
        looked = _looked(invocation, desk, what)
    document = attachment_document.scanned(*looked)
    from carecli.render import attachment as render

    invocation.emit(document, lambda: render.scan_page(*looked))


@app.command("tidy")
@command
def tidy(
    invocation: Invocation,
    dry_run: Annotated[bool, Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Take away files that no case has named for a day: the remains of commands that were killed. For admins.

    care attachment tidy --dry-run
    """
    from carecli.desk.attachments import upkeep
    from carecli.domain.counting import counted
    from carecli.render.attachment import amount

    with invocation.desk() as desk:
        left = upkeep.tidy(desk, dry_run=dry_run)
    deed = "would go" if dry_run else "removed"
    line = f"{deed}: {counted(left.files, 'file')}, {amount(left.bytes)}; younger than a day: {left.young:,}"
    invocation.done(attachment_document.tidied(*left, dry_run=dry_run), line)


def _sheet(case: int, files: "tuple[Attachment, ...]", zone: str) -> "Sheet":
    from carecli.render import attachment as render

    return render.listing(case, files, zone)


def _told_saved(invocation: Invocation, case: int, saved: "Saved") -> None:
    from carecli.render import legible
    from carecli.render.attachment import amount

    path = saved.path or ""
    line = f"{path}: {amount(saved.file.size)}, SHA-256 {saved.file.sha256}"
    invocation.done(attachment_document.fetched(case, saved.file, path), legible.line(line))


def _looked(invocation: Invocation, desk: "Desk", what: list[str]) -> "Looked":
    from carecli.desk.attachments import reading as looking

    watch = attaching.watching(invocation)
    if len(what) == 1:
        return looking.scanned_local(desk, what[0], watch)
    return looking.scanned(desk, parse_number(what[0]), what[1], watch)
