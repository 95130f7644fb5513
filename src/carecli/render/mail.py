"""Mail that goes out, as people look at it."""

from collections.abc import Sequence

from carecli.domain.counting import counted
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailState
from carecli.domain.tick_report import MailCount
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import titled, zoned_time

COLUMNS = (
    Column("id", "Mail", right=True),
    Column("number", "Case"),
    Column("kind", "Kind", rank=3),
    Column("to", "To", least=16),
    Column("subject", "Subject", rank=5, least=20),
    Column("state", "State"),
    Column("queued_at", "Queued", rank=4),
    Column("sent_at", "Sent", rank=6),
    Column("attempts", "Tries", right=True, rank=2),
    Column("next_try_at", "Next try", rank=1),
    Column("error", "Why", least=32),
    Column("message_id", "Message-ID", extra=True),
    Column("given_up", "Given up", extra=True),
)
_TONES = {
    MailState.SENT: Tone.QUIET,
    MailState.WITHDRAWN: Tone.QUIET,
    MailState.FAILED: Tone.WARNING,
    MailState.BOUNCED: Tone.ALARM,
}


def outbox_sheet(mails: Sequence[Mail], zone: str, *, limit: int | None = None) -> Sheet:
    """Mail, the newest first, with what kept it from leaving; `limit` is how many were asked for."""
    return Sheet("Outbox", COLUMNS, tuple(_row(mail) for mail in mails), zone, note=_note(mails, limit))


def delivery_line(count: MailCount, zone: str) -> str:
    """What a delivery did, in one line."""
    again = f", next try {zoned_time(count.next_try_at, zone)}" if count.next_try_at else ""
    return f"mail: {count.queued} queued, {count.sent} sent, {count.failed} failed{again}"


def newest(count: int, limit: int | None) -> str:
    """How many mails a list holds; one that is full may have left out older ones."""
    mails = counted(count, "mail")
    return f"the newest {mails}, more with --limit" if count == limit else mails


def _row(mail: Mail) -> tuple[Cell, ...]:
    return (
        Cell(mail.id, tone=Tone.STRONG),
        Cell(None if mail.number is None else written(mail.number)),
        Cell(mail.kind.value, titled(mail.kind)),
        Cell(mail.to),
        Cell(mail.subject),
        _state(mail),
        Cell(mail.queued_at),
        Cell(mail.sent_at),
        Cell(mail.attempts),
        Cell(mail.next_at),
        Cell(mail.error),
        Cell(mail.message_id),
        Cell(mail.given_up, "yes" if mail.given_up else ""),
    )


def _state(mail: Mail) -> Cell:
    if mail.given_up:
        return Cell(mail.state.value, "Given up", Tone.ALARM)
    return Cell(mail.state.value, titled(mail.state), _TONES.get(mail.state, Tone.PLAIN))


def _note(mails: Sequence[Mail], limit: int | None) -> str:
    again = any(mail.given_up or mail.state is MailState.BOUNCED for mail in mails)
    return newest(len(mails), limit) + (" · send one again: care mail resend MAIL" if again else "")
