"""A transaction of the desk: cases read, events appended, and all that follows from them written along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, reduce
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.config import Config
from carecli.desk import indexing
from carecli.desk.rulebook import Rulebook
from carecli.domain import access, attachment, deadlines, followup
from carecli.domain.access import Actor
from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind, Numbered
from carecli.domain.folding import evolve
from carecli.domain.instants import iso
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail
from carecli.domain.policy import Policy
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Priority, Via, Visibility
from carecli.errors import CareError, Refused

if TYPE_CHECKING:
    from carecli.desk.phones import Phones
    from carecli.domain.reference_key import KeyRing
    from carecli.store.entries import Thread
    from carecli.store.protocol import Reading, Writing


class Change(NamedTuple):
    """Events, the case that they lead to, and the rules by which they did."""

    case: Case
    events: Sequence[Event]
    rules: Rules


class ReachesFurther(Exception):
    """A change reaches cases that a transaction beside others has not claimed: it is for one that is alone."""


class Record:
    """The record within one transaction, as one actor sees it."""

    def __init__(
        self,
        config: Config,
        settings: DeskSettings,
        actor: Actor,
        now: datetime,
        rulebook: Rulebook,
        writing: Writing,
        notices: bool,
    ) -> None:
        self.config = config
        self.settings = settings
        self.actor = actor
        self.now = now
        self.rulebook = rulebook
        self.writing = writing
        self.notices = notices

    def case(self, number: int) -> Case:
        """A case that the actor may see; raises NotFound for any other (DC-3)."""
        return access.seen(self.actor, self.writing.case(number), written(number))

    @property
    def seen(self) -> Reading:
        """The record within this transaction as the actor sees it (DC-3, ACC-5, SR-1)."""
        return self.writing.seeing(self.actor.sight)

    @cached_property
    def reference_key(self) -> bytes:
        """The key of this desk's references, read once however many mails a tick writes (MAIL-1)."""
        return self.reference_keys.key

    @cached_property
    def reference_keys(self) -> KeyRing:
        """That key, and those of before it that still open what was sent with them (MAIL-1)."""
        # Imported here: what writes no mail needs none.
        from carecli.desk.mail.keys import ring

        return ring(self.config, self.writing, self.now)

    @cached_property
    def phones(self) -> Phones:
        """The numbers that customers call (WHERE-1)."""
        # Imported here: what reads and ticks quietly names no number.
        from carecli.desk.phones import Phones

        return Phones(self.writing, self.settings, self.policy())

    def policy(self) -> Policy:
        """The policy in force on the desk: mail is treated by it, whatever case it is about."""
        return self.rulebook.in_force(self.writing, self.settings)

    def rules(self, case: Case) -> Rules:
        """The rules that a case was opened under."""
        return self.rulebook.of(self.writing, case)

    def open(self, event: Event) -> Case:
        """Begin a case with its opening."""
        rules = self.rulebook.rules(self.writing, event.data["policy"], event.data["calendar"])
        return self.keep(evolve(None, event, rules), [event], rules)

    def append(self, case: Case, event: Event) -> Case:
        """Add a command's event, after the clock crossings that fell due before it (SLA-7).

        Raises Refused for a moment before the case was opened.
        """
        change = self.change(case, event)
        self.keep_all([change])
        return self.followed(change.case)

    def followed(self, case: Case) -> Case:
        """The case after what others are told because of it: that an incident of theirs, too, is over (INC-1).

        Raises ReachesFurther in a transaction that has no right to their cases.
        """
        if case.incident is None or case.incident.restored_at is None:
            return case
        # Imported here: few cases are incidents.
        from carecli.desk.incidents.affecting import anybody_left, tell_back

        if not self.writing.alone and anybody_left(case):
            raise ReachesFurther
        return tell_back(self, case)

    def change(self, case: Case, event: Event) -> Change:
        """What `append` would write; nothing is, before `keep_all`."""
        if event.at < case.opened_at:
            raise Refused(
                f"case {written(case.number)} was opened at {iso(case.opened_at)}, after this moment",
                hint="check --now, CARE_NOW and the machine's clock",
                rule="STAT-4",
            )
        rules = self.rules(case)
        then = rules
        if event.kind is Kind.REBASED:
            then = self.rulebook.rules(self.writing, event.data["policy"], event.data["calendar"])
        after, events = deadlines.consequences(case, event, rules, then)
        return Change(after, events, then)

    def desk_event(self, kind: Kind, data: dict[str, Any]) -> None:
        """Record what happened to the desk itself rather than to a case."""
        event = Event(self.now, self.actor.email, Via.DESK, kind, Visibility.INTERNAL, data)
        self.writing.append(None, [event])

    def document(self, kind: str, document: Mapping[str, Any]) -> str:
        """Keep a policy or calendar and say so in the log; the answer is its content hash (SLA-8)."""
        digest, new = self.writing.put_document(kind, document)
        if new:
            self.desk_event(Kind.DOCUMENT_ADDED, {"kind": kind, "digest": digest, "document": dict(document)})
        return digest

    def keep(self, case: Case, events: Sequence[Event], rules: Rules) -> Case:
        """Write events and the case that they lead to, with everything derived from them."""
        self.keep_all([Change(case, events, rules)])
        return case

    def keep_all(self, changes: Sequence[Change]) -> None:
        """Write changes of any number of cases, in the order in which they happened."""
        numbered = self.writing.number_events((c.case.number, event) for c in changes for event in c.events)
        latest = {change.case.number: change.case for change in changes}
        timers = (timer for case in latest.values() for timer in deadlines.timers(case))
        self.writing.save_all([*latest.values()], timers)
        entries = iter(numbered)
        for change in changes:
            self._index(change.case, change.events)
            self._put_files(change.case.number, islice(entries, len(change.events)))
        if self.notices:
            self.writing.queue(self._mails(changes, numbered))
        # Last: whoever else appends to the one log waits from here until the transaction ends.
        self.writing.chain(numbered)

    def _index(self, case: Case, events: Sequence[Event]) -> None:
        for text in indexing.texts(case, events):
            self.writing.index(text)

    def _put_files(self, number: int, entries: Iterable[Numbered]) -> None:
        """Keep what these events tell of the case's files (ATT-1)."""
        told = [entry for entry in entries if attachment.concerns(entry.event)]
        if told:
            files = reduce(attachment.after, told, self.writing.attachments(number))
            self.writing.put_attachments(number, files)

    def _mails(self, changes: Sequence[Change], numbered: Iterable[Numbered]) -> Iterable[Mail]:
        from carecli.mail.outgoing import notices

        entries = iter(numbered)
        owed = [
            (change, entry, to)
            for change in changes
            for entry in islice(entries, len(change.events))
            for to in notices.recipients(entry.event, change.case)
        ]
        if not owed:
            return
        reminding = [c.case.number for c, entry, _ in owed if entry.event.kind is Kind.FOLLOW_UP_SENT]
        # What is being kept is not in the log yet: a reminder reminds of what was asked before.
        requests = self.writing.last_requests(reminding) if reminding else {}
        threads = self.writing.threads(sorted({change.case.number for change, _, _ in owed}))
        for change, entry, to in owed:
            thread = threads[change.case.number]
            mail = self._mail(change, entry, to, thread, requests)
            if mail and mail.number is not None:
                first = thread.first or mail.message_id
                threads[mail.number] = thread._replace(length=thread.length + 1, first=first)
            if mail:
                yield mail

    def _mail(
        self, change: Change, entry: Numbered, to: str, thread: Thread, requests: Mapping[int, str | None]
    ) -> Mail | None:
        from carecli.mail.outgoing import notices
        from carecli.mail.outgoing.office import Office, Sending

        case, rules, at = change.case, change.rules, entry.event.at
        zone = self.rulebook.calendar(self.writing, case.calendar).zone
        # The quiet hours are the customer's, not those of whom a case is escalated to.
        not_before = self._not_before(case, at, rules) if to == case.contact else at
        # The nearest last, as mail programs build their threads.
        named = tuple(dict.fromkeys(id_ for id_ in (thread.first, thread.answered) if id_))
        quoted = self._quoted(entry, zone, requests)
        sending = Sending(self.reference_key, thread.length + 1, not_before, named, quoted, to)
        # The number is that of whoever reads it.
        phone = self.phones.of_case(case, to)
        stages = len(followup.days_of(case.followup, rules).stages)
        return notices.compose(entry, case, Office(self.config.mail_from, zone, phone, stages), sending)

    def _quoted(self, entry: Numbered, zone: str, requests: Mapping[int, str | None]) -> str | None:
        """What a mail quotes of before: what a reminder reminds of (FU-1), or what was said in a chat (CHAT-1)."""
        if entry.number is None:
            return None
        if entry.event.kind is Kind.CHAT_ENDED:
            from carecli.mail.outgoing import notices_chat

            return notices_chat.transcript(self.writing.history(entry.number), entry.event.data["chat"], zone)
        return requests[entry.number] if entry.event.kind is Kind.FOLLOW_UP_SENT else None

    def _not_before(self, case: Case, at: datetime, rules: Rules) -> datetime:
        """Quiet hours hold what is not Critical until the recipient's next business hour (FU-5)."""
        if not rules.policy.quiet_hours or case.priority is Priority.CRITICAL:
            return at
        try:
            return rules.calendar.next_open(max(at, self.now))
        except CareError:  # a calendar that never opens again must not hold mail for ever
            return at
