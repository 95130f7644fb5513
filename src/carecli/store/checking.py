"""What a record is held against: its own chain, and everything derived, made anew in memory (AUD-1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from carecli.domain.attachment import Attachment
from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Recorded
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.timers import Timer
from carecli.domain.verify import UNTOLD, Difference, Kept, Part
from carecli.store import codec
from carecli.store.alerts_told import alerts_told
from carecli.store.chain import breaks
from carecli.store.component_faults import component_faults
from carecli.store.count_faults import count_faults
from carecli.store.cut_log import signs
from carecli.store.derived import (
    ADVISORIES,
    ALERTS,
    EXTERNALS,
    KNOWLEDGE,
    NUMBERED,
    OF_A_CASE,
    OF_ADVISORIES,
    OF_ARTICLES,
    PEOPLE,
    SETTINGS,
)
from carecli.store.differing import Spelled
from carecli.store.document_faults import document_faults
from carecli.store.entries import CaseTexts, Census
from carecli.store.made_anew import MadeAnew, impossible
from carecli.store.mail_faults import mail_faults, stage_faults
from carecli.store.pin_faults import pin_faults
from carecli.store.session import Connection, Session, stream

_EVENTS: Final = f"SELECT {codec.EVENT_COLUMNS} FROM events"  # noqa: S608 - names from this program


class Checking(Session):
    """Differences between what a record holds and what its events say; nothing is changed.

    What should be there is made anew in memory, and the rows of both are compared. What an engine has to say of
    itself, and the words of its search, each has a room of its own for.
    """

    ahead: ClassVar[str]
    """Finds cases that are stored as after an event that they lack (see `signs`)."""

    def __init__(self, db: Connection, real: Spelled | None = None, told: Spelled | None = None) -> None:
        """Before rows are compared the record's are spelled as `real` says, those made anew as `told` says."""
        super().__init__(db)
        self._anew = MadeAnew(db, real, told)

    def close(self) -> None:
        """Let go of what was made anew."""
        self._anew.close()

    def census(self) -> Census:
        """How many cases and events there are to look at."""
        told = "SELECT count(DISTINCT number), count(*), coalesce(max(number), 0) FROM events"
        return Census(*self.db.execute(told).fetchone())

    def numbers(self) -> Iterator[int]:
        """Every number that the log tells of or that anything is stored under, in order, read as asked for."""
        return (number for (number,) in stream(self.db, NUMBERED))

    def desk_history(self) -> Iterator[Recorded]:
        """The events of the desk itself, oldest first, read as asked for."""
        return map(codec.recorded, stream(self.db, f"{_EVENTS} WHERE number IS NULL ORDER BY seq"))

    def engine(self) -> Iterator[Difference]:
        """What the engine itself finds wrong, and tables, indices or triggers that are not ours."""
        raise NotImplementedError

    def log(self, last: int | None = None) -> Iterator[Difference]:
        """Events that are not what was appended there, one after the other; a break hides none behind it.

        With `last` only so many at the end are looked at.
        """
        return breaks(self.db, last)

    def signs(self, *, cases: bool = True) -> Iterator[str]:
        """What speaks for a log that was cut at its end; the rows of `cases` take longer to look through."""
        return signs(self.db, self.ahead if cases else "")

    def case(
        self,
        case: Case,
        timers: Iterable[Timer],
        texts: Iterable[CaseTexts],
        stages: Sequence[tuple[int, int]],
        files: Sequence[Attachment] = (),
    ) -> Iterator[Difference]:
        """What is stored of a case otherwise than it should be; `stages` are the follow-ups that went out."""
        with self._anew.writing() as made:
            made.save(case, timers)
            for text in texts:
                made.index(text)
            made.put_attachments(case.number, files)
            self.take_words("search", "search_notes")
            for table in OF_A_CASE:
                yield from self._anew.compared(table, case.number, case.number)
        yield from stage_faults(self.db, case.number, stages)

    def people(
        self, accounts: Iterable[Account], contacts: Iterable[Contact], staff: Iterable[Staff]
    ) -> Iterator[Difference]:
        """Accounts, contacts and staff that are stored otherwise than as they were last recorded."""
        with self._anew.writing() as made:
            puts: tuple[tuple[Any, Iterable[Any]], ...] = (
                (made.put_account, accounts),
                (made.put_contact, contacts),
                (made.put_staff, staff),
            )
            for (put, told), table in zip(puts, PEOPLE, strict=True):
                for _, error in impossible(put, told):
                    yield Difference(None, table.part, f"what was recorded of one cannot be: {error}")
            for table in PEOPLE:
                yield from self._anew.all_compared(table)

    def pins(self, told: Mapping[str, str | None]) -> Iterator[Difference]:
        """PINs that are not those whose fingerprints were recorded, by folded address (DC-4)."""
        return pin_faults(self.db, told)

    def settings(self, settings: DeskSettings | None) -> Iterator[Difference]:
        """The desk's settings, where they are stored otherwise than as they were last recorded."""
        with self._anew.writing() as made:
            if settings:
                made.put_settings(settings)
            yield from self._anew.compared(SETTINGS, "settings", None)

    def documents(self, told: Mapping[str, Kept]) -> Iterator[Difference]:
        """Policies and calendars that are not what their content hash says; `told` has each by its hash."""
        return document_faults(self.db, told)

    def articles(self, told: Sequence[Recorded]) -> Iterator[Difference]:
        """Articles, their versions, votes and words, that are stored otherwise than these events tell (KB-1)."""
        with self._anew.writing() as made:
            for entry, error in impossible(lambda entry: made.tell_article(entry.event), told):
                what = f"what it tells of an article cannot be: {error}"
                yield Difference(None, Part.EVENT, what, event=entry.position)
            self.take_words("search_articles", "search_public_articles")
            texts = [one for table in KNOWLEDGE for one in self._anew.all_compared(table)]
            yield from texts or self.differing_words("search_articles", "search_public_articles")
            for rows in OF_ARTICLES:
                yield from self._anew.rows_compared(rows)

    def advisories(self, told: Sequence[Recorded]) -> Iterator[Difference]:
        """Advisories, who read and is told of them, that are stored otherwise than these events tell (ADV-1)."""
        with self._anew.writing() as made:
            for entry, error in impossible(lambda entry: made.tell_advisory(entry.event), told):
                what = f"what it tells of an advisory cannot be: {error}"
                yield Difference(None, Part.EVENT, what, event=entry.position)
            for table in ADVISORIES:
                yield from self._anew.all_compared(table)
            for rows in OF_ADVISORIES:
                yield from self._anew.rows_compared(rows)

    def mail(self) -> Iterator[Difference]:
        """Mails that wait and that the queue of timers knows nothing of, or the reverse, and lost originals."""
        return mail_faults(self.db)

    def alerts(self) -> Iterator[Difference]:
        """Alert groups of which something else is stored than monitoring last told (OPEN-12)."""
        with self._anew.writing():
            self._anew.put("INSERT INTO alerts VALUES (?, ?, ?)", alerts_told(self.db))
            for key, real, told in self._anew.by_key(ALERTS):
                number = (told or real)[0]["number"]
                what = "what is stored of an alert group is not what monitoring last told"
                yield Difference(number, Part.ALERTS, what, str(key)[:12])
                self._anew.mend(ALERTS, key, real, told)

    def externals(self, told: Mapping[str, int]) -> Iterator[Difference]:
        """Other desks' references that are not known by the case whose opening tells them (IMP-1)."""
        with self._anew.writing():
            self._anew.put("INSERT INTO externals VALUES (?, ?)", told.items())
            yield from self._anew.rows_compared(EXTERNALS)

    def words(self) -> Iterator[Difference]:
        """Indices that find cases by other words than those of the texts that were looked at (FIND-3)."""
        return self.differing_words("search", "search_notes")

    def take_words(self, *names: str) -> None:
        """Hear that the indices of these names, made anew, hold now what they should for one thing."""

    def differing_words(self, *names: str) -> Iterator[Difference]:
        """Which of these indices hold other words than those of their texts."""
        raise NotImplementedError

    def untold(self, number: int) -> Iterator[Difference]:
        """What is stored of a case of which no event tells."""
        yield Difference(number, Part.CASE, f"something is stored of it, and {UNTOLD}")
        for table in OF_A_CASE:
            self._anew.forget(table, number)

    def components(self) -> Iterator[Difference]:
        """What was learned of components and cannot be read (OPEN-6)."""
        return component_faults(self.db)

    def counts(self) -> Iterator[Difference]:
        """The tabs of the whole desk, and the counter of case numbers (OPEN-1), where they count wrongly."""
        return count_faults(self.db, self.census().last_number)
