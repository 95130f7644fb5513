"""What is wrong with a mapping document, all of it at once, each with its place and a remedy (IMP-1)."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from carecli.domain.import_mapping import SKIP
from carecli.domain.vocabulary import Priority, Substatus, Via, Visibility

STATES = (
    Substatus.NEW,
    Substatus.INVESTIGATION,
    Substatus.CUSTOMER_RESPONDED,
    Substatus.INFO_REQUIRED,
    Substatus.PENDING_PERMANENT_SOLUTION,
    Substatus.PENDING_RCA,
    Substatus.SOLUTION_PROPOSED,
    Substatus.PROBLEM_RESOLVED,
    Substatus.RESOLVED,
    Substatus.CANCELLED,
    Substatus.REDIRECTED,
)
"""The sub-statuses of a support case: what a state of theirs may be here (STAT-1)."""
CHANNELS = (Via.PORTAL, Via.PHONE, Via.EMAIL, Via.CHAT, Via.MONITORING)
PLACES = ("reference", "opened_at", "account", "caller", "caller_name", "opened_by", "via", "service", "component")
TICKET = (*PLACES, "subject", "description", "priority", "group")
UPDATE = ("at", "by", "revision", "state", "priority", "group", "owner", "text", "public", "role")
PARTS_TEXTS = ("list", "kind", "field", "value")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "format": ("csv", "json"),
    "records": ("updates", "tickets"),
    "answered_by": ("state", "text"),
    "order": ("file", "time"),
}
TEXTS = (
    "title",
    "format",
    "records",
    "answered_by",
    "order",
    "first_state",
    "list",
    "wrap",
    "encoding",
    "delimiter",
)
LISTS = ("times", "unknown", "optional", "machines")
TABLES = ("ticket", "states", "priorities", "channels", "visibility", "lookup")
LOOKUP = ("people", "groups", "accounts", "customers")
PART_LISTS = ("texts", "changes")
CHANGED = ("state", "priority", "group", "owner")


class Problem(NamedTuple):
    """Something wrong, under the key where it stands."""

    where: str
    what: str


def problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Everything wrong with a mapping document; none where `import_mapping.mapping` can read it."""
    known = (*TEXTS, *LISTS, *TABLES, "update")
    yield from _unknown(document, known, "")
    yield from _required(document, ("title", "format", "records", "first_state", "ticket", "update", "states"), "")
    yield from _texts(document, TEXTS, "")
    for key, choices in CHOICES.items():
        if isinstance(document.get(key), str) and document[key] not in choices:
            yield Problem(key, f"cannot be {document[key]!r}; choose from {', '.join(choices)}")
    yield from _lists(document, LISTS, "")
    for key in TABLES:
        if key in document and not isinstance(document[key], Mapping):
            yield Problem(key, "must be a table")
    if isinstance(document.get("ticket"), Mapping):
        yield from _ticket_problems(document["ticket"])
    yield from _updates_problems(document)
    yield from _lookup_problems(_table(document, "lookup"))
    yield from _words_problems(document)
    yield from _time_problems(document)
    yield from _delimiter_problems(document)


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key, {})
    return value if isinstance(value, Mapping) else {}


def _unknown(table: Mapping[str, Any], known: Iterable[str], place: str) -> Iterator[Problem]:
    for key in table:
        if key not in (names := [*known]):
            near = get_close_matches(key, names, n=1)
            meant = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(sorted(names))}"
            yield Problem(f"{place}{key}", f"is no key of a mapping; {meant}")


def _required(table: Mapping[str, Any], keys: Iterable[str], place: str) -> Iterator[Problem]:
    yield from (Problem(f"{place}{key}", "is missing") for key in keys if key not in table)


def _texts(table: Mapping[str, Any], keys: Iterable[str], place: str) -> Iterator[Problem]:
    for key in keys:
        if key in table and not (isinstance(table[key], str) and table[key]):
            yield Problem(f"{place}{key}", "must be a text in quotes")


