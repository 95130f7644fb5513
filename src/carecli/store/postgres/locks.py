"""The locks of a desk: advisory ones of the database, let go of with the transaction or session that took them."""

from typing import Final

CLASS: Final = int.from_bytes(b"care", "big")
"""Ours among the locks that programs of one database may take."""

RECORD: Final = 1
"""Held by a command that writes, alone, and by workers of the tick beside each other."""
CHAIN: Final = 2
"""Held from the first event that a transaction appends to its end: the log is one chain (AUD-1)."""
COPYING: Final = 4


def alone(lock: int) -> str:
    """The call that takes a lock for a transaction, for nobody else beside it."""
    return f"pg_advisory_xact_lock({CLASS}, {lock})"


def beside_others(lock: int) -> str:
    """The call that takes a lock for a transaction together with others who do the same."""
    return f"pg_advisory_xact_lock_shared({CLASS}, {lock})"


def tried(lock: int) -> str:
    """The call that takes a lock for the session, or is false where another session has it."""
    return f"pg_try_advisory_lock({CLASS}, {lock})"


def let_go(lock: int) -> str:
    """The call that lets go of a session's lock."""
    return f"pg_advisory_unlock({CLASS}, {lock})"
