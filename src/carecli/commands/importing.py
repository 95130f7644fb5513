"""Bringing in the cases of another desk."""

import sys
from collections.abc import Callable
from typing import Annotated

from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.render import documents
from carecli.render.imported import import_page


@command
def import_cases(
    invocation: Invocation,
    file: Annotated[str, Argument(metavar="FILE", help="What to read; - is standard input.")],
    source: Annotated[str, Option("--from", metavar="SOURCE", help="The desk it comes from: servicenow.")],
    account: Annotated[str | None, Option(metavar="NAME", help="The account that the cases go to.")] = None,
    timezone: Annotated[str | None, Option(metavar="ZONE", help="The zone of the file's times.")] = None,
    sla: Annotated[str, Option(metavar="FROM", help="Count clocks from opened, now or none.")] = "opened",
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Read all, keep nothing.")] = False,
) -> None:
    """Bring in the cases of another desk through the same rules; no mail goes out for the past.

    care import incidents.csv --from servicenow --account "ABC Testing Co" --timezone UTC --dry-run
    """
    from carecli.desk.importing import import_file

    with invocation.desk() as desk:
        report = import_file(
            desk,
            file,
            source=source,
            account=account,
            timezone=timezone,
            sla=sla,
            dry_run=dry_run,
            progress=_progress(invocation),
        )
    if invocation.json or not invocation.quiet:
        invocation.emit(documents.imported(report), lambda: import_page(report))


def _progress(invocation: Invocation) -> Callable[[int], None]:
    """Count along on standard error, for a person only."""
    silent = invocation.json or invocation.quiet or not sys.stderr.isatty()

    def told(count: int) -> None:
        if not silent:
            sys.stderr.write(f"\r{count:,} cases ")
            sys.stderr.flush()

    return told
