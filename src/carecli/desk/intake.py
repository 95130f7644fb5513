"""Opening a case: who, for which account, about which service, through which channel (OPEN-*, ROUTE-1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.desk import calendars, opening_notices, parties, placing, routing
from carecli.desk.desk import Desk
from carecli.desk.names import near
from carecli.desk.placing import Placed
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import access, assessment, lifecycle, linking, opening
from carecli.domain.access import Act, Actor
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.linking import Link, LinkKind
from carecli.domain.numbers import written
from carecli.domain.opening import Form, Place
from carecli.domain.people import Account
from carecli.domain.policy import Policy
from carecli.domain.selection import Selection
from carecli.domain.sight import CONFIDENTIAL, confidential
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import CaseType, Side, Via
from carecli.errors import NotFound, NotPermitted

if TYPE_CHECKING:
    from carecli.domain.attaching import Staged
    from carecli.store.protocol import Reading

CANDIDATES: Final = 3
"""How many components are kept that a case might be about, the chosen one among them (OPEN-6)."""


class Opened(NamedTuple):
    """A new case, and what its opener should know; `selection` where its component was chosen by its words."""

    view: CaseView
    notices: tuple[str, ...]
    selection: Selection | None = None


def open_case(
    desk: Desk,
    form: Form,
    *,
    via: Via | None = None,
    follows: int | None = None,
    staged: Sequence[Staged] = (),
) -> Opened:
    """Open a case, or say everything that is missing or forbidden (OPEN-1..6, OPEN-8..10, ROUTE-1).

    Files that were `staged` are attached to it (ATT-1).
    """
    with desk.record() as record:
        case, account, act, sight, found = _begun(record, form, via, follows)
        case = _with_files(record, case, staged, act)
        if sight.missing and record.policy().routing.ask_incomplete:
            case = record.append(case, assessment.question(case, sight.missing, record.now))
        notices = tuple(opening_notices.notices(desk, record, account, case))
        return Opened(view(desk, record.writing, case), notices, found)


def rehearse(desk: Desk, form: Form, *, via: Via | None = None, follows: int | None = None) -> None:
    """See whether the case may be opened, before large files are taken in for it; nothing is kept."""
    with desk.trial(notices=False) as record:
        _begun(record, form, via, follows)


class _Begun(NamedTuple):
    """A case just opened, and what its opening made known."""

    case: Case
    account: Account
    act: Act
    sight: assessment.Assessment
    selection: Selection | None


def _begun(record: Record, form: Form, via: Via | None, follows: int | None) -> _Begun:
    form, account = addressed(record.actor, record.writing, form)
    policy = record.rulebook.policy(record.writing, policy_digest(record))
    account = _checked(record, form, account, policy, via)
    _refuse_reading(record.actor, form)
    _check_wish(record, form)
    placed = placing.placed(record.writing, form, account)
    act = _act(record, placed.form, via)
    phone = record.phones.about(account, placed.form.service)
    opening.check_channel(form.priority, account.plan, act.side, act.via, phone)
    links = (_following(record, placed.form, account, act, follows),) if follows else ()
    begun = _made(record, placed, account, act, links)
    if follows:
        _link_back(record, follows, begun.case, act)
    return begun


def open_for(
    record: Record,
    form: Form,
    account: Account,
    act: Act,
    *,
    links: tuple[Link, ...] = (),
    kept: Mapping[str, Any] = MappingProxyType({}),
) -> Case:
    """Open a case for which nobody filled in a form: split off another (OPEN-11), or told by monitoring (OPEN-12).

    Its component, its owner and its assessment are found as for any other; `kept` is kept of the opening beside.
    """
    return _made(record, placing.placed(record.writing, form, account), account, act, links, kept).case


def _made(
    record: Record,
    placed: Placed,
    account: Account,
    act: Act,
    links: tuple[Link, ...],
    kept: Mapping[str, Any] = MappingProxyType({}),
) -> _Begun:
    """The case, opened and assessed; whoever opens it, and for whatever reason."""
    policy = record.rulebook.policy(record.writing, policy_digest(record))
    sight = assessment.assessed(placed.form, policy, placed.selection, follows=bool(links))
    known = {**_intake(placed, sight), **_maintenance(record, policy, placed, account), **kept}
    case = record.open(_opened(record, placed, account, act, links, known))
    return _Begun(case, account, act, sight, placed.selection)


def _with_files(record: Record, case: Case, staged: Sequence[Staged], act: Act) -> Case:
    if not staged:
        return case
    from carecli.desk.attachments import taking

    return taking.attach(record, case, staged, act)


def policy_digest(record: Record) -> str:
    """The content hash of the policy in force (SLA-8)."""
    if record.settings.policy:
        return record.settings.policy
    # Imported here: every desk but an old one has chosen its policy.
    from carecli.desk import policies

    return record.document("policy", policies.load("default"))


def addressed(actor: Actor, reading: Reading, form: Form) -> tuple[Form, Account | None]:
    """The form with account and contact filled in from who is asking (OPEN-10).

    Raises NotPermitted for who may open none, NotFound for an account that is not there for the actor (DC-3).
    """
    access.require_opening(actor)
    if actor.is_contact:
        _refuse_others(form, actor)
        form = form._replace(contact=actor.email, account=form.account or actor.account)
    else:
        contact = reading.contact(form.contact) if form.contact else None
        form = form._replace(account=form.account or (contact.account if contact else None))
    account = reading.account(form.account) if form.account else None
    if form.account and (account is None or not account.active):
        raise unknown_account(form.account, known_to(actor, reading))
    return form._replace(account=account.name if account else None), account


def _refuse_others(form: Form, actor: Actor) -> None:
    """Raise for an account that is not the contact's own nor one that it is the parent of (DC-3, ACC-5)."""
    if form.account and not actor.acts_for(form.account):
        raise unknown_account(form.account, actor.end_users and actor.accounts)
    if form.contact and form.contact.casefold() != actor.email.casefold():
        raise NotPermitted(
            "a case's contact is the Designated Contact who opens it", hint="leave --contact out", rule="OPEN-10"
        )


