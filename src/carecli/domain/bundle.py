"""One case as a file that can be checked without the database: what is in it, and what was found in it (IMP-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from carecli.domain.events import Kind

if TYPE_CHECKING:
    from carecli.domain.case import Case
    from carecli.domain.events import Recorded
    from carecli.domain.ledger import Explanation
    from carecli.domain.outbox import Mail
    from carecli.domain.views import CaseView
    from carecli.domain.vocabulary import Metric

FORM: Final = "care-bundle"
VERSION: Final = 1
"""What this program writes; a reader refuses a later one."""

MARKS: Final = frozenset({Kind.CLOCKS_STARTED, Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.CLOCK_MET})
"""What the clocks need of the events that no customer reads: facts of the clocks alone, which nobody wrote."""

_MAIL_TIES: Final = "the reference and Message-ID of each mail, by which one replies into the case"

FROM_CUSTOMERS: Final = (
    "internal notes and everything else that is internal to Customer Care, if there is any",
    "the digests and places in the log of the events, as they count what is internal too",
    "mail to anybody but the account's contacts",
    _MAIL_TIES,
    "the bytes of attached files, whose SHA-256 stands in `case`",
)
FROM_SOME_STAFF: Final = (
    "what the events tell of cases that are not for the writer's eyes",
    "the digests of the events, as they cover it",
    _MAIL_TIES,
    "the bytes of attached files, whose SHA-256 stands in `case`",
)
FROM_ALL: Final = (
    _MAIL_TIES,
    "the bytes of attached files, whose SHA-256 stands in `case`",
)


UNPROVED: Final = "that no event was changed or left out: there are no digests, only the desk itself can tell"
UNPROVED_MAIL: Final = "what the mails say and when they went out, but for which follow-ups there were"
"""What a bundle that holds says by its writer's word alone."""


class Chained(NamedTuple):
    """An event with the digest that stands before it in the desk's log; None where the bundle is not whole."""

    entry: Recorded
    previous: str | None
    numbered: bool = True
    """Whether its reader knows it by a number; no customer does a mark of the clocks."""


class Bundle(NamedTuple):
    """A case with everything by which its clocks can be checked, as its writer may see it (DC-3).

    `whole` where the chain of digests is in it; `documents` are the policies and calendars by their hashes.
    """

    number: int
    made_at: datetime
    made_by: str
    for_contact: bool
    desk: str
    whole: bool
    withheld: tuple[str, ...]
    events: tuple[Chained, ...]
    documents: Mapping[str, tuple[str, Mapping[str, Any]]]
    case: Case
    view: CaseView
    proof: Explanation
    mail: tuple[tuple[Mail, str | None], ...] = ()
    """Each mail with the SHA-256 of its message as it went out."""


class Part(StrEnum):
    """A part of a bundle that may not hold."""

    FILE = "file"
    EVENT = "event"
    CHAIN = "chain"
    DOCUMENT = "document"
    CASE = "case"
    CLOCK = "clock"
    PROOF = "proof"
    MAIL = "mail"


class Fault(NamedTuple):
    """Something in a bundle that is not as its own events, hashes and rules say."""

    part: Part
    where: str
    what: str


class Overdue(NamedTuple):
    """A clock that was due before a bundle was made, and whose breach is not on record in it."""

    metric: Metric
    cycle: int
    due_at: datetime


class Verdict(NamedTuple):
    """What a look at a bundle found: how much was looked at, and what does not hold."""

    number: str | None
    made_at: str | None
    made_by: str
    whole: bool
    events: int
    digests: int
    documents: int
    clocks: int
    mails: int
    faults: tuple[Fault, ...]
    overdue: tuple[Overdue, ...] = ()
    unproved: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    """The digests of its first and last event, by which the desk finds them in its log."""
