"""What becomes of a mail that comes in: one decision, from what it says and what the desk knows (MAIL-2..5)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from carecli.domain.facts import Facts, Known, References, Sender, Target
from carecli.domain.inbox import Bounce, Outcome, Received, Verdict, label
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.policy import MailPolicy


class How(StrEnum):
    """By what a message names a case; a number alone proves nothing (MAIL-2a)."""

    MESSAGE_ID = "message-id"
    REFERENCE = "reference"
    NUMBER = "case-number"


class Match(NamedTuple):
    """A case that a message names."""

    number: int
    how: How


class Decision(NamedTuple):
    """What becomes of a message, why, and which automatic answer is due, if any."""

    outcome: Outcome
    code: str
    reason: str
    number: int | None = None
    answer: MailKind | None = None


UNTRUSTED: Final = frozenset({"failed-authentication", "no-authentication", "staff-not-authenticated"})
"""Why a message may be forged: one that waits for that reason stands in nobody's way (`same-message-id`)."""

MOST_ALIKE: Final = 100
"""How many messages with one Message-ID are compared: beyond that somebody plays, and a person looks."""

ROBOTS: Final = (
    ("Auto-Submitted", "auto-submitted"),
    ("Precedence", "precedence"),
    ("no return path", "null-return-path"),
    ("a mailing list", "mailing-list"),
    ("the header ", "header"),
    ("nobody as", "sender"),
    ("the sender ", "sender"),
    ("a report", "report"),
    ("the subject", "subject"),
)
"""How `Incoming.robot` begins, and the word for programs."""


def decide(facts: Facts, policy: MailPolicy) -> Decision:
    """What becomes of a message that reports no failed delivery; `bounced` decides of one that does.

    A message may come by two ways, by a mailing list too: what came before keeps out nothing that it did not do.
    """
    before = _before(facts)
    if before and _counted(before):
        return same_message(before)
    decision = _from_machine(facts) or _shadowing(facts) or _without_sender(facts) or _of(facts, policy)
    return kept(same_message(before) if before and decision.outcome is not Outcome.UPDATED else decision, facts)


def kept(decision: Decision, facts: Facts) -> Decision:
    """A decision about no case in particular, kept from staff with the data-privacy request it names (SR-1)."""
    return decision if decision.number is not None else decision._replace(number=_kept_from_staff(facts))


def repeated(facts: Facts) -> Decision | None:
    """The same Message-ID from the same sender is the same message (MAIL-2a)."""
    before = _before(facts)
    return same_message(before) if before else None


def _before(facts: Facts) -> Received | None:
    """The same sender's message with the same Message-ID, one that counted first."""
    sender = _folded(facts.message.sender)
    same = [before for before in facts.earlier if _folded(before.sender) == sender]
    return next(filter(_counted, same), same[0] if same else None)


def _counted(before: Received) -> bool:
    """Whether a message is on its case, or staff have decided about it."""
    return before.outcome is Outcome.UPDATED or before.settlement is not None


def same_message(before: Received) -> Decision:
    """A message that came before."""
    return Decision(Outcome.DUPLICATE, "duplicate", f"it came before, as {label(before.id)}", before.number)


def bounced(bounce: Bounce, mail: Mail | None) -> Decision:
    """What becomes of a report on a delivery; it never moves a status, and nobody answers it (MAIL-5)."""
    said = ", ".join(filter(None, (bounce.status, bounce.reason)))
    why = f": {said}" if said else ""
    to = bounce.recipient or (mail.to if mail else "somebody")
    if mail is None:
        return Decision(Outcome.BOUNCE, "unmatched-bounce", f"it is about no mail of this desk, to {to}{why}")
    if not bounce.final:
        reason = f"mail {mail.id} to {to} is not lost{why}"
        return Decision(Outcome.IGNORED, "not-final", reason, mail.number)
    if mail.state is MailState.BOUNCED:
        return Decision(Outcome.BOUNCE, "known-bounce", f"mail {mail.id} to {to} came back before", mail.number)
    return Decision(Outcome.BOUNCE, "bounced", f"mail {mail.id} to {to} came back{why}", mail.number)


