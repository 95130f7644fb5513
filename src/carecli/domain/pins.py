"""Wrong PINs: how many in a row lock a contact's PIN, and for how long (DC-4)."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

LONGEST: Final = timedelta(days=1)
"""How long a PIN is locked at most, however often it was, unless the policy's own time is longer."""

DOUBLINGS: Final = 17
"""How often a time is doubled: from a second that is more than a day."""


class PinRule(NamedTuple):
    """After how many wrong PINs in a row a PIN is locked, and for how long the first time."""

    tries: int
    locked: timedelta


class Tries(NamedTuple):
    """The wrong PINs in a row that were given as one contact's, and when the last one was."""

    failures: int = 0
    last_at: datetime | None = None

    def failed(self, at: datetime) -> "Tries":
        """With another wrong one."""
        return Tries(self.failures + 1, at)

    def locked_until(self, rule: PinRule, now: datetime) -> datetime | None:
        """The end of the lock that holds now, None where a PIN may be tried.

        Each further lock is twice as long, up to a day: whoever waits for its end gains next to nothing. A clock
        that was set back unlocks nothing.
        """
        times, rest = divmod(self.failures, rule.tries)
        if self.last_at is None or not times or rest:
            return None
        until = self.last_at + min(rule.locked * 2 ** min(times - 1, DOUBLINGS), max(rule.locked, LONGEST))
        return until if now < until else None


def fingerprint(hashed: str) -> str:
    """What stands for a kept hash in events: without the hash's own salt it tells nothing of the PIN (AUD-1)."""
    # Imported here: what scripts call needs no PINs.
    from hashlib import sha256

    return f"sha256:{sha256(hashed.encode('utf-8', 'surrogateescape')).hexdigest()}"
