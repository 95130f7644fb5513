"""The outbox: mail written in the transaction of its event, each key once (MAIL-6, FU-5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.store.codec import canonical
from carecli.store.session import OF_CASES, Session

_COLUMNS: Final = (
    "key, number, kind, recipient, subject, body, message_id, queued_at, not_before, round, stage, state, sent_at,"
    " error"
)
_SELECT: Final = f"SELECT {_COLUMNS}, id FROM outbox"  # noqa: S608 - names from this program


class OutboxReading(Session):
    """Mail by what has become of it."""

    def mail_waiting(self, at: datetime, limit: int, after: Mail | None = None) -> list[Mail]:
        """Mail that may leave by now and has not, queued or failed, oldest first; behind one of it if named."""
        waiting = "WHERE state IN ('queued', 'failed') AND not_before <= ?"
        behind = "AND (queued_at, id) > (?, ?)" if after else ""
        place = (iso(after.queued_at), after.id) if after else ()
        return self._mails(f"{waiting} {behind} ORDER BY queued_at, id LIMIT ?", iso(at), *place, limit)

    def mail_count(self, number: int) -> int:
        """How many mails a case has had written."""
        return int(self.one("SELECT count(*) FROM outbox WHERE number = ?", (number,)))

    def unsent_stages(self, numbers: Sequence[int]) -> set[tuple[int, int, int]]:
        """Number, round and stage of the follow-ups of these cases whose mail has not arrived (FU-6)."""
        rows = self.db.execute(
            f"SELECT number, round, stage FROM outbox WHERE {OF_CASES} AND stage > 0"  # noqa: S608 - no input
            f" AND state IN ('queued', 'failed', 'bounced')",
            (canonical(numbers),),
        )
        return set(rows)

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

    def mark_mails(self, mails: Iterable[Mail]) -> None:
        """Keep the new state, time and error of mails, and when they may be tried again."""
        self.db.executemany(
            "UPDATE outbox SET state = ?, sent_at = ?, error = ?, not_before = ? WHERE id = ?",
            [(m.state.value, iso_or_none(m.sent_at), m.error, iso(m.not_before), m.id) for m in mails],
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
