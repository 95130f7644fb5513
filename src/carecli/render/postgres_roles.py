"""The roles of a database as people look at them, and the script that makes them."""

from collections.abc import Iterator, Sequence
from typing import Final

from carecli.domain.postgres_roles import Roles, RoleState
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone

COLUMNS: Final = (
    Column("role", "Role", least=16),
    Column("email", "Person", rank=1, least=16),
    Column("group", "As"),
    Column("state", "State"),
    Column("why", "Why", rank=2),
)
_TOLD: Final = {
    RoleState.READY: (Tone.GOOD, "ready"),
    RoleState.MISSING: (Tone.WARNING, "missing"),
    RoleState.EXTRA: (Tone.WARNING, "acts no more"),
    RoleState.TOO_STRONG: (Tone.ALARM, "left as it is"),
}

# Of a hundred policies that are not there yet psql would say so, and hide what matters.
_BEGIN: Final = "BEGIN;\nSET LOCAL client_min_messages = warning;"


def script(found: Roles) -> str:
    """The script for psql: all of it or nothing."""
    head = f"-- care postgres roles: {found.database}\n"
    if not found.script:
        return f"{head}-- All roles and policies are as they should be.\n"
    return f"{head}{_BEGIN}\n{found.script}COMMIT;\n{''.join(f'-- {line}{chr(10)}' for line in _next(found))}"


def roles_page(found: Roles) -> Sequence[Section]:
    """Everybody's roles, and what is left to be done by hand."""
    rows = tuple(
        (
            Cell(one.role, tone=Tone.STRONG),
            Cell(one.email),
            Cell(one.group.value),
            Cell(one.state.value, _TOLD[one.state][1], tone=_TOLD[one.state][0]),
            Cell(one.why and f"it has {one.why}"),
        )
        for one in found.people
    )
    title = f"Roles of {found.database}"
    return (Sheet(title, COLUMNS, rows), Prose("By hand", "\n".join(_next(found))))


def _next(found: Roles) -> Iterator[str]:
    groups = {group.value: role for group, role in found.groups}
    yield "No role has a password unless you gave it one: \\password ROLE in psql does."
    yield f"In pg_hba.conf: hostssl {found.database} +{groups['contact']} all scram-sha-256"
    yield f"For cron and the gate: GRANT {groups['service']} TO their user."
