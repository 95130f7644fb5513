"""What the desk asks of a store; SQLite answers it today, and every engine passes the same tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, Self

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind, Numbered, Recorded, Told
from carecli.domain.finding import Found, Query, Scope
from carecli.domain.sight import Sight
from carecli.domain.timers import Timer
from carecli.store.entries import (
    CaseRow,
    CaseTexts,
    Claim,
    Expected,
    LateDeadline,
    MailClaim,
    Needing,
    StandingClock,
    StandingEscalation,
)
from carecli.store.protocol_advisories import AdvisoryReading, AdvisoryWriting
from carecli.store.protocol_alerts import AlertReading, AlertWriting
from carecli.store.protocol_attachments import AttachmentReading, AttachmentWriting
from carecli.store.protocol_backup import BackupReading, BackupWriting
from carecli.store.protocol_chat import ChatReading, ChatWriting
from carecli.store.protocol_checking import Checking, Mending
from carecli.store.protocol_components import ComponentReading, ComponentWriting
from carecli.store.protocol_desk import DeskReading, DeskWriting
from carecli.store.protocol_knowledge import KnowledgeReading, KnowledgeWriting
from carecli.store.protocol_mail import MailReading, MailWriting
from carecli.store.protocol_people import PeopleReading, PeopleWriting
from carecli.store.protocol_pins import PinReading, PinWriting
from carecli.store.protocol_refusals import RefusalReading, RefusalWriting
from carecli.store.protocol_reports import ReportReading
from carecli.store.protocol_routing import RoutingReading
from carecli.store.protocol_similar import SimilarReading
from carecli.store.protocol_whole import WholeReading, WholeWriting

if TYPE_CHECKING:
    from carecli.domain.backup import Migrated
    from carecli.domain.health import Condition, Server, Vitals
    from carecli.domain.outbox import Mail
    from carecli.store.trouble import Place


class Reading(
    PeopleReading,
    DeskReading,
    PinReading,
    MailReading,
    AttachmentReading,
    KnowledgeReading,
    ComponentReading,
    SimilarReading,
    RoutingReading,
    ReportReading,
    AlertReading,
    AdvisoryReading,
    ChatReading,
    RefusalReading,
    BackupReading,
    WholeReading,
    Protocol,
):
    """A consistent view of the record."""

    def seeing(self, sight: Sight) -> Self:
        """The same transaction as somebody sees it: whatever is asked of it, other cases are not there (DC-3)."""

    def visible(self, numbers: Iterable[int]) -> set[int]:
        """Of these cases those that are there for whoever looks (DC-3)."""

    def checking(self) -> AbstractContextManager[Checking]:
        """The record, ready to be held against its own events (AUD-1)."""

    def vitals(self, at: datetime, since: datetime) -> Vitals:
        """What waits at `at`; late is what should have gone before `since` (TICK-4)."""

    def complaints(self) -> Iterator[str]:
        """What the engine finds wrong with its file (AUD-2)."""

    def server(self) -> Server | None:
        """How the server fares that the record is on, None for a record in a file (AUD-2)."""

    def case(self, number: int) -> Case | None:
        """The case, whole, or None."""

    def cases(self, numbers: Sequence[int]) -> Iterator[Case]:
        """These cases, whole, in any order."""

    def state(self, number: int) -> CaseRow | None:
        """The case as JSON values, for readers that need no more."""

    def listed(self, numbers: Sequence[int]) -> Sequence[Mapping[str, Any]]:
        """The states of these cases in this order."""

    def told_cases(self) -> list[int]:
        """The numbers that the log tells of."""

    def case_count(self) -> int:
        """How many cases the log tells of."""

    def history(self, number: int) -> list[Recorded]:
        """Every event of a case, oldest first."""

    def last_request(self, number: int) -> str | None:
        """The text of the last request to the customer (FU-1)."""

    def events(self) -> Iterator[Recorded]:
        """Every event of the desk in the order recorded."""

    def digests(self, positions: Sequence[int]) -> dict[int, str]:
        """The digests of the events at these places in the log (AUD-1)."""

    def external(self, reference: str) -> int | None:
        """The case that was imported under another desk's reference (IMP-1)."""

    def find(self, query: Query) -> Found:
        """A page of cases (FIND-1, FIND-2)."""

    def every(self, query: Query) -> Iterator[Mapping[str, Any]]:
        """The states of the cases that `find` would find, read as they are asked for (EXP-1)."""

    def numbered(self, scope: Scope, lowest: int, highest: int, limit: int) -> list[tuple[int, str]]:
        """The highest numbers of cases from `lowest` to `highest`, each with its subject."""

    def search(self, words: str, query: Query, *, notes: bool, ranked: bool = True) -> Found:
        """A page of cases that hold all these words, best first or as the query sorts (FIND-3).

        `notes` looks into notes too.
        """

    def breaches(self) -> list[StandingClock]:
        """Clocks that stand breached and unmet on cases that are not closed, by due time."""

    def warnings(self) -> list[StandingClock]:
        """Clocks that stand warned, neither breached nor met nor paused, by due time."""

    def late_deadlines(self) -> list[LateDeadline]:
        """Deadlines that stand missed and unmet, on closed cases too, by due time."""

    def late(self, owner: str | None, limit: int) -> tuple[list[Needing], int]:
        """The first of them, of who sees to them or the desk's, and how many there are; `cycle` is their id."""

    def held_follow_ups(self) -> list[int]:
        """Cases whose ladder is held because a mail could not be delivered (FU-6)."""

    def escalations(self) -> list[StandingEscalation]:
        """Cases that stand escalated, longest first, each with the beginning of its last reason (ESC-1)."""

    def due(self, at: datetime, limit: int, after: Timer | None = None) -> list[Timer]:
        """The first timers of cases due at `at`, behind `after` if named, in their order of firing (TICK-1)."""

    def anything_due(self, at: datetime) -> bool:
        """Whether any timer is due at `at`, of a case or of a mail."""

    def next_due(self, at: datetime) -> datetime | None:
        """When the next timer is due, as of `at`; mail that may leave by then is taken as gone."""

    def expected(self, scope: Scope, until: datetime, *, promised: bool = False) -> Iterator[Expected]:
        """Each case of the scope with a timer due by `until`, by the first of them; read as it is taken.

        With `promised` by what a customer was promised alone: breaches, deadlines, and what begins those.
        """

    def standing(self, mark: Kind, owner: str | None, limit: int) -> tuple[list[Needing], int]:
        """The first clocks that stand warned or breached, of an owner or the desk, and how many do (SLA-7)."""

    def responded(self, owner: str, limit: int) -> tuple[list[Needing], int]:
        """An owner's cases that the customer answered, the longest ago first, and how many there are."""

    def unassigned(self, group: str | None, limit: int) -> tuple[list[Needing], int]:
        """A group's or the desk's open cases without an owner, the first to take first, and how many there are."""

    def escalated_to(self, email: str, limit: int) -> tuple[list[Needing], int, bool]:
        """The cases that stand escalated and are somebody's, or to somebody by name, the longest untouched first.

        Then how many there are, and whether another one owns any of them (ESC-1).
        """

    def mail_stuck(self, at: datetime) -> tuple[int, int]:
        """How many mails may leave by now and have not, and how many of them have failed (MAIL-6)."""

    def timers(self, number: int) -> list[Timer]:
        """The timers of one case, in order; those of its mail are not among them."""

    def log_length(self) -> int:
        """How many events the desk has recorded."""


