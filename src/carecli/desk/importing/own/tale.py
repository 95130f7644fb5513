"""One case of another `care` as it grows here, event by event: what stays, and what is made anew (IMP-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carecli.desk import calendars
from carecli.desk.intake import policy_digest
from carecli.desk.verify import IMPORTED
from carecli.domain import deadlines
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import SYSTEM, Via, Visibility
from carecli.domain.whatif import MADE_ANEW
from carecli.store.codec import canonical, text_hash

if TYPE_CHECKING:
    from carecli.desk.importing.own.log import Entry
    from carecli.desk.record import Record

LEFT = MADE_ANEW | {
    *(Kind.REBASED, Kind.ARTICLE_LINKED, Kind.SANITISED, Kind.FOLLOW_UP_HELD),
    *(Kind.MAIL_UNDELIVERED, Kind.MAIL_BOUNCED, Kind.MAIL_RESENT),
}
"""What is made anew here, and what is about articles, mails and files that are not here."""

NAMING = frozenset({Kind.LINKED, Kind.UNLINKED, Kind.SPLIT})
"""Events that mean nothing without the other case that they name."""


@dataclass(slots=True)
class Tale:
    """A case as it grows: the events not yet written, and by its place there the place here of each event."""

    case: Case
    rules: Rules
    events: list[Event] = field(default_factory=list)
    places: dict[int, int] = field(default_factory=dict)
    answered: bool = False
    latest: datetime | None = None

    def add(self, entry: Entry, event: Event) -> None:
        """Let an event happen, with what fell due before it and what it met."""
        before = self.case.seq
        self.case, events = deadlines.consequences(self.case, event, self.rules)
        self.places[entry.seq] = before + 1 + events.index(event)
        self.events += events
        self.answered = self.answered or bool(event.data.get("answers"))


def reference(opening: Entry) -> str:
    """What a case is known by here: what its opening says, whichever desk it was."""
    event = opening.event
    return f"care/{text_hash(canonical([opening.number, event.at.isoformat(), event.actor, event.data]))[:32]}"


def begun(record: Record, opening: Entry, numbers: dict[int, int], sla: str) -> Tale:
    """The case as it was opened, under the policy in force here and the calendar of its account."""
    data = dict(opening.event.data)
    account = record.writing.account(data["account"])
    assert account is not None, "looked at before"
    spec = account.calendar.over(record.settings.calendar)
    links = [{**link, "number": numbers[link["number"]]} for link in data["links"] if link["number"] in numbers]
    intake = {key: value for key, value in data.get("intake", {}).items() if key != "alert"}
    data |= {
        "number": numbers[opening.number or 0],
        "account": account.name,
        "policy": policy_digest(record),
        "calendar": calendars.pinned(record, spec, opening.event.at),
        "links": links,
        "clocks": bool(data["clocks"]) and sla == "opened",
        "imported_as": reference(opening),
        IMPORTED: opening.seq,
    }
    if "intake" in data:
        data["intake"] = intake
    rules = record.rulebook.rules(record.writing, data["policy"], data["calendar"])
    event = opening.event._replace(data=_without(data))
    return Tale(evolve(None, event, rules), rules, [event], {opening.seq: 1})


def resumed(record: Record, number: int, entries: Sequence[Entry]) -> tuple[Tale, list[Entry]]:
    """A case brought in before, and what the log has told of it since."""
    case = record.writing.case(number)
    assert case is not None, "a reference names a case"
    history = record.writing.history(number)
    places = {e.event.data[IMPORTED]: e.seq for e in history if IMPORTED in e.event.data}
    tale = Tale(case, record.rules(case), [], places, answered=any(e.event.data.get("answers") for e in history))
    tale.latest = max(entry.event.at for entry in history)
    return tale, [entry for entry in entries if entry.seq > max(places)]


def adapted(entry: Entry, tale: Tale, numbers: dict[int, int], sla: str) -> Event | None:
    """An event as it is here; None for one that is made anew, or means nothing at this desk."""
    event = entry.event
    if event.kind in LEFT or (event.kind is Kind.CHAT_ENDED and tale.case.chat is None):
        return None
    if event.kind is Kind.CLOCKS_STARTED and sla != "opened":
        return None
    data = {**event.data, IMPORTED: entry.seq}
    if isinstance(data.get("number"), int):
        if event.kind in NAMING and data["number"] not in numbers:
            return None
        data["number"] = numbers.get(data["number"])
    if event.kind is Kind.SPLIT:
        data["seq"] = tale.places[data["seq"]]
    if event.kind is Kind.ATTACHED:
        data["text"] = _files_told(data)
        return event._replace(kind=Kind.COMMENTED, data=_without(data))
    return event._replace(data=_without(data))


def _without(data: dict[str, Any]) -> dict[str, Any]:
    """What an event tells, but for the mails, articles, files and alert groups of the other desk."""
    left = {"mail", "article", "files", "alert", "accompanies"}
    return {key: value for key, value in data.items() if key not in left}


def _files_told(data: dict[str, Any]) -> str:
    """The text of an event that came with files, which stayed at the other desk."""
    files = "\n".join(f"{one['name']} ({one['size']:,} bytes, SHA-256 {one['sha256']})" for one in data["files"])
    told = f"Attached at the other desk:\n{files}"
    return f"{data['text']}\n\n{told}" if data.get("text") else told


def finished(tale: Tale, now: datetime, sla: str) -> None:
    """Clocks that begin with the import, and what fell due by now at its nominal time (IMP-1)."""
    if sla == "now" and not tale.case.closed:
        data = {"answered": tale.answered}
        _follow(tale, Event(now, SYSTEM, Via.DESK, Kind.CLOCKS_STARTED, Visibility.INTERNAL, data))
    for crossing in deadlines.crossings(tale.case, now, tale.rules):
        _follow(tale, crossing)


def _follow(tale: Tale, event: Event) -> None:
    tale.case = evolve(tale.case, event, tale.rules)
    tale.events.append(event)
