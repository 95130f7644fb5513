"""The roles of a desk in a PostgreSQL server: what they are called, and how they stand (DC-3, DC-5)."""

from enum import StrEnum
from typing import Final, NamedTuple

NAME_MAX: Final = 63
"""The most bytes of a name there; what is longer would be cut off, and one person be taken for another."""
CONTACTS_ROLE: Final = "care_contact_"
"""How the roles of contacts begin."""
_KEPT: Final = 24
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+-/=?^_`{|}~@")


class Group(StrEnum):
    """Roles that nobody logs in as, a set for each desk of a server: `care_<database>_<group>`."""

    SERVICE = "service"
    """For the desk's own logins: commands and ticks, which read and write everything."""
    STAFF = "staff"
    CONTACT = "contact"
    SIGHT = "sight"
    """The owner of what people look through, whom the policies bind; nobody is ever a member."""


class RoleState(StrEnum):
    """How somebody's role stands."""

    READY = "ready"
    MISSING = "missing"
    EXTRA = "extra"
    """Of somebody who acts no more, or not so."""
    TOO_STRONG = "too-strong"
    """A role that sees more than the policies say, and is left as it is."""


class Person(NamedTuple):
    """Somebody who acts at a desk: the address, folded, and whether as a contact or as staff."""

    email: str
    group: Group


class PersonsRole(NamedTuple):
    """The login of somebody, or of somebody who was."""

    role: str
    email: str
    group: Group
    state: RoleState
    why: str | None = None
    """Why it is too strong."""


class Roles(NamedTuple):
    """A desk's roles as they are, and the script that makes them what they should be."""

    database: str
    groups: tuple[tuple[Group, str], ...]
    people: tuple[PersonsRole, ...]
    policies: RoleState
    script: str
    applied: bool = False

    @property
    def settled(self) -> bool:
        """Whether there is nothing to be done."""
        done = {RoleState.READY, RoleState.TOO_STRONG}
        return self.policies is RoleState.READY and all(one.state in done for one in self.people)

    def count(self, state: RoleState) -> int:
        """How many people's roles stand so."""
        return sum(one.state is state for one in self.people)


def group_role(database: str, group: Group) -> str:
    """The role of a group of a desk: no other desk of the server has the same, however long its name."""
    room = NAME_MAX - len(f"care__{Group.SERVICE.value}")
    name = database if len(database.encode()) <= room else f"{_cut(database)}_{_digest(database)}"
    return f"care_{name}_{group.value}"


def staff_role(email: str) -> str:
    """The role of a member of staff: the address, or where that cannot be a name, its beginning and its hash."""
    fits = len(email) <= NAME_MAX and not set(email) - _PLAIN and "@" in email and not email.startswith("pg_")
    return email if fits else f"care-{_cut(email)}-{_digest(email)}"


def contact_role(random: str) -> str:
    """A new role for a contact, called by chance: who logs in can list the names of all roles of a server.

    By their addresses a contact would know every other account's contacts (DC-3).
    """
    return f"{CONTACTS_ROLE}{random}"


def _cut(name: str) -> str:
    return "".join(c for c in name.lower() if c.isascii() and (c.isalnum() or c in "@.-"))[:_KEPT]


def _digest(name: str) -> str:
    # Imported here: it loads a cryptographic library, and few names are too long.
    from hashlib import sha256

    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
