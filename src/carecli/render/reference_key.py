"""The key of mail references as people and scripts see it: never the key itself (MAIL-1)."""

from collections.abc import Iterator
from typing import Any

from carecli.domain.instants import iso
from carecli.domain.key_views import KeyView
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import zoned_time

_COLUMNS = (Column("field", "Field"), Column("value", "Value", least=30))


def document(view: KeyView) -> dict[str, Any]:
    """The key as JSON."""
    return {
        "place": view.place,
        "kind": view.kind,
        "fingerprint": view.fingerprint,
        "before": [
            {"fingerprint": one.fingerprint, "up_to_number": written(one.upto), "until": iso(one.until)}
            for one in view.before
        ],
        "left_behind": view.left_behind,
        "scrubbed": view.scrubbed,
    }


def sheet(view: KeyView, zone: str) -> Sheet:
    """The key on a page."""
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in _facts(view, zone))
    return Sheet("Key of mail references", _COLUMNS, rows, headed=False)


def _facts(view: KeyView, zone: str) -> Iterator[tuple[str, str]]:
    yield "Kept in", view.place
    yield "Fingerprint", view.fingerprint
    for one in view.before:
        until = zoned_time(one.until, zone)
        yield "Before", f"{one.fingerprint}, for cases up to {written(one.upto)}, until {until}"
    if view.left_behind:
        yield "Left behind", "the database holds a key, too: care mail key renew takes it out"
    if not view.scrubbed:
        yield "Not yet gone", "a program that reads keeps the database's older bytes until it ends"
