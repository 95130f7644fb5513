"""PINs as they are kept, by the folded address: hashes beside contacts, and what was tried in vain (DC-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from carecli.domain.instants import instant, iso
from carecli.errors import NotFound
from carecli.store.codec import folded
from carecli.store.session import NO_LIMIT, Session

if TYPE_CHECKING:
    from carecli.domain.pins import Tries

STRANGERS: Final = 1_000
"""Of how many callers that are no contacts tries are kept: nobody fills the disk with names."""


class PinReading(Session):
    """What is known of PINs."""

    def pin_hash(self, email: str) -> str | None:
        """The hash of a contact's PIN (DC-4)."""
        hashed: str | None = self.one("SELECT pin_hash FROM contacts WHERE email = ?", (folded(email),))
        return hashed

    def pin_hashes(self) -> dict[str, str]:
        """The hash of every PIN, by its contact's folded address."""
        found = "SELECT email, pin_hash FROM contacts WHERE pin_hash IS NOT NULL ORDER BY email"
        return dict(self.db.execute(found))

    def told_pins(self) -> dict[str, str | None]:
        """The fingerprint of the PIN that was last set here for whom, by folded address, as the log tells it."""
        found = (
            "SELECT data ->> 'email', data ->> 'fingerprint' FROM events"
            " WHERE number IS NULL AND kind = 'pin-set' AND position > ? ORDER BY position"
        )
        adopted = int(self.one("SELECT document ->> 'position' FROM desk WHERE name = 'adopted'") or 0)
        return {folded(email): known for email, known in self.db.execute(found, (adopted,))}

    def pin_tries(self, email: str) -> Tries:
        """The wrong PINs in a row that were given as somebody's."""
        # Imported here, as below: what scripts call needs no PINs.
        from carecli.domain.pins import Tries

        row = self.db.execute(
            "SELECT failures, last_at FROM pin_tries WHERE email = ?", (folded(email),)
        ).fetchone()
        return Tries() if row is None else Tries(row[0], instant(row[1]))

    def all_pin_tries(self) -> dict[str, Tries]:
        """Every contact as whom wrong PINs were given, by folded address."""
        from carecli.domain.pins import Tries

        found = (
            "SELECT email, failures, last_at FROM pin_tries"
            " WHERE email IN (SELECT email FROM contacts) ORDER BY email"
        )
        return {email: Tries(failures, instant(at)) for email, failures, at in self.db.execute(found)}


class PinWriting(PinReading):
    """PINs as they are set and tried."""

    def put_pin_hash(self, email: str, hashed: str | None) -> None:
        """Keep the hash of a contact's PIN; raises NotFound for an unknown contact (DC-4)."""
        kept = self.db.execute("UPDATE contacts SET pin_hash = ? WHERE email = ?", (hashed, folded(email)))
        if not kept.rowcount:
            raise NotFound(f"there is no contact {email}", hint="`care contact list` shows them", rule="DC-4")

    def put_pin_tries(self, email: str, tries: Tries) -> None:
        """Keep what was tried in vain as somebody's PIN; none of it forgets them."""
        self.db.execute("DELETE FROM pin_tries WHERE email = ?", (folded(email),))
        if tries.last_at is None:
            return
        kept = (folded(email), tries.failures, iso(tries.last_at))
        self.db.execute("INSERT INTO pin_tries VALUES (?, ?, ?)", kept)
        self.db.execute(
            "DELETE FROM pin_tries WHERE email IN (SELECT email FROM pin_tries"
            " WHERE email NOT IN (SELECT email FROM contacts) ORDER BY last_at DESC, email LIMIT ? OFFSET ?)",
            (NO_LIMIT, STRANGERS),
        )
