"""Looking without touching: one case, its log, lists and searches, each as the actor may see it (DC-3, FIND-*)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from carecli.desk import telling
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.events import UPDATES, Kind
from carecli.domain.finding import Filter, Query, Scope
from carecli.domain.numbers import written
from carecli.domain.views import CasePage, CaseView
from carecli.errors import Invalid, NotPermitted

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.domain.attachment import Attachment
    from carecli.domain.case import Case
    from carecli.domain.events import Recorded
    from carecli.domain.finding import Found
    from carecli.store.entries import CaseRow
    from carecli.store.protocol import Reading

TALK = UPDATES | {
    Kind.OPENED,
    Kind.ASSIGNED,
    Kind.SANITISED,
    Kind.SPLIT,
    Kind.POST_MORTEM_HELD,
    Kind.CHAT_STARTED,
    Kind.CHAT_ENDED,
    Kind.FOLLOW_UP_SENT,
    Kind.MAIL_UNDELIVERED,
    Kind.MAIL_BOUNCED,
    Kind.EXEMPTED,
    Kind.EXEMPTION_WITHDRAWN,
    Kind.REBASED,
}
"""What `show` tells of a case's history; the rest is for `log`."""

PAGE_SIZE = 25
"""Where a desk has not been set up and so has no policy to ask (FIND-1)."""

FARTHEST = 10**12


def view(desk: Desk, reading: Reading, case: Case) -> CaseView:
    """A case with its clocks read at the desk's now (SLA-4)."""
    whole = CaseView.of(case)
    return whole._replace(
        used_s=used_s(desk, reading, whole.state),
        state=shown(desk, reading, whole.state),
        texts=_shown_texts(desk, reading, case.number, whole.texts or {}),
        attachments=shown_files(desk, reading.attachments(case.number)),
    )


def shown(desk: Desk, reading: Reading, state: Mapping[str, Any]) -> Mapping[str, Any]:
    """A case state as the actor may see it: ties to another account's cases are for staff alone (DC-3).

    No tie names a case that is not there for the actor, as those to data-privacy requests that are older than
    their being kept from others (SR-1).
    """
    known = {**state, "links": telling.known_links(desk, reading, state["links"])} if state["links"] else state
    if not desk.actor.is_contact or "deadlines" not in state:
        return known
    return {**known, "deadlines": _promised(state)}


