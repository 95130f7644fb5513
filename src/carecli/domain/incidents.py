"""What is decided on an incident, by staff or customers: each function gives the event, or refuses (INC-1..3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from carecli.domain import lifecycle
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.deadline import DeadlineKind
from carecli.domain.events import Event, Kind
from carecli.domain.incident import TEXTS, Incident
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import CaseType, Side, Visibility
from carecli.errors import Invalid, Refused

LINE_MAX: Final = 200
"""The longest title or action, in characters: each is told in a line."""


def of(case: Case) -> Incident:
    """The incident that a case is; raises Refused where it is none."""
    if case.incident is None:
        number = written(case.number)
        raise Refused(
            f"case {number} is no incident", hint=f"care incident declare {number} makes it one", rule="INC-1"
        )
    return case.incident


def declare(case: Case, started_at: datetime, restored_at: datetime | None, act: Act, at: datetime) -> Event:
    """A support case that turns out to affect the service (INC-1).

    Raises Refused for what is no open support case, Invalid for a beginning that is still to come.
    """
    number = written(case.number)
    if case.type is CaseType.INCIDENT:
        raise Refused(f"case {number} is an incident already", hint="nothing was changed", rule="INC-1")
    if case.type is not CaseType.SUPPORT:
        raise Refused(
            f"case {number} is a {case.type}, and only a support case becomes an incident",
            hint="open a support case for what affects the service",
            rule="INC-1",
        )
    if case.closed:
        raise Refused(f"case {number} is closed", hint=f"reopen it first: care reopen {number}", rule="INC-1")
    began = _before_the_end(restored_at, _begun(started_at, at))
    data = {"started_at": iso(began), "restored_at": iso_or_none(restored_at)}
    return Event(at, act.by, act.via, Kind.INCIDENT_DECLARED, Visibility.PUBLIC, data)


def _begun(started_at: datetime, at: datetime) -> datetime:
    if started_at > at:
        raise Invalid("an incident cannot begin in the future", hint="--started names when it began", rule="INC-1")
    return started_at


def describe(
    case: Case,
    texts: Mapping[str, str],
    specifics: Mapping[str, str],
    started_at: datetime | None,
    act: Act,
    at: datetime,
) -> Event:
    """What staff write for the report; an empty text takes one away, and nobody is told yet (INC-3).

    Raises Refused for an account that is not affected, Invalid where nothing is said.
    """
    incident = of(case)
    if not (texts or specifics or started_at):
        raise Invalid("nothing is described", hint=f"give one of --{', --'.join(OPTIONS)}", rule="INC-3")
    for account in specifics:
        _require_client(case, incident, account)
    data: dict[str, Any] = {key: _told(key, text) for key, text in texts.items()}
    if specifics:
        data["specifics"] = {account: lifecycle.text_or_none(text) or "" for account, text in specifics.items()}
    if started_at:
        data["started_at"] = iso(_before_the_end(incident.restored_at, _begun(started_at, at)))
    return Event(at, act.by, act.via, Kind.INCIDENT_DESCRIBED, Visibility.INTERNAL, data)


OPTIONS: Final = ("title", "started", "message", "specific", *(key.replace("_", "-") for key in TEXTS[2:]))
"""What can be said of an incident, as options have it; the details are its message."""


def _told(key: str, text: str) -> str:
    told = lifecycle.text_or_none(text) or ""
    return line(told, "the title") if key == "title" and told else told


def line(text: str, what: str) -> str:
    """A text that stands in a line; raises Invalid where it does not fit there."""
    told = " ".join(text.split())
    if len(told) > LINE_MAX:
        raise Invalid(
            f"{what} has {len(told)} characters; {LINE_MAX} is the most",
            hint="say the rest in the details",
            rule="INC-3",
        )
    return told


def _before_the_end(restored_at: datetime | None, started_at: datetime) -> datetime:
    if restored_at and started_at > restored_at:
        raise Invalid(
            f"the service was back to normal at {iso(restored_at)}",
            hint="--started names when it began",
            rule="INC-3",
        )
    return started_at


def _require_client(case: Case, incident: Incident, account: str) -> None:
    if account not in incident.clients(case.account):
        number = written(case.number)
        raise Refused(
            f"{account} is not among the accounts that incident {number} affects",
            hint=f"care incident affect {number} --account NAME, or the number of a case of theirs",
            rule="INC-1",
        )


def hold_post_mortem(case: Case, text: str | None, root_cause: str | None, act: Act, at: datetime) -> Event:
    """The post-mortem was held; its notes are for staff (INC-2). Raises Refused where none is due."""
    incident, number = of(case), written(case.number)
    if not any(one.open and one.kind is DeadlineKind.POST_MORTEM for one in case.deadlines):
        if incident.restored_at is None:
            raise Refused(
                f"the service of incident {number} is not back to normal yet",
                hint=f"care restore {number} records that it is; the post-mortem comes after it",
                rule="INC-2",
            )
        raise Refused(
            f"the post-mortem of incident {number} was held already",
            hint=f"care incident describe {number} adds to what is known of it",
            rule="INC-2",
        )
    data = {"text": lifecycle.text_or_none(text), "root_cause": lifecycle.text_or_none(root_cause)}
    return Event(at, act.by, act.via, Kind.POST_MORTEM_HELD, Visibility.INTERNAL, data)


def request_report(
    case: Case,
    account: str,
    number: int | None,
    text: str | None,
    act: Act,
    at: datetime,
    told: Sequence[str] = (),
) -> Event:
    """On the incident: an account wants a report (INC-2). Public only on that account's own case (DC-3).

    `told` are those of Customer Care who see to it.
    """
    incident = of(case)
    _require_client(case, incident, account)
    if (waiting := incident.waiting(account)) is not None:
        raise Refused(
            f"{account} asked for the report already, at {iso(waiting.at)}",
            hint="nothing was changed",
            rule="INC-2",
        )
    own = case.number == number
    more = {"account": account, "number": number, "addressed": [to for to in told if to != act.logged_by]}
    if own:
        return wish(case, text, act, at, **more)
    return Event(
        at, act.by, act.via, Kind.REPORT_REQUESTED, Visibility.INTERNAL, {"text": None, **more} | _logged(act)
    )


def wish(case: Case, text: str | None, act: Act, at: datetime, **more: Any) -> Event:
    """On an account's own case: it wants a report. What a customer writes with it is a message (STAT-3, FU-5)."""
    said = lifecycle.text_or_none(text)
    if said and act.side is Side.CONTACT and not case.closed:
        return lifecycle.moved(case, Move.UPDATE, Kind.REPORT_REQUESTED, act, at, said, **more)
    data = {"text": said, **more} | _logged(act)
    return Event(at, act.by, act.via, Kind.REPORT_REQUESTED, Visibility.PUBLIC, data)


