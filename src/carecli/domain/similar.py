"""Cases that may be about the same issue (OPEN-7, OPEN-11)."""

from typing import NamedTuple


class Similar(NamedTuple):
    """A case like a text; `likeness` runs from 0 to 1, and `near` says that they are almost surely one issue."""

    number: int
    subject: str
    status: str
    likeness: float
    near: bool
    account: str = ""
