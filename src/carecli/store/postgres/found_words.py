"""The words by which cases and articles are found, held against the texts that they are the words of (FIND-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from carecli.domain.verify import Difference, Part
from carecli.store.article_words import INDICES
from carecli.store.postgres.connection import Connection
from carecli.store.postgres.phrases import vector, written
from carecli.store.postgres.word_tables import TABLES
from carecli.store.session import stream
from carecli.store.words import stems, tokens

_BLOCK: Final = 128
"""How many rows are counted together, as the trigger of the schema counts them."""


class _Words(NamedTuple):
    """What a row holds beside its texts."""

    tokens: tuple[str, ...]
    size: int
    words: str

    def held(self) -> tuple[Any, ...]:
        """The same as a row is read."""
        return *self.tokens, self.size, *sorted(word[1:-1] for word in self.words.split())


def part_of(name: str) -> Part:
    """The part of the record that a table of texts belongs to."""
    return Part.ARTICLE if name in INDICES else Part.SEARCH


def differing(db: Connection, names: Iterable[str]) -> Iterator[Difference]:
    """Which of these tables hold other words than those of their texts, or count them wrongly."""
    for name in names:
        if next(_wrong(db, name), None) is not None:
            yield Difference(None, part_of(name), f"the words of {name} are not those of its texts", name)
        elif _miscounted(db, name):
            yield Difference(None, part_of(name), f"the words of {name} are not counted rightly", name)


def mended(db: Connection, name: str) -> bool:
    """Write the words of a table anew where they are wrong; whether they were."""
    wrong = list(_wrong(db, name))
    columns = (*TABLES[name].tokens, "size")
    changes = ", ".join(f"{column} = ?" for column in columns)
    put = f"UPDATE {name} SET {changes}, words = CAST(? AS tsvector) WHERE rowid = ?"  # noqa: S608 - our names
    for rowid, texts in wrong:
        made = _made(name, texts)
        db.execute(put, (*made.tokens, made.size, made.words, rowid))
    miscounted = _miscounted(db, name)
    if miscounted:
        db.execute(f"DELETE FROM search_sizes WHERE {_counts(name)}")  # noqa: S608 - our names
        db.execute(f"INSERT INTO search_sizes {_counted(name)}")
    return bool(wrong) or miscounted


def put(db: Connection, name: str, row: Mapping[str, Any]) -> None:
    """Put a row of texts into a table, with its words."""
    columns = ("rowid", *TABLES[name].names, *TABLES[name].tokens, "size")
    made = _made(name, [row[column] for column in TABLES[name].names])
    marks = ", ".join("?" * len(columns))
    into = f"INSERT INTO {name} ({', '.join(columns)}, words) VALUES ({marks}, CAST(? AS tsvector))"  # noqa: S608
    texts = (row[column] for column in TABLES[name].names)
    db.execute(into, (row["rowid"], *texts, *made.tokens, made.size, made.words))


def _wrong(db: Connection, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows whose words are not those of their texts, each with these; read as asked for."""
    texts = TABLES[name]
    columns = ", ".join((*texts.names, *texts.tokens, "size"))
    # A vector that has places or weights in it is none of ours.
    bare = "CASE WHEN words = strip(words) THEN array_to_string(tsvector_to_array(words), ' ') END"
    for rowid, *held, words in stream(db, f"SELECT rowid, {columns}, {bare} FROM {name} ORDER BY rowid"):  # noqa: S608
        said, rest = held[: len(texts.names)], held[len(texts.names) :]
        if words is None or (*rest, *sorted(words.split())) != _made(name, said).held():
            yield rowid, said


def _made(name: str, texts: Iterable[str]) -> _Words:
    told: Callable[[str], list[str]] = stems if name in INDICES else tokens
    words = list(map(told, texts))
    return _Words(tuple(map(written, words)), sum(map(len, words)), vector(*words))


def _miscounted(db: Connection, name: str) -> bool:
    """Whether what ranking weighs by is not what the rows add up to; a block without any may stand there."""
    kept = (
        f"SELECT name, block, rows, tokens FROM search_sizes WHERE {_counts(name)} AND (rows <> 0 OR tokens <> 0)"  # noqa: S608
    )
    real = _counted(name)
    return db.execute(f"({kept} EXCEPT {real}) UNION ALL ({real} EXCEPT {kept}) LIMIT 1").fetchone() is not None


def _counts(name: str) -> str:
    """Which counts are a table's; those that are nobody's pass for the first one's."""
    others = ", ".join(f"'{other}'" for other in TABLES if other != name)
    return f"name NOT IN ({others})" if name == next(iter(TABLES)) else f"name = '{name}'"


def _counted(name: str) -> str:
    return (
        f"SELECT '{name}', rowid / {_BLOCK}, count(*), CAST(sum(size) AS bigint) FROM {name}"  # noqa: S608 - our names
        f" GROUP BY rowid / {_BLOCK}"
    )
