"""What a shell may offer for a word that somebody types: cases, people and names that the actor may see (DC-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk.desk import identified
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.finding import Scope
from carecli.domain.numbers import spans, written
from carecli.store.opening import is_current, open_store

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.domain.access import Actor
    from carecli.domain.people import Account, Contact, Service, Staff
    from carecli.store.protocol import Reading

LIMIT = 50
ARTICLES = 1_000
"""So many articles are looked through, the latest written."""
BUSY_S = 1.0
"""How long somebody who presses a key may be kept waiting by another command."""


class Candidate(NamedTuple):
    """A word that may stand there, and what it means."""

    value: str
    meaning: str


class View(NamedTuple):
    """The record as an actor sees it; nobody who is named may see nobody but those who could be."""

    reading: Reading
    actor: Actor | None

    def may(self, right: Right) -> bool:
        """Whether the actor has a right."""
        return self.actor is not None and right in self.actor.rights


def candidates(config: Config, kind: str, prefix: str) -> list[Candidate]:
    """What begins with `prefix`, letter case aside; raises CareError or OSError where there is no such desk.

    A record that this program would have to migrate first is left alone.
    """
    if kind not in KINDS or not is_current(config.db):
        return []
    store = open_store(config.db, create=False, busy_s=BUSY_S)
    try:
        with store.read() as reading:
            actor = identified(reading, config.actor) if config.actor else None
            known = reading.seeing(actor.sight) if actor else reading
            return list(islice(_fitting(KINDS[kind](View(known, actor), prefix), prefix), LIMIT))
    finally:
        store.close()


def _fitting(found: Iterable[Candidate], prefix: str) -> Iterator[Candidate]:
    seen = set()
    for candidate in found:
        if candidate.value not in seen and candidate.value.casefold().startswith(prefix.casefold()):
            seen.add(candidate.value)
            yield candidate


def _cases(view: View, prefix: str) -> Iterator[Candidate]:
    """Newest first, written as they were begun: with the zeros of paper, without, or behind a #."""
    if not view.may(Right.READ_CASES):
        return
    mark, digits = ("#", prefix[1:]) if prefix.startswith("#") else ("", prefix)
    padded = not digits or digits.startswith("0")
    for lowest, highest in spans(digits):
        for number, subject in view.reading.numbered(Scope(), lowest, highest, LIMIT):
            yield Candidate(mark + (written(number) if padded else str(number)), subject)


def _advisories(view: View, _prefix: str) -> Iterator[Candidate]:
    """The advisories that the actor may read, the latest published first, by their ids (ADV-1)."""
    if view.actor is None:
        return
    # Imported here: few words that are completed name an advisory.
    from carecli.desk.advisories import reading

    for one in reading.visible(view.actor, view.reading, view.reading.advisories(view.actor.email)):
        yield Candidate(one.advisory.label, one.advisory.text.title)


def _articles(view: View, prefix: str) -> Iterator[Candidate]:
    """The latest written first, by their ids, and once something is begun by their names too (KB-1)."""
    if view.actor is None:
        return
    from carecli.domain.knowledge import ArticleFilter

    found, _ = view.reading.articles_listed(ArticleFilter(), public=view.actor.is_contact, limit=ARTICLES)
    for one in found:
        yield Candidate(one.label, one.title)
        if prefix:
            yield Candidate(one.slug, one.title)


def _contacts(view: View, _: str) -> Iterator[Candidate]:
    if view.may(Right.READ_PEOPLE):
        assert view.actor is not None, "nobody has no rights"
        for account in view.actor.accounts or (None,):
            yield from map(_contact, view.reading.contacts(account))


def _staff(view: View, _: str) -> Iterator[Candidate]:
    if _serves(view):
        yield from map(_member, view.reading.staff())


def _people(view: View, prefix: str) -> Iterator[Candidate]:
    """Whoever may act; while nobody is named, whoever may open the file chooses among all."""
    if view.actor is None:
        yield from (_member(member) for member in view.reading.staff() if member.active)
        yield from (_contact(contact) for contact in view.reading.contacts() if contact.active)
    else:
        yield from _staff(view, prefix)
        yield from _contacts(view, prefix)
    yield Candidate(access.SYSTEM_ACTOR.email, "cron's tick")


def _accounts(view: View, _: str) -> Iterator[Candidate]:
    yield from (Candidate(account.name, account.plan) for account in _known_accounts(view))


def _deployments(view: View, _: str) -> Iterator[Candidate]:
    for account in _known_accounts(view):
        yield from (Candidate(deployment.name, account.name) for deployment in account.deployments)


def _services(view: View, _: str) -> Iterator[Candidate]:
    yield from (Candidate(service.name, service.group) for service in _known_services(view))


def _components(view: View, _: str) -> Iterator[Candidate]:
    for service in _known_services(view):
        yield from (Candidate(component, service.name) for component in service.components)


def _groups(view: View, _: str) -> Iterator[Candidate]:
    if _serves(view):
        yield from (Candidate(service.group, "product group") for service in _known_services(view))
        yield from (Candidate(member.group, "product group") for member in view.reading.staff() if member.group)


def _serves(view: View) -> bool:
    """Whether the actor is one of the desk: the list of staff is not for contacts."""
    return view.actor is not None and not view.actor.is_contact and view.may(Right.READ_PEOPLE)


def _known_accounts(view: View) -> Iterable[Account]:
    if not view.may(Right.READ_PEOPLE):
        return ()
    assert view.actor is not None, "nobody has no rights"
    if view.actor.account is None:
        return view.reading.accounts()
    return tuple(account for name in view.actor.accounts if (account := view.reading.account(name)))


def _known_services(view: View) -> Iterator[Service]:
    for account in _known_accounts(view):
        for deployment in account.deployments:
            yield from deployment.services


def _contact(contact: Contact) -> Candidate:
    return Candidate(contact.email, f"{contact.name}, {contact.account}")


def _member(member: Staff) -> Candidate:
    return Candidate(member.email, f"{member.name}, {member.role}")


KINDS: Mapping[str, Callable[[View, str], Iterator[Candidate]]] = {
    "account": _accounts,
    "advisory": _advisories,
    "article": _articles,
    "case": _cases,
    "component": _components,
    "contact": _contacts,
    "deployment": _deployments,
    "group": _groups,
    "person": _people,
    "service": _services,
    "staff": _staff,
}
