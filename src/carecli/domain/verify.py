"""What holding the record against its events brought to light (AUD-1)."""

from enum import StrEnum
from typing import NamedTuple


class Part(StrEnum):
    """A part of the record that can differ."""

    DATABASE = "database"
    EVENT = "event"
    CASE = "case"
    TIMERS = "timers"
    CLOCK_MARKS = "clock-marks"
    DEADLINES = "deadlines"
    SEARCH = "search"
    ATTACHMENTS = "attachments"
    FILE = "file"
    OUTBOX = "outbox"
    INBOX = "inbox"
    EXTERNALS = "externals"
    TALLIES = "tallies"
    COUNTER = "counter"
    ALERTS = "alerts"
    COMPONENTS = "components"
    ARTICLE = "article"
    ADVISORY = "advisory"
    DOCUMENT = "document"
    CALENDAR = "calendar"
    ACCOUNT = "account"
    CONTACT = "contact"
    STAFF = "staff"
    SETTINGS = "settings"
    LAST_TICK = "last-tick"


class Difference(NamedTuple):
    """One thing that is stored otherwise than the events say.

    `number` is the case's, None for what is the whole desk's; `name` says which thing of its part: a column, an
    address, the start of a content hash; `event` is a place in the log.
    """

    number: int | None
    part: Part
    what: str
    name: str | None = None
    event: int | None = None


class VerifyReport(NamedTuple):
    """What was looked at, and what differs."""

    cases: int
    events: int
    differences: tuple[Difference, ...]
