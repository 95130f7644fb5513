"""Setting up a desk: its name, calendar and policy, and its first admin (DC-5)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from carecli.config import Config
from carecli.desk import calendars, policies
from carecli.desk.desk import Now, identified, unfinished_copy
from carecli.desk.directory import address, keep_staff
from carecli.desk.home import lacking
from carecli.desk.names import person_name
from carecli.desk.record import Record
from carecli.desk.told_desk import UNREADABLE
from carecli.domain import access
from carecli.domain.access import Actor, Right
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Kind
from carecli.domain.instants import whole_seconds
from carecli.domain.people import DESK_CALENDAR, CalendarSpec, Staff
from carecli.domain.vocabulary import Role, Side
from carecli.errors import DatabaseUnusable, NotPermitted
from carecli.store.protocol import Reading, Writing


@dataclass(frozen=True, slots=True)
class Setup:
    """What `care init` was given; None keeps what the desk has."""

    email: str
    name: str | None = None
    desk_name: str | None = None
    calendar: CalendarSpec = field(default_factory=CalendarSpec)
    policy: str | None = None


def init(config: Config, setup: Setup, *, now: Now | None = None) -> Staff:
    """Make the desk with its first admin; on a desk that stands, its admins change its settings."""
    from carecli.store.opening import open_store

    moment = whole_seconds(now("UTC") if now else datetime.now(UTC))
    _check(setup, moment)
    store = open_store(config.db, create=True)
    try:
        with store.write() as writing:
            return _set_up(config, setup, writing, moment)
    finally:
        store.close()


class Standing(NamedTuple):
    """A desk's settings with the name of its policy, the name of one of its staff, and what it lacks still."""

    settings: DeskSettings
    policy: str
    name: str | None
    lacking: tuple[str, ...]


def standing(config: Config, email: str) -> Standing | None:
    """How the desk is set up; None where it is not yet, or cannot be read: then `init` says why.

    Raises Invalid for what is no address.
    """
    from carecli.store.opening import is_there, open_store

    address(email)
    if not is_there(config.db):
        return None
    try:
        store = open_store(config.db, create=False)
    except DatabaseUnusable:
        return None
    try:
        with store.read() as reading:
            return _standing(reading, email)
    except DatabaseUnusable:
        return None
    finally:
        store.close()


def _standing(reading: Reading, email: str) -> Standing | None:
    settings, staff = reading.settings(), reading.staff_member(email)
    if settings is None:
        return None
    digest = settings.policy or ""
    try:
        policy = str(reading.document(digest).get("name", digest))
    except UNREADABLE:  # `init --policy` is what mends it
        policy = digest
    return Standing(settings, policy, staff and staff.name, lacking(reading))


def _check(setup: Setup, at: datetime) -> None:
    """Refuse what means nothing before a database is made for it."""
    address(setup.email)
    person_name(setup.name or setup.email)
    calendars.check(setup.calendar.over(DESK_CALENDAR), at)
    if setup.policy:
        policies.load(setup.policy)


def _set_up(config: Config, setup: Setup, writing: Writing, now: datetime) -> Staff:
    old = writing.settings()
    copy = None if old else writing.copy_of()
    if copy:
        raise unfinished_copy(config, copy)
    actor = _first_admin(setup.email) if old is None else _admin(writing, setup.email)
    record = _record(config, writing, actor, now, old or DeskSettings())
    _keep_settings(record, setup, old)
    known = writing.staff_member(actor.email)
    if known and setup.name in {None, known.name}:
        return known
    staff = Staff(actor.email, setup.name or actor.email, Role.ADMIN, known.group if known else None)
    return keep_staff(record, staff, Kind.STAFF_CHANGED if known else Kind.STAFF_ADDED)


def _keep_settings(record: Record, setup: Setup, old: DeskSettings | None) -> None:
    base = old or DeskSettings()
    spec = setup.calendar.over(base.calendar)
    calendars.check(spec, record.now)
    policy = base.policy
    if setup.policy or policy is None:
        policy = record.document("policy", policies.load(setup.policy or "default"))
    settings = DeskSettings(setup.desk_name or base.name, spec, policy)
    if settings != old:
        record.writing.put_settings(settings)
        record.desk_event(Kind.DESK_SET_UP, settings.document())


def _first_admin(email: str) -> Actor:
    return access.staff_actor(Staff(address(email), email, Role.ADMIN))


def _admin(writing: Writing, email: str) -> Actor:
    actor = identified(writing, email)
    if actor.side is not Side.STAFF or Right.ADMINISTER not in actor.rights:
        raise NotPermitted(
            "this desk is set up already, and its admins alone change it",
            hint="ask an admin to add you with `care staff add`",
            rule="DC-5",
        )
    return actor


def _record(config: Config, writing: Writing, actor: Actor, now: datetime, settings: DeskSettings) -> Record:
    from carecli.desk.rulebook import Rulebook

    return Record(config, settings, actor, now, Rulebook(), writing, notices=False)
