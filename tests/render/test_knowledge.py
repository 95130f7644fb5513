"""Knowledge articles as people look at them, and as scripts read them (KB-1)."""

import io
import json
from datetime import timedelta

from render.pages import NINE, ZONE
from render.test_screens import in_a_pipe, on_terminal

from carecli.domain.knowledge import (
    Article,
    ArticleHit,
    ArticleReport,
    ArticlesFound,
    ArticlesImported,
    ArticleStatus,
    Audience,
)
from carecli.render import knowledge as pages
from carecli.render import knowledge_document as documents
from carecli.render import knowledge_page
from carecli.render.screen import Screen

SAM = "sam@desk.example"
RESET = Article(
    7,
    "reset",
    3,
    ArticleStatus.PUBLISHED,
    Audience.PUBLIC,
    "Reset a forgotten password",
    "Choose *Forgot password*.\n\n1. Open the [page](https://x.example/evil).\n2. Wait.\n\n"
    "\x1b[31mred <b>bold</b> [/x]",
    ("Voice", "Chat"),
    ("Login",),
    ("sign-in",),
    SAM,
    NINE,
    NINE + timedelta(days=1),
    published_version=2,
    helpful=12,
    unhelpful=3,
    deflected=41,
    cases=(42, 7),
    defects=("NUM-1",),
    editor=SAM,
)
DRAFT = RESET._replace(
    id=8,
    slug="calls",
    version=1,
    status=ArticleStatus.DRAFT,
    audience=Audience.INTERNAL,
    title="=Calls \x1b[31mdrop after a transfer to another queue of the same business unit",
    services=(),
    components=(),
    published_version=None,
    helpful=0,
    unhelpful=0,
    deflected=0,
    cases=(),
    defects=(),
    drafted_from=42,
)
RETIRED = DRAFT._replace(
    id=9, title="Old", status=ArticleStatus.RETIRED, audience=Audience.PUBLIC, drafted_from=None
)
FOUND = ArticlesFound(
    (
        ArticleHit(RESET, "Choose *Forgot «password»*. Open the page and wait for the mail…", {}),
        ArticleHit(DRAFT, "a transfer with a «password»", {}),
    ),
    12,
    {"pasword": "password"},
    partial=True,
    unknown=("ze\x1b[31mbra",),
)
REPORT = ArticlesImported(
    (
        ArticleReport("a/reset.md", "added", 7, "reset"),
        ArticleReport(
            "a/bad\x1b[31m.md", "refused", line=3, reason="the front matter is no YAML: found unexpected end"
        ),
        ArticleReport("a/link.md", "refused", reason="it is a link that leads nowhere"),
    ),
    1,
    dry_run=True,
)
LISTED = (pages.article_sheet([RESET, DRAFT, RETIRED], 5, ZONE),)
HITS = (pages.hit_sheet(FOUND, ZONE),)
VERSIONED = (pages.version_sheet([RESET._replace(version=2), RESET], ZONE),)
IMPORTED = pages.import_page(REPORT)


