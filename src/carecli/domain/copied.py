"""A copy of the whole record in another place, maybe of another engine (AUD-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from carecli.domain.instants import instant, iso
from carecli.domain.seal import Seal


class Copy(NamedTuple):
    """What a copy says of itself: whose it is, of when, and the hash of each of its tables once it is whole."""

    source: str
    begins: str
    """The digest of the first event of the log that it is a copy of."""
    at: datetime
    token: str
    """What only this place says of itself: who finds the same at another address has found the same place."""
    tables: Mapping[str, str] | None = None
    """None while it is being made."""

    def document(self) -> dict[str, Any]:
        """The copy as JSON values."""
        tables = None if self.tables is None else dict(self.tables)
        return {**self._asdict(), "at": iso(self.at), "tables": tables}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Copy:
        """Read what `document` wrote."""
        return cls(**{**document, "at": instant(document["at"])})


class Hashed(NamedTuple):
    """A table of a record: how many rows it has, and the SHA-256, in hex, of all that they hold."""

    name: str
    rows: int
    sha256: str


class Copied(NamedTuple):
    """A copy that was made: from where, to where, and what both hold."""

    at: datetime
    source: str
    target: str
    seal: Seal
    events: int
    tables: tuple[Hashed, ...]
    files: int
    file_bytes: int
    folder: str
    continued: int
    """How many events were there already, from a copy that was cut short or of before."""
