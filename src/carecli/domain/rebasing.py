"""A rebasing: the change of a case's policy or calendar while it runs, and what it kept of before (SLA-8).

A clock that is unmet is counted anew, as if the new rules had held since it began; its pauses stay as they were.
It is never due before the rebasing, unless it stood breached already. What is met or has ended keeps the rules and
the result that it had, until it runs again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from carecli.domain.clock import Clock
from carecli.domain.instants import instant, iso
from carecli.domain.vocabulary import Metric, Priority

Hashes = tuple[str, str]
"""A policy and a calendar by their content hashes."""


class Basis(NamedTuple):
    """By the target of which priority, and from when, a clock of a raised case is counted under the new rules."""

    metric: Metric
    cycle: int
    priority: Priority
    origin: datetime


Bases = tuple[Basis, ...]


class Rebasing(NamedTuple):
    """A change of the rules at `at`; `policy` and `calendar` are those of before, by content hash.

    `bases` are of clocks whose priority was changed; any other is counted from where it was, by its priority.
    """

    at: datetime
    policy: str
    calendar: str
    bases: Bases = ()

    def basis(self, clock: Clock) -> Basis:
        """By what a clock is counted from here on."""
        named = clock.metric, clock.cycle
        usual = Basis(*named, clock.priority, clock.origin)
        return next((one for one in self.bases if (one.metric, one.cycle) == named), usual)


Rebasings = tuple[Rebasing, ...]


def timed_by(clock: Mapping[str, Any], state: Mapping[str, Any]) -> Hashes:
    """The rules that a clock of a case state is timed by: what stands still keeps those that it stopped under."""
    stopped = clock["met_at"] or clock["cancelled_at"]
    if stopped:
        for change in state.get("rebasings", ()):
            if stopped <= change["at"]:
                return change["policy"], change["calendar"]
    return state["policy"], state["calendar"]


def bases_document(bases: Bases) -> list[dict[str, Any]]:
    """Bases as JSON."""
    return [
        {
            "metric": one.metric.value,
            "cycle": one.cycle,
            "priority": one.priority.value,
            "origin": iso(one.origin),
        }
        for one in bases
    ]


def bases_from(docs: list[dict[str, Any]]) -> Bases:
    """Read what `bases_document` wrote."""
    return tuple(_basis(doc) for doc in docs)


def _basis(doc: Mapping[str, Any]) -> Basis:
    return Basis(Metric(doc["metric"]), doc["cycle"], Priority(doc["priority"]), instant(doc["origin"]))


def document(rebasing: Rebasing) -> dict[str, Any]:
    """The rebasing as JSON, whole."""
    return rebasing._asdict() | {"at": iso(rebasing.at), "bases": bases_document(rebasing.bases)}


def from_document(doc: Mapping[str, Any]) -> Rebasing:
    """Read what `document` wrote."""
    return Rebasing(instant(doc["at"]), doc["policy"], doc["calendar"], bases_from(doc["bases"]))
