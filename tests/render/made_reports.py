"""Reports made by hand: a quarter's, one of nothing, one that is written to do harm, one with far too much."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from carecli.domain.report import (
    AGES,
    Asked,
    Attainment,
    Breach,
    Dimension,
    Numbers,
    Outcome,
    Population,
    Report,
    RoundNumbers,
    Rounds,
    Row,
    StatusTime,
    Table,
    Tally,
)
from carecli.domain.report_spread import Spread
from carecli.domain.vocabulary import Metric, Plan, Priority, Status

SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL: Final = datetime(2026, 6, 30, 23, tzinfo=UTC)
AT: Final = datetime(2026, 7, 3, 8, 30, tzinfo=UTC)
HOUR: Final = 3_600
DAY: Final = 86_400
Three = tuple[Tally, Tally, Tally]


def clocks(
    raw: Three, adjusted: Three | None = None, other: Three | None = None, numbers: Sequence[int] = ()
) -> tuple[Attainment, ...]:
    """The three clocks of a row, by what became of them; restoration has the goal."""
    made = []
    for place, metric in enumerate(Metric):
        tally = raw[place]
        if not tally.clocks:
            continue
        behind = Numbers(tuple(numbers[: tally.missed]), tuple(numbers[tally.missed :][: tally.undecided]))
        met = Spread(tally.decided, (place + 1) * 2 * HOUR, (place + 1) * 31 * HOUR) if tally.decided else Spread()
        counted = Spread(met.of, HOUR, 9 * HOUR) if tally.decided else Spread()
        goal = 95 if metric is Metric.RESTORATION else None
        tried = None if other is None else other[place]
        cleared = tally if adjusted is None else adjusted[place]
        made.append(Attainment(metric, tally, cleared, met, counted, behind, goal, tried, tried))
    return tuple(made)


def row(key: tuple[str | None, ...], cases: int, *metrics: Tally, adjusted: Three | None = None) -> Row:
    """A row of the three metrics' tallies."""
    response, restoration, resolution = metrics
    return Row(key, cases, clocks((response, restoration, resolution), adjusted, numbers=range(1, 400)))


def breach(number: int, subject: str, account: str, metric: Metric, days: int, **more: object) -> Breach:
    """A promise that was missed so many days into the period."""
    due = SINCE + timedelta(days=days, hours=15, minutes=20)
    late = 5 * HOUR + number * 61
    made = Breach(
        number,
        subject,
        account,
        Plan.BUSINESS_CARE,
        Priority.HIGH,
        "Ben Ito",
        "voice",
        Status.CLOSED,
        metric,
        1,
        "2bd",
        due,
        due + timedelta(seconds=late),
        late,
        Outcome.MISSED,
    )
    return made._replace(**more)  # type: ignore[arg-type]


