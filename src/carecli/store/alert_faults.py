"""Alert groups of which the record knows something else than its events tell (AUD-1, OPEN-12)."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from carecli.domain.events import Kind
from carecli.domain.verify import Difference, Part
from carecli.domain.vocabulary import Via

_TOLD: Final = f"""SELECT number, data FROM events WHERE via = '{Via.MONITORING.value}'
    AND kind IN ('{Kind.OPENED.value}', '{Kind.COMMENTED.value}') ORDER BY position"""  # noqa: S608 - no input


def alert_faults(db: sqlite3.Connection) -> Iterator[Difference]:
    """Groups whose case, or what fires of them, is stored otherwise than monitoring last told."""
    told: dict[str, tuple[int, str]] = {}
    for number, data in db.execute(_TOLD):
        # What cannot be read is told of where the case's own events are looked at.
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            document = json.loads(data)
            said = document.get("alert") or document["intake"]["alert"]
            told[str(said["group"])] = number, said["firing"]
    stored = {group: (number, firing) for group, number, firing in db.execute("SELECT * FROM alerts")}
    for group in sorted({*told, *stored}):
        if told.get(group) != stored.get(group):
            number, _ = told.get(group) or stored[group]
            what = "what is stored of an alert group is not what monitoring last told"
            yield Difference(number, Part.ALERTS, what, group[:12])
