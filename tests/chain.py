"""The chain of the log checked another way than `care verify` does: from events, not from rows (AUD-1)."""

from collections.abc import Iterable

from carecli.domain.events import Recorded
from carecli.store.codec import GENESIS, event_digest


def check_chain(log: Iterable[Recorded]) -> int | None:
    """The position of the first event that is not what was appended, from the desk's first on; None if all are.

    A changed, removed, added or moved event breaks the chain; only a cut at its very end leaves it whole.
    """
    previous, seqs = GENESIS, dict[int | None, int]()
    for position, recorded in enumerate(log, start=1):
        seq = seqs.get(recorded.number, 0) + 1
        expected = event_digest(previous, recorded.number, seq, recorded.event)
        if (recorded.position, recorded.seq, recorded.digest) != (position, seq, expected):
            return recorded.position
        previous, seqs[recorded.number] = expected, seq
    return None
