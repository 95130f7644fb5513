"""Search for words as every engine does it: which hits are ranked, counted and shown (FIND-3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from carecli.domain.finding import Found, Query
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Status
from carecli.errors import Invalid
from carecli.store.cases import CaseReading
from carecli.store.codec import canonical
from carecli.store.excerpts import excerpt, sought
from carecli.store.finding import (
    is_narrow,
    led,
    matching,
    order,
    select,
    standing,
    wants,
    with_all_tabs,
)
from carecli.store.sight import Condition, Parameter, not_hidden, of_accounts, of_cases
from carecli.store.words import aligned, tokens

RANKED_MAX: Final = 5_000
"""Ranking every hit of a common word in a million cases takes seconds: only the newest are ranked."""

WORDS_MAX: Final = 50
"""More words than anybody types, the parts of an address counted each: what is behind them is not looked for.

FTS5 limits how long an expression may grow, and holds each word of a phrase against each place of it in a text.
"""

TYPED_MAX: Final = 1_000
"""More characters than anybody types; PostgreSQL holds all of a word against each place in a text."""

WEIGHTS: Final[Mapping[str, tuple[int, ...]]] = {"search": (10, 3, 1), "search_notes": (1,)}
"""How much a word weighs in the subject, the description and the updates; in notes, which are apart."""

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "search": ("subject", "description", "updates"),
    "search_notes": ("notes",),
}
"""The columns of the tables, in the order of their weights."""

# With the plus SQLite walks once through its hits; without it, it would look up each number anew.
_WITHIN: Final = "+rowid IN"
AMONG: Final = f"rowid BETWEEN ? AND ? AND {_WITHIN} (SELECT value FROM json_each(?))"  # noqa: S608 - no input

Tables = tuple[str, ...]


class Wording(NamedTuple):
    """Words that all must occur, as people type them; the last one may be unfinished unless `whole`."""

    words: tuple[str, ...]
    whole: bool

    def expression(self) -> str:
        """The FTS5 expression for them; each is quoted, so that no sign in it means anything."""
        quoted = " AND ".join(quote(word) for word in self.words)
        return quoted if self.whole or not quoted else f"{quoted}*"


class CaseSearching(CaseReading):
    """Pages of cases by their words; what differs by engine is in its own room."""

    def search(self, words: str, query: Query, *, notes: bool, ranked: bool = True) -> Found:
        """A page of cases that hold all these words, best first; `notes` looks into notes too (FIND-3).

        All stand in what both sides read, or all in notes. A case named by its number comes first, also a
        closed one unless `query.filter.statuses` forbids it. Where more than 5,000 cases match, the newest of
        them are ranked, counted and listed: `ranked` says so. The last word may be unfinished, unless so many
        hold it whole.
        """
        tables = ("search", "search_notes") if notes else ("search",)
        wording, statuses, hits = self._matched(tables, words, query)
        first = self._named(words, query)
        best = self._best(tables, wording, hits[:RANKED_MAX]) if ranked else self._sorted(query, hits[:RANKED_MAX])
        numbers = first + [number for number in best if number not in first]
        page = numbers[query.offset : None if query.limit is None else query.offset + query.limit]
        return Found(
            self.listed(page),
            len(numbers),
            with_all_tabs(Counter((statuses | self._statuses(first)).values())),
            self._snippets(tables, wording, page),
            RANKED_MAX if len(hits) > RANKED_MAX else None,
        )

    def hits(self, table: str, wording: Wording, rest: str, *parameters: Parameter) -> list[int]:
        """The cases that hold the words in a table, and of which the rest of the statement is true."""
        raise NotImplementedError

    def ranked(self, table: str, wording: Wording, hits: Sequence[int]) -> list[int]:
        """Those of some hits that hold the words in a table, best first, of equals the newer."""
        raise NotImplementedError

    def _matched(self, tables: Tables, words: str, query: Query) -> tuple[Wording, dict[int, Status], list[int]]:
        """The words to search by, the newest hits with their statuses, and those that the query wants."""
        whole = wording(words, whole=True)
        statuses, hits = self._wanted(tables, whole, query)
        if len(hits) > RANKED_MAX:
            return whole, statuses, hits
        # Each use of an unfinished word gathers all its hits anew, of a common one a million at a time.
        unfinished = whole._replace(whole=False)
        return unfinished, *self._wanted(tables, unfinished, query)

    def _wanted(self, tables: Tables, wording: Wording, query: Query) -> tuple[dict[int, Status], list[int]]:
        asked = [*matching(query), *of_accounts(self.sight, "cases.account").conditions]
        statuses = self._statuses(self._newest(tables, wording, query, asked))
        hits = [number for number, status in statuses.items() if wants(query.filter, status)]
        if len(statuses) > RANKED_MAX >= len(hits):
            hits = self._newest(tables, wording, query, [*asked, *standing(query.filter)])
        return statuses, hits

    def _newest(
        self, tables: Tables, wording: Wording, query: Query, conditions: Iterable[Condition]
    ) -> list[int]:
        """The newest hits, one more than are ranked where there are so many."""
        asked = list(conditions)
        found = {hit for table in tables for hit in self._newest_of(table, wording, query, asked)}
        return sorted(found, reverse=True)[: RANKED_MAX + 1]

    def _newest_of(self, table: str, wording: Wording, query: Query, asked: Sequence[Condition]) -> list[int]:
        if not wording.words:
            return []
        seen = not_hidden(self.sight, "+rowid")
        newest = f"{seen.sql} ORDER BY rowid DESC LIMIT {RANKED_MAX + 1}"
        query = led(query, self.sight)
        if not asked:
            return self.hits(table, wording, newest, *seen.parameters)
        if is_narrow(query):
            within, parameters = select("number", query, asked)
            return self.hits(table, wording, f"AND {_WITHIN} ({within}) {newest}", *parameters, *seen.parameters)
        # Only an index gathers its cases faster than the hits are looked up one by one until there are enough.
        within, parameters = select("1", query, [Condition(f"cases.number = {table}.rowid AND 1 = ?", 1), *asked])
        return self.hits(table, wording, f"AND EXISTS ({within}) {newest}", *parameters, *seen.parameters)

    def _best(self, tables: Tables, wording: Wording, hits: Sequence[int]) -> list[int]:
        """These hits, best first, of equals the newer; what stands in notes alone comes last."""
        if not hits or not wording.words:
            return []
        ranked = (self.ranked(table, wording, hits) for table in tables)
        return list(dict.fromkeys(number for table in ranked for number in table))

    def _sorted(self, query: Query, hits: Sequence[int]) -> list[int]:
        """These hits in the query's order."""
        among = "SELECT number FROM cases WHERE number IN (SELECT value FROM json_each(?))"
        return self.column(f"{among} {order(query)}", (canonical(hits),))

    def _named(self, words: str, query: Query) -> list[int]:
        """The case whose number the words are, where the query lets it through."""
        try:
            named = Condition("cases.number = ?", parse_number(words))
        except Invalid:
            return []
        status = standing(query.filter) if query.filter.statuses else ()
        seen = of_cases(self.sight).conditions
        return self.column(*select("number", Query(), [named, *matching(query), *status, *seen]))

    def _statuses(self, numbers: Sequence[int]) -> dict[int, Status]:
        """How these cases stand, in the order given."""
        rows = self.db.execute(
            "SELECT number, status FROM cases WHERE number IN (SELECT value FROM json_each(?))",
            (canonical(numbers),),
        )
        known = dict(rows.fetchall())
        return {number: Status(known[number]) for number in numbers if number in known}

    def _snippets(self, tables: Tables, wording: Wording, page: Sequence[int]) -> tuple[str, ...]:
        """For each case where the words stand; nothing where only its number matched."""
        if not wording.words or not page:
            return ("",) * len(page)
        found: dict[int, str] = {}
        for table in reversed(tables):
            found |= self._shown(table, wording, page)
        return tuple(one_line(found.get(number, "")) for number in page)

    def _shown(self, table: str, wording: Wording, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Where the words stand in a table's texts of these cases, between « and »."""
        wanted = sought(wording.words, tokens, unfinished=not wording.whole)
        texts = self.db.execute(
            f"SELECT rowid, {', '.join(TEXTS[table])} FROM {table}"  # noqa: S608 - no input
            " WHERE rowid IN (SELECT value FROM json_each(?))",
            (canonical(numbers),),
        )
        told = ((number, excerpt(said, wanted, every=True)) for number, *said in texts)
        return (one for one in told if one[1])


def wording(words: str, *, whole: bool = False) -> Wording:
    """The words that people typed, none where nothing in them can be found."""
    # Quoted, a word without a letter or digit would be an empty phrase, which FTS5 reads as no demand at all.
    known = [word for word in _typed(words).split() if any(c.isalnum() for c in word)]
    # Typed again and again, a word tells no more; but the last one may be unfinished.
    return Wording((*dict.fromkeys(known[:WORDS_MAX][:-1]), *known[:WORDS_MAX][-1:]), whole)


def _typed(words: str) -> str:
    """As much of what was typed as is looked for."""
    text = _plain(words[:TYPED_MAX])
    behind = aligned(text).split(None, WORDS_MAX)[WORDS_MAX:]
    return text[: len(text) - len("".join(behind))]


def quote(word: str) -> str:
    """A word as FTS5 reads it, whatever signs it has."""
    return '"' + word.replace('"', '""') + '"'


def among(numbers: Sequence[int]) -> tuple[int, int, str]:
    """The parameters of `AMONG`."""
    return min(numbers), max(numbers), canonical(numbers)


def one_line(text: str) -> str:
    """The text without line breaks, control characters and runs of blanks."""
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """The text with blanks for what does not print, which lone surrogates and NUL do not."""
    return "".join(c if c.isprintable() else " " for c in text)
