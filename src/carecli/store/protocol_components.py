"""What the desk asks of a store: what was learned of components (OPEN-6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.events import Recorded
    from carecli.domain.learning import Row
    from carecli.domain.selection import Known
    from carecli.store.component_rows import PackedRow
    from carecli.store.entries_opening import Progress


class ComponentReading(Protocol):
    """What was learned of components (OPEN-6)."""

    def component_rows(self, features: Collection[str]) -> dict[str, Row]:
        """What these features say, by feature; without those that nothing is known of."""

    def components(self, names: Sequence[str] | None = None) -> list[Known]:
        """The components that examples were learned of, by id: these, letter case aside, or all.

        What was damaged is left out.
        """

    def component_features(self) -> int:
        """Of how many features something was learned."""

    def component_size(self) -> int:
        """A number above the ids of all components."""

    def component_progress(self) -> Progress:
        """How far into the log was learned, and the edition of what is stored."""

    def components_learned(self, digests: Iterable[bytes]) -> set[bytes]:
        """Which of these examples were learned before."""

    def components_behind(self) -> bool:
        """Whether the log tells of a component, or of much else, behind the position up to which was learned."""

    def component_choices(self, after: int, until: int) -> Iterator[Recorded]:
        """The events behind one position of the log up to another that may tell a component, read as asked for.

        Those that cannot be read are left out; `verify` tells of them.
        """

    def components_seen(self, account: str, service: str) -> list[str]:
        """The components of an account's own cases of a service, by name (DC-3)."""


class ComponentWriting(ComponentReading, Protocol):
    """What was learned of components, as it changes."""

    def put_component_rows(self, rows: Iterable[PackedRow]) -> None:
        """Keep what features say."""

    def put_components(self, components: Iterable[Known]) -> None:
        """Keep components with how many examples were learned of them."""

    def put_component_progress(self, progress: Progress) -> None:
        """Keep how far was learned."""

    def remember_components_learned(self, digests: Iterable[bytes]) -> None:
        """Note that these examples were learned."""

    def forget_components(self) -> None:
        """Forget all that was learned; nothing of the record is touched."""
