"""How much each member of staff has to do (ROUTE-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.store.codec import folded
from carecli.store.session import Session

if TYPE_CHECKING:
    from carecli.store.entries_opening import Workload


class RoutingReading(Session):
    """How much each member of staff has to do (ROUTE-1)."""

    def workload(self, owner: str) -> Workload:
        """The open cases of an owner, and the latest case that is the owner's, open or closed."""
        name = folded(owner)
        # Two walks along an index each: neither depends on how many cases others have, or the owner once had.
        open_cases = self.one(
            "SELECT count(*) FROM cases INDEXED BY cases_of_owner WHERE owner = ? AND closed = 0", (name,)
        )
        latest = self.one(
            "SELECT max(number) FROM cases INDEXED BY cases_latest_of_owner WHERE owner = ?", (name,)
        )
        from carecli.store.entries_opening import Workload

        return Workload(open_cases, latest or 0)
