"""A guided trial: a desk of its own, three weeks of cases, walked day by day through the use cases (CLI)."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from carecli.config import Config, located
from carecli.desk import directory, setup
from carecli.desk.demo_story import AGENT, DANA, FIRST, LENA, MANAGER, OMAR, STORY, ZONE
from carecli.desk.desk import Desk, identified, open_desk
from carecli.desk.tick import tick
from carecli.domain.people import CalendarSpec
from carecli.domain.tick_report import TickReport
from carecli.domain.vocabulary import Access, Plan, Role
from carecli.errors import Refused
from carecli.store.opening import is_current

LAST = datetime(2026, 3, 20, 17, 0, tzinfo=ZONE)
ADMIN = "ada@desk.example"
TICKS = (9, 11, 13, 15, 17)
"""The hours at which the demo's cron runs; a real one runs every few minutes."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What the walk ended in: where the desk lies, whom to be, and what its last tick found."""

    database: str
    report: TickReport
    now: datetime
    zone: str
    staff: str
    contact: str


def run(database: str | None, out: Callable[[str], None]) -> Trial:
    """Walk the three weeks; `out` hears each step in a line; raises Refused for a file that is there."""
    path = database or str(Path(tempfile.mkdtemp(prefix="care-demo-")) / "desk.db")
    config = Config(db=located(path) or path, mail_from="care@desk.example")
    if _taken(config):
        raise Refused(f"{config.db} is there already", hint="the demo makes a desk of its own: name another place")
    _found(config)
    with open_desk(config, actor=ADMIN, now=lambda _: FIRST) as desk:
        _people(desk)
        report = _walk(desk, out)
    return Trial(config.db, report, report.now, str(ZONE), ADMIN, DANA)


def _taken(config: Config) -> bool:
    """Whether there is something already; a database on a server is made before the demo, and is empty."""
    return is_current(config.db) if config.is_server else config.there


def _found(config: Config) -> None:
    calendar = CalendarSpec("America/New_York", "Mon-Fri 09:00-17:00", "US")
    given = setup.Setup(ADMIN, "Ada Park", "Demo desk", calendar)
    setup.init(config, given, now=lambda _: FIRST)


def _people(desk: Desk) -> None:
    for email, name, role in ((AGENT, "Ben Ito", Role.AGENT), (MANAGER, "Mia Roth", Role.MANAGER)):
        directory.add_staff(desk, email, name=name, role=role, group="Voice")
    directory.add_account(
        desk, "Northwind", plan=Plan.BUSINESS_CARE, deployments=["East"], services=["Voice", "Reporting"]
    )
    directory.add_account(desk, "Harbor Clinic", plan=Plan.CARE, deployments=["Main"], services=["Voice"])
    for email, name, account in (
        (DANA, "Dana Reyes", "Northwind"),
        (OMAR, "Omar Said", "Northwind"),
        (LENA, "Lena Vogt", "Harbor Clinic"),
    ):
        directory.add_contact(
            desk, email, account=account, name=name, access_level=Access.READ_WRITE, trained=True
        )


def _walk(desk: Desk, out: Callable[[str], None]) -> TickReport:
    """Commands and ticks in the order of time, as cron and people would have them."""
    story = sorted(STORY, key=lambda step: step.at)
    moments = sorted({*(step.at for step in story), *_ticks()})
    told = iter(story)
    step = next(told, None)
    report = tick(desk.at(moments[0]))
    for moment in moments:
        while step and step.at <= moment:
            step.act(_as(desk, step.who).at(step.at))
            out(f"{_day(step.at)}  {step.who.partition('@')[0]:<5} {step.what}")
            step = next(told, None)
        report = tick(desk.at(moment))
        for line in _told(report):
            out(f"{_day(moment)}  care  {line}")
    return report


def _as(desk: Desk, who: str) -> Desk:
    with desk.reading() as reading:
        return desk.acting(identified(reading, who))


def _ticks() -> Iterator[datetime]:
    day = FIRST
    while day <= LAST:
        yield from (at.astimezone(UTC) for hour in TICKS if (at := day.replace(hour=hour)) <= LAST)
        day += timedelta(days=1)


def _told(report: TickReport) -> Iterator[str]:
    for sent in report.followups:
        yield f"case {sent.number}: " + (
            f"reminder {sent.stage} to {sent.contact}" if sent.action == "reminder" else "closed, no answer came"
        )
    for breach in report.breaches:
        if breach.new:
            yield f"case {breach.number}: {breach.metric} target missed"


def _day(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%a %d %b %H:%M")
