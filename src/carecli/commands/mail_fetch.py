"""Fetching mail from where a mail server keeps it; for cron."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import Failed, Invalid
from carecli.render import fetching_document

if TYPE_CHECKING:
    from carecli.domain.fetching import Fetched


@command
def fetch(
    invocation: Invocation,
    maildir: Annotated[
        str | None,
        Option("--maildir", metavar="DIR", help="From this maildir, not from the IMAP server.", completes="file"),
    ] = None,
    limit: Annotated[int | None, Option(metavar="COUNT", min=1, help="At most so many messages.")] = None,
    keep: Annotated[bool, Option("--keep", help="Leave messages in the mailbox exactly as they are.")] = False,
    delete: Annotated[bool, Option("--delete", help="Delete what was taken in from the mailbox.")] = False,
) -> None:
    """Take in new mail from an IMAP server or a maildir; for cron, quiet where there is none.

    Messages stay in their mailbox unless --delete or `after` in [mail.imap] of the config file says otherwise; in
    a maildir they are flagged as seen. Each is taken in once.

    care mail fetch

    care mail fetch --maildir ~/Maildir --limit 100
    """
    from carecli.desk.mail import fetching

    if keep and delete:
        raise Invalid("--keep and --delete exclude each other", hint="give one of them")
    told = fetching.After.KEEP if keep else fetching.After.DELETE if delete else None
    with invocation.desk(otherwise=SYSTEM) as desk:
        report = fetching.fetch(desk, path=maildir, after=told, limit=limit)
    _show(invocation, report, desk.zone)
    if report.ended_by:
        raise report.ended_by
    if report.left:
        raise Failed(
            f"{len(report.left)} of the messages in {report.place} could not be taken; they are left there",
            hint="see why above; the next run tries again",
            rule="MAIL-6",
        )


def _show(invocation: Invocation, report: "Fetched", zone: str) -> None:
    if invocation.json:
        invocation.emit(fetching_document.fetched(report), list)
    elif report.mail or report.left:
        if not invocation.quiet:
            from carecli.render import fetching

            invocation.page(fetching.fetched_page(report, zone))
    elif invocation.watched and not report.ended_by:
        invocation.notice(f"no new mail in {report.place}")
