"""Which cases exist for somebody at all: the one place that says so (DC-3, ACC-5, SR-1).

The record hands out nothing of any other case, whatever it is asked for: such a case is one that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from carecli.domain.case import Case

CONFIDENTIAL: Final = ("service-request", "data-privacy")
"""Type and subtype of the cases that are for their contact and for admins alone (SR-1)."""

NOBODY: Final = ""


class Sight(NamedTuple):
    """What somebody may see: of which accounts, None for all, and whose data-privacy requests.

    `confidential_of` is the address of the one contact whose data-privacy requests are there, `NOBODY` for none,
    and None for everybody's.
    """

    accounts: tuple[str, ...] | None = None
    confidential_of: str | None = None

    @property
    def everything(self) -> bool:
        """Whether there is nothing that is hidden."""
        return self == EVERYTHING

    def account(self, name: str) -> bool:
        """Whether the cases of an account are there, data-privacy requests aside."""
        return self.accounts is None or name in self.accounts

    def request(self, contact: str) -> bool:
        """Whether the data-privacy requests of a contact are there."""
        return self.confidential_of is None or self.confidential_of.casefold() == contact.casefold()

    def state(self, state: Mapping[str, Any]) -> bool:
        """Whether a case is there, by its state as JSON (`case_state`)."""
        if self.everything:
            return True
        return self.account(state["account"]) and (not confidential_state(state) or self.request(state["contact"]))

    def case(self, case: Case) -> bool:
        """Whether a case is there."""
        return self.account(case.account) and (not confidential(case) or self.request(case.contact))


EVERYTHING: Final = Sight()


def confidential_state(state: Mapping[str, Any]) -> bool:
    """Whether a case is for its contact and for admins alone, by its state or by its opening as JSON (SR-1)."""
    return (state["type"], state["subtype"]) == CONFIDENTIAL


def confidential(case: Case) -> bool:
    """Whether a case is for its contact and for admins alone (SR-1)."""
    return (case.type, case.subtype) == CONFIDENTIAL
