"""What rows hold and what they should hold, and how they differ in words (AUD-1)."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from carecli.domain.timers import TimerKind
from carecli.domain.verify import UNTOLD, Difference
from carecli.store.derived import Rows, Table
from carecli.store.session import Connection

Row = dict[str, Any]

_JSON_COLUMNS: Final = {"state", "texts", "document", "published"}


Spelled = Callable[[str, str, Any], Any]
"""How what a column of a table holds is spelled before it is compared."""


class Derived:
    """The derived rows of a record, as they are compared.

    They are `spelled` before where an engine keeps the value of a JSON text and not its spelling, or not every
    sign that a text may have.
    """

    def __init__(self, db: Connection, spelled: Spelled | None = None) -> None:
        self._db = db
        self._spelled = spelled

    def of(self, table: Table, key: object) -> list[Row]:
        """The rows of one thing."""
        which = f"SELECT {table.columns} FROM {table.name} WHERE {table.key} = ? AND {table.where}"  # noqa: S608
        names, rows = self._found(table.name, which, (key,))
        return [dict(zip(names, row, strict=True)) for row in sorted(rows, key=repr)]

    def by_key(self, table: Table) -> dict[Any, list[Row]]:
        """Every row of a table, by its key: one that is no text cannot be asked for."""
        found: dict[Any, list[Row]] = {}
        which = f"SELECT {table.key}, {table.columns} FROM {table.name} WHERE {table.where}"  # noqa: S608
        names, rows = self._found(table.name, which)
        for key, *row in rows:
            found.setdefault(key, []).append(dict(zip(names[1:], row, strict=True)))
        return found

    def all(self, rows: Rows) -> set[tuple[Any, ...]]:
        """The rows of a table, or of a part of one."""
        return set(self._found(rows.name, f"SELECT * FROM {rows.name} WHERE {rows.where}")[1])  # noqa: S608

    def _found(
        self, table: str, sql: str, parameters: Sequence[object] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of the columns, and the rows."""
        cursor = self._db.execute(sql, parameters)
        names, spelled = [column[0] for column in cursor.description], self._spelled
        if spelled is None:
            return names, cursor.fetchall()
        return names, [
            tuple(spelled(table, name, value) for name, value in zip(names, row, strict=True)) for row in cursor
        ]


def told_apart(
    table: Table, key: object, number: int | None, real: Sequence[Row], told: Sequence[Row]
) -> Iterator[Difference]:
    """How the rows of one thing differ from what they should be."""
    if table.many or len(real) != len(told):
        yield Difference(number, table.part, _counted(table, real, told), None if number else str(key))
        return
    for name, stored, should in _differing(real[0], told[0]):
        what = f"{name} is {_short(stored)}, its events say {_short(should)}"
        yield Difference(number, table.part, what, name if number else str(key))


def _counted(table: Table, real: Sequence[Row], told: Sequence[Row]) -> str:
    if table.many:
        lacking = [_told_row(row) for row in told if row not in real]
        extra = [_told_row(row) for row in real if row not in told]
        parts = [f"lacks {', '.join(lacking)}"] if lacking else []
        parts += [f"has beside {', '.join(extra)}"] if extra else []
        return "; ".join(parts)
    return f"{table.name} lacks it" if told else f"{table.name} has it, and {UNTOLD}"


def _told_row(row: Row) -> str:
    """A timer, a mark or a file in few words: what, of which clock, when."""
    if "document" in row:
        return f"file {row['id']}"
    kind = row.get("kind")
    known = {**row, "kind": TimerKind(kind).name.lower() if kind in list(TimerKind) else kind}
    return " ".join(str(value) for name, value in known.items() if name != "number" and value not in ("", None, 0))


def _differing(real: Row, told: Row) -> Iterator[tuple[str, Any, Any]]:
    """The columns that differ; of one that holds JSON the keys that do."""
    for name, should in told.items():
        stored = real.get(name)
        if stored == should:
            continue
        inner = list(_differing_keys(name, stored, should)) if name in _JSON_COLUMNS else []
        yield from inner or [(name, stored, should)]


def _differing_keys(name: str, stored: Any, should: Any) -> Iterator[tuple[str, Any, Any]]:
    try:
        real, told = json.loads(stored), json.loads(should)
    except (RecursionError, TypeError, ValueError):
        return
    if isinstance(real, dict) and isinstance(told, dict):
        for key in [*told, *(key for key in real if key not in told)]:
            if real.get(key) != told.get(key) or (key in real) != (key in told):
                yield f"{name}.{key}", real.get(key), told.get(key)


def _short(value: Any, most: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= most else f"{text[: most - 1]}…"
