"""Desks, cases and events for the store's tests, built by the rules themselves."""

import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

from carecli.domain import deadlines
from carecli.domain.access import Act
from carecli.domain.business_time import business_time
from carecli.domain.calendar import Calendar, parse_hours
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.folding import replay
from carecli.domain.opening import Form, Place, opened
from carecli.domain.outbox import Mail, MailKind
from carecli.domain.policy import from_document
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Plan, Priority, Side, Standing, Status, Substatus, Via, Visibility
from carecli.store.protocol import Store, Writing

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = tomllib.loads((resources.files("carecli") / "policies" / "default.toml").read_text("utf-8"))
RULES = Rules(from_document(POLICY), business_time(Calendar("UTC", parse_hours("Mon-Fri 09:00-17:00"), {})))
FORM = Form(
    subtype="problem",
    account="Acme",
    deployment="EMEA",
    service="Voice",
    component="Trunks",
    contact="ann@acme.example",
    stage="production",
    priority=Priority.HIGH,
    subject="Calls drop",
    description="Every call to Madrid drops after ten seconds since this morning",
    impact="Nobody can sell",
)
STATUSES = {
    Status.OPEN: Substatus.NEW,
    Status.AWAITING_INFO: Substatus.INFO_REQUIRED,
    Status.SOLUTION_PROPOSED: Substatus.SOLUTION_PROPOSED,
    Status.SERVICE_RESTORED: Substatus.PENDING_RCA,
    Status.CLOSED: Substatus.RESOLVED,
}


def opening(number: int = 1, at: datetime = T0, **answers: Any) -> Event:
    """The event that opens a case."""
    place = Place(number, Plan.CARE, "Voice", "policy", "calendar")
    return opened(FORM._replace(**answers), place, Act("ann@acme.example", Side.CONTACT, Via.PORTAL), at)


def new_case(number: int = 1, at: datetime = T0, **answers: Any) -> Case:
    """A case as it is right after its opening."""
    return replay([opening(number, at, **answers)], lambda *_: RULES)


def standing(status: Status) -> Standing:
    """The status with a sub-status that goes with it."""
    return Standing(status, STATUSES[status])


def event(kind: Kind = Kind.COMMENTED, *, minutes: int = 0, **data: Any) -> Event:
    """An event some minutes after the opening."""
    at = T0 + timedelta(minutes=minutes)
    return Event(at, "bob@care.example", Via.DESK, kind, Visibility.PUBLIC, data)


def kept(record: Writing, cases: Iterable[Case]) -> None:
    """Save cases with the timers that they wait for."""
    for case in cases:
        record.save(case, deadlines.timers(case))


def mail(key: str = "1-1-1", minutes: int = 0, **more: Any) -> Mail:
    """A mail queued some minutes after the opening."""
    at = T0 + timedelta(minutes=minutes)
    to, subject, content = "ann@acme.example", "Re: Calls drop", {"said": "Hello"}
    first = Mail(key, 1, MailKind.ANSWER, to, subject, content, f"<{key}@care>", at, at, at)
    return first._replace(**more)


class _Undone(Exception):
    """Ends a transaction that leaves nothing behind."""


@contextmanager
def undone(store: Store) -> Iterator[Writing]:
    """A transaction for one example of many on the same store: nothing of it is kept."""
    with suppress(_Undone), store.write() as record:
        yield record
        raise _Undone
