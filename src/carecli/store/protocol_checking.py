"""What the desk asks of a store that holds itself against its own events (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Recorded
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.timers import Timer
from carecli.store.entries import CaseTexts, Census

if TYPE_CHECKING:
    from carecli.domain.attachment import Attachment
    from carecli.domain.verify import Difference, Kept


class Checking(Protocol):
    """Differences between what a record holds and what its events say; nothing is changed (AUD-1)."""

    def census(self) -> Census:
        """How many cases and events there are to look at."""

    def numbers(self) -> Iterator[int]:
        """Every number that the log tells of or that anything is stored under, in order, read as asked for."""

    def desk_history(self) -> Iterator[Recorded]:
        """The events of the desk itself, oldest first, read as asked for."""

    def engine(self) -> Iterator[Difference]:
        """What the engine itself finds wrong, and tables, indices or triggers that are not ours."""

    def log(self, last: int | None = None) -> Iterator[Difference]:
        """Events that are not what was appended there, one after the other; a break hides none behind it.

        With `last` only so many at the end are looked at.
        """

    def signs(self, *, cases: bool = True) -> Iterator[str]:
        """What speaks for a log that was cut at its end; the rows of `cases` take longer to look through."""

    def case(
        self,
        case: Case,
        timers: Iterable[Timer],
        texts: Iterable[CaseTexts],
        stages: Sequence[tuple[int, int]],
        files: Sequence[Attachment] = (),
    ) -> Iterator[Difference]:
        """What is stored of a case otherwise than it should be; `stages` are the follow-ups that went out."""

    def people(
        self, accounts: Iterable[Account], contacts: Iterable[Contact], staff: Iterable[Staff]
    ) -> Iterator[Difference]:
        """Accounts, contacts and staff that are stored otherwise than as they were last recorded."""

    def pins(self, told: Mapping[str, str | None]) -> Iterator[Difference]:
        """PINs that are not those whose fingerprints were recorded, by folded address (DC-4)."""

    def settings(self, settings: DeskSettings | None) -> Iterator[Difference]:
        """The desk's settings, where they are stored otherwise than as they were last recorded."""

    def documents(self, told: Mapping[str, Kept]) -> Iterator[Difference]:
        """Policies and calendars that are not what their content hash says; `told` has each by its hash."""

    def advisories(self, told: Sequence[Recorded]) -> Iterator[Difference]:
        """Advisories, who read and is told of them, that are stored otherwise than these events tell (ADV-1)."""

    def articles(self, told: Sequence[Recorded]) -> Iterator[Difference]:
        """Articles, their versions, votes and words, that are stored otherwise than these events tell (KB-1)."""

    def mail(self) -> Iterator[Difference]:
        """Mails that wait and that the queue of timers knows nothing of, or the reverse, and lost originals."""

    def alerts(self) -> Iterator[Difference]:
        """Alert groups of which something else is stored than monitoring last told (OPEN-12)."""

    def externals(self, told: Mapping[str, int]) -> Iterator[Difference]:
        """Other desks' references that are not known by the case whose opening tells them (IMP-1)."""

    def words(self) -> Iterator[Difference]:
        """Indices that find cases by other words than those of the texts that were looked at (FIND-3)."""

    def untold(self, number: int) -> Iterator[Difference]:
        """What is stored of a case of which no event tells."""

    def components(self) -> Iterator[Difference]:
        """What was learned of components and cannot be read (OPEN-6)."""

    def counts(self) -> Iterator[Difference]:
        """The tabs of the whole desk, and the counter of case numbers (OPEN-1), where they count wrongly."""


class Mending(Checking, Protocol):
    """The same look by a transaction that puts right what differs as it is found; events stay as they are."""

    def damage(self) -> Iterator[Difference]:
        """What is still wrong with the file itself; things that are not ours may stay."""
