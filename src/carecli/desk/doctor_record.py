"""The doctor's look at the log: whether its end is whole, and its seal to be kept elsewhere (AUD-1, AUD-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from carecli.desk import sealing
from carecli.desk.doctor_words import few, fine
from carecli.domain.health import Finding, State

if TYPE_CHECKING:
    from carecli.desk.desk import Desk

CHECK: Final = "record"
LATEST: Final = 1_000
"""How many events at the log's end are looked at: `care verify` takes its time for all of them."""


def findings(desk: Desk) -> Iterator[Finding]:
    """Whether the last events follow one another, and nothing has seen more of them than there are."""
    with desk.machinery() as reading, reading.checking() as checking:
        broken = [f"event {one.event} {one.what}" for one in checking.log(LATEST)]
        signs = list(checking.signs(cases=False))
        length, seal = reading.log_length(), sealing.seal(reading)
    if broken:
        yield Finding(CHECK, State.WRONG, f"the log is broken: {few(broken)}", "care verify")
    if signs:
        fix = "care verify --against SEAL, with one that you kept; else restore a backup"
        yield Finding(CHECK, State.WRONG, f"the log may have been cut at its end: {few(signs)}", fix)
    if not broken and not signs:
        looked = f"the log's last {min(LATEST, length):,} events follow one another"
        yield fine(CHECK, f"{looked}; its seal is {seal}")
