"""What an import brought in, for people (IMP-1)."""

from carecli.domain.counting import counted
from carecli.domain.import_report import ImportReport
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet


def import_page(report: ImportReport) -> list[Section]:
    """What an import brought in, and each line that it left out with the reason (IMP-1)."""
    brought = "would bring in" if report.dry_run else "brought in"
    told = [
        f"{brought} {counted(report.cases, 'case')} with {counted(report.events, 'event')}",
        f"{counted(report.known, 'case')} known already",
        f"{counted(report.accounts, 'account')} and {counted(report.contacts, 'contact')} made",
        f"{report.staff:,} staff made",
        f"{counted(report.breaches, 'breach', 'breaches')} in the past",
    ]
    if report.shifted:
        lines = ", ".join(map(str, report.shifted))
        told.append(f"{counted(len(report.shifted), 'row')} taken at the time of an earlier one, lines {lines}")
    page: list[Section] = [Prose("Import", "\n".join(told))]
    if report.refused:
        columns = (Column("line", "Line", right=True), Column("reason", "Left out because", least=30))
        rows = tuple((Cell(line), Cell(reason)) for line, reason in report.refused)
        page.append(Sheet(f"Left out: {len(report.refused)}", columns, rows))
    return page
