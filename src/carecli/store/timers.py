"""The one queue of timers, in the order in which they fire (TICK-1)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from carecli.domain.instants import instant, instant_or_none, iso
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.vocabulary import Metric
from carecli.store.codec import canonical
from carecli.store.entries import Claim
from carecli.store.session import OF_CASES, Session
from carecli.store.sight import of_numbers

TimerRow = tuple[str, int, int, str, int]

_SELECT: Final = "SELECT fires_at, number, kind, metric, cycle FROM timers"
_KEY: Final = "(fires_at, number, kind, metric, cycle)"
_ORDER: Final = f"ORDER BY {_KEY[1:-1]}"
_BEHIND: Final = f"{_KEY} > (?, ?, ?, ?, ?)"
BEFORE_ALL: Final[TimerRow] = ("0001-01-01T00:00:00Z", 0, 0, "", 0)
_DELETE: Final = f"DELETE FROM timers WHERE {_KEY} = (?, ?, ?, ?, ?)"  # noqa: S608 - names from this program


OF_CASES_ALONE: Final = f"kind NOT IN ({TimerKind.MAIL}, {TimerKind.DIGEST})"
"""Those of mail are kept by the outbox, those of digests by the subscriptions."""

# No instant is before this one; it has SQLite walk the queue from its first timer.
_NEXT: Final = (
    f"SELECT fires_at FROM timers WHERE fires_at > '0001-01-01T00:00:00Z'"  # noqa: S608
    f" AND (kind <> {TimerKind.MAIL} OR fires_at > ?)"
    "{seen} ORDER BY fires_at LIMIT 1"
)


class TimerReading(Session):
    """What waits for time."""

    def due(self, at: datetime, limit: int, after: Timer | None = None) -> list[Timer]:
        """The first timers of cases due at `at`, behind one of them if it is named, in their order of firing."""
        behind = timer_row(after) if after else BEFORE_ALL
        due = f"{_SELECT} WHERE fires_at <= ? AND {OF_CASES_ALONE} AND {_BEHIND} {_ORDER} LIMIT ?"
        return list(self._timers(due, iso(at), *behind, limit))

    def anything_due(self, at: datetime) -> bool:
        """Whether any timer is due at `at`, of a case or of a mail."""
        return (
            self.one("SELECT 1 FROM timers WHERE fires_at <= ? ORDER BY fires_at LIMIT 1", (iso(at),)) is not None
        )

    def next_due(self, at: datetime) -> datetime | None:
        """When the next timer is due, as of `at`; mail that may leave by then is taken as gone."""
        seen = of_numbers(self.sight, "timers.number")
        return instant_or_none(self.one(_NEXT.format(seen=seen.sql), (iso(at), *seen.parameters)))

    def timers(self, number: int) -> list[Timer]:
        """The timers of one case, in order; those of its mail are not among them."""
        return list(self._timers(f"{_SELECT} WHERE number = ? AND {OF_CASES_ALONE} {_ORDER}", number))

    def _timers(self, sql: str, *parameters: object) -> Iterator[Timer]:
        return map(_timer, self.db.execute(sql, parameters))


class TimerWriting(TimerReading):
    """The queue as it changes."""

    alone: bool = True
    """Whether nobody else writes while this transaction lasts."""

    def claim(self, at: datetime, limit: int, after: Timer | None = None) -> Claim:
        """The first timers due at `at`, behind one of them if it is named, whose cases nobody else is firing.

        Nobody else will while this transaction lasts. Timers of these cases that are due before the last one of
        them are among them, behind `after` or not: a case's timers fire in their order.
        """
        due = self.due(at, limit, after)
        return Claim(due, due[-1] if due and len(due) == limit else None)

    def hold(self, numbers: Sequence[int]) -> None:
        """Have nobody else change these cases while this transaction lasts."""

    def put_timers(self, numbers: Sequence[int], timers: Iterable[Timer]) -> None:
        """Replace the timers of these cases."""
        rows = {timer_row(timer) for timer in timers}
        # Most changes move few timers or none: a look is cheaper than rewriting two trees.
        stored = set(self.db.execute(f"{_SELECT} WHERE {OF_CASES} AND {OF_CASES_ALONE}", (canonical(numbers),)))
        self.db.executemany(_DELETE, stored - rows)
        self.db.executemany("INSERT INTO timers VALUES (?, ?, ?, ?, ?)", sorted(rows - stored))


def timer_row(timer: Timer) -> TimerRow:
    """A timer as the queue holds it."""
    return iso(timer.fires_at), timer.number, timer.kind.value, timer.metric or "", timer.cycle


def _timer(row: TimerRow) -> Timer:
    fires_at, number, kind, metric, cycle = row
    return Timer(instant(fires_at), number, TimerKind(kind), Metric(metric) if metric else None, cycle)
