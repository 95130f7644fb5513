"""Whom else an incident affects: told of it, that it is over, or that it is nothing of theirs (INC-1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from carecli.domain import incidents
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.incident import Affected
from carecli.domain.numbers import written
from carecli.domain.vocabulary import SYSTEM, CaseType, Via, Visibility
from carecli.errors import Refused


def require_untold(case: Case, account: str, number: int | None) -> None:
    """Raise Refused where an account, or that case of it, is linked as affected already (INC-1)."""
    incident = incidents.of(case)
    known = any(one.account == account and number in {None, one.number} for one in incident.affected)
    if known or (number is None and account == case.account):
        what = account if number is None else f"case {written(number)}"
        raise Refused(f"{what} is linked as affected already", hint="nothing was changed", rule="INC-1")


def require_title(case: Case) -> str:
    """The title that other accounts read; raises Refused where there is none: a subject is its customer's word."""
    title = incidents.of(case).title
    if title is None:
        number = written(case.number)
        raise Refused(
            f"incident {number} has no title that other accounts could read",
            hint=f"its subject is the customer's own; care incident describe {number} --title TEXT",
            rule="INC-1",
        )
    return title


def require_affectable(far: Case) -> None:
    """Raise Refused for a case that cannot be told of an incident (INC-1, UPD-1)."""
    number = written(far.number)
    if far.closed:
        raise Refused(
            f"case {number} is closed",
            hint="reopen it, or name its account with --account",
            rule="INC-1",
        )
    if far.type is CaseType.INCIDENT:
        raise Refused(
            f"case {number} is an incident itself", hint="link the two: care link has --kind", rule="INC-1"
        )


def affect(case: Case, one: Affected, title: str, text: str, act: Act) -> Event:
    """On the incident: one more account, by its case or by those who are told by mail; for staff alone (DC-3)."""
    data = _whose(one) | {"addressed": list(one.told), "title": title, "text": text or None} | _over(case)
    return Event(one.at, act.by, act.via, Kind.AFFECTED, Visibility.INTERNAL, data)


def told_affected(case: Case, title: str, text: str, act: Act, at: datetime) -> Event:
    """On another case: it is part of something larger, in words that name no other account (INC-1, DC-3)."""
    data = {"title": title, "text": text or None} | _over(case)
    return Event(at, act.by, act.via, Kind.AFFECTED, Visibility.PUBLIC, data)


def _over(case: Case) -> dict[str, Any]:
    return {"over": True} if incidents.of(case).restored_at else {}


def _whose(one: Affected) -> dict[str, Any]:
    return {"account": one.account, "number": one.number}


def untold(case: Case) -> tuple[Affected, ...]:
    """Who is affected and has not been told that the service is back (INC-1)."""
    incident = case.incident
    if incident is None or incident.restored_at is None:
        return ()
    return tuple(one for one in incident.affected if one.back_at is None)


def back(one: Affected, title: str | None, told: Sequence[str], at: datetime) -> Event:
    """On the incident: an account is told that the service is back, without a case by mail (INC-1).

    The desk itself says so: who recorded it may be another account's customer (DC-3).
    """
    data = _whose(one) | {"addressed": list(told), "title": title, "text": None}
    return Event(at, SYSTEM, Via.DESK, Kind.SERVICE_BACK, Visibility.INTERNAL, data)


def told_back(title: str | None, at: datetime) -> Event:
    """On another case: the incident that it is part of is over (INC-1, DC-3)."""
    data = {"title": title, "text": None}
    return Event(at, SYSTEM, Via.DESK, Kind.SERVICE_BACK, Visibility.PUBLIC, data)


def known(case: Case, account: str, number: int | None) -> Affected:
    """An account that is linked as affected, by that case or without one.

    Raises Refused where it is not linked, and for the last of an account that was sent the report.
    """
    incident = incidents.of(case)
    found = next((one for one in incident.affected if (one.account, one.number) == (account, number)), None)
    if found is None:
        what = account if number is None else f"case {written(number)}"
        raise Refused(
            f"{what} is not linked as affected by incident {written(case.number)}",
            hint=f"care incident show {written(case.number)} names who is; nothing was changed",
            rule="INC-1",
        )
    left = incident._replace(affected=tuple(one for one in incident.affected if one is not found))
    if account not in left.clients(case.account) and any(name == account for name, _ in incident.sent):
        raise Refused(
            f"{account} was sent the incident report, which says that it is affected",
            hint="write to them what was wrong about it; nothing was changed",
            rule="INC-1",
        )
    return found


def remove(one: Affected, told: Sequence[str], title: str | None, text: str, act: Act, at: datetime) -> Event:
    """On the incident: an account is not affected after all, or one case of it is not (INC-1)."""
    data = _whose(one) | {"addressed": list(told), "title": title, "text": text or None}
    return Event(at, act.by, act.via, Kind.UNAFFECTED, Visibility.INTERNAL, data)


def told_removed(title: str | None, text: str, act: Act, at: datetime) -> Event:
    """On another case: it is not part of the incident after all (INC-1, DC-3)."""
    data = {"title": title, "text": text or None}
    return Event(at, act.by, act.via, Kind.UNAFFECTED, Visibility.PUBLIC, data)
