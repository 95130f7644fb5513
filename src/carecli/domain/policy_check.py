"""What is wrong with a policy document, all of it at once, each with its place and a remedy."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from carecli.domain.amount import Amount
from carecli.domain.calendar import DAYS
from carecli.domain.opening import ANSWERS
from carecli.domain.policy import NO_TARGET
from carecli.domain.policy_tables_check import ROWS, TEXTS, meaning_problems, row_problems
from carecli.domain.vocabulary import CaseType, Status
from carecli.errors import Invalid

CHOICES: Mapping[str, tuple[str, ...]] = {
    "followup.days": ("business", "calendar"),
    "followup.catch_up": ("pace", "replay"),
    "sla.raise_base": ("from-raise", "from-open"),
    "sla.pause": tuple(status for status in Status if status is not Status.CLOSED),
    "sla.types": tuple(CaseType),
    "mail.quarantine": ("fail", "none"),
    "routing.assign": ("nobody", "least-loaded"),
    "routing.complete": ANSWERS,
    "advisories.weekly_on": DAYS,
}
BOUNDS: Mapping[str, tuple[int, int]] = {
    "sla.warn_at_percent": (1, 99),
    "sla.restoration_goal_percent": (1, 100),
    "reopen.within_days": (0, 3650),
    "phone.pin_tries": (1, 100),
    "opening.subject_max": (1, 1000),
    "opening.description_min_words": (0, 1000),
    "opening.offers": (0, 20),
    "attachments.size_max_mib": (1, 1_000_000),
    "attachments.count_max": (1, 10_000),
    "attachments.scan_max_mib": (1, 1_000_000),
    "list.page_size": (1, 1000),
    "mail.answers_per_day": (0, 100),
    "chat.wait_s": (1, 3600),
    "chat.idle_minutes": (1, 1440),
}


AMOUNTS = frozenset(
    {"followup.grace", "sr.acknowledge", "sr.decision", "incidents.post_mortem", "incidents.report"}
)

LONGEST_S = 366 * 86_400
"""The longest of the times below, in seconds: a year."""
AROUND_THE_CLOCK: Mapping[str, str] = {
    "mail.give_up_after": "mail is tried around the clock: write 5d or 48h",
    "phone.pin_locked": "a PIN is locked around the clock: write 15m or 2h",
}
"""Times that keep no office hours, and what to write instead of business hours."""


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A document in which `changes` replace what they name, table by table; tables of free rows whole."""
    result = dict(base)
    for key, value in changes.items():
        both_tables = isinstance(value, Mapping) and isinstance(base.get(key), Mapping) and key not in ROWS
        result[key] = merged(base[key], value) if both_tables else value
    return result


