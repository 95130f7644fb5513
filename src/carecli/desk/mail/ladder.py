"""What a case and its ladder hear of their mail: given up, held until it arrives, going on since it did (FU-6)."""

from collections.abc import Iterable, Sequence
from typing import Any

from carecli.desk.record import Record
from carecli.domain import followup
from carecli.domain.events import Event, Kind
from carecli.domain.followup import FollowUp
from carecli.domain.outbox import REQUESTS, Mail, MailState
from carecli.domain.vocabulary import SYSTEM, Via, Visibility


def moved_by(mails: Iterable[Mail]) -> list[int]:
    """The cases that may hear of what became of these mails."""
    return sorted({mail.number for mail in mails if mail.number and (_of_ladder(mail) or mail.given_up)})


def _of_ladder(mail: Mail) -> bool:
    return bool(mail.stage) or mail.kind in REQUESTS


class Ladders:
    """The ladders of some mails' cases in one transaction, read once it is marked what became of the mails.

    What was known before they left does not count: an answer or a bounce may have come in meanwhile.
    """

    def __init__(self, record: Record, mails: Sequence[Mail], *, replay: bool) -> None:
        numbers = list(dict.fromkeys(mail.number for mail in mails if mail.number and _of_ladder(mail)))
        self.record = record
        self.replay = replay
        self.states = {state["number"]: state for state in record.writing.listed(numbers)} if numbers else {}
        self.ladders = {
            number: followup.from_document(state["followup"])
            for number, state in self.states.items()
            if state["followup"]
        }
        self.unsent = {place[:2] for place in record.writing.unsent_stages(numbers)} if numbers else set()

    def tell(self, mail: Mail) -> None:
        """Put on record what follows from what became of a mail: failed, given up or sent."""
        if mail.given_up:
            self._undelivered(mail)
        ladder = self._awaiting(mail)
        if ladder is None:
            return
        if mail.state is MailState.FAILED:
            # A request that is only put off holds nothing: its ladder has days before it.
            if not ladder.held and (mail.stage or mail.given_up):
                self._moved(mail, ladder, Kind.FOLLOW_UP_HELD, reason=mail.error)
        elif mail.state is MailState.SENT and self._goes_on(mail, ladder):
            self._moved(mail, ladder, Kind.FOLLOW_UP_RESUMED)

    def _awaiting(self, mail: Mail) -> FollowUp | None:
        """The ladder whose mail it is, while that still runs."""
        ladder = self.ladders.get(mail.number or 0)
        return ladder if ladder and followup.has_mail(ladder, mail) else None

    def _goes_on(self, mail: Mail, ladder: FollowUp) -> bool:
        """Whether a mail that left moves its ladder: one that was held, when all its mail has arrived (FU-6), and
        one whose customer could not answer in time, unless the tick replays (FU-4).
        """
        if (mail.number, ladder.round) in self.unsent:
            return False
        if not mail.stage:
            return ladder.held and self._has_left(mail)
        return ladder.held or (ladder.stage == mail.stage and not self.replay and self._late(mail))

    def _has_left(self, mail: Mail) -> bool:
        """Whether a mail is still taken for sent: a bounce may be faster than its mark."""
        now = self.record.writing.mail(mail.id)
        return now is not None and now.state is MailState.SENT

    def _late(self, mail: Mail) -> bool:
        """Whether a reminder leaves so late that nobody could answer before the next stage as planned (FU-4)."""
        state = self.states[mail.number or 0]
        rules = self.record.rulebook.rules(self.record.writing, state["policy"], state["calendar"])
        in_time = rules.calendar.add(max(mail.queued_at, mail.not_before), rules.policy.grace)
        return self.record.now > in_time and not rules.policy.replays_by_default

    def _undelivered(self, mail: Mail) -> None:
        if mail.number:
            self._append(mail.number, Kind.MAIL_UNDELIVERED, {**mail.told(), "reason": mail.error})

    def _moved(self, mail: Mail, ladder: FollowUp, kind: Kind, **more: Any) -> None:
        self._append(mail.number or 0, kind, {**stage_told(ladder, mail), **more})

    def _append(self, number: int, kind: Kind, data: dict[str, Any]) -> None:
        case = self.record.writing.case(number)
        assert case is not None, "a mail belongs to a case"
        event = Event(self.record.now, SYSTEM, Via.TICK, kind, Visibility.INTERNAL, data)
        after = self.record.append(case, event)
        if after.followup and number in self.ladders:
            self.ladders[number] = after.followup


def stage_told(ladder: FollowUp, mail: Mail) -> dict[str, Any]:
    """How an event names the stage of a ladder whose mail it tells of (FU-6)."""
    return {"round": ladder.round, "stage": mail.stage, "message_id": mail.message_id}