def _from_machine(facts: Facts) -> Decision | None:
    named = _match(facts)
    number = named.number if named and _target(facts, named) and named.how is not How.NUMBER else None
    if facts.own:
        return Decision(Outcome.IGNORED, "own-mail", facts.own, number)
    if facts.message.robot:
        code = next((word for start, word in ROBOTS if facts.message.robot.startswith(start)), "other")
        return Decision(Outcome.IGNORED, f"robot:{code}", f"no person wrote it: {facts.message.robot}", number)
    return None


def _shadowing(facts: Facts) -> Decision | None:
    """Another's Message-ID: nobody may keep out somebody's mail by sending its Message-ID first (MAIL-2a)."""
    sender = _folded(facts.message.sender)
    others = [before for before in facts.earlier if _folded(before.sender) != sender]
    if not others:
        return None
    reason = f"its Message-ID is that of {label(others[0].id)}, from another sender"
    return Decision(Outcome.TRIAGED, "same-message-id", reason)


def _without_sender(facts: Facts) -> Decision | None:
    if facts.sender:
        return None
    return Decision(Outcome.TRIAGED, "unclear-sender", "its From names nobody, or more than one")


def _of(facts: Facts, policy: MailPolicy) -> Decision:
    """The rest of the order: the case that is named, the sender, trust, and where the case stands."""
    sender = facts.sender
    assert sender is not None, "whoever names no sender was met before"
    if several := _ambiguous(facts.references):
        names = ", ".join(written(number) for number in several)
        return Decision(Outcome.TRIAGED, "ambiguous", f"it names several cases: {names}")
    named = _match(facts)
    target = _target(facts, named) if named else None
    if named is None or target is None or not _counts(named, target, sender, facts, policy):
        return _unmatched(facts, sender)
    return (
        _unfit(facts, sender, target)
        or _untrusted(facts, sender, target, policy)
        or _closed(sender, target)
        or Decision(Outcome.UPDATED, named.how.value, _WHY[named.how], target.number)
    )


_WHY: Final = {
    How.MESSAGE_ID: "it answers a mail of the case",
    How.REFERENCE: "it holds the case's reference",
    How.NUMBER: "its subject names the case, and its sender is authenticated",
}


def _match(facts: Facts) -> Match | None:
    """The case that is named in the surest way; a reference in an older mail quoted below says the least."""
    told = facts.references
    known = {target.number for target in facts.targets}
    if answered := next((number for number in told.headers if number in known), None):
        return Match(answered, How.MESSAGE_ID)
    for place in (told.subject, told.body):
        if place:
            return Match(place[0], How.REFERENCE) if len(place) == 1 else None
    return Match(told.number, How.NUMBER) if told.number is not None else None


def _ambiguous(told: References) -> Sequence[int]:
    """Several cases that are named alike, in the first place that names any."""
    first = next((place for place in (told.headers[:1], told.subject, told.body) if place), ())
    return first if len(first) > 1 else ()


def _target(facts: Facts, named: Match) -> Target | None:
    return next((target for target in facts.targets if target.number == named.number), None)


def _counts(named: Match, target: Target, sender: Sender, facts: Facts, policy: MailPolicy) -> bool:
    """A number alone counts by policy, and only from an authenticated Designated Contact (MAIL-3)."""
    if named.how is not How.NUMBER:
        return True
    fit = sender.known is Known.CONTACT and sender.designated and sender.acts_for(target.account)
    return policy.link_by_case_number and facts.verdict is Verdict.PASS and fit


