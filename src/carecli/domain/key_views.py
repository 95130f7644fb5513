"""What people are shown of the key of mail references: its place and fingerprint, never the key (MAIL-1)."""

from datetime import datetime
from typing import NamedTuple


class Before(NamedTuple):
    """A key of before: what stands for it, up to which case it vouches, and until when."""

    fingerprint: str
    upto: int
    until: datetime


class KeyView(NamedTuple):
    """Where the key is kept (`kind` is database, file, keyring or environment), and those of before."""

    place: str
    kind: str
    fingerprint: str
    before: tuple[Before, ...]
    left_behind: bool = False
    """Whether the database still holds a key, and another place does, too."""
    scrubbed: bool = True
    """Whether the bytes of the key before are gone from the database's files, too."""
