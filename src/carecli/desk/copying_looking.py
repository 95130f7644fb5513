"""What is at a place that a desk is to be copied to, and whether it may be written over (AUD-2)."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from carecli.desk import copying_tables
from carecli.domain.copied import Copy, Moved
from carecli.errors import Invalid, Refused
from carecli.store.kept import DESK
from carecli.store.opening import open_older

if TYPE_CHECKING:
    from carecli.desk.copying_tables import Way
    from carecli.store.protocol import Reading

ELSEWHERE: Final = "name another place with --to; nothing was changed"


def begin(way: Way, source: Reading, *, move: bool) -> int:
    """Note what is being copied, and tell how many events of it are there; raises Refused, Invalid.

    Looked at and noted at once, so that nobody works there in between; without settings nobody takes what is there
    for a desk, and nobody writes in it.
    """
    with way.store.write(bringing=True) as writing:
        position = already(writing, source, way.copy, server=way.server, move=move)
        writing.forget_kept(DESK)
        writing.forget_moved()
        writing.put_copy(way.copy)
    return position


def look_first(place: str, source: Reading, copy: Copy, *, move: bool) -> None:
    """Refuse what an older release left at a place before it is migrated: that is done to what is ours alone.

    Raises as `already` does.
    """
    older = open_older(place)
    if older is None:
        return
    with closing(older), older.read() as there:
        known = there.copy_of()
        if known and known.tables is not None and not there.moved():
            # The hashes of then are of other tables, and nobody can tell whether somebody worked in it.
            raise Refused("the copy at that place was made by an older care", hint=ELSEWHERE)
        already(there, source, copy, server=False, move=move)


def already(there: Reading, source: Reading, copy: Copy, *, server: bool, move: bool) -> int:
    """How many events of this desk are there; raises Refused for another desk, and for one with its own work.

    Raises Invalid for this very desk, by whatever address: its settings would go.
    """
    position, digest = there.log_end()
    known, own, moved = there.copy_of(), source.copy_of(), there.moved()
    if moved:
        _require_left_alone(there, source, moved, move=move)
        return position
    if known is None:
        if position or there.settings():
            raise Refused("there is a desk at that place, and it is no copy of this one", hint=ELSEWHERE)
        return 0
    if own and own.token == known.token:
        raise _itself()
    if known.begins != copy.begins or (position and source.digests([position]).get(position) != digest):
        raise Refused("what is at that place is a copy of another desk, or goes on otherwise", hint=ELSEWHERE)
    if known.tables is not None and known.tables != copying_tables.hashes(there, server=server):
        raise Refused(
            "somebody has worked in the copy at that place: it is a desk of its own by now", hint=ELSEWHERE
        )
    return position


def _require_left_alone(there: Reading, source: Reading, moved: Moved, *, move: bool) -> None:
    """Refuse a desk that was moved, unless this one, which has all that it had, is moved back there.

    Its log ends where it ended as it was retired, and this one's has the same digest there: nobody has worked in
    it since, as all that writes is refused.
    """
    own, (position, digest) = source.moved(), there.log_end()
    if own and own.token == moved.token:
        raise _itself()
    if (moved.position, moved.digest) != (position, digest) or source.digests([position]).get(position) != digest:
        raise Refused("the desk at that place was moved, and this one does not go on from its end", hint=ELSEWHERE)
    if not move:
        raise Refused(
            f"the desk at that place was moved to {moved.place}, and is no copy",
            hint="--move brings it up to date and has it work again, in the place of this one",
        )


def _itself() -> Invalid:
    return Invalid("that place is the desk itself by another address, or a twin of it", hint=ELSEWHERE)
