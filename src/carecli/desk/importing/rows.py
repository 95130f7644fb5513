"""Records of another desk read by a mapping: what a ticket was opened with, and its updates (IMP-1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from carecli.desk.importing.persons import Known, Of, Person
from carecli.desk.importing.records import Record, RefusedRow
from carecli.desk.importing.values import SHOWN, Values, label, listed, prose
from carecli.domain.import_mapping import SKIP, ImportMapping, Meaning, PartPlaces, Source, UpdatePlaces
from carecli.domain.vocabulary import Priority, Via, Visibility

DIGITS = 10
AT_ONCE = timedelta(seconds=5)
"""What is told so soon after the opening was so from the beginning."""


class Opening(NamedTuple):
    """What a ticket was opened with."""

    line: int
    reference: str
    account: str | None
    opened_at: datetime
    caller: Person
    opened_by: str | None
    via: Via
    service: str | None
    component: str | None
    subject: str | None
    description: str | None
    priority: Priority
    group: str | None
    kept: Mapping[str, str]


class Update(NamedTuple):
    """One update of a ticket: None is what it leaves as it is; `by` is None for a program."""

    line: int
    revision: int
    at: datetime
    by: str | None
    customer: bool
    state: str | None
    priority: Priority | None
    group: str | None
    owner: str | None
    text: str | None
    public: bool


class Ticket(NamedTuple):
    """A ticket with its updates in order, and those of them that cannot be taken."""

    opening: Opening
    updates: tuple[Update, ...]
    refused: tuple[RefusedRow, ...] = ()


class Rows:
    """Reads records by a mapping; every fault is a RefusedRow with the record's line, never an exception."""

    def __init__(self, mapping: ImportMapping, values: Values, known: Known) -> None:
        self.mapping = mapping
        self.values = values
        self.known = known

    def reference(self, record: Record) -> str | None:
        """What the record's ticket is called; None where it is called nothing that is a name."""
        said = self.values.text(self.mapping.ticket.reference, record.values)
        return said if said and said.isprintable() and len(said) <= SHOWN * 5 else None

    def update(self, record: Record) -> Ticket | RefusedRow:
        """A record that is one update, with the opening of its ticket."""
        places = self.mapping.updates[0]
        of = self.known.of(record.values)
        try:
            state = self._state(places.state, record.values)
            if self.mapping.states.meaning(state or "") == Meaning(SKIP):
                raise ValueError(f"state {state!r} is not brought in")
            reference = self._reference(record)
            revision = self._revision(places.revision, record.values)
            opening = self._opening(record, reference, of, self._priority(places, record.values))
            one = self._update(record.line, places, record.values, of, opening)
            # What the first update says of the group is what the ticket was opened with.
            opening = opening._replace(group=opening.group or one.group)
            return Ticket(opening, (one._replace(revision=revision, state=state),))
        except ValueError as error:
            return RefusedRow(record.line, str(error))

    def ticket(self, record: Record) -> Ticket | RefusedRow:
        """A record that is a whole ticket; an update that cannot be read is left out by itself."""
        of = self.known.of(record.values)
        try:
            reference = self._reference(record)
            priority = self.priority(self.mapping.ticket.priority, record.values)
            opening = self._opening(record, reference, of, priority)
        except ValueError as error:
            return RefusedRow(record.line, str(error))
        read = [*self._told(record, of, opening)]
        updates = sorted((one for one in read if isinstance(one, Update)), key=lambda one: one.at)
        if any(self.mapping.states.meaning(one.state or "") == Meaning(SKIP) for one in updates):
            return RefusedRow(record.line, f"ticket {reference} is in a state that is not brought in")
        refused = tuple(one for one in read if isinstance(one, RefusedRow))
        unknown = self.mapping.priorities.meaning("")
        opening = _as_opened(opening, updates, Priority(unknown.word) if unknown else None)
        return Ticket(opening, tuple(_without_opening(opening, updates)), refused)

    def _told(self, record: Record, of: Of, opening: Opening) -> Iterator[Update | RefusedRow]:
        for places in self.mapping.updates:
            if places.unless and listed(record.values, places.unless):
                continue
            if places.list is None:
                yield from self._one(record.line, places, record.values, of, opening, "")
                continue
            for number, one in enumerate(listed(record.values, places.list), 1):
                yield from self._one(record.line, places, one, of, opening, f", {places.list} {number}")

    def _one(
        self, line: int, places: UpdatePlaces, values: Mapping[str, Any], of: Of, opening: Opening, where: str
    ) -> Iterator[Update | RefusedRow]:
        if places.optional and not self._is_timed(places.at, values):
            return
        try:
            yield self._update(line, places, values, of, opening)
        except ValueError as error:
            yield RefusedRow(line, f"ticket {opening.reference}{where}: {error}")

    def _is_timed(self, at: Source, values: Mapping[str, Any]) -> bool:
        minutes = at.minutes is None or self.values.place(at.minutes, values) is not None
        return minutes and self.values.text(at, values) is not None

    def _reference(self, record: Record) -> str:
        reference = self.reference(record)
        if reference is None:
            place = " or ".join(self.mapping.ticket.reference.places)
            raise ValueError(f"{place} says no number or name of a ticket")
        return reference

    def _revision(self, source: Source, values: Mapping[str, Any]) -> int:
        if not source.mapped:
            return -1
        said = self.values.text(source, values) or ""
        if not (said.isascii() and said.isdigit() and len(said) < DIGITS):
            raise ValueError(f"{source.places[0]} {said[:SHOWN]!r} is no number")
        return int(said)

    def _opening(self, record: Record, reference: str, of: Of, priority: Priority | None) -> Opening:
        places, values, text = self.mapping.ticket, record.values, self.values.text
        caller = of.person(text(places.caller, values), "caller")
        caller = caller._replace(name=label(text(places.caller_name, values)) or caller.name)
        if priority is None:
            raise ValueError("it says no priority")
        return Opening(
            line=record.line,
            reference=reference,
            account=of.account(text(places.account, values)),
            opened_at=self.values.time(places.opened_at, values, _name(places.opened_at)),
            caller=caller,
            opened_by=self._opened_by(text(places.opened_by, values), of),
            via=self._via(text(places.via, values)),
            service=label(text(places.service, values)),
            component=label(text(places.component, values)),
            subject=label(text(places.subject, values)),
            description=prose(text(places.description, values)),
            priority=priority,
            group=of.group(text(places.group, values)),
            kept={place: said for place in places.keep if (said := prose(self.values.place(place, values)))},
        )

    def _opened_by(self, said: str | None, of: Of) -> str | None:
        """Who logged it; in a log of updates somebody did, known or not."""
        named = said or (self.mapping.ticket.opened_by.mapped and not self.mapping.per_ticket)
        return of.person(said, "opened-by").address if named else None

    def _update(
        self, line: int, places: UpdatePlaces, values: Mapping[str, Any], of: Of, opening: Opening
    ) -> Update:
        text = self.values.text
        said = text(places.by, values)
        by = of.person(said, "updated-by")
        at = self.values.time(places.at, values, _name(places.at))
        owner = text(places.owner, values)
        role = text(places.role, values)
        said_here = prose(text(places.text, values))
        update = Update(
            line=line,
            revision=int(at.timestamp()),
            at=at,
            by=None if said in self.mapping.machines or self._is_nobodys(said, places) else by.address,
            customer=_is_customer(by, role, opening, self.mapping),
            state=self._state(places.state, values) if self.mapping.per_ticket else None,
            priority=self._priority(places, values),
            group=of.group(text(places.group, values)),
            owner=of.person(owner, "assigned-to").address if owner else None,
            text=said_here,
            # Of what says nothing there is nothing to hide.
            public=said_here is None or self._is_public(places.public, values),
        )
        return self._with_parts(update, places.parts, values, of) if places.parts else update

    def _is_nobodys(self, said: str | None, places: UpdatePlaces) -> bool:
        """Whether nobody is said to have done it, nor to have written anything: then it was a program."""
        return said is None and self.mapping.per_ticket and not places.text.mapped

    def _with_parts(self, update: Update, parts: PartPlaces, values: Mapping[str, Any], of: Of) -> Update:
        """The update with what its parts say: the last of each field, the texts for the most readers."""
        texts: list[tuple[bool, str]] = []
        for part in listed(values, parts.list):
            kind = self.values.place(parts.kind, part) or ""
            if kind in parts.texts and (said := prose(self.values.text(parts.text, part))):
                texts.append((self._is_public(parts.public, part), said))
            elif kind in parts.changes:
                field = parts.fields.get(self.values.place(parts.field, part) or "")
                if field:
                    update = self._changed(update, field, self.values.place(parts.value, part), of)
        public = any(is_public for is_public, _ in texts)
        said = "\n\n".join(text for is_public, text in texts if is_public is public)
        return update._replace(text=prose(said) or None, public=public) if texts else update

    def _changed(self, update: Update, field: str, said: str | None, of: Of) -> Update:
        if field == "state":
            return update._replace(state=self._known_state(said)) if said else update
        if field == "priority":
            return update._replace(priority=self._meant_priority(said, "priority"))
        if field == "group":
            return update._replace(group=of.group(said))
        return update._replace(owner=of.person(said, "assigned-to").address if said else None)

    def _state(self, source: Source, values: Mapping[str, Any]) -> str | None:
        if not source.mapped:
            return None
        said = self.values.text(source, values)
        if said is None and self.mapping.per_ticket:
            return None
        return self._known_state(said or "")

    def _known_state(self, said: str) -> str:
        if self.mapping.states.meaning(said) is None:
            raise ValueError(f"state {said[:SHOWN]!r} means nothing" if said else "it says no state")
        return label(said) or ""

    def _priority(self, places: UpdatePlaces, values: Mapping[str, Any]) -> Priority | None:
        if self.mapping.per_ticket and self.values.text(places.priority, values) is None:
            return None
        return self.priority(places.priority if places.priority.mapped else self.mapping.ticket.priority, values)

    def priority(self, source: Source, values: Mapping[str, Any]) -> Priority | None:
        """The priority there; where nothing is said, what the mapping says of that; raises ValueError."""
        said = self.values.text(source, values)
        return self._meant_priority(said, source.places[0] if source.places else "priority")

    def _meant_priority(self, said: str | None, name: str) -> Priority | None:
        meaning = self.mapping.priorities.meaning(said or "")
        if meaning is None:
            raise ValueError(f"{name} {said[:SHOWN]!r} means nothing" if said else f"{name} says no priority")
        return Priority(meaning.word)

    def _is_public(self, source: Source, values: Mapping[str, Any]) -> bool:
        """Whether customers may read it; raises ValueError for what means neither (DC-3)."""
        if not source.mapped:
            return True
        said = self.values.text(source, values) or ""
        meaning = self.mapping.visibility.meaning(said)
        if meaning is None:
            told = repr(said[:SHOWN]) if said else "nothing"
            raise ValueError(f"{_name(source)} says {told}, which means neither public nor internal")
        return meaning.word == Visibility.PUBLIC

    def _via(self, said: str | None) -> Via:
        meaning = self.mapping.channels.meaning(said or "")
        if meaning is None and said:
            raise ValueError(f"channel {said[:SHOWN]!r} means nothing")
        return Via(meaning.word) if meaning else Via.PORTAL


def _name(source: Source) -> str:
    return source.places[0] if source.places else "time"


def _is_customer(by: Person, role: str | None, opening: Opening, mapping: ImportMapping) -> bool:
    return (
        by.customer
        or by.address == opening.caller.address
        or (role in mapping.lookup.customers if role else False)
    )


def _as_opened(opening: Opening, updates: Sequence[Update], unknown: Priority | None) -> Opening:
    """The opening as it was, where the updates tell: with the first priority and group, not those of the end."""
    told = next((one for one in updates if one.priority), None)
    if told is None:
        return opening
    at_once = told.at - opening.opened_at <= AT_ONCE
    priority = told.priority if at_once else unknown or told.priority
    assert priority is not None, "it was looked for"
    return opening._replace(priority=priority, group=told.group if at_once else opening.group)


def _without_opening(opening: Opening, updates: Iterable[Update]) -> Iterator[Update]:
    """The updates without the first comment, where it is the description told again."""
    waiting = True
    for one in updates:
        if waiting and one.text:
            waiting = False
            if one.text == opening.description:
                yield one._replace(text=None)
                continue
        yield one
