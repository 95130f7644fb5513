"""The locks of a desk, let go of with the transaction or the session that took them.

Whoever writes locks a table of the desk's own: only its own logins may, so that no other login of the database
holds it up. Pieces of work that outlast a transaction have advisory locks, which anybody of the database can take.
"""

from typing import Final

CLASS: Final = int.from_bytes(b"care", "big")
"""Ours among the advisory locks that programs of one database may take."""
COPYING: Final = 4
DELIVERY: Final = 8
"""Held by whoever delivers mail, beside others or alone (MAIL-6)."""

# One that nobody looks at through a view: by PREPARE whoever may read a view locks what is behind it. It is
# written by commands alone, and so seldom that no vacuum comes between. Readers and dumps never wait for it.
_TABLE: Final = "care.secrets"

ALONE: Final = f"LOCK TABLE {_TABLE} IN EXCLUSIVE MODE"
"""Held by a command that writes, until its transaction ends: nobody else writes."""
BESIDE: Final = f"LOCK TABLE {_TABLE} IN ROW SHARE MODE"
"""Held by workers of the tick, beside each other."""
CHAIN: Final = f"LOCK TABLE {_TABLE} IN SHARE ROW EXCLUSIVE MODE"
"""Held from the first event that a transaction appends to its end: the log is one chain (AUD-1)."""


def tried(lock: int, *, beside: bool = False) -> str:
    """The call that takes a lock for the session, alone or `beside` others, or is false where that cannot be."""
    return f"pg_try_advisory_lock{'_shared' if beside else ''}({CLASS}, {lock})"


def let_go(lock: int, *, beside: bool = False) -> str:
    """The call that lets go of a session's lock, as it was taken."""
    return f"pg_advisory_unlock{'_shared' if beside else ''}({CLASS}, {lock})"
