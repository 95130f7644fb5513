"""What becomes of a feature request (FR-1)."""

from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.folding import acts
from carecli.domain.folding.opening import with_clocks
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Priority


def converted(case: Case, event: Event, rules: Rules) -> Case:
    """A feature request that is a support case from now on: its clocks start here (SLA-2)."""
    data = event.data
    available = {key: data[key] for key in ("available_contact",) if key in data}
    support = acts.acted(case, event, rules)._replace(
        type=CaseType(data["type"]),
        subtype=data["subtype"],
        stage=data["stage"],
        impact=data["impact"],
        priority=Priority(data["priority"]),
        fields={**case.fields, **available},
        release=None,
    )
    return with_clocks(support, event.at, rules)
