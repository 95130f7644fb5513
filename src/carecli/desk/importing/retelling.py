"""A ticket of another desk told again in our events, update by update, through the same rules (IMP-1)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from carecli.desk.importing.rows import Opening, Update
from carecli.domain import deadlines, lifecycle, opening, transitions
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve
from carecli.domain.import_mapping import ImportMapping
from carecli.domain.opening import Form, Place
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import SYSTEM, Side, Substatus, Via, Visibility

ENDS = frozenset({Substatus.RESOLVED, Substatus.CANCELLED, Substatus.REDIRECTED})
PROPOSALS = frozenset({Substatus.SOLUTION_PROPOSED, Substatus.PROBLEM_RESOLVED})
RESTORATIONS = frozenset({Substatus.PENDING_PERMANENT_SOLUTION, Substatus.PENDING_RCA})
OVER = ENDS | PROPOSALS | RESTORATIONS
REVISION, STATE = "imported_revision", "imported_state"


@dataclass(slots=True)
class Tale:
    """A case as it grows from updates: its state there, the events not yet written, the updates moved in time."""

    case: Case
    rules: Rules
    mapping: ImportMapping
    state: str
    at: datetime
    answered: bool
    events: list[Event] = field(default_factory=list)
    shifted: list[int] = field(default_factory=list)

    def add(self, update: Update, event: Event) -> None:
        """Let an event of an update happen, with what fell due before it and what it met."""
        marked = _marked(event, update.revision, update.state or self.state)
        self.case, events = deadlines.consequences(self.case, marked, self.rules)
        self.events += events
        self.answered = self.answered or bool(event.data.get("answers"))

    def meaning(self, state: str) -> Substatus:
        """What a state of theirs is here."""
        meaning = self.mapping.states.meaning(state)
        return Substatus(meaning.word) if meaning else Substatus.INVESTIGATION


def opening_form(ticket: Opening, account: str) -> Form:
    """The opening that a ticket tells of; it is exempt from the rules for new cases (IMP-1)."""
    return Form(
        account=account,
        service=ticket.service,
        component=ticket.component,
        contact=ticket.caller.address,
        priority=ticket.priority,
        subject=ticket.subject or f"No subject given ({ticket.reference})",
        description=ticket.description or f"Brought in from another desk, where it was {ticket.reference}.",
        fields={"external": ticket.reference, **ticket.kept},
    )


def begun(
    ticket: Opening, revision: int, form: Form, place: Place, rules: Rules, mapping: ImportMapping, *, clocks: bool
) -> Tale:
    """The case as it was opened."""
    logged_by = ticket.opened_by if ticket.via is Via.PHONE else None
    act = Act(ticket.caller.address, Side.CONTACT, ticket.via, logged_by)
    first = mapping.first_state
    marked = _marked(opening.opened(form, place, act, ticket.opened_at, clocks=clocks), revision, first)
    case = evolve(None, marked, rules)
    return Tale(case, rules, mapping, first, ticket.opened_at, answered=False, events=[marked])


def _marked(event: Event, revision: int, state: str) -> Event:
    """The event with the update that it comes from, by which a later import knows what is new."""
    return event._replace(data={**event.data, REVISION: revision, STATE: state})


def resumed(case: Case, history: list[Event], rules: Rules, mapping: ImportMapping) -> tuple[Tale, int]:
    """A case imported before, and the last revision that it holds."""
    imported = [event for event in history if REVISION in event.data]
    answered = any(event.data.get("answers") for event in history)
    last = imported[-1]
    tale = Tale(case, rules, mapping, last.data[STATE], max(e.at for e in imported), answered)
    return tale, max(event.data[REVISION] for event in imported)


def tell(tale: Tale, update: Update, *, first: bool = False) -> None:
    """Add what an update tells: hand-overs, priority, state, words; one before its bound is taken at the bound."""
    at = max(update.at, tale.at)
    if at != update.at:
        tale.shifted.append(update.line)
    tale.at = at
    for event in _handling(tale, update, at):
        tale.add(update, event)
    if update.state is not None and update.state != tale.state:
        _change_state(tale, update, update.state, at)
        tale.state = update.state
    elif update.text:
        _say(tale, update, update.text, at)
    elif not first and not tale.mapping.per_ticket:
        tale.add(update, _note(update, at, f"updated while {update.state or tale.state}"))


def _staff(update: Update) -> Act:
    return Act(update.by or SYSTEM, Side.STAFF, Via.DESK)


def _customer(tale: Tale, update: Update) -> Act:
    """An act of the customer's: of whoever wrote, or of the case's contact where staff note it."""
    return Act(update.by if update.customer and update.by else tale.case.contact, Side.CONTACT, Via.PORTAL)


def _handling(tale: Tale, update: Update, at: datetime) -> Iterator[Event]:
    case = tale.case
    group, owner = update.group or case.group, update.owner or case.owner
    if (group, owner) != (case.group, case.owner):
        data = {"owner": owner, "group": group, "text": None}
        yield Event(at, update.by or SYSTEM, Via.DESK, Kind.ASSIGNED, Visibility.INTERNAL, data)
    if update.priority is not None and update.priority is not case.priority and not case.closed:
        yield lifecycle.set_priority(case, update.priority, "changed at the other desk", _staff(update), at)


def _say(tale: Tale, update: Update, text: str, at: datetime) -> None:
    """Words of the customer, of staff, or of a program; a closed case keeps them, the customer's reopen it."""
    if update.customer and update.public and tale.case.closed:
        tale.add(update, lifecycle.reopen_without_limit(tale.case, text, _customer(tale, update), at))
    elif update.customer and update.public:
        tale.add(update, lifecycle.update(tale.case, text, _customer(tale, update), at))
    elif not update.public:
        tale.add(update, _note(update, at, text))
    elif tale.case.closed or update.by is None:
        # Said to the customer, but no answer: a program's words (SLA-3), or such on a case that had ended.
        tale.add(update, _note(update, at, text)._replace(visibility=Visibility.PUBLIC))
    else:
        tale.add(update, lifecycle.update(tale.case, text, _staff(update), at))


