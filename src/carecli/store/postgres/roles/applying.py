"""A desk's roles: looked at, and made what they should be in one transaction (DC-3, DC-5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from carecli.store.postgres.roles.standing import Standing
from carecli.store.postgres.trouble import told

if TYPE_CHECKING:
    from carecli.domain.postgres_roles import Person, Roles
    from carecli.store.postgres.rooms import PostgresReading
    from carecli.store.postgres.store import PostgresStore

People = Callable[["PostgresReading"], Sequence["Person"]]
"""Tells who acts at the desk."""


def looked_at(store: PostgresStore, people: People) -> Roles:
    """How the roles of these people stand; raises DatabaseUnusable."""
    with told(store.place), store.read() as reading:
        return Standing(reading.db).roles_of(people(reading))


def applied(store: PostgresStore, people: People) -> Roles:
    """The roles of these people, after they were made what they should be: all of it, or nothing.

    Raises NotPermitted for credentials that do not suffice, Refused for a role that is in the way, and
    DatabaseUnusable.
    """
    with told(store.place), store.write() as writing:
        wanted = people(writing)
        standing = Standing(writing.db)
        standing.require_means()
        found = standing.roles_of(wanted)
        standing.require_reach(found)
        if found.script:
            writing.db.run(found.script)
        return Standing(writing.db).roles_of(wanted)._replace(applied=True, script=found.script)
