"""Whether a transaction was kept whose answer never came: the server knows, once it is back.

Each transaction that writes leaves a random number behind, which is there afterwards if all of it is. The numbers
that the server itself counts transactions by would not do: after a crash it may give one of them again.
"""

from __future__ import annotations

import os
from collections.abc import Set as AbstractSet
from time import monotonic, sleep
from typing import Final

import psycopg

from carecli.domain.numbers import written
from carecli.errors import DatabaseUnusable
from carecli.store.postgres.connection import Connection, connect
from carecli.store.postgres.locks import ALONE
from carecli.store.trouble import Place, unusable

SETTLING_S: Final = 30.0
"""How long a server that restarts may take until it tells."""

_LEFT: Final = (
    "INSERT INTO commits (token) SELECT ? WHERE pg_current_xact_id_if_assigned() IS NOT NULL RETURNING 1"
)
_FORGOTTEN: Final = (
    "DELETE FROM commits WHERE token IN"
    " (SELECT token FROM commits WHERE at < now() - interval '1 day' FOR UPDATE SKIP LOCKED)"
)
_TIDIED_EVERY: Final = 256
"""After how many transactions, about, the numbers of long ago are taken away."""
_POLL_S: Final = 0.2


def leave_token(db: Connection) -> int | None:
    """Leave a transaction's number; None where it wrote nothing. Raises psycopg.Error."""
    token = int.from_bytes(os.urandom(8), "big") >> 1
    if db.execute(_LEFT, (token,)).fetchone() is None:
        return None
    if token % _TIDIED_EVERY == 0:
        db.execute(_FORGOTTEN)
    return token


def settle(token: int, place: Place, touched: AbstractSet[int]) -> Connection:
    """Find out what became of a transaction whose connection was lost as it was kept: a new connection, if it was.

    `touched` are the cases it was about. Raises DatabaseUnusable where nothing was kept, or nobody can tell.
    """
    until = monotonic() + SETTLING_S
    while (left_s := until - monotonic()) > 0:
        try:
            db = connect(place, patience_s=0)
            kept = _kept(db, token, left_s)
        except psycopg.Error:  # not back yet, or lost again
            kept = None
        if kept:
            return db
        if kept is False:
            db.close()
            raise unusable(
                place, "was lost in the midst: the step that failed left nothing behind", "try again in a moment"
            )
        sleep(_POLL_S)
    raise _unknown(place, touched)


def _kept(db: Connection, token: int, patience_s: float) -> bool | None:
    """Whether it was kept; None where a standby answers, to which it may not have come yet."""
    if db.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
        db.close()
        return None
    # Its process may still be about to end it: that has let go of the lock when it has. What is asked then is to
    # be seen as of then, whichever isolation is usual on this server.
    db.run(
        f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {round(patience_s * 1000) + 1}; {ALONE}"
    )
    found = db.execute("SELECT 1 FROM commits WHERE token = ?", (token,)).fetchone()
    db.run("COMMIT")
    return found is not None


def _unknown(place: Place, touched: AbstractSet[int]) -> DatabaseUnusable:
    """Nobody is told that something is on record, or is not, where that is not known."""
    which = f"case {written(min(touched))}" if len(touched) == 1 else "this"
    look = f"`care show {written(min(touched))}`" if touched else "`care list`"
    return unusable(
        place,
        f"was lost as {which} was written, and it is not known whether it was",
        f"look before you try again: {look}, once the server is back",
    )