ASKED: Final = Asked(AT, SINCE, UNTIL, "Europe/London", (), None, "default 1a2b3c4d")
OVERALL: Final = (Tally(318, 9, 2, 1, 3), Tally(236, 17, 4, 6, 12), Tally(199, 4, 21, 9, 8))
ADJUSTED: Final = (Tally(318, 9, 2, 1, 3), Tally(243, 10, 4, 6, 12), Tally(200, 3, 21, 9, 8))
PLANS: Final = Table(
    (Dimension.PLAN, Dimension.PRIORITY),
    (
        row(("care", "critical"), 12, Tally(12), Tally(9, 2, 1), Tally(10, 0, 2)),
        row(("care", "high"), 48, Tally(46, 2), Tally(40, 6, 1, 1), Tally(39, 1, 5, 3)),
        row(("care", "medium"), 96, Tally(93, 2, 1), Tally(78, 3, 1, 2), Tally(70, 1, 8, 2)),
        row(("care", "low"), 31, Tally(28, 3), Tally(), Tally()),
        row(("business-care", "critical"), 9, Tally(8, 1), Tally(8, 1), Tally(9)),
        row(
            ("business-care", "high"),
            52,
            Tally(51, 1),
            Tally(46, 4, 1, 1, 1),
            Tally(40, 2, 3, 2),
            adjusted=(Tally(51, 1), Tally(49, 1, 1, 1, 1), Tally(41, 1, 3, 2)),
        ),
        row(("business-care", "medium"), 75, Tally(71, 0, 1, 1), Tally(55, 1, 1, 2), Tally(31, 0, 3, 2)),
        row(("business-care", "low"), 10, Tally(9, 0), Tally(), Tally()),
    ),
)
MONTHS: Final = Table(
    (Dimension.MONTH,),
    (
        row(("2026-01",), 51, Tally(49, 2), Tally(36, 5), Tally(32, 1)),
        row(("2026-02",), 44, Tally(43, 1), Tally(35, 2), Tally(31, 0)),
        row(
            ("2026-03",),
            63,
            Tally(59, 4),
            Tally(46, 7),
            Tally(40, 2),
            adjusted=(Tally(59, 4), Tally(52, 1), Tally(41, 1)),
        ),
        row(("2026-04",), 58, Tally(57, 1), Tally(45, 1), Tally(40, 1)),
        row(("2026-05",), 49, Tally(48, 1), Tally(38, 1), Tally(33, 0)),
        row(("2026-06",), 68, Tally(62, 0, 2, 1), Tally(36, 1, 4, 6), Tally(23, 0, 21, 9)),
    ),
)
ACCOUNTS: Final = Table(
    (Dimension.ACCOUNT,),
    (
        row(("Harbor Clinic",), 121, Tally(118, 3), Tally(90, 4, 1, 1), Tally(80, 1, 9, 3)),
        row(("Northwind",), 163, Tally(155, 5, 1), Tally(115, 12, 2, 3), Tally(93, 3, 9, 5)),
        row(("Umbra Rail",), 49, Tally(45, 1, 1, 1), Tally(31, 1, 1, 2), Tally(26, 0, 3, 1)),
    ),
)
OWNERS: Final = Table(
    (Dimension.OWNER,),
    (
        row(("Ada Park",), 140, Tally(137, 3), Tally(105, 6, 1, 1), Tally(90, 1, 9, 3)),
        row(("Ben Ito",), 170, Tally(162, 5, 1), Tally(120, 9, 2, 3), Tally(103, 3, 9, 5)),
        row((None,), 23, Tally(19, 1, 1, 1), Tally(11, 2, 1, 2), Tally(6, 0, 3, 1)),
    ),
)
BACKLOG: Final = tuple(
    age._replace(
        statuses=statuses, numbers=tuple(range(500 + 40 * place, 500 + 40 * place + sum(n for _, n in statuses)))
    )
    for place, (age, statuses) in enumerate(
        zip(
            AGES,
            (
                ((Status.OPEN, 6),),
                ((Status.OPEN, 9), (Status.AWAITING_INFO, 2)),
                ((Status.OPEN, 7), (Status.AWAITING_INFO, 4), (Status.SOLUTION_PROPOSED, 3)),
                ((Status.OPEN, 5), (Status.AWAITING_INFO, 3), (Status.SERVICE_RESTORED, 2)),
                ((Status.OPEN, 2), (Status.SERVICE_RESTORED, 1)),
                ((Status.OPEN, 1),),
                (),
            ),
            strict=True,
        )
    )
)
STATUSES: Final = (
    StatusTime(Status.OPEN, 333, 4_100 * HOUR, 9 * HOUR, 41 * HOUR),
    StatusTime(Status.AWAITING_INFO, 160, 5_600 * HOUR, 26 * HOUR, 5 * DAY),
    StatusTime(Status.SERVICE_RESTORED, 41, 900 * HOUR, 20 * HOUR, 3 * DAY),
    StatusTime(Status.SOLUTION_PROPOSED, 288, 7_700 * HOUR, 22 * HOUR, 4 * DAY),
)
ROUNDS: Final = (
    Rounds("asked", (96, 31, 14), 9, 9, 12, RoundNumbers((1, 2, 3), (7, 8), (500, 501), (9,))),
    Rounds("proposed", (171, 44, 12), 52, 3, 6, RoundNumbers((1, 2, 3), (11, 12), (502,), ())),
)
BREACHES: Final = (
    breach(1, "Calls drop on one of two relays", "Northwind", Metric.RESTORATION, 4),
    breach(1, "Calls drop on one of two relays", "Northwind", Metric.RESOLUTION, 19, cycle=2),
    breach(2, "Voicemail is empty", "Harbor Clinic", Metric.RESPONSE, 31, owner=None, priority=Priority.LOW),
    breach(3, "Queue reports stop at noon", "Northwind", Metric.RESTORATION, 64, adjusted=Outcome.KEPT),
    breach(4, "No dial tone in the annex", "Umbra Rail", Metric.RESTORATION, 120, met_at=None),
)
POPULATION: Final = Population(
    333,
    45,
    288,
    6,
    3,
    9,
    Tally(753, 30, 27, 16, 23),
    Tally(761, 22, 27, 16, 23),
    SINCE,
    UNTIL - timedelta(hours=3),
)
FULL: Final = Report(
    ASKED,
    POPULATION,
    clocks(OVERALL, ADJUSTED, numbers=range(1, 100)),
    MONTHS,
    (PLANS, ACCOUNTS, OWNERS),
    BREACHES,
    BACKLOG,
    STATUSES,
    ROUNDS,
)
NOTHING: Final = Report(
    ASKED._replace(since=None, until=None),
    Population(0, 0, 0, 0, 0, 0, Tally(), Tally(), None, None),
    (),
    Table((Dimension.MONTH,), ()),
    tuple(table._replace(rows=()) for table in (PLANS, ACCOUNTS, OWNERS)),
    (),
    AGES,
    (),
    (Rounds("asked", (0, 0, 0), 0, 0, 0), Rounds("proposed", (0, 0, 0), 0, 0, 0)),
)

