"""Staff: added and changed by admins, each change on the record, none deleted (DC-5, ACC-4)."""

from collections.abc import Sequence

from carecli.desk.desk import Desk
from carecli.desk.directory.addresses import address, refuse_known
from carecli.desk.directory.keys import with_keys
from carecli.desk.names import person_name
from carecli.desk.record import Record
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.events import Kind
from carecli.domain.people import Staff
from carecli.domain.vocabulary import Role
from carecli.errors import NotFound, NotPermitted, Refused
from carecli.store.protocol import Reading


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
        refuse_known(record.writing, email)
        added = Staff(address(email), person_name(name or email), role, group)
        added = added._replace(ssh_keys=with_keys(record, added.email, (), ssh_keys))
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
            ssh_keys=with_keys(record, old.email, () if no_ssh_keys else old.ssh_keys, ssh_keys),
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
