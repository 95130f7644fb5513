"""Knowledge articles as staff write them: versions, publishing, ties to cases, drafts from cases (KB-1, CLOSE-1).

Any member of staff writes and publishes: whoever solves a case knows best, and the log tells who did. What was
drafted from a case cannot be published before somebody has read it over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carecli.desk import parties
from carecli.desk.attachments import sanitising
from carecli.desk.knowledge import articles as desk_knowledge
from carecli.desk.knowledge.articles import article, tell
from carecli.domain import access, knowledge, knowledge_draft
from carecli.domain.access import Right
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import ArticleStatus, Draft
from carecli.domain.knowledge_draft import Private
from carecli.domain.numbers import written
from carecli.domain.sight import confidential
from carecli.domain.vocabulary import Visibility
from carecli.errors import Invalid, Refused

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.domain.knowledge import Article
    from carecli.files.scanning import Marks
    from carecli.store.protocol import Reading

DEFECT_MAX = 100


def add(desk: Desk, draft: Draft, *, publish: bool = False) -> Article:
    """Write a new article; raises Invalid, Refused for a name that is taken, NotPermitted (KB-1)."""
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        added = write_new(record, draft)
        return published(record, added) if publish else added


def edit(desk: Desk, label: str, draft: Draft, *, base: int, publish: bool = False) -> Article:
    """Write the next version of an article, made of version `base`; raises Refused where another came between."""
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        old = article(desk.actor, record.writing, label)
        _require_latest(old, base)
        changed = write_again(record, old, draft) or old
        return published(record, changed) if publish else changed


def publish(desk: Desk, label: str, *, base: int | None = None) -> Article:
    """Publish the latest version of an article; again it changes nothing (KB-1).

    Raises Refused where another than `base` is the latest: what somebody wrote meanwhile was not read over.
    """
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        found = article(desk.actor, record.writing, label)
        if base is not None:
            _require_latest(found, base)
        return published(record, found)


def _require_latest(found: Article, base: int) -> None:
    """Raise Refused where another version than `base` is the latest, NotFound where `base` is still to come."""
    if base > found.version:
        raise desk_knowledge.no_version(found, base)
    if base < found.version:
        raise Refused(
            f"{found.editor} wrote version {found.version} of {found.label} meanwhile; nothing was changed",
            hint=f"care kb diff {found.label} {base} {found.version} shows what changed",
            rule="KB-1",
        )


def retire(desk: Desk, label: str) -> Article:
    """Take an article back: contacts no longer find or read it; its versions stay (KB-1)."""
    with desk.record() as record:
        access.require(desk.actor, Right.WORK_CASES)
        return retired(record, article(desk.actor, record.writing, label))


def link(desk: Desk, label: str, number: int, *, defect: str | None = None) -> Article:
    """Tie an article, and perhaps a defect, to a case, by staff; again it changes nothing (CLOSE-1)."""
    with desk.record() as record:
        parties.staff_act(record)
        found = article(desk.actor, record.writing, label)
        tied(record, record.case(number), found, defect)
        return desk_knowledge.with_ties(desk, record.writing, found)


class Drafted(NamedTuple):
    """What was drafted of a case, and where the names of its customer were taken out of it."""

    article: Article
    case: Case
    removed: int


def from_case(desk: Desk, number: int) -> Drafted:
    """Draft an article from a closed case, and tie both; raises Refused for an open one (KB-1)."""
    with desk.record() as record:
        parties.staff_act(record)
        case = record.case(number)
        if not case.closed:
            raise Refused(
                f"case {written(number)} is not solved yet",
                hint=f"care close {written(number)} --draft-article closes it and drafts one",
                rule="KB-1",
            )
        return drafted(desk, record, case)


def drafted(desk: Desk, record: Record, case: Case) -> Drafted:
    """A draft of what both sides read of a case, tied to it; what looks like customer data is marked (ATT-2)."""
    if confidential(case):
        raise Refused(
            "no article is drafted from a data-privacy request",
            hint="staff would read what only admins may; write one with `care kb add`",
            rule="SR-1",
        )
    history = [entry.event for entry in record.writing.history(case.number)]
    named = knowledge_draft.of_case(case, history, _private(record.writing, case))
    marks = sanitising.marks()
    title, in_title = _redacted(desk, named.title, marks)
    body, in_body = _redacted(desk, named.body, marks)
    new = write_new(record, named._replace(title=title, body=body), case=case.number)
    names = (named.title + named.body).count(knowledge_draft.MARK)
    return Drafted(new, tied(record, case, new), names + in_title + in_body)


def _redacted(desk: Desk, text: str, marks: Marks) -> tuple[str, int]:
    """The text with marks in place of card numbers, keys, telephone numbers and the like, and how many."""
    try:
        return sanitising.text_redacted(desk, text, marks)
    except Refused:
        # What the scanner takes for no text stays as it is: a person reads the draft over in any case.
        return text, 0


def _private(reading: Reading, case: Case) -> Private:
    """What names the customer and those who worked for it: account, deployments, files, people."""
    account, contacts = reading.account(case.account), reading.contacts(case.account)
    names = [case.account, *(file.name for file in reading.attachments(case.number))]
    names += [deployment.name for deployment in account.deployments] if account else []
    names += [said for contact in contacts for said in (contact.email, contact.phone or "")]
    on_site = case.fields.get("local_contact")
    people = [*(contact.name for contact in contacts), *(member.name for member in reading.staff())]
    return Private(names, [*people, str(on_site)] if on_site else people)


def tied(record: Record, case: Case, found: Article, defect: str | None = None) -> Case:
    """The case tied to an article, internally unless its customer may read that (CLOSE-1, DC-3)."""
    named = defect_name(defect)
    if found.label in case.articles and named in {None, case.defect}:
        return case
    act = parties.staff_act(record)
    open_ = record.writing.public_article(found.id) is not None
    visibility = Visibility.PUBLIC if open_ else Visibility.INTERNAL
    data = {"article": found.label, "defect": named}
    return record.append(case, Event(record.now, act.by, act.via, Kind.ARTICLE_LINKED, visibility, data))


def defect_name(defect: str | None) -> str | None:
    """The name of a defect in one line; raises Invalid for none, or a text (CLOSE-1)."""
    if defect is None:
        return None
    named = " ".join(desk_knowledge.encodable(defect).split())
    if not named or len(named) > DEFECT_MAX:
        raise Invalid(f"a defect's name has 1 to {DEFECT_MAX} characters", hint="--defect NUM-123", rule="CLOSE-1")
    return named


# Within a transaction


def write_new(record: Record, draft: Draft, *, case: int | None = None) -> Article:
    """A new article, its name made unique where nobody chose it."""
    checked = knowledge_draft.checked(draft)
    wanted = str(checked.slug)
    if draft.slug and record.writing.article_of_slug(wanted) is not None:
        raise Refused(f"there is an article {wanted!r} already", hint=f"care kb edit {wanted}", rule="KB-1")
    id_ = record.writing.next_article()
    free = checked._replace(slug=_free(record.writing, wanted))
    tell(record, Kind.ARTICLE_WRITTEN, knowledge.written(id_, 1, free, case))
    return _again(record, id_)


def _free(reading: Reading, wanted: str) -> str:
    slug, count = wanted, 1
    while reading.article_of_slug(slug) is not None:
        count += 1
        slug = f"{wanted}-{count}"
    return slug


def write_again(record: Record, old: Article, draft: Draft) -> Article | None:
    """The next version of an article, None where nothing is new; raises Refused for another name."""
    checked = knowledge_draft.checked(draft._replace(slug=draft.slug or old.slug))
    if checked.slug != old.slug:
        raise Refused(
            f"{old.label} is called {old.slug!r}, and stays so", hint="leave `slug` as it is", rule="KB-1"
        )
    if checked == old.draft and old.drafted_from is None:
        return None
    tell(record, Kind.ARTICLE_WRITTEN, knowledge.written(old.id, old.version + 1, checked))
    return _again(record, old.id)


def published(record: Record, found: Article) -> Article:
    """The article with its latest version published; raises Refused for a bare draft from a case."""
    if found.drafted_from is not None:
        raise Refused(
            f"{found.label} was drafted from case {written(found.drafted_from)}, and nobody has read it over",
            hint=f"care kb edit {found.label}, take out what is the customer's, then publish it",
            rule="KB-1",
        )
    if found.status is ArticleStatus.PUBLISHED and found.published_version == found.version:
        return found
    tell(record, Kind.ARTICLE_PUBLISHED, {"id": found.id, "version": found.version})
    return _again(record, found.id)


def retired(record: Record, found: Article) -> Article:
    """The article, retired."""
    if found.status is ArticleStatus.RETIRED:
        return found
    tell(record, Kind.ARTICLE_RETIRED, {"id": found.id})
    return _again(record, found.id)


def _again(record: Record, id_: int) -> Article:
    found = record.writing.article(id_)
    assert found is not None, "it was written just now"
    return found
