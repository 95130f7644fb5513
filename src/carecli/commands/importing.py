"""Bringing in the cases of another desk."""

import sys
from typing import Annotated

from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.commands.progress import progress
from carecli.errors import Invalid
from carecli.render import documents
from carecli.render.imported import import_page

SOURCES = ("care", "servicenow", "zendesk", "zendesk-csv")


@command
def import_cases(
    invocation: Invocation,
    file: Annotated[
        str | None, Argument(metavar="FILE", help="What to read; - is standard input.", completes="file")
    ] = None,
    source: Annotated[
        str | None,
        Option(
            "--from",
            metavar="SOURCE",
            help="care, servicenow, zendesk, or a mapping file of your own.",
            completes=SOURCES,
        ),
    ] = None,
    account: Annotated[
        str | None,
        Option(metavar="NAME", help="The account of cases that name none; made if missing.", completes="account"),
    ] = None,
    timezone: Annotated[str | None, Option(metavar="ZONE", help="The zone of the file's times.")] = None,
    sla: Annotated[
        str,
        Option(metavar="FROM", help="Count clocks from opened, now or none.", completes=("opened", "now", "none")),
    ] = "opened",
    dry_run: Annotated[
        bool, Option("--dry-run", "-n", help="Read all, say what would come of it, keep nothing.")
    ] = False,
    copies: Annotated[
        bool, Option("--copies", help="Bring in a log of this very desk, its cases once more as new ones.")
    ] = False,
    show_mapping: Annotated[
        str | None,
        Option("--show-mapping", metavar="NAME", help="Check a mapping and print it.", completes=SOURCES[1:]),
    ] = None,
) -> None:
    """Bring in the cases of another desk through the same rules; no mail goes out for the past.

    A mapping says how its file becomes cases: copy one that is shipped and change it. An import that was cut short
    goes on where it is run again.

    care import incidents.csv --from servicenow --account "ABC Testing Co" --timezone UTC --dry-run

    care import tickets.json --from zendesk

    care import --show-mapping zendesk > mine.toml
    """
    if show_mapping is not None:
        _show(invocation, show_mapping)
        return
    file, source = _given(file, source)
    if source == "care":
        # Its log may go into a database that does not exist yet.
        from carecli.commands import importing_own

        importing_own.run(
            invocation, file, account=account, timezone=timezone, sla=sla, dry_run=dry_run, copies=copies
        )
        return
    if copies:
        raise Invalid("--copies is for a log of ours", hint="leave it out; no ticket is doubled", rule="IMP-1")
    from carecli.desk.importing import import_file, length

    with invocation.desk() as desk, progress(invocation, "Importing", length(file)) as reached:
        zone = desk.zone
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
        invocation.emit(documents.imported(report), lambda: import_page(report, zone))


def _given(file: str | None, source: str | None) -> tuple[str, str]:
    """What an import cannot do without; raises Invalid that names it."""
    lacking = [name for name, value in (("FILE", file), ("--from", source)) if not value]
    if lacking:
        raise Invalid(
            f"missing: {', '.join(lacking)}",
            hint=f"care import FILE --from {'|'.join(SOURCES)}|MAPPING.toml",
            rule="IMP-1",
        )
    return str(file), str(source)


def _show(invocation: Invocation, name: str) -> None:
    """Print a mapping that is right as it is written; raises Invalid that lists what is wrong with it."""
    from carecli.desk.importing import mappings
    from carecli.render import legible

    text = mappings.text(name)
    document = mappings.checked(name, text)
    if invocation.json:
        invocation.emit(documents.mapping_shown(name, document["title"], text), list)
    else:
        # The escapes of JSON are those of TOML's strings too.
        sys.stdout.write(legible.escaped(text))
