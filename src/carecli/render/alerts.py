"""What became of a webhook of monitoring, for scripts and for people (OPEN-12)."""

from typing import Any

from carecli.domain.views import CaseView
from carecli.render import documents
from carecli.render.next_step import outcome

_DEEDS = {
    "opened": "opened by monitoring",
    "updated": "told what fires now",
    "unchanged": "nothing new: it knows what fires",
}


def document(view: CaseView | None, what: str, group: str) -> dict[str, Any]:
    """The case of the group, None where it has none, and what became of the webhook."""
    told = {"outcome": str(what), "group": group}
    return {"number": None, "alert": told} if view is None else documents.case(view) | {"alert": told}


def told(view: CaseView | None, what: str, zone: str) -> str:
    """The same in a line."""
    if view is None:
        return "nothing fires, and no case tells of this group: nothing was done"
    return outcome(view, _DEEDS[str(what)], zone)
