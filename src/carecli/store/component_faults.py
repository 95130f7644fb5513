"""What was learned of components and cannot be read: it is left out wherever one is chosen (OPEN-6, AUD-1)."""

from collections.abc import Iterator
from typing import Final

from carecli.domain.verify import Difference, Part
from carecli.store.component_rows import unpacked
from carecli.store.components import ComponentReading
from carecli.store.session import Connection, stream

_REMEDY: Final = "`care component learn --afresh` learns the desk's own cases anew"


def component_faults(db: Connection) -> Iterator[Difference]:
    """Components, features, and the place in the log, that were damaged: one finding for each of the three."""
    reading = ComponentReading(db)
    lost = reading.one("SELECT count(*) FROM components") - len(reading.components())
    if lost:
        yield _found(f"components that were learned and cannot be read: {lost:,}", "components")
    size = reading.component_size()
    weights = stream(db, "SELECT weights FROM component_features")
    unread = sum(unpacked(row, size) is None for (row,) in weights)
    if unread:
        yield _found(f"features that were learned and cannot be read: {unread:,}", "component_features")
    place, end = (
        reading.one("SELECT position FROM component_progress"),
        reading.one("SELECT max(position) FROM events"),
    )
    if place is None or not 0 <= place <= (end or 0):
        yield _found("how far components were learned is not known", "component_progress")


def _found(what: str, name: str) -> Difference:
    return Difference(None, Part.COMPONENTS, f"{what}; {_REMEDY}", name)
