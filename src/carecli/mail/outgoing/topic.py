"""One subject matter of the desk's notices: which events call for which mail, who gets it, what it says first.

Each `notices_*` module has one, in `TOPIC`; `notices` asks them all.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.outbox import MailKind


def _nothing(_kind: MailKind, _event: Event, _case: Case) -> str | None:
    return None


def _unnamed(_event: Event, _case: Case, _to: str | None) -> MailKind | None:
    return None


def _none(_kind: MailKind, _case: Case) -> tuple[tuple[str, str], ...]:
    return ()


class Topic(NamedTuple):
    """What is told of one matter.

    `kinds` is the mail to a case's contact that each event calls for, `about` what its subject says. Events in
    `names` tell themselves whom they are told to: `recipients` are those, and `kind_for` is which mail one of them
    gets, None where it is the one in `kinds`. `lead` is a mail's first sentence, None for one that is about
    something else. What is in `to_care` goes to staff, who can type `ways`.
    """

    about: Mapping[MailKind, str]
    kinds: Mapping[Kind, MailKind] = {}
    names: frozenset[Kind] = frozenset()
    recipients: Callable[[Event, Case], tuple[str, ...]] = lambda _event, _case: ()
    kind_for: Callable[[Event, Case, str | None], MailKind | None] = _unnamed
    lead: Callable[[MailKind, Event, Case], str | None] = _nothing
    to_care: frozenset[MailKind] = frozenset()
    ways: Callable[[MailKind, Case], tuple[tuple[str, str], ...]] = _none


def once(told: tuple[str, ...], event: Event) -> tuple[str, ...]:
    """Each of them once, without who did it: nobody is told what he did himself."""
    return tuple(dict.fromkeys(to for to in told if to != event.actor))
