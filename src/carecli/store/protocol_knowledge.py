"""What the desk asks of a store: knowledge articles (KB-1)."""

from __future__ import annotations

from typing import Protocol


class KnowledgeReading(Protocol):
    """Knowledge articles (KB-1)."""


class KnowledgeWriting(Protocol):
    """Knowledge articles, as they change."""
