"""Contacts: added and changed by admins, their own profile by themselves, none deleted (DC-1, DC-6, ACC-4)."""

from collections.abc import Sequence

from carecli.desk.desk import Desk
from carecli.desk.directory.addresses import address, refuse_known
from carecli.desk.directory.keeping_accounts import visible
from carecli.desk.directory.keys import with_keys
from carecli.desk.names import person_name
from carecli.desk.record import Record
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.events import Kind
from carecli.domain.people import Contact
from carecli.domain.vocabulary import Access
from carecli.errors import NotFound


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
        refuse_known(record.writing, email)
        home = visible(desk.actor, record.writing, account)
        contact = Contact(address(email), person_name(name or email), home.name, access_level, trained, phone)
        contact = contact._replace(ssh_keys=with_keys(record, contact.email, (), ssh_keys))
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
            ssh_keys=with_keys(record, old.email, () if no_ssh_keys else old.ssh_keys, ssh_keys),
        )
        if unlock_pin:
            from carecli.desk import pins

            pins.unlock(record, old.email)
        return _keep_contact(record, changed, Kind.CONTACT_CHANGED, pin)


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
        name = visible(desk.actor, reading, account).name if account else desk.actor.account
        return reading.contacts(name)
