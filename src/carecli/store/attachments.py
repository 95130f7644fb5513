"""Files on cases (ATT-1): what their events tell of them, kept so that nobody has to fold them again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from carecli.store.codec import canonical
from carecli.store.session import Session, stream

if TYPE_CHECKING:
    # Imported below where there is a file: most cases have none, and every command opens this room.
    from carecli.domain.attachment import Attachment

INSERT: Final = "INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_BLOBS: Final = (
    "SELECT sha256, min(number), max(size) FROM attachments"
    " WHERE by_mail = 0 AND (CAST(?1 AS BIGINT) IS NULL OR number = ?1)"
    " GROUP BY sha256 ORDER BY min(number), sha256"
)


class AttachmentReading(Session):
    """Files on cases (ATT-1)."""

    def attachments(self, number: int) -> tuple[Attachment, ...]:
        """The files of a case in the order in which they came, those of staff alone too."""
        rows = self.column("SELECT document FROM attachments WHERE number = ? ORDER BY place", (number,))
        if not rows:
            return ()
        from carecli.domain.attachment import Attachment

        return tuple(Attachment.from_document(json.loads(row)) for row in rows)

    def blobs(self, number: int | None = None) -> list[tuple[str, int, int]]:
        """The files in the desk's folder that cases name, or one case: hash, a case that names it, bytes."""
        return self.db.execute(_BLOBS, (number,)).fetchall()

    def blobs_told(self) -> set[str]:
        """The hashes of the files in the desk's folder, as the events tell of them; reads every event."""
        told = stream(self.db, "SELECT data FROM events WHERE kind = 'attached'")
        return {file["sha256"] for (data,) in told for file in json.loads(data)["files"]}


class AttachmentWriting(AttachmentReading):
    """Files on cases, as they change."""

    def put_attachments(self, number: int, files: Sequence[Attachment]) -> None:
        """Replace the files of a case."""
        self.db.execute("DELETE FROM attachments WHERE number = ?", (number,))
        self.db.executemany(INSERT, rows(number, files))


def rows(number: int, files: Sequence[Attachment]) -> Iterator[tuple[object, ...]]:
    """The files of a case as they are stored."""
    for place, file in enumerate(files, 1):
        by_mail = int(file.mail is not None)
        document = canonical(file.document())
        yield number, place, file.id, int(file.public), file.sha256, file.size, by_mail, document
