"""One side of a chat on a case: joined, heard, spoken in, left (CHAT-1).

What is said are events of the case. Who is there is told by signs of life that each program gives: a program that
was killed gives none, and the others end the chat for it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk import chats
from carecli.desk.cases import asked_for_report
from carecli.desk.desk import Desk, identified
from carecli.domain import chatting
from carecli.domain.chat import Present
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.vocabulary import Side
from carecli.errors import DatabaseUnusable

if TYPE_CHECKING:
    from carecli.domain.case import Case
    from carecli.store.protocol import Reading

BEAT_MS: Final = 1_500
"""How often a program gives a sign of life."""

BUSY_S: Final = 0.5
"""How long a line waits for another writer before it is tried again; a sign of life waits a fifth of that.

Whoever types sees nothing of it meanwhile.
"""

Clock = Callable[[], datetime]


class News(NamedTuple):
    """What happened in the chat since the last look, and who came and went."""

    entries: tuple[Recorded, ...] = ()
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


class Talk:
    """One person's side of a chat, from joining to leaving."""

    def __init__(self, desk: Desk, number: int, clock: Clock, pulse: chats.Pulse | None = None) -> None:
        """Come into the chat that stands, or begin one; raises Refused on a closed case, NotPermitted."""
        self.number = number
        self.me = desk.actor
        self.session = f"{os.getpid()}-{secrets.token_hex(8)}"
        self.ended: Recorded | None = None
        self.others: tuple[Present, ...] = ()
        self.owner: str | None = None
        self.wait_s = 0
        self._desk, self._clock, self._pulse = desk, clock, pulse or _shared(desk)
        self._joined_ms = self._pulse()
        self._beaten_ms = self._steady_ms = self._joined_ms
        self._version = -1
        self._join()

    def _join(self) -> None:
        with self._now().record() as record:
            case = record.case(self.number)
            act = chats.act_of(record.actor)
            if chatting.standing(case, record.now) is None:
                case = record.append(case, chatting.started(case, act, record.now, chats.asked(record, case)))
            assert case.chat is not None, "it was begun, if it did not stand"
            self.chat = case.chat
            self.owner = case.owner
            self.wait_s = record.rules(case).policy.chat.wait_s
            record.writing.put_present(self._sign())
            self._seq = _begun(record.writing, self.number, self.chat.id) - 1

    @property
    def alone(self) -> bool:
        """Whether nobody of the other side is here."""
        return not any(one.side is not self.me.side for one in self.others)

    @property
    def waited_s(self) -> float:
        """Seconds since joining."""
        return (self._pulse() - self._joined_ms) / 1000

    @property
    def signal(self) -> int | None:
        """The descriptor that becomes readable as something happens, None where one has to look."""
        return self._desk.store.signal()

    def heard(self) -> News:
        """What is new; costs next to nothing where nobody wrote.

        Raises DatabaseUnusable, and NotPermitted where whoever listens is nobody here any more.
        """
        version = self._desk.store.version()
        if version == self._version:
            return News()
        with self._now().reading() as reading:
            entries = reading.history_since(self.number, self._seq)
            present = reading.present(self.number)
        self._version = version
        if entries:
            self._seq = entries[-1].seq
        mine = tuple(entry for entry in entries if self._concerns(entry.event))
        self.ended = next((entry for entry in mine if entry.event.kind is Kind.CHAT_ENDED), self.ended)
        return News(mine, *self._changed(present))

    def say(self, texts: Sequence[str], *, message: bool = False) -> None:
        """Write lines, in one transaction and in this order.

        Raises Refused where the chat is over, Invalid for a text that is no line, DatabaseUnusable where the
        database is busy: nothing was written then, and it may be tried again.
        """
        with self._now().record(patience_s=BUSY_S) as record:
            case = record.case(self.number)
            act = chats.act_of(record.actor)
            for text in texts:
                self._require(case, record.now)
                event = chatting.said(case, text, act, record.now, message=message)
                case = asked_for_report(record, record.append(case, event), event)
            self.chat = case.chat or self.chat
        self._version = -1

    def beat(self) -> None:
        """Give a sign of life where one is due, and see to those who give none any more; never waits long."""
        now = self._pulse()
        if now - self._beaten_ms < BEAT_MS:
            return
        if now - self._beaten_ms > 2 * BEAT_MS:
            # Held up ourselves, as by a long import: so may the others have been.
            self._steady_ms = now
        try:
            # Who writes much may keep us out for a while, and would then take us for gone.
            patience = BUSY_S if now - self._beaten_ms > 2 * BEAT_MS else BUSY_S / 5
            with self._desk.store.write(patience_s=patience) as writing:
                writing.put_present(self._sign())
                present = writing.present(self.number)
        except DatabaseUnusable:
            return
        self._beaten_ms = now
        with suppress(DatabaseUnusable):
            if now - self._steady_ms > chats.GONE_MS and any(chats.gone(one, now) for one in present):
                self._bury()
            self._end_idle()

    def leave(self, *, message: bool = False) -> None:
        """Go; where nobody is left on this side, the chat is over."""
        # As who came: somebody who may act no more must still be able to go.
        with self._desk.at(self._clock()).record(patience_s=BUSY_S) as record:
            record.writing.drop_present(self.number, self.session)
            case = record.case(self.number)
            chat = chatting.standing(case, record.now)
            if chat and chat.id == self.chat.id and not self._here(record.writing, self.me.side):
                record.append(
                    case, chatting.left(case, chat, chats.act_of(record.actor), record.now, message=message)
                )
        self._version = -1

    def forget(self) -> None:
        """Give no more signs of life; the chat is over already."""
        with self._desk.store.write(patience_s=BUSY_S) as writing:
            writing.drop_present(self.number, self.session)

    def lines(self) -> tuple[Recorded, ...]:
        """The whole chat so far, from its beginning."""
        with self._desk.reading() as reading:
            history = reading.history(self.number)
        return tuple(entry for entry in history if self._concerns(entry.event))

    def _bury(self) -> None:
        """Forget the programs that are gone; where one was the last of its side, the chat is over."""
        with self._now().record(patience_s=BUSY_S) as record:
            gone = [one for one in record.writing.present(self.number) if chats.gone(one, self._pulse())]
            for one in gone:
                record.writing.drop_present(self.number, one.session)
            case = record.case(self.number)
            chat = chatting.standing(case, record.now)
            last = next((one for one in gone if not self._here(record.writing, one.side)), None)
            if chat and chat.id == self.chat.id and last:
                record.append(case, chatting.vanished(case, chat, last.email, record.now))
        self._version = -1

    def _end_idle(self) -> None:
        """End a chat in which nobody wrote for too long, at the time when that was so."""
        if self._clock() <= self.chat.idle_at or self.ended:
            return
        with self._now().record(patience_s=BUSY_S) as record:
            case = record.case(self.number)
            if case.chat and case.chat.id == self.chat.id:
                self.chat = case.chat
                if case.chat.idle_at < record.now:
                    record.append(case, chatting.idle(case, case.chat))
        self._version = -1

    def _require(self, case: Case, at: datetime) -> None:
        chat = chatting.standing(case, at)
        if chat is None or chat.id != self.chat.id:
            raise chatting.over(case)

    def _concerns(self, event: Event) -> bool:
        return event.kind in chatting.KINDS and event.data["chat"] == self.chat.id

    def _changed(self, present: Sequence[Present]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who came and who went, by name: somebody with two windows is one."""
        others = tuple(
            one for one in present if one.session != self.session and not chats.gone(one, self._pulse())
        )
        before, after = ({one.email for one in ones} - {self.me.email} for ones in (self.others, others))
        self.others = others
        return tuple(sorted(after - before)), tuple(sorted(before - after))

    def _here(self, reading: Reading, side: Side) -> bool:
        return any(one.side is side and not chats.gone(one, self._pulse()) for one in reading.present(self.number))

    def _sign(self) -> Present:
        return Present(self.number, self.session, self.me.email, self.me.side, self._pulse())

    def _now(self) -> Desk:
        """The desk at this moment; raises NotPermitted where the actor is nobody here any more."""
        with self._desk.reading() as reading:
            return self._desk.acting(identified(reading, self.me.email)).at(self._clock())


def _shared(desk: Desk) -> chats.Pulse:
    """The pulse of all who share the desk's record."""
    with desk.reading() as reading:
        return chats.pulse_of(reading)


def _begun(reading: Reading, number: int, chat: int) -> int:
    """Where the history of a case tells of the beginning of a chat."""
    for entry in reversed(reading.history(number)):
        if entry.event.kind is Kind.CHAT_STARTED and entry.event.data["chat"] == chat:
            return int(entry.seq)
    raise AssertionError("a chat that stands was begun")
