"""The rooms of the record that are the same on every engine, each with its own tables."""

from __future__ import annotations

from carecli.store.advisories import AdvisoryReading, AdvisoryWriting
from carecli.store.alerts import AlertReading, AlertWriting
from carecli.store.attachments import AttachmentReading, AttachmentWriting
from carecli.store.backups import BackupReading, BackupWriting
from carecli.store.cases import CaseWriting
from carecli.store.chat import ChatReading, ChatWriting
from carecli.store.components import ComponentReading, ComponentWriting
from carecli.store.desk_settings import DeskReading, DeskWriting
from carecli.store.events import EventReading, EventWriting
from carecli.store.finding import Finding
from carecli.store.forecast import ForecastReading
from carecli.store.health import HealthReading
from carecli.store.home import HomeReading
from carecli.store.inbox import InboxReading, InboxWriting
from carecli.store.knowledge import KnowledgeReading, KnowledgeWriting
from carecli.store.late import LateReading
from carecli.store.outbox import OutboxReading, OutboxWriting
from carecli.store.people import PeopleReading, PeopleWriting
from carecli.store.pins import PinReading, PinWriting
from carecli.store.refusals import RefusalReading, RefusalWriting
from carecli.store.report import ReportReading
from carecli.store.routing import RoutingReading
from carecli.store.similar import SimilarReading
from carecli.store.standing import StandingReading
from carecli.store.timers import TimerReading
from carecli.store.whole import WholeReading, WholeWriting


class RoomsReading(
    PinReading,
    Finding,
    ForecastReading,
    HomeReading,
    HealthReading,
    TimerReading,
    StandingReading,
    LateReading,
    EventReading,
    PeopleReading,
    DeskReading,
    OutboxReading,
    InboxReading,
    AttachmentReading,
    KnowledgeReading,
    ComponentReading,
    SimilarReading,
    RoutingReading,
    ReportReading,
    AlertReading,
    AdvisoryReading,
    ChatReading,
    RefusalReading,
    BackupReading,
    WholeReading,
):
    """What is read alike."""


class RoomsWriting(
    PinWriting,
    CaseWriting,
    EventWriting,
    PeopleWriting,
    DeskWriting,
    OutboxWriting,
    InboxWriting,
    AttachmentWriting,
    KnowledgeWriting,
    ComponentWriting,
    AlertWriting,
    AdvisoryWriting,
    ChatWriting,
    RefusalWriting,
    BackupWriting,
    WholeWriting,
    RoomsReading,
):
    """What is written alike."""
