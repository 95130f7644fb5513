"""Articles as Markdown files with front matter, read without trust and written so that they read back (KB-1).

Front matter is YAML of texts and lists of texts alone. Anchors, aliases, tags and nesting have no use there, and
are what YAML bombs and worse are made of: they are refused, each with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import yaml

from carecli.domain.knowledge import Article, ArticleStatus, Audience, Draft
from carecli.errors import Invalid

HEAD_MAX: Final = 20_000
"""Characters of front matter, which takes a few lines."""

DASHES: Final = "---"
AFTER_DASHES: Final = 2
"""The line in a file, which counts from 1, where the first line of front matter stands, which YAML calls 0."""
_NAMES: Final = {
    "title": ("title",),
    "slug": ("slug", "id"),
    "services": ("services", "service"),
    "components": ("components", "component"),
    "keywords": ("keywords", "tags", "keyword", "tag"),
    "status": ("status",),
    "audience": ("audience",),
}
_PLAIN: Final = "tag:yaml.org,2002:"


class Fault(Exception):
    """Why a file is no article, and in which line."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Page(NamedTuple):
    """What a file says of an article; None is what it does not say."""

    draft: Draft
    status: ArticleStatus | None


class _Strict(yaml.BaseLoader):
    """Texts, lists and one mapping, and nothing that stands for something else."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """One value; raises Fault for what front matter has no use for."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + AFTER_DASHES
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Fault("front matter takes no anchors and aliases", line)
        tag = getattr(event, "tag", None)
        if tag and (not tag.startswith(_PLAIN) or "python" in tag):
            raise Fault(f"front matter takes no tags: {tag[:60]}", line)
        if self.depth > 1 and isinstance(event, yaml.CollectionStartEvent):
            raise Fault("front matter holds texts and lists of texts, nothing deeper", line)
        self.depth += isinstance(event, yaml.CollectionStartEvent)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= isinstance(event, yaml.CollectionStartEvent)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping; raises Fault for a name that is no text, or comes twice."""
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Fault("a name is a text, no list and no mapping", key.start_mark.line + AFTER_DASHES)
            if key.value in seen:
                raise Fault(f"{str(key.value)[:40]!r} stands there twice", key.start_mark.line + AFTER_DASHES)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read(text: str, name: str) -> Page:
    """An article as a file tells it; without a title it is called after its first heading, or its `name`.

    Raises Fault.
    """
    head, body = _split(text)
    known = _fields(head)
    title = _text(known, "title") or _heading(body) or name
    return Page(
        Draft(
            title,
            _below(body, title),
            _text(known, "slug"),
            _texts(known, "services"),
            _texts(known, "components"),
            _texts(known, "keywords"),
            Audience(_word(known, "audience", tuple(Audience)) or Audience.PUBLIC),
        ),
        ArticleStatus(status) if (status := _word(known, "status", tuple(ArticleStatus))) else None,
    )


def written(article: Article) -> str:
    """The article as a file that `read` reads back."""
    head: dict[str, object] = {"title": article.title, "slug": article.slug, "audience": article.audience.value}
    for name in ("services", "components", "keywords"):
        if values := getattr(article, name):
            head[name] = list(values)
    return _joined(head, article.body)


def blank(title: str) -> str:
    """A file to begin an article with."""
    head = {"title": title, "services": "", "keywords": "", "audience": Audience.PUBLIC.value}
    return _joined(head, "")


def _joined(head: Mapping[str, object], body: str) -> str:
    yaml_ = yaml.safe_dump(dict(head), sort_keys=False, allow_unicode=True, width=1_000)
    return f"{DASHES}\n{yaml_}{DASHES}\n\n{body}\n"


def draft_of(text: str, *, old: Draft | None = None, title: str | None = None) -> Draft:
    """What a person wrote: a whole file with front matter, or the body alone, over what was there before.

    Raises Invalid.
    """
    try:
        if text.startswith(DASHES):
            page = read(text, title or (old.title if old else ""))
            return page.draft._replace(title=title or page.draft.title, slug=page.draft.slug or (old and old.slug))
        begun = old or Draft(title or _heading(text) or "", "")
        named = title or begun.title
        return begun._replace(title=named, body=_below(text.strip(), named))
    except Fault as fault:
        where = f", line {fault.line}" if fault.line else ""
        raise Invalid(
            f"the article cannot be read{where}: {fault.reason}",
            hint="front matter stands between two lines `---`, a `name: value` a line",
            rule="KB-1",
        ) from None


def _split(text: str) -> tuple[str, str]:
    """Front matter and what stands below it; nothing and all of it where there is none."""
    first, *lines = text.split("\n")
    if first.rstrip() != DASHES:
        return "", text.strip()
    closed = next((place for place, line in enumerate(lines) if line.rstrip() == DASHES), None)
    if closed is None:
        raise Fault("the front matter is never closed by a line `---`", 1)
    head = "\n".join(lines[:closed])
    if len(head) > HEAD_MAX:
        raise Fault(f"the front matter has more than {HEAD_MAX:,} characters", 1)
    return head, "\n".join(lines[closed + 1 :]).strip()


def _fields(head: str) -> Mapping[str, Any]:
    try:
        known = yaml.load(head, Loader=_Strict)  # noqa: S506 - of texts alone, stricter than the safe one
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + AFTER_DASHES if mark else 1
        raise Fault(f"the front matter is no YAML: {error.problem}", line) from None
    except yaml.YAMLError as error:
        raise Fault(f"the front matter is no YAML: {str(error).splitlines()[0]}", 1) from None
    except RecursionError:
        raise Fault("the front matter is nested too deep", 1) from None
    if known in (None, ""):
        return {}
    if not isinstance(known, dict):
        raise Fault("the front matter is no list of names with values", 2)
    return {str(name).lower(): value for name, value in known.items()}


def _given(known: Mapping[str, Any], name: str) -> Any:
    return next((known[key] for key in _NAMES[name] if known.get(key) not in (None, "")), None)


def _text(known: Mapping[str, Any], name: str) -> str | None:
    value = _given(known, name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Fault(f"`{name}` is no text", 1)
    return value.strip() or None


def _texts(known: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts, or one text with commas between them."""
    value = _given(known, name)
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise Fault(f"`{name}` is no list of texts", 1)
    return tuple(value)


def _word(known: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str | None:
    said = _text(known, name)
    if said is not None and said.lower() not in words:
        raise Fault(f"`{name}` is {said[:40]!r}, not one of {', '.join(words)}", 1)
    return said.lower() if said else None


def _below(body: str, title: str) -> str:
    """The body without a first heading that repeats the title, which is shown anyway."""
    first, _, rest = body.partition("\n")
    return rest.strip() if first.startswith("# ") and first.strip("# ") == title.strip("# ") else body


def _heading(body: str) -> str | None:
    """The text of the first heading."""
    for line in body.splitlines():
        if line.startswith("#") and line.lstrip("#").strip():
            return line.lstrip("#").strip().rstrip("#").strip()
    return None
