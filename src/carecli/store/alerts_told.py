"""What monitoring last told of alert groups, by the events (AUD-1, OPEN-12)."""

import json
from contextlib import suppress
from typing import Final

from carecli.domain.events import Kind
from carecli.domain.vocabulary import Via
from carecli.store.session import Connection, stream

_TOLD: Final = f"""SELECT number, data FROM events WHERE via = '{Via.MONITORING.value}'
    AND kind IN ('{Kind.OPENED.value}', '{Kind.COMMENTED.value}') ORDER BY position"""  # noqa: S608 - no input


def alerts_told(db: Connection) -> list[tuple[str, int, str]]:
    """Each group with its case and what fires of it, as monitoring last told."""
    told: dict[str, tuple[int, str]] = {}
    for number, data in stream(db, _TOLD):
        # What cannot be read is told of where the case's own events are looked at.
        with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
            document = json.loads(data)
            said = document.get("alert") or document["intake"]["alert"]
            told[str(said["group"])] = int(number), str(said["firing"])
    return [(group, *latest) for group, latest in told.items()]
