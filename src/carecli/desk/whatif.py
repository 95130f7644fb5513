"""Cases counted by another policy than their own, without touching them (SLA-8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk import policies
from carecli.domain import whatif
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.policy import Policy, from_document
from carecli.domain.policy_views import PolicyView
from carecli.domain.rules import Rules

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.rulebook import Rulebook
    from carecli.store.protocol import Reading


class WhatIf(NamedTuple):
    """Counts cases of one view of the record by another policy; each keeps its own calendar."""

    view: PolicyView
    policy: Policy
    rulebook: Rulebook
    reading: Reading

    def rules(self, _policy: str, calendar: str) -> Rules:
        """The other policy with a case's calendar."""
        return Rules(self.policy, self.rulebook.business_time(self.reading, calendar))

    def recounted(self, history: Iterable[Event], until: datetime) -> Case:
        """The case of a history as it would stand at `until`; the case itself stays as it is."""
        return whatif.recounted(history, self.rules, self.view.digest, until)


def under(desk: Desk, reading: Reading, name: str) -> WhatIf:
    """Counts by the policy of this name, file or hash; raises Invalid or NotFound where there is none."""
    view = policies.found(desk, name)
    return WhatIf(view, from_document(view.document), desk.rulebook, reading)
