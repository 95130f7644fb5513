"""The outbox: mail written in the transaction of its event, each key once (MAIL-6, FU-5)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.store.session import Session

_COLUMNS: Final = (
    "key, number, kind, recipient, subject, body, message_id, queued_at, not_before, round, stage, state, sent_at,"
    " error"
)
_SELECT: Final = f"SELECT {_COLUMNS}, id FROM outbox"  # noqa: S608 - names from this program


class OutboxReading(Session):
    """Mail by what has become of it."""

    def mail_waiting(self, at: datetime, limit: int) -> list[Mail]:
        """Mail that may leave by now and has not: queued or failed, oldest first."""
        return self._mails(
            "WHERE state IN ('queued', 'failed') AND not_before <= ? ORDER BY queued_at, id LIMIT ?",
            iso(at),
            limit,
        )

    def mail_count(self, number: int) -> int:
        """How many mails a case has had written."""
        return int(self.one("SELECT count(*) FROM outbox WHERE number = ?", (number,)))

    def stage_mail(self, number: int, round_: int, stage: int) -> MailState | None:
        """How far the mail of a follow-up stage has come; None where there is none (FU-6)."""
        state = self.one(
            "SELECT state FROM outbox WHERE number = ? AND round = ? AND stage = ?", (number, round_, stage)
        )
        return None if state is None else MailState(state)

    def mail_of(self, number: int) -> list[Mail]:
        """Every mail of a case, oldest first."""
        return self._mails("WHERE number = ? ORDER BY queued_at, id", number)

    def _mails(self, which: str, *parameters: str | int) -> list[Mail]:
        return [_mail(row) for row in self.db.execute(f"{_SELECT} {which}", parameters)]


class OutboxWriting(OutboxReading):
    """Mail as it is written and sent."""

    def queue(self, mails: Iterable[Mail]) -> None:
        """Put mails into the outbox; one whose key is there already is left out (FU-5)."""
        self.db.executemany(
            f"INSERT INTO outbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            " ON CONFLICT (key) DO NOTHING",
            map(_row, mails),
        )

    def mark_mail(self, mail: Mail) -> None:
        """Keep a mail's new state, time and error, and when it may be tried again."""
        self.db.execute(
            "UPDATE outbox SET state = ?, sent_at = ?, error = ?, not_before = ? WHERE key = ?",
            (mail.state.value, iso_or_none(mail.sent_at), mail.error, iso(mail.not_before), mail.key),
        )


def _row(mail: Mail) -> tuple[object, ...]:
    return (
        mail.key,
        mail.number,
        mail.kind.value,
        mail.to,
        mail.subject,
        mail.body,
        mail.message_id,
        iso(mail.queued_at),
        iso(mail.not_before),
        mail.round,
        mail.stage,
        mail.state.value,
        iso_or_none(mail.sent_at),
        mail.error,
    )


def _mail(row: tuple[Any, ...]) -> Mail:
    key, number, kind, to, subject, body, message_id, queued_at, not_before, *rest = row
    round_, stage, state, sent_at, error, id_ = rest
    return Mail(
        key=key,
        number=number,
        kind=MailKind(kind),
        to=to,
        subject=subject,
        body=body,
        message_id=message_id,
        queued_at=instant(queued_at),
        not_before=instant(not_before),
        round=round_,
        stage=stage,
        state=MailState(state),
        sent_at=instant_or_none(sent_at),
        error=error,
        id=id_,
    )