class Writing(
    Reading,
    PeopleWriting,
    DeskWriting,
    PinWriting,
    MailWriting,
    AttachmentWriting,
    KnowledgeWriting,
    ComponentWriting,
    AlertWriting,
    AdvisoryWriting,
    ChatWriting,
    RefusalWriting,
    BackupWriting,
    WholeWriting,
    Protocol,
):
    """A transaction: all of it is kept, or nothing."""

    alone: bool
    """Whether nobody else writes while this transaction lasts."""

    def claim(self, at: datetime, limit: int, after: Timer | None = None) -> Claim:
        """The first timers due at `at`, behind `after` if named, whose cases nobody else is firing (TICK-1).

        Nobody else will while this transaction lasts. Whatever of these cases is due before the last one of them
        is among them, behind `after` or not.
        """

    def hold(self, numbers: Sequence[int]) -> None:
        """Have nobody else change these cases while this transaction lasts; to be asked for before any append."""

    def gather(self) -> None:
        """Put together what transactions beside each other have counted apart."""

    def begin_anew(self) -> None:
        """Undo all that was written so far, and go on; where that is nothing no other writer comes between."""

    def mending(self) -> AbstractContextManager[Mending]:
        """The record, ready to be put right as its own events say (AUD-1)."""

    def next_number(self) -> int:
        """The next case number: in order, never given twice (OPEN-1)."""

    def append(self, number: int | None, events: Iterable[Event]) -> list[Recorded]:
        """Write events to the hash-chained log, for a case or (None) for the desk (AUD-1)."""

    def append_all(self, events: Iterable[Told]) -> list[Recorded]:
        """Write events of several cases to the log, in this order (AUD-1)."""

    def number_events(self, events: Iterable[Told]) -> list[Numbered]:
        """Give events their numbers within their cases, as `chain` is about to write them."""

    def chain(self, events: Iterable[Numbered]) -> list[Recorded]:
        """Write numbered events to the end of the log; whoever else appends waits from here on to the end."""

    def forget_set_up(self) -> None:
        """Take back what `care init` wrote, so that another desk's whole log may stand here instead (IMP-1)."""

    def put_last_number(self, number: int) -> None:
        """Have the next case number be the one behind this one, or a later one (OPEN-1)."""

    def save(self, case: Case, timers: Iterable[Timer]) -> None:
        """Replace what is derived from a case: its row, its clocks, its timers."""

    def save_all(self, cases: Sequence[Case], timers: Iterable[Timer]) -> None:
        """Replace what is derived from these cases; the timers are those of all of them."""

    def index(self, texts: CaseTexts) -> None:
        """Add texts of a case to the search index; texts of a known case are added to what it has."""

    def remember_external(self, reference: str, number: int) -> None:
        """Note the reference under which a case was imported (IMP-1)."""


