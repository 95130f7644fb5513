"""Opening a case: who, for which account, about which service, through which channel (OPEN-*, ROUTE-1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from carecli.desk import calendars, parties
from carecli.desk.desk import Desk
from carecli.desk.names import near
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import access, lifecycle, opening
from carecli.domain.access import Act, Actor, Right
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.linking import Link, LinkKind
from carecli.domain.numbers import written
from carecli.domain.opening import Form, Place
from carecli.domain.people import Account, Deployment, Service
from carecli.domain.policy import Policy
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import CaseType, Priority, Side, Stage, Via
from carecli.errors import NotFound, NotPermitted
from carecli.store.protocol import Reading

Named = TypeVar("Named", Deployment, Service)


@dataclass(frozen=True, slots=True)
class Opened:
    """A new case, and what its opener should know."""

    view: CaseView
    notices: tuple[str, ...]


def open_case(desk: Desk, form: Form, *, via: Via | None = None, follows: int | None = None) -> Opened:
    """Open a case, or say everything that is missing or forbidden (OPEN-1..4, OPEN-8..10)."""
    with desk.record() as record:
        form, account = _addressed(record, form)
        policy = record.rulebook.policy(record.writing, policy_digest(record))
        account = _checked(record, form, account, policy, via)
        form, service = _placed(form, account)
        act = _act(record, form, via)
        opening.check_channel(form.priority, account.plan, act.side, act.via, policy)
        case = record.open(_opened(record, form, account, service, act, follows))
        if follows:
            _link_back(record, follows, case, act)
        return Opened(view(desk, record.writing, case), tuple(_notices(record, account)))


def policy_digest(record: Record) -> str:
    """The content hash of the policy in force (SLA-8)."""
    from carecli.desk import policies

    return record.settings.policy or record.document("policy", policies.load("default"))


def _addressed(record: Record, form: Form) -> tuple[Form, Account | None]:
    """The form with account and contact filled in from who is asking (OPEN-10)."""
    actor, reading = record.actor, record.writing
    if actor.is_contact:
        access.require(actor, Right.ACT_AS_CUSTOMER)
        _refuse_others(form, actor.email, actor.account or "")
        form = form._replace(contact=actor.email, account=actor.account)
    else:
        access.require(actor, Right.WORK_CASES)
        contact = reading.contact(form.contact) if form.contact else None
        form = form._replace(account=form.account or (contact.account if contact else None))
    account = reading.account(form.account) if form.account else None
    if form.account and (account is None or not account.active):
        raise unknown_account(form.account, known_to(actor, reading))
    return form._replace(account=account.name if account else None), account


def _refuse_others(form: Form, email: str, account: str) -> None:
    if form.account and form.account.casefold() != account.casefold():
        raise unknown_account(form.account)
    if form.contact and form.contact.casefold() != email.casefold():
        raise NotPermitted(
            "a case's contact is the Designated Contact who opens it", hint="leave --contact out", rule="OPEN-10"
        )


def unknown_account(name: str, known: Sequence[str] = ()) -> NotFound:
    """The one answer for an account that is not there for the actor, with those `known` that it may be (DC-3)."""
    like = near(name, known)
    hint = f"did you mean {' or '.join(like)}?" if like else "`care account list` shows them"
    return NotFound(f"there is no account {name[:80]!r}", hint=hint, rule="DC-3")


def known_to(actor: Actor, reading: Reading) -> list[str]:
    """The names of the active accounts that the actor may hear of: for staff all, for contacts none (DC-3)."""
    return [a.name for a in reading.accounts() if a.active] if actor.is_staff else []


def _checked(record: Record, form: Form, account: Account | None, policy: Policy, via: Via | None) -> Account:
    """The account of a complete form; Critical from a contact is explained before anything is asked for."""
    if record.actor.is_contact and account:
        opening.check_channel(form.priority, account.plan, Side.CONTACT, via or Via.PORTAL, policy)
    opening.check(form, policy, also=() if form.contact else ("contact",))
    assert account is not None, "a complete form names an account"
    return account


def _placed(form: Form, account: Account) -> tuple[Form, Service | None]:
    """The form with deployment and service as the account spells them (ACC-2)."""
    if form.deployment and account.deployments:
        deployment = _named(form.deployment, account.deployments, "deployment", account.name)
        form = form._replace(deployment=deployment.name)
        services, owner = deployment.services, deployment.name
    else:
        services, owner = tuple(s for d in account.deployments for s in d.services), account.name
    if not services or form.service is None:
        return form, None
    service = _named(form.service, services, "service", owner)
    return form._replace(service=service.name, component=_component(form.component, service)), service


def _named(name: str, known: Sequence[Named], what: str, owner: str) -> Named:
    for one in known:
        if one.name.casefold() == name.strip().casefold():
            return one
    names = ", ".join(one.name for one in known)
    raise NotFound(f"{owner} has no {what} {name[:80]!r}", hint=f"it has: {names}", rule="ACC-2")


def _component(name: str | None, service: Service) -> str | None:
    if name is None or not service.components:
        return name
    for component in service.components:
        if component.casefold() == name.strip().casefold():
            return component
    names = ", ".join(service.components)
    raise NotFound(f"{service.name} has no component {name[:80]!r}", hint=f"it has: {names}", rule="ACC-2")


def _act(record: Record, form: Form, via: Via | None) -> Act:
    """The opening as an act of the contact, by himself or on the phone (OPEN-8, OPEN-10)."""
    if record.actor.is_contact:
        return Act(record.actor.email, Side.CONTACT, via or Via.PORTAL)
    channel = via or Via.PHONE
    contact = parties.designated(record.writing, form.contact or "", form.account or "")
    return Act(contact, Side.STAFF, channel, logged_by=record.actor.email)


def _opened(
    record: Record, form: Form, account: Account, service: Service | None, act: Act, follows: int | None
) -> Event:
    spec = account.calendar.over(record.settings.calendar)
    links = (Link(LinkKind.FOLLOWS.value, _followed(record, follows, account).number),) if follows else ()
    place = Place(
        number=record.writing.next_number(),
        plan=account.plan,
        group=service.group if service else form.service,
        policy=policy_digest(record),
        calendar=calendars.pinned(record, spec, record.now),
        links=links,
    )
    return opening.opened(form._replace(contact=act.by), place, act, record.now)


def _followed(record: Record, number: int, account: Account) -> Case:
    """The case that a new one goes on from: one of the same account, as its contact will see it (DC-3)."""
    case = record.case(number)
    if case.account != account.name:
        raise access.unknown_case(written(number))
    return case


def _link_back(record: Record, follows: int, case: Case, act: Act) -> None:
    followed = record.case(follows)
    record.append(followed, lifecycle.link(LinkKind.FOLLOWED_BY, case.number, act, record.now))


def _notices(record: Record, account: Account) -> Iterator[str]:
    """An account needs two trained Designated Contacts (DC-2)."""
    trained = [c for c in record.writing.contacts(account.name) if c.designated and c.trained]
    if len(trained) < 2:
        admin = Right.ADMINISTER in record.actor.rights
        yield (
            f"{account.name} needs two trained Designated Contacts, who may open cases, and has {len(trained)}"
            f" (DC-2): {'care contact edit EMAIL --trained' if admin else 'an admin of the desk marks them'}"
        )


def choices(desk: Desk, form: Form) -> Mapping[str, Sequence[str]]:
    """What may be chosen for each field of the form, as far as it is known yet, for prompts (OPEN-4)."""
    with desk.reading() as reading:
        accounts = known_to(desk.actor, reading)
        account = reading.account(form.account or desk.actor.account or "")
        deployments = account.deployments if account else ()
        chosen = [d for d in deployments if form.deployment in {None, d.name}]
        contacts = reading.contacts(account.name) if account else []
    return {
        "type": [t.value for t in CaseType if t is not CaseType.INCIDENT],
        "subtype": opening.SUBTYPES[form.type],
        "account": accounts,
        "contact": [c.email for c in contacts if c.designated],
        "deployment": [d.name for d in deployments],
        "service": list(dict.fromkeys(s.name for d in chosen for s in d.services)),
        "stage": list(Stage),
        "priority": [p.value for p in Priority if not (desk.actor.is_contact and p is Priority.CRITICAL)],
    }
