"""The hash of all that a table holds, the same whichever engine keeps it (AUD-2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from carecli.domain.copied import Hashed
from carecli.store.codec import canonical
from carecli.store.kept import Kept


class Hash:
    """What the rows of a table add up to, row by row.

    Where a `server` is on either side, texts are taken as it can hold them, and JSON by its one spelling.
    """

    def __init__(self, table: Kept, *, server: bool) -> None:
        self._table = table
        self._hash = sha256()
        self._rows = 0
        self._respells = server and bool(table.json)
        self._spelled = _spelled(table) if server else [_as_it_is] * len(table.names)

    def over(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """The same rows, each taken in as it is asked for."""
        for row in rows:
            told = [spelled(value) for spelled, value in zip(self._spelled, row, strict=True)]
            self._hash.update(canonical(told).encode("ascii") + b"\n")
            self._rows += 1
            yield row

    def stored(self, row: Sequence[Any]) -> Sequence[Any]:
        """A row as it is to be written elsewhere: a server's JSON as this program spells it."""
        if not self._respells:
            return row
        table = self._table
        return [
            canonical(json.loads(value)) if name in table.json and value is not None else value
            for name, value in zip(table.names, row, strict=True)
        ]

    def told(self, rest: Iterable[Sequence[Any]]) -> Hashed:
        """The hash, once the rest of the rows is taken in."""
        for _ in rest:
            pass
        return Hashed(self._table.name, self._rows, self.hexdigest())

    def hexdigest(self) -> str:
        """The hash so far."""
        return self._hash.hexdigest()


def _as_it_is(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _spelled(table: Kept) -> list[Any]:
    # Imported here, with the server's driver: between two files there is nothing to spell.
    from carecli.store.postgres.checking import respelled
    from carecli.store.postgres.storable import storable, storable_json

    def text(value: Any) -> Any:
        return storable(value) if isinstance(value, str) else _as_it_is(value)

    def document(value: Any) -> Any:
        return value if value is None else respelled(storable_json(value))

    return [document if name in table.json else text for name in table.names]
