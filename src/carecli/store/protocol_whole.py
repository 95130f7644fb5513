"""What the desk asks of a store that is copied elsewhere, table by table (AUD-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from carecli.domain.copied import Copy, Moved
    from carecli.store.kept import Kept
    from carecli.store.trouble import Place


class WholeReading(Protocol):
    """All that a record holds."""

    def copy_of(self) -> Copy | None:
        """What this record is a copy of, and whether all of it is here; None where it is none."""

    def moved(self) -> Moved | None:
        """Where this desk works now, None where that is here."""

    def require_working(self, place: Place) -> None:
        """Raise DatabaseUnusable where no command may write: not all of it is here, or it works elsewhere."""

    def stand(self) -> object:
        """What differs where any other transaction has written since; for this connection alone."""

    def kept(self, table: Kept, after: object = None) -> Iterator[Sequence[Any]]:
        """The rows of a table in the order of its key, behind one of them if it is named; read as asked for."""

    def last_kept(self, table: Kept) -> Any:
        """The last key of a table with one column as its key, None where it has no row."""


class WholeWriting(WholeReading, Protocol):
    """All that a record holds, as it comes from another."""

    def put_copy(self, copy: Copy) -> None:
        """Say what this record is a copy of."""

    def put_moved(self, moved: Moved) -> None:
        """Say that this desk works elsewhere from now on."""

    def forget_moved(self) -> None:
        """Say no more that this desk works elsewhere."""

    def put_kept(self, table: Kept, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of a table as another record holds them."""

    def forget_kept(self, table: Kept) -> None:
        """Take away what a table holds, but for what triggers see to."""

    def number_on(self) -> None:
        """Have rows that come next be numbered behind those that were written with their numbers."""
