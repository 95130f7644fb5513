"""Search for words: what people type made safe, ranked over a bounded number of hits (FIND-3)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from carecli.domain.finding import Found, Query
from carecli.domain.numbers import parse_number
from carecli.domain.vocabulary import Status
from carecli.errors import Invalid
from carecli.store.cases import CaseReading
from carecli.store.codec import canonical
from carecli.store.entries import CaseTexts
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
from carecli.store.session import Session
from carecli.store.sight import Condition, Parameter, not_hidden, of_accounts, of_cases

RANKED_MAX: Final = 5_000
"""Ranking every hit of a common word in a million cases takes seconds: only the newest are ranked."""

WORDS_MAX: Final = 50
"""More words than anybody types; FTS5 limits how long an expression may grow."""

_RANKS: Final = {"search": "bm25(search, 10.0, 3.0, 1.0)", "search_notes": "bm25(search_notes)"}
# With the plus FTS5 walks once through its hits; without it, it would look up each number anew.
_WITHIN: Final = "+rowid IN"
_AMONG: Final = f"rowid BETWEEN ? AND ? AND {_WITHIN} (SELECT value FROM json_each(?))"  # noqa: S608 - no input
_CONTEXT_WORDS: Final = 16

Tables = tuple[str, ...]

_APPENDED: Final = ", ".join(
    f"{name} = {name} || CASE WHEN {name} = '' OR :{name} = '' THEN '' ELSE char(10) END || :{name}"
    for name in ("subject", "description", "updates")
)


class Searching(CaseReading):
    """Pages of cases by their words."""

    def search(self, words: str, query: Query, *, notes: bool, ranked: bool = True) -> Found:
        """A page of cases that hold all these words, best first; `notes` looks into notes too (FIND-3).

        All stand in what both sides read, or all in notes. A case named by its number comes first, also a
        closed one unless `query.filter.statuses` forbids it. Where more than 5,000 cases match, the newest of
        them are ranked, counted and listed: `ranked` says so. The last word may be unfinished, unless so many
        hold it whole.
        """
        tables = ("search", "search_notes") if notes else ("search",)
        match, statuses, hits = self._matched(tables, words, query)
        first = self._named(words, query)
        best = self._ranked(tables, match, hits[:RANKED_MAX]) if ranked else self._sorted(query, hits[:RANKED_MAX])
        numbers = first + [number for number in best if number not in first]
        page = numbers[query.offset : None if query.limit is None else query.offset + query.limit]
        return Found(
            self.listed(page),
            len(numbers),
            with_all_tabs(Counter((statuses | self._statuses(first)).values())),
            self._snippets(tables, match, page),
            RANKED_MAX if len(hits) > RANKED_MAX else None,
        )

    def _matched(self, tables: Tables, words: str, query: Query) -> tuple[str, dict[int, Status], list[int]]:
        """The expression to search by, the newest hits with their statuses, and those that the query wants."""
        whole = expression(words, whole=True)
        statuses, hits = self._wanted(tables, whole, query)
        if len(hits) > RANKED_MAX:
            return whole, statuses, hits
        # Each use of an unfinished word gathers all its hits anew, of a common one a million at a time.
        unfinished = expression(words)
        return unfinished, *self._wanted(tables, unfinished, query)

    def _wanted(self, tables: Tables, match: str, query: Query) -> tuple[dict[int, Status], list[int]]:
        asked = [*matching(query), *of_accounts(self.sight, "cases.account").conditions]
        statuses = self._statuses(self._newest(tables, match, query, asked))
        hits = [number for number, status in statuses.items() if wants(query.filter, status)]
        if len(statuses) > RANKED_MAX >= len(hits):
            hits = self._newest(tables, match, query, [*asked, *standing(query.filter)])
        return statuses, hits

    def _newest(self, tables: Tables, match: str, query: Query, conditions: Iterable[Condition]) -> list[int]:
        """The newest hits, one more than are ranked where there are so many."""
        asked = list(conditions)
        found = {hit for table in tables for hit in self._newest_of(table, match, query, asked)}
        return sorted(found, reverse=True)[: RANKED_MAX + 1]

    def _newest_of(self, table: str, match: str, query: Query, asked: Sequence[Condition]) -> list[int]:
        seen = not_hidden(self.sight, "+rowid")
        newest = f"{seen.sql} ORDER BY rowid DESC LIMIT {RANKED_MAX + 1}"
        query = led(query, self.sight)
        if not asked:
            return self._hits(table, match, newest, *seen.parameters)
        if is_narrow(query):
            within, parameters = select("number", query, asked)
            return self._hits(table, match, f"AND {_WITHIN} ({within}) {newest}", *parameters, *seen.parameters)
        # Only an index gathers its cases faster than the hits are looked up one by one until there are enough.
        within, parameters = select("1", query, [Condition(f"cases.number = {table}.rowid AND ?", 1), *asked])
        return self._hits(table, match, f"AND EXISTS ({within}) {newest}", *parameters, *seen.parameters)

    def _ranked(self, tables: Tables, match: str, hits: Sequence[int]) -> list[int]:
        """These hits, best first, of equals the newer; what stands in notes alone comes last."""
        if not hits:
            return []
        among = _among(hits)
        ranked = (
            self._hits(table, match, f"AND {_AMONG} ORDER BY {_RANKS[table]}, rowid DESC", *among)
            for table in tables
        )
        return list(dict.fromkeys(number for table in ranked for number in table))

    def _sorted(self, query: Query, hits: Sequence[int]) -> list[int]:
        """These hits in the query's order."""
        among = "SELECT number FROM cases WHERE number IN (SELECT value FROM json_each(?))"
        return self.column(f"{among} {order(query)}", (canonical(hits),))

    def _hits(self, table: str, match: str, rest: str, *parameters: Parameter) -> list[int]:
        if not match:
            return []
        return self.column(f"SELECT rowid FROM {table} WHERE {table} MATCH ? {rest}", (match, *parameters))  # noqa: S608

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

    def _snippets(self, tables: Tables, match: str, page: Sequence[int]) -> tuple[str, ...]:
        """For each case where the words stand, between « and »; nothing where only its number matched."""
        if not match or not page:
            return ("",) * len(page)
        shown: dict[int, str] = {}
        for table in reversed(tables):
            rows = self.db.execute(
                f"SELECT rowid, snippet({table}, -1, '«', '»', '…', {_CONTEXT_WORDS}) FROM {table}"  # noqa: S608
                f" WHERE {table} MATCH ? AND {_AMONG}",
                (match, *_among(page)),
            )
            shown |= dict(rows.fetchall())
        return tuple(one_line(shown.get(number, "")) for number in page)


