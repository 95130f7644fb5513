"""What the desk asks of a store: files on cases (ATT-1)."""

from __future__ import annotations

from typing import Protocol


class AttachmentReading(Protocol):
    """Files on cases (ATT-1)."""


class AttachmentWriting(Protocol):
    """Files on cases, as they change."""
