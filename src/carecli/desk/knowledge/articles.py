"""Knowledge articles as readers meet them: found, read, judged, offered before a case is opened (KB-1, OPEN-7).

Contacts read what is published for everybody; a draft, an internal article and a retired one answer them exactly
as one that does not exist, and are neither searched nor counted nor known word by word (DC-3).
Staff read everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carecli.desk.knowledge import searching
from carecli.domain import access, knowledge
from carecli.domain.access import Right
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import ArticleFilter, ArticlesFound, ArticleStatus
from carecli.domain.vocabulary import Side, Via, Visibility
from carecli.errors import NotFound, NotPermitted, Refused

if TYPE_CHECKING:
    from typing import Any

    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.access import Actor
    from carecli.domain.knowledge import Article, ArticleHit
    from carecli.store.protocol import Reading

SUBJECT_MAX = 200


class ArticleView(NamedTuple):
    """An article as one reader may see it: with the reader's own vote, and for staff with its latest version."""

    article: Article
    vote: bool | None
    latest: int


def public(actor: Actor) -> bool:
    """Whether the actor reads what is published for everybody, and nothing else (DC-3)."""
    return actor.is_contact


def show(desk: Desk, label: str, version: int | None = None) -> ArticleView:
    """An article, for staff perhaps an earlier text of it; raises NotFound (DC-3)."""
    with desk.reading() as reading:
        found = article(desk.actor, reading, label)
        latest = found.version
        if version is not None and version != found.version:
            hidden = public(desk.actor) or version > latest
            other = None if hidden else reading.article(found.id, version)
            if other is None:
                raise no_version(found, version)
            found = other
        return ArticleView(
            with_ties(desk, reading, found), reading.article_vote(found.id, desk.actor.email), latest
        )


def versions(desk: Desk, label: str) -> list[Article]:
    """An article with each of its texts, the first one first, for staff; raises NotFound, NotPermitted."""
    require_staff(desk.actor, "the versions of an article are")
    with desk.reading() as reading:
        return reading.article_versions(article(desk.actor, reading, label).id)


def listed(desk: Desk, filter_: ArticleFilter, *, limit: int) -> tuple[list[Article], int]:
    """The articles that the actor may read, the latest written first, and how many there are."""
    with desk.reading() as reading:
        wanted = _allowed(desk.actor, filter_)
        return reading.articles_listed(wanted, public=public(desk.actor), limit=limit)


def search(desk: Desk, words: str, filter_: ArticleFilter = ArticleFilter(), *, limit: int) -> ArticlesFound:  # noqa: B008
    """The articles that fit the words best, among those that the actor may read (KB-1, DC-3)."""
    with desk.reading() as reading:
        wanted = _allowed(desk.actor, filter_)
        return searching.found(reading, words, wanted, public=public(desk.actor), limit=limit)


def offered(desk: Desk, text: str, *, service: str | None, limit: int) -> list[ArticleHit]:
    """The published articles that may spare a case with this subject and, below it, description (OPEN-7).

    Those of another service than the case's come later; what shares mere words with the text is not offered.
    """
    with desk.reading() as reading:
        return searching.fitting(reading, text, service, public=public(desk.actor), limit=limit)


def vote(desk: Desk, label: str, helpful: bool) -> Article:
    """Say whether an article helped: one vote a person, which may change; raises NotFound, NotPermitted."""
    if desk.actor.side is Side.SYSTEM:
        raise NotPermitted("only people vote on articles", hint="say who you are with --as EMAIL", rule="KB-1")
    with desk.record() as record:
        found = article(desk.actor, record.writing, label)
        if record.writing.article_vote(found.id, desk.actor.email) is not helpful:
            tell(record, Kind.ARTICLE_VOTED, {"id": found.id, "helpful": helpful})
        return article(desk.actor, record.writing, label)


def deflected(desk: Desk, label: str, subject: str) -> None:
    """Record that an article spared a case, which would have had this subject (OPEN-7).

    Raises NotFound, Refused, and NotPermitted for who could not have opened it.
    """
    access.require_opening(desk.actor)
    with desk.record() as record:
        found = article(desk.actor, record.writing, label)
        if found.status is not ArticleStatus.PUBLISHED:
            raise Refused(f"{found.label} is not published", hint="`care kb publish` publishes it", rule="OPEN-7")
        tell(record, Kind.DEFLECTED, {"id": found.id, "subject": encodable(subject)[:SUBJECT_MAX]})


def article(actor: Actor, reading: Reading, label: str) -> Article:
    """The article of this id or name as the actor may read it, or one and the same NotFound (DC-3)."""
    id_ = knowledge.numbered(label)
    if id_ is None:
        id_ = reading.article_of_slug(encodable(label.strip().lower()))
    found = None if id_ is None else reading.public_article(id_) if public(actor) else reading.article(id_)
    if found is None:
        raise unknown(label)
    return found


def unknown(label: str) -> NotFound:
    """The one answer for an article that is not there for the actor."""
    return NotFound(f"there is no article {label[:60]!r}", hint="`care kb list` shows what there is", rule="KB-1")


def no_version(found: Article, version: int) -> NotFound:
    """The one answer for a text of an article that is not there for the actor."""
    return NotFound(
        f"{found.label} has no version {version}",
        hint=f"care kb show {found.label} shows the latest",
        rule="KB-1",
    )


def require_staff(actor: Actor, what: str) -> None:
    """Let staff pass; raises NotPermitted for contacts."""
    if actor.is_contact:
        raise NotPermitted(f"{what} for staff", hint="`care kb show ID` shows what is published", rule="KB-1")
    access.require(actor, Right.READ_CASES)


def tell(record: Record, kind: Kind, data: dict[str, Any]) -> None:
    """Record what happened to an article, and take it into what is derived of it."""
    event = Event(record.now, record.actor.email, Via.DESK, kind, Visibility.INTERNAL, data)
    record.writing.append(None, [event])
    record.writing.tell_article(event)


def with_ties(desk: Desk, reading: Reading, found: Article) -> Article:
    """The article with the cases that it is linked with, for a contact the own account's alone (DC-3)."""
    cases = list(reading.cases(reading.article_cases(found.id)))
    if public(desk.actor):
        own = Right.READ_CASES in desk.actor.rights
        seen = [case.number for case in cases if own and access.may_see(desk.actor, case.account)]
        return found._replace(cases=tuple(sorted(seen)))
    defects = tuple(sorted({case.defect for case in cases if case.defect}))
    return found._replace(cases=tuple(sorted(case.number for case in cases)), defects=defects)


def _allowed(actor: Actor, filter_: ArticleFilter) -> ArticleFilter:
    """The filter as the actor may use it: to contacts every article is published and public."""
    if not public(actor):
        return filter_
    if filter_.statuses or filter_.audience:
        raise NotPermitted(
            "statuses and audiences are for staff", hint="leave --status and --audience out", rule="KB-1"
        )
    return filter_


def encodable(text: str) -> str:
    """The text without what no database takes."""
    return "".join(c for c in text if not "\ud800" <= c <= "\udfff" and c != "\0")