class Store(Protocol):
    """A desk's record."""

    migrated: Migrated | None
    """What became of an older database as it was opened (AUD-2)."""

    login: str | None
    """Who alone may act by this connection, by address; None for anybody, as by a file (DC-3)."""

    def scrub(self) -> bool:
        """Bring what was overwritten to the file itself; False where a reader keeps what was there before."""

    def condition(self) -> Condition:
        """How the database lies on its disk (AUD-2)."""

    def read(self) -> AbstractContextManager[Reading]:
        """A view in which nothing changes under the reader; raises DatabaseUnusable."""

    shared: bool
    """Whether processes may fire timers and deliver mail beside each other."""

    batch: int
    """How many timers one transaction fires: others wait no longer than that takes."""

    def delivering(self) -> AbstractContextManager[bool]:
        """The right to deliver the outbox; False where it is for one process alone, and another keeps it.

        It ends with the process, however that ends, so that a killed delivery stops nobody.
        """

    def claim_mail(self, at: datetime, limit: int, after: Mail | None = None) -> AbstractContextManager[MailClaim]:
        """The first mails that may leave at `at`, behind one of them if it is named, for nobody else (MAIL-6).

        So long as the block lasts, no transaction is open and no other delivery has mail of the same cases. What
        of these cases waits before the last one of them is among them. It ends with the process, however that
        ends.
        """

    def write(self, *, patience_s: float | None = None, beside: bool = False) -> AbstractContextManager[Writing]:
        """A transaction, committed on leaving, undone by an exception; raises DatabaseUnusable.

        `beside`: others that say so too may write at the same time, where the engine can. Such a one changes only
        cases that it has claimed or holds.
        It waits `patience_s` seconds for another writer where that is given, else as long as usual.
        """

    def copy(self, target: Place, advance: Callable[[int, int], None]) -> None:
        """Copy the record as of one moment to a new file, while others write (AUD-2).

        `advance` hears how much is done, of how much. Raises DatabaseUnusable for the record,
        OSError for the copy.
        """

    def copying(self) -> AbstractContextManager[bool]:
        """The right to make a backup, which one process has at a time; False where another keeps it."""

    def version(self) -> int:
        """A number that changes whenever somebody else has written; for looking often, at no cost."""

    def wait(self, seconds: float) -> bool:
        """Wait so long for somebody else to write, and tell whether somebody did; raises DatabaseUnusable."""

    def signal(self) -> int | None:
        """A descriptor that becomes readable as somebody writes, to be waited for together with others.

        None where there is none, and `version` has to be asked now and then.
        """

    def close(self) -> None:
        """Let go of the database."""
