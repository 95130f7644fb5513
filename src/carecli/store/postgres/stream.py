"""Rows that are read as they are asked for: by a cursor of the server's, as a client's own holds all of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import psycopg

AT_ONCE: Final = 500
"""How many rows are fetched at once."""

_PLACES: Final = count(1)

Raw = psycopg.Connection[tuple[Any, ...]]
Page = psycopg.Cursor[tuple[Any, ...]]


class Stream:
    """What a statement finds, within the transaction that asked for it, with which it ends at the latest."""

    rowcount: int = -1

    def __init__(self, raw: Raw, sql: str, values: list[Any]) -> None:
        self._raw = raw
        self._name = f"stream_{next(_PLACES)}"
        raw.execute(f"DECLARE {self._name} NO SCROLL CURSOR FOR {sql}", values)
        page = self._page()
        self.description: Any = page.description
        """The columns of the rows, each one's name first."""
        self._rows = self._read(page)

    def fetchone(self) -> Any:
        """The next row, None behind the last."""
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def _page(self) -> Page:
        return self._raw.execute(f"FETCH {AT_ONCE} FROM {self._name}")

    def _read(self, page: Page) -> Iterator[Any]:
        while page.rowcount == AT_ONCE:
            yield from page
            page = self._page()
        yield from page
        self._raw.execute(f"CLOSE {self._name}")
