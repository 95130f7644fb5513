"""Tickets taken into the record as cases, with their people, in bounded transactions (IMP-1)."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from carecli.desk import calendars
from carecli.desk.desk import Desk
from carecli.desk.directory import keep_staff
from carecli.desk.importing import retelling
from carecli.desk.importing.counted import LISTED, STATES, Task, report
from carecli.desk.importing.persons import DOMAIN, Person, address
from carecli.desk.importing.records import RefusedRow
from carecli.desk.importing.retelling import Tale
from carecli.desk.importing.rows import Opening, Ticket, Update
from carecli.desk.intake import policy_digest, unknown_account
from carecli.desk.names import account_name
from carecli.desk.record import Record
from carecli.domain.events import Kind
from carecli.domain.import_report import ImportReport
from carecli.domain.opening import Place
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.vocabulary import Access, Plan, Role
from carecli.errors import CareError

BATCH = 100
"""How many tickets one transaction takes in."""


def take_in(desk: Desk, tickets: Iterator[Ticket | RefusedRow], task: Task) -> ImportReport:
    """Bring in tickets, a batch in a transaction; of a trial nothing is kept, batch by batch."""
    while batch := list(islice(tickets, BATCH)):
        with (desk.trial if task.dry_run else desk.record)(notices=False) as record:
            _Taking(record, task).all(batch)
    return report(task)


class _Taking:
    """One transaction of an import."""

    def __init__(self, record: Record, task: Task) -> None:
        self.record = record
        self.task = task
        self.counted = task.counted
        self.homes: dict[str, Account] = {}
        self.addresses: dict[tuple[str, str | None], str] = {}
        self.there: set[str] = set()

    def all(self, batch: Iterable[Ticket | RefusedRow]) -> None:
        """Take in each ticket, or note why not."""
        for one in batch:
            if isinstance(one, RefusedRow):
                self.counted.refuse(one.line, one.why)
                continue
            for part in one.refused:
                self.counted.refuse(part.line, part.why)
            home = self._home_or_none(one.opening)
            if home:
                self._one(self._at_home(one, home), home)
            self.task.progress(max([one.opening.line, *(update.line for update in one.updates)]))

    def _home_or_none(self, ticket: Opening) -> Account | None:
        named = ticket.account or self.task.account
        if named is None:
            why = f"ticket {ticket.reference} names no account, and no --account is given for such"
            self.counted.refuse(ticket.line, why)
            return None
        try:
            return self.homes.get(named) or self._home(named)
        except CareError as error:
            if ticket.account is None:
                raise
            self.counted.refuse(ticket.line, f"ticket {ticket.reference}, account {named[:80]!r}: {error.message}")
            return None

    def _home(self, name: str) -> Account:
        clean = account_name(name)
        known = self.record.writing.account(clean)
        if known and not known.active:
            raise unknown_account(name)
        if known is None:
            known = self.counted.accounts.get(clean.casefold()) or Account(clean, Plan.BUSINESS_CARE)
            self.record.writing.put_account(known)
            self.record.desk_event(Kind.ACCOUNT_ADDED, known.document())
            self.counted.accounts[clean.casefold()] = known
        self.homes[name] = known
        return known

    def _at_home(self, ticket: Ticket, home: Account) -> Ticket:
        """The ticket with people who are no one else here: customers of this account, staff who are no contacts.

        An address known otherwise stands for somebody else, who gets one of no domain (DC-3).
        """
        opening, updates = ticket.opening, ticket.updates
        customers = {opening.caller.address, *(one.by for one in updates if one.customer and one.by)}
        agents = {one for update in updates for one in _staff_of(update)}
        agents |= {opening.opened_by} if opening.opened_by else set()
        theirs = {one: self._customer(one, home) for one in customers}
        ours = {one: self._agent(one, customers) for one in agents}
        if all(one == other for one, other in (*theirs.items(), *ours.items())):
            return ticket
        caller = opening.caller._replace(address=theirs[opening.caller.address])
        opening = opening._replace(caller=caller, opened_by=ours[opening.opened_by] if opening.opened_by else None)
        moved = (
            one._replace(
                by=(theirs if one.customer else ours)[one.by] if one.by else None,
                owner=ours[one.owner] if one.owner else None,
            )
            for one in updates
        )
        return ticket._replace(opening=opening, updates=tuple(moved))

    def _customer(self, email: str, home: Account) -> str:
        found = self.addresses.get((email, home.name))
        if found is None:
            theirs = self._account_of(email) in {None, home.name} and not self._is_staff(email)
            found = email if theirs else address(f"{_label(email)} {home.name}", "caller")
            self.addresses[email, home.name] = found
        return found

    def _account_of(self, email: str) -> str | None:
        """Whose contact an address is, here or in an earlier batch of a trial."""
        known = self.record.writing.contact(email)
        return known.account if known else self.counted.contacts.get(email.casefold())

    def _is_staff(self, email: str) -> bool:
        return email.casefold() in self.counted.staff or self.record.writing.staff_member(email) is not None

    def _agent(self, email: str, customers: Collection[str]) -> str:
        if email in customers:
            return _as_agent(email)
        found = self.addresses.get((email, None))
        if found is None:
            found = _as_agent(email) if self._account_of(email) else email
            self.addresses[email, None] = found
        return found

    def _one(self, ticket: Ticket, home: Account) -> None:
        number = self.record.writing.external(_reference(home, ticket.opening))
        first = ticket.updates[0] if ticket.updates and not self.task.mapping.per_ticket else None
        if number is None:
            tale, new = self._new_case(ticket, first, home), ticket.updates[1:] if first else ticket.updates
            if first:
                retelling.tell(tale, first, first=True)
            self.counted.cases += 1
        else:
            tale, new = self._known_case(number, ticket.updates)
            self.counted.known += 1
            self.counted.grown += bool(new)
        for update in new:
            retelling.tell(tale, update)
        if number is None or new:
            retelling.finished(tale, self.record.now, self.task.sla if number is None else "opened")
            self._keep(tale, ticket, home)
        self._count(tale, ticket)

    def _new_case(self, ticket: Ticket, first: Update | None, home: Account) -> Tale:
        opening, record = ticket.opening, self.record
        spec = home.calendar.over(record.settings.calendar)
        number = record.writing.next_number()
        calendar = calendars.pinned(record, spec, opening.opened_at)
        place = Place(number, home.plan, opening.group, policy_digest(record), calendar)
        rules = record.rulebook.rules(record.writing, place.policy, place.calendar)
        record.writing.remember_external(_reference(home, opening), number)
        form = retelling.opening_form(opening, home.name)
        revision = first.revision if first else int(opening.opened_at.timestamp())
        clocks = self.task.sla == "opened"
        return retelling.begun(opening, revision, form, place, rules, self.task.mapping, clocks=clocks)

    def _known_case(self, number: int, updates: Iterable[Update]) -> tuple[Tale, tuple[Update, ...]]:
        case = self.record.writing.case(number)
        assert case is not None, "an external reference names a case"
        history = [entry.event for entry in self.record.writing.history(number)]
        tale, revision = retelling.resumed(case, history, self.record.rules(case), self.task.mapping)
        return tale, tuple(update for update in updates if update.revision > revision)

    def _keep(self, tale: Tale, ticket: Ticket, home: Account) -> None:
        self._people(ticket, home)
        self.record.keep(tale.case, tale.events, tale.rules)
        self.counted.events += len(tale.events)
        self.counted.breaches += sum(event.kind is Kind.CLOCK_BREACHED for event in tale.events)
        self.counted.shifted += tale.shifted[: max(0, LISTED - len(self.counted.shifted))]

    def _people(self, ticket: Ticket, home: Account) -> None:
        """The customers as Designated Contacts, the others as agents, each added once (IMP-1)."""
        caller = ticket.opening.caller
        writers = {one.by for one in ticket.updates if one.customer and one.by} - {caller.address}
        for one in (caller, *(Person(email) for email in sorted(writers))):
            if one.address in self.there:
                continue
            self.there.add(one.address)
            if self.record.writing.contact(one.address) is None:
                name = one.name or self.task.names.get(one.address) or one.address
                made = Contact(one.address, name, home.name, Access.READ_WRITE)
                self.record.writing.put_contact(made)
                self.record.desk_event(Kind.CONTACT_ADDED, made.document())
                self.counted.contacts[one.address.casefold()] = home.name
        named = {email for update in ticket.updates for email in _staff_of(update)}
        named |= {ticket.opening.opened_by} if ticket.opening.opened_by else set()
        for email in sorted(named - writers - {caller.address} - self.there):
            self.there.add(email)
            if self.record.writing.staff_member(email) is None:
                name = self.task.names.get(email) or email
                keep_staff(self.record, Staff(email, name, Role.AGENT), Kind.STAFF_ADDED)
                self.counted.staff.add(email.casefold())

    def _count(self, tale: Tale, ticket: Ticket) -> None:
        counted = self.counted
        counted.standing[tale.case.standing.status.value] += 1
        for state in (update.state for update in ticket.updates if update.state):
            if state in counted.states or len(counted.states) < STATES:
                counted.states[state] += 1
        times = [ticket.opening.opened_at, *(update.at for update in ticket.updates)]
        counted.first_at = min([*times, *([counted.first_at] if counted.first_at else [])])
        counted.last_at = max([*times, *([counted.last_at] if counted.last_at else [])])


def _staff_of(update: Update) -> Iterator[str]:
    if update.by and not update.customer:
        yield update.by
    if update.owner:
        yield update.owner


def _as_agent(email: str) -> str:
    """The address of an agent whose own is that of a customer."""
    return address(f"{_label(email)} staff", "agent")


def _label(email: str) -> str:
    """What stands for an address of somebody else: its own words, or those before our domain of no one."""
    return email.removesuffix(f"@{DOMAIN}")


def _reference(home: Account, ticket: Opening) -> str:
    """What a ticket is known by: two accounts' desks may give the same number (DC-3)."""
    return f"{home.name.casefold()}/{ticket.reference}"
