"""Mail that goes out: the outbox, one mail as it left, delivery by hand, and sending again."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.inbox import LABEL
from carecli.domain.numbers import parse_number
from carecli.domain.outbox import MailState
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import Failed, Invalid
from carecli.render import json_text, legible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.domain.outbox import Mail
    from carecli.domain.tick_report import MailCount
    from carecli.render.sheet import Sheet

LONGEST_ID = 15


@command
def outbox(
    invocation: Invocation,
    number: options.OfCase = None,
    state: Annotated[
        options.Many,
        Option("--state", metavar="STATE", help="In this state; repeatable.", completes=MailState),
    ] = None,
    limit: options.AtMost = 50,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List the mail that goes out, the newest first, with what kept it from leaving; for staff.

    care mail outbox 42

    care mail outbox --state failed --state bounced
    """
    from carecli.desk.mail import outbox as mail
    from carecli.render import mail_document

    answer = listing.answer(invocation, format_, fields, output)
    wanted = options.all_chosen(state, MailState, "--state")
    case = parse_number(number) if number is not None else None
    with invocation.desk() as desk:
        mails = mail.outbox(desk, case, states=wanted, limit=limit)
        zone = desk.zone
    answer.give(
        listing.Listing(
            lambda: _sheet(mails, zone, limit),
            lambda: [mail_document.mail(one) for one in mails],
            lambda rows: {"mail": rows},
            mail_document.KEYS,
        )
    )


def _sheet(mails: "Sequence[Mail]", zone: str, limit: int) -> "Sheet":
    from carecli.render import mail

    return mail.outbox_sheet(mails, zone, limit=limit)


@command
def show(
    invocation: Invocation,
    id_: Annotated[str, Argument(metavar="ID", help="The mail: 12, or in-7 for one that came in.")],
) -> None:
    """Print a mail as it went out, or as it would go out now; in-7 is one that came in. For staff.

    care mail show 12

    care mail show in-7 > message.eml
    """
    from carecli.commands import mail_in
    from carecli.desk.mail import outbox as mail
    from carecli.render import mail_document

    if id_.strip().lower().startswith(LABEL):
        mail_in.show_received(invocation, id_)
        return
    with invocation.desk() as desk:
        shown = mail.show(desk, _id(id_))
    if invocation.json:
        json_text.write_json(mail_document.whole(shown.mail, shown.raw, out=shown.out), sys.stdout)
        return
    if not shown.out:
        invocation.notice(f"mail {shown.mail.id} has not left; so it would go out now")
    mail_in.give_bytes(shown.raw)


@command
def deliver(
    invocation: Invocation,
    everything: Annotated[
        bool, Option("--all", "-a", help="Also what waits for its next try after a failure.")
    ] = False,
) -> None:
    """Hand over the mail that is due to leave, as `care tick` does, and nothing else.

    care mail deliver --all
    """
    from carecli.desk.mail import delivery
    from carecli.render import mail, mail_document

    with invocation.desk(otherwise=SYSTEM) as desk:
        count = delivery.by_hand(desk, everything=everything)
        zone = desk.zone
    invocation.done(mail_document.delivered(count), mail.delivery_line(count, zone))
    if count.failed:
        raise undelivered(count)


@command
def resend(
    invocation: Invocation,
    ids: Annotated[list[str], Argument(metavar="ID...", help="The mails, as `care mail outbox` lists them.")],
) -> None:
    """Send mail again that failed, was given up or bounced; its Message-ID stays. For staff.

    It leaves with the next tick, or `care mail deliver`.

    care mail resend 12
    """
    from carecli.desk.mail import outbox as mail
    from carecli.render import mail_document

    with invocation.desk() as desk:
        again = mail.resend(desk, [_id(one) for one in ids])
    lines = [f"mail {one.id} to {legible.line(one.to)} leaves again with the next tick" for one in again]
    invocation.done({"mail": [mail_document.mail(one) for one in again]}, "\n".join(lines))


def undelivered(count: "MailCount") -> Failed:
    """What a command ends with whose delivery failed."""
    lost = "`care mail outbox --state failed` lists them; mend the address, then care mail resend MAIL"
    again = f"{count.hint or '`care mail outbox` tells more'}; they are kept and tried again"
    # Where nothing has ever been handed over, no time is known and all of it waits.
    given_up = count.next_try_at is None and count.hint is None
    return Failed(
        f"{count.failed} of {count.queued} mails could not be delivered: {count.reason}",
        hint=lost if given_up else again,
        rule="MAIL-6",
    )


def _id(text: str) -> int:
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID):
        raise Invalid(f"{text[:40]!r} is no mail", hint="give its id, as `care mail outbox` lists it: 12")
    return int(digits)
