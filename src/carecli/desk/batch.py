"""A batch of due timers: their cases read at once, moved on in memory, and written at once (TICK-1)."""

from collections.abc import Iterable, Sequence
from typing import Final

from carecli.desk.record import Change, Record
from carecli.domain import deadlines
from carecli.domain.deadlines import Pace
from carecli.domain.events import Event, Kind
from carecli.domain.folding import fold
from carecli.domain.timers import Timer, TimerKind

REMINDER: Final = "reminder"


class Batch:
    """The cases of some timers within one transaction; nothing is on record before `keep`."""

    def __init__(self, record: Record, timers: Iterable[Timer]) -> None:
        numbers = list(dict.fromkeys(timer.number for timer in timers))
        self.record = record
        self.cases = {case.number: case for case in record.writing.cases(numbers)}
        self.unsent = record.writing.unsent_stages(numbers)
        self.changes: list[Change] = []

    def waits_for_mail(self, timer: Timer) -> bool:
        """Whether a follow-up stage must wait, as the mail of the one before it has not left (FU-6)."""
        ladder = self.cases[timer.number].followup
        if timer.kind is not TimerKind.FOLLOW_UP or ladder is None:
            return False
        return (timer.number, ladder.round, ladder.stage) in self.unsent

    def fire(self, timer: Timer, pace: Pace) -> Sequence[Event]:
        """Let a timer bring what it brings; nothing, if a command or another timer was faster (FU-4)."""
        case = self.cases[timer.number]
        rules = self.record.rules(case)
        stands = timer in deadlines.timers(case)
        events = deadlines.fired(case, timer, rules, pace) if stands else ()
        self.cases[case.number] = after = fold(case, events, rules)
        # Kept also without events: a timer that no longer stands shall not be found again.
        self.changes.append(Change(after, events, rules))
        self.unsent |= {
            (case.number, event.data["round"], event.data["stage"])
            for event in events
            if event.kind is Kind.FOLLOW_UP_SENT and event.data["action"] == REMINDER
        }
        return events

    def next_timers(self, number: int) -> Iterable[Timer]:
        """What a case waits for now."""
        return deadlines.timers(self.cases[number])

    def keep(self) -> None:
        """Put everything that was fired on record, in the order in which it fired."""
        self.record.keep_all(self.changes)
        for number, case in self.cases.items():
            # Read again: what is told because of one incident may be told on another.
            if case.incident and (kept := self.record.writing.case(number)):
                self.record.followed(kept)
