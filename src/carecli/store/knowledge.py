"""Knowledge articles (KB-1)."""

from carecli.store.session import Session


class KnowledgeReading(Session):
    """Knowledge articles (KB-1)."""


class KnowledgeWriting(KnowledgeReading):
    """Knowledge articles, as they change."""
