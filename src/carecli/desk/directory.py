"""Accounts, contacts and staff: added and changed by admins, each change on the record, none deleted (ACC-4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from carecli.desk import calendars, parents
from carecli.desk.catalogue import with_products
from carecli.desk.desk import Desk
from carecli.desk.intake import known_to, unknown_account
from carecli.desk.names import account_name, person_name
from carecli.desk.record import Record
from carecli.domain import access, entitlements
from carecli.domain.access import Actor, Right
from carecli.domain.events import Kind
from carecli.domain.people import Account, CalendarSpec, Contact, Staff
from carecli.domain.vocabulary import Access, Plan, Role
from carecli.errors import Invalid, NotFound, NotPermitted, Refused
from carecli.store.protocol import Reading


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with what it is entitled to and how many Designated Contacts it has (ACC-1, DC-2)."""

    account: Account
    features: tuple[str, ...]
    designated: int
    calendar: CalendarSpec
    end_users: tuple[str, ...] = ()
    """The accounts that were sold through it (ACC-5)."""


def add_account(
    desk: Desk,
    name: str,
    *,
    plan: Plan,
    calendar: CalendarSpec | None = None,
    deployments: Sequence[str] = (),
    services: Sequence[str] = (),
    components: Sequence[str] = (),
    add_ons: Mapping[str, str] | None = None,
    executive: str | None = None,
    success_manager: str | None = None,
    parent: str | None = None,
) -> Account:
    """Add an account (ACC-1..3, ACC-5)."""
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        clean = account_name(name)
        if record.writing.account(clean):
            raise Refused(f"there is an account {clean!r} already", hint="change it with `care account edit`")
        account = Account(
            clean,
            plan,
            calendar or CalendarSpec(),
            with_products((), deployments, services, components),
            _add_ons(record, plan, add_ons or {}),
            _address_or_none(executive),
            _address_or_none(success_manager),
            parent=parents.parent(record.writing, clean, parent) if parent else None,
        )
        return _keep_account(record, account, Kind.ACCOUNT_ADDED)


def edit_account(
    desk: Desk,
    name: str,
    *,
    plan: Plan | None = None,
    calendar: CalendarSpec | None = None,
    deployments: Sequence[str] = (),
    services: Sequence[str] = (),
    components: Sequence[str] = (),
    add_ons: Mapping[str, str] | None = None,
    executive: str | None = None,
    success_manager: str | None = None,
    active: bool | None = None,
    parent: str | None = None,
    without: Collection[str] = (),
) -> Account:
    """Change what is given of an account; deployments, services and add-ons are added to what it has.

    An empty `parent` makes it nobody's end-user, add-ons in `without` are taken off (ACC-1, ACC-5).
    """
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        old = _account(desk.actor, record.writing, name)
        bought = {kind: person for kind, person in old.add_ons.items() if kind not in without}
        changed = old._replace(
            plan=plan or old.plan,
            calendar=(calendar or CalendarSpec()).over(old.calendar),
            deployments=with_products(old.deployments, deployments, services, components),
            add_ons=_add_ons(record, plan or old.plan, {**bought, **(add_ons or {})}),
            executive=_address_or_none(executive) or old.executive,
            success_manager=_address_or_none(success_manager) or old.success_manager,
            active=old.active if active is None else active,
            parent=old.parent if parent is None else _parent_or_none(record, old, parent),
        )
        return _keep_account(record, changed, Kind.ACCOUNT_CHANGED)


def _parent_or_none(record: Record, account: Account, name: str) -> str | None:
    return parents.parent(record.writing, account.name, name) if name.strip() else None


def _keep_account(record: Record, account: Account, kind: Kind) -> Account:
    calendars.check(account.calendar.over(record.settings.calendar), record.now)
    record.writing.put_account(account)
    record.desk_event(kind, account.document())
    return account


def _add_ons(record: Record, plan: Plan, add_ons: Mapping[str, str]) -> dict[str, str]:
    """Flex add-ons go with the plan that the policy names, each naming a person (ACC-1)."""
    if not add_ons:
        return {}
    policy = record.policy()
    known = [one.key for one in entitlements.known_add_ons(policy)]
    for kind, email in add_ons.items():
        if kind not in known:
            raise Invalid(f"{kind!r} is no add-on", hint=f"choose from: {', '.join(known)}", rule="ACC-1")
        entitlements.require_plan(plan, kind, policy)
        address(email)
    return dict(add_ons)


