"""Calendar arithmetic in bulk: JSON lines in, an answer each, to hold against another engine (CAL-1..3)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from carecli.domain.amount import Amount, Unit
from carecli.domain.business_time import BusinessTime, Hole, business_time
from carecli.domain.calendar import Calendar, find_zone
from carecli.errors import Invalid

_OPEN_UNITS: Final = {
    Unit.SECONDS: Unit.BUSINESS_SECONDS,
    Unit.MINUTES: Unit.BUSINESS_MINUTES,
    Unit.HOURS: Unit.BUSINESS_HOURS,
}


def answers(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    """Answer each JSON line in order; one that cannot be answered gives `{"error"}` and the rest goes on.

    A blank line is an error too, except as the very last one.
    """
    blank = False
    for line in lines:
        if blank:
            yield {"error": "an empty line: write one JSON object a line"}
        blank = not line.strip()
        if not blank:
            yield _answered(line)


def answer(line: Mapping[str, Any]) -> dict[str, object]:
    """Answer `{"at"}` for `from` and `amount` (SLA-4), `{"open_s"}` for `from` and `to` (CAL-1).

    Never raises: what means nothing answers `{"error"}`.
    """
    try:
        return _ask(line)
    except Invalid as refusal:
        return {"error": f"{refusal.message}: {refusal.hint}" if refusal.hint else refusal.message}
    except RecursionError:
        return {"error": "nested too deeply"}


def _answered(line: str) -> dict[str, object]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"no JSON: {error}"}
    if not isinstance(document, dict):
        return {"error": "no JSON object: write one a line"}
    return answer(document)


def _ask(line: Mapping[str, Any]) -> dict[str, object]:
    week, zone = line.get("week"), line.get("zone")
    time = _business_time(json.dumps({"zone": zone, "week": week, "closed": line.get("closed")}, default=str))
    start = _instant(line.get("from"), zone, "from")
    holes = [_hole(hole, zone) for hole in _list(line.get("holes"))]
    if ("to" in line) == ("amount" in line):
        raise Invalid("ask for one thing", hint='give either "amount" or "to"')
    if "to" in line:
        return {"open_s": time.open_seconds(start, _instant(line["to"], zone, "to"), holes)}
    due = time.due(start, _amount(line["amount"], line.get("open", False)), holes)
    return {"at": due.replace(tzinfo=None).isoformat() + "Z"}


# Keyed by text: in bulk thousands of lines share few calendars, and reading one costs more than the sum.
@lru_cache(maxsize=256)
def _business_time(document: str) -> BusinessTime:
    return business_time(Calendar.from_document(json.loads(document)))


def _amount(text: object, only_open: object) -> Amount:
    if not isinstance(text, str) or not isinstance(only_open, bool):
        raise Invalid("amount is a text and open a true or false", hint='"amount": "90s", "open": true')
    amount = Amount.parse(text)
    if not only_open or amount.business:
        return amount
    if amount.unit not in _OPEN_UNITS:
        raise Invalid(f"{text} of open time means nothing", hint="write bd for business days")
    return Amount(amount.count, _OPEN_UNITS[amount.unit])


def _list(holes: object) -> list[object]:
    if holes is None:
        return []
    if isinstance(holes, list | tuple):
        return list(holes)
    raise Invalid("holes are a list", hint='"holes": [["2026-03-03T15:00Z", "2026-03-03T16:00Z"]]')


def _hole(hole: object, zone: object) -> Hole:
    if not isinstance(hole, list | tuple) or len(hole) != 2:
        raise Invalid("a hole is a pair of instants", hint='["2026-03-03T15:00Z", "2026-03-03T16:00Z"]')
    since, until = (_instant(end, zone, "hole") for end in hole)
    if until < since:
        raise Invalid("a hole ends before it starts", hint="give its start first")
    return since, until


def _instant(text: object, zone: object, key: str) -> datetime:
    if not isinstance(text, str):
        raise Invalid(f'"{key}" needs an instant', hint="write 2026-03-02T14:30:00Z")
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=find_zone(str(zone)))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"{text[:40]!r} is no instant", hint="write 2026-03-02T14:30:00Z") from None
    if at.microsecond:
        raise Invalid(f"{text[:40]!r} has a fraction of a second", hint="give whole seconds")
    return at