def unknown_account(name: str, known: Sequence[str] = ()) -> NotFound:
    """The one answer for an account that is not there for the actor, with those `known` that it may be (DC-3)."""
    like = near(name, known)
    hint = f"did you mean {' or '.join(like)}?" if like else "`care account list` shows them"
    return NotFound(f"there is no account {name[:80]!r}", hint=hint, rule="DC-3")


def known_to(actor: Actor, reading: Reading) -> list[str]:
    """The names of the active accounts that the actor chooses from: for staff all (DC-3).

    For contacts none, but those whose account is the parent of others (ACC-5).
    """
    if actor.is_contact and actor.end_users:
        return [name for name in actor.accounts if (found := reading.account(name)) and found.active]
    return [a.name for a in reading.accounts() if a.active] if actor.is_staff else []


def _checked(record: Record, form: Form, account: Account | None, policy: Policy, via: Via | None) -> Account:
    """The account of a complete form; Critical from a contact is explained before anything is asked for."""
    if record.actor.is_contact and account:
        phone = record.phones.about(account, form.service)
        opening.check_channel(form.priority, account.plan, Side.CONTACT, via or Via.PORTAL, phone)
    opening.check(form, policy, also=() if form.contact else ("contact",))
    assert account is not None, "a complete form names an account"
    return account


def _check_wish(record: Record, form: Form) -> None:
    """Refuse an admin case that asks for what an approval could not apply (ADM-1)."""
    if form.type is CaseType.ADMIN:
        # Imported here: few cases are admin cases.
        from carecli.desk import approving

        approving.check(record.writing, form.subtype, form.fields, form)


def _refuse_reading(actor: Actor, form: Form) -> None:
    """Raise NotPermitted where whoever logs a data-privacy request may not see it afterwards (SR-1)."""
    if _is_confidential(form) and not actor.sight.request(form.contact or ""):
        raise NotPermitted(
            "a data-privacy request is logged by an admin alone",
            hint="its contact opens it: care open --type service-request --subtype data-privacy",
            rule="SR-1",
        )


def _act(record: Record, form: Form, via: Via | None) -> Act:
    """The opening as an act of the contact, by himself or on the phone (OPEN-8, OPEN-10)."""
    if record.actor.is_contact:
        return Act(record.actor.email, Side.CONTACT, via or Via.PORTAL)
    channel = via or Via.PHONE
    contact = parties.designated(record.writing, form.contact or "", form.account or "")
    return Act(contact, Side.STAFF, channel, logged_by=record.actor.email)


def _opened(
    record: Record,
    placed: Placed,
    account: Account,
    act: Act,
    links: tuple[Link, ...],
    intake: Mapping[str, Any],
) -> Event:
    spec = account.calendar.over(record.settings.calendar)
    group = placed.service.group if placed.service else placed.form.service
    place = Place(
        number=record.writing.next_number(),
        plan=account.plan,
        group=group,
        policy=policy_digest(record),
        calendar=calendars.pinned(record, spec, record.now),
        links=links,
        owner=routing.owner(record, group, confidential=_is_confidential(placed.form)),
        intake=intake,
    )
    return opening.opened(placed.form._replace(contact=act.by), place, act, record.now)


def _intake(placed: Placed, sight: assessment.Assessment) -> dict[str, Any]:
    """What is kept of the opening beside the form (OPEN-5, OPEN-6, ROUTE-1)."""
    kept: dict[str, Any] = {"assessment": sight.document()}
    if placed.form.checklist:
        kept["checklist"] = dict(placed.form.checklist)
    if placed.selection and placed.selection.candidates:
        best = placed.selection.candidates[:CANDIDATES]
        kept["selection"] = {
            "component": placed.selection.component,
            "candidates": [{"component": c.component, "share": round(c.share, 4)} for c in best],
            "by": "words",
        }
    return kept


def _maintenance(record: Record, policy: Policy, placed: Placed, account: Account) -> dict[str, Any]:
    """The maintenance of its service that the case is opened in, planned or announced (MNT-1)."""
    # Imported here: only an opening asks.
    from carecli.desk import maintenance

    zone = str(account.calendar.over(record.settings.calendar).timezone)
    window = maintenance.frozen(policy, placed.form.service, zone, record.now)
    if window:
        return {"maintenance": maintenance.kept(window)}
    announced = maintenance.announced_at(record, account, placed.form.service)
    return {"maintenance": announced} if announced else {}


def _following(record: Record, form: Form, account: Account, act: Act, follows: int) -> Link:
    """The tie to the case that a new one goes on from; raises Refused where that would tell of it (SR-1)."""
    followed = _followed(record, follows, account)
    of_others = confidential(followed) and followed.contact != act.by
    if of_others or _is_confidential(form) != confidential(followed):
        raise linking.unlike()
    return Link(LinkKind.FOLLOWS.value, followed.number)


def _is_confidential(form: Form) -> bool:
    return (form.type, opening.subtype(form)) == CONFIDENTIAL


def _followed(record: Record, number: int, account: Account) -> Case:
    """The case that a new one goes on from: one of the same account, as its contact will see it (DC-3)."""
    case = record.case(number)
    if case.account != account.name:
        raise access.unknown_case(written(number))
    return case


def _link_back(record: Record, follows: int, case: Case, act: Act) -> None:
    followed = record.case(follows)
    record.append(followed, lifecycle.link(LinkKind.FOLLOWED_BY, case.number, act, record.now))
