"""What the desk asks of a store: refusals at the gate (DC-3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.gate import Refusal


class RefusalReading(Protocol):
    """What was refused at the gate."""

    def refusals(self, limit: int) -> list[Refusal]:
        """The newest refusals, the newest first."""

    def refused_since(self, since: datetime) -> tuple[int, int]:
        """How many refusals there were since then, and of how many clients."""


class RefusalWriting(Protocol):
    """Refusals as they come."""

    def put_refusal(self, refusal: Refusal, most: int) -> None:
        """Keep a refusal, and of all the newest `most`."""
