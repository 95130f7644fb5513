"""A copy of the whole record in another place, maybe of another engine (AUD-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from carecli.domain.instants import instant, iso
from carecli.domain.seal import Seal
from carecli.errors import DatabaseUnusable


class Copy(NamedTuple):
    """What a copy says of itself: whose it is, of when, and the hash of each of its tables once it is whole."""

    source: str
    begins: str
    """The digest of the first event of the log that it is a copy of."""
    at: datetime
    token: str
    """What only this place says of itself: who finds the same at another address has found the same place."""
    tables: Mapping[str, str] | None = None
    """None while it is being made, and while what it is to replace still works."""

    def document(self) -> dict[str, Any]:
        """The copy as JSON values."""
        tables = None if self.tables is None else dict(self.tables)
        return {**self._asdict(), "at": iso(self.at), "tables": tables}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Copy:
        """Read what `document` wrote."""
        return cls(**{**document, "at": instant(document["at"])})


class Moved(NamedTuple):
    """What a desk says of itself that was moved: where it works now, and how far its own log went."""

    place: str
    """The new place, without passwords."""
    at: datetime
    token: str
    """What the copy says of itself that works in its stead."""
    position: int
    digest: str

    def document(self) -> dict[str, Any]:
        """The mark as JSON values."""
        return {**self._asdict(), "at": iso(self.at)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Moved:
        """Read what `document` wrote."""
        return cls(**{**document, "at": instant(document["at"])})

    @property
    def told(self) -> str:
        """Where to and when, in words; the date is UTC's."""
        return f"this desk was moved to {self.place} on {self.at:%Y-%m-%d}"


def retired(moved: Moved) -> DatabaseUnusable:
    """The error for whoever would write in a desk that works elsewhere by now (AUD-2)."""
    return DatabaseUnusable(
        f"{moved.told}, and takes nothing new",
        hint=f"name that place: --db {moved.place}, or `db` in config.toml",
        rule="AUD-2",
    )


def unfinished(place: str, copy: Copy) -> DatabaseUnusable:
    """The error for a database that does not hold all of another yet, or does again."""
    return DatabaseUnusable(
        f"the copy in {place} of {copy.source} is not whole", hint=f"repeat `care copy --to {place}` there"
    )


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
    moved: bool = False
    """Whether the source is retired, and the copy works in its stead."""
    retired: Moved | None = None
    """What the source said of itself before: that it works elsewhere."""
