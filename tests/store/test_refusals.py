"""Refusals at the gate as every engine must keep them."""

from datetime import timedelta

from store.samples import T0

from carecli.domain.gate import Refusal
from carecli.store.protocol import Store

REFUSAL = Refusal(T0, "dana@abc.example", "192.0.2.1", "SHA256:x", "list --db x", "no")


def test_the_newest_are_kept(store: Store) -> None:
    """DC-3: refusals are kept whole, the newest first, and no more of them than are wanted."""
    told = [REFUSAL._replace(words=str(place), client=None if place % 2 else "::1") for place in range(7)]
    for each in told:
        with store.write() as record:
            record.put_refusal(each, 3)
    with store.read() as record:
        assert [one._replace(id=0) for one in record.refusals(9)] == told[:3:-1]
        assert [one.words for one in record.refusals(1)] == ["6"]


def test_those_since_are_counted(store: Store) -> None:
    """AUD-2: refusals from a moment on are counted, and their clients."""
    with store.write() as record:
        for minutes, client in ((0, "a"), (1, "a"), (2, "b"), (3, None)):
            record.put_refusal(REFUSAL._replace(at=T0 + timedelta(minutes=minutes), client=client), 99)
    with store.read() as record:
        assert record.refused_since(T0) == (4, 2)
        assert record.refused_since(T0 + timedelta(minutes=2)) == (2, 1)
        assert record.refused_since(T0 + timedelta(minutes=4)) == (0, 0)
