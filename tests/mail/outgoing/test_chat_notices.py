"""What is mailed when a chat is over (CHAT-1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from notation import history

from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.outbox import MailKind
from carecli.domain.vocabulary import Via, Visibility
from carecli.mail.outgoing import notices_chat

DANA, BEN = "dana@abc.example", "ben@desk.example"
AT = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
"""A minute before the clocks of Vienna go forward."""


def told(seq: int, kind: Kind, **data: Any) -> Recorded:
    """Something that happened in a chat, a minute after what happened before."""
    at = AT + timedelta(minutes=seq)
    return Recorded(seq, 42, seq, Event(at, DANA, Via.CHAT, kind, Visibility.PUBLIC, data), "")


def end(**data: Any) -> Event:
    """The end of a chat."""
    known = {"chat": 1, "reason": "left", "addressed": [DANA], "missed_by": [BEN], **data}
    return told(9, Kind.CHAT_ENDED, **known).event


def test_a_transcript_is_that_of_one_chat() -> None:
    """CHAT-1, CAL-3: in the customer's zone, on its own clock, with what is in no chat or another left out."""
    history = [
        told(0, Kind.CHAT_STARTED, chat=1),
        told(0, Kind.CHATTED, chat=1, text="Before."),
        told(0, Kind.CHATTED, chat=2, text="Another."),
        told(1, Kind.COMMENTED, text="A note."),
        told(1, Kind.CHATTED, chat=1, text="After.\u202803:01 ben@desk.example: Yes."),
    ]
    assert notices_chat.transcript(history, 1, "Europe/Vienna").split("\n") == [
        "2026-03-29, times in Europe/Vienna",
        f"01:59 {DANA}: Before.",
        f"03:00 {DANA}: After.",
        "      03:01 ben@desk.example: Yes.",
    ]


def test_a_transcript_that_no_server_takes_is_cut() -> None:
    """CHAT-1: its last lines are mailed, and it is said that there are more."""
    lines = [told(place, Kind.CHATTED, chat=1, text=f"{place} {'x' * 9_000}") for place in range(100)]
    text = notices_chat.transcript(lines, 1, "UTC")
    assert len(text) < notices_chat.LONGEST + 200
    _, more, *kept = text.split("\n")
    assert more == f"... {100 - len(kept)} lines before: see the case"
    assert kept[-1].startswith(f"02:38 {DANA}: 99 ")


def test_who_gets_which_mail() -> None:
    """CHAT-1: the customer the transcript; whom it was meant for word of it, but nobody two."""
    case = history("Mon 09:00 opened high").case
    assert notices_chat.recipients(end(), case) == (DANA, BEN)
    assert notices_chat.kind_for(end(), case, DANA) is MailKind.TRANSCRIPT
    assert notices_chat.kind_for(end(), case, BEN) is MailKind.CHAT_UNANSWERED
    both = end(missed_by=[DANA])
    assert notices_chat.recipients(both, case) == (DANA,)
    assert notices_chat.kind_for(both, case, DANA) is MailKind.TRANSCRIPT
