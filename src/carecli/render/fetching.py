"""What fetching brought, as tables (MAIL-6)."""

from carecli.domain.fetching import Fetched
from carecli.render.inbox import inbox_sheet
from carecli.render.sheet import Cell, Column, Section, Sheet, Tone

LEFT_COLUMNS = (Column("uid", "Message", least=12), Column("why", "Why", least=16))


def fetched_page(report: Fetched, zone: str) -> list[Section]:
    """A table of what was taken in and one of what was left, as far as there is any."""
    page: list[Section] = []
    if report.mail:
        page.append(inbox_sheet(report.mail, zone, title=_title(report)))
    if report.left:
        rows = tuple((Cell(left.uid), Cell(left.why, tone=Tone.WARNING)) for left in report.left)
        page.append(Sheet(f"Left in the mailbox: {len(report.left)}", LEFT_COLUMNS, rows, zone))
    return page


def _title(report: Fetched) -> str:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.outcomes.items())
    return f"Fetched: {counts or 'not looked at yet'}"
