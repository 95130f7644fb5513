"""What came of writing another desk's whole log into a database that had none (IMP-1)."""

from typing import NamedTuple


class AdoptionReport(NamedTuple):
    """How much the log tells of, its last digest, and how many files must be brought over beside it.

    `proved` where the lines carried the digests of the desk that wrote them.
    """

    events: int
    cases: int
    accounts: int
    contacts: int
    staff: int
    articles: int
    advisories: int
    files: int
    proved: bool
    digest: str
    admins: tuple[str, ...]
    dry_run: bool = False
