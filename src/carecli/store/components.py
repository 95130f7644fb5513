"""What was learned of components (OPEN-6)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from carecli.domain.events import Kind, Recorded
from carecli.domain.instants import instant, iso
from carecli.store import codec
from carecli.store.session import Session, stream

if TYPE_CHECKING:
    from carecli.domain.learning import Row
    from carecli.domain.selection import Known
    from carecli.store.component_rows import PackedRow
    from carecli.store.entries_opening import Progress

MANY: Final = 10_000
"""How many features one statement asks for."""

IDS: Final = 100_000
"""Below this lie the ids of components; what lies elsewhere was damaged."""

NEAR: Final = 1_000
"""How many events a quiet tick looks through for a component."""

_TELLING: Final = f"kind IN ('{Kind.OPENED}', '{Kind.COMPONENT_CHANGED}')"
_CHOICES: Final = (
    f"SELECT {codec.EVENT_COLUMNS} FROM events WHERE position > ? AND position <= ? AND {_TELLING}"  # noqa: S608
    " ORDER BY position"
)
_BEHIND: Final = f"SELECT EXISTS (SELECT 1 FROM events WHERE position > ? AND {_TELLING})"  # noqa: S608

SEEN_MAX: Final = 1_000
"""The most components of a service that cases are looked through for."""

_OF_SERVICE: Final = "account = ?1 AND service = ?2 AND confidential = 0"
# From one component to the next: an account with 100,000 cases is not walked through for a dozen of them.
_SEEN: Final = f"""WITH RECURSIVE seen (component) AS (
        SELECT min(component) FROM cases WHERE {_OF_SERVICE} AND component IS NOT NULL
        UNION ALL
        SELECT (SELECT min(component) FROM cases WHERE {_OF_SERVICE} AND component > seen.component)
        FROM seen WHERE seen.component IS NOT NULL
    )
    SELECT (
        SELECT state ->> 'component' FROM cases
        WHERE {_OF_SERVICE} AND component = seen.component ORDER BY number LIMIT 1
    ) FROM seen WHERE component IS NOT NULL LIMIT {SEEN_MAX}"""  # noqa: S608 - no input
_PROGRESS: Final = (
    "INSERT INTO component_progress VALUES (1, ?, ?)"
    " ON CONFLICT (one) DO UPDATE SET position = excluded.position, edition = excluded.edition"
)
_PUT_ROW: Final = (
    "INSERT INTO component_features VALUES (?, ?) ON CONFLICT (feature) DO UPDATE SET weights = excluded.weights"
)


class ComponentReading(Session):
    """What was learned of components (OPEN-6)."""

    def component_rows(self, features: Collection[str]) -> dict[str, Row]:
        """What these features say, by feature; without those that nothing is known of."""
        from carecli.store.component_rows import key, unpacked

        size = self.component_size()
        found: dict[str, Row] = {}
        waiting = iter(features)
        while some := list(islice(waiting, MANY)):
            keys = {key(feature): feature for feature in some}
            stored = dict(
                self.db.execute(
                    "SELECT feature, weights FROM component_features"
                    " WHERE feature IN (SELECT value FROM json_each(?))",
                    (json.dumps(list(keys)),),
                )
            )
            # In the order of the features: sums of floats are the same only in the same order.
            rows = ((feature, unpacked(stored[one], size)) for one, feature in keys.items() if one in stored)
            found |= {feature: row for feature, row in rows if row is not None}
        return found

    def components(self, names: Sequence[str] | None = None) -> list[Known]:
        """The components that examples were learned of, by id: these, letter case aside, or all.

        What was damaged is left out.
        """
        select = "SELECT id, name, examples, learned_at FROM components WHERE id BETWEEN 0 AND ?"
        if names is None:
            rows = self.db.execute(f"{select} ORDER BY id", (IDS,))
        else:
            wanted = json.dumps([codec.folded(name) for name in names])
            rows = self.db.execute(
                f"{select} AND folded IN (SELECT value FROM json_each(?)) ORDER BY id",  # noqa: S608 - no input
                (IDS, wanted),
            )
        return [one for row in rows if (one := _known(*row))]

    def component_features(self) -> int:
        """Of how many features something was learned."""
        return int(self.one("SELECT count(*) FROM component_features"))

    def component_size(self) -> int:
        """A number above the ids of all components."""
        return max((one.id for one in self.components()), default=-1) + 1

    def component_progress(self) -> Progress:
        """How far into the log was learned, and the edition of what is stored."""
        # No value of the domain: each tick asks, and the maths behind a component would cost it a millisecond.
        row = self.db.execute("SELECT position, edition FROM component_progress").fetchone()
        from carecli.store.entries_opening import Progress

        return Progress(*row) if row else Progress()

    def components_learned(self, digests: Iterable[bytes]) -> set[bytes]:
        """Which of these examples were learned before."""
        known = "SELECT 1 FROM component_examples WHERE digest = ?"
        return {digest for digest in digests if self.one(known, (digest,))}

    def components_behind(self) -> bool:
        """Whether the log tells of a component, or of much else, behind the position up to which was learned."""
        position = self.component_progress().position
        end = int(self.one("SELECT coalesce(max(position), 0) FROM events"))
        return end > position + NEAR or bool(self.one(_BEHIND, (position,)))

    def component_choices(self, after: int, until: int) -> Iterator[Recorded]:
        """The events behind one position of the log up to another that may tell a component, read as asked for.

        Those that cannot be read are left out; `verify` tells of them.
        """
        for row in stream(self.db, _CHOICES, (after, until)):
            try:
                entry = codec.recorded(row)
            except ValueError:
                continue
            yield entry

    def components_seen(self, account: str, service: str) -> list[str]:
        """The components of an account's own cases of a service, by name (DC-3)."""
        return self.column(_SEEN, (codec.folded(account), codec.folded(service)))


class ComponentWriting(ComponentReading):
    """What was learned of components, as it changes."""

    def put_component_rows(self, rows: Iterable[PackedRow]) -> None:
        """Keep what features say."""
        self.db.executemany(_PUT_ROW, rows)

    def put_components(self, components: Iterable[Known]) -> None:
        """Keep components with how many examples were learned of them."""
        # Replaced by name as well as by id: either may have been damaged.
        rows = [
            (one.id, codec.folded(one.name), one.name, one.examples, iso(one.learned_at)) for one in components
        ]
        self.db.executemany(
            "DELETE FROM components WHERE id = ? OR folded = ?", [(id_, name) for id_, name, *_ in rows]
        )
        self.db.executemany("INSERT INTO components VALUES (?, ?, ?, ?, ?)", rows)

    def put_component_progress(self, progress: Progress) -> None:
        """Keep how far was learned."""
        self.db.execute(_PROGRESS, tuple(progress))

    def remember_components_learned(self, digests: Iterable[bytes]) -> None:
        """Note that these examples were learned."""
        self.db.executemany(
            "INSERT INTO component_examples VALUES (?) ON CONFLICT DO NOTHING",
            sorted((digest,) for digest in digests),
        )

    def forget_components(self) -> None:
        """Forget all that was learned; nothing of the record is touched."""
        for table in ("components", "component_features", "component_examples"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from this program
        from carecli.store.entries_opening import Progress

        self.put_component_progress(Progress(0, self.component_progress().edition + 1))


def _known(id_: int, name: str, examples: int, learned_at: str) -> Known | None:
    from carecli.domain.selection import Known

    try:
        return Known(id_, name, examples, instant(learned_at))
    except ValueError:
        return None
