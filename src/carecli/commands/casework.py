"""How the commands that work on a case answer."""

from typing import TYPE_CHECKING

from carecli.commands.invocation import Invocation
from carecli.domain.views import CaseView
from carecli.render import documents
from carecli.render.next_step import outcome

if TYPE_CHECKING:
    from carecli.desk.desk import Desk


def told(invocation: Invocation, desk: "Desk", view: CaseView, deed: str) -> None:
    """Answer with the case as it is now: the document, or a line with what happens next."""
    if invocation.json:
        invocation.done(documents.case(view), "")
    else:
        invocation.done(None, outcome(view, deed, desk.zone))
