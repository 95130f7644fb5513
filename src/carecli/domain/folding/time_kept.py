"""What is decided about a case's time afterwards: exemptions from its clocks, and other rules (SLA-8, SLA-9)."""

from carecli.domain import exemption, followup, sla
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.folding.opening import promise
from carecli.domain.rebasing import Rebasing, bases_from
from carecli.domain.rules import Rules


def exempted(case: Case, event: Event, _rules: Rules) -> Case:
    """A stretch that reports leave out; the clocks themselves stay as they are (SLA-9)."""
    return case._replace(exemptions=(*case.exemptions, exemption.granted(event)), exempted=case.exempted + 1)


def exemption_withdrawn(case: Case, event: Event, _rules: Rules) -> Case:
    """A stretch that counts after all."""
    left = tuple(one for one in case.exemptions if one.id != event.data["id"])
    return case._replace(exemptions=left)


def rebased(case: Case, event: Event, rules: Rules) -> Case:
    """Under other rules from here on: what is unmet is counted anew by them, what has ended stays (SLA-8).

    Deadlines that run keep their dates; a ladder that runs keeps the days that the customer was told.
    """
    data = event.data
    change = Rebasing(event.at, case.policy, case.calendar, bases_from(data.get("bases", [])))
    case = case._replace(
        policy=data["policy"],
        calendar=data["calendar"],
        rebasings=(*case.rebasings, change),
        followup=case.followup and followup.rebased(case.followup, data.get("ladder"), rules),
    )
    if case.closed or not case.timed:
        return case
    return case._replace(clocks=sla.rebased(case.clocks, case.standing, event.at, promise(case, rules)))
