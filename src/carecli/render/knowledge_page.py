"""One article as it is read: set as Markdown at a terminal, as plain Markdown anywhere else (KB-1)."""

from typing import TYPE_CHECKING, Final, TextIO

from carecli.domain.knowledge import Article
from carecli.render import legible, terminal
from carecli.render.knowledge import facts
from carecli.render.screen import Screen

if TYPE_CHECKING:
    from rich.markdown import Markdown

CODE: Final = "ansi_dark"
"""Pygments' name for the terminal's own colours."""

SET_MAX: Final = 100_000
"""Longer texts are shown as they were written: setting a million characters takes seconds."""


def write(article: Article, vote: bool | None, latest: int, zone: str, out: TextIO, screen: Screen) -> None:
    """Write an article for people at a terminal: what is told of it, then its text set in Rich's Markdown."""
    terminal.write([facts(article, vote, latest, zone)], out, screen)
    body = legible.lines(article.body)
    if len(body) > SET_MAX:
        out.write(f"\n{body}\n")
        return
    console = terminal.console_of(out, screen)
    console.print()
    console.print(_set(body))


def _set(body: str) -> "Markdown":
    """The text as Rich sets it; what looks like HTML, such as `<server>`, is text like any other."""
    from markdown_it import MarkdownIt
    from rich.markdown import Markdown

    # Links are printed with their addresses: a terminal's own would hide where they lead.
    page = Markdown("", code_theme=CODE, hyperlinks=False)
    # Rich's own parser takes HTML out, and with it what stands between angle brackets for the reader to fill in.
    page.parsed = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"]).parse(body)
    return page


def plain(article: Article) -> str:
    """An article as Markdown that another program can set."""
    body = legible.lines(article.body).strip()
    heading = f"# {legible.line(article.title)}"
    headed = body.partition("\n")[0].rstrip() == heading
    return f"{body}\n" if headed else f"{heading}\n\n{body}\n"
