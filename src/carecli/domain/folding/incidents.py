"""What becomes of an incident, and of the deadlines of its post-mortem, reports and actions (INC-1, INC-2)."""

from datetime import datetime
from typing import Any

from carecli.domain import deadline
from carecli.domain.case import Case
from carecli.domain.deadline import DeadlineKind
from carecli.domain.events import Event, Kind
from carecli.domain.folding import acts
from carecli.domain.folding.opening import with_clocks
from carecli.domain.incident import TEXTS, Action, Affected, Asked, Incident
from carecli.domain.instants import instant, instant_or_none
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Status, Substatus


def declared(case: Case, event: Event, rules: Rules) -> Case:
    """A support case that became an incident; where the service is back already, a post-mortem is due from now."""
    restored_at = instant_or_none(event.data["restored_at"])
    incident = Incident(event.at, event.actor, instant(event.data["started_at"]), restored_at)
    after = case._replace(type=CaseType.INCIDENT, incident=incident)
    timed = after if after.timed else with_clocks(after, event.at, rules)
    return _post_mortem_due(timed, event.at, rules) if restored_at else timed


def described(case: Case, event: Event, _rules: Rules) -> Case:
    """An incident in other words, for everybody or for one account; an empty text takes one away."""
    incident, data = _of(case), event.data
    changed: dict[str, Any] = {key: data[key] or None for key in TEXTS if key in data}
    if "started_at" in data:
        changed["started_at"] = instant(data["started_at"])
    specifics = dict(incident.specifics) | dict(data.get("specifics", {}))
    told = tuple((account, text) for account, text in specifics.items() if text)
    return case._replace(incident=incident._replace(**changed, specifics=told))


def affected(case: Case, event: Event, _rules: Rules) -> Case:
    """One more account that is affected; on that account's own case nothing changes but its history."""
    data = event.data
    if "account" not in data:
        return case
    incident = _of(case)
    # Who is told when it is over need not be told so again.
    back_at = event.at if incident.restored_at else None
    one = Affected(data["account"], data["number"], event.at, tuple(data["addressed"]), back_at)
    return case._replace(incident=incident._replace(affected=(*incident.affected, one)))


def told_back(case: Case, event: Event, _rules: Rules) -> Case:
    """An account that was told that the service is back; on its own case nothing changes but the history."""
    if "account" not in event.data:
        return case
    incident = _of(case)
    affected = tuple(one._replace(back_at=event.at) if _names(event, one) else one for one in incident.affected)
    return case._replace(incident=incident._replace(affected=affected))


def _names(event: Event, one: Affected) -> bool:
    return (one.account, one.number) == (event.data["account"], event.data["number"])


def unaffected(case: Case, event: Event, _rules: Rules) -> Case:
    """An account that is not affected after all, or one case of it: nobody waits for its report any more."""
    if "account" not in event.data:
        return case
    account, incident = event.data["account"], _of(case)
    left = incident._replace(affected=tuple(one for one in incident.affected if not _names(event, one)))
    if account in left.clients(case.account):
        return case._replace(incident=left)
    left = left._replace(
        specifics=tuple(one for one in left.specifics if one[0] != account),
        asked=tuple(one for one in left.asked if one.account != account or one.sent_at),
    )
    deadlines = deadline.cancelled(case.deadlines, (DeadlineKind.INCIDENT_REPORT,), about=account)
    return case._replace(incident=left, deadlines=deadlines)


def followed(before: Case, after: Case, event: Event, rules: Rules) -> Case:
    """What any event means for a case that is an incident: service back to normal, or not after all (INC-2).

    Back to normal is what `restore` says, or an end as Resolved where nothing said so before. A restoration that
    is rejected, and a reopening, take it back: the next restoration begins a post-mortem's time anew, the next
    post-mortem that of the reports that are still wanted, and who else is affected is told again.
    """
    incident = after.incident
    if incident is None or before.incident is None:
        return after
    if _restores(after, event) and incident.restored_at is None:
        back = after._replace(incident=incident._replace(restored_at=event.at))
        return _post_mortem_due(back, event.at, rules)
    if _takes_back(before, event) and incident.restored_at:
        return _taken_back(after, incident)
    return after


def _taken_back(case: Case, incident: Incident) -> Case:
    void = (DeadlineKind.POST_MORTEM, DeadlineKind.INCIDENT_REPORT)
    affected = tuple(one._replace(back_at=None) for one in incident.affected)
    anew = incident._replace(restored_at=None, post_mortem_at=None, affected=affected)
    return case._replace(incident=anew, deadlines=deadline.cancelled(case.deadlines, void))


