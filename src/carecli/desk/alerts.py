"""Cases that monitoring opens and keeps up to date: one for each group of alerts (OPEN-12)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from carecli.config.alerts import AlertSettings
from carecli.desk import intake, parties
from carecli.desk.desk import Desk
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import access, alerts, lifecycle, opening
from carecli.domain.access import Act, Right
from carecli.domain.alerts import Group
from carecli.domain.case import Case
from carecli.domain.linking import Link, LinkKind
from carecli.domain.opening import Form
from carecli.domain.people import Account
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import SYSTEM, Priority, Side, Stage, Via
from carecli.errors import Invalid, NotFound
from carecli.store.entries_opening import AlertGroup


class Outcome(StrEnum):
    """What became of a webhook."""

    OPENED = "opened"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Taken(NamedTuple):
    """What became of a webhook, and the case of its group; None where there is none."""

    outcome: Outcome
    group: str
    view: CaseView | None


def take(desk: Desk, text: str, given: Mapping[str, str]) -> Taken:
    """Open the case of a webhook's group, or tell it what has changed; `given` beats labels and configuration.

    What was told before changes nothing, however often it comes (Alertmanager repeats what fires). A group whose
    case was closed and that fires again gets a new case, which follows the closed one. Whatever comes at the same
    time waits for this transaction, so that a group never has two cases.
    """
    access.require(desk.actor, Right.TAKE_ALERTS)
    group, settings = alerts.read(text), desk.config.alerts
    with desk.record() as record:
        account = _account(record, _field("account", group, settings, given))
        hash_ = group.hash_for(account.name)
        known = record.writing.alert_group(hash_)
        case = record.writing.case(known.number) if known else None
        if case is not None and not case.closed:
            assert known is not None
            return _told(desk, record, case, known, group, hash_)
        if not group.firing:
            return Taken(Outcome.UNCHANGED, group.name, view(desk, record.writing, case) if case else None)
        return _opened(desk, record, account, case, group, hash_, given)


def _told(desk: Desk, record: Record, case: Case, known: AlertGroup, group: Group, hash_: str) -> Taken:
    if known.firing == group.digest:
        return Taken(Outcome.UNCHANGED, group.name, view(desk, record.writing, case))
    case = record.append(case, alerts.told(case, group, hash_, _by_monitoring(desk), desk.now))
    record.writing.put_alert_group(hash_, AlertGroup(case.number, group.digest))
    return Taken(Outcome.UPDATED, group.name, view(desk, record.writing, case))


def _by_monitoring(desk: Desk) -> Act:
    """An act of the monitor, neither staff's (SLA-3) nor the customer's (FU-5), whoever passes it on."""
    passed_on_by = None if desk.actor.email == SYSTEM else desk.actor.email
    return Act(SYSTEM, Side.SYSTEM, Via.MONITORING, logged_by=passed_on_by)


def _opened(
    desk: Desk,
    record: Record,
    account: Account,
    before: Case | None,
    group: Group,
    hash_: str,
    given: Mapping[str, str],
) -> Taken:
    form = _form(record, group, account, given)
    act = Act(form.contact or "", Side.SYSTEM, Via.MONITORING, logged_by=desk.actor.email)
    links = (Link(LinkKind.FOLLOWS.value, before.number),) if before else ()
    kept = {"alert": alerts.kept(group, hash_)}
    case = intake.open_for(record, form, account, act, links=links, kept=kept)
    if before:
        record.append(before, lifecycle.link(LinkKind.FOLLOWED_BY, case.number, _by_monitoring(desk), desk.now))
    record.writing.put_alert_group(hash_, AlertGroup(case.number, group.digest))
    return Taken(Outcome.OPENED, group.name, view(desk, record.writing, case))


def _form(record: Record, group: Group, account: Account, given: Mapping[str, str]) -> Form:
    settings, policy = record.config.alerts, record.policy()
    form = Form(
        account=account.name,
        contact=_contact(record, account, _field("contact", group, settings, given)),
        stage=_stage(_field("stage", group, settings, given)),
        priority=_priority(group, settings, given),
        impact=given.get("impact") or settings.defaults["impact"],
        subject=alerts.subject(group, policy.opening["subject_max"]),
        description=alerts.description(group),
        deployment=_field("deployment", group, settings, given),
        service=_field("service", group, settings, given),
        component=given.get("component"),
    )
    form = form._replace(component=form.component or _told_component(group, settings, account, form))
    lacking = opening.missing(form)
    if lacking:
        raise Invalid(
            f"the alerts do not tell the {' and the '.join(lacking)}",
            hint=f"give {' '.join(f'--{name}' for name in lacking)}, a label, or a default in [alerts]",
            rule="OPEN-12",
        )
    return form


def _field(name: str, group: Group, settings: AlertSettings, given: Mapping[str, str]) -> str | None:
    """A field of the case: as an option says, else a label that all alerts share, else the configuration."""
    told = given.get(name) or alerts.label(group, settings.labels[name]) or settings.defaults.get(name)
    return told.strip() if told else None


def _told_component(group: Group, settings: AlertSettings, account: Account, form: Form) -> str | None:
    """The component that a label or the configuration tells, unless the service lists others alone (ACC-2).

    Monitors name parts of their own so: such a label must not keep an alert from becoming a case.
    """
    told = _field("component", group, settings, {})
    offered = {component.casefold() for component in account.components_of(form.service, form.deployment)}
    return told if told and (not offered or told.casefold() in offered) else None


def _account(record: Record, name: str | None) -> Account:
    if name is None:
        raise Invalid(
            "the alerts do not tell the account",
            hint="give --account, a label account, or a default in [alerts]; alerts grouped by it share it",
            rule="OPEN-12",
        )
    account = record.writing.account(name)
    if account is None or not account.active:
        raise intake.unknown_account(name, intake.known_to(record.actor, record.writing))
    return account


def _contact(record: Record, account: Account, email: str | None) -> str:
    """The Designated Contact of the case: who is named, else the account's first, trained ones first (OPEN-10)."""
    if email:
        return parties.designated(record.writing, email, account.name)
    found = [contact for contact in record.writing.contacts(account.name) if contact.designated]
    if not found:
        raise NotFound(
            f"{account.name} has no Designated Contact",
            hint="`care contact add EMAIL --access read-write` adds one",
            rule="OPEN-10",
        )
    return min(found, key=lambda contact: (not contact.trained, contact.email)).email


def _stage(name: str | None) -> str:
    told = (name or "").casefold()
    if told not in tuple(Stage):
        raise Invalid(f"{told[:40]!r} is no stage", hint=f"choose from: {', '.join(Stage)}", rule="OPEN-4")
    return told


def _priority(group: Group, settings: AlertSettings, given: Mapping[str, str]) -> Priority:
    """The priority that is given, else the gravest that the severities of the alerts stand for (SEV-1)."""
    if given.get("priority"):
        return Priority(given["priority"])
    names = alerts.severities(group, settings.severity_label)
    meant = [Priority(settings.severities[name]) for name in names if name in settings.severities]
    return min(meant, key=lambda one: one.severity, default=Priority(settings.defaults["priority"]))
