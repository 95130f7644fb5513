"""Chats as people read them: line by line as they go on, whole on the case, and who waits in one (CHAT-1)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from carecli.domain.case_state import case as read_case
from carecli.domain.chat import Ending, Waiting
from carecli.domain.chatting import KINDS
from carecli.domain.counting import counted
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.render import legible
from carecli.render.sheet import Cell, Column, Prose, Sheet, Tone
from carecli.render.words import zoned_time

COLUMNS: Final = (
    Column("number", "Number"),
    Column("subject", "Subject", rank=1, least=14),
    Column("account", "Account", rank=3, least=12),
    Column("owner", "Owner", rank=4, least=12),
    Column("by", "Begun by", least=14),
    Column("since", "Since"),
    Column("lines", "Lines", rank=2, right=True),
    Column("present", "In it now", least=12),
    Column("waits", "Waits", extra=True),
)
SHOWN: Final = 30
"""How many lines of a chat the case shows; `care chat show` tells all."""


class Spoken(NamedTuple):
    """A line as it is shown: when, by whom, and the text, whose own line breaks are kept."""

    time: str
    who: str
    text: str
    mine: bool

    @property
    def line(self) -> str:
        """All of it in one line, for a pipe."""
        return f"{self.time} {self.who}: {legible.line(self.text)}"


def spoken(event: Event, zone: str, me: str | None = None) -> Spoken:
    """A line of a chat; the reader's own are `you`."""
    mine = event.actor == me
    who = "you" if mine else legible.line(event.actor)
    return Spoken(_time(event.at, zone), who, legible.lines(event.data["text"]), mine)


def end(event: Event) -> str:
    """Why a chat is over."""
    who = legible.line(event.data["who"] or "")
    return {
        Ending.LEFT: f"{who} left: the chat is over.",
        Ending.MESSAGE: f"{who} left a message: the chat is over.",
        Ending.VANISHED: f"{who} is gone, the connection broke off: the chat is over.",
        Ending.IDLE: "Nobody wrote any more: the chat is over.",
        Ending.CLOSED: "The case was closed: the chat is over.",
    }[Ending(event.data["reason"])]


def by_chat(entries: Iterable[Recorded]) -> dict[int, list[Recorded]]:
    """Events of chats, those of each together, in their order."""
    found: dict[int, list[Recorded]] = {}
    for entry in entries:
        found.setdefault(entry.event.data["chat"], []).append(entry)
    return found


def section(entries: Sequence[Recorded], zone: str, shown: int | None = None) -> Prose:
    """A chat whole, oldest line first, or its last lines."""
    first, last = entries[0].event, entries[-1].event
    said = [entry.event for entry in entries if entry.event.kind is Kind.CHATTED]
    who = ", ".join(dict.fromkeys(event.actor for event in (first, *said)))
    title = f"{zoned_time(first.at, zone)}  Chat {first.data['chat']}: {who}, {counted(len(said), 'line')}"
    kept = said if shown is None else said[-shown:]
    before = [f"... {len(said) - len(kept):,} before: care chat show"] if len(kept) < len(said) else []
    lines = [_indented(spoken(event, zone)) for event in kept]
    ending = end(last) if last.kind is Kind.CHAT_ENDED else "It is still going on."
    return Prose(title, "\n".join([*before, *lines, ending]))


def _indented(one: Spoken) -> str:
    """A line with those that follow in a message set apart, so that none passes for another's."""
    first, *rest = one.text.split("\n")
    return "\n".join([f"{one.time} {one.who}: {first}", *(f"      {line}" for line in rest)])


def transcripts(number: int, entries: Iterable[Recorded], zone: str) -> list[Prose]:
    """Every chat on a case, the oldest first."""
    chats = [section(told, zone) for told in by_chat(entries).values()]
    return chats or [Prose(f"Chats on {written(number)}", "there was none")]


def waiting_sheet(chats: Sequence[Waiting], zone: str) -> Sheet:
    """The chats that stand, and who is in them."""
    note = "care chat NUMBER joins one" if chats else "nobody is in a chat"
    return Sheet("Chats", COLUMNS, tuple(map(_row, chats)), zone, note)


def calling_sheet(chats: Sequence[Waiting], zone: str) -> Sheet:
    """The chats in which somebody waits for the reader, on the home page."""
    columns = (*COLUMNS[:3], COLUMNS[5], COLUMNS[7])
    rows = tuple((*row[:3], row[5], row[7]) for row in map(_row, chats))
    return Sheet(f"Waiting for you in a chat: {len(rows):,}", columns, rows, zone, "care chat NUMBER joins")


def gathered(updates: Iterable[Recorded]) -> Iterator[Recorded | tuple[Recorded, ...]]:
    """Updates as they come, newest first, but each chat as one, oldest line first, where its last line stands."""
    told = list(updates)
    chats = by_chat(reversed([entry for entry in told if entry.event.kind in KINDS]))
    for entry in told:
        if entry.event.kind not in KINDS:
            yield entry
        elif chat := chats.pop(entry.event.data["chat"], None):
            yield tuple(chat)


def _row(one: Waiting) -> tuple[Cell, ...]:
    case = read_case(one.state)
    there = ", ".join(dict.fromkeys(each.email for each in one.present))
    return (
        Cell(written(case.number), tone=Tone.STRONG),
        Cell(case.subject),
        Cell(case.account),
        Cell(case.owner),
        Cell(one.chat.by),
        Cell(one.chat.started_at),
        Cell(one.chat.lines),
        Cell(there or "nobody", tone=Tone.WARNING if one.waits else Tone.PLAIN),
        Cell(one.waits),
    )


def _time(at: datetime, zone: str) -> str:
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
