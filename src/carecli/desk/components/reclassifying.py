"""Setting the component of a case by hand, or confirming the one that its words chose (OPEN-6)."""

from carecli.desk import parties
from carecli.desk.cases import appended
from carecli.desk.desk import Desk
from carecli.desk.names import near, product_name
from carecli.desk.record import Record
from carecli.domain import lifecycle
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.selection import BY_WORDS
from carecli.domain.views import CaseView
from carecli.errors import NotFound, Refused


def set_component(desk: Desk, number: int, name: str, text: str | None = None) -> CaseView:
    """Set a case's component, by staff; raises NotFound for one that the account's service does not have.

    What words chose is confirmed by naming it again. The desk learns from either.
    """

    def decide(record: Record, case: Case) -> Event:
        act = parties.staff_act(record)
        component = _spelled(record, case, product_name(name))
        if component == case.component and _by_a_person(record, case):
            raise Refused(
                f"the component of case {written(case.number)} is {component} already",
                hint="nothing was changed",
                rule="OPEN-6",
            )
        return lifecycle.set_component(case, component, text, act, desk.now)

    return appended(desk, number, decide)


def _by_a_person(record: Record, case: Case) -> bool:
    chosen = case.intake.get("selection") or {}
    changed = any(entry.event.kind is Kind.COMPONENT_CHANGED for entry in record.writing.history(case.number))
    return changed or chosen.get("by") != BY_WORDS


def _spelled(record: Record, case: Case, name: str) -> str:
    """The component as the account spells it; where it lists none for the service, any name will do (ACC-2)."""
    account = record.writing.account(case.account)
    offered = account.components_of(case.service, case.deployment) if account else ()
    for component in offered:
        if component.casefold() == name.casefold():
            return component
    if offered:
        like = near(name, offered)
        hint = f"did you mean {' or '.join(like)}?" if like else f"it has: {', '.join(offered)}"
        raise NotFound(f"{case.service} has no component {name[:80]!r}", hint=hint, rule="ACC-2")
    # As it stands on the case already, whatever the letter case: no second component for a slip of the shift key.
    return case.component if case.component and case.component.casefold() == name.casefold() else name
