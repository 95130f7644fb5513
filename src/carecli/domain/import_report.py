"""What an import brought in, and what it left out (IMP-1)."""

from typing import NamedTuple


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
