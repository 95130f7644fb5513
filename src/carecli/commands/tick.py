"""Letting time act: everything that is due by now."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import ExitStatus, Failed
from carecli.render import tick_document

if TYPE_CHECKING:
    from carecli.domain.tick_report import TickReport
    from carecli.render.sheet import Section


@command
def tick(
    invocation: Invocation,
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Show what would happen; change nothing.")] = False,
    replay: Annotated[bool, Option("--replay", help="Fire late stages at their own times.")] = False,
    limit: Annotated[int | None, Option(metavar="COUNT", min=1, help="Fire at most so many timers.")] = None,
    exit_code: Annotated[bool, Option("--exit-code", help="Exit with 10 where a breach stands.")] = False,
) -> int:
    """Advance every clock and follow-up to now, and deliver the mail; for cron.

    care tick

    care tick --dry-run --now "tomorrow 9am"
    """
    from carecli.desk.tick import tick as advance

    with invocation.desk(otherwise=SYSTEM) as desk:
        report = advance(desk, dry_run=dry_run, replay=replay, limit=limit)
    if invocation.json or not invocation.quiet:
        invocation.emit(tick_document.tick(report), lambda: _page(report, desk.zone))
    if report.mail.failed:
        raise Failed(
            f"{report.mail.failed} of {report.mail.queued} mails could not be delivered; they are kept",
            hint="check `maildir` in the [mail] part of the config file; the next tick tries again",
            rule="MAIL-6",
        )
    return ExitStatus.BREACHED if exit_code and report.breaches else ExitStatus.DONE


def _page(report: "TickReport", zone: str) -> list["Section"]:
    # Imported here: cron's --quiet and --json do without tables.
    from carecli.render.tick import tick_page

    return tick_page(report, zone)
