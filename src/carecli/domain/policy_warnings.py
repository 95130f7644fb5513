"""What is allowed in a policy and yet looks like a slip, each with its place and what may be meant (SLA-8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from carecli.domain import policy_tables
from carecli.domain.amount import Amount
from carecli.domain.policy import NO_TARGET
from carecli.domain.vocabulary import CaseType, Metric, Plan, Priority, Status

_HOUR: Final = 3_600
_TYPICAL: Final = {
    "s": 1.0,
    "m": 60.0,
    "h": _HOUR,
    "d": 24 * _HOUR,
    "bs": 4.2,
    "bm": 4.2 * 60,
    "bh": 4.2 * _HOUR,
    "bd": 7 / 5 * 24 * _HOUR,
}
"""Seconds on the wall of one unit, as on a desk of 40 hours in 5 days; only longer and shorter are told by it."""
_TYPICALLY: Final = "(on a desk of 40 hours a week)"
_CLOCKED: Final = (CaseType.SUPPORT, CaseType.INCIDENT)
_AT_WORK: Final = (Status.OPEN, Status.OPEN_CUSTOMER_CARE, Status.OPEN_PRODUCT_MANAGEMENT)


def warnings(document: Mapping[str, Any]) -> Iterator[str]:
    """Everything suspicious in a complete document that `policy_check.problems` found nothing wrong with."""
    yield from _targets(document["targets"])
    yield from _amounts(document)
    yield from _clocks(document["sla"])
    yield from _follow_up(document["followup"])
    yield from _rest(document)
    yield from _tables(document)


def group_warnings(known: Sequence[str], staff: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """Members of staff whose product group the policy does not know, by e-mail address and group (DC-5)."""
    for email, group in staff:
        if group is not None and group not in known:
            names = ", ".join(known)
            yield f"product_groups.names lacks {group!r}, to which {email} belongs; known here: {names}"


def _targets(targets: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[str]:
    for plan, priorities in targets.items():
        for priority, metrics in priorities.items():
            yield from _order(f"targets.{plan}.{priority}", metrics)
        for graver, lesser in pairwise(Priority):
            yield from _ranks(plan, (graver, priorities[graver]), (lesser, priorities[lesser]))
    for priority in Priority:
        care, business = (targets[plan][priority] for plan in (Plan.CARE, Plan.BUSINESS_CARE))
        for metric in Metric:
            if _longer(business[metric], care[metric]):
                place = f"targets.{Plan.BUSINESS_CARE}.{priority}.{metric}"
                yield f"{place} {_told(business[metric])}, where the plan {Plan.CARE} promises {care[metric]}"


def _order(place: str, metrics: Mapping[str, str]) -> Iterator[str]:
    """Response, restoration and resolution follow one another: none comes before the one before it."""
    for first, later in pairwise(Metric):
        if _promised(metrics[first]) and _promised(metrics[later]) and _longer(metrics[first], metrics[later]):
            yield f"{place}: {first} {metrics[first]} is longer than {later} {metrics[later]} {_TYPICALLY}"
    if not _promised(metrics["response"]) and any(_promised(amount) for amount in metrics.values()):
        yield f"{place} promises more than a response, and no response"


def _ranks(
    plan: str, graver: tuple[str, Mapping[str, str]], lesser: tuple[str, Mapping[str, str]]
) -> Iterator[str]:
    for metric in Metric:
        one, other = graver[1][metric], lesser[1][metric]
        if _longer(one, other):
            place = f"targets.{plan}.{lesser[0]}.{metric}"
            yield f"{place} promises {other}, where the graver {graver[0]} {_told(one)} {_TYPICALLY}"


def _told(amount: str) -> str:
    return f"promises {amount}" if _promised(amount) else "promises nothing"


def _promised(amount: str) -> bool:
    return amount != NO_TARGET


def _longer(one: str, other: str) -> bool:
    """Whether one promise comes later than another; nothing promised is later than anything."""
    if not _promised(other):
        return False
    return not _promised(one) or _typical_s(one) > _typical_s(other)


def _typical_s(text: str) -> float:
    amount = Amount.parse(text)
    return amount.count * _TYPICAL[amount.unit.value]


def _amounts(document: Mapping[str, Any]) -> Iterator[str]:
    places = {"followup.grace": document["followup"]["grace"]}
    for plan, priorities in document["targets"].items():
        for priority, metrics in priorities.items():
            places |= {f"targets.{plan}.{priority}.{metric}": amount for metric, amount in metrics.items()}
    for place, text in places.items():
        meant = _meant(Amount.parse(text)) if _promised(text) else None
        if meant:
            yield f"{place} {text}: {meant}"


def _meant(amount: Amount) -> str | None:
    """What an amount may have been meant to be, None where it looks deliberate."""
    count, unit = amount.count, amount.unit.value
    small, prefix = unit[-1], unit[:-1]
    if small in {"s", "m"} and count % 60 in {0, 59}:
        larger = f"{-(-count // 60)}{prefix}{'m' if small == 's' else 'h'}"
        return f"write {larger}" if count % 60 == 0 else f"one short of {larger}, is that meant?"
    if unit == "h" and count % 24 in {0, 23}:
        days = -(-count // 24)
        seen = "hours run day and night" if count % 24 == 0 else "one short of a day"
        return f"{seen}; {days}d ends at the same time of day, {days}bd counts business days"
    if unit == "bh" and count % 24 == 0:
        return (
            f"{count} hours of open time, on most desks {count // 8} days: is {count}h or {count // 24}bd meant?"
        )
    return None


def _clocks(sla: Mapping[str, Any]) -> Iterator[str]:
    if not sla["types"]:
        yield "sla.types is empty: no case has any clock"
    for name in sla["types"]:
        if name not in _CLOCKED:
            yield f"sla.types holds {name!r}: targets are promised for support cases and incidents alone"
    for name in sla["pause"]:
        if name in _AT_WORK:
            yield f"sla.pause holds {name!r}: restoration and resolution stand still while Customer Care works"
    percent = sla["warn_at_percent"]
    if not 25 <= percent <= 95:
        when = "as soon as work begins" if percent < 25 else "when hardly any time is left"
        yield f"sla.warn_at_percent {percent} warns {when}; the default is 75"
    for name in ("types", "pause"):
        yield from _twice(f"sla.{name}", sla[name])


def _follow_up(followup: Mapping[str, Any]) -> Iterator[str]:
    stages, unit = followup["stages"], followup["days"]
    last = stages[-1]
    if last == 1:
        yield f"followup.stages {stages} closes a case after 1 {unit} day"
    if len(stages) == 1:
        yield f"followup.stages {stages} closes a case without a reminder before"
    gap = min(later - earlier for earlier, later in pairwise((0, *stages)))
    day = _TYPICAL["bd" if unit == "business" else "d"]
    if _typical_s(followup["grace"]) >= gap * day:
        yield (
            f"followup.grace {followup['grace']} is no shorter than the gap of {gap} between stages: "
            "a tick that late sends two stages at once"
        )


def _rest(document: Mapping[str, Any]) -> Iterator[str]:
    if document["reopen"]["within_days"] == 0:
        yield "reopen.within_days 0: no closed case is ever reopened"
    for priority, definition in document["severity"].items():
        if not definition.strip():
            yield f"severity.{priority} is empty: whoever chooses a priority reads nothing"
    if not document["phone"]["number"].strip():
        yield "phone.number is empty: contacts are told to call it for a Critical case"
    groups = document["product_groups"]["names"]
    if not groups:
        yield "product_groups.names is empty"
    yield from _twice("product_groups.names", groups)


def _tables(document: Mapping[str, Any]) -> Iterator[str]:
    """Names in one table that another lacks; older policies have none of these tables (WHERE-1, ACC-1)."""
    known = document.get("regions", {})
    for product in policy_tables.products(document):
        for region in product.phones:
            if region not in known:
                names = ", ".join(known) or "nothing"
                yield f"products.{product.key}.phones names {region!r}; [regions] has {names}"
    described = policy_tables.descriptions(document)
    for plan, table in document["plans"].items():
        for feature in table["features"]:
            if described and feature not in described:
                yield f"plans.{plan}.features holds {feature!r}, which [features] does not describe"


def _twice(place: str, names: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield f"{place} holds {name!r} {names.count(name)} times"
