"""Copies of the whole desk."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.desk.desk import Desk
    from carecli.domain.backup import Listed
    from carecli.render.sheet import Section


@command
def backup(
    invocation: Invocation,
    target: Annotated[
        str | None,
        Argument(metavar="[FILE]", help="The copy, or a directory for dated ones.", completes="file"),
    ] = None,
    keep: Annotated[
        int | None, Option("--keep", metavar="COUNT", min=1, help="Keep the newest so many of this desk there.")
    ] = None,
    no_verify: Annotated[
        bool, Option("--no-verify", help="Do not hold the copy against its events; it replaces nothing.")
    ] = False,
    list_: Annotated[bool, Option("--list", help="List the backups on record instead.")] = False,
) -> None:
    """Copy the desk, its database and its files, while others work; for admins and cron.

    The copy is one consistent moment, is verified, and takes its place only when all of it is there: whatever
    goes wrong, the backup before it stays whole. What is there is replaced or removed only where this desk made
    it as a backup. Keep the seal elsewhere: it proves later what the copy holds. A copy is a desk:
    `care --db COPY list` reads it, and restoring is putting it back.

    care backup /backups --keep 14

    care backup /media/stick/desk-backup.db

    care backup --list
    """
    from carecli.commands.progress import progress
    from carecli.desk import backup as use_case
    from carecli.domain.vocabulary import SYSTEM

    if list_ and (target or keep or no_verify):
        raise Invalid("--list takes neither a file nor other options", hint="leave them out")
    # For a desk on a server no place would do, which is told below.
    if target is None and not (list_ or invocation.config.is_server):
        raise Invalid("there is nowhere to put the backup", hint="name a directory: care backup DIR --keep 14")
    with invocation.desk(otherwise=SYSTEM) as desk:
        if list_:
            _list(invocation, desk, use_case.listed(desk))
            return
        stage = partial(progress, invocation)
        made = use_case.backup(desk, target or "", stage, keep=keep, check=not no_verify)
    from carecli.render import backup as page
    from carecli.render import backup_document

    invocation.done(backup_document.made(made), page.made_line(made))


def _list(invocation: Invocation, desk: "Desk", listed: "Sequence[Listed]") -> None:
    from carecli.render import backup as page
    from carecli.render import backup_document

    def sections() -> "Sequence[Section]":
        return page.listed_page(listed, desk.zone)

    invocation.emit(backup_document.listed(listed), sections)
