"""The doctor's look at secrets: where the key of mail references is, how contacts' PINs fare (MAIL-1, DC-4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from carecli.desk import pins
from carecli.desk.doctor_words import few, fine
from carecli.desk.mail import keys
from carecli.domain.health import Finding, State
from carecli.domain.instants import iso
from carecli.domain.pins import fingerprint
from carecli.errors import CareError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading

RESET = "set them anew: care contact edit EMAIL --pin -"


def findings(desk: Desk) -> Iterator[Finding]:
    """What is found of secrets; none is told."""
    if desk.config.exposed:
        what = (
            "the password of the database stands on the command line, where every user of this machine can read it"
        )
        yield Finding(
            "password", State.WRONG, what, "keep it in ~/.pgpass (mode 0600), or the address in the config"
        )
    with desk.machinery() as reading:
        yield from _reference_key(desk, reading)
        yield from _pins(desk, reading)


def _reference_key(desk: Desk, reading: Reading) -> Iterator[Finding]:
    try:
        view = keys.told(desk, reading)
    except CareError as error:
        yield Finding("reference key", State.WRONG, error.message, error.hint)
        return
    if view.left_behind:
        what = f"the key of mail references is in {view.place}, and the database holds one, too"
        yield Finding("reference key", State.ADVICE, what, "care mail key renew takes it out")
    elif view.kind == keys.DATABASE and desk.config.key_place:
        what = (
            f"the config file names {desk.config.key_place} for the key of mail references, still in the database"
        )
        yield Finding("reference key", State.ADVICE, what, "care mail key renew moves it there")
    elif view.kind == keys.DATABASE:
        yield fine("reference key", "the key of mail references is in the database, and so in its backups")
    else:
        yield fine("reference key", f"the key of mail references is in {view.place}, and in no backup")


def _pins(desk: Desk, reading: Reading) -> Iterator[Finding]:
    hashes, told = reading.pin_hashes(), reading.told_pins()
    rule = desk.rulebook.in_force(reading, desk.settings).pins
    tries = reading.all_pin_tries()
    ends = {email: each.locked_until(rule, desk.now) for email, each in tries.items()}
    locked = [f"{email} until {iso(end)}" for email, end in ends.items() if end]
    if locked:
        what = f"locked after wrong PINs: {few(locked)}"
        yield Finding("pins", State.ADVICE, what, "ask who called; care contact edit EMAIL --unlock-pin")
    unknown = [email for email in hashes if email not in told]
    if unknown:
        what = f"set before care kept fingerprints of PINs, so that verify cannot vouch for them: {few(unknown)}"
        yield Finding("pins", State.ADVICE, what, RESET)
    swapped = _swapped(hashes, told)
    if swapped:
        what = f"not the PINs that were set: {few(swapped)}"
        yield Finding("pins", State.WRONG, what, f"care verify; {RESET}")
    if not (locked or unknown or swapped):
        old = sum(pins.outdated(hashed) for hashed in hashes.values())
        weak = f"; {old} of older parameters, made anew at the next right call" if old else ""
        how = f"argon2id, {pins.MEMORY_KIB // 1024} MiB, {pins.PASSES} passes, {pins.LANES} lanes"
        yield fine("pins", f"contacts with a PIN: {len(hashes)} ({how}){weak}")


def _swapped(hashes: Mapping[str, str], told: Mapping[str, str | None]) -> list[str]:
    return [email for email, known in told.items() if _known(hashes.get(email)) != known]


def _known(hashed: str | None) -> str | None:
    return None if hashed is None else fingerprint(hashed)
