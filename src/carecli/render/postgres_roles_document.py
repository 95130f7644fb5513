"""The roles of a database as JSON."""

from carecli.domain.postgres_roles import PersonsRole, Roles
from carecli.render.case_document import Document


def roles(found: Roles) -> Document:
    """A desk's roles, and the script that settles them."""
    return {
        "database": found.database,
        "groups": {group.value: role for group, role in found.groups},
        "policies": found.policies.value,
        "roles": [_role(one) for one in found.people],
        "script": found.script,
        "applied": found.applied,
        "settled": found.settled,
    }


def _role(one: PersonsRole) -> Document:
    return {
        "role": one.role,
        "email": one.email,
        "group": one.group.value,
        "state": one.state.value,
        "why": one.why,
    }
