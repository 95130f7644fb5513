"""What fetching brought, as the JSON that scripts read."""

from carecli.domain.fetching import Fetched
from carecli.render import inbox_document
from carecli.render.inbox_document import Document


def fetched(report: Fetched) -> Document:
    """What was taken in, and what was left where it lies (MAIL-6)."""
    return {
        "place": report.place,
        "fetched": len(report.mail),
        "outcomes": report.outcomes,
        "mail": [inbox_document.row(message) for message in report.mail],
        "left": [left._asdict() for left in report.left],
    }
