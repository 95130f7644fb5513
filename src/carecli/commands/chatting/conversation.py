"""What a chat does between the lines, the same at a terminal and in a pipe (CHAT-1)."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from carecli.desk.chatting import Talk
from carecli.domain import chatting
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Side
from carecli.errors import CareError, DatabaseUnusable, ExitStatus, Invalid
from carecli.render import chat

POLL_S: Final = 0.1
"""How often a chat looks for what is new: half a second is the most that a line may take."""

GAP_S: Final = 0.03
"""How long whoever writes much leaves the database to the others between two transactions."""

FAILING_S: Final = 60.0
"""How long trouble with the database is waited out."""

LEAVING_S: Final = 20.0
"""The same for whoever goes."""

AT_ONCE: Final = 50
"""How many lines one transaction writes at most: between two of them come signs of life, and the others."""


class Shown(NamedTuple):
    """Where what happens is shown: a line that was said, and what is told beside it."""

    line: Callable[[Event], None]
    tell: Callable[[str], None]


class Conversation:
    """One side of a chat: what was typed goes out in order, what is said comes in, until it is over."""

    def __init__(self, talk: Talk, shown: Shown, *, asks_for_message: bool) -> None:
        """`asks_for_message`: somebody at a terminal is asked to leave one where nobody comes."""
        self.talk = talk
        self.over = self.going = False
        self.for_message = False
        self._shown = shown
        self._asks = asks_for_message
        self._unsent: deque[str] = deque()
        self._message: str | None = None
        self._left = False
        self.status = ExitStatus.DONE
        self._met = self._told_waiting = False
        self._failing_since: float | None = None

    def begin(self) -> None:
        """Say how it stands, with what was said before."""
        talk = self.talk
        self.turn()
        if self.over:
            return
        if talk.alone and talk.me.side is Side.CONTACT:
            who = talk.owner or "Customer Care"
            self._shown.tell(f"Waiting for {who}; what you write is on the case at once. /quit ends.")
        elif talk.alone:
            self._shown.tell("Nobody of the customer's side is here yet. /quit ends.")

    def typed(self, text: str) -> None:
        """Take in what was typed: a word for the chat itself, or a line."""
        word = text.strip().lower()
        if self.going:
            return
        if word in {"/quit", "/q", "/exit"}:
            self.going = True
        elif word == "/help":
            self._shown.tell("/quit ends the chat; /message leaves a message and ends it; all else is said.")
        elif word == "/message":
            self._ask_for_message()
        elif self._asks and _mistyped(text):
            self._shown.tell(f"Not said: there is no {word}, see /help. To say it, put a blank before it.")
        elif self.for_message:
            self._take_message(text)
        else:
            self._queue(text)

    def turn(self) -> None:
        """One round: write some of what waits, give a sign of life, show what is new, go where that is meant."""
        if self.over:
            return
        try:
            self._write()
            if not self.over:
                self.talk.beat()
                self._hear()
            if self.going and not (self.over or self._unsent):
                self.talk.leave(message=self._message is not None)
                self._hear()
                self.over = True
        except DatabaseUnusable as error:
            self._wait_out(error)
        except CareError as error:
            self._refused(error)
        else:
            self._failing_since = None

    def _hear(self) -> None:
        news = self.talk.heard()
        self._show(news.entries)
        if not self.over:
            self._tell_of(news.came, news.went)
            self._wait()

    @property
    def unsent(self) -> int:
        """How many lines wait to be written."""
        return len(self._unsent)

    @property
    def signal(self) -> int | None:
        """The descriptor that ends the pause between two rounds, as something happens in the chat."""
        return self.talk.signal if self._failing_since is None else None

    @property
    def pause_s(self) -> float:
        """How long to wait until the next round: less while there is more to write, and nothing in the way."""
        return GAP_S if self._unsent and self._failing_since is None else POLL_S

    def leave(self) -> None:
        """Go, having written what waits, and show what was still said; nothing where it is over already.

        Raises DatabaseUnusable where trouble lasts.
        """
        self.going = True
        while not self.over:
            self.turn()
            if not self.over:
                time.sleep(self.pause_s)

    def _take_message(self, text: str) -> None:
        try:
            self._message = chatting.left_text(text)
        except Invalid as error:
            self._shown.tell(f"Not left: {error.message}; {error.hint}.")
        self.going = self._message is not None

    def _queue(self, text: str) -> None:
        # A paste of several lines is several lines.
        for part in text.splitlines():
            try:
                kept = chatting.line(part)
            except Invalid as error:
                self._shown.tell(f"Not said: {error.message}; {error.hint}.")
            else:
                if kept:
                    self._unsent.append(kept)

    def _write(self) -> None:
        """Write some lines, and behind the last one the message that is left."""
        some = [self._unsent[place] for place in range(min(AT_ONCE, len(self._unsent)))]
        if some:
            self.talk.say(some)
            for _ in some:
                self._unsent.popleft()
        elif self._message and not self._left:
            self.talk.say([self._message], message=True)
            self._left = True

    def _refused(self, error: CareError) -> None:
        """The chat is over, or whoever is in it may be so no more."""
        with suppress(CareError):
            self._show(self.talk.heard().entries)
        self._told_lost()
        self._shown.tell(f"{error.message}; {error.hint}." if error.hint else f"{error.message}.")
        self.status = error.exit_status
        if not self.over:
            with suppress(CareError):
                self.talk.leave()
            self.over = True

    def _told_lost(self) -> None:
        """Say how much of what was entered nobody will read: what waits, and the message."""
        lost = len(self._unsent) + bool(self._message and not self._left)
        self._unsent.clear()
        self._message = None
        if lost:
            self.status = ExitStatus.REFUSED
            self._shown.tell(f"{lost:,} {'line was' if lost == 1 else 'lines were'} not said.")

    def _show(self, entries: Sequence[Recorded]) -> None:
        for entry in entries:
            if entry.event.kind is Kind.CHATTED:
                self._shown.line(entry.event)
        if self.talk.ended and not self.over:
            self.over = True
            self._tell_end(self.talk.ended.event)
            self._told_lost()
            self.talk.forget()

    def _tell_end(self, event: Event) -> None:
        data, number = event.data, written(self.talk.number)
        if data["who"] != self.talk.me.email:
            self._shown.tell(chat.end(event))
        if not data["lines"]:
            return
        mailed = " and comes by mail" if self.talk.me.email in data["addressed"] else ""
        self._shown.tell(f"The chat is kept on case {number}{mailed}: care chat show {number}")
        if data["missed_by"] and self.talk.me.side is Side.CONTACT:
            self._shown.tell(f"Nobody answered yet: it goes by mail to {_named(data['missed_by'])}.")

    def _tell_of(self, came: Sequence[str], went: Sequence[str]) -> None:
        for email in came:
            self._shown.tell(f"{email} is here.")
        for email in went:
            self._shown.tell(f"{email} is gone.")

    def _wait(self) -> None:
        """Somebody of the other side has come, or the customer has waited long enough."""
        if not self.talk.alone:
            if not self._met and self.for_message:
                self.for_message = False
            self._met = True
        elif not (self._told_waiting or self._met) and self._waited_long():
            self._told_waiting = True
            self._shown.tell(f"Nobody has come in {self.talk.wait_s} s.")
            if self._asks and not self.for_message:
                self._ask_for_message()

    def _waited_long(self) -> bool:
        """Whether the customer has; staff wait as long as they like."""
        return self.talk.me.side is Side.CONTACT and self.talk.waited_s >= self.talk.wait_s

    def _ask_for_message(self) -> None:
        who = self.talk.owner or "Customer Care"
        self.for_message = True
        self._shown.tell(f"Leave a message: what you enter now is mailed to {who}, and ends the chat.")

    def _wait_out(self, error: DatabaseUnusable) -> None:
        """Trouble may pass: it is told once, and what was typed is kept. Raises it where it lasts."""
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since = now
            self._shown.tell(f"{error.message}; what you write is said as soon as it can be.")
        elif now - self._failing_since > (LEAVING_S if self.going else FAILING_S):
            self._told_lost()
            raise error


def _named(people: Sequence[str]) -> str:
    return people[0] if len(people) == 1 else f"{people[0]} and {len(people) - 1} more"


def _mistyped(text: str) -> bool:
    """Whether it looks like a word for the chat itself; a path or a sentence does not."""
    return text.startswith("/") and text[1:].rstrip().isalpha()
