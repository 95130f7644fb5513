"""A match: a stretch of a window that holds customer data."""

from typing import NamedTuple

from carecli.domain.sanitising import Sensitive


class Match(NamedTuple):
    """Characters `start` to `end` of a window's text; the smaller kinds go first where two start together."""

    start: int
    end: int
    kind: Sensitive
    detail: str
    value: str
    """The same for the same datum in another spelling: digits of a card without blanks."""
    shown: str
    doubt: int | None = None
    """Where in the window that begins which says that it is none: it counts unless it is customer data itself."""
