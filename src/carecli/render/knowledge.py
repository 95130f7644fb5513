"""Knowledge articles as people look at them: lists, hits, versions, what an import did (KB-1)."""

from collections.abc import Sequence
from datetime import datetime

from carecli.domain.counting import counted
from carecli.domain.knowledge import Article, ArticlesFound, ArticlesImported, ArticleStatus, Audience
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import titled

COLUMNS = (
    Column("id", "Id"),
    Column("title", "Title", least=24),
    Column("status", "Status", rank=3),
    Column("audience", "Audience", extra=True),
    Column("services", "Services", rank=4, least=10),
    Column("components", "Components", rank=8, least=10),
    Column("version", "Version", rank=7, right=True),
    Column("helpful", "Helpful", rank=2, right=True),
    Column("unhelpful", "Not helpful", rank=6, right=True),
    Column("deflected", "Spared cases", rank=9, right=True),
    Column("updated_at", "Updated", rank=1),
    Column("slug", "Name", extra=True),
    Column("published_version", "Published", extra=True, right=True),
    Column("keywords", "Keywords", extra=True),
    Column("author", "Author", extra=True),
    Column("updated_by", "Updated by", extra=True),
    Column("created_at", "Created", extra=True),
)
SNIPPET = Column("snippet", "Found", least=40)
VERSIONS = (
    Column("version", "Version", right=True),
    Column("at", "Written"),
    Column("by", "By", least=12),
    Column("title", "Title", least=16),
    Column("audience", "Audience", rank=2),
    Column("characters", "Characters", rank=1, right=True),
    Column("published", "Published"),
)
_TONES = {ArticleStatus.DRAFT: Tone.WARNING, ArticleStatus.RETIRED: Tone.QUIET}


def article_sheet(articles: Sequence[Article], total: int, zone: str, *, title: str = "Articles") -> Sheet:
    """Articles, as they were asked for."""
    return Sheet(title, COLUMNS, tuple(_row(article) for article in articles), zone, note=_note(articles, total))


def hit_sheet(found: ArticlesFound, zone: str) -> Sheet:
    """The articles that a search found, best first, each with where the words stand in it."""
    # What the words stand in tells more than when it was written.
    late = tuple(c._replace(rank=12) if c.key == "updated_at" else c for c in COLUMNS[2:])
    columns = (*COLUMNS[:2], SNIPPET, *late)
    rows = tuple((*row[:2], Cell(hit.snippet), *row[2:]) for hit in found.hits for row in (_row(hit.article),))
    note = _note([hit.article for hit in found.hits], found.total)
    return Sheet("Articles", columns, rows, zone, note=note)


def searched(found: ArticlesFound) -> list[str]:
    """What a search did that nobody asked for, a line each."""
    told = [f'searched for "{meant}" instead of "{said}"' for said, meant in found.corrected.items()]
    if found.unknown:
        words = ", ".join(f'"{word}"' for word in found.unknown)
        told.append(f"no article holds {words}")
    if found.partial:
        told.append("no article holds all the words: these hold some of them")
    return told


def _note(articles: Sequence[Article], total: int) -> str:
    shown = f", the first {len(articles)} of them" if len(articles) < total else ""
    return counted(total, "article") + shown


def _row(article: Article) -> tuple[Cell, ...]:
    return (
        Cell(article.label, tone=Tone.STRONG),
        Cell(article.title),
        Cell(article.status.value, standing(article) + _hidden(article), _TONES.get(article.status, Tone.PLAIN)),
        Cell(article.audience.value),
        Cell(", ".join(article.services)),
        Cell(", ".join(article.components)),
        Cell(article.version),
        Cell(article.helpful),
        Cell(article.unhelpful, str(article.unhelpful or "")),
        Cell(article.deflected, str(article.deflected or "")),
        Cell(article.updated_at),
        Cell(article.slug),
        Cell(article.published_version),
        Cell(", ".join(article.keywords)),
        Cell(article.author),
        Cell(article.editor),
        Cell(article.created_at),
    )


