"""The key of mail references: in the database, or outside of it, so that a leaked backup makes none (MAIL-1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from carecli.domain import reference_key
from carecli.domain.key_views import Before, KeyView
from carecli.domain.reference_key import KeyRing
from carecli.errors import Failed, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.config import Config
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading

DAYS: Final = 180
"""How many days replies to mail of before still find their case, unless told otherwise."""

DATABASE: Final = "database"


def ring(config: Config, reading: Reading, now: datetime) -> KeyRing:
    """The keys that count now; raises Failed where they cannot be read."""
    place = config.key_place
    kept = reading.reference_key()
    text = place.read() if place else None
    if text is not None:
        return reference_key.read(text).at(now)
    if kept is None:
        raise _gone(str(place or "the database"))
    # Where a place is named that holds none yet, the key was not moved there: this one goes on.
    return _with_older(kept, reading.older_reference_keys()).at(now)


def _with_older(key: bytes, older: str) -> KeyRing:
    return reference_key.read(older) if older else KeyRing(key)


def _gone(where: str) -> Failed:
    return Failed(
        f"there is no key of mail references in {where}",
        hint="name where it is now in [mail] of the config file; for a new one: care mail key renew --forget",
        rule="MAIL-1",
    )


def show(desk: Desk) -> KeyView:
    """Where the key is and what stands for it; for admins."""
    from carecli.domain import access
    from carecli.domain.access import Right

    access.require(desk.actor, Right.ADMINISTER)
    with desk.machinery() as reading:
        return told(desk, reading)


def told(desk: Desk, reading: Reading) -> KeyView:
    """Where the key is and what stands for it; raises Failed where it cannot be read."""
    return _told(desk.config, reading, ring(desk.config, reading, desk.now))


def renew(desk: Desk, *, days: int = DAYS, forget: bool = False) -> KeyView:
    """Make a new key where the configuration says that it is kept, and take the one before out of the database.

    Replies to mail of before find their cases for `days` more; with `forget` they wait in triage at once, as it
    must be where the key has leaked. Raises Failed where the key before cannot be read, and is not forgotten.
    """
    from secrets import token_bytes

    from carecli.domain import access
    from carecli.domain.access import Right
    from carecli.domain.events import Kind

    place = desk.config.key_place
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        _refuse_anothers(desk.config, record.writing)
        key = token_bytes(reference_key.KEY_BYTES)
        until = desk.now + timedelta(days=days)
        new = KeyRing(key)
        if not forget:
            before = ring(desk.config, record.writing, desk.now)
            new = before.renewed(key, record.writing.last_number(), until)
        text = reference_key.written(new)
        if place:
            # First: a desk whose database forgot the key before another place has it could send no mail.
            place.write(text)
        record.writing.put_reference_keys(None if place else key, text)
        data = {"place": _kind(desk.config), "fingerprint": reference_key.fingerprint(key), "forgot": forget}
        record.desk_event(Kind.KEY_RENEWED, data)
        keys = _told(desk.config, record.writing, new)
    return keys._replace(scrubbed=desk.store.scrub())


def _refuse_anothers(config: Config, reading: Reading) -> None:
    """Raise where the place holds a key, and this desk has another of its own: a trial desk ruins none."""
    kept, place = reading.reference_key(), config.key_place
    text = place.read() if place and kept else None
    if text is None or not place:
        return
    keys = reference_key.read(text)
    if kept not in {keys.key, *(each.key for each in keys.older)}:
        raise Refused(
            f"{place} holds the key of another desk; {config.db} has its own",
            hint="name another place in [mail] of this desk's config file; a key that nothing needs: put it aside",
            rule="MAIL-1",
        )


def _told(config: Config, reading: Reading, keys: KeyRing) -> KeyView:
    place = config.key_place
    moved = place is not None and place.read() is not None
    older = tuple(Before(reference_key.fingerprint(each.key), each.upto, each.until) for each in keys.older)
    return KeyView(
        str(place) if moved else "the database",
        _kind(config) if moved else DATABASE,
        reference_key.fingerprint(keys.key),
        older,
        left_behind=moved and reading.reference_key() is not None,
    )


def _kind(config: Config) -> str:
    place = config.key_place
    if place is None:
        return DATABASE
    return "environment" if place.told else "file" if place.file else "keyring"
