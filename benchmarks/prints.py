"""Patterns as rows, made once by the program's own functions: names and texts alone are left to fill in."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import patterns
from patterns import Pattern

from carecli.domain import deadlines
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailState
from carecli.mail import reference
from carecli.mail.outgoing import notices
from carecli.mail.outgoing.office import Office, Sending
from carecli.store import codec
from carecli.store.cases import _row as case_row
from carecli.store.outbox import _row as mail_row
from carecli.store.timers import timer_row

REQUESTS: Final = frozenset({Kind.ASKED, Kind.PROPOSED})
"""What a reminder reminds of."""

KEY: Final = b"the key of a made desk's marks.."
"""Instead of a random one, so that the same seed makes the same mail."""

MOST_MAILS: Final = 12
"""Of one case."""


def marks(number: int) -> tuple[str, ...]:
    """The keyed hashes in a case's mails: of its reference, and of the Message-ID at each place."""
    ids = (reference.message_id(KEY, number, place, "") for place in range(1, MOST_MAILS + 1))
    told = reference.reference(KEY, number).rpartition("-")[2]
    return told, *(id_.rpartition(".")[2].removesuffix("@>") for id_ in ids)


MARKS: Final = marks(patterns.NUMBER)
"""Stand-ins, too, for those of each case."""

_STAND_IN: Final = re.compile(
    f"(<<[^<>]+>>|{written(patterns.NUMBER)}|{patterns.NUMBER}|{'|'.join(MARKS)})",
)

Form = tuple[Any, ...]
"""A row in which a tuple of strings stands for a text with stand-ins, cut up where they are."""


class PrintedMoment(NamedTuple):
    """A moment's events without their places in the log, and the mails that it sent."""

    at: datetime
    events: tuple[Form, ...]
    mails: tuple[Form, ...]


class Printed(NamedTuple):
    """A pattern as rows; those of the case and its timers without the number."""

    moments: tuple[PrintedMoment, ...]
    case: Form
    timers: tuple[tuple[Any, ...], ...]
    marked: bool
    updates: Form
    notes: Form


def filled(form: Form, names: dict[str, str]) -> tuple[Any, ...]:
    """The row for a case that has these names."""
    return tuple([_text(value, names) if isinstance(value, tuple) else value for value in form])


def _text(parts: tuple[str, ...], names: dict[str, str]) -> str:
    return "".join([names.get(part, part) for part in parts])


def printed(pattern: Pattern, office: Office) -> Printed:
    """Everything that the program would have written for a case of this pattern."""
    case = pattern.case
    public, internal = _texts(pattern)
    moments = zip(pattern.moments, mails(pattern, office), strict=True)
    return Printed(
        tuple(
            PrintedMoment(
                moment.events[-1].at,
                tuple(_form(_event_row(event)) for event in moment.events),
                tuple(_form(mail_row(mail)) for mail in sent),
            )
            for moment, sent in moments
        ),
        _form((*map(_folded, case_row(case)[1:-2]), *case_row(case)[-2:])),
        tuple((fires_at, *rest) for fires_at, _, *rest in map(timer_row, deadlines.timers(case))),
        any(clock.unmet and (clock.warned_at or clock.breached_at) for clock in case.clocks)
        or any(one.open and one.missed_at for one in case.deadlines),
        (_cut("\n".join(public)),),
        (_cut("\n".join(internal)),) if internal else (),
    )


def mails(pattern: Pattern, office: Office) -> Iterator[list[Mail]]:
    """The mails that a history sent, moment by moment, as `desk.record` writes and delivers them."""
    seq = sent = 0
    request = None
    named: tuple[str, ...] = ()
    for moment in pattern.moments:
        composed = []
        for event in moment.events:
            seq += 1
            request = event.data["text"] if event.kind in REQUESTS else request
            asked = request if event.kind is Kind.FOLLOW_UP_SENT else None
            entry = Recorded(0, pattern.case.number, seq, event, "")
            sending = Sending(KEY, sent + 1, event.at, named, asked)
            mail = notices.compose(entry, moment.case, office, sending)
            if mail:
                sent += 1
                assert sent <= MOST_MAILS, "each has a mark"
                named = named or (mail.message_id,)
                composed.append(
                    mail._replace(state=MailState.SENT, next_at=None, attempts=1, sent_at=_delivered(event.at))
                )
        yield composed


def _delivered(at: datetime) -> datetime:
    return min(at + timedelta(minutes=1), patterns.LAST_TICK)


def _event_row(event: Event) -> tuple[Any, ...]:
    return codec.event_row(Recorded(0, 0, 0, event, ""))[3:-1]


def folded_stand_in(stand_in: str) -> str:
    """What stands for a name in the columns that hold it without letter case."""
    return stand_in.replace("<<", "<<folded ")


def _folded(value: object) -> object:
    return folded_stand_in(value) if isinstance(value, str) else value


def _form(row: tuple[Any, ...]) -> Form:
    return tuple(_cut(str(value)) if _STAND_IN.search(str(value)) else value for value in row)


def _cut(text: str) -> tuple[str, ...]:
    return tuple(part for part in _STAND_IN.split(text) if part)


def _texts(pattern: Pattern) -> tuple[list[str], list[str]]:
    """What search finds in the case's updates, and in its notes."""
    public: list[str] = []
    internal: list[str] = []
    for moment in pattern.moments:
        for event in moment.events:
            if text := event.data.get("text"):
                (public if event.public else internal).append(text)
    return public, internal
