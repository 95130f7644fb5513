"""What of the record somebody sees, as SQL; nothing is added where nothing is hidden (DC-3, ACC-5, SR-1)."""

from __future__ import annotations

from typing import Final, NamedTuple

from carecli.domain.sight import Sight
from carecli.store.codec import canonical, folded

Parameter = str | int

HIDDEN: Final = "confidential = 1 AND contact <> ?"
"""The data-privacy requests of others, as the index `cases_confidential` has them."""

_HIDDEN_NUMBERS: Final = f"(SELECT number FROM cases INDEXED BY cases_confidential WHERE {HIDDEN})"  # noqa: S608


class Condition(NamedTuple):
    """A piece of a WHERE clause with its parameter."""

    sql: str
    parameter: Parameter


class Clause(NamedTuple):
    """Conditions to be put behind others."""

    conditions: tuple[Condition, ...] = ()

    @property
    def sql(self) -> str:
        """The conditions, each behind an AND; empty where there are none."""
        return "".join(f" AND {condition.sql}" for condition in self.conditions)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Their parameters."""
        return tuple(condition.parameter for condition in self.conditions)

    def then(self, other: Clause) -> Clause:
        """These conditions and others."""
        return Clause(self.conditions + other.conditions)

    def or_without(self, column: str) -> Clause:
        """These conditions, for rows that have something in the column."""
        return Clause(tuple(Condition(f"({column} IS NULL OR {sql})", value) for sql, value in self.conditions))


NOTHING: Final = Clause()


def of_accounts(sight: Sight, account: str) -> Clause:
    """That the account in a column of cases is one of those that are seen."""
    if sight.accounts is None:
        return NOTHING
    names = sorted({folded(name) for name in sight.accounts})
    if len(names) == 1:
        return Clause((Condition(f"{account} = ?", names[0]),))
    among = "IN (SELECT value FROM json_each(?))"
    return Clause((Condition(f"{account} {among}", canonical(names)),))


def not_hidden(sight: Sight, number: str) -> Clause:
    """That the case whose number is in a column is no data-privacy request of somebody else."""
    if sight.confidential_of is None:
        return NOTHING
    # The few hidden ones are gathered once: looking at each case instead would leave the covering indices.
    return Clause((Condition(f"{number} NOT IN {_HIDDEN_NUMBERS}", folded(sight.confidential_of)),))


def of_cases(sight: Sight, cases: str = "cases", *, leading: bool = False) -> Clause:
    """That a row of the cases is seen, by the name that a statement gives them.

    By default something else leads to the row; `leading` where the accounts shall, by their index.
    """
    # With the plus SQLite does not walk through all cases of an account for the few that are named.
    account = f"{cases}.account" if leading else f"+{cases}.account"
    return of_accounts(sight, account).then(not_hidden(sight, f"{cases}.number"))


def of_numbers(sight: Sight, number: str) -> Clause:
    """That the case whose number is in a column of any other table is seen; the column is named with its table."""
    # Alone it would be that of the cases themselves, within the condition, and hide nothing.
    assert "." in number, number
    own = (
        Condition(f"EXISTS (SELECT 1 FROM cases AS own WHERE own.number = {number} AND {sql})", value)  # noqa: S608
        for sql, value in of_accounts(sight, "+own.account").conditions
    )
    return Clause(tuple(own)).then(not_hidden(sight, number))
