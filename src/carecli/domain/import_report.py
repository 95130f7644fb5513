"""What an import brought in, and what it left out (IMP-1)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple


class StateMeant(NamedTuple):
    """A state of theirs, the sub-status that it is here, and how many updates said it."""

    state: str
    becomes: str
    updates: int


class ImportReport(NamedTuple):
    """What an import brought in, and what it left out and why (IMP-1)."""

    cases: int
    known: int
    events: int
    refused: tuple[tuple[int, str], ...]
    shifted: tuple[int, ...]
    breaches: int
    accounts: int
    contacts: int
    staff: int
    dry_run: bool = False
    source: str | None = None
    """What the mapping calls its files."""
    grown: int = 0
    """Of the known cases those with updates that were not there yet."""
    refused_total: int = 0
    """All that was left out; of very many `refused` lists the first."""
    garbled: tuple[int, ...] = ()
    """Lines with bytes that are no text in the file's encoding."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    states: tuple[StateMeant, ...] = ()
    standing: Mapping[str, int] = MappingProxyType({})
    """How many of the tickets' cases stand in which status."""
