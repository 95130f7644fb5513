"""Bringing in the log of another `care`."""

from typing import TYPE_CHECKING

from carecli.commands.invocation import Invocation
from carecli.commands.progress import progress
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.domain.adoption_report import AdoptionReport
    from carecli.domain.import_report import ImportReport


def run(
    invocation: Invocation,
    file: str,
    *,
    account: str | None,
    timezone: str | None,
    sla: str,
    dry_run: bool,
    copies: bool,
) -> None:
    """Bring in a log: whole where this database has none, else case by case (IMP-1)."""
    for flag, given in (("--account", account), ("--timezone", timezone)):
        if given:
            raise Invalid(f"{flag} is not for a log of ours", hint="it names its own; leave it out", rule="IMP-1")
    from carecli.desk.importing.own import bring_in
    from carecli.desk.importing.reading import length

    with progress(invocation, "Importing", length(file)) as reached:
        report = bring_in(
            invocation.config,
            file,
            now=invocation.now,
            sla=sla,
            dry_run=dry_run,
            copies=copies,
            progress=reached,
        )
    if invocation.json or not invocation.quiet:
        _answer(invocation, report)


def _answer(invocation: Invocation, report: "AdoptionReport | ImportReport") -> None:
    from carecli.domain.adoption_report import AdoptionReport
    from carecli.render import adopted, documents, imported

    if isinstance(report, AdoptionReport):
        database = invocation.config.db
        invocation.emit(adopted.adopted(report), lambda: adopted.adopted_page(report, database))
    else:
        invocation.emit(documents.imported(report), lambda: imported.import_page(report))
