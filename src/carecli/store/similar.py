"""Cases like a text (OPEN-7, OPEN-11): what holds which words, always by a bounded number of hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import instant
from carecli.store.codec import canonical, folded
from carecli.store.session import Session
from carecli.store.sight import not_hidden, of_accounts, of_cases

if TYPE_CHECKING:
    from carecli.store.entries_opening import Issue

_READ_MAX: Final = 8_000
"""How many characters of a description are read."""


class SimilarReading(Session):
    """Cases like a text (OPEN-7, OPEN-11)."""

    def numbers_of(self, account: str, most: int, *, open_only: bool) -> list[int]:
        """An account's cases, those that moved last first."""
        closed = "AND closed = 0" if open_only else ""
        seen = of_accounts(self.sight, "+account").then(not_hidden(self.sight, "number"))
        return self.column(
            "SELECT number FROM cases INDEXED BY cases_of_account"  # noqa: S608 - no input
            f" WHERE account = ? {closed}{seen.sql} ORDER BY modified_at DESC, status DESC, number DESC LIMIT ?",
            (folded(account), *seen.parameters, most),
        )

    def among_open(self, numbers: Sequence[int]) -> list[int]:
        """Of these cases those that are not closed, in their order."""
        found = set(
            self.column(
                # With the plus SQLite looks the numbers up; without it, it walks through all open cases.
                "SELECT number FROM cases WHERE number IN (SELECT value FROM json_each(?)) AND +closed = 0",
                (canonical(numbers),),
            )
        )
        return [number for number in numbers if number in found]

    def issues(self, numbers: Sequence[int]) -> list[Issue]:
        """Of these cases what likeness is told by, in any order."""
        seen = of_cases(self.sight)
        rows = self.db.execute(
            f"""SELECT number, state ->> 'subject', substr(texts ->> 'description', 1, ?),
                state ->> 'account', state ->> 'service', status, opened_at
                FROM cases WHERE number IN (SELECT value FROM json_each(?)){seen.sql}""",  # noqa: S608
            (_READ_MAX, canonical(numbers), *seen.parameters),
        )
        from carecli.store.entries_opening import Issue

        return [Issue._make((*told, instant(at))) for *told, at in rows]

    def last_number(self) -> int:
        """The highest number of a case: about how many there are."""
        return int(self.one("SELECT max(number) FROM cases") or 0)
