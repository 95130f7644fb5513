"""Delivering the outbox: at least once, each mail marked as soon as it has left (MAIL-6, FU-6).

No transaction is open while a mail server is talked to: a lock of its own keeps a second delivery away, from the
outbox or from the mail of some cases.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.desk.beside import beside_others
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.instants import instant
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.tick_report import MailCount
from carecli.errors import CareError

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.mail.letters import Letters
    from carecli.desk.record import Record
    from carecli.mail.transports.protocol import Failure, Transport
    from carecli.store.protocol import Reading

State = Mapping[str, Any]
"""A case as JSON values: enough to see where its ladder stands."""

END: Final = instant("9999-12-31T23:59:59Z")
"""Later than any retry."""

OVERTAKEN: Final = "answered before it left"


class Run(NamedTuple):
    """One delivery: what it hands over, by which way, and the mails that it has met: each is tried once."""

    desk: Desk
    transport: Transport
    letters: Letters
    replay: bool
    met: set[int]


class Batch(NamedTuple):
    """Mails that are due: those to hand over, and what needs no handing over."""

    leaving: Sequence[Mail]
    settled: Sequence[Mail]


class Tried(NamedTuple):
    """A mail that was handed over, as it went out, and what kept it from leaving."""

    mail: Mail
    failure: Failure | None
    raw: bytes = b""


def by_hand(desk: Desk, *, everything: bool) -> MailCount:
    """Deliver as a tick does, for admins and the system; `everything`: also what waits for its next try."""
    access.require(desk.actor, Right.RUN_TIME)
    return deliver(desk, everything=everything)


def deliver(desk: Desk, *, replay: bool = False, everything: bool = False) -> MailCount:
    """Hand over all mail that is due by now; what fails is tried again after a gap that grows.

    A reminder that leaves late moves its ladder, unless the tick replays (FU-4). What another process is
    delivering is left to that one.
    """
    until = END if everything else desk.now
    with desk.machinery() as reading:
        reading.require_working(desk.config.db)
        if not reading.mail_waiting(until, 1):
            return MailCount()
    with desk.store.delivering() as ours:
        return _delivered(desk, until, replay=replay) if ours else MailCount()


def _delivered(desk: Desk, until: datetime, *, replay: bool) -> MailCount:
    # Imported here: the mail packages cost more than a tick with nothing to deliver.
    from carecli.desk.mail.letters import Letters
    from carecli.desk.mail.transport import sender_address, way_out

    settings = desk.config.mail
    try:
        letters = Letters(desk, sender_address(settings))
        transport = way_out(settings)
    except CareError as error:
        # Nothing can leave, and no mail is to blame: all of it waits as it is.
        return MailCount(1, 0, 1, reason=error.message, hint=error.hint)
    count = MailCount()
    with closing(transport):
        for marks in _batches(Run(desk, transport, letters, replay, set()), until):
            count = _counted(count, marks)
    return count


def _batches(run: Run, until: datetime) -> Iterator[Sequence[tuple[Mail, Failure | None]]]:
    """What became of the mail that is due, a batch at a time, until none is left or the way out is barred."""
    again = True
    while again:
        met = len(run.met)
        barred = yield from _passed(run, until)
        # What a delivery beside this one had claimed, and lost as it was killed, is behind our back.
        again = run.desk.store.shared and not barred and len(run.met) > met


def _passed(run: Run, until: datetime) -> Generator[Sequence[tuple[Mail, Failure | None]], None, bool]:
    """Go through the queue of mail once; whether the way out is barred."""
    last: Mail | None = None
    barred = False
    while not barred:
        with run.desk.store.claim_mail(until, run.transport.batch, last) as claim:
            last = claim.last
            if last is None:
                return False
            batch = _read(run, claim.mails)
            tried = _tried(run, batch.leaving)
            marks = _kept(run, batch, tried)
        barred = any(one.failure and one.failure.stops for one in tried)
        yield marks
    return True


def _read(run: Run, due: Sequence[Mail]) -> Batch:
    """These mails, sorted by whether they are still to leave."""
    if not due:
        return Batch((), ())
    with run.desk.machinery() as reading:
        return _sorted(run, reading, due)


def _sorted(run: Run, reading: Reading, due: Sequence[Mail]) -> Batch:
    # Where all is tried that waits, that does not end the quiet hours, and what has just failed waits again.
    mails = [mail for mail in due if mail.not_before <= run.desk.now and mail.id not in run.met]
    run.met.update(mail.id for mail in due)
    numbers = [mail.number for mail in mails if mail.stage and mail.number]
    states = {state["number"]: state for state in reading.listed(numbers)} if numbers else {}
    gone = reading.inactive({mail.to for mail in mails})
    settled = [settled for mail in mails if (settled := _settled(mail, states, gone))]
    done = {mail.id for mail in settled}
    return Batch([mail for mail in mails if mail.id not in done], settled)


def _settled(mail: Mail, states: Mapping[int, State], gone: set[str]) -> Mail | None:
    """What becomes of a mail that shall not leave: an answer overtook it (FU-5), or its reader acts no more."""
    if mail.kind is MailKind.REMINDER and not _awaited(states, mail):
        return mail._replace(state=MailState.WITHDRAWN, next_at=None, error=OVERTAKEN)
    if mail.to.casefold() in gone:
        return mail._replace(
            state=MailState.FAILED, next_at=None, error=f"{mail.to} acts for nobody here any more"
        )
    return None


def _tried(run: Run, mails: Sequence[Mail]) -> list[Tried]:
    """Hand mails over, those that cannot be written apart."""
    written = [run.letters.written(mail) for mail in mails]
    postings = [letter.posting for letter in written if letter.posting]
    outcomes = iter(run.transport.deliver(postings))
    return [
        Tried(mail, next(outcomes), letter.posting.raw) if letter.posting else Tried(mail, letter.failure)
        for mail, letter in zip(mails, written, strict=True)
    ]


def _kept(run: Run, batch: Batch, tried: Sequence[Tried]) -> Sequence[tuple[Mail, Failure | None]]:
    """Put on record what became of a batch, in one transaction; the answer is for what was tried alone."""
    if not (tried or batch.settled):
        return ()
    return beside_others(run.desk, partial(_keep, settled=batch.settled, tried=tried, replay=run.replay))


def _keep(
    record: Record, settled: Sequence[Mail], tried: Sequence[Tried], *, replay: bool
) -> Sequence[tuple[Mail, Failure | None]]:
    # Imported here: most ticks have no mail to deliver, and need none of the rules.
    from carecli.desk.mail.ladder import Ladders, moved_by

    marks = [(_marked(record, one), one.failure) for one in tried]
    told = [*settled, *(mark for mark, _ in marks)]
    record.writing.hold(moved_by(told))
    record.writing.mark_mails(told)
    record.writing.keep_raw((one.mail.id, one.raw) for one in tried if not one.failure)
    ladders = Ladders(record, told, replay=replay)
    for mail in told:
        ladders.tell(mail)
    return marks


def _marked(record: Record, tried: Tried) -> Mail:
    mail, failure = tried.mail, tried.failure
    if failure is None:
        return mail._replace(
            state=MailState.SENT, next_at=None, sent_at=record.now, error=None, attempts=mail.attempts + 1
        )
    from carecli.domain import retry

    if not failure.permanent and mail.next_at and mail.next_at > record.now:
        # Tried before its time, by hand: that uses up none of its patience.
        return mail._replace(state=MailState.FAILED, error=failure.what)
    attempts = mail.attempts + 1
    next_at = None if failure.permanent else retry.next_at(attempts, record.now, record.policy().mail.patience)
    return mail._replace(state=MailState.FAILED, error=failure.what, attempts=attempts, next_at=next_at)


def _awaited(states: Mapping[int, State], mail: Mail) -> bool:
    """Whether the case's ladder still stands in the round that the mail is a stage of."""
    state = states.get(mail.number) if mail.stage and mail.number else None
    ladder = state["followup"] if state else None
    return bool(ladder and ladder["round"] == mail.round)


def _counted(count: MailCount, marks: Sequence[tuple[Mail, Failure | None]]) -> MailCount:
    """The count with one more batch; of what failed the first is told, and when the next try is."""
    failed = [(mark, failure) for mark, failure in marks if failure]
    tries = [mark.next_at for mark, _ in failed if mark.next_at]
    nearest = min([*tries, *([count.next_try_at] if count.next_try_at else [])], default=None)
    first = failed[0][1] if failed and count.reason is None else None
    return MailCount(
        count.queued + len(marks),
        count.sent + len(marks) - len(failed),
        count.failed + len(failed),
        nearest,
        first.what if first else count.reason,
        first.hint if first else count.hint,
    )
