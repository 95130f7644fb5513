"""How the roles of a desk stand on its server, and how they come to what they should be (DC-3, DC-5)."""

# ruff: noqa: S608 - names from this program

from __future__ import annotations

from collections.abc import Iterable, Mapping
from secrets import token_hex
from typing import Any, Final

from carecli.domain.postgres_roles import (
    CONTACTS_ROLE,
    Group,
    Person,
    PersonsRole,
    Roles,
    RoleState,
    contact_role,
    group_role,
    staff_role,
)
from carecli.errors import NotPermitted, Refused
from carecli.store.postgres.connection import SCHEMA, Connection
from carecli.store.postgres.roles import script

_STRONG: Final = (
    *("pg_read_all_data", "pg_write_all_data", "pg_monitor", "pg_read_all_stats", "pg_read_server_files"),
    *("pg_write_server_files", "pg_execute_server_program", "pg_signal_backend", "pg_read_all_settings"),
)
"""Roles of the server's own by which somebody would see or do more than the policies say."""

_ROLES: Final = "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolreplication FROM pg_roles"
# From PostgreSQL 16 on whoever makes a role belongs to it, without what it may: those two columns say so.
_MEMBERS: Final = """SELECT m.rolname, g.rolname FROM pg_auth_members AS a
    JOIN pg_roles AS m ON m.oid = a.member JOIN pg_roles AS g ON g.oid = a.roleid
    WHERE coalesce(CAST(to_jsonb(a) ->> 'inherit_option' AS boolean), TRUE)
        OR coalesce(CAST(to_jsonb(a) ->> 'set_option' AS boolean), TRUE)"""
_TABLES: Final = f"""SELECT c.relname, c.relkind, a.attname, a.atttypid = 'text'::regtype
    FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
    WHERE c.relnamespace = '{SCHEMA}'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0
        AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum"""
_VIEWS: Final = f"""SELECT c.relname, pg_get_viewdef(c.oid) FROM pg_class AS c
    WHERE c.relnamespace = '{SCHEMA}'::regnamespace AND c.relkind = 'v' AND c.relname LIKE 'care\\_%'
    ORDER BY c.oid"""
_WHERE: Final = f"""SELECT current_database(), pg_get_userbyid(nspowner),
        (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user),
        pg_has_role(current_user, nspowner, 'member'),
        has_database_privilege(current_database(), 'create')
    FROM pg_namespace WHERE nspname = '{SCHEMA}'"""
_BEYOND: Final = """SELECT rolname FROM pg_roles
    WHERE NOT pg_has_role(current_user, oid, 'member with admin option')"""
_OWN_ROLES_ALONE: Final = 160000
"""From this version on CREATEROLE alone changes only roles that one has made oneself, or administers."""
_NOTED: Final = f"SELECT obj_description(to_regnamespace('{script.ACTORS[Group.CONTACT]}'), 'pg_namespace')"
_KNOWN: Final = f"SELECT role, email FROM {SCHEMA}.actors"


