"""The story that the demo walks through: three weeks of a small desk, command by command."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from carecli.desk import cases, intake, severity
from carecli.desk.desk import Desk
from carecli.domain.opening import Form
from carecli.domain.vocabulary import Priority, Via

ZONE = ZoneInfo("America/New_York")
FIRST = datetime(2026, 3, 2, tzinfo=ZONE)
AGENT, MANAGER = "ben@desk.example", "mia@desk.example"
DANA, OMAR, LENA = "dana@northwind.example", "omar@northwind.example", "lena@harbor.example"


class Step(NamedTuple):
    """One command of the story: when (`2 09:05` is 2 March), by whom, and what."""

    when: str
    who: str
    what: str
    act: Callable[[Desk], object]

    @property
    def at(self) -> datetime:
        """The step's instant."""
        day, _, clock = self.when.partition(" ")
        hour, _, minute = clock.partition(":")
        return FIRST.replace(day=int(day), hour=int(hour), minute=int(minute)).astimezone(UTC)


def _opening(
    subject: str, description: str, priority: Priority, service: str, **more: Any
) -> Callable[[Desk], object]:
    form = Form(
        deployment="East",
        service=service,
        stage="production",
        priority=priority,
        subject=subject,
        description=description,
        impact="Agents cannot work as they should.",
    )
    return lambda desk: intake.open_case(desk, form._replace(**more))


def _critical(subject: str, description: str) -> Callable[[Desk], object]:
    form = Form(
        account="Northwind",
        contact=OMAR,
        deployment="East",
        service="Voice",
        stage="production",
        priority=Priority.CRITICAL,
        subject=subject,
        description=description,
        impact="No calls reach the contact centre.",
    )
    return lambda desk: intake.open_case(desk, form, via=Via.PHONE)


def _yes(_: object) -> bool:
    return True


FIRST_WEEK = (
    Step(
        "2 09:05",
        DANA,
        "opens case 1: calls drop after transfer",
        _opening(
            "Calls drop after transfer",
            "Since this morning about one in five calls drops when an agent transfers it to another queue.",
            Priority.HIGH,
            "Voice",
        ),
    ),
    Step(
        "2 09:50",
        AGENT,
        "asks for call traces",
        lambda d: cases.ask(d, 1, "Please send us the traces of two dropped calls."),
    ),
    Step(
        "2 10:30",
        LENA,
        "opens case 2: wallboard shows yesterday",
        _opening(
            "Wallboard shows yesterday",
            "The wallboard in the reception shows the figures of yesterday since the update on Friday.",
            Priority.MEDIUM,
            "Voice",
            deployment="Main",
        ),
    ),
    Step(
        "3 11:00",
        AGENT,
        "answers case 2",
        lambda d: cases.update(d, 2, "We can see it too and are looking into the export."),
    ),
    Step(
        "3 14:00",
        DANA,
        "sends the traces for case 1",
        lambda d: cases.update(d, 1, "Here are the ids of the two calls: 7781 and 7790."),
    ),
    Step(
        "4 15:10",
        AGENT,
        "restores the service of case 1",
        lambda d: cases.restore(d, 1, "Transfers go over the second trunk now."),
    ),
    Step(
        "6 15:30",
        AGENT,
        "proposes a solution for case 2",
        lambda d: cases.propose(d, 2, "The export runs again; please reload the wallboard."),
    ),
)


SECOND_WEEK = (
    Step(
        "9 09:30",
        OMAR,
        "opens case 3: report totals differ",
        _opening(
            "Report totals differ by one hour",
            "The daily report misses the calls between two and three in the morning since the clocks changed.",
            Priority.MEDIUM,
            "Reporting",
        ),
    ),
    Step(
        "10 16:45",
        AGENT,
        "logs a call and opens case 4 as Critical: no inbound calls",
        _critical(
            "No inbound calls",
            "No inbound call has reached any queue for ten minutes; callers hear a busy tone at once.",
        ),
    ),
    Step(
        "10 16:55",
        MANAGER,
        "takes case 4 and answers",
        lambda d: (cases.assign(d, 4), cases.update(d, 4, "We are on it; the carrier is on the line.")),
    ),
    Step(
        "10 19:20",
        MANAGER,
        "restores the service of case 4",
        lambda d: cases.restore(d, 4, "Calls flow again over the other carrier.", "pending-rca"),
    ),
    Step(
        "12 09:40",
        AGENT,
        "answers case 3, late",
        lambda d: cases.update(d, 3, "Thank you, we are looking at how the report reads the zone."),
    ),
    Step(
        "13 11:00",
        MANAGER,
        "proposes a solution for case 1",
        lambda d: cases.propose(d, 1, "The first trunk has new firmware; transfers are back on it."),
    ),
    Step(
        "13 15:00",
        DANA,
        "accepts it: case 1 is closed",
        lambda d: cases.accept(d, 1, "No drops since. Thank you."),
    ),
)


THIRD_WEEK = (
    Step(
        "16 09:15",
        DANA,
        "opens case 5: no audio for remote agents",
        _opening(
            "No audio for remote agents",
            "Agents who work from home hear nothing in about half of their calls since Sunday night.",
            Priority.HIGH,
            "Voice",
        ),
    ),
    Step(
        "16 10:40",
        AGENT,
        "takes case 5 and asks for a log",
        lambda d: (cases.assign(d, 5), cases.ask(d, 5, "Please send the log of one affected headset.")),
    ),
    Step(
        "17 14:20",
        OMAR,
        "opens case 6: a question about call flows",
        _opening(
            "How to copy a call flow",
            "We would like to copy a call flow from the East deployment to a new one without typing it again.",
            Priority.LOW,
            "Voice",
            subtype="question",
        ),
    ),
    Step(
        "18 10:00",
        MANAGER,
        "raises case 3 to high",
        lambda d: severity.change(d, 3, Priority.HIGH, "Month-end reports depend on it.", confirm=_yes),
    ),
    Step(
        "18 15:30",
        AGENT,
        "answers case 6, late, with a question",
        lambda d: cases.ask(d, 6, "Which of your call flows is it?"),
    ),
    Step(
        "19 13:30",
        LENA,
        "opens case 7: logins are slow",
        _opening(
            "Logins are slow",
            "Logging in takes more than a minute for every agent since this morning at about nine.",
            Priority.HIGH,
            "Voice",
            deployment="Main",
        ),
    ),
    Step(
        "20 14:10",
        DANA,
        "opens case 8: queue music stops",
        _opening(
            "Queue music stops",
            "The music on hold stops after some seconds, and callers think that the line is dead.",
            Priority.HIGH,
            "Voice",
        ),
    ),
    Step(
        "20 15:20",
        OMAR,
        "opens case 9: exports are empty",
        _opening(
            "Exports are empty",
            "Every export of the weekly report since noon is an empty file, whichever format is chosen.",
            Priority.HIGH,
            "Reporting",
        ),
    ),
)

STORY = (*FIRST_WEEK, *SECOND_WEEK, *THIRD_WEEK)
