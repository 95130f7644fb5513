"""What holding the record against its events brought to light (AUD-1)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from carecli.domain.seal import Proof, Proved, Seal
from carecli.errors import Refused

UNTOLD: Final = "no event tells of it"
"""How a difference says that something is stored and on no record: put there by hand, or its events are gone."""

_MOST_LINES: Final = 5

Kept = tuple[str, Mapping[str, Any]]
"""Whether a document is a policy or a calendar, and what it says."""


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


class Break(StrEnum):
    """What was done to an event of the log, as far as the chain can tell."""

    CHANGED = "changed"
    DIGEST = "digest"
    MISSING = "missing"
    MOVED = "moved"
    PUT_IN = "put-in"
    RENUMBERED = "renumbered"


class Difference(NamedTuple):
    """One thing that is stored otherwise than the events say.

    `number` is the case's, None for what is the whole desk's; `name` says which thing of its part: a column, an
    address, the start of a content hash; of a broken chain it is the `Break`. `event` is a place in the log.
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
    seal: Seal | None = None
    """Of the log as it stands, None where it is broken, or one case was looked at."""
    proofs: tuple[Proved, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing differs, and every seal holds."""
        return not self.differences and all(one.proof is Proof.HOLDS for one in self.proofs)


class RepairReport(NamedTuple):
    """What was looked at, what was put right, and what is left that nothing derived can mend."""

    cases: int
    events: int
    mended: tuple[Difference, ...]
    left: tuple[Difference, ...]
    dry_run: bool = False


class LogBroken(Refused):
    """Nothing can be made anew from a log that is broken; `differences` say where it is."""

    def __init__(self, message: str, differences: Sequence[Difference], *, server: bool = False) -> None:
        hint = "restore a backup of the server's" if server else "restore a backup made with `care backup`"
        super().__init__(message, hint=hint, rule="AUD-1")
        self.differences = tuple(differences)

    @property
    def lines(self) -> Sequence[str]:
        """The first of what is broken."""
        told = [
            one.what if one.event is None or f"event {one.event}" in one.what else f"event {one.event} {one.what}"
            for one in self.differences[:_MOST_LINES]
        ]
        more = len(self.differences) - len(told)
        return [*told, f"and {more:,} more; `care verify` tells all"] if more else told
