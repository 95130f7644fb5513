"""What the desk asks of a store: cases like a text (OPEN-7, OPEN-11)."""

from __future__ import annotations

from typing import Protocol


class SimilarReading(Protocol):
    """Cases like a text (OPEN-7, OPEN-11)."""
