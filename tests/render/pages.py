"""Hand-made cases and a tick, for screens and documents."""

from datetime import UTC, datetime, timedelta

from carecli.domain.amount import Amount
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.followup import FollowUp
from carecli.domain.linking import Link
from carecli.domain.tick_report import Breach, MailCount, SentFollowUp, TickReport, Warned
from carecli.domain.views import CasePage, CaseView
from carecli.domain.vocabulary import (
    CaseType,
    Metric,
    Plan,
    Priority,
    Standing,
    Status,
    Substatus,
    Via,
    Visibility,
)

ZONE = "America/New_York"
NINE = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""Monday 2 March 2026, 09:00 in New York."""


def hours(count: float) -> datetime:
    """So many hours after nine."""
    return NINE + timedelta(hours=count)


def clock(metric: Metric, due: float, **more: object) -> Clock:
    """A high clock that began at nine."""
    target = {"response": "2bh", "restoration": "2bd", "resolution": "15bd"}[metric]
    values = {"warn_at": hours(due * 0.75), **more}
    return Clock(metric, 1, Priority.HIGH, Amount.parse(target), NINE, NINE, hours(due), **values)  # type: ignore[arg-type]


def case(number: int = 42, **more: object) -> Case:
    """A case as it may stand at eleven."""
    values: dict[str, object] = {
        "number": number,
        "seq": 3,
        "type": CaseType.SUPPORT,
        "subtype": "problem",
        "stage": "production",
        "subject": "Calls drop after transfer",
        "account": "ABC Testing Co",
        "plan": Plan.BUSINESS_CARE,
        "deployment": "East",
        "service": "Voice",
        "component": None,
        "contact": "dana@abc.example",
        "owner": "ben@desk.example",
        "group": "Voice",
        "priority": Priority.HIGH,
        "standing": Standing(Status.AWAITING_INFO, Substatus.INFO_REQUIRED),
        "opened_at": NINE,
        "modified_at": hours(1),
        "closed_at": None,
        "closed_by": None,
        "via": Via.PORTAL,
        "policy": "p",
        "calendar": "c",
        "rounds": 1,
        "clocks": (
            clock(Metric.RESPONSE, 2, met_at=hours(1)),
            clock(Metric.RESTORATION, 48, paused_at=hours(1)),
            clock(Metric.RESOLUTION, 500, paused_at=hours(1)),
        ),
        "followup": FollowUp(1, hours(1), 0, hours(49), hours(1), 0),
        "links": (Link("follows", 7),),
        "description": "Since this morning one in five calls drops.",
        "impact": "Agents call back by hand.",
        "fields": {"users_affected": "12"},
    }
    return Case(**{**values, **more})  # type: ignore[arg-type]


def asked() -> Recorded:
    """The question that the case waits on."""
    data = {
        "text": "Please send [red]two[/red] traces.\x1b[31m\u202e",
        "status": "awaiting-info",
        "substatus": "info-required-from-customer",
    }
    event = Event(hours(1), "ben@desk.example", Via.DESK, Kind.ASKED, Visibility.PUBLIC, data)
    return Recorded(9, 42, 2, event, "d")


def view() -> CaseView:
    """The case whole."""
    return CaseView.of(case(), (3600, 3600, 3600), (asked(),))


def page() -> CasePage:
    """A list of three."""
    cases = (
        case(),
        case(
            43,
            subject="[bold]A long subject that says more than any narrow terminal has room for",
            priority=Priority.CRITICAL,
            owner=None,
            standing=Standing(Status.OPEN, Substatus.NEW),
            modified_at=hours(2),
        ),
        case(44, subject="通話が切れる", account="=Harbor", standing=Standing(Status.CLOSED, Substatus.RESOLVED)),
    )
    return CasePage(tuple(CaseView.of(c) for c in cases), 53, 1, 3, {"open": 1, "awaiting-info": 51, "closed": 1})


def report() -> TickReport:
    """A tick that found one of everything."""
    return TickReport(
        now=hours(8),
        last_tick_at=hours(7),
        fired=4,
        followups=(SentFollowUp(42, 1, hours(7.5), "dana@abc.example", "reminder", True),),
        closed=(44,),
        breaches=(
            Breach(43, Metric.RESPONSE, Priority.CRITICAL, "ABC Testing Co", None, hours(7), 3600, True),
            Breach(40, Metric.RESTORATION, Priority.HIGH, "Harbor", "ben@desk.example", hours(2), 21600, False),
        ),
        warnings=(Warned(41, Metric.RESPONSE, Priority.LOW, "Harbor", None, hours(9), 3600),),
        held=(),
        mail=MailCount(3, 2, 1),
        next_due_at=hours(9),
    )
