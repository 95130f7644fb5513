"""Incidents as people look at them: one whole, its actions, and the line that a command answers with."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from carecli.domain.case import Case
from carecli.domain.deadline import Deadline
from carecli.domain.events import Event, Kind
from carecli.domain.incident import Action, Affected, Incident
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import clock_time, titled, zoned_time

ACTION_COLUMNS = (
    Column("id", "#", right=True),
    Column("text", "Action", least=24),
    Column("owner", "Owner", least=12),
    Column("due_at", "Due"),
    Column("done_at", "Done", rank=1),
    Column("done_by", "Done by", rank=2, least=12),
)
TEXTS = {
    "details": "Details",
    "restoration": "Restoration",
    "root_cause": "Root cause",
    "measures": "Corrective measures",
    "comments": "Comments",
}

TOLD = {
    Kind.AFFECTED: "part of an incident",
    Kind.UNAFFECTED: "not part of the incident after all",
    Kind.SERVICE_BACK: "the incident is over",
}


def action_sheet(actions: Sequence[Action], zone: str, now: datetime) -> Sheet:
    """The actions of an incident; one that is late stands out."""
    return Sheet("Actions", ACTION_COLUMNS, tuple(_action(one, now) for one in actions), zone)


def listed_sheet(listed: Sequence[tuple[int, Action]], zone: str, now: datetime, *, title: str) -> Sheet:
    """Actions with the incidents that they belong to."""
    columns = (Column("number", "Incident"), *ACTION_COLUMNS)
    rows = tuple((Cell(written(number), tone=Tone.STRONG), *_action(one, now)) for number, one in listed)
    return Sheet(title, columns, rows, zone)


def _action(one: Action, now: datetime) -> tuple[Cell, ...]:
    late = one.done_at is None and one.due_at < now
    return (
        Cell(one.id),
        Cell(one.text),
        Cell(one.owner),
        Cell(one.due_at, tone=Tone.ALARM if late else Tone.PLAIN),
        Cell(one.done_at),
        Cell(one.done_by),
    )


def told(event: Event) -> Iterator[str]:
    """What another account's case is told of the incident that it is part of (INC-1)."""
    if event.kind in TOLD:
        lead = TOLD[event.kind] + (" that is over" if event.data.get("over") else "")
        yield ": ".join(filter(None, (lead, event.data["title"])))


def page(case: Case, zone: str, now: datetime) -> list[Section]:
    """An incident whole, for staff: times, whom it affects, what is due, and what the report will say."""
    assert case.incident is not None, "an incident is shown"
    incident = case.incident
    sections: list[Section] = [_facts(case, incident, zone)]
    for key, title in TEXTS.items():
        text = getattr(incident, key)
        if text:
            sections.append(Prose(title, text))
    sections.extend(Prose(f"For {account}", text) for account, text in incident.specifics)
    if incident.actions:
        sections.append(action_sheet(incident.actions, zone, now))
    return sections


def _facts(case: Case, incident: Incident, zone: str) -> Sheet:
    rows = tuple(
        (Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in _lines(case, incident, zone) if value
    )
    columns = (Column("field", "Field"), Column("value", "Value", least=30))
    title = f"Incident {written(case.number)}  {incident.title or case.subject}"
    return Sheet(title, columns, rows, zone, headed=False)


def _lines(case: Case, incident: Incident, zone: str) -> Iterator[tuple[str, str | datetime | None]]:
    yield "Status", f"{titled(case.status)} / {titled(case.standing.substatus)}"
    yield "Title", incident.title or "none yet: other accounts cannot be told"
    yield "Account", case.account
    yield "Began", incident.started_at
    yield "Declared", incident.declared_at
    yield "Service back", incident.restored_at or "not yet"
    yield "Post-mortem", incident.post_mortem_at
    for one in incident.affected:
        yield "Affects", _affects(one)
    for due in case.deadlines:
        if due.open:
            yield "Due", _due(due, zone)
    for asked in incident.asked:
        if asked.sent_at is None:
            yield "Report wanted", f"by {asked.account}, asked {zoned_time(asked.at, zone)}"
    for account, at in incident.sent:
        yield "Report sent", f"to {account}, {clock_time(at, zone)}"


def _affects(one: Affected) -> str:
    where = "told by mail" if one.number is None else f"case {written(one.number)}"
    return f"{one.account}, {where}{', told that it is over' if one.back_at else ''}"


def _due(one: Deadline, zone: str) -> str:
    about = f" ({one.about})" if one.about else ""
    missed = ", missed" if one.missed_at else ""
    return f"{titled(one.kind)}{about} by {zoned_time(one.due_at, zone)}{missed}"
