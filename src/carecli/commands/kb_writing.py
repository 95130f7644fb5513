"""Knowledge articles written, published, retired, tied to cases and drafted from them; by staff."""

from typing import TYPE_CHECKING, Annotated

from carecli.commands import options, prompts, texts
from carecli.commands.declared import Option, command
from carecli.commands.invocation import Invocation
from carecli.commands.kb_reading import Id
from carecli.domain.knowledge import Audience
from carecli.domain.numbers import parse_number, written
from carecli.errors import CareError, Invalid

if TYPE_CHECKING:
    from carecli.domain.knowledge import Article, Draft

EXPLAINED = (
    "An article: between the lines `---` its title and what it is found by, below them its text in Markdown."
)

Title = Annotated[str | None, Option("--title", "--subject", "-s", metavar="TITLE", help="Its title.")]
Services = Annotated[
    options.Many,
    Option("--service", metavar="NAME", help="A service it is about; repeatable.", completes="service"),
]
Components = Annotated[
    options.Many,
    Option("--component", metavar="NAME", help="A component it is about; repeatable.", completes="component"),
]
Keywords = Annotated[options.Many, Option("--keyword", metavar="WORD", help="A word to find it by; repeatable.")]
ForWhom = Annotated[
    str | None,
    Option("--audience", metavar="WHO", help="public, or internal for staff alone.", completes=Audience),
]
Base = Annotated[
    int | None, Option("--base", metavar="VERSION", min=1, help="Refuse it if another version is the latest.")
]
Publish = Annotated[bool, Option("--publish", help="Publish it at once.")]


@command
def add(
    invocation: Invocation,
    title: Title = None,
    message: options.Message = None,
    file: options.TextFile = None,
    slug: Annotated[str | None, Option("--slug", metavar="NAME", help="Its name in files.")] = None,
    service: Services = None,
    component: Components = None,
    keyword: Keywords = None,
    audience: ForWhom = None,
    publish: Publish = False,
) -> None:
    """Write a new article, a draft until it is published; for staff.

    care kb add -s "Reset a password" -F reset.md --keyword login

    care kb add
    """
    from carecli.desk.knowledge import markdown, writing

    text = texts.given(message, file)
    if text is None:
        text = _edited(invocation, _blank(title))
    draft = _over(markdown.draft_of(text, title=title), None, slug, service, component, keyword, audience)
    with invocation.desk() as desk:
        article = writing.add(desk, draft, publish=publish)
    _told(invocation, article, "added")


def _blank(title: str | None) -> str:
    from carecli.desk.knowledge import markdown

    return markdown.blank(title or "")


@command
def edit(
    invocation: Invocation,
    id_: Id,
    title: Title = None,
    message: options.Message = None,
    file: options.TextFile = None,
    service: Services = None,
    component: Components = None,
    keyword: Keywords = None,
    audience: ForWhom = None,
    base: Base = None,
    publish: Publish = False,
) -> None:
    """Write the next version of an article, in your editor unless something is given; for staff.

    A text with front matter replaces everything, one without it the text alone. If somebody else changed the
    article meanwhile, nothing is changed, and what you wrote is kept in a file.

    care kb edit kb-7

    care kb edit kb-7 -F reset.md --base 3
    """
    from carecli.desk.knowledge import articles, markdown, writing

    with invocation.desk() as desk:
        articles.require_staff(desk.actor, "writing articles is")
        old = articles.show(desk, id_).article
    text = texts.given(message, file)
    given = text is not None or any((title, service, component, keyword, audience))
    if not given:
        text = _edited(invocation, markdown.written(old))
    try:
        whole = old.draft if text is None else markdown.draft_of(text, old=old.draft, title=title)
        draft = _over(whole, title, None, service, component, keyword, audience)
        with invocation.desk() as desk:
            article = writing.edit(desk, old.label, draft, base=base or old.version, publish=publish)
    except CareError as error:
        if given or text is None:
            raise
        raise _with_text_kept(error, text) from None
    _told(invocation, article, "unchanged" if article.version == old.version else "changed")


def _over(
    draft: "Draft",
    title: str | None,
    slug: str | None,
    service: list[str] | None,
    component: list[str] | None,
    keyword: list[str] | None,
    audience: str | None,
) -> "Draft":
    """The draft with what options say over it."""
    return draft._replace(
        title=title or draft.title,
        slug=slug or draft.slug,
        services=draft.services if service is None else tuple(service),
        components=draft.components if component is None else tuple(component),
        keywords=draft.keywords if keyword is None else tuple(keyword),
        audience=options.chosen(audience, Audience, "--audience") or draft.audience,
    )


def _edited(invocation: Invocation, begun: str) -> str:
    program = texts.editor(invocation.environ)
    if not invocation.interactive or program is None:
        raise Invalid(
            "a text is needed", hint="give it with -m TEXT, -m - or -F FILE, or set EDITOR at a terminal"
        )
    return texts.edited(program, EXPLAINED, begun)


def _with_text_kept(error: CareError, text: str) -> CareError:
    """The error, telling where the text that was written in vain is kept."""
    import os
    import tempfile

    handle, name = tempfile.mkstemp(prefix="care-article-", suffix=".md")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    error.hint = f"what you wrote is kept in {name}" + (f"; {error.hint}" if error.hint else "")
    return error


@command
def publish(invocation: Invocation, id_: Id, base: Base = None) -> None:
    """Publish the latest version of an article; for staff.

    care kb publish kb-7

    care kb publish kb-7 --base 3
    """
    from carecli.desk.knowledge import writing

    with invocation.desk() as desk:
        article = writing.publish(desk, id_, base=base)
    _told(invocation, article, "published")


@command
def retire(invocation: Invocation, id_: Id, yes: options.Yes = False) -> None:
    """Take an article back: contacts no longer find it, its versions stay; for staff.

    care kb retire kb-7
    """
    from carecli.desk.knowledge import writing

    if invocation.interactive and not prompts.confirmed(invocation, f"Retire {id_}?", yes=yes, default=True):
        raise Invalid("nothing was retired", hint="confirm with --yes")
    with invocation.desk() as desk:
        article = writing.retire(desk, id_)
    _told(invocation, article, "retired")


@command
def link(
    invocation: Invocation,
    id_: Id,
    number: options.Number,
    defect: Annotated[
        str | None, Option("--defect", metavar="NAME", help="The defect that a future fix mends.")
    ] = None,
) -> None:
    """Tie an article to a case that it explains, perhaps with a defect; for staff.

    care kb link kb-7 42 --defect NUM-123
    """
    from carecli.desk.knowledge import writing

    case = parse_number(number)
    with invocation.desk() as desk:
        article = writing.link(desk, id_, case, defect=defect)
    _told(invocation, article, f"linked with {written(case)}")


@command
def from_case(invocation: Invocation, number: options.Number) -> None:
    """Draft an article from a closed case: its public updates alone, without the names of its customer; for staff.

    It cannot be published before somebody has read it over with `care kb edit`.

    care kb from-case 42
    """
    from carecli.desk.knowledge import writing

    case = parse_number(number)
    with invocation.desk() as desk:
        drafted = writing.from_case(desk, case)
    if drafted.removed:
        invocation.notice(f"names and addresses were taken out in {drafted.removed} places")
    _told(invocation, drafted.article, f"drafted from {written(case)}")


def _told(invocation: Invocation, article: "Article", deed: str) -> None:
    from carecli.render import knowledge as pages
    from carecli.render import knowledge_document as documents

    invocation.done(documents.whole(article, None), pages.outcome(article, deed))
