"""What PostgreSQL has of its own where a record is held against its events: schema, JSON, words (AUD-1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from carecli.domain.verify import Difference
from carecli.store.checking import Checking
from carecli.store.codec import canonical
from carecli.store.postgres import found_words
from carecli.store.postgres.catalog import ours
from carecli.store.postgres.connection import Connection
from carecli.store.postgres.soundness import schema_faults
from carecli.store.postgres.storable import storable, storable_json

_TYPES: Final = """SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = CAST('care' AS regnamespace) AND c.relkind = 'r'
        AND a.attnum > 0 AND NOT a.attisdropped"""


class PostgresChecking(Checking):
    """A record in PostgreSQL, held against what its events say."""

    ahead = """SELECT c.number, CAST(c.state ->> 'seq' AS numeric), e.last FROM cases AS c
        LEFT JOIN (SELECT number, max(seq) AS last FROM events GROUP BY number) AS e ON e.number = c.number
        WHERE CASE WHEN jsonb_typeof(c.state -> 'seq') = 'number'
            THEN CAST(c.state ->> 'seq' AS numeric) > coalesce(e.last, 0) ELSE FALSE END
        ORDER BY c.number LIMIT 3"""

    db: Connection

    def __init__(self, db: Connection) -> None:
        self._types = {(table, column): kind for table, column, kind in db.execute(_TYPES)}
        super().__init__(db, self._as_kept, self._as_keepable)

    def engine(self) -> Iterator[Difference]:
        """Tables, indices, triggers, functions or views that are not as our scripts make them."""
        return schema_faults(self.db, ours(self.db))

    def differing_words(self, *names: str) -> Iterator[Difference]:
        """Which of these indices hold other words than those of their texts."""
        return found_words.differing(self.db, names)

    def _as_kept(self, table: str, column: str, value: Any) -> Any:
        """A value of the server's, JSON by what it says: how that was spelled the server does not keep."""
        if value is not None and self._types.get((table, column)) in {"json", "jsonb"}:
            return respelled(value)
        return value

    def _as_keepable(self, table: str, column: str, value: Any) -> Any:
        """What was made anew, as the server would keep it: not every sign can stand in a text there."""
        if not isinstance(value, str):
            return value
        kind = self._types.get((table, column))
        if kind == "jsonb":
            return respelled(storable_json(value))
        if kind == "json":
            return respelled(value)
        return storable(value)


def respelled(text: str) -> str:
    """The one spelling of a JSON text; numbers that are whole are so however they are written."""
    try:
        return canonical(json.loads(text, parse_float=_number))
    except (ValueError, RecursionError):
        return text


def _number(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() else number
