"""Tabs and counters that count wrongly (AUD-1, OPEN-1)."""

from collections.abc import Iterator

from carecli.domain.verify import Difference, Part
from carecli.store.session import Connection


def count_faults(db: Connection, last: int) -> Iterator[Difference]:
    """The tabs of the whole desk, and the counter of case numbers, of which `last` was given last."""
    real = dict(db.execute("SELECT status, count(*) FROM cases GROUP BY status").fetchall())
    told = dict(db.execute("SELECT status, cases FROM tallies").fetchall())
    for status in sorted({*real, *told}):
        if real.get(status, 0) != told.get(status, 0):
            what = f"{real.get(status, 0)} cases are {status}, the tally says {told.get(status, 0)}"
            yield Difference(None, Part.TALLIES, what, status)
    counters = dict(db.execute("SELECT name, value FROM counters").fetchall())
    value = counters.pop("case", None)
    for name in counters:
        yield Difference(None, Part.COUNTER, "a counter that is not ours", str(name))
    if value != last:
        what = f"the counter of case numbers stands at {value}, the last number given is {last}"
        yield Difference(None, Part.COUNTER, what, "case")