class Indexing(Session):
    """The search index as it grows."""

    def index(self, texts: CaseTexts) -> None:
        """Add texts of a case to the search index; texts of a known case are added to what it has."""
        values = texts._asdict()
        added = self.db.execute(f"UPDATE search SET {_APPENDED} WHERE rowid = :number", values)  # noqa: S608
        if not added.rowcount:
            self.db.execute(
                "INSERT INTO search (rowid, subject, description, updates)"
                " VALUES (:number, :subject, :description, :updates)",
                values,
            )
        if texts.notes:
            self._index_note(texts)

    def _index_note(self, texts: CaseTexts) -> None:
        note = (texts.notes, texts.number)
        added = self.db.execute("UPDATE search_notes SET notes = notes || char(10) || ? WHERE rowid = ?", note)
        if not added.rowcount:
            self.db.execute("INSERT INTO search_notes (notes, rowid) VALUES (?, ?)", note)


def expression(words: str, *, whole: bool = False) -> str:
    """The FTS5 expression for words as people type them, empty where nothing in them can be found.

    Each word is quoted, so that no sign in it means anything; all must occur, the last one perhaps unfinished
    unless `whole`.
    """
    # Quoted, a word without a letter or digit would be an empty phrase, which FTS5 reads as no demand at all.
    known = [word for word in _plain(words).split() if any(c.isalnum() for c in word)][:WORDS_MAX]
    if not known:
        return ""
    quoted = " AND ".join('"' + word.replace('"', '""') + '"' for word in known)
    return quoted if whole else f"{quoted}*"


def _among(numbers: Sequence[int]) -> tuple[int, int, str]:
    return min(numbers), max(numbers), canonical(numbers)


def one_line(text: str) -> str:
    """The text without line breaks, control characters and runs of blanks."""
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """The text with blanks for what does not print, which lone surrogates and NUL do not."""
    return "".join(c if c.isprintable() else " " for c in text)
