"""A case as its history adds up to it; `folding` says how (STAT-4)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from carecli.domain.chat import Chat
from carecli.domain.clock import Clock
from carecli.domain.deadline import Deadline
from carecli.domain.escalation import Escalation
from carecli.domain.exemption import Exemption
from carecli.domain.followup import FollowUp
from carecli.domain.incident import Incident
from carecli.domain.linking import Link
from carecli.domain.rebasing import Rebasings
from carecli.domain.request import Request
from carecli.domain.vocabulary import CaseType, Metric, Plan, Priority, Standing, Status, Via


class Case(NamedTuple):
    """The state of a case; `texts` and `fields` are what the customer wrote, `seq` counts its events."""

    number: int
    seq: int
    type: CaseType
    subtype: str | None
    stage: str | None
    subject: str
    account: str
    plan: Plan
    deployment: str | None
    service: str | None
    component: str | None
    contact: str
    owner: str | None
    group: str | None
    priority: Priority
    standing: Standing
    opened_at: datetime
    modified_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    via: Via
    policy: str
    calendar: str
    rounds: int
    clocks: tuple[Clock, ...]
    followup: FollowUp | None
    links: tuple[Link, ...]
    description: str
    impact: str | None
    fields: Mapping[str, Any]
    root_cause: str | None = None
    escalation: Escalation | None = None
    timed: bool = False
    intake: Mapping[str, Any] = MappingProxyType({})
    """What was kept of the opening beside the form: checklist, selection of the component, assessment."""
    defect: str | None = None
    release: str | None = None
    """In which release a feature is planned, or there (FR-1)."""
    articles: tuple[str, ...] = ()
    """The labels of the knowledge articles that it is linked with (CLOSE-1)."""
    deadlines: tuple[Deadline, ...] = ()
    """What is to be done by when beside the clocks: request decisions, post-mortems, actions (SR-1, INC-2)."""
    chats: int = 0
    """How many chats there have been on it."""
    chat: Chat | None = None
    """The one that stands (CHAT-1)."""
    request: Request | None = None
    """How far a change request or service order has come (SR-1)."""

    incident: Incident | None = None
    """What it has as an incident, on one that was declared such (INC-1)."""
    exemptions: tuple[Exemption, ...] = ()
    """The stretches that reports leave out of its clocks, as long as they stand (SLA-9)."""
    exempted: int = 0
    """How many there have ever been."""
    rebasings: Rebasings = ()
    """The changes of its rules so far; `policy` and `calendar` are those in force now (SLA-8)."""

    @property
    def status(self) -> Status:
        """Its status."""
        return self.standing.status

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self.standing.closed

    @property
    def escalated(self) -> bool:
        """Whether an escalation stands (ESC-1)."""
        return self.escalation is not None

    def clock(self, metric: Metric, cycle: int) -> Clock:
        """One of its clocks."""
        return next(c for c in self.clocks if c.metric is metric and c.cycle == cycle)
