"""What a chat leaves behind by mail: its transcript, and word of one that nobody of staff answered (CHAT-1)."""

from collections.abc import Iterable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from carecli.domain.case import Case
from carecli.domain.chat import Ending
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import MailKind
from carecli.mail.outgoing.topic import Topic

LONGEST: Final = 400_000
"""How many characters of a transcript are mailed; servers refuse mails beyond some megabytes."""


def recipients(event: Event, _case: Case) -> tuple[str, ...]:
    """Whom the end of a chat is told: those who took part for the customer, and whom of staff it was meant for."""
    return tuple(dict.fromkeys((*event.data["addressed"], *event.data["missed_by"])))


def kind_for(event: Event, _case: Case, to: str | None) -> MailKind:
    """Which mail one of them gets."""
    missed = to in event.data["missed_by"] and to not in event.data["addressed"]
    return MailKind.CHAT_UNANSWERED if missed else MailKind.TRANSCRIPT


def lead(kind: MailKind, event: Event, case: Case) -> str | None:
    """The first sentence; None for a mail about anything else."""
    number = written(case.number)
    if kind is MailKind.CHAT_UNANSWERED:
        what = "left a message in the chat" if event.data["reason"] == Ending.MESSAGE else "waited in a chat"
        return f"{_customer(event, case)} {what} on case {number} of {case.account}, and nobody answered."
    if kind is not MailKind.TRANSCRIPT:
        return None
    unheard = " Nobody was there to answer; Customer Care has it by mail." if event.data["missed_by"] else ""
    return f"This is the transcript of the chat on case {number}.{unheard}"


def _customer(event: Event, case: Case) -> str:
    """Those who wrote: the case's contact stands first among the addressed, whether or not it was him."""
    others = [email for email in event.data["addressed"] if email != case.contact]
    return ", ".join(others) if others else case.contact


def transcript(history: Iterable[Recorded], chat: int, zone: str) -> str:
    """What was said in a chat, a line each, in the customer's zone."""
    told = [entry.event for entry in history if entry.event.data.get("chat") == chat]
    lines = [line for event in told if event.kind is Kind.CHATTED for line in _said(event, zone)]
    kept = _newest(lines)
    left_out = [f"... {len(lines) - len(kept):,} lines before: see the case"] if len(kept) < len(lines) else []
    begun = told[0].at.astimezone(ZoneInfo(zone))
    return "\n".join([f"{begun:%Y-%m-%d}, times in {zone}", *left_out, *kept])


def _said(event: Event, zone: str) -> Iterator[str]:
    """A line with who said it when; what follows in a message stands apart, and passes for nobody else's line."""
    local = event.at.astimezone(ZoneInfo(zone))
    first, *rest = event.data["text"].splitlines() or [""]
    yield f"{local:%H:%M} {event.actor}: {first}"
    yield from (f"      {line}" for line in rest)


def _newest(lines: list[str]) -> list[str]:
    """As many of the last lines as a mail takes."""
    room, kept = LONGEST, len(lines)
    while kept and len(lines[kept - 1]) < room:
        kept -= 1
        room -= len(lines[kept]) + 1
    return lines[kept:]


def ways(kind: MailKind, case: Case) -> tuple[tuple[str, str], ...]:
    """What whom it was meant for can type."""
    answering = ("To answer", f"care update {written(case.number)} -m 'your text'")
    return (answering,) if kind is MailKind.CHAT_UNANSWERED else ()


TOPIC: Final = Topic(
    about={MailKind.TRANSCRIPT: "the chat", MailKind.CHAT_UNANSWERED: "a chat that nobody answered"},
    names=frozenset({Kind.CHAT_ENDED}),
    recipients=recipients,
    kind_for=kind_for,
    lead=lead,
    to_care=frozenset({MailKind.CHAT_UNANSWERED}),
    ways=ways,
)
