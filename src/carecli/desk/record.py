"""A transaction of the desk: cases read, events appended, and all that follows from them written along."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from carecli.config import Config
from carecli.desk.rulebook import Rulebook
from carecli.domain import access, deadlines
from carecli.domain.access import Actor
from carecli.domain.case import Case, evolve, fold
from carecli.domain.deadlines import Pace
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.instants import iso
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailState
from carecli.domain.rules import Rules
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.vocabulary import Priority, Via, Visibility
from carecli.errors import CareError, Refused
from carecli.store.entries import CaseTexts
from carecli.store.protocol import Writing

REQUESTS = frozenset({Kind.ASKED, Kind.PROPOSED})


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
        if event.at < case.opened_at:
            raise Refused(
                f"case {written(case.number)} was opened at {iso(case.opened_at)}, after this moment",
                hint="check --now, CARE_NOW and the machine's clock",
                rule="STAT-4",
            )
        rules = self.rules(case)
        after, events = deadlines.consequences(case, event, rules)
        return self.keep(after, events, rules)

    def fire(self, timer: Timer, pace: Pace) -> tuple[Case, Sequence[Event]]:
        """Let a due timer bring what it brings; nothing, if a command was faster (FU-4)."""
        case = self.writing.case(timer.number)
        assert case is not None, "a timer belongs to a case"
        if timer not in deadlines.timers(case):
            self.writing.save(case, deadlines.timers(case))
            return case, ()
        rules = self.rules(case)
        events = deadlines.fired(case, timer, rules, pace)
        return self.keep(fold(case, events, rules), events, rules), events

    def waits_for_mail(self, timer: Timer) -> bool:
        """Whether a follow-up stage must wait, as the mail of the one before it has not left (FU-6)."""
        if timer.kind is not TimerKind.FOLLOW_UP:
            return False
        case = self.writing.case(timer.number)
        ladder = case.followup if case else None
        if ladder is None or ladder.stage == 0:
            return False
        state = self.writing.stage_mail(timer.number, ladder.round, ladder.stage)
        return state in {MailState.QUEUED, MailState.FAILED, MailState.BOUNCED}

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
        recorded = self.writing.append(case.number, events)
        self.writing.save(case, deadlines.timers(case))
        self._index(case, events)
        if self.notices:
            self.writing.queue(self._mails(case, recorded, rules))
        return case

    def _index(self, case: Case, events: Sequence[Event]) -> None:
        for event in events:
            opening = event.kind is Kind.OPENED
            text = event.data.get("text") or ""
            if opening or text:
                self.writing.index(
                    CaseTexts(
                        case.number,
                        subject=case.subject if opening else "",
                        description=case.description if opening else "",
                        updates=text if event.public else "",
                        notes="" if event.public else text,
                    )
                )

    def _mails(self, case: Case, recorded: Iterable[Recorded], rules: Rules) -> Iterable[Mail]:
        from carecli.mail import notices

        owed = [entry for entry in recorded if notices.kind_of(entry.event, case)]
        if not owed:
            return
        office = notices.Office(
            desk=self.settings.name,
            sender=self.config.mail_from,
            case_url=self.config.case_url,
            zone=self.rulebook.calendar(self.writing, case.calendar).zone,
            phone=rules.policy.phone["number"],
            stages=len(rules.policy.stages),
        )
        first = self.writing.mail_count(case.number) + 1
        for place, entry in enumerate(owed, first):
            not_before = self._not_before(case, entry.event.at, rules)
            mail = notices.compose(entry, case, office, notices.Sending(place, not_before, self._request(entry)))
            if mail:
                yield mail

    def _request(self, entry: Recorded) -> str | None:
        """What a reminder reminds of: the text of the last request to the customer (FU-1)."""
        if entry.event.kind is not Kind.FOLLOW_UP_SENT or entry.number is None:
            return None
        asked = (e.event for e in self.writing.history(entry.number) if e.event.kind in REQUESTS)
        return next((event.data["text"] for event in reversed([*asked])), None)

    def _not_before(self, case: Case, at: datetime, rules: Rules) -> datetime:
        """Quiet hours hold what is not Critical until the recipient's next business hour (FU-5)."""
        if not rules.policy.quiet_hours or case.priority is Priority.CRITICAL:
            return at
        try:
            return rules.calendar.next_open(max(at, self.now))
        except CareError:  # a calendar that never opens again must not hold mail for ever
            return at
