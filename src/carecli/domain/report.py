"""A report: how many promises were kept, over which cases, and which cases each figure leads to (RPT-1, SLA-9).

Every figure is per metric, as the three clocks are never folded into one (SLA-10), and is a count or whole
seconds: the same data give the same bytes everywhere.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from carecli.domain.report_spread import Spread
from carecli.domain.vocabulary import Metric, Plan, Priority, Status


class Dimension(StrEnum):
    """What a table is by; periods are those of the opening, in the desk's zone."""

    PLAN = "plan"
    PRIORITY = "priority"
    ACCOUNT = "account"
    OWNER = "owner"
    GROUP = "group"
    SERVICE = "service"
    COMPONENT = "component"
    TYPE = "type"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


PERIODS: Final = (Dimension.DAY, Dimension.WEEK, Dimension.MONTH, Dimension.QUARTER)
Dimensions = tuple[Dimension, ...]
USUAL: Final[tuple[Dimensions, ...]] = (
    (Dimension.PLAN, Dimension.PRIORITY),
    (Dimension.ACCOUNT,),
    (Dimension.OWNER,),
)
"""The tables of a report that is asked for no other."""

BY_CLOCK: Final = Dimension.PRIORITY
"""What the clocks of one case may differ in: each goes under the priority whose target it had."""


class Outcome(StrEnum):
    """What became of a clock by the moment of the report."""

    KEPT = "kept"
    MISSED = "missed"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Tally(NamedTuple):
    """How many clocks came out which way; attainment is kept out of those that are decided."""

    kept: int = 0
    missed: int = 0
    running: int = 0
    paused: int = 0
    cancelled: int = 0

    @property
    def clocks(self) -> int:
        """All of them."""
        return sum(self)

    @property
    def decided(self) -> int:
        """Those that were kept or missed."""
        return self.kept + self.missed

    @property
    def undecided(self) -> int:
        """Those that may still be either."""
        return self.running + self.paused

    @property
    def tenths(self) -> int | None:
        """Attainment in tenths of a percent, rounded half up; None where nothing is decided."""
        return (2_000 * self.kept + self.decided) // (2 * self.decided) if self.decided else None

    def reaches(self, goal: int) -> bool | None:
        """Whether the share kept is at least `goal` percent, by the counts and not by what they round to."""
        return 100 * self.kept >= goal * self.decided if self.decided else None


class Numbers(NamedTuple):
    """The cases behind a tally, by number, each once; `kept` only where that was asked for."""

    missed: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()
    kept: tuple[int, ...] | None = None


class Attainment(NamedTuple):
    """One metric of one row: by the record, without exempted time, and under another policy where one is tried.

    `elapsed` and `counted` are of the clocks that were met, late ones too: from start to answer around the clock,
    and what of the allowance was used up, in business time where the target is.
    """

    metric: Metric
    raw: Tally
    adjusted: Tally
    elapsed: Spread
    counted: Spread
    numbers: Numbers
    goal: int | None = None
    other: Tally | None = None
    other_adjusted: Tally | None = None


class Row(NamedTuple):
    """The cases that have a key in common; a metric of which they have no clock is left out."""

    key: tuple[str | None, ...]
    cases: int
    metrics: tuple[Attainment, ...]

    def of(self, metric: Metric) -> Attainment | None:
        """Its figures of one metric."""
        return next((one for one in self.metrics if one.metric is metric), None)

    @property
    def missed(self) -> int:
        """How many promises were missed, of every metric: what tells the worst row."""
        return sum(one.raw.missed for one in self.metrics)


class Table(NamedTuple):
    """Rows by one or more dimensions, in the order of their keys; periods have no gap."""

    dimensions: Dimensions
    rows: tuple[Row, ...]

    @property
    def period(self) -> bool:
        """Whether it goes by time."""
        return self.dimensions[0] in PERIODS


class Breach(NamedTuple):
    """One promise that was missed; `overdue_s` runs to the answer, else to the close, else to `at`."""

    number: int
    subject: str
    account: str
    plan: Plan
    priority: Priority
    owner: str | None
    group: str | None
    status: Status
    metric: Metric
    cycle: int
    target: str
    due_at: datetime
    met_at: datetime | None
    overdue_s: int
    adjusted: Outcome


class Age(NamedTuple):
    """Open cases of an age from `from_s` seconds to below `until_s`, by status."""

    name: str
    from_s: int
    until_s: int | None
    statuses: tuple[tuple[Status, int], ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def cases(self) -> int:
        """How many there are."""
        return len(self.numbers)


DAY_S: Final = 86_400
AGES: Final = (
    Age("<1d", 0, DAY_S),
    Age("1-3d", DAY_S, 3 * DAY_S),
    Age("3-7d", 3 * DAY_S, 7 * DAY_S),
    Age("7-14d", 7 * DAY_S, 14 * DAY_S),
    Age("14-30d", 14 * DAY_S, 30 * DAY_S),
    Age("30-90d", 30 * DAY_S, 90 * DAY_S),
    Age(">90d", 90 * DAY_S, None),
)
"""The ages of a backlog, by plain days."""


class Aged(NamedTuple):
    """An open case with its age in plain seconds, and the name of the age that it is counted in."""

    number: int
    age: str
    status: Status
    opened_at: datetime
    age_s: int


class StatusTime(NamedTuple):
    """How long cases stood in a status before they closed, in plain seconds; `cases` are those that ever did."""

    status: Status
    cases: int
    total_s: int
    median_s: int
    p90_s: int


class RoundNumbers(NamedTuple):
    """The cases of follow-up rounds by outcome, each once."""

    answered: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    standing: tuple[int, ...] = ()
    otherwise: tuple[int, ...] = ()


class Rounds(NamedTuple):
    """What became of requests to customers of one kind, `asked` or `proposed` (FU-3).

    `answered` counts the customers' answers before reminder #1, after #1, and after #2 or more; `closed` by the
    ladder; `otherwise` ended by staff, or asked anew.
    """

    kind: str
    answered: tuple[int, int, int]
    closed: int
    standing: int
    otherwise: int
    numbers: RoundNumbers = RoundNumbers()

    @property
    def rounds(self) -> int:
        """All of them."""
        return sum(self.answered) + self.closed + self.standing + self.otherwise


class Population(NamedTuple):
    """What a report is about; the tallies are over every metric, to be stated and never made a percentage of."""

    cases: int
    open: int
    closed: int
    unclocked: int
    exempted: int
    waiting: int
    raw: Tally
    adjusted: Tally
    first_at: datetime | None
    last_at: datetime | None


class Asked(NamedTuple):
    """What was asked: as of `at`, of cases opened from `since` to before `until`; periods go by `zone`."""

    at: datetime
    since: datetime | None
    until: datetime | None
    zone: str
    filters: tuple[tuple[str, str], ...]
    by: Dimensions | None
    policy: str
    other: str | None = None
    exact: bool = False


class Report(NamedTuple):
    """How well promises are kept (RPT-1)."""

    asked: Asked
    population: Population
    overall: tuple[Attainment, ...]
    trend: Table
    tables: tuple[Table, ...]
    breaches: tuple[Breach, ...]
    backlog: tuple[Age, ...]
    statuses: tuple[StatusTime, ...]
    rounds: tuple[Rounds, ...]
