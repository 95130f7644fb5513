"""An update that is an issue of its own, and the case that it becomes (OPEN-11)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import UPDATES, Event, Kind, Recorded
from carecli.domain.instants import iso
from carecli.domain.lifecycle import text_or_none
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Visibility
from carecli.errors import NotFound, Refused

WRITTEN: Final = UPDATES - {Kind.PRIORITY_CHANGED}
"""What may hold a text that somebody wrote to the other side."""


def update(case: Case, history: Sequence[Recorded], seq: int, now: datetime) -> Recorded:
    """The update of this place in the case's log; raises Refused for what cannot become a case of its own.

    That is what says nothing, what is for staff alone (the customer would read it), what was moved before, and
    what was written after `now`.
    """
    number = written(case.number)
    hint = f"care log {number} shows the updates with their numbers; nothing was changed"
    entry = next((entry for entry in history if entry.seq == seq), None)
    if entry is None:
        raise NotFound(f"case {number} has no update {seq}", hint=hint, rule="OPEN-11")
    if not entry.event.public:
        raise Refused(f"{seq} is internal, and the customer would read it", hint=hint, rule="DC-3")
    if entry.event.kind not in WRITTEN or not (entry.event.data.get("text") or "").strip():
        raise Refused(f"{seq} is no update with a text: {entry.event.kind}", hint=hint, rule="OPEN-11")
    if entry.event.at > now:
        hint = "check --now, CARE_NOW and the machine's clock"
        raise Refused(f"{seq} was written at {iso(entry.event.at)}, after this moment", hint=hint, rule="STAT-4")
    moved_to = moved(entry.event for entry in history).get(seq)
    if moved_to is not None:
        raise Refused(f"update {seq} is case {written(moved_to)} already", hint=hint, rule="OPEN-11")
    return entry


def moved(events: Iterable[Event]) -> Mapping[int, int]:
    """Which updates have become cases of their own: each one's place in the log, and the case's number."""
    return {event.data["seq"]: event.data["number"] for event in events if event.kind is Kind.SPLIT}


def files(history: Sequence[Recorded], entry: Recorded) -> list[str]:
    """The names of the files that came with an update: in its own event, or in one right behind it."""
    names = [file["name"] for file in entry.event.data.get("files", ())]
    for later in (other for other in history if other.seq > entry.seq):
        if not later.event.data.get("accompanies"):
            break
        names += [file["name"] for file in later.event.data["files"]]
    return names


def split(entry: Recorded, number: int, names: Sequence[str], why: str | None, act: Act, at: datetime) -> Event:
    """What the original is told: the update stays where it is, as nothing is ever taken out of a log (STAT-4)."""
    data: dict[str, Any] = {"seq": entry.seq, "number": number, "text": text_or_none(why)}
    if names:
        data["stays"] = list(names)
    return Event(at, act.by, act.via, Kind.SPLIT, Visibility.PUBLIC, data)


def subject(text: str, most: int) -> str:
    """A subject for a text that has none: its first line, cut at a word."""
    line = next((" ".join(row.split()) for row in text.splitlines() if row.strip()), "")
    line = "".join(c if c.isprintable() else " " for c in line).strip()
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[most // 2 :] else cut}…"
