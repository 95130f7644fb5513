"""How many additions and measurements of business time a process does in a second, against a plain loop."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

from carecli.desk.arithmetic import answers
from carecli.domain.business_time import BusinessTime
from carecli.domain.calendar import Calendar
from carecli.domain.open_time import OpenTime, instant

ZONE = "America/New_York"
HOURS = "Mon-Fri 09:00-12:30 13:15-17:00, Sat 10:00-14:00"
CLOSED = {"2026-12-25": "Christmas Day", "2026-11-26": "Thanksgiving"}
COUNT = 200_000
MONTH_S = 30 * 86_400


def rate(run: Callable[[], object], count: int) -> float:
    best = float("inf")
    for _ in range(3):
        begun = perf_counter()
        run()
        best = min(best, perf_counter() - begun)
    return count / best


def main() -> None:
    calendar = Calendar.from_document({"zone": ZONE, "week": HOURS, "closed": CLOSED})
    time, line = BusinessTime(calendar), OpenTime(calendar)
    base = 1_767_225_600
    chance = random.Random(1)
    starts = [base + chance.randrange(3 * 365 * 86_400) for _ in range(COUNT)]
    amounts = [chance.randrange(1, 60 * 3_600) for _ in range(COUNT)]
    moments = [instant(start) for start in starts]
    ends = [instant(start + MONTH_S) for start in starts]
    month = timedelta(seconds=MONTH_S)
    document = {"zone": ZONE, "week": calendar.document()["week"], "closed": list(CLOSED)}
    adding = [
        json.dumps({**document, "from": at.isoformat(), "amount": f"{n}bs"})
        for at, n in zip(moments[:20_000], amounts, strict=False)
    ]
    measuring = [
        json.dumps({**document, "from": at.isoformat(), "to": to.isoformat()})
        for at, to in zip(moments[:20_000], ends, strict=False)
    ]
    plain = rate(lambda: [at + month for at in moments], COUNT)
    results = {
        "plain loop: datetime + timedelta": plain,
        "additions, ints": rate(lambda: list(map(line.advance, starts, amounts)), COUNT),
        "additions, datetimes": rate(lambda: list(map(time.add_open, moments, amounts)), COUNT),
        "measurements of 30 days, ints": rate(lambda: [line.measure(s, s + MONTH_S) for s in starts], COUNT),
        "measurements of 30 days, datetimes": rate(lambda: list(map(time.open_seconds, moments, ends)), COUNT),
        "business days (10), datetimes": rate(lambda: [time.add_days(at, 10) for at in moments], COUNT),
        "additions, JSON lines": rate(lambda: list(answers(adding)), len(adding)),
        "measurements of 30 days, JSON lines": rate(lambda: list(answers(measuring)), len(measuring)),
        "chunks of 64 days built": rate(lambda: cold(calendar, base), 100),
    }
    for name, value in results.items():
        print(f"{name:<38}{value:>14,.0f}/s   plain loop / this = {plain / value:,.1f}")


def cold(calendar: Calendar, base: int) -> None:
    line = OpenTime(calendar)
    for number in range(100):
        line.is_open(base + number * 64 * 86_400)


if __name__ == "__main__":
    main()
