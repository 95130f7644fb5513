"""Mail that comes in: one message on standard input, and the list of all that came."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.inbox import Outcome
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import CareError, Failed, Unfit
from carecli.render import inbox_document, json_text, legible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import BinaryIO

    from carecli.domain.inbox import Received
    from carecli.render.sheet import Sheet

PIPE = "pipe"
"""Where a message on standard input came from."""

_CHUNK = 1 << 20

OutcomeText = Annotated[
    options.Many,
    Option("--outcome", metavar="OUTCOME", help="With this outcome; repeatable.", completes=Outcome),
]


@command
def receive(invocation: Invocation) -> None:
    """Take in one mail from standard input, for a mail server's pipe; by the system or an admin.

    It is stored as it came before it is looked at. Exits with 0 once it is stored, with 65 for what can never be
    (nothing at all, or more than `max_bytes` in [mail] of the config file), and with 75 for everything else: the
    mail server keeps the message and tries again.

    care mail receive < message.eml

    care mail receive --json < message.eml
    """
    try:
        received = _received(invocation)
    except (CareError, OSError):
        raise
    except Exception as error:
        # A traceback's status would have the mail server send the message back.
        what = f"care stumbled over a message ({type(error).__name__}); it was not taken in"
        raise Failed(what, hint="the mail server keeps it and tries again; CARE_DEBUG=1 shows where") from error
    _answer(invocation, received)


def _received(invocation: Invocation) -> "Received":
    from carecli.desk.mail import inbox

    with invocation.desk(otherwise=SYSTEM) as desk:
        raw = _message(sys.stdin.buffer, desk.config.mail.max_bytes)
        return inbox.take_in(desk, [(raw, PIPE)])[0]


def _message(stream: "BinaryIO", most: int) -> bytes:
    """The message on a stream; of one that is too large the rest is read and dropped, as mail servers expect."""
    raw = stream.read(most + 1)
    if len(raw) > most:
        while stream.read(_CHUNK):
            pass
        # Without a hint: a mail server sends this back to whoever wrote the message.
        raise Unfit(f"the message is larger than {most:,} bytes", rule="MAIL-6")
    if not raw.strip():
        raise Unfit("standard input holds no message", hint="care mail receive < message.eml", rule="MAIL-6")
    return raw


def _answer(invocation: Invocation, received: "Received") -> None:
    """Say what became of it; that nobody hears it changes nothing, as the message is stored."""
    try:
        if invocation.json:
            json_text.write_json(inbox_document.outcome(received), sys.stdout)
        elif not invocation.quiet:
            from carecli.render.inbox import outcome_line

            sys.stdout.write(legible.line(outcome_line(received)) + "\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the end


@command
def inbox(
    invocation: Invocation,
    number: options.OfCase = None,
    outcome: OutcomeText = None,
    limit: options.AtMost = 50,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the mail that came in, the newest first, with what became of it and why; for staff.

    care mail inbox 42

    care mail inbox --outcome ignored --outcome bounce
    """
    from carecli.desk.mail import triage

    answer = listing.answer(invocation, format_, fields, output)
    wanted = options.all_chosen(outcome, Outcome, "--outcome")
    case = None if number is None else parse_number(number)
    with invocation.desk() as desk:
        mail = triage.inbox(desk, case, outcomes=wanted, limit=limit)
        zone = desk.zone
    give(answer, mail, lambda: _sheet(mail, zone, limit))


def give(answer: listing.Answer, mail: "Sequence[Received]", sheet: "Callable[[], Sheet]") -> None:
    """Answer with a list of messages."""
    answer.give(
        listing.Listing(
            sheet,
            lambda: [inbox_document.row(each) for each in mail],
            inbox_document.listed,
            inbox_document.KEYS,
        )
    )


def _sheet(mail: "Sequence[Received]", zone: str, limit: int) -> "Sheet":
    from carecli.render.inbox import inbox_sheet

    return inbox_sheet(mail, zone, limit=limit)


def show_received(invocation: Invocation, id_: str) -> None:
    """Print a message as it came; for staff."""
    from carecli.desk.mail import triage

    with invocation.desk() as desk:
        raw = triage.raw(desk, id_)
        opened = triage.show(desk, id_) if invocation.json else None
    if opened:
        document = inbox_document.whole(*opened) | {"message": raw.decode("utf-8", "replace")}
        json_text.write_json(document, sys.stdout)
    else:
        give_bytes(raw)


def give_bytes(raw: bytes) -> None:
    """Write a message to standard output: byte for byte, but for what a terminal would obey."""
    if sys.stdout.isatty():
        sys.stdout.write(legible.lines(raw.decode("utf-8", "replace")))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
