"""What the desk asks of a store; SQLite answers it today, and every engine passes the same tests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Recorded
from carecli.domain.finding import Found, Query
from carecli.domain.outbox import Mail, MailState
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.timers import Timer
from carecli.store.entries import CaseRow, CaseTexts, LastTick, StandingClock


class Reading(Protocol):
    """A consistent view of the record."""

    def case(self, number: int) -> Case | None:
        """The case, whole, or None."""

    def state(self, number: int) -> CaseRow | None:
        """The case as JSON values, for readers that need no more."""

    def told_cases(self) -> list[int]:
        """The numbers that the log tells of."""

    def stored_cases(self) -> list[int]:
        """The numbers of which anything derived is stored: a row, a timer, a standing clock."""

    def history(self, number: int) -> list[Recorded]:
        """Every event of a case, oldest first."""

    def events(self) -> Iterator[Recorded]:
        """Every event of the desk in the order recorded."""

    def external(self, reference: str) -> int | None:
        """The case that was imported under another desk's reference (IMP-1)."""

    def find(self, query: Query) -> Found:
        """A page of cases (FIND-1, FIND-2)."""

    def search(self, words: str, query: Query, *, notes: bool, ranked: bool = True) -> Found:
        """A page of cases that hold all these words, best first or as the query sorts (FIND-3).

        `notes` looks into notes too.
        """

    def breaches(self) -> list[StandingClock]:
        """Clocks that stand breached and unmet on cases that are not closed, by due time."""

    def warnings(self) -> list[StandingClock]:
        """Clocks that stand warned, neither breached nor met nor paused, by due time."""

    def held_follow_ups(self) -> list[int]:
        """Cases whose ladder is held because a mail could not be delivered (FU-6)."""

    def due(self, at: datetime, limit: int) -> list[Timer]:
        """The first timers due at `at`, in the order in which they fire (TICK-1)."""

    def next_due(self) -> datetime | None:
        """When the next timer is due."""

    def timers(self, number: int) -> list[Timer]:
        """The timers of one case, in order."""

    def last_tick(self) -> LastTick | None:
        """When the tick last ran."""

    def account(self, name: str) -> Account | None:
        """An account by name, letter case aside."""

    def accounts(self) -> list[Account]:
        """Every account, by name."""

    def contact(self, email: str) -> Contact | None:
        """A contact by address, letter case aside."""

    def contacts(self, account: str | None = None) -> list[Contact]:
        """The contacts of an account, or all, by account and address."""

    def staff_member(self, email: str) -> Staff | None:
        """A member of staff by address, letter case aside."""

    def staff(self) -> list[Staff]:
        """All staff, by address."""

    def pin_hash(self, email: str) -> str | None:
        """The hash of a contact's PIN (DC-4)."""

    def settings(self) -> DeskSettings | None:
        """The desk's settings, None before the first set-up."""

    def document(self, digest: str) -> Mapping[str, Any]:
        """A policy or calendar document by its content hash (SLA-8)."""

    def calendar_digest(self, key: str) -> str | None:
        """The calendar document that a specification and year were resolved to before."""

    def mail_waiting(self, at: datetime, limit: int) -> list[Mail]:
        """Mail that may leave by now and has not: queued or failed, oldest first."""

    def mail_count(self, number: int) -> int:
        """How many mails a case has had written."""

    def stage_mail(self, number: int, round_: int, stage: int) -> MailState | None:
        """How far the mail of a follow-up stage has come; None where there is none (FU-6)."""

    def mail_of(self, number: int) -> list[Mail]:
        """Every mail of a case, oldest first."""

    def log_length(self) -> int:
        """How many events the desk has recorded."""

    def broken_chain(self) -> int | None:
        """The position of the first event that does not continue the chain of those before it (AUD-1)."""


class Writing(Reading, Protocol):
    """A transaction: all of it is kept, or nothing."""

    def next_number(self) -> int:
        """The next case number: in order, never given twice (OPEN-1)."""

    def append(self, number: int | None, events: Sequence[Event]) -> list[Recorded]:
        """Write events to the hash-chained log, for a case or (None) for the desk (AUD-1)."""

    def save(self, case: Case, timers: Iterable[Timer]) -> None:
        """Replace what is derived from a case: its row, its clocks, its timers."""

    def index(self, texts: CaseTexts) -> None:
        """Add texts of a case to the search index; texts of a known case are added to what it has."""

    def remember_external(self, reference: str, number: int) -> None:
        """Note the reference under which a case was imported (IMP-1)."""

    def queue(self, mails: Iterable[Mail]) -> None:
        """Put mails into the outbox; one whose key is there already is left out (FU-5)."""

    def mark_mail(self, mail: Mail) -> None:
        """Keep a mail's new state, time and error."""

    def put_account(self, account: Account) -> None:
        """Keep an account."""

    def put_contact(self, contact: Contact) -> None:
        """Keep a contact; the PIN stays."""

    def put_staff(self, staff: Staff) -> None:
        """Keep a member of staff."""

    def put_pin_hash(self, email: str, hashed: str | None) -> None:
        """Keep the hash of a contact's PIN."""

    def put_settings(self, settings: DeskSettings) -> None:
        """Keep the desk's settings."""

    def put_document(self, kind: str, document: Mapping[str, Any]) -> tuple[str, bool]:
        """Keep a policy or calendar document; the answer is its content hash, and whether it is new (SLA-8)."""

    def put_calendar_digest(self, key: str, digest: str) -> None:
        """Remember what a specification and year were resolved to."""

    def put_last_tick(self, tick: LastTick) -> None:
        """Remember that the tick ran."""


class Store(Protocol):
    """A desk's record."""

    def read(self) -> AbstractContextManager[Reading]:
        """A view in which nothing changes under the reader; raises DatabaseUnusable."""

    def write(self) -> AbstractContextManager[Writing]:
        """A transaction, committed on leaving, undone by an exception; raises DatabaseUnusable."""

    def close(self) -> None:
        """Let go of the database."""
