"""Which cases are linked with which articles, looked up from the article's side (CLOSE-1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from carecli.store.session import Session

if TYPE_CHECKING:
    from carecli.domain.case import Case


class ArticleTies(Session):
    """The articles of cases as they change; a link once made stays, as cases tell it."""

    def put_article_ties(self, cases: Iterable[Case]) -> None:
        """Keep the articles that these cases are linked with."""
        linked = [case for case in cases if case.articles]
        if not linked:
            return
        # Imported here: few cases are linked with any article.
        from carecli.domain.knowledge import numbered

        ties = {(numbered(label), case.number) for case in linked for label in case.articles}
        known = sorted((id_, number) for id_, number in ties if id_ is not None)
        self.db.executemany("INSERT INTO article_cases VALUES (?, ?) ON CONFLICT DO NOTHING", known)
