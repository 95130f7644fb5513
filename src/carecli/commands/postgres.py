"""A desk on PostgreSQL: what the server itself lets each person see."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands.declared import Family, Option, command
from carecli.commands.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.render.sheet import Section

app = Family("A desk on PostgreSQL: what the server itself lets each person see.")


@app.command("roles")
@command
def roles(
    invocation: Invocation,
    apply: Annotated[bool, Option("--apply", help="Run the script, all of it or nothing.")] = False,
) -> None:
    """Print the script that gives every person a role of the database, or run it; for admins.

    A contact who connects with credentials of the own, by psql or by `care`, sees the own account and no internal
    notes; staff see what they see here; nobody but the desk's own login writes. No passwords are set: psql's
    `\\password ROLE` does, or the server's pg_hba.conf names a certificate, LDAP or the like. People who came or
    went since are seen to by the next run.

    care postgres roles

    care postgres roles | psql desk

    care postgres roles --apply
    """
    from carecli.desk import postgres_roles
    from carecli.render import postgres_roles as page
    from carecli.render import postgres_roles_document

    with invocation.desk() as desk:
        found = postgres_roles.roles(desk, apply=apply)
    if not (apply or invocation.json):
        sys.stdout.write(page.script(found))
        return

    def sections() -> "Sequence[Section]":
        return page.roles_page(found)

    invocation.emit(postgres_roles_document.roles(found), sections)
