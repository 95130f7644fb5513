"""Whoever comes to the database by credentials of the own, who only reads, and not everything (DC-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from carecli.errors import NotPermitted

if TYPE_CHECKING:
    import psycopg

    from carecli.store.postgres.connection import Connection

_KEPT: Final = frozenset({"42501", "42P01", "42883"})
"""By which codes a server tells somebody with credentials of the own of a table that is not for him."""


def login_of(db: Connection) -> str:
    """Whose credentials those of a connection are, folded; raises NotPermitted for who acts no more (DC-3)."""
    row = db.execute(f"SELECT email FROM {db.schema}.me").fetchone()  # noqa: S608 - a name from this program
    if row is None or row[0] is None:
        raise NotPermitted(
            "nobody acts here with these credentials any more", hint="ask an admin of this desk", rule="ACC-4"
        )
    return str(row[0])


def is_kept(error: psycopg.Error) -> bool:
    """Whether the server keeps what was asked for from whoever asks."""
    return error.sqlstate in _KEPT


def kept_from(login: str) -> NotPermitted:
    """The refusal of what `login` may not see (DC-3)."""
    return NotPermitted(
        f"what this asks for is kept from {login}'s own login",
        hint="ask over SSH at the desk's gate, or by the desk's own login",
        rule="DC-3",
    )


def only_reads(login: str) -> NotPermitted:
    """The refusal of what `login` would write (DC-3)."""
    return NotPermitted(
        f"{login} only reads with credentials of the own: nothing was changed",
        hint="write over SSH at the desk's gate, or by the desk's own login",
        rule="DC-3",
    )
