"""What the desk asks of a store, whichever engine it is: each passes the same tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, Self

from carecli.domain.sight import Sight
from carecli.store.entries import MailClaim
from carecli.store.protocol_advisories import AdvisoryReading, AdvisoryWriting
from carecli.store.protocol_alerts import AlertReading, AlertWriting
from carecli.store.protocol_attachments import AttachmentReading, AttachmentWriting
from carecli.store.protocol_backup import BackupReading, BackupWriting
from carecli.store.protocol_cases import CaseReading, CaseWriting
from carecli.store.protocol_chat import ChatReading, ChatWriting
from carecli.store.protocol_checking import Checking, Mending
from carecli.store.protocol_components import ComponentReading, ComponentWriting
from carecli.store.protocol_desk import DeskReading, DeskWriting
from carecli.store.protocol_events import EventReading, EventWriting
from carecli.store.protocol_knowledge import KnowledgeReading, KnowledgeWriting
from carecli.store.protocol_mail import MailReading, MailWriting
from carecli.store.protocol_people import PeopleReading, PeopleWriting
from carecli.store.protocol_pins import PinReading, PinWriting
from carecli.store.protocol_refusals import RefusalReading, RefusalWriting
from carecli.store.protocol_reports import ReportReading
from carecli.store.protocol_routing import RoutingReading
from carecli.store.protocol_similar import SimilarReading
from carecli.store.protocol_standing import StandingReading
from carecli.store.protocol_timers import TimerReading, TimerWriting
from carecli.store.protocol_whole import WholeReading, WholeWriting

if TYPE_CHECKING:
    from carecli.domain.backup import Migrated
    from carecli.domain.health import Condition, Server, Vitals
    from carecli.domain.outbox import Mail
    from carecli.store.trouble import Place


class Reading(
    CaseReading,
    EventReading,
    TimerReading,
    StandingReading,
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

    def checking(self) -> AbstractContextManager[Checking]:
        """The record, ready to be held against its own events (AUD-1)."""

    def vitals(self, at: datetime, since: datetime) -> Vitals:
        """What waits at `at`; late is what should have gone before `since` (TICK-4)."""

    def complaints(self) -> Iterator[str]:
        """What the engine finds wrong with its file (AUD-2)."""

    def server(self) -> Server | None:
        """How the server fares that the record is on, None for a record in a file (AUD-2)."""


class Writing(
    Reading,
    CaseWriting,
    EventWriting,
    TimerWriting,
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

    def gather(self) -> None:
        """Put together what transactions beside each other have counted apart."""

    def begin_anew(self) -> None:
        """Undo all that was written so far, and go on; where that is nothing no other writer comes between."""

    def mending(self) -> AbstractContextManager[Mending]:
        """The record, ready to be put right as its own events say (AUD-1)."""


class Store(Protocol):
    """A desk's record."""

    migrated: Migrated | None
    """What became of an older database as it was opened (AUD-2)."""

    login: str | None
    """Who alone may act by this connection, by address; None for anybody, as by a file (DC-3)."""

    shared: bool
    """Whether processes may fire timers and deliver mail beside each other."""

    batch: int
    """How many timers one transaction fires: others wait no longer than that takes."""

    def read(self) -> AbstractContextManager[Reading]:
        """A view in which nothing changes under the reader; raises DatabaseUnusable."""

    def delivering(self, *, alone: bool = False) -> AbstractContextManager[bool]:
        """The right to deliver the outbox; False where it is for one process alone, and another keeps it.

        `alone`, it is for this process alone on any engine.
        It ends with the process, however that ends, so that a killed delivery stops nobody.
        """

    def claim_mail(self, at: datetime, limit: int, after: Mail | None = None) -> AbstractContextManager[MailClaim]:
        """The first mails that may leave at `at`, behind one of them if it is named, for nobody else (MAIL-6).

        So long as the block lasts, no transaction is open and no other delivery has mail of the same cases. What
        of these cases waits before the last one of them is among them. It ends with the process, however that
        ends.
        """

    def write(
        self, *, patience_s: float | None = None, beside: bool = False, bringing: bool = False
    ) -> AbstractContextManager[Writing]:
        """A transaction, committed on leaving, undone by an exception; raises DatabaseUnusable.

        `beside`: others that say so too may write at the same time, where the engine can. Such a one changes only
        cases that it has claimed or holds.
        It waits `patience_s` seconds for another writer where that is given, else as long as usual.
        Where not all of a record is here, or it works elsewhere by now, only whoever is `bringing` it writes.
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

    def scrub(self) -> bool:
        """Bring what was overwritten to the file itself; False where a reader keeps what was there before."""

    def condition(self) -> Condition:
        """How the database lies on its disk (AUD-2)."""

    def close(self) -> None:
        """Let go of the database."""
