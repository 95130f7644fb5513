"""What the desk asks of a store: files on cases (ATT-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.attachment import Attachment


class AttachmentReading(Protocol):
    """Files on cases (ATT-1)."""

    def attachments(self, number: int) -> tuple[Attachment, ...]:
        """The files of a case in the order in which they came, those of staff alone too."""

    def blobs(self, number: int | None = None) -> list[tuple[str, int, int]]:
        """The files in the desk's folder that cases name, or one case: hash, a case that names it, bytes."""

    def blobs_told(self) -> set[str]:
        """The hashes of the files in the desk's folder, as the events tell of them; reads every event."""


class AttachmentWriting(AttachmentReading, Protocol):
    """Files on cases, as they change."""

    def put_attachments(self, number: int, files: Sequence[Attachment]) -> None:
        """Replace the files of a case."""
