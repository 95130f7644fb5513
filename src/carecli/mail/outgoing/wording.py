"""What a notice says behind its first sentence: what time will do, what to type, what a reply becomes."""

from collections.abc import Mapping
from typing import Final

from carecli.domain import transitions
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.outbox import MailKind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, Metric
from carecli.mail.outgoing import notices_requests
from carecli.mail.outgoing.office import Office, way

PROMISES: Final = {
    Metric.RESPONSE: "We will answer",
    Metric.RESTORATION: "We are working to restore the service",
    Metric.RESOLUTION: "We are working to resolve it",
}
"""What we do by a clock's due time, the nearest first."""


def said(event: Event) -> str:
    """What was written, and the files that came by themselves (ATT-1)."""
    files = event.data.get("files", ()) if event.kind is Kind.ATTACHED else ()
    attached = "\n".join(f"{file['name']} ({file['size']:,} bytes)" for file in files)
    parts = (event.data.get("text"), attached and f"Attached:\n{attached}", notices_requests.said(event))
    return "\n\n".join(filter(None, parts))


def next_(kind: MailKind, event: Event, case: Case, office: Office) -> str | None:
    """What time will do if the customer does nothing (TICK-3)."""
    if kind is MailKind.CLOSING and case.closed_by == AUTO_FOLLOW_UP:
        return f"To have it reopened, call {office.phone} and give the case number."
    if case.closed:
        return "Nothing more is done on it unless it is reopened."
    if case.followup and case.followup.next_at:
        closing = case.followup.stage + 1 >= office.stages
        what = "the case will be closed" if closing else "we will remind you"
        return f"Without an answer, {what} on {office.local(case.followup.next_at)}."
    if pending := notices_requests.pending(case):
        return pending
    if promised := notices_requests.promise(case, event.at):
        return f"{promised[0]} by {office.local(promised[1])}."
    due = {c.metric: c.due_at for c in case.clocks if c.ticking and c.due_at > event.at}
    metric = next((metric for metric in PROMISES if metric in due), None)
    return f"{PROMISES[metric]} by {office.local(due[metric])}." if metric else None


def next_for_care(kind: MailKind) -> str | None:
    """What time will do if staff do nothing."""
    if kind is MailKind.ESCALATION:
        return "It stands until you or a manager answers, or it is taken back, or the case closes."
    return None


def ways(case: Case) -> list[Mapping[str, str]]:
    """What the customer can type."""
    number = written(case.number)
    writing = f"care update {number} -m 'your text'"
    if case.closed:
        # Who let it close by silence is told in `next` whom to call (REO-2).
        by_phone = case.closed_by == AUTO_FOLLOW_UP
        return [] if by_phone else [way("To reopen it", f"care reopen {number} -m 'what is new'")]
    if case.standing in transitions.PROPOSALS | transitions.RESTORED:
        accept, reject = f"care accept {number}", f"care reject {number} -m 'why'"
        return [way("To accept", accept), way("To reject", reject), way("To write to us", writing)]
    first = [way(*told) for told in notices_requests.ways(case)]
    return [*first, way("To answer" if case.followup else "To write to us", writing)]


def reply(case: Case, *, to_care: bool) -> str | None:
    """What becomes of a reply to the mail; nobody is asked for one to a closed case, as it would only wait."""
    if case.closed:
        return None
    if to_care:
        return "A reply to this mail is an update of the case, which the customer reads."
    if case.standing in transitions.PROPOSALS:
        return "Or simply reply to this mail, above its first line: we then go on with the case."
    return "Or simply reply to this mail, above its first line."
