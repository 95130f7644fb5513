"""What the desk asks of a store: how much each member of staff has to do (ROUTE-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.store.entries_opening import Workload


class RoutingReading(Protocol):
    """How much each member of staff has to do (ROUTE-1)."""

    def workload(self, owner: str) -> Workload:
        """The open cases of an owner, and the latest case that is the owner's, open or closed."""
