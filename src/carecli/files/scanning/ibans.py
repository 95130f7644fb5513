"""Numbers of bank accounts (ISO 13616): the length and shape of their country, and modulo 97 (ATT-2)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Final

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.matches import Match
from carecli.files.scanning.windows import Window, places

_LABEL: Final = re.compile(rb"iban[\"'>]?(?:[ \-_]?(?:no|nr|number|nummer))?[.:=#>\"' ]{0,6}")
_LENGTHS: Final = re.compile(r"(\d+)!")


def ibans(window: Window) -> Iterator[Match]:
    """The IBANs that start in a window: in capitals or in small letters, and after the word as they come."""
    signs = (b"AA00", b"aa00")
    for at in chain.from_iterable(places(window.classes, sign, window.begin, window.reach) for sign in signs):
        if not window.classes[at - 1 : at].isalnum() or window.classes[at - 1 : at] == b"x":
            yield from _judged(window, at)
    for at in places(window.lower, b"iban", 0, window.reach):
        label = _LABEL.match(window.lower, at)
        if label is not None and window.classes[label.end() : label.end() + 4] in {b"aa00", b"Aa00", b"aA00"}:
            yield from _judged(window, label.end())


def _judged(window: Window, at: int) -> Iterator[Match]:
    shape = _shape(window.text[at : at + 2].upper())
    found = shape.match(window.shadow, at) if shape is not None else None
    if found is None:
        return
    from stdnum import iban

    value = re.sub(r"[^A-Z0-9]", "", window.text[at : found.end()].upper())
    if iban.is_valid(value, check_country=False):
        yield Match(at, found.end(), Sensitive.IBAN, value[:2], value, f"{value[:4]} **** {value[-4:]}")


@lru_cache(maxsize=512)
def _shape(country: str) -> re.Pattern[bytes] | None:
    """What an IBAN of a country looks like; None where the country has none."""
    from stdnum import numdb

    about = numdb.get("iban").info(country)[0][1].get("bban")
    if not about:
        return None
    length = sum(int(part) for part in _LENGTHS.findall(about))
    return re.compile(rb"[A-Za-z]{2}\d\d(?:[ \-\xa0]?[A-Za-z0-9]){%d}(?![A-Za-z0-9])" % length)