def _unmatched(facts: Facts, sender: Sender) -> Decision:
    stranger = _stranger(sender, None)
    if stranger:
        return stranger
    code = "no-case" if facts.references.number is None else "number-only"
    reason = (
        "it names no case"
        if facts.references.number is None
        else f"its subject names case {written(facts.references.number)}, and nothing proves that it belongs there"
    )
    answer = _as_if_unknown(facts) if sender.known is Known.CONTACT else None
    return Decision(Outcome.TRIAGED, code, reason, answer=answer)


def _kept_from_staff(facts: Facts) -> int | None:
    """The data-privacy request that a message may be about: only who may read that may read the message (SR-1)."""
    return next((target.number for target in facts.targets if target.confidential_of), None)


def _as_if_unknown(facts: Facts) -> MailKind:
    """The answer to a contact whose mail reached no case: the same for another's case as for none (DC-3)."""
    return MailKind.HOW_TO_OPEN if facts.references.number is None else MailKind.HOW_TO_REPLY


def _stranger(sender: Sender, number: int | None) -> Decision | None:
    if sender.known is Known.STRANGER:
        reason = f"nobody here is {sender.email}"
        return Decision(Outcome.TRIAGED, "unknown-sender", reason, number, MailKind.UNKNOWN_SENDER)
    if sender.known is Known.INACTIVE:
        reason = f"{sender.email} is not active any more"
        return Decision(Outcome.TRIAGED, "inactive-sender", reason, number, MailKind.UNKNOWN_SENDER)
    return None


def _unfit(facts: Facts, sender: Sender, target: Target) -> Decision | None:
    """Only a Designated Contact of the case's account writes into it, and staff (MAIL-2, DC-1)."""
    stranger = _stranger(sender, target.number)
    if stranger:
        return stranger
    if not sender.may_read(target):
        # The number keeps it from staff who may not read the case either; the answer is that for no case.
        answer = _as_if_unknown(facts) if sender.known is Known.CONTACT else None
        reason = f"the case is a data-privacy request, and not {sender.email}'s"
        return Decision(Outcome.TRIAGED, "not-for-sender", reason, target.number, answer)
    if sender.known is Known.STAFF:
        return None
    if not sender.acts_for(target.account):
        reason = f"{sender.email} is a contact of {sender.account}, the case is {target.account}'s"
        return Decision(Outcome.TRIAGED, "other-account", reason, target.number, _as_if_unknown(facts))
    if not sender.designated:
        reason = f"{sender.email} is no Designated Contact of {target.account}"
        return Decision(Outcome.TRIAGED, "not-designated", reason, target.number)
    return None


def _untrusted(facts: Facts, sender: Sender, target: Target, policy: MailPolicy) -> Decision | None:
    """What the trusted servers say against it, or do not say for it (MAIL-2a).

    Customers know their cases' references, so one could write in the name of staff. Where a trusted server is
    named at all, mail of staff counts only with its word.
    """
    if facts.verdict is Verdict.FAIL and "fail" in policy.quarantine:
        reason = f"a trusted server says that it is not from {sender.email}"
        return Decision(Outcome.TRIAGED, "failed-authentication", reason, target.number)
    if facts.verdict is Verdict.NONE and "none" in policy.quarantine:
        reason = "no trusted server says who it is from"
        return Decision(Outcome.TRIAGED, "no-authentication", reason, target.number)
    if sender.known is Known.STAFF and policy.trusted_servers and facts.verdict is not Verdict.PASS:
        reason = f"no trusted server says that it is from {sender.email}, of staff"
        return Decision(Outcome.TRIAGED, "staff-not-authenticated", reason, target.number)
    return None


def _closed(sender: Sender, target: Target) -> Decision | None:
    if not target.closed:
        return None
    answer = MailKind.HOW_TO_REOPEN if sender.known is Known.CONTACT else None
    return Decision(Outcome.TRIAGED, "closed", "the case is closed", target.number, answer)


def _folded(address: str | None) -> str | None:
    return address.casefold() if address else None
