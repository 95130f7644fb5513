"""What is decided of a chat: how it begins, what a line in it does to the case, how it ends (CHAT-1)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from carecli.domain import lifecycle
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.chat import Chat, Ending
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import SYSTEM, Via, Visibility
from carecli.errors import Invalid, Refused

LINE_MAX = 10_000
KINDS = frozenset({Kind.CHAT_STARTED, Kind.CHATTED, Kind.CHAT_ENDED})


def standing(case: Case, at: datetime) -> Chat | None:
    """The chat that stands at a moment; one in which nobody wrote for too long does not, ticked or not."""
    return case.chat if case.chat and at <= case.chat.idle_at else None


def started(case: Case, act: Act, at: datetime, asked: Sequence[str] = ()) -> Event:
    """A chat begins; those who are `asked` to come are the owner, or whoever may take the case."""
    if case.closed:
        raise Refused(
            f"case {written(case.number)} is closed: there is no chat on it",
            hint=f"`care reopen {written(case.number)}` takes it up again",
            rule="CHAT-1",
        )
    data = {"chat": case.chats + 1, "side": act.side.value, "asked": list(asked)}
    return Event(at, act.by, Via.CHAT, Kind.CHAT_STARTED, Visibility.PUBLIC, data)


def said(case: Case, text: str, act: Act, at: datetime, *, message: bool = False) -> Event:
    """A line, or a `message` for an owner who is away: to the case it is an update like any other (STAT-3, SLA-3).

    Raises Refused where the chat is over, Invalid for a text that is no line.
    """
    chat = standing(case, at)
    if chat is None:
        raise over(case)
    kept = left_text(text) if message else line(text)
    if not kept:
        raise Invalid("the line is empty", hint="write something, or /quit", rule="CHAT-1")
    more: dict[str, Any] = {"message": True} if message else {}
    told = act._replace(via=Via.CHAT)
    return lifecycle.moved(
        case, Move.UPDATE, Kind.CHATTED, told, at, kept, chat=chat.id, side=act.side.value, **more
    )


def left_text(text: str) -> str | None:
    """A message as it is kept, None for an empty one; raises Invalid for one that is too long or no text."""
    return lifecycle.text_or_none(text.strip())


def line(text: str) -> str | None:
    """A line as it is kept, None for an empty one; raises Invalid for one that is too long or no text."""
    kept = lifecycle.text_or_none(" ".join(text.splitlines()).strip())
    if kept and len(kept) > LINE_MAX:
        raise Invalid(
            f"the line has {len(kept):,} characters; {LINE_MAX:,} is the most",
            hint="`care update` takes long texts, `care attachment add` files",
            rule="CHAT-1",
        )
    return kept


def over(case: Case) -> Refused:
    """The refusal of whoever writes into a chat that has ended."""
    number = written(case.number)
    return Refused(
        f"the chat on case {number} is over",
        hint=f"`care chat {number}` begins another, `care update {number}` writes to the case",
        rule="CHAT-1",
    )


def ended(
    case: Case, chat: Chat, ending: Ending, at: datetime, by: str, via: Via, who: str | None = None
) -> Event:
    """The end: whom the transcript is mailed to, and whom a chat that nobody of staff answered (CHAT-1).

    `who` left or vanished.
    """
    heard = [case.contact, *chat.contacts] if chat.lines else []
    missed = ([case.owner] if case.owner else chat.asked) if chat.unheard else ()
    data = {
        "chat": chat.id,
        "reason": ending.value,
        "who": who,
        "lines": chat.lines,
        "addressed": list(dict.fromkeys(heard)),
        "missed_by": list(missed),
    }
    return Event(at, by, via, Kind.CHAT_ENDED, Visibility.PUBLIC, data)


def left(case: Case, chat: Chat, act: Act, at: datetime, *, message: bool = False) -> Event:
    """The end as somebody goes, the last of a side, perhaps having left a message."""
    return ended(case, chat, Ending.MESSAGE if message else Ending.LEFT, at, act.by, Via.CHAT, act.by)


def vanished(case: Case, chat: Chat, who: str, at: datetime) -> Event:
    """The end as the other side's program is gone without a word: recorded by the desk itself."""
    return ended(case, chat, Ending.VANISHED, at, SYSTEM, Via.CHAT, who)


def idle(case: Case, chat: Chat) -> Event:
    """The end of a chat in which nobody wrote for too long, at the time when that was so."""
    return ended(case, chat, Ending.IDLE, chat.idle_at, SYSTEM, Via.TICK)


def timers(case: Case) -> Iterator[Timer]:
    """When the chat of a case ends unless somebody writes."""
    if case.chat:
        yield Timer(case.chat.idle_at, case.number, TimerKind.CHAT, None, case.chat.id)


def closed_with(after: Case, event: Event) -> Iterator[Event]:
    """The end of a chat whose case was closed."""
    if after.chat and after.closed:
        yield ended(after, after.chat, Ending.CLOSED, event.at, SYSTEM, Via.CHAT)
