"""The doctor's look at advisories: what is open for so long that somebody may have forgotten it (ADV-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from carecli.desk.doctor_words import few, fine
from carecli.domain.health import Finding, State

if TYPE_CHECKING:
    from carecli.desk.desk import Desk

LONG_OPEN: Final = timedelta(days=90)
"""How long an advisory may be open before that is worth a word."""


def findings(desk: Desk) -> Iterator[Finding]:
    """What is open, and how many people are told; nothing where nobody has written or subscribed to any."""
    with desk.reading() as reading:
        found = [one.advisory for one in reading.published_advisories(desk.actor.email, desk.now)]
        readers = len(reading.subscribers())
    old = [one for one in found if one.published_at and desk.now - one.published_at > LONG_OPEN]
    if old:
        named = few([one.label for one in old])
        what = f"advisories open for more than {LONG_OPEN.days} days: {named}"
        yield Finding("advisories", State.ADVICE, what, "care advisory withdraw ID -m WHY, or publish them anew")
    elif found or readers:
        yield fine("advisories", f"advisories open: {len(found):,}; people who are told of them: {readers:,}")
