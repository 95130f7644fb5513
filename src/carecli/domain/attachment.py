"""A file on a case: its bytes lie elsewhere, under the hash of what they are (ATT-1, ATT-2)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Sanitised(StrEnum):
    """What is known of the customer data in a file (ATT-2)."""

    CLEAN = "clean"
    """All of it was looked through, and nothing was found."""
    REDACTED = "redacted"
    """A copy is kept in which what was found is replaced by marks."""
    CONFIRMED = "confirmed"
    """Somebody says that it holds none."""
    PARTLY = "partly-scanned"
    """Nothing was found as far as it was looked through."""
    UNSCANNABLE = "not-scannable"
    """It is no text, nor an archive of texts."""


class Attachment(NamedTuple):
    """A file as it stands on a case; `id` counts the files of a case from 1, `seq` is that of its event.

    `sanitised` is None for what came by mail and nobody has confirmed. `mail` and `place` say where in which
    message its bytes are, where they are not in the desk's own folder.
    """

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    sanitised: Sanitised | None = None
    scanned: int = 0
    """How many bytes were looked through, once unpacked."""
    public: bool = True
    seq: int = 0
    at: str = ""
    actor: str = ""
    mail: str | None = None
    place: int = 0

    def document(self) -> Mapping[str, Any]:
        """As JSON."""
        return self._asdict()
