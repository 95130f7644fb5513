"""Knowledge articles as the JSON that scripts read (KB-1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from carecli.domain.instants import iso
from carecli.domain.knowledge import Article, ArticleHit, ArticlesFound, ArticlesImported, label
from carecli.domain.numbers import written

Document = dict[str, Any]

KEYS = (
    "id",
    "slug",
    "title",
    "status",
    "audience",
    "version",
    "published_version",
    "services",
    "components",
    "keywords",
    "author",
    "created_at",
    "updated_at",
    "updated_by",
    "helpful",
    "unhelpful",
    "deflected",
)
"""What a row of a list has."""


def row(article: Article) -> Document:
    """An article without its text."""
    return {
        "id": article.label,
        "slug": article.slug,
        "title": article.title,
        "status": article.status.value,
        "audience": article.audience.value,
        "version": article.version,
        "published_version": article.published_version,
        "services": list(article.services),
        "components": list(article.components),
        "keywords": list(article.keywords),
        "author": article.author,
        "created_at": iso(article.created_at),
        "updated_at": iso(article.updated_at),
        "updated_by": article.editor,
        "helpful": article.helpful,
        "unhelpful": article.unhelpful,
        "deflected": article.deflected,
    }


def hit(found: ArticleHit) -> Document:
    """An article that a search found."""
    return row(found.article) | {"snippet": found.snippet}


def whole(article: Article, vote: bool | None) -> Document:
    """An article with its text, its ties, and how the reader voted."""
    return row(article) | {
        "body": article.body,
        "cases": [written(number) for number in article.cases],
        "defects": list(article.defects),
        "vote": vote,
        "drafted_from": None if article.drafted_from is None else written(article.drafted_from),
    }


def page(rows: list[Document], total: int) -> Document:
    """A list of articles."""
    return {"articles": rows, "total": total}


def found(rows: list[Document], answer: ArticlesFound) -> Document:
    """What a search found, and what it did to find it."""
    return {
        "articles": rows,
        "total": answer.total,
        "corrected": dict(answer.corrected),
        "partial": answer.partial,
        "unknown": list(answer.unknown),
    }


def versions(articles: Sequence[Article]) -> Document:
    """An article's versions, the first one first."""
    return {"id": articles[0].label, "versions": [_version(article) for article in articles]}


def _version(article: Article) -> Mapping[str, Any]:
    return {
        "version": article.version,
        "at": iso(article.updated_at),
        "by": article.editor,
        "title": article.title,
        "audience": article.audience.value,
        "characters": len(article.body),
        "published": article.version == article.published_version,
    }


def difference(id_: str, first: int, second: int, text: str) -> Document:
    """What changed between two versions, as a unified diff."""
    return {"id": id_, "from": first, "to": second, "diff": text}


def imported(report: ArticlesImported) -> Document:
    """What an import did, file by file."""
    return {
        "dry_run": report.dry_run,
        "added": report.count("added"),
        "changed": report.count("changed"),
        "unchanged": report.count("unchanged"),
        "refused": report.count("refused"),
        "published": report.published,
        "files": [
            {
                "file": file.file,
                "outcome": file.outcome,
                # What a trial would add has no id yet.
                "id": None if file.id is None else label(file.id),
                "slug": file.slug,
                "line": file.line,
                "reason": file.reason,
            }
            for file in report.files
        ],
    }
