"""Bringing in the cases of another desk."""

from typing import Annotated

from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.commands.progress import progress
from carecli.render import documents
from carecli.render.imported import import_page


@command
def import_cases(
    invocation: Invocation,
    file: Annotated[str, Argument(metavar="FILE", help="What to read; - is standard input.", completes="file")],
    source: Annotated[
        str,
        Option("--from", metavar="SOURCE", help="The desk it comes from: servicenow.", completes=("servicenow",)),
    ],
    account: Annotated[
        str | None, Option(metavar="NAME", help="The account that the cases go to.", completes="account")
    ] = None,
    timezone: Annotated[str | None, Option(metavar="ZONE", help="The zone of the file's times.")] = None,
    sla: Annotated[
        str,
        Option(metavar="FROM", help="Count clocks from opened, now or none.", completes=("opened", "now", "none")),
    ] = "opened",
    dry_run: Annotated[bool, Option("--dry-run", "-n", help="Read all, keep nothing.")] = False,
) -> None:
    """Bring in the cases of another desk through the same rules; no mail goes out for the past.

    care import incidents.csv --from servicenow --account "ABC Testing Co" --timezone UTC --dry-run
    """
    from carecli.desk.importing import import_file, length

    with invocation.desk() as desk, progress(invocation, "Importing", length(file)) as reached:
        report = import_file(
            desk,
            file,
            source=source,
            account=account,
            timezone=timezone,
            sla=sla,
            dry_run=dry_run,
            progress=reached,
        )
    if invocation.json or not invocation.quiet:
        invocation.emit(documents.imported(report), lambda: import_page(report))
