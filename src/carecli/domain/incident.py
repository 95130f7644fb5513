"""An incident as it stands: what it is, whom it affects, what is asked for, what is to be done (INC-1..3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none

TEXTS: Final = ("title", "details", "restoration", "root_cause", "measures", "comments")
"""What staff write of an incident for everybody whom it affects, in the order of the report (INC-3)."""


class Affected(NamedTuple):
    """An account that the incident affects too, by a case of its own or without one; `told` are who had mail.

    `back_at` is when it was told that the service is back, None where that is still to be told.
    """

    account: str
    number: int | None
    at: datetime
    told: tuple[str, ...] = ()
    back_at: datetime | None = None


class Action(NamedTuple):
    """Something that is to be done so that it does not happen again; `id` counts the actions from 1."""

    id: int
    text: str
    owner: str
    due_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None

    @property
    def label(self) -> str:
        """How its deadline is told apart from others."""
        return f"{self.id}. {self.text}"


class Asked(NamedTuple):
    """A report that somebody of an account asked for; `number` is the account's own case, if it has one."""

    account: str
    number: int | None
    at: datetime
    by: str
    sent_at: datetime | None = None


class Incident(NamedTuple):
    """What a case has as an incident; times are None where it has not come to that.

    `specifics` is what concerns one account alone, by its name; `restored_at` when the service was back to normal.
    """

    declared_at: datetime
    declared_by: str
    started_at: datetime
    restored_at: datetime | None = None
    post_mortem_at: datetime | None = None
    title: str | None = None
    details: str | None = None
    restoration: str | None = None
    root_cause: str | None = None
    measures: str | None = None
    comments: str | None = None
    specifics: tuple[tuple[str, str], ...] = ()
    affected: tuple[Affected, ...] = ()
    actions: tuple[Action, ...] = ()
    asked: tuple[Asked, ...] = ()
    sent: tuple[tuple[str, datetime], ...] = ()
    """The accounts that were sent a report, and when."""

    def waiting(self, account: str) -> Asked | None:
        """What an account has asked for and not been sent."""
        return next((one for one in self.asked if one.account == account and one.sent_at is None), None)

    def action(self, id_: int) -> Action | None:
        """An action by its number."""
        return next((one for one in self.actions if one.id == id_), None)

    def clients(self, own: str) -> tuple[str, ...]:
        """Every account that it affects, that of its own case first."""
        return tuple(dict.fromkeys((own, *(one.account for one in self.affected))))


def as_told(incident: Incident, account: str) -> Incident:
    """What the customer of the incident's own case knows of it: no drafts, and nobody else (INC-3, DC-3)."""
    return Incident(
        incident.declared_at,
        incident.declared_by,
        incident.started_at,
        incident.restored_at,
        asked=tuple(one for one in incident.asked if one.account == account),
        sent=tuple((name, at) for name, at in incident.sent if name == account),
    )


def document(incident: Incident) -> dict[str, Any]:
    """The incident as JSON, whole."""
    return incident._asdict() | {
        "declared_at": iso(incident.declared_at),
        "started_at": iso(incident.started_at),
        "restored_at": iso_or_none(incident.restored_at),
        "post_mortem_at": iso_or_none(incident.post_mortem_at),
        "specifics": [list(one) for one in incident.specifics],
        "affected": [
            one._asdict() | {"at": iso(one.at), "told": list(one.told), "back_at": iso_or_none(one.back_at)}
            for one in incident.affected
        ],
        "actions": [
            one._asdict() | {"due_at": iso(one.due_at), "done_at": iso_or_none(one.done_at)}
            for one in incident.actions
        ],
        "asked": [
            one._asdict() | {"at": iso(one.at), "sent_at": iso_or_none(one.sent_at)} for one in incident.asked
        ],
        "sent": [[account, iso(at)] for account, at in incident.sent],
    }


def from_document(doc: Mapping[str, Any]) -> Incident:
    """Read what `document` wrote."""
    return Incident(
        **{
            **doc,
            "declared_at": instant(doc["declared_at"]),
            "started_at": instant(doc["started_at"]),
            "restored_at": instant_or_none(doc["restored_at"]),
            "post_mortem_at": instant_or_none(doc["post_mortem_at"]),
            "specifics": tuple((account, text) for account, text in doc["specifics"]),
            "affected": tuple(_affected(one) for one in doc["affected"]),
            "actions": tuple(_action(one) for one in doc["actions"]),
            "asked": tuple(_asked(one) for one in doc["asked"]),
            "sent": tuple((account, instant(at)) for account, at in doc["sent"]),
        }
    )


def _affected(doc: Mapping[str, Any]) -> Affected:
    times = {"at": instant(doc["at"]), "back_at": instant_or_none(doc["back_at"])}
    return Affected(**{**doc, **times, "told": tuple(doc["told"])})


def _action(doc: Mapping[str, Any]) -> Action:
    return Action(**{**doc, "due_at": instant(doc["due_at"]), "done_at": instant_or_none(doc["done_at"])})


def _asked(doc: Mapping[str, Any]) -> Asked:
    return Asked(**{**doc, "at": instant(doc["at"]), "sent_at": instant_or_none(doc["sent_at"])})