def _promised(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The deadlines of a case that its customer is told of (DC-3)."""
    # Imported here: few cases have any.
    from carecli.domain import deadline

    known = tuple(deadline.from_document(one) for one in state["deadlines"])
    return [deadline.document(one) for one in deadline.as_promised(known, state["account"])]


def shown_files(desk: Desk, files: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The files of a case that the actor may know of; for contacts without ids that count what they may not."""
    known = known_files(desk, files)
    return tuple(file._replace(seq=0, mail=None) for file in known) if desk.actor.is_contact else known


def known_files(desk: Desk, files: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Of the files of a case those that the actor may know of (DC-3)."""
    return tuple(file for file in files if file.public or not desk.actor.is_contact)


def _shown_texts(desk: Desk, reading: Reading, number: int, texts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A case's texts as the actor may see them: what the desk makes of a new case is for staff alone (DC-3).

    So are the articles that are not published for everybody, and a defect that was named beside one of them.
    """
    if not desk.actor.is_contact:
        return texts
    known = dict(texts)
    if "intake" in known:
        known["intake"] = telling.without(known["intake"], telling.ASSESSMENT)
    if "incident" in known:
        known["incident"] = _told_incident(desk, reading, number, known["incident"])
    if "articles" in known:
        known["articles"] = _readable(reading, known["articles"])
    if "defect" in known:
        known["defect"] = _told_defect(reading, number, desk.now)
    return known


def _told_incident(desk: Desk, reading: Reading, number: int, known: Mapping[str, Any]) -> dict[str, Any]:
    """Of an incident what the customer of its own case may know: neither drafts nor anybody else (INC-3, DC-3)."""
    from carecli.domain import incident

    row = reading.state(number)
    account = row.state["account"] if row else desk.actor.account or ""
    return incident.document(incident.as_told(incident.from_document(known), account))


def _readable(reading: Reading, labels: Iterable[str]) -> list[str]:
    """Of the articles of a case those that contacts may read (CLOSE-1, DC-3)."""
    from carecli.domain.knowledge import numbered

    ids = [id_ for id_ in map(numbered, labels) if id_ is not None]
    return [article.label for article in reading.articles_of(ids, public=True)]


def _told_defect(reading: Reading, number: int, until: datetime) -> str | None:
    """The defect that the customer was last told of (CLOSE-1, DC-3)."""
    told = [entry.event for entry in reading.history(number) if entry.event.public and entry.event.at <= until]
    return next((event.data["defect"] for event in reversed(told) if event.data.get("defect")), None)


def used_s(desk: Desk, reading: Reading, state: Mapping[str, Any]) -> tuple[int, ...]:
    """Seconds used up of each clock of a case state, at the desk's now (SLA-4)."""
    if not state["clocks"]:
        return ()
    from carecli.domain import consumption

    calendar = desk.rulebook.business_time(reading, state["calendar"])
    if "rebasings" not in state:
        return tuple(consumption.used_s(clock, calendar, desk.now) for clock in state["clocks"])
    # Imported here: few cases come under other rules. What had stopped before keeps the hours that it had (SLA-8).
    from carecli.domain.rebasing import timed_by

    hours = [desk.rulebook.business_time(reading, timed_by(clock, state)[1]) for clock in state["clocks"]]
    return tuple(
        consumption.used_s(clock, its, desk.now) for clock, its in zip(state["clocks"], hours, strict=True)
    )


def show(desk: Desk, number: int) -> CaseView:
    """One case with its updates, newest first; notes only for staff (UPD-1, DC-3)."""
    with desk.reading() as reading:
        row = seen(desk, reading, number)
        updates = [
            entry for entry in telling.visible(desk, reading, reading.history(number)) if entry.event.kind in TALK
        ]
        used = used_s(desk, reading, row.state)
        texts = _shown_texts(desk, reading, number, row.texts)
        files = shown_files(desk, reading.attachments(number))
        return CaseView(shown(desk, reading, row.state), texts, used, tuple(reversed(updates)), attachments=files)


def seen(desk: Desk, reading: Reading, number: int) -> CaseRow:
    """The case's row, or NotFound in the same words for none and for another account's (DC-3)."""
    access.require(desk.actor, Right.READ_CASES)
    row = reading.state(number)
    if row is None or not desk.actor.sight.state(row.state):
        raise access.unknown_case(written(number))
    return row


def log(desk: Desk, number: int, until: datetime | None = None) -> list[Recorded]:
    """The events of one case that the actor may see, oldest first, up to an instant (DC-3, TICK-3)."""
    with desk.reading() as reading:
        seen(desk, reading, number)
        entries = telling.visible(desk, reading, reading.history(number))
        return [entry for entry in entries if until is None or entry.event.at <= until]


@contextmanager
def log_all(desk: Desk, until: datetime | None = None) -> Iterator[Iterator[Recorded]]:
    """Every event of the desk in the order recorded, up to an instant, for staff; read as asked for (TICK-3)."""
    if desk.actor.is_contact:
        raise NotPermitted(
            "the desk's log is for staff", hint="`care log NUMBER` shows a case of yours", rule="DC-3"
        )
    access.require(desk.actor, Right.READ_CASES)
    with desk.reading() as reading:
        told = (entry for entry in reading.events() if until is None or entry.event.at <= until)
        yield telling.of_seen(desk, reading, told)


def list_cases(
    desk: Desk,
    *,
    mine: bool = False,
    group: bool = False,
    everything: bool = False,
    in_group: str | None = None,
    filter_: Filter | None = None,
    sort: str = "modified",
    descending: bool = True,
    limit: int | None = None,
    page: int = 1,
) -> CasePage:
    """A page of cases (FIND-1, FIND-2); `limit` None is the policy's page, 0 all rows."""
    with desk.reading() as reading:
        asked = query(desk, reading, mine, group, everything, in_group, filter_, limit, page)
        return _page(desk, reading, reading.find(asked._replace(sort=sort, descending=descending)), asked, page)


def search(
    desk: Desk,
    words: str,
    *,
    mine: bool = False,
    group: bool = False,
    everything: bool = True,
    in_group: str | None = None,
    filter_: Filter | None = None,
    order: tuple[str, bool] | None = None,
    limit: int | None = None,
    page: int = 1,
) -> CasePage:
    """A page of cases that hold all the words, best first or in an order, closed ones too (FIND-3)."""
    with desk.reading() as reading:
        wide = group or (desk.actor.is_contact and not mine)
        asked = query(desk, reading, mine, wide, everything, in_group, filter_, limit, page)
        if order:
            asked = asked._replace(sort=order[0], descending=order[1])
        found = reading.search(words, asked, notes=not desk.actor.is_contact, ranked=order is None)
        return _page(desk, reading, found, asked, page)


def query(
    desk: Desk,
    reading: Reading,
    mine: bool,
    group: bool,
    everything: bool,
    in_group: str | None,
    filter_: Filter | None,
    limit: int | None,
    page: int,
) -> Query:
    """What a list or a search asks the record for; `limit` None is the policy's page, 0 all rows."""
    access.require(desk.actor, Right.READ_CASES)
    wanted = filter_ or Filter()
    size = _page_size(desk, reading) if limit is None else limit
    if not (1 <= page <= FARTHEST and 0 <= size <= FARTHEST):
        raise Invalid(f"pages and their sizes lie between 1 and {FARTHEST:,}", hint="--page 1 --limit 25")
    scope = _scope(desk, mine, group, everything, in_group)
    rows = size or None
    return Query(
        scope,
        wanted._replace(closed=wanted.closed or everything),
        limit=rows,
        offset=min((page - 1) * size, FARTHEST),
    )


def _scope(desk: Desk, mine: bool, group: bool, everything: bool, in_group: str | None) -> Scope:
    """A contact's own cases or account; a member of staff's queue, a product group's, or all (FIND-1)."""
    actor = desk.actor
    if actor.is_contact:
        return Scope(contact=None if group and not mine else actor.email)
    if in_group:
        return Scope(group=in_group)
    if group:
        if actor.group is None:
            raise Invalid("you belong to no product group", hint="name one with --in-group NAME")
        return Scope(group=actor.group)
    if mine or (actor.is_staff and not everything):
        return Scope(owner=actor.email)
    return Scope()


def _page(desk: Desk, reading: Reading, found: Found, query: Query, page: int) -> CasePage:
    snippets = found.snippets or (None,) * len(found.states)
    views = tuple(
        CaseView(shown(desk, reading, state), None, used_s(desk, reading, state), snippet=snippet)
        for state, snippet in zip(found.states, snippets, strict=True)
    )
    pages = -(-found.total // query.limit) if query.limit else 1
    tabs = {status.value: count for status, count in found.tabs.items()}
    return CasePage(views, found.total, page, max(pages, 1), tabs, found.ranked)


def _page_size(desk: Desk, reading: Reading) -> int:
    digest = desk.settings.policy
    return int(reading.document(digest)["list"]["page_size"]) if digest else PAGE_SIZE
