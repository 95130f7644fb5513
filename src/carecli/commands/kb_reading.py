"""Knowledge articles found, listed, read and judged."""

import sys
from typing import TYPE_CHECKING, Annotated

from carecli.commands import listing, options
from carecli.commands.declared import Argument, Option, command
from carecli.commands.invocation import Invocation
from carecli.domain.knowledge import LONGEST_ID, ArticleFilter, ArticleStatus, Audience
from carecli.errors import Invalid
from carecli.render import json_text, legible

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.knowledge.articles import ArticleView
    from carecli.render.sheet import Sheet

Id = Annotated[str, Argument(metavar="ID", help="The article: kb-7, 7, or its name.", completes="article")]
Version = Annotated[int | None, Option("--version", metavar="NUMBER", min=1, help="An earlier text; for staff.")]
Status = Annotated[
    options.Many,
    Option("--status", metavar="STATUS", help="draft, published or retired; for staff.", completes=ArticleStatus),
]
Service = Annotated[str | None, Option(metavar="NAME", help="Of this service.", completes="service")]
Component = Annotated[str | None, Option(metavar="NAME", help="Of this component.", completes="component")]
ForWhom = Annotated[
    str | None, Option("--audience", metavar="WHO", help="public or internal; for staff.", completes=Audience)
]


@command
def search(
    invocation: Invocation,
    words: Annotated[list[str], Argument(metavar="WORDS...", help="What it is about, as you would say it.")],
    service: Service = None,
    component: Component = None,
    status: Status = None,
    audience: ForWhom = None,
    limit: options.AtMost = 10,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """Find articles by their words, best first; slips of the hand are put right, and told.

    Where no article holds all the words, those that hold the most of them are listed.

    care kb search pasword resett
    """
    from carecli.desk.knowledge import articles
    from carecli.render import knowledge as pages
    from carecli.render import knowledge_document as documents

    answer = listing.answer(invocation, format_, fields, output)
    wanted = _filter(service, component, status, audience)
    with invocation.desk() as desk:
        found = articles.search(desk, " ".join(words), wanted, limit=limit)
        zone = desk.zone
    answer.give(
        listing.Listing(
            lambda: pages.hit_sheet(found, zone),
            lambda: [documents.hit(hit) for hit in found.hits],
            lambda rows: documents.found(rows, found),
            (*documents.KEYS, "snippet"),
        )
    )
    for line in pages.searched(found):
        invocation.notice(legible.line(line))


@command
def list_(
    invocation: Invocation,
    service: Service = None,
    component: Component = None,
    status: Status = None,
    audience: ForWhom = None,
    limit: options.AtMost = 50,
    format_: listing.Format = None,
    fields: listing.Fields = None,
    output: listing.Output = None,
) -> None:
    """List articles, the latest written first; contacts see those that are published for everybody.

    care kb list --service Voice

    care kb list --status draft
    """
    from carecli.desk.knowledge import articles
    from carecli.render import knowledge_document as documents

    answer = listing.answer(invocation, format_, fields, output)
    wanted = _filter(service, component, status, audience)
    with invocation.desk() as desk:
        found, total = articles.listed(desk, wanted, limit=limit)
        zone = desk.zone

    def sheet() -> "Sheet":
        from carecli.render import knowledge as pages

        return pages.article_sheet(found, total, zone)

    rows = [documents.row(article) for article in found]
    answer.give(listing.Listing(sheet, lambda: rows, lambda picked: documents.page(picked, total), documents.KEYS))


def _filter(
    service: str | None, component: str | None, status: list[str] | None, audience: str | None
) -> ArticleFilter:
    return ArticleFilter(
        tuple(options.all_chosen(status, ArticleStatus, "--status")),
        service,
        component,
        options.chosen(audience, Audience, "--audience"),
    )


@command
def show(invocation: Invocation, id_: Id, version: Version = None) -> None:
    """Show an article; in a pipe it comes as plain Markdown.

    care kb show kb-7

    care kb show password-reset > password-reset.md
    """
    from carecli.desk.knowledge import articles

    with invocation.desk() as desk:
        view = articles.show(desk, id_, version)
        _shown(invocation, desk, view)


def _shown(invocation: Invocation, desk: "Desk", view: "ArticleView") -> None:
    if invocation.json:
        from carecli.render import knowledge_document as documents

        json_text.write_json(documents.whole(view.article, view.vote), sys.stdout)
        return
    from carecli.commands import paging
    from carecli.render import knowledge_page

    screen = invocation.screen(sys.stdout)
    if not screen.terminal:
        sys.stdout.write(knowledge_page.plain(view.article))
        return
    with paging.paged(paging.wanted(invocation), sys.stdout, screen) as out:
        knowledge_page.write(view.article, view.vote, view.latest, desk.zone, out, screen)


@command
def vote(
    invocation: Invocation,
    id_: Id,
    helpful: Annotated[
        bool | None, Option("--helpful/--not-helpful", help="Whether it helped; a later vote replaces yours.")
    ] = None,
) -> None:
    """Say whether an article helped you.

    care kb vote kb-7 --helpful
    """
    from carecli.desk.knowledge import articles
    from carecli.render import knowledge_document as documents

    if helpful is None:
        raise Invalid("say whether it helped", hint=f"care kb vote {id_[:40]} --helpful, or --not-helpful")
    with invocation.desk() as desk:
        article = articles.vote(desk, id_, helpful)
    told = f"{article.label} voted {'helpful' if helpful else 'not helpful'}"
    invocation.done(documents.whole(article, helpful), f"{told}: {article.helpful} yes, {article.unhelpful} no")


@command
def versions(invocation: Invocation, id_: Id) -> None:
    """List the versions of an article, the first one first; for staff.

    care kb versions kb-7
    """
    from carecli.desk.knowledge import articles
    from carecli.render import knowledge as pages
    from carecli.render import knowledge_document as documents

    with invocation.desk() as desk:
        found = articles.versions(desk, id_)
        zone = desk.zone
    invocation.emit(documents.versions(found), lambda: [pages.version_sheet(found, zone)])


@command
def diff(
    invocation: Invocation,
    id_: Id,
    first: Annotated[str | None, Argument(metavar="[FROM]", help="The earlier version.")] = None,
    second: Annotated[str | None, Argument(metavar="[TO]", help="The later version; else the latest.")] = None,
) -> None:
    """Show what changed between two versions of an article, the last two by default; for staff.

    care kb diff kb-7

    care kb diff kb-7 1 3
    """
    from carecli.desk.knowledge import versions
    from carecli.render import knowledge_document as documents

    earlier, later = _version(first), _version(second)
    with invocation.desk() as desk:
        change = versions.difference(desk, id_, earlier, later)
    if invocation.json:
        json_text.write_json(documents.difference(*change), sys.stdout)
    else:
        sys.stdout.write(legible.lines(change.text))


def _version(text: str | None) -> int | None:
    """The number of a version; raises Invalid."""
    if text is None:
        return None
    digits = text.strip().lower().removeprefix("v")
    if not (digits.isascii() and digits.isdigit() and int(digits[:LONGEST_ID]) > 0):
        raise Invalid(
            f"{text[:40]!r} is no version", hint="versions count from 1; `care kb versions ID` lists them"
        )
    return int(digits[:LONGEST_ID])