def _lists(table: Mapping[str, Any], keys: Iterable[str], place: str) -> Iterator[Problem]:
    for key in keys:
        if key in table and not _is_texts(table[key]):
            yield Problem(f"{place}{key}", "must be a list of texts in quotes")


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _ticket_problems(table: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(table, (*TICKET, "keep"), "ticket.")
    yield from _required(table, ("reference", "opened_at", "caller"), "ticket.")
    yield from _lists(table, ("keep",), "ticket.")
    for key in TICKET:
        if key in table:
            yield from _source_problems(table[key], f"ticket.{key}", timed=key == "opened_at")


def _source_problems(value: Any, where: str, *, timed: bool = False) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        yield from _made_problems(value, where, timed=timed)
    elif not ((isinstance(value, str) and value) or (_is_texts(value) and value and all(value))):
        yield Problem(where, 'must be a place such as "created_at", a list of such, or { is = "the same always" }')
    else:
        wrong = [one for one in ([value] if isinstance(value, str) else value) if one.count("{") != one.count("}")]
        yield from (Problem(where, f"{one!r} has a brace without its other") for one in wrong)


def _made_problems(value: Mapping[str, Any], where: str, *, timed: bool) -> Iterator[Problem]:
    known = ("is", "from", "minutes") if timed else ("is",)
    yield from _unknown(value, known, f"{where}.")
    if timed and "is" not in value:
        yield from _required(value, ("from", "minutes"), f"{where}.")
    elif not timed:
        yield from _required(value, ("is",), f"{where}.")
    for key in known:
        if key in value and key != "from" and not isinstance(value[key], str):
            yield Problem(f"{where}.{key}", "must be a text in quotes")
    if timed and "from" in value:
        yield from _source_problems(value["from"], f"{where}.from")


def _updates_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    updates = document.get("update", [])
    if not isinstance(updates, list) or not updates or not all(isinstance(one, Mapping) for one in updates):
        yield Problem("update", "must be written as [[update]], once or more")
        return
    for number, update in enumerate(updates, 1):
        place = "update." if len(updates) == 1 else f"update {number}."
        yield from _unknown(update, (*UPDATE, "list", "unless", "optional", "parts"), place)
        yield from _required(update, ("at",), place)
        yield from _texts(update, ("list", "unless"), place)
        if not isinstance(update.get("optional", False), bool):
            yield Problem(f"{place}optional", "must be true or false")
        for key in UPDATE:
            if key in update:
                yield from _source_problems(update[key], f"{place}{key}", timed=key == "at")
        yield from _parts_problems(update.get("parts"), f"{place}parts")
    if document.get("records") == "updates" and (len(updates) != 1 or any("list" in one for one in updates)):
        yield Problem("update", "where each record is an update there is one [[update]], without a list")


def _parts_problems(parts: Any, where: str) -> Iterator[Problem]:
    if parts is None:
        return
    if not isinstance(parts, Mapping):
        yield Problem(where, "must be a table")
        return
    place = f"{where}."
    yield from _unknown(parts, (*PARTS_TEXTS, *PART_LISTS, "text", "public", "fields"), place)
    yield from _required(parts, ("list", "kind"), place)
    yield from _texts(parts, PARTS_TEXTS, place)
    yield from _lists(parts, PART_LISTS, place)
    for key in ("text", "public"):
        if key in parts:
            yield from _source_problems(parts[key], f"{place}{key}")
    fields = parts.get("fields", {})
    if not isinstance(fields, Mapping):
        yield Problem(f"{place}fields", "must be a table")
        return
    for theirs, ours in fields.items():
        if ours not in CHANGED:
            yield Problem(f"{place}fields.{theirs}", f"cannot be {ours!r}; choose from {', '.join(CHANGED)}")


def _lookup_problems(table: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(table, LOOKUP, "lookup.")
    yield from _lists(table, LOOKUP, "lookup.")


def _words_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    meanings = (("states", (*STATES, SKIP)), ("priorities", (*Priority,)), ("channels", CHANNELS))
    for table, choices in (*meanings, ("visibility", (*Visibility,))):
        for theirs, ours in _table(document, table).items():
            yield from _word_problems(ours, f"{table}.{theirs}", tuple(map(str, choices)), noted=table == "states")
    first = document.get("first_state")
    states = {str(theirs).casefold() for theirs in _table(document, "states")}
    if isinstance(first, str) and states and first.casefold() not in states:
        yield Problem("first_state", f"{first!r} is not among the states")


def _word_problems(ours: Any, where: str, choices: tuple[str, ...], *, noted: bool) -> Iterator[Problem]:
    word = ours
    if noted and isinstance(ours, Mapping):
        yield from _unknown(ours, ("is", "noted"), f"{where}.")
        yield from _required(ours, ("is",), f"{where}.")
        if not isinstance(ours.get("noted", False), bool):
            yield Problem(f"{where}.noted", "must be true or false")
        word = ours.get("is", choices[0])
    if word not in choices:
        yield Problem(where, f"cannot be {word!r}; choose from {', '.join(choices)}")


def _time_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    for pattern in document["times"] if _is_texts(document.get("times")) else ():
        if pattern not in {"iso", "epoch"} and not (
            "%" in pattern and any(y in pattern for y in ("%Y", "%y", "%c"))
        ):
            yield Problem(
                "times", f'{pattern!r} is none; write "iso", "epoch" or a pattern such as "%d-%m-%Y %H:%M"'
            )


def _delimiter_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    one = document.get("delimiter")
    if isinstance(one, str) and len(one) != 1:
        yield Problem("delimiter", "must be one character")
