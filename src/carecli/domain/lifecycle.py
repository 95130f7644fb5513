"""What a command makes of a case: each function decides which event follows, or refuses (STAT-1..4)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from carecli.domain import details, request, transitions
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.escalation import Appeal, Escalation
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.rules import Rules
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, CaseType, Priority, Side, Substatus, Via, Visibility
from carecli.errors import Invalid, NotPermitted, Refused

TEXT_MAX = 1_000_000


def update(
    case: Case, text: str, act: Act, at: datetime, *, fields: Mapping[str, Any] = MappingProxyType({})
) -> Event:
    """A public update: by the customer it answers a request, by staff it answers the case (STAT-3).

    `fields` are such as the case was opened without, or are others now; the text says them too (OPEN-4).
    """
    told = details.told_later(case.subtype, fields)
    more: dict[str, Any] = {"fields": told} if told else {}
    return moved(case, Move.UPDATE, Kind.COMMENTED, act, at, _text(with_fields(text, told)), **more)


def with_fields(text: str, fields: Mapping[str, Any]) -> str:
    """A text that says in lines of its own what fields are told with it."""
    lines = "\n".join(f"{name}: {value}" for name, value in fields.items())
    return "\n\n".join(filter(None, (text, lines)))


def note(case: Case, text: str, act: Act, at: datetime) -> Event:
    """An internal note: read by staff alone, it moves nothing (UPD-1, DC-3)."""
    transitions.target(case.type, Move.UPDATE, Side.STAFF, case.standing)
    return Event(at, act.by, act.via, Kind.COMMENTED, Visibility.INTERNAL, {"text": _text(text)})


def investigate(case: Case, text: str | None, act: Act, at: datetime) -> Event:
    """Work begins, or begins again."""
    return moved(case, Move.INVESTIGATE, Kind.INVESTIGATED, act, at, text_or_none(text))


def ask(case: Case, text: str, act: Act, at: datetime) -> Event:
    """A question to the customer: the follow-up ladder starts (FU-1)."""
    return moved(case, Move.ASK, Kind.ASKED, act, at, _text(text), round=case.rounds + 1)


def propose(case: Case, text: str, substatus: str | None, act: Act, at: datetime) -> Event:
    """A solution for the customer to accept or reject: the follow-up ladder starts (FU-1)."""
    return moved(case, Move.PROPOSE, Kind.PROPOSED, act, at, _text(text), substatus, round=case.rounds + 1)


def restore(case: Case, text: str | None, substatus: str | None, act: Act, at: datetime) -> Event:
    """The service works again, whatever the cause was (SLA-3)."""
    return moved(case, Move.RESTORE, Kind.RESTORED, act, at, text_or_none(text), substatus)


def accept(case: Case, text: str | None, act: Act, at: datetime) -> Event:
    """The customer takes the answer: the case closes as Resolved (STAT-3)."""
    return moved(case, Move.ACCEPT, Kind.ACCEPTED, act, at, text_or_none(text))


def reject(case: Case, text: str | None, act: Act, at: datetime) -> Event:
    """The customer does not take the answer: work goes on (STAT-3)."""
    return moved(case, Move.REJECT, Kind.REJECTED, act, at, text_or_none(text))


def close(
    case: Case,
    text: str | None,
    substatus: str | None,
    act: Act,
    at: datetime,
    *,
    root_cause: str | None = None,
    defect: str | None = None,
) -> Event:
    """An end by either side; staff give a reason to redirect, and an incident's root cause (CLOSE-1).

    `defect` names what a future fix is to mend.
    """
    if substatus == Substatus.REDIRECTED and not (text and text.strip()):
        raise Invalid("closing as redirected needs a reason", hint="say where to, with -m", rule="CLOSE-1")
    known = root_cause or (case.incident.root_cause if case.incident else None)
    if case.type is CaseType.INCIDENT and act.side is Side.STAFF and not known:
        raise Invalid("closing an incident needs its root cause", hint="add --root-cause", rule="CLOSE-1")
    more = {"root_cause": root_cause} | ({"defect": defect} if defect else {})
    return moved(case, Move.CLOSE, Kind.CLOSED, act, at, text_or_none(text), substatus, **more)


def reopen(case: Case, text: str, act: Act, at: datetime, rules: Rules, phone: str = "") -> Event:
    """The case goes on, on new information and in time (REO-1, REO-2).

    `phone` is the number that the customer calls where only a call reopens it (WHERE-1).
    """
    event = moved(case, Move.REOPEN, Kind.REOPENED, act, at, _text(text))
    _check_reopening(case, act, at, rules, phone)
    return event


def reopen_without_limit(case: Case, text: str, act: Act, at: datetime) -> Event:
    """A reopening that another desk has long allowed, brought in with its history (IMP-1)."""
    return moved(case, Move.REOPEN, Kind.REOPENED, act, at, _text(text))


def _check_reopening(case: Case, act: Act, at: datetime, rules: Rules, phone: str) -> None:
    assert case.closed_at is not None, "only closed cases reach here"
    number, days = written(case.number), rules.policy.reopen_within_days
    if at > case.closed_at + timedelta(days=days):
        raise Refused(
            f"case {number} was closed more than {days} days ago",
            hint=f"open a new case that follows it: care open --follows {number}",
            rule="REO-1",
        )
    if case.closed_by == AUTO_FOLLOW_UP and act.via is not Via.PHONE:
        raise Refused(
            f"case {number} was closed by auto follow-up and is reopened by a phone call only",
            hint=_after_a_call(number, act, phone),
            rule="REO-2",
        )
    if rules.policy.refuses_resolved and case.standing.substatus is Substatus.RESOLVED:
        raise Refused(
            f"case {number} was marked Resolved and stays closed",
            hint=f"open a new case that follows it: care open --follows {number}",
            rule="REO-2",
        )


def _after_a_call(number: str, act: Act, phone: str) -> str:
    """Who has to call, for the customer; what to record of the call, for staff (REO-2)."""
    if act.side is Side.STAFF:
        return f"after the caller's call: care reopen {number} --via phone -m TEXT"
    return f"call {phone or 'Customer Care'}; Customer Care then reopens it"


def assign(case: Case, owner: str | None, group: str | None, text: str | None, act: Act, at: datetime) -> Event:
    """A new owner or product group, with a reason for staff alone; no clock and no ladder minds (FU-5)."""
    _refuse_closed(case, "assign")
    data = {"owner": owner, "group": group, "text": text_or_none(text)}
    return Event(at, act.by, act.via, Kind.ASSIGNED, Visibility.INTERNAL, data)


def set_component(case: Case, component: str, text: str | None, act: Act, at: datetime) -> Event:
    """The component as staff see it, with a reason for them alone, on a closed case too (OPEN-6)."""
    data = {"component": component, "was": case.component, "text": text_or_none(text)}
    return Event(at, act.by, act.via, Kind.COMPONENT_CHANGED, Visibility.INTERNAL, data)


def set_priority(case: Case, priority: Priority, reason: str, act: Act, at: datetime) -> Event:
    """A severity set by staff, with the reason; Critical names who is available at all times (SEV-1, OPEN-9)."""
    _refuse_closed(case, "priority")
    if priority is case.priority:
        raise Refused(f"the priority is {priority} already", hint="nothing was changed", rule="SEV-1")
    data = {"priority": priority.value, "was": case.priority.value, "text": _text(reason)}
    if priority is Priority.CRITICAL:
        data["available_contact"] = case.contact
    return Event(at, act.by, act.via, Kind.PRIORITY_CHANGED, Visibility.PUBLIC, data)


def escalate(case: Case, appeal: Appeal, text: str, act: Act, at: datetime) -> Event:
    """A case raised above its queue, with the reason (ESC-1), and perhaps with a wish for a priority (SEV-1).

    From the customer's side it is a message like any other: it stops the ladder, as an update does (STAT-3, FU-5).
    """
    _refuse_closed(case, "escalate")
    if appeal.priority is case.priority:
        raise Refused(f"the priority is {case.priority} already", hint="leave --priority out", rule="SEV-1")
    data: dict[str, Any] = {
        "to": appeal.to.value,
        "addressed": list(appeal.addressed),
        "wanted_priority": appeal.priority.value if appeal.priority else None,
        "by_customer": act.side is Side.CONTACT,
    }
    if act.side is Side.CONTACT:
        return moved(case, Move.UPDATE, Kind.ESCALATED, act, at, _text(text), **data)
    return Event(at, act.by, act.via, Kind.ESCALATED, Visibility.PUBLIC, {"text": _text(text), **data})


def answer_escalation(case: Case, text: str, act: Act, at: datetime) -> Event:
    """The answer that ends an escalation: a public update by staff (ESC-1, SLA-3)."""
    raised_by = escalation_of(case).by
    return moved(case, Move.UPDATE, Kind.ESCALATION_ANSWERED, act, at, _text(text), raised_by=raised_by)


def withdraw_escalation(case: Case, text: str | None, act: Act, at: datetime) -> Event:
    """The side that raised a case takes it back (ESC-1); what the customer says to it is a message (FU-5)."""
    standing = escalation_of(case)
    _refuse_others(standing, act)
    said, addressed = text_or_none(text), list(standing.addressed)
    if said and act.side is Side.CONTACT:
        return moved(case, Move.UPDATE, Kind.ESCALATION_WITHDRAWN, act, at, said, addressed=addressed)
    data: dict[str, Any] = {"text": said, "addressed": addressed}
    if act.logged_by:
        data["logged_by"] = act.logged_by
    return Event(at, act.by, act.via, Kind.ESCALATION_WITHDRAWN, Visibility.PUBLIC, data)


def escalation_of(case: Case) -> Escalation:
    """The escalation that stands; raises Refused where none does."""
    if case.escalation is None:
        raise Refused(
            f"case {written(case.number)} is not escalated",
            hint="`care list --all --escalated` shows what is; nothing was changed",
            rule="ESC-1",
        )
    return case.escalation


def _refuse_others(standing: Escalation, act: Act) -> None:
    """The customer's escalation is the customer's to take back, one of staff alone that of who raised it."""
    if standing.by_customer and act.side is not Side.CONTACT:
        raise NotPermitted(
            "the customer escalated the case, and alone takes it back",
            hint="answer it with --answer -m TEXT, or log the caller's word with --via phone",
            rule="ESC-1",
        )
    if not standing.by_customer and act.by != standing.by:
        raise NotPermitted(
            f"{standing.by} escalated the case, and alone takes it back",
            hint="a manager answers it with --answer -m TEXT",
            rule="ESC-1",
        )


def link(kind: str, number: int, act: Act, at: datetime, *, internal: bool = False) -> Event:
    """A tie to another case; `internal` where its number must not show to the customer (DC-3)."""
    return _tie(Kind.LINKED, kind, number, act, at, internal=internal)


def unlink(kind: str, number: int, act: Act, at: datetime, *, internal: bool = False) -> Event:
    """A tie undone; it stays in the log, as internal as it was (STAT-4, DC-3)."""
    return _tie(Kind.UNLINKED, kind, number, act, at, internal=internal)


def _tie(event: Kind, kind: str, number: int, act: Act, at: datetime, *, internal: bool) -> Event:
    visibility = Visibility.INTERNAL if internal else Visibility.PUBLIC
    return Event(at, act.by, act.via, event, visibility, {"kind": str(kind), "number": number})


def auto_close(case: Case, at: datetime) -> Event:
    """The end that the last follow-up stage brings (FU-1)."""
    by_time = Act(AUTO_FOLLOW_UP, Side.SYSTEM, Via.TICK)
    return moved(case, Move.AUTO_CLOSE, Kind.CLOSED, by_time, at, None)


def moved(
    case: Case,
    move: Move,
    kind: Kind,
    act: Act,
    at: datetime,
    text: str | None,
    substatus: str | None = None,
    **more: Any,
) -> Event:
    """The event of a move by the table; a move that changes no status carries none."""
    after = transitions.target(case.type, move, act.side, case.standing, substatus)
    request.require_work(case.number, case.request, move, act.side, after)
    if request.waits(case.request, move, act.side):
        after = case.standing
    data: dict[str, Any] = {"text": text, **more}
    if after != case.standing or move is not Move.UPDATE:
        data |= {"status": after.status.value, "substatus": after.substatus.value}
    if act.side is Side.STAFF and _answers(move, data):
        data["answers"] = True
    if act.logged_by:
        data["logged_by"] = act.logged_by
    return Event(at, act.by, act.via, kind, Visibility.PUBLIC, data)


ANSWERS = frozenset({Move.UPDATE, Move.ASK, Move.PROPOSE, Move.RESTORE})


def _answers(move: Move, data: dict[str, Any]) -> bool:
    """Whether a public act by staff is an answer: silence that closes a case is none (SLA-3)."""
    resolved = move is Move.CLOSE and data.get("substatus") in {Substatus.RESOLVED, Substatus.DELIVERED}
    return move in ANSWERS or resolved


def encodable(text: str) -> bool:
    """Whether a text can be written down: half a surrogate pair, as broken input has it, cannot."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)


def _refuse_closed(case: Case, move: str) -> None:
    if case.closed:
        raise Refused(f"{move} is not possible while the case is closed", hint="reopen it first", rule="STAT-4")


def _text(text: str) -> str:
    if not text.strip():
        raise Invalid("the text is empty", hint="give it with -m TEXT, -m - or -F FILE")
    return _bounded(text)


def text_or_none(text: str | None) -> str | None:
    """A text that may be left out, within its bounds; raises Invalid."""
    return _bounded(text) if text and text.strip() else None


def _bounded(text: str) -> str:
    if len(text) > TEXT_MAX:
        raise Invalid(
            f"the text has {len(text):,} characters; {TEXT_MAX:,} is the most",
            hint="shorten it, or attach it as a file",
        )
    if not encodable(text):
        raise Invalid("the text is no valid Unicode", hint="save it as UTF-8")
    if "\0" in text:
        raise Invalid("the text holds NUL bytes: it looks like a binary file", hint="attach it as a file")
    return text