def page(width: int, article: Article = RESET) -> str:
    """An article as a terminal shows it."""
    out = io.StringIO()
    knowledge_page.write(article, True, 3, ZONE, out, Screen(terminal=True, color=False, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


LISTED_80 = """\
Articles  times in America/New_York
Id    Title                        Status              Helpful  Updated
────────────────────────────────────────────────────────────────────────────────
kb-7  Reset a forgotten password   Published, changed       12  2026-03-03 09:00
kb-8  =Calls drop after a transf…  Draft, internal           0  2026-03-03 09:00
kb-9  Old                          Retired                   0  2026-03-03 09:00
5 articles, the first 3 of them"""

HITS_80 = """\
Articles  times in America/New_York
Id    Title                             Found
────────────────────────────────────────────────────────────────────────────────
kb-7  Reset a forgotten password        Choose *Forgot «password»*. Open the pa…
kb-8  =Calls drop after a transfer to…  a transfer with a «password»
12 articles, the first 2 of them"""

PAGE_80 = """\
kb-7  Reset a forgotten password  times in America/New_York
Status        Published, changed, version 3
Services      Voice, Chat
Components    Login
Keywords      sign-in
Updated       2026-03-03 09:00
By            sam@desk.example
Helpful       12 yes, 3 no; you: helpful
Spared cases  41
Cases         0000000042, 0000000007
Defects       NUM-1

Choose Forgot password.

 1 Open the page (https://x.example/evil).
 2 Wait.

red <b>bold</b> [/x]"""

LISTED_120 = """\
Articles  times in America/New_York
Id    Title                             Status              Services     Version  Helpful  Not helpful  Updated
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
kb-7  Reset a forgotten password        Published, changed  Voice, Chat        3       12            3  2026-03-03 09:00
kb-8  =Calls drop after a transfer to…  Draft, internal                        1        0               2026-03-03 09:00
kb-9  Old                               Retired                                1        0               2026-03-03 09:00
5 articles, the first 3 of them"""  # noqa: E501

HITS_120 = """\
Articles  times in America/New_York
Id    Title                           Found                                     Status              Services     Helpful
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
kb-7  Reset a forgotten password      Choose *Forgot «password»*. Open the pa…  Published, changed  Voice, Chat       12
kb-8  =Calls drop after a transfer …  a transfer with a «password»              Draft, internal                        0
12 articles, the first 2 of them"""  # noqa: E501

PAGE_120 = """\
kb-7  Reset a forgotten password  times in America/New_York
Status        Published, changed, version 3
Services      Voice, Chat
Components    Login
Keywords      sign-in
Updated       2026-03-03 09:00
By            sam@desk.example
Helpful       12 yes, 3 no; you: helpful
Spared cases  41
Cases         0000000042, 0000000007
Defects       NUM-1

Choose Forgot password.

 1 Open the page (https://x.example/evil).
 2 Wait.

red <b>bold</b> [/x]"""

VERSIONED_80 = """\
Versions of kb-7  times in America/New_York
Version  Written           By            Title             Characters  Published
────────────────────────────────────────────────────────────────────────────────
      2  2026-03-03 09:00  sam@desk.ex…  Reset a forgott…         106  yes
      3  2026-03-03 09:00  sam@desk.ex…  Reset a forgott…         106"""

IMPORTED_80 = """\
Articles
  1 would be added, 0 would be changed, 0 unchanged
  1 would be published

Left out: 2
File       Line  Left out because
──────────────────────────────────────────────────────────────────
a/bad.md      3  the front matter is no YAML: found unexpected end
a/link.md        it is a link that leads nowhere"""


def test_lists_at_80_and_120() -> None:
    """KB-1: what fits is shown: title and standing stay, counts and services go first; nothing obeys an escape."""
    assert on_terminal(LISTED, 80) == LISTED_80
    assert on_terminal(LISTED, 120) == LISTED_120


def test_hits_at_80_and_120() -> None:
    """KB-1: each hit shows where the words stand in it."""
    assert on_terminal(HITS, 80) == HITS_80
    assert on_terminal(HITS, 120) == HITS_120


def test_what_a_search_did() -> None:
    """KB-1: corrections, words that nobody wrote, and that hits are partial, a line each."""
    assert pages.searched(FOUND) == [
        'searched for "password" instead of "pasword"',
        'no article holds "ze\x1b[31mbra"',
        "no article holds all the words: these hold some of them",
    ]
    assert pages.searched(ArticlesFound((), 0, {})) == []


def test_an_article_at_80_and_120() -> None:
    """KB-1: facts, then the text set as Markdown: links with addresses, HTML as it stands, no escape."""
    assert page(80) == PAGE_80
    assert page(120) == PAGE_120


def test_what_readers_fill_in_is_not_lost() -> None:
    """KB-1: what stands between angle brackets is text, in a line of its own too."""
    out = io.StringIO()
    body = "Set the host to <server>.\n\n<details>\nThen wait.\n</details>"
    knowledge_page.write(RESET._replace(body=body), None, 3, ZONE, out, Screen(True, False, 80))
    assert "Set the host to <server>." in out.getvalue()
    assert "<details> Then wait. </details>" in out.getvalue()


def test_a_very_long_text() -> None:
    """KB-1: a text of a million characters is shown as it was written, which takes no time."""
    out = io.StringIO()
    body = "**line** \x1b[31m\n" * 60_000
    knowledge_page.write(RESET._replace(body=body), None, 3, ZONE, out, Screen(True, True, 80))
    assert out.getvalue().count("\n**line** ") == 60_000
    assert "\x1b[31m" not in out.getvalue()


def test_versions_and_an_import() -> None:
    """KB-1: versions side by side; each file that was left out with its line and reason."""
    assert on_terminal(VERSIONED, 80) == VERSIONED_80
    assert on_terminal(IMPORTED, 80) == IMPORTED_80


def test_in_a_pipe() -> None:
    """CLI: in a pipe an article is plain Markdown, a list is cells set apart by tabs."""
    text = knowledge_page.plain(RESET)
    assert text.startswith("# Reset a forgotten password\n\nChoose *Forgot password*.\n")
    assert "\x1b" not in text
    assert knowledge_page.plain(RESET._replace(body="# Reset a forgotten password\n\nx")).count("# ") == 1
    longer = knowledge_page.plain(RESET._replace(body="# Reset a forgotten password of an agent\n\nx"))
    assert longer.startswith("# Reset a forgotten password\n\n# Reset a forgotten password of an agent\n")
    header, first, *_ = in_a_pipe(LISTED).splitlines()
    assert header.split("\t")[:3] == ["id", "title", "status"]
    assert first.split("\t")[:3] == ["kb-7", "Reset a forgotten password", "published"]


def test_what_a_command_answers() -> None:
    """KB-1: each tells what comes next: publishing a draft or a change, reading over what was drafted."""
    assert pages.outcome(RESET, "changed") == (
        "kb-7 changed: Published, changed, version 3; version 2 stays published until `care kb publish kb-7`"
    )
    plain = DRAFT._replace(drafted_from=None)
    assert pages.outcome(plain, "added") == "kb-8 added: Draft, version 1; `care kb publish kb-8` publishes it"
    assert pages.outcome(DRAFT, "drafted") == "kb-8 drafted: Draft; read it over with `care kb edit kb-8`"
    assert pages.outcome(RESET._replace(version=2), "published") == "kb-7 published: Published, version 2"


def test_documents() -> None:
    """CLI: instants in UTC, numbers of ten digits, ids as people write them, absent is null."""
    whole = documents.whole(RESET, None)
    assert (whole["id"], whole["cases"], whole["vote"]) == ("kb-7", ["0000000042", "0000000007"], None)
    assert whole["updated_at"] == "2026-03-03T14:00:00Z"
    assert tuple(documents.row(RESET)) == documents.KEYS
    assert documents.imported(REPORT)["files"][1]["line"] == 3
    json.dumps([whole, documents.whole(DRAFT, True), documents.found([], FOUND)])