def standing(article: Article) -> str:
    """Where an article stands, and whether something newer waits to be published."""
    return titled(article.status) + (", changed" if _waits(article) else "")


def _waits(article: Article) -> bool:
    return article.published_version is not None and article.version > article.published_version


def _hidden(article: Article) -> str:
    return ", internal" if article.audience is Audience.INTERNAL else ""


def facts(article: Article, vote: bool | None, latest: int, zone: str) -> Sheet:
    """What is told of an article above its text."""
    told: list[tuple[str, str | datetime | None]] = [
        ("Status", _status(article, latest)),
        ("Services", ", ".join(article.services)),
        ("Components", ", ".join(article.components)),
        ("Keywords", ", ".join(article.keywords)),
        ("Updated", article.updated_at),
        ("By", article.editor),
        ("Helpful", _votes(article, vote)),
        ("Spared cases", str(article.deflected or "")),
        ("Cases", ", ".join(map(written, article.cases))),
        ("Defects", ", ".join(article.defects)),
        ("Drafted from", written(article.drafted_from) if article.drafted_from else None),
    ]
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in told if value)
    columns = (Column("field", "Field"), Column("value", "Value", least=30))
    return Sheet(f"{article.label}  {article.title}", columns, rows, zone, headed=False)


def _status(article: Article, latest: int) -> str:
    older = f" of {latest}" if article.version != latest else ""
    audience = ", for staff alone" if article.audience is Audience.INTERNAL else ""
    return f"{standing(article)}, version {article.version}{older}{audience}"


def _votes(article: Article, vote: bool | None) -> str:
    yours = {True: "; you: helpful", False: "; you: not helpful", None: ""}[vote]
    return f"{article.helpful} yes, {article.unhelpful} no{yours}"


def version_sheet(articles: Sequence[Article], zone: str) -> Sheet:
    """An article's versions, the first one first."""
    rows = tuple(
        (
            Cell(article.version, tone=Tone.STRONG),
            Cell(article.updated_at),
            Cell(article.editor),
            Cell(article.title),
            Cell(article.audience.value),
            Cell(len(article.body)),
            Cell(published := article.version == article.published_version, "yes" if published else ""),
        )
        for article in articles
    )
    return Sheet(f"Versions of {articles[0].label}", VERSIONS, rows, zone)


def import_page(report: ArticlesImported) -> list[Section]:
    """How many files did what, and each that was left out with the line and the reason."""
    would = "would be " if report.dry_run else ""
    counts = {name: report.count(name) for name in ("added", "changed", "unchanged")}
    told = [", ".join(f"{count:,} {would if name != 'unchanged' else ''}{name}" for name, count in counts.items())]
    told.append(f"{report.published:,} {would}published")
    page: list[Section] = [Prose("Articles", "\n".join(told))]
    refused = [file for file in report.files if file.outcome == "refused"]
    if refused:
        columns = (
            Column("file", "File", least=20),
            Column("line", "Line", right=True, rank=1),
            Column("reason", "Left out because", least=30),
        )
        rows = tuple((Cell(file.file), Cell(file.line), Cell(file.reason)) for file in refused)
        page.append(Sheet(f"Left out: {len(refused)}", columns, rows))
    return page


def outcome(article: Article, deed: str) -> str:
    """The line that a command answers with: what happened to which article, and what comes next."""
    if article.drafted_from is not None:
        return f"{article.label} {deed}: {standing(article)}; read it over with `care kb edit {article.label}`"
    told = f"{article.label} {deed}: {standing(article)}, version {article.version}"
    publish = f"`care kb publish {article.label}`"
    if article.status is ArticleStatus.DRAFT:
        return f"{told}; {publish} publishes it"
    return (
        f"{told}; version {article.published_version} stays published until {publish}" if _waits(article) else told
    )
