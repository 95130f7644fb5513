"""What the desk asks of a store about PINs (DC-4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.pins import Tries


class PinReading(Protocol):
    """What is known of PINs."""

    def pin_hash(self, email: str) -> str | None:
        """The hash of a contact's PIN."""

    def pin_hashes(self) -> Mapping[str, str]:
        """The hash of every PIN, by its contact's folded address."""

    def told_pins(self) -> Mapping[str, str | None]:
        """The fingerprint of the PIN that was last set here for whom, by folded address, as the log tells it."""

    def pin_tries(self, email: str) -> Tries:
        """The wrong PINs in a row that were given as somebody's."""

    def all_pin_tries(self) -> Mapping[str, Tries]:
        """Every contact as whom wrong PINs were given, by folded address."""


class PinWriting(PinReading, Protocol):
    """PINs as they are set and tried."""

    def put_pin_hash(self, email: str, hashed: str | None) -> None:
        """Keep the hash of a contact's PIN; raises NotFound for an unknown contact."""

    def put_pin_tries(self, email: str, tries: Tries) -> None:
        """Keep what was tried in vain as somebody's PIN; none of it forgets them."""