def problems(document: Mapping[str, Any], model: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Everything in `document` that `model` (a complete, right one) does not allow, a sentence each."""
    for key, value in document.items():
        where = f"{place}{key}"
        if where in ROWS and isinstance(value, Mapping):
            yield from _rows(value, model[key], where)
        elif place.removesuffix(".") in TEXTS:
            yield from _value_problems(value, "", where)
        elif key not in model:
            yield f"unknown setting {where!r}{_meant(key, model)}"
        elif isinstance(model[key], Mapping):
            yield from _table_problems(value, model[key], where)
        else:
            yield from _value_problems(value, model[key], where)


def _rows(rows: Mapping[str, Any], model: Mapping[str, Any], where: str) -> Iterator[str]:
    """Every row has the shape of the rows that are shipped (WHERE-1)."""
    shape = next(iter(model.values()))
    for name, row in rows.items():
        yield from row_problems(name, row, shape, f"{where}.{name}")
        yield from _table_problems(row, shape, f"{where}.{name}")


def _table_problems(value: Any, model: Mapping[str, Any], where: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from problems(value, model, f"{where}.")
    else:
        yield f"{where} must be a table"


def _meant(key: str, model: Mapping[str, Any]) -> str:
    near = get_close_matches(key, model, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(sorted(model))}"


def _value_problems(value: Any, model: Any, where: str) -> Iterator[str]:
    if type(value) is not type(model):
        yield f"{where} must be {_kind(model)}, not {_kind(value)}"
    elif isinstance(value, list) and any(type(v) is not _item_type(model) for v in value):
        yield f"{where} must hold {NAMES[_item_type(model)]} only"
    else:
        yield from _meaning_problems(value, where)


def _meaning_problems(value: Any, where: str) -> Iterator[str]:
    if where in CHOICES:
        wrong = [v for v in (value if isinstance(value, list) else [value]) if v not in CHOICES[where]]
        yield from (f"{where} cannot be {v!r}; choose from {', '.join(CHOICES[where])}" for v in wrong)
    elif where in BOUNDS and not BOUNDS[where][0] <= value <= BOUNDS[where][1]:
        yield f"{where} must lie between {BOUNDS[where][0]} and {BOUNDS[where][1]}"
    elif where.startswith("opening.checklist."):
        yield from _checklist_problems(value, where)
    elif where == "followup.stages":
        yield from _stage_problems(value)
    elif where == "advisories.digest_time":
        yield from _hour_problems(value, where)
    elif where in AROUND_THE_CLOCK:
        yield from _patience_problems(value, where)
    elif where in AMOUNTS or (where.startswith("targets.") and value != NO_TARGET):
        yield from _amount_problems(value, where)
    else:
        yield from meaning_problems(where, value)


def _checklist_problems(lines: list[str], where: str) -> Iterator[str]:
    """Each line is a short name, a colon, and the question (OPEN-5)."""
    keys = [line.partition(":")[0].strip() for line in lines]
    for line, key in zip(lines, keys, strict=True):
        if not (key.isidentifier() and line.partition(":")[2].strip()):
            yield f"{where} holds {line!r}; a short name, a colon and the question are needed: 'help: Read it?'"
    yield from (f"{where} has {key!r} twice" for key in sorted({key for key in keys if keys.count(key) > 1}))


def _stage_problems(stages: list[int]) -> Iterator[str]:
    if len(stages) < 1 or sorted(set(stages)) != stages or stages[0] < 1 or stages[-1] > 3650:
        yield "followup.stages must be rising day numbers from 1, such as [2, 5, 10]; the last one closes"


def _amount_problems(value: str, where: str) -> Iterator[str]:
    try:
        if Amount.parse(value).count == 0:
            yield f"{where} must be more than nothing; where nothing is promised write {NO_TARGET!r}"
    except Invalid as error:
        yield f"{where}: {error.message} ({error.hint})"


def _hour_problems(value: str, where: str) -> Iterator[str]:
    hours, colon, minutes = value.partition(":")
    digits = f"{hours}{minutes}".isascii() and len(hours) == len(minutes) == 2 and f"{hours}{minutes}".isdigit()
    if not (colon and digits and int(hours) < 24 and int(minutes) < 60):
        yield f"{where} is {value!r}; write a time of day, such as '08:00'"


def _patience_problems(value: str, where: str) -> Iterator[str]:
    """What keeps no office hours is days, hours or minutes around the clock (MAIL-6, DC-4)."""
    wrong = list(_amount_problems(value, where))
    if not wrong and Amount.parse(value).business:
        wrong = [f"{where} is {value!r}; {AROUND_THE_CLOCK[where]}"]
    if not wrong and Amount.parse(value).plain_seconds > LONGEST_S:
        wrong = [f"{where} is {value!r}, more than a year"]
    yield from wrong


def _kind(value: Any) -> str:
    return NAMES.get(type(value), type(value).__name__)


def _item_type(model: list[Any]) -> type:
    """What a list holds, as its model does; where that is empty, texts."""
    return type(model[0]) if model else str


NAMES = {bool: "true or false", int: "a whole number", str: "text", list: "a list", dict: "a table"}
