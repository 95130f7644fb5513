"""The folder of files held against what cases name, and what nobody names taken out of it (AUD-1, ATT-1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk.blobs import blobs_of
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.verify import Difference, Part
from carecli.errors import Failed, Refused
from carecli.files.blobs import Blobs, Kept
from carecli.files.copying import copied

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading

OLD_S: Final = 24 * 60 * 60
"""After how many seconds a file that no case names is left over, and not still on its way to one."""


class Leftovers(NamedTuple):
    """Files of the folder that no case names: how many are old enough to go, and the bytes of them."""

    files: int
    bytes: int
    young: int = 0
    """Those that may still be on their way to a case."""


def tidy(desk: Desk, *, dry_run: bool = False) -> Leftovers:
    """Take away what no case has named for a day: the remains of commands that were killed. For admins."""
    access.require(desk.actor, Right.ADMINISTER)
    blobs = blobs_of(desk.config)
    _refuse_shared(blobs)
    # Within a transaction, so that nobody attaches meanwhile what is about to go.
    with desk.store.write() as writing:
        # By the events: what is stored beside them may be damaged, and what goes here does not come back.
        found = list(unnamed(writing.blobs_told(), blobs))
        for kept in [] if dry_run else _old(found):
            blobs.remove(kept)
    return counted(found)


def _refuse_shared(blobs: Blobs) -> None:
    """What this database does not name, another one may that has the same folder."""
    where = blobs.linked()
    if where:
        raise Refused(
            f"{blobs.root} is a link to {where}, where files of other desks may be",
            hint="if they are this desk's alone, put the folder in the place of the link; nothing was removed",
            rule="ATT-1",
        )
    other = blobs.shared()
    if other:
        raise Refused(
            f"{other} has the same folder of files: what this desk does not name may be named there",
            hint="move that database away first; nothing was removed",
            rule="ATT-1",
        )


def unnamed(named: Collection[str], blobs: Blobs) -> Iterator[Kept]:
    """The files of the folder that are not among the `named`, those that never got whole too."""
    return (kept for kept in blobs.kept() if kept.sha256 not in named)


def counted(found: list[Kept]) -> Leftovers:
    """How many of them are old enough to go."""
    old = _old(found)
    return Leftovers(len(old), sum(kept.size for kept in old), len(found) - len(old))


def _old(found: list[Kept]) -> list[Kept]:
    return [kept for kept in found if kept.age_s > OLD_S]


def astray(reading: Reading, blobs: Blobs) -> Iterator[str]:
    """Files that cases name and that are not there, or of another size, each in words; nobody reads them."""
    for sha256, number, size in reading.blobs():
        wrong = _wrong(blobs, sha256, size)
        if wrong:
            # Whoever looks may not know each of them (SR-1).
            whose = f" of case {number}" if reading.visible([number]) else ""
            yield f"{sha256[:12]}{whose} {wrong}"


def differences(desk: Desk, number: int | None = None) -> Iterator[Difference]:
    """Files that cases name, or one case, whose bytes are gone or are others; every one is read (AUD-1)."""
    blobs = blobs_of(desk.config)
    with desk.reading() as reading:
        named = reading.blobs(number)
    for sha256, case, size in named:
        wrong = _wrong(blobs, sha256, size) or _damaged(blobs, sha256)
        if wrong:
            yield Difference(case, Part.FILE, f"the file {sha256[:12]} {wrong}", sha256[:12])


def _wrong(blobs: Blobs, sha256: str, size: int) -> str | None:
    try:
        found = blobs.size(sha256)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if found is None:
        return "is gone"
    return f"has {found:,} bytes, not {size:,}" if found != size else None


def _damaged(blobs: Blobs, sha256: str) -> str | None:
    try:
        with blobs.open(sha256) as stream:
            return None if copied(stream, None).sha256 == sha256 else "is not what was attached: its bytes changed"
    except Failed as error:  # half of it was read
        return f"is damaged: {error.message}"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
