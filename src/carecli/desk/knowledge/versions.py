"""What changed between two versions of an article (KB-1)."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk.knowledge import articles
from carecli.desk.knowledge.markdown import written
from carecli.errors import Refused

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.knowledge import Article


LINES_MAX: Final = 5_000
"""Comparing takes a second where every other line differs, and with ten times as many lines minutes."""


class Change(NamedTuple):
    """Two versions of an article, and a unified diff between them."""

    label: str
    first: int
    second: int
    text: str


def difference(desk: Desk, label: str, first: int | None = None, second: int | None = None) -> Change:
    """A unified diff between two versions, by default the last two; raises NotFound, NotPermitted.

    Raises Refused for texts of too many lines.
    """
    all_ = articles.versions(desk, label)
    later = _of(all_, second or all_[-1].version)
    earlier = _of(all_, first or max(later.version - 1, 1))
    before, after = written(earlier).splitlines(), written(later).splitlines()
    if max(len(before), len(after)) > LINES_MAX:
        raise Refused(
            f"texts of more than {LINES_MAX:,} lines are not compared",
            hint=f"care kb show {earlier.label} --version {earlier.version} > earlier.md, then with your own tool",
            rule="KB-1",
        )
    lines = unified_diff(
        before,
        after,
        f"{earlier.label} version {earlier.version}",
        f"{later.label} version {later.version}",
        lineterm="",
    )
    return Change(earlier.label, earlier.version, later.version, "".join(f"{line}\n" for line in lines))


def _of(versions: list[Article], number: int) -> Article:
    for article in versions:
        if article.version == number:
            return article
    raise articles.no_version(versions[0], number)
