"""Rebasings in the notation of histories: a case comes under other rules, as on the real desk (SLA-8)."""

from datetime import datetime

from notation import Desk, when

from carecli.domain import deadlines, rebase_event
from carecli.domain.access import Act
from carecli.domain.events import Event, Kind
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Side, Via

MARKS = (Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED)
ADMIN = Act("ada@desk.example", Side.STAFF, Via.DESK)


class Book:
    """The rules of a case by their hashes, from those that it was opened under on."""

    def __init__(self, first: Rules) -> None:
        self.known = {("policy-hash", "calendar-hash"): first}

    def __call__(self, policy: str, calendar: str) -> Rules:
        """The rules of these hashes."""
        return self.known[policy, calendar]

    def written(self, rules: Rules) -> tuple[str, str]:
        """Hashes for more rules."""
        named = f"policy-{len(self.known)}", f"calendar-{len(self.known)}"
        self.known[named] = rules
        return named


def rebase(desk: Desk, at: str | datetime, to: Rules, book: Book | None = None) -> list[Event]:
    """Bring the case under other rules; the answer is what went on record.

    A `book` is needed to look at the history afterwards; without one the rules up to here are taken as one.
    """
    moment = when(at) if isinstance(at, str) else at
    book = book or _book(desk)
    event = rebase_event.rebase(desk.case, desk.events, book.written(to), book, ADMIN, moment)
    desk.case, recorded = deadlines.consequences(desk.case, event, desk.rules, to)
    desk.events += recorded
    desk.rules = to
    return recorded


def _book(desk: Desk) -> Book:
    if not hasattr(desk, "book"):
        desk.book = Book(desk.rules)  # type: ignore[attr-defined]
    found: Book = desk.book  # type: ignore[attr-defined]
    return found