BAD: Final = "</title><script>alert(1)</script>\x1b[31m=cmd|' /C calc'!A0 \u202e"
LONG: Final = "WM" * 120
WIDE: Final = "電話が鳴らない" * 12
HOSTILE: Final = FULL._replace(
    asked=ASKED._replace(filters=(("account", BAD), ("owner", LONG)), policy=LONG, other=BAD),
    overall=clocks(OVERALL, ADJUSTED, OVERALL, range(1, 100)),
    tables=(
        ACCOUNTS._replace(
            rows=tuple(
                one._replace(key=(name,)) for one, name in zip(ACCOUNTS.rows, (BAD, LONG, WIDE), strict=True)
            )
        ),
    ),
    breaches=(
        breach(1, BAD, LONG, Metric.RESPONSE, 4, owner=WIDE),
        breach(2, LONG, BAD, Metric.RESPONSE, 5, owner="@SUM(1+1)*cmd", target=LONG),
        breach(3, '=HYPERLINK("http://x.example")', "-1+1", Metric.RESPONSE, 6, owner="\tx\r\n\0y"),
    ),
)


def _busy(place: int) -> Row:
    share = Tally(40 + place % 7, place % 5, place % 3, place % 2, 1)
    return row((f"Account {place:03d}",), 50 + place, share, share, share)


def _day(place: int) -> Row:
    day = (SINCE + timedelta(days=place)).strftime("%Y-%m-%d")
    if place % 7 > 4:
        return Row((day,), 0, ())
    share = Tally(4 + place % 3, place % 4 // 3)
    return Row((day,), 5 + place % 9, clocks((share, share, share), other=(share, Tally(4, 1), share)))


MUCH: Final = FULL._replace(
    asked=ASKED._replace(other="lenient 99aa88bb"),
    overall=clocks(OVERALL, ADJUSTED, (Tally(300, 27), Tally(230, 23), Tally(203)), range(1, 400)),
    trend=Table((Dimension.DAY,), tuple(_day(place) for place in range(90))),
    tables=(Table((Dimension.ACCOUNT,), tuple(_busy(place) for place in range(60))),),
    breaches=tuple(breach(place, "A case", "Northwind", Metric.RESPONSE, place % 90) for place in range(1, 1_204)),
)
ALL: Final = {"full": FULL, "nothing": NOTHING, "hostile": HOSTILE, "much": MUCH}
