"""The server that a benchmark measures: one that is named, or a private one that ends with it."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def server(url: str | None, settings: Mapping[str, str], *, on_disk: bool = False) -> Iterator[str]:
    """The address of the server at `url`, else of a private one with these settings, in memory or `on_disk`."""
    if url:
        yield url
        return
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    import postgres_server

    if on_disk:
        # The tests' servers are in memory, where waiting for a disk costs nothing.
        postgres_server._place = lambda: Path(tempfile.gettempdir())  # noqa: SLF001
    with postgres_server.PostgresServer(settings) as private:
        yield private.url("postgres", user="postgres")
