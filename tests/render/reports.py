"""Hand-made incident reports: a full one, one of which little is known, and one that is written to do harm."""

from datetime import UTC, datetime
from typing import Final

from carecli.domain.incident import Action
from carecli.domain.incident_report import BACK, Milestone, Moment, Report, Specific


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


BEGAN, ENDED = at("2026-03-27T13:10:00"), at("2026-03-27T15:30:00")
FULL: Final = Report(
    title="Calls drop on one of two relays",
    numbers=("0000000042",),
    account=None,
    clients=("Northwind", "Harbor Clinic"),
    at=at("2026-04-01T14:00:00"),
    zone="Europe/London",
    started_at=BEGAN,
    restored_at=ENDED,
    duration_s=8_400,
    post_mortem_at=at("2026-03-31T14:00:00"),
    description="Every third call drops.",
    details="A relay failed.\nThe other one took half of the calls.",
    specifics=(Specific("Harbor Clinic", "The night line was down."),),
    restoration="Calls were moved to the other relay.",
    root_cause="A full disk.",
    measures="The disk was cleared.",
    actions=(
        Action(1, "Alert on disk space", "Ben Ito", at("2026-04-02T22:59:00")),
        Action(
            2, "A third relay", "Ada Park", at("2026-04-30T12:00:00"), at("2026-03-31T15:00:00"), "ada@x.example"
        ),
    ),
    comments="We are sorry.",
    milestones=(
        Milestone(BEGAN, "Service affected", True),
        Milestone(at("2026-03-27T13:20:00"), "Case opened", True),
        Milestone(ENDED, BACK, False),
        Milestone(at("2026-03-31T14:00:00"), "Post-mortem held", False),
    ),
    timeline=(
        Moment(at("2026-03-27T13:20:00"), "dana@northwind.example", "opened the case", None),
        Moment(at("2026-03-27T13:40:00"), "Customer Care", "wrote", "We look into it.\nMore soon."),
    ),
    lacks=(),
)
LITTLE: Final = FULL._replace(
    account="Harbor Clinic",
    numbers=(),
    clients=("Harbor Clinic",),
    restored_at=None,
    post_mortem_at=None,
    description=None,
    details=None,
    specifics=(),
    restoration=None,
    root_cause=None,
    measures=None,
    actions=(),
    comments=None,
    milestones=(Milestone(BEGAN, "Service affected", True), Milestone(FULL.at, "Still affected", True)),
    timeline=(),
    lacks=("title", "end", "details", "restoration"),
)
HARM: Final = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> {{ 7*7 }} \x1b[31m]\u202e [a](javascript:alert(3))"
)
HOSTILE: Final = FULL._replace(
    title=HARM,
    clients=(HARM,),
    description=f"# {HARM}\n- {HARM}\n1. {HARM}\n> {HARM}\n```\n| a | b |",
    details="x" * 3_000,
    specifics=(Specific(HARM, HARM),),
    restoration=HARM,
    root_cause=HARM,
    measures="https://example.com/" + "y" * 500,
    actions=(Action(1, HARM, HARM, FULL.at),),
    comments='"><svg onload=alert(4)>',
    timeline=(Moment(BEGAN, HARM, "wrote", HARM),),
)
