"""Roles of the database for the people of a desk on PostgreSQL (DC-3, DC-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.postgres_roles import Group, Person
from carecli.errors import Refused

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.postgres_roles import Roles
    from carecli.store.protocol import Reading


def roles(desk: Desk, *, apply: bool = False) -> Roles:
    """How everybody's roles stand, with the script that settles them; with `apply` after it was run.

    Raises NotPermitted for anybody but admins, Refused for a desk in a file.
    """
    access.require(desk.actor, Right.ADMINISTER)
    # Imported here: it loads the driver of a server, which a desk in a file has none of.
    from carecli.store.opening import is_server

    if not is_server(desk.config.db):
        raise Refused(
            "this desk is a file: whoever can read that reads all of it",
            hint="roles are for a desk on PostgreSQL: care --db postgresql://HOST/DATABASE postgres roles",
        )
    from carecli.store.postgres.roles import applying
    from carecli.store.postgres.store import PostgresStore

    assert isinstance(desk.store, PostgresStore), "the address says so"
    return (applying.applied if apply else applying.looked_at)(desk.store, people)


def people(reading: Reading) -> list[Person]:
    """Whoever acts at the desk, by address: active staff, and active contacts of active accounts."""
    active = {account.name.casefold() for account in reading.accounts() if account.active}
    contacts = [
        one.email.casefold() for one in reading.contacts() if one.active and one.account.casefold() in active
    ]
    staff = [one.email.casefold() for one in reading.staff() if one.active]
    found = {email: Person(email, Group.CONTACT) for email in contacts}
    return [*(found | {email: Person(email, Group.STAFF) for email in staff}).values()]
