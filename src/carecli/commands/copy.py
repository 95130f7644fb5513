"""The whole desk brought to another place."""

from functools import partial
from typing import Annotated

from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation


@command
def copy(
    invocation: Invocation,
    to: Annotated[
        str,
        Option("--to", metavar="PLACE", help="A new file, or postgresql://... of a database.", completes="file"),
    ],
    move: Annotated[
        bool, Option("--move", help="Have the copy work in this desk's place, which is only read from then on.")
    ] = False,
) -> None:
    """Copy the whole desk to another place: from a file to a server, and back; for admins and cron.

    Log, cases, mail, settings and keys are one consistent moment, compared table by table by their hashes; the
    files of attachments come along. A copy that was cut short goes on where it ended, and one that nobody has
    worked in since is brought up to date: copy while the desk works, then move it. The desk itself stays as
    it is: let cron tick one of the two alone, or reminders go out twice.

    With --move it is retired once the copy is whole, with nothing lost in between: whatever writes is refused
    there and told where to go. The same from there moves it back.

    care copy --to postgresql://care@db.example/desk

    care copy --to postgresql://care@db.example/desk --move

    care --db postgresql://care@db.example/desk copy --to desk.db
    """
    from carecli.commands.progress import progress
    from carecli.config import located
    from carecli.desk import copying
    from carecli.domain.vocabulary import SYSTEM
    from carecli.render import copy as page
    from carecli.render import copy_document

    with invocation.desk(otherwise=SYSTEM) as desk:
        made = copying.copy(desk, located(to) or to, partial(progress, invocation), move=move)
    invocation.done(copy_document.copied(made), page.copied_lines(made))