def accounts(desk: Desk) -> list[Account]:
    """The accounts that the actor may see (DC-3)."""
    access.require(desk.actor, Right.READ_PEOPLE)
    with desk.reading() as reading:
        return [a for a in reading.accounts() if access.may_see(desk.actor, a.name)]


def account(desk: Desk, name: str) -> AccountView:
    """One account with its entitlements (ACC-1)."""
    access.require(desk.actor, Right.READ_PEOPLE)
    with desk.reading() as reading:
        found = _account(desk.actor, reading, name)
        digest = desk.settings.policy
        features = desk.rulebook.policy(reading, digest).features(found.plan) if digest else ()
        designated = sum(c.designated for c in reading.contacts(found.name))
        calendar = found.calendar.over(desk.settings.calendar)
        # Who of a reseller may not see the cases of its end-users does not hear of those either (ACC-5).
        end_users = (one for one in reading.end_users(found.name) if access.may_see(desk.actor, one))
        return AccountView(found, features, designated, calendar, tuple(end_users))


def _account(actor: Actor, reading: Reading, name: str) -> Account:
    """An account that the actor may see, or the same answer for every other name (DC-3)."""
    found = reading.account(name)
    if found is None or not access.may_see(actor, found.name):
        raise unknown_account(name, known_to(actor, reading))
    return found


def add_contact(
    desk: Desk,
    email: str,
    *,
    account: str,
    name: str | None = None,
    access_level: Access = Access.READ_WRITE,
    trained: bool = False,
    phone: str | None = None,
    pin: str | None = None,
    ssh_keys: Sequence[str] = (),
) -> Contact:
    """Add a contact to an account (DC-1); `ssh_keys` are public ones, for the gate."""
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        _refuse_known(record.writing, email)
        home = _account(desk.actor, record.writing, account)
        contact = Contact(address(email), person_name(name or email), home.name, access_level, trained, phone)
        contact = contact._replace(ssh_keys=_keys(record, contact.email, (), ssh_keys))
        return _keep_contact(record, contact, Kind.CONTACT_ADDED, pin)


def edit_contact(
    desk: Desk,
    email: str,
    *,
    name: str | None = None,
    phone: str | None = None,
    access_level: Access | None = None,
    trained: bool | None = None,
    pin: str | None = None,
    active: bool | None = None,
    unlock_pin: bool = False,
    ssh_keys: Sequence[str] = (),
    no_ssh_keys: bool = False,
) -> Contact:
    """Change a contact; contacts change their own name, phone and PIN, admins everything (DC-6).

    With `unlock_pin` the PIN may be tried again at once, after too many wrong ones (DC-4). `ssh_keys` are added
    to those that there are, or with `no_ssh_keys` stand in their place.
    """
    with desk.record() as record:
        old = _contact(record, email)
        # The own profile is one's own, as a name and a telephone are; what one may do is not (DC-6).
        more = unlock_pin or (access_level, trained, active) != (None, None, None)
        # Who has a key acts: one that somebody planted would outlive the loss of the first.
        own = desk.actor.email == old.email and not (more or ssh_keys or no_ssh_keys)
        if not own:
            access.require(desk.actor, Right.ADMINISTER)
        changed = old._replace(
            name=person_name(name or old.name),
            phone=phone or old.phone,
            access=access_level or old.access,
            trained=old.trained if trained is None else trained,
            active=old.active if active is None else active,
            ssh_keys=_keys(record, old.email, () if no_ssh_keys else old.ssh_keys, ssh_keys),
        )
        if unlock_pin:
            from carecli.desk import pins

            pins.unlock(record, old.email)
        return _keep_contact(record, changed, Kind.CONTACT_CHANGED, pin)


