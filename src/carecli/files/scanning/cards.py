"""Numbers of payment cards, and what only looks like one (ATT-2).

A number is one where its check digit (Luhn), an issuer's first digits and that issuer's lengths agree. One in some
fifty order numbers of 16 digits passes that, so what stands around decides:

- in groups as it is printed on the card (4-4-4-4, 4-6-5, 4-6-4), it is one;
- in one piece of 15 or 16 digits it is one unless a label says otherwise right before it (`order_id=`, `trace=`);
- in one piece of another length, with dots, or beside further letters or groups, only where a word of cards
  (`card`, `pan`, `visa`, ...) stands shortly before it.

Never within a longer run of digits or letters, a decimal fraction, a UUID or a hexadecimal number; what a URL
writes for a sign (`%3D`) and the `%B` of a magnetic stripe are no letters.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.matches import Match
from carecli.files.scanning.windows import Window


class _Issuer(NamedTuple):
    name: str
    least: int
    most: int
    """The first and the last of the numbers that its cards begin with."""
    lengths: tuple[int, ...]


_LONG: Final = (16, 17, 18, 19)
_ISSUERS: Final = (
    _Issuer("mir", 2200, 2204, _LONG),
    _Issuer("mastercard", 2221, 2720, (16,)),
    _Issuer("diners-club", 300, 305, (14, 16)),
    _Issuer("diners-club", 3095, 3095, (14, 16)),
    _Issuer("jcb", 3528, 3589, _LONG),
    _Issuer("american-express", 34, 34, (15,)),
    _Issuer("american-express", 37, 37, (15,)),
    _Issuer("diners-club", 36, 36, (14, *_LONG)),
    _Issuer("diners-club", 38, 39, (14, *_LONG)),
    _Issuer("maestro", 5018, 5018, (13, 14, 15, *_LONG)),
    _Issuer("dankort", 5019, 5019, (16,)),
    _Issuer("maestro", 5020, 5020, (13, 14, 15, *_LONG)),
    _Issuer("maestro", 5038, 5038, (13, 14, 15, *_LONG)),
    _Issuer("rupay", 5085, 5089, (16,)),
    _Issuer("mastercard", 51, 55, (16,)),
    _Issuer("maestro", 5893, 5893, (13, 14, 15, *_LONG)),
    _Issuer("discover", 6011, 6011, _LONG),
    _Issuer("rupay", 6070, 6084, (16,)),
    _Issuer("hipercard", 606282, 606282, (16,)),
    _Issuer("unionpay", 62, 62, _LONG),
    _Issuer("maestro", 6304, 6304, (13, 14, 15, *_LONG)),
    _Issuer("discover", 644, 649, _LONG),
    _Issuer("discover", 65, 65, _LONG),
    _Issuer("maestro", 6759, 6759, (13, 14, 15, *_LONG)),
    _Issuer("maestro", 6761, 6763, (13, 14, 15, *_LONG)),
    _Issuer("rupay", 8172, 8201, (16,)),
    _Issuer("troy", 9792, 9792, (16,)),
    _Issuer("visa", 4, 4, (13, 16, 19)),
)


def _by_prefix() -> dict[str, list[_Issuer]]:
    """The issuers by the first digits of their cards."""
    found: dict[str, list[_Issuer]] = {}
    for issuer in _ISSUERS:
        for first in range(issuer.least, issuer.most + 1):
            found.setdefault(str(first), []).append(issuer)
    return found


_PREFIXES: Final = _by_prefix()
_FIRST: Final = frozenset(prefix[0] for prefix in _PREFIXES)
_GROUPS: Final = re.compile(rb"0000 (?=0000 0000 0000|000000 0000)")
_DIGITS: Final = re.compile(rb"0000000000000+")
_PRINTED: Final = re.compile(
    rb"(?:\d{4}([ \-.\xa0])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ \-.\xa0])\d{6}\2\d{4,5})(?!\d)"
)
_OF_CARDS: Final = re.compile(
    rb"card|kart|carte|tarjeta|cart[ao]o?\b|(?<![a-z])(?:pan|cc|ccn|visa|amex|master|maestro|discover|diners|jcb"
    rb"|unionpay|mir|debit|credit|kredit|payment)(?![a-z])"
)
_OF_SOMETHING_ELSE: Final = re.compile(
    rb"(?:order|invoice|track(?:ing)?|trace|span|request|req|session|transaction|trans|txn|tx|message|msg|event|job|batch"
    rb"|offset|sequence|seq|ticket|case|customer|user|object|device|imei|imsi|iccid|serial|ean|gtin|isbn|sku"
    rb"|timestamp|time|nanos|micros|epoch|version|build|revision|rev|hash|checksum|parent|correlation|bestell"
    rb"|rechnung|auftrag|commande|pedido|shipment|parcel|article|item|record|row|key|block|file|inode|token)"
    rb"[\s_\-]{0,2}(?:id|no|nr|number|num|code|\#)?s?[\"']?\s*[.:=#]*\s*[\"'(\[{]?$"
    rb"|(?<![a-z])(?:id|ts|oid|uid|guid|uuid|pid|tid|eid)[\"']?\s*[:=#]\s*[\"']?$|[a-z]_id[\"']?\s*[:=#]\s*[\"']?$"
    rb"|0x$|\#$"
)
_WITHIN: Final = re.compile(rb"(?<!%)(?<!%\d)[0-9a-z\x80-\xff]$|\d\.$|(?<!\d)\d{1,3},$")
_GOES_ON: Final = re.compile(rb"[0-9A-Za-z\x80-\xff]|\.\d|,\d{1,3}(?!\d)")
_NEAR: Final = 40
_BEHIND: Final = re.compile(rb"(?:(?<![\w\-.])\d{4}[ \xa0])+$")
_AHEAD: Final = re.compile(rb"^(?:[ \xa0]\d{4}(?![\w\-.]))+")


def cards(window: Window) -> Iterator[Match]:
    """The card numbers that start in a window."""
    for run in _DIGITS.finditer(window.classes, window.begin, window.reach):
        # A run may have begun before this window: then it is none of its matches.
        if run.end() - run.start() <= 19:
            yield from _judged(window, *run.span(), groups=False)
    for group in _GROUPS.finditer(window.classes, window.begin, window.reach):
        if window.text[group.start()] in _FIRST:
            yield from _in_groups(window, group.start())


def _in_groups(window: Window, at: int) -> Iterator[Match]:
    printed = _PRINTED.match(window.shadow, at)
    if printed is None:
        return
    yield from _judged(window, at, printed.end(), groups=True)
    # Behind the number may stand how long the card is good: 12/29.
    if printed[1] and printed.end() - at > 19:
        yield from _judged(window, at, at + 19, groups=True)


def _judged(window: Window, start: int, end: int, *, groups: bool) -> Iterator[Match]:
    text = window.text[start:end]
    if text[0] not in _FIRST:
        return
    digits = "".join(filter(str.isdigit, text))
    issuer = issuer_of(digits)
    if issuer is None or not _stands_free(window, start, end):
        return
    near = _Near(window.before(start, _NEAR), window.shadow[end : end + _NEAR], groups, len(digits))
    if _is_likely(near, dotted="." in text):
        shown = f"{digits[:4]} **** **** {digits[-4:]}"
        yield Match(start, end, Sensitive.CARD, issuer, digits, shown, _doubt(near, start))


def issuer_of(digits: str) -> str | None:
    """Who issues cards of such a number; None where no card has it."""
    for size in (1, 2, 3, 4, 6):
        for issuer in _PREFIXES.get(digits[:size], ()):
            if len(digits) in issuer.lengths:
                from stdnum import luhn

                return issuer.name if luhn.is_valid(digits) else None
    return None


def _stands_free(window: Window, start: int, end: int) -> bool:
    """Whether a number is no part of a longer one, nor of a word."""
    before, after = window.before(start, 6), window.shadow[end : end + 6]
    return not (_WITHIN.search(before) or _GOES_ON.match(after))


class _Near(NamedTuple):
    """What stands around a number."""

    before: bytes
    after: bytes
    groups: bool
    length: int

    @property
    def named(self) -> bool:
        """Whether a word of cards stands before it, and nothing nearer says otherwise."""
        return bool(_OF_CARDS.search(self.before)) and not _OF_SOMETHING_ELSE.search(self.before[-24:])


def _is_likely(near: _Near, *, dotted: bool) -> bool:
    """Whether its form is a card's, given the words before it."""
    if near.named:
        return True
    if dotted or re.search(rb"\w[\-_]$", near.before) or re.match(rb"[\-_]\w", near.after):
        return False
    return _count(_AHEAD, near.after) in {0, 4} if near.groups else near.length in {15, 16}


def _doubt(near: _Near, start: int) -> int | None:
    """Where that begins which says that it is something else: a label, or a table of numbers."""
    if near.named:
        return None
    if near.groups:
        behind, ahead = _count(_BEHIND, near.before), _count(_AHEAD, near.after)
        return None if behind == 0 or (behind == 4 and ahead == 0) else start - 5 * behind
    label = _OF_SOMETHING_ELSE.search(near.before)
    return start - len(near.before) + label.start() if label is not None else None


def _count(shape: re.Pattern[bytes], text: bytes) -> int:
    """How many groups of four digits there are."""
    found = shape.search(text)
    return len(found[0]) // 5 if found is not None else 0
