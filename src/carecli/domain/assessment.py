"""What a desk makes of a new case at first sight: is it complete, how grave, how hard it looks (ROUTE-1)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from carecli.domain import details, lifecycle
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.opening import Form, subtype
from carecli.domain.policy import Policy
from carecli.domain.selection import Selection
from carecli.domain.vocabulary import SYSTEM, CaseType, Priority, Side, Stage, Via

MANY_USERS: Final = 100
"""From how many users on a case is graver than its priority alone says."""
LONG_WORDS: Final = 200
"""From how many words on a description counts as long."""
CLEAR_SHARE: Final = 0.5
"""What must speak for a component before it counts as clear which one it is."""
COUNT_DIGITS: Final = 9
"""More than any account has users: a longer number is none that anybody counted."""
GRAVEST_FIRST: Final = tuple(sorted(Priority, key=lambda priority: priority.severity))


class Complexity(StrEnum):
    """How hard a case looks."""

    SIMPLE = "simple"
    MODERATE = "moderate"
    COMPLEX = "complex"


class Assessment(NamedTuple):
    """A new case at first sight; `facts` are the reasons, in words that staff read.

    `missing` names the answers that a complete case of its kind has and this one lacks.
    """

    missing: tuple[str, ...]
    criticality: Priority
    complexity: Complexity
    facts: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "missing": list(self.missing),
            "criticality": self.criticality.value,
            "complexity": self.complexity.value,
            "facts": list(self.facts),
        }


def assessed(form: Form, policy: Policy, selection: Selection | None, *, follows: bool = False) -> Assessment:
    """Assess a form that is complete enough to be opened; `follows` says that it goes on from another case."""
    hard = tuple(_hard(form, selection, follows=follows))
    grave, why = _criticality(form)
    complexity = Complexity.SIMPLE if not hard else Complexity.MODERATE if len(hard) < 3 else Complexity.COMPLEX
    return Assessment(lacking(form, policy), grave, complexity, (*why, *hard))


def lacking(form: Form, policy: Policy) -> tuple[str, ...]:
    """The answers that the policy wants of a problem, or a sub-type of its cases, and this one lacks (ROUTE-1)."""
    if form.type is not CaseType.SUPPORT or subtype(form) != "problem":
        return tuple(details.missing(subtype(form), form.fields))
    return tuple(name for name in policy.routing.complete if not str(form.fields.get(name) or "").strip())


def _criticality(form: Form) -> tuple[Priority, tuple[str, ...]]:
    """The priority, a step graver where many users are affected, a step less grave on a test system."""
    place = GRAVEST_FIRST.index(form.priority or Priority.LOW)
    many, test = users(form) >= MANY_USERS, form.stage == Stage.UAT
    shifted = place - many + test
    facts = [f"{users(form):,} users"] * many + ["a test system"] * test
    return GRAVEST_FIRST[max(0, min(shifted, len(GRAVEST_FIRST) - 1))], tuple(facts)


def users(form: Form) -> int:
    """How many users are affected, as far as the answer begins with a number or holds just one; else 0."""
    said = str(form.fields.get("users_affected") or "").replace(",", "").split()
    counts = [word for word in said if word.isascii() and word.isdigit() and len(word) <= COUNT_DIGITS]
    return int(counts[0]) if counts and (len(counts) == 1 or said[0] == counts[0]) else 0


def _hard(form: Form, selection: Selection | None, *, follows: bool) -> Iterator[str]:
    """What makes a case look hard, each in a few words."""
    if selection is not None and _unclear(selection):
        yield "several components may be it"
    if form.checklist.get("reproduced") is False:
        yield "not made to happen again"
    if len((form.description or "").split()) >= LONG_WORDS:
        yield "a long description"
    if follows:
        yield "goes on from another case"
    if form.fields.get("troubleshooting"):
        yield "what was tried did not help"


def _unclear(selection: Selection) -> bool:
    return len(selection.candidates) > 1 and selection.candidates[0].share < CLEAR_SHARE


NAMES: Final[Mapping[str, str]] = {
    "users_affected": "how many users are affected",
    "frequency": "how often it happens",
    "observed_at": "when it was first seen",
    "steps": "the steps that make it happen",
    "troubleshooting": "what was tried so far",
    "local_contact": "whom to call on site",
    "hours_location": "the hours and the place of those affected",
}
"""The answers as a customer is asked for them."""


def request(missing: tuple[str, ...], kind: str | None = None) -> str:
    """What the desk itself asks the customer of an incomplete case, of a sub-type perhaps (ROUTE-1)."""
    words = (NAMES.get(name) or details.wording(kind, name) or name.replace("_", " ") for name in missing)
    wanted = "\n".join(f"- {word}" for word in words)
    return (
        f"To work on this case without delay we need to know:\n{wanted}\nPlease answer with an update of the case."
    )


def question(case: Case, missing: tuple[str, ...], at: datetime) -> Event:
    """The desk's own question of what is missing: the ladder starts, and no response is met by it (SLA-3)."""
    asked = lifecycle.ask(case, request(missing, case.subtype), Act(SYSTEM, Side.STAFF, Via.DESK), at)
    return asked._replace(data={key: value for key, value in asked.data.items() if key != "answers"})
