"""How long a worker keeps others from appending to the log: what no number of workers makes shorter."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from carecli.store.postgres.events import EventWriting
from carecli.store.postgres.store import PostgresStore


class Clock:
    """How long transactions last from their first event on."""

    MARKS: Final[tuple[tuple[type, str], ...]] = ((EventWriting, "_stored_end"), (PostgresStore, "_commit"))
    """Where the log's end is looked up, once it is locked, and where a transaction ends."""

    def __init__(self) -> None:
        self.alone = 0.0
        self.since: float | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Have the store tell when it appends and when a transaction has ended."""
        kept = [(owner, name, getattr(owner, name)) for owner, name in self.MARKS]
        for (owner, name, method), timed in zip(kept, (self.begun, self.ended), strict=True):
            setattr(owner, name, timed(method))
        try:
            yield
        finally:
            for owner, name, method in kept:
                setattr(owner, name, method)

    def begun(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method as it is, with the clock started first."""

        def timed(*given: Any) -> Any:
            self.since = time.perf_counter()
            return method(*given)

        return timed

    def ended(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method as it is, with the clock stopped afterwards."""

        def timed(*given: Any) -> Any:
            result = method(*given)
            if self.since is not None:
                self.alone += time.perf_counter() - self.since
            self.since = None
            return result

        return timed
