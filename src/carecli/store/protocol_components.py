"""What the desk asks of a store: what was learned of components (OPEN-6)."""

from __future__ import annotations

from typing import Protocol


class ComponentReading(Protocol):
    """What was learned of components (OPEN-6)."""


class ComponentWriting(Protocol):
    """What was learned of components, as they change."""
