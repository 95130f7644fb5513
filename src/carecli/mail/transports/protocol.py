"""What every way out takes and answers: messages with their envelopes, and what kept each from leaving."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol


class Posting(NamedTuple):
    """A message with its envelope: both addresses are bare, without names."""

    sender: str
    to: str
    raw: bytes


class Failure(NamedTuple):
    """What kept a mail from leaving.

    It is `permanent` where it concerns this recipient, so that no further try could succeed, and `stops` where it
    concerns the way out itself, so that no other mail would leave now either. `hint` tells what mends it.
    """

    what: str
    permanent: bool = False
    stops: bool = False
    hint: str | None = None


class Transport(Protocol):
    """A way by which mail leaves."""

    batch: int
    """How many mails are handed over before it is noted which have left."""

    def deliver(self, postings: Sequence[Posting]) -> Iterator[Failure | None]:
        """Hand mails over for good; the answer is for each what kept it from leaving, or None."""

    def close(self) -> None:
        """Let go of whatever is open."""
