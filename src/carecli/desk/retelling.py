"""An incident of another desk told again in our events, row by row, through the same rules (IMP-1)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from carecli.desk.servicenow import Row
from carecli.domain import deadlines, lifecycle, opening, transitions
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve
from carecli.domain.opening import Form, Place
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import SYSTEM, Priority, Side, Via, Visibility

OPEN_STATES = frozenset(
    {"New", "Active", "Awaiting User Info", "Awaiting Problem", "Awaiting Vendor", "Awaiting Evidence"}
)
WAITING_ELSEWHERE = frozenset({"Awaiting Problem", "Awaiting Vendor", "Awaiting Evidence"})
REVISION, STATE = "imported_revision", "imported_state"


@dataclass(slots=True)
class Tale:
    """A case as it grows from rows: its state, the events not yet written, and the rows moved in time."""

    case: Case
    rules: Rules
    state: str
    at: datetime
    answered: bool
    events: list[Event] = field(default_factory=list)
    shifted: list[int] = field(default_factory=list)

    def add(self, row: Row, event: Event) -> None:
        """Let an event of a row happen, with what fell due before it and what it met."""
        marked = _marked(event, row, row.state)
        self.case, events = deadlines.consequences(self.case, marked, self.rules)
        self.events += events
        self.answered = self.answered or bool(event.data.get("answers"))


def opening_form(row: Row, account: str) -> Form:
    """The opening that a first row tells of; it is exempt from the rules for new cases (IMP-1)."""
    return Form(
        account=account,
        service=row.service,
        component=row.component,
        contact=row.caller,
        priority=row.priority,
        subject=f"{row.symptom or 'No symptom given'} ({row.incident})",
        description=f"Brought in from another desk, where it was {row.incident}.",
        fields={"external": row.incident, **row.outcomes},
    )


def begun(row: Row, form: Form, place: Place, rules: Rules, *, clocks: bool) -> Tale:
    """The case as it was opened."""
    logged_by = row.opened_by if row.via is Via.PHONE else None
    act = Act(row.caller, Side.CONTACT, row.via, logged_by)
    marked = _marked(opening.opened(form, place, act, row.opened_at, clocks=clocks), row, "New")
    return Tale(evolve(None, marked, rules), rules, "New", row.opened_at, answered=False, events=[marked])


def _marked(event: Event, row: Row, state: str) -> Event:
    """The event with the row that it comes from, by which a later import knows what is new."""
    return event._replace(data={**event.data, REVISION: row.revision, STATE: state})


def resumed(case: Case, history: list[Event], rules: Rules) -> tuple[Tale, int]:
    """A case imported before, and the last revision that it holds."""
    imported = [event for event in history if REVISION in event.data]
    answered = any(event.data.get("answers") for event in history)
    last = imported[-1]
    tale = Tale(case, rules, last.data[STATE], max(e.at for e in imported), answered)
    return tale, max(event.data[REVISION] for event in imported)


def tell(tale: Tale, row: Row, *, first: bool = False) -> None:
    """Add what a row tells: hand-overs, priority, state; a row before its bound is taken at the bound."""
    at = max(row.at, tale.at)
    if at != row.at:
        tale.shifted.append(row.line)
    tale.at = at
    for event in _handling(tale, row, at):
        tale.add(row, event)
    if row.state != tale.state:
        _change_state(tale, row, at)
    elif not first:
        tale.add(row, _note(row, at, f"updated while {row.state}"))
    tale.state = row.state


def _staff(row: Row) -> Act:
    return Act(row.updated_by, Side.STAFF, Via.DESK)


def _caller(tale: Tale) -> Act:
    return Act(tale.case.contact, Side.CONTACT, Via.PORTAL)


def _handling(tale: Tale, row: Row, at: datetime) -> Iterator[Event]:
    case = tale.case
    group, owner = row.group or case.group, row.owner or case.owner
    if (group, owner) != (case.group, case.owner):
        data = {"owner": owner, "group": group, "text": None}
        yield Event(at, row.updated_by, Via.DESK, Kind.ASSIGNED, Visibility.INTERNAL, data)
    if row.priority is not case.priority and not case.closed:
        yield _priority_change(case, row.priority, row, at)


def _priority_change(case: Case, priority: Priority, row: Row, at: datetime) -> Event:
    return lifecycle.set_priority(case, priority, "changed at the other desk", _staff(row), at)


def _change_state(tale: Tale, row: Row, at: datetime) -> None:
    """What a new state is here: by how the case stands, which this desk may have changed meanwhile."""
    if row.state in OPEN_STATES:
        _go_on(tale, row, at)
    elif tale.case.closed:
        tale.add(row, _note(row, at, row.state))  # the end stands
    elif row.state == "Resolved":
        tale.add(row, lifecycle.propose(tale.case, "Resolved", "problem-resolved", _staff(row), at))
    else:
        tale.add(row, lifecycle.close(tale.case, "Closed", None, _staff(row), at))


def _go_on(tale: Tale, row: Row, at: datetime) -> None:
    """An open state: after an end the caller takes the answer back, then it is asked or worked on."""
    ended = tale.state in {"Resolved", "Closed"}
    if tale.case.closed or (ended and tale.case.standing in transitions.ANSWERED):
        tale.add(row, _back(tale, row, at))
    elif ended:
        tale.add(row, _note(row, at, row.state))  # this desk had taken it up again already
    elif row.state != "Awaiting User Info":
        _work(tale, row, at)
    if row.state == "Awaiting User Info":
        tale.add(row, lifecycle.ask(tale.case, "Awaiting User Info", _staff(row), at))
    if row.state in WAITING_ELSEWHERE:
        tale.add(row, _note(row, at, row.state))


def _back(tale: Tale, row: Row, at: datetime) -> Event:
    """The caller takes the answer back: a reopening without the 30 days, or a rejection."""
    text = f"{row.state} again"
    if tale.case.closed:
        return lifecycle.reopen_without_limit(tale.case, text, _caller(tale), at)
    return lifecycle.reject(tale.case, text, _caller(tale), at)


def _work(tale: Tale, row: Row, at: datetime) -> None:
    """Work on the case: the first such row is the first public answer."""
    if not tale.answered:
        tale.add(row, lifecycle.update(tale.case, row.state, _staff(row), at))
    elif tale.case.standing != transitions.INVESTIGATION:
        tale.add(row, lifecycle.investigate(tale.case, row.state, _staff(row), at))
    elif row.state not in WAITING_ELSEWHERE:
        tale.add(row, _note(row, at, row.state))


def _note(row: Row, at: datetime, text: str) -> Event:
    """An internal note; unlike one of our own it may stand on a closed case, as the other desk's did."""
    return Event(at, row.updated_by, Via.DESK, Kind.COMMENTED, Visibility.INTERNAL, {"text": text})


def finished(tale: Tale, now: datetime, sla: str) -> None:
    """Clocks that begin with the import, and the crossings up to now at their nominal times (IMP-1)."""
    if sla == "now" and not tale.case.closed:
        data = {"answered": tale.answered}
        event = Event(now, SYSTEM, Via.DESK, Kind.CLOCKS_STARTED, Visibility.INTERNAL, data)
        tale.case = evolve(tale.case, event, tale.rules)
        tale.events.append(event)
    for crossing in deadlines.crossings(tale.case, now, tale.rules):
        tale.case = evolve(tale.case, crossing, tale.rules)
        tale.events.append(crossing)
