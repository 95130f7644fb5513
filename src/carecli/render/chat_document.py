"""Chats as the JSON that scripts read (CHAT-1)."""

from collections.abc import Iterable, Sequence
from typing import Any

from carecli.domain.chat import Waiting
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.instants import iso
from carecli.domain.numbers import written

Document = dict[str, Any]


def line(event: Event, place: int) -> Document:
    """A line of a chat, counted from 1."""
    return {
        "line": place,
        "at": iso(event.at),
        "by": event.actor,
        "side": event.data["side"],
        "text": event.data["text"],
        "message": bool(event.data.get("message")),
    }


def chat(entries: Sequence[Recorded]) -> Document:
    """A chat whole: who began it, what was said, and why it is over, null while it goes on."""
    first, last = entries[0].event, entries[-1].event
    said = [entry.event for entry in entries if entry.event.kind is Kind.CHATTED]
    return {
        "chat": first.data["chat"],
        "by": first.actor,
        "started_at": iso(first.at),
        "lines": [line(event, place) for place, event in enumerate(said, 1)],
        **end(last if last.kind is Kind.CHAT_ENDED else None),
    }


def end(event: Event | None) -> Document:
    """When and why a chat was over, and who left or vanished."""
    return {
        "ended_at": iso(event.at) if event else None,
        "reason": event.data["reason"] if event else None,
        "who": event.data["who"] if event else None,
    }


def chats(number: int, entries: Iterable[Sequence[Recorded]]) -> Document:
    """Chats on a case, oldest first."""
    return {"number": written(number), "chats": [chat(told) for told in entries]}


def row(one: Waiting) -> Document:
    """A chat that stands."""
    state = one.state
    return {
        "number": written(state["number"]),
        "subject": state["subject"],
        "account": state["account"],
        "owner": state["owner"],
        "chat": one.chat.id,
        "by": one.chat.by,
        "since": iso(one.chat.started_at),
        "idle_at": iso(one.chat.idle_at),
        "lines": one.chat.lines,
        "present": [{"email": each.email, "side": each.side.value} for each in one.present],
        "waits": one.waits,
    }