class Standing:
    """What the server says of a desk's roles; raises psycopg.Error."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        rows = self._rows(_WHERE)
        self.database, owner, self._may_make, self._may_own, self._may_create = rows[0]
        self.names = {group: group_role(self.database, group) for group in Group}
        self.roles: dict[str, list[Any]] = {name: rest for name, *rest in self._rows(_ROLES)}
        self.memberships = {(member, group) for member, group in self._rows(_MEMBERS)}
        self.catalogue = self._catalogue(owner)

    def roles_of(self, people: Iterable[Person]) -> Roles:
        """The roles of these people and of those who were, with the script that settles them."""
        found = self._people(people)
        sight = script.sight(self.catalogue, self.names)
        state = self._policies(sight)
        statements = self._statements(found, sight if state is not RoleState.READY else None)
        text = "".join(f"{one.rstrip(';')};\n" for one in statements)
        return Roles(self.database, tuple(self.names.items()), found, state, text)

    def require_means(self) -> None:
        """Raise NotPermitted where whoever is connected may not make roles, or does not own the desk's tables."""
        owner = self.catalogue.owner
        if not (self._may_make and self._may_own and self._may_create):
            raise NotPermitted(
                f"this takes a role that may make roles (CREATEROLE), belongs to {owner}, and may CREATE in"
                f" {self.database}",
                hint=f"have the server's administrator run it, or `care postgres roles | psql {self.database}`",
            )
        if weak := [n for n in self.names.values() if n in self.roles and any(self.roles[n])]:
            raise Refused(
                f"the role {weak[0]} may log in, or holds rights of its own",
                hint="ALTER ROLE ... NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION takes them",
            )

    def require_reach(self, wanted: Roles) -> None:
        """Raise NotPermitted where the roles that are there are another's, who alone may grant and change them."""
        if self._db.raw.info.server_version < _OWN_ROLES_ALONE or not wanted.script:
            return
        changed = {one.role for one in wanted.people if one.state in (RoleState.MISSING, RoleState.EXTRA)}
        beyond = {name for (name,) in self._rows(_BEYOND)} & self.roles.keys()
        if others := sorted(beyond & {*self.names.values(), *changed}):
            raise NotPermitted(
                f"the role {others[0]} was made by another, who alone may grant and change it",
                hint="have that one run it, or the server's administrator:"
                f" `care postgres roles | psql {self.database}`",
            )

    def _people(self, people: Iterable[Person]) -> tuple[PersonsRole, ...]:
        there = self._rows(f"SELECT to_regclass('{SCHEMA}.actors') IS NOT NULL") == [(True,)]
        known = dict(self._rows(_KNOWN)) if there else {}
        contacts = {email: role for role, email in known.items() if role.startswith(CONTACTS_ROLE)}
        wanted = {_role(one, contacts): one for one in people}
        here = [self._of(role, one, known.get(role)) for role, one in wanted.items()]
        groups = {self.names[group]: group for group in (Group.STAFF, Group.CONTACT)}
        gone = {
            m: groups[g] for m, g in self.memberships if g in groups and m not in wanted and not self._is_desks(m)
        }
        left = {**dict.fromkeys(known.keys() - wanted.keys(), Group.CONTACT), **gone}
        extra = [PersonsRole(role, known.get(role, role), group, RoleState.EXTRA) for role, group in left.items()]
        return tuple(sorted((*here, *extra), key=lambda one: (one.group, one.email)))

    def _of(self, role: str, one: Person, known: str | None) -> PersonsRole:
        made = PersonsRole(role, one.email, one.group, RoleState.MISSING)
        if role not in self.roles:
            return made
        if why := self._too_strong(role):
            return made._replace(state=RoleState.TOO_STRONG, why=why)
        fits = self.roles[role][0] and (role, self.names[one.group]) in self.memberships and known == one.email
        return made._replace(state=RoleState.READY if fits else RoleState.MISSING)

    def _is_desks(self, role: str) -> bool:
        """Whether a login is the desk's own or a superuser's: nobody who went, whatever it belongs to."""
        service = (role, self.names[Group.SERVICE]) in self.memberships
        return role == self.catalogue.owner or service or bool(self.roles[role][1])

    def _too_strong(self, role: str) -> str | None:
        for name, holds in zip(
            ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION"), self.roles[role][1:], strict=True
        ):
            if holds:
                return name
        strong = {*_STRONG, self.catalogue.owner, self.names[Group.SERVICE], self.names[Group.SIGHT]}
        reached = self._reached(role)
        supers = {name for name in reached if self.roles.get(name, [False] * 5)[1]}
        return next(iter(sorted((reached & strong) | supers)), None)

    def _reached(self, role: str) -> set[str]:
        """The roles that somebody belongs to, through others too."""
        reached, waiting = set[str](), [role]
        while waiting:
            one = waiting.pop()
            more = {group for member, group in self.memberships if member == one} - reached
            reached |= more
            waiting += more
        return reached

    def _policies(self, sight: str) -> RoleState:
        noted = f"{_NOTED} = {script.mark(sight)}"
        return RoleState.READY if self._rows(noted) == [(True,)] else RoleState.MISSING

    def _statements(self, found: Iterable[PersonsRole], sight: str | None) -> list[str]:
        ours = {*self.names.values()}
        others = {member for member, group in self.memberships if group not in ours}
        made = [*script.groups_of(self.names, self.roles)]
        if sight is not None:
            made += [sight, script.marked(sight)]
        return [*made, *script.people(self.database, self.names, found, self.roles, others)]

    def _catalogue(self, owner: str) -> script.Catalogue:
        tables: dict[str, list[str]] = {}
        texts = set[tuple[str, str]]()
        for name, kind, column, is_text in self._rows(_TABLES):
            # Made by the script itself, which is the same whether it was run before or not.
            if kind != "v" and name != "actors":
                tables.setdefault(name, []).append(column)
                texts |= {(name, column)} if is_text else set()
        views: Mapping[str, str] = dict(self._rows(_VIEWS))
        return script.Catalogue(self.database, owner, tables, frozenset(texts), views)

    def _rows(self, sql: str) -> list[Any]:
        return self._db.raw.execute(sql.encode()).fetchall()


def _role(one: Person, contacts: Mapping[str, str]) -> str:
    """What somebody's role is called; `contacts` are the roles that contacts have by now, by address."""
    if one.group is Group.STAFF:
        return staff_role(one.email)
    return contacts.get(one.email) or contact_role(token_hex(8))