def _keys(record: Record, email: str, old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Somebody's keys with others added; a key tells one person from all others. Raises Refused."""
    if not new:
        return tuple(old)
    # Imported here: few people come by the gate.
    from carecli.domain.ssh_key import fingerprint, joined

    people: list[Contact | Staff] = [*record.writing.contacts(), *record.writing.staff()]
    for one in people:
        shared = set(new) & set(one.ssh_keys) if one.email != email else set()
        if shared:
            what = f"{one.email} has the SSH key {fingerprint(min(shared))} already"
            raise Refused(what, hint="each person has keys of their own: ssh-keygen -t ed25519 makes one")
    return joined(old, new)


def deactivate_contact(desk: Desk, email: str) -> Contact:
    """Let a contact act no more; the history stays (ACC-4)."""
    return edit_contact(desk, email, active=False)


def _contact(record: Record, email: str) -> Contact:
    found = record.writing.contact(email)
    if found is None or not access.may_see(record.actor, found.account):
        raise NotFound(f"there is no contact {email}", hint="`care contact list` shows them", rule="DC-3")
    return found


def _keep_contact(record: Record, contact: Contact, kind: Kind, pin: str | None) -> Contact:
    record.writing.put_contact(contact)
    record.desk_event(kind, contact.document())
    if pin is not None:
        from carecli.desk import pins

        pins.put(record, contact.email, pin)
    return contact


def contacts(desk: Desk, account: str | None = None) -> list[Contact]:
    """The contacts of an account, with their access levels, to its own contacts too (DC-6)."""
    access.require(desk.actor, Right.READ_PEOPLE)
    with desk.reading() as reading:
        name = _account(desk.actor, reading, account).name if account else desk.actor.account
        return reading.contacts(name)


def add_staff(
    desk: Desk,
    email: str,
    *,
    name: str | None = None,
    role: Role = Role.AGENT,
    group: str | None = None,
    ssh_keys: Sequence[str] = (),
) -> Staff:
    """Add a member of staff (DC-5)."""
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        _refuse_known(record.writing, email)
        added = Staff(address(email), person_name(name or email), role, group)
        added = added._replace(ssh_keys=_keys(record, added.email, (), ssh_keys))
        return keep_staff(record, added, Kind.STAFF_ADDED)


def edit_staff(
    desk: Desk,
    email: str,
    *,
    name: str | None = None,
    role: Role | None = None,
    group: str | None = None,
    active: bool | None = None,
    ssh_keys: Sequence[str] = (),
    no_ssh_keys: bool = False,
) -> Staff:
    """Change a member of staff, keys as in `edit_contact`; a desk keeps at least one active admin (DC-5)."""
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        old = record.writing.staff_member(email)
        if old is None:
            raise NotFound(f"there is no member of staff {email}", hint="`care staff list` shows them")
        changed = old._replace(
            name=person_name(name or old.name),
            role=role or old.role,
            group=group or old.group,
            active=old.active if active is None else active,
            ssh_keys=_keys(record, old.email, () if no_ssh_keys else old.ssh_keys, ssh_keys),
        )
        _refuse_leaderless(record.writing, changed)
        return keep_staff(record, changed, Kind.STAFF_CHANGED)


def deactivate_staff(desk: Desk, email: str) -> Staff:
    """Let a member of staff act no more; the history stays (ACC-4)."""
    return edit_staff(desk, email, active=False)


def keep_staff(record: Record, staff: Staff, kind: Kind) -> Staff:
    """Keep a member of staff, on the record."""
    record.writing.put_staff(staff)
    record.desk_event(kind, staff.document())
    return staff


def staff(desk: Desk) -> list[Staff]:
    """All staff, for staff."""
    access.require(desk.actor, Right.READ_PEOPLE)
    if desk.actor.is_contact:
        raise NotPermitted("the list of staff is for staff", hint="`care contact list` shows your account")
    with desk.reading() as reading:
        return reading.staff()


def _refuse_leaderless(reading: Reading, changed: Staff) -> None:
    others = [s for s in reading.staff() if s.email != changed.email]
    if not any(s.active and s.role is Role.ADMIN for s in [*others, changed]):
        raise Refused("a desk needs at least one active admin", hint="make another one first", rule="DC-5")


def _refuse_known(reading: Reading, email: str) -> None:
    if reading.contact(email) or reading.staff_member(email):
        raise Refused(f"{email} is known here already", hint="change it with `edit`", rule="ACC-4")


def _address_or_none(text: str | None) -> str | None:
    return address(text) if text else None


def address(text: str) -> str:
    """An e-mail address as we keep it; what could break a mail's header never gets in."""
    local, at, domain = text.strip().rpartition("@")
    plain = text.isprintable() and text.count("@") == 1 and not any(c in text for c in ' ,;:<>()[]"\\')
    if not (local and at and domain and plain and len(text) <= 254):
        raise Invalid(f"{text[:80]!r} is no e-mail address", hint="give it as name@example.com")
    return text.strip().lower()
