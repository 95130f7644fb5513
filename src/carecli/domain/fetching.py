"""What fetching brought: the messages taken in, and those that had to be left (MAIL-6)."""

from collections import Counter
from typing import NamedTuple

from carecli.domain.inbox import Received
from carecli.errors import CareError


class Left(NamedTuple):
    """A message that stays where it lies, under the name that it has there, and why."""

    uid: str
    why: str


class Fetched(NamedTuple):
    """The messages of a mailbox that were taken in, those that were left, and what ended it early, if anything."""

    place: str
    mail: tuple[Received, ...] = ()
    left: tuple[Left, ...] = ()
    ended_by: CareError | None = None

    @property
    def outcomes(self) -> dict[str, int]:
        """How many messages had each outcome, by its name."""
        return dict(sorted(Counter(m.outcome.value for m in self.mail if m.outcome).items()))
