"""Cases by their words, by PostgreSQL's index (FIND-3)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from carecli.store.entries import CaseTexts
from carecli.store.postgres.phrases import VECTOR_MAX, Demand, Phrase, demand, vector, written
from carecli.store.postgres.word_tables import TABLES, WordTables
from carecli.store.searching import AMONG, CaseSearching, Wording, among
from carecli.store.session import Session
from carecli.store.sight import Parameter
from carecli.store.words import tokens


class Searching(CaseSearching, WordTables):
    """Pages of cases by their words."""

    def hits(self, table: str, wording: Wording, rest: str, *parameters: Parameter) -> list[int]:
        """The cases that hold the words in a table, and of which the rest of the statement is true."""
        demanded = _demand(wording)
        return self.held(table, demanded, rest, *parameters) if demanded.groups else []

    def ranked(self, table: str, wording: Wording, hits: Sequence[int]) -> list[int]:
        """Those of some hits that hold the words in a table, best first, of equals the newer."""
        scores = self.scores(table, _demand(wording), f"AND {AMONG}", *among(hits))
        return [number for _, number in sorted(scores, reverse=True)]


class Indexing(Session):
    """The search index as it grows."""

    def index(self, texts: CaseTexts) -> None:
        """Add texts of a case to the search index; texts of a known case are added to what it has."""
        said = {name: getattr(texts, name) for name in TABLES["search"].names}
        self._add_texts("search", texts.number, said)
        if texts.notes:
            self._add_texts("search_notes", texts.number, {"notes": texts.notes})

    def _add_texts(self, table: str, number: int, said: dict[str, str]) -> None:
        told = {name: tokens(text) for name, text in said.items()}
        values: dict[str, Any] = {
            "number": number,
            **said,
            **{f"{name}_tokens": written(words) for name, words in told.items()},
            "size": sum(map(len, told.values())),
            "words": vector(*told.values()),
        }
        new = tuple(name for name, text in said.items() if text)
        # The likelier first: what has a subject is mostly new, all else mostly not.
        ways = [_begun(table), _grown(table, new)]
        if not any(self.db.execute(way, values).rowcount for way in (ways if said.get("subject") else ways[::-1])):
            self._grow_long(table, new, values)

    def _grow_long(self, table: str, new: tuple[str, ...], values: dict[str, Any]) -> None:
        """Add to a row that is too long for its words to be added up by the server."""
        columns = TABLES[table].tokens
        held = f"SELECT {', '.join(columns)} FROM {table} WHERE rowid = ?"  # noqa: S608 - no input
        was = self.db.execute(held, (values["number"],)).fetchone()
        now = (f"{old}{values[name]}" for old, name in zip(was, columns, strict=True))
        words = vector(*(text.split() for text in now))
        self.db.execute(_grown(table, new, short=False), {**values, "words": words})


@lru_cache
def _demand(wording: Wording) -> Demand:
    phrases = [Phrase(tuple(tokens(word))) for word in wording.words]
    if phrases and not wording.whole:
        phrases[-1] = phrases[-1]._replace(unfinished=True)
    return demand([phrase] for phrase in phrases)


@lru_cache
def _grown(table: str, new: tuple[str, ...], *, short: bool = True) -> str:
    """The statement that adds texts to a row; `short` only where all its words together fit into the index."""
    changes = ["size = size + :size"]
    for name in new:
        changes.append(f"{name} = {name} || CASE WHEN {name} = '' THEN '' ELSE chr(10) END || :{name}")
        changes.append(f"{name}_tokens = {name}_tokens || :{name}_tokens")
    changes.append(f"words = {'words || ' if short else ''}CAST(:words AS tsvector)")
    grown = f"UPDATE {table} SET {', '.join(changes)} WHERE rowid = :number"  # noqa: S608 - no input
    if not short:
        return grown
    # More than the bytes of the words, each of which stands there once at least.
    sizes = " + ".join(f"octet_length({name}) + octet_length(:{name})" for name in TABLES[table].tokens)
    return f"{grown} AND {sizes} < {VECTOR_MAX}"


@lru_cache
def _begun(table: str) -> str:
    names = (*TABLES[table].names, *TABLES[table].tokens)
    return (
        f"INSERT INTO {table} (rowid, {', '.join(names)}, size, words)"  # noqa: S608 - no input
        f" VALUES (:number, {', '.join(f':{name}' for name in names)}, :size, CAST(:words AS tsvector))"
        " ON CONFLICT (rowid) DO NOTHING"
    )