def _change_state(tale: Tale, update: Update, state: str, at: datetime) -> None:
    """What a new state is here: by how the case stands, which this desk may have changed meanwhile."""
    said, was = update.text, tale.case.standing
    if said and (update.customer or not update.public or update.by is None):
        # The words first, by themselves: the state is no act of who said them, or they are for staff alone.
        _say(tale, update, said, at)
        said = None
    meaning = tale.meaning(state)
    if meaning not in OVER:
        _go_on(tale, update, state, said, at, told=tale.case.standing != was)
    elif tale.case.closed:
        tale.add(update, _note(update, at, said or state))  # the end stands
    elif meaning in PROPOSALS:
        _propose(tale, update, said or state, meaning, at)
    elif meaning in RESTORATIONS:
        tale.add(update, lifecycle.restore(tale.case, said or state, meaning, _staff(update), at))
    else:
        act = (
            _customer(tale, update) if update.customer and meaning is not Substatus.REDIRECTED else _staff(update)
        )
        named = None if meaning is Substatus.RESOLVED and act.side is Side.STAFF else meaning
        tale.add(update, lifecycle.close(tale.case, said or state, named, act, at))


def _propose(tale: Tale, update: Update, text: str, meaning: Substatus, at: datetime) -> None:
    """A solution of staff's; a customer who says that it is solved ends the case (STAT-3)."""
    if update.customer:
        act = _customer(tale, update)
        tale.add(update, lifecycle.close(tale.case, text, Substatus.RESOLVED, act, at))
    else:
        tale.add(update, lifecycle.propose(tale.case, text, meaning, _staff(update), at))


def _go_on(tale: Tale, update: Update, state: str, said: str | None, at: datetime, *, told: bool) -> None:
    """An open state: after an end the caller takes the answer back, then it is asked or worked on.

    `told` where the customer's own words have done so already.
    """
    meaning = tale.meaning(state)
    ended = tale.meaning(tale.state) in OVER
    asks = meaning is Substatus.INFO_REQUIRED
    if tale.case.closed or (ended and tale.case.standing in transitions.ANSWERED):
        _back(tale, update, f"{state} again", at)
        if said and not asks:
            _say(tale, update, said, at)
    elif ended and not told:
        tale.add(update, _note(update, at, said or state))  # this desk had taken it up again already
    elif meaning is Substatus.CUSTOMER_RESPONDED and not told:
        tale.add(update, lifecycle.update(tale.case, said or state, _customer(tale, update), at))
    elif not asks and not told:
        _work(tale, update, state, said, at)
    if asks:
        tale.add(update, lifecycle.ask(tale.case, said or state, _staff(update), at))
    if _is_noted(tale, state):
        tale.add(update, _note(update, at, state))


def _back(tale: Tale, update: Update, text: str, at: datetime) -> None:
    """The caller takes the answer back: a reopening without the 30 days, or a rejection."""
    act = _customer(tale, update)
    if tale.case.closed:
        tale.add(update, lifecycle.reopen_without_limit(tale.case, text, act, at))
    else:
        tale.add(update, lifecycle.reject(tale.case, text, act, at))


def _work(tale: Tale, update: Update, state: str, said: str | None, at: datetime) -> None:
    """Work on the case: the first such update is the first public answer, unless only words are."""
    if said or (not tale.answered and not tale.mapping.answers_by_text):
        tale.add(update, lifecycle.update(tale.case, said or state, _staff(update), at))
    elif tale.case.standing != transitions.INVESTIGATION:
        tale.add(update, lifecycle.investigate(tale.case, state, _staff(update), at))
    elif not _is_noted(tale, state):
        tale.add(update, _note(update, at, state))
    if said and tale.case.standing not in {transitions.INVESTIGATION, transitions.NEW}:
        tale.add(update, lifecycle.investigate(tale.case, state, _staff(update), at))


def _is_noted(tale: Tale, state: str) -> bool:
    meaning = tale.mapping.states.meaning(state)
    return meaning is not None and meaning.noted


def _note(update: Update, at: datetime, text: str) -> Event:
    """An internal note; unlike one of our own it may stand on a closed case, as the other desk's did."""
    data = {"text": text}
    return Event(at, update.by or SYSTEM, Via.DESK, Kind.COMMENTED, Visibility.INTERNAL, data)


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