def _logged(act: Act) -> dict[str, Any]:
    return {"logged_by": act.logged_by} if act.logged_by else {}


def send_report(
    account: str,
    number: int | None,
    told: Sequence[str],
    text: str | None,
    act: Act,
    at: datetime,
    *,
    public: bool,
    owners: Sequence[str] = (),
) -> Event:
    """On the incident: the report goes to an account; its text is kept as it went out (INC-2, STAT-4).

    `owners` are the names that the owners of its actions bear in it.
    """
    data = {"account": account, "number": number, "addressed": list(told), "text": text, "owners": list(owners)}
    visibility = Visibility.PUBLIC if public else Visibility.INTERNAL
    return Event(at, act.by, act.via, Kind.REPORT_SENT, visibility, data)


def told_report(text: str, told: Sequence[str], act: Act, at: datetime) -> Event:
    """On an affected case: the report that its account was sent (INC-2, DC-3)."""
    data = {"text": text, "addressed": list(told)}
    return Event(at, act.by, act.via, Kind.REPORT_SENT, Visibility.PUBLIC, data)


def add_action(case: Case, text: str, owner: str, due_at: datetime, act: Act, at: datetime) -> Event:
    """Something to be done by a member of staff until a date (INC-3). Raises Invalid for one that has gone by."""
    incident = of(case)
    told = line(lifecycle.text_or_none(text) or "", "the action")
    if not told:
        raise Invalid("the text is empty", hint="say with -m what is to be done", rule="INC-3")
    if due_at <= at:
        raise Invalid("an action is due in the future", hint="--due names when", rule="INC-3")
    data = {"id": len(incident.actions) + 1, "text": told, "owner": owner, "due_at": iso(due_at)}
    return Event(at, act.by, act.via, Kind.ACTION_ADDED, Visibility.INTERNAL, data)


def finish_action(case: Case, id_: int, text: str | None, act: Act, at: datetime) -> Event:
    """An action was done (INC-3). Raises Refused for one that is not there, or was done before."""
    action, number = of(case).action(id_), written(case.number)
    if action is None:
        raise Refused(
            f"incident {number} has no action {id_}",
            hint=f"care incident action list {number} shows what there is",
            rule="INC-3",
        )
    if action.done_at:
        raise Refused(f"action {id_} was done at {iso(action.done_at)}", hint="nothing was changed", rule="INC-3")
    data = {"id": id_, "text": lifecycle.text_or_none(text)}
    return Event(at, act.by, act.via, Kind.ACTION_DONE, Visibility.INTERNAL, data)