def _restores(after: Case, event: Event) -> bool:
    resolved = after.closed and after.standing.substatus is Substatus.RESOLVED
    return event.kind is Kind.RESTORED or (event.kind in {Kind.CLOSED, Kind.ACCEPTED} and resolved)


def _takes_back(before: Case, event: Event) -> bool:
    rejected = event.kind is Kind.REJECTED and before.status is Status.SERVICE_RESTORED
    return rejected or event.kind is Kind.REOPENED


def _post_mortem_due(case: Case, at: datetime, rules: Rules) -> Case:
    target = rules.policy.incidents.post_mortem
    deadlines = deadline.begun(case.deadlines, DeadlineKind.POST_MORTEM, at, target, rules.calendar)
    return case._replace(deadlines=deadlines)


def post_mortem_held(case: Case, event: Event, rules: Rules) -> Case:
    """A post-mortem that was held: the reports that were asked for are due from now (INC-2)."""
    incident = _of(case)
    root_cause = event.data["root_cause"] or incident.root_cause
    held = case._replace(
        incident=incident._replace(post_mortem_at=event.at, root_cause=root_cause),
        deadlines=deadline.met(case.deadlines, DeadlineKind.POST_MORTEM, event.at),
    )
    for asked in incident.asked:
        if asked.sent_at is None:
            held = _report_due(held, asked.account, event.at, rules)
    return held


def _report_due(case: Case, account: str, at: datetime, rules: Rules) -> Case:
    """The report for an account is due, unless it is already."""
    kind, waits = DeadlineKind.INCIDENT_REPORT, case.deadlines
    if any(one.open and one.kind is kind and one.about == account for one in waits):
        return case
    target = rules.policy.incidents.report
    return case._replace(deadlines=deadline.begun(waits, kind, at, target, rules.calendar, about=account))


def report_requested(case: Case, event: Event, rules: Rules) -> Case:
    """A report that is asked for; after the post-mortem its time runs from the request (INC-2)."""
    after, data = acts.acted(case, event, rules), event.data
    if after.incident is None or "account" not in data:
        return after
    asked = Asked(data["account"], data["number"], event.at, event.actor)
    waiting = after._replace(incident=after.incident._replace(asked=(*after.incident.asked, asked)))
    if after.incident.post_mortem_at is None or _post_mortem_open(after):
        return waiting
    return _report_due(waiting, asked.account, event.at, rules)


def _post_mortem_open(case: Case) -> bool:
    return any(one.open and one.kind is DeadlineKind.POST_MORTEM for one in case.deadlines)


def report_sent(case: Case, event: Event, _rules: Rules) -> Case:
    """A report that went out to an account; on that account's own case nothing changes but its history."""
    if case.incident is None or "account" not in event.data:
        return case
    account, incident = event.data["account"], case.incident
    asked = tuple(
        one._replace(sent_at=event.at) if one.account == account and one.sent_at is None else one
        for one in incident.asked
    )
    sent = (*incident.sent, (account, event.at))
    return case._replace(
        incident=incident._replace(asked=asked, sent=sent),
        deadlines=deadline.met(case.deadlines, DeadlineKind.INCIDENT_REPORT, event.at, about=account),
    )


def action_added(case: Case, event: Event, _rules: Rules) -> Case:
    """An action that is to be done by a date, which the tick watches."""
    incident, data = _of(case), event.data
    action = Action(data["id"], data["text"], data["owner"], instant(data["due_at"]))
    deadlines = deadline.dated(
        case.deadlines, DeadlineKind.ACTION, event.at, action.due_at, about=action.label, owner=action.owner
    )
    added = incident._replace(actions=(*incident.actions, action))
    return case._replace(incident=added, deadlines=deadlines)


def action_done(case: Case, event: Event, _rules: Rules) -> Case:
    """An action that was done."""
    incident = _of(case)
    actions = tuple(
        one._replace(done_at=event.at, done_by=event.actor) if one.id == event.data["id"] else one
        for one in incident.actions
    )
    label = next(one.label for one in actions if one.id == event.data["id"])
    deadlines = deadline.met(case.deadlines, DeadlineKind.ACTION, event.at, about=label)
    return case._replace(incident=incident._replace(actions=actions), deadlines=deadlines)


def _of(case: Case) -> Incident:
    assert case.incident is not None, "an incident's events follow its declaration"
    return case.incident
