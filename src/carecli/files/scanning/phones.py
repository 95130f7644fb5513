"""Numbers of telephones, as Google's library knows those of all countries (ATT-2).

With `+` and a country code anywhere, `(0)` and `%2B` included; without one only in the region of the desk's
config, and only after a word for a telephone (`Tel.`, `mobile`, `callback number is`), or, in the countries of +1,
as (415) 555-2671 or 415-555-2671. Each must be valid: its length and its area or network are given out.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.matches import Match
from carecli.files.scanning.windows import Window, places

_SIGNS: Final = (re.compile(rb"\+(?=[ ]?\(?[1-9])"), re.compile(rb"%2b(?=[ ]?\(?[1-9])"))
_PLUS: Final = re.compile(rb"[ ]?\(?[1-9][0-9 ().\-/\xa0]{6,26}")
_NATIONAL: Final = re.compile(rb"[(+]{0,2}\d[0-9 ().\-/\xa0]{5,24}")
_GROUP: Final = re.compile(r"\d+")
_TRUNK: Final = re.compile(r"\(0\)")
_AMERICAN: Final = re.compile(rb"(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?!\d)")
_NO_NUMBER: Final = re.compile(
    rb"(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ]\d\d?(?!\d)|\d{1,3}(?:\.\d{1,3}){3}(?![.\d])"
    rb"|\d\d?[./-]\d\d?[./-](?:19|20)\d\d(?!\d)"
)
_WORDS: Final = (
    rb"phone",
    rb"tel(?:e(?:phone?|fono?)?)?",
    rb"t\xe9l(?:\xe9phone)?",
    rb"fon",
    rb"mobil(?:e|nummer|funk|no)?",
    rb"m\xf3vil",
    rb"mob",
    rb"cell(?:ulare|phone)?",
    rb"fax",
    rb"call(?:back|er|ed|ing)?",
    rb"dial(?:ed|led)?",
    rb"msisdn",
    rb"handy",
    rb"whatsapp",
    rb"sms",
    rb"r\xfcckruf",
    rb"rufnummer",
    rb"portable",
)
_BETWEEN: Final = (
    rb"(?![a-z])[ _\-]?(?:number|numero|nummer|num|nr|no)?(?![a-z])[\]\"'.:=#>\s]{0,6}"
    rb"(?:(?:is|at|on|to|me|us|back|under|unter|au|al|the|him|her|them|from|was|via|auf|customer|number|or)[\s:]{1,3}"
    rb"){0,4}[\"'>]?(?=[(+]{0,2}\d)"
)
_LABELS: Final = tuple(re.compile(word + _BETWEEN) for word in _WORDS)
_KINDS: Final = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


def phones(window: Window, region: str | None) -> Iterator[Match]:
    """The phone numbers that start in a window; raises nothing, whatever the region."""
    for plus in _SIGNS:
        for found in plus.finditer(window.lower, window.begin, window.reach):
            yield from _international(window, *found.span())
    if region is None:
        return
    if _code(region) == "1":
        for sign in (b"000 000 0000", b"000  000 0000"):
            for at in places(window.classes, sign, window.begin, window.reach):
                yield from _formatted(window, at, region)
    yield from _after_words(window, region)


def _international(window: Window, start: int, after: int) -> Iterator[Match]:
    found = _PLUS.match(window.shadow, after)
    if found is None or _is_word(window.shadow, start - 1) or window.shadow[start - 1 : start] == b"+":
        return
    yield from _judged(window, start, after, found.end(), None)


def _formatted(window: Window, at: int, region: str) -> Iterator[Match]:
    start = at - 1 if window.shadow[at - 1 : at] == b"(" else at
    found = _AMERICAN.match(window.shadow, start)
    if found is None and start < at:
        start = at
        found = _AMERICAN.match(window.shadow, at)
    if found is None or _is_word(window.shadow, start - 1) or _is_word(window.shadow, found.end()):
        return
    before, after = window.before(start, 4), window.shadow[found.end() : found.end() + 2]
    if re.match(rb"[\-.]\d", after):
        return
    if re.search(rb"[0-9a-z][\-.+]$", before):
        if not re.search(rb"(?:^|[^0-9a-z.\-+])1[\-.]$", before):
            return
        start -= 2
    yield from _judged(window, start, start, found.end(), region)


def _after_words(window: Window, region: str) -> Iterator[Match]:
    for shape in _LABELS:
        for label in shape.finditer(window.lower, 0, window.reach):
            at = label.end()
            found = _NATIONAL.match(window.shadow, at) if _begins_word(window, label.start()) else None
            if found is not None and not _NO_NUMBER.match(window.shadow, at):
                yield from _judged(window, at, at, found.end(), region)


def _begins_word(window: Window, at: int) -> bool:
    """Whether a word begins here: after no letter, or with a capital as in userPhone."""
    return (
        not window.text[at - 1 : at].isalpha() or window.text[at].isupper() or window.lower[at - 4 : at] == b"tele"
    )


def _is_word(shadow: bytes, at: int) -> bool:
    return shadow[at : at + 1].isalnum() if at >= 0 else False


def _judged(window: Window, start: int, first: int, most: int, region: str | None) -> Iterator[Match]:
    """The longest number that starts with the groups of digits from `first` on, if any is valid."""
    text = window.text[first:most]
    ends = [group.end() for group in _GROUP.finditer(text)]
    if _is_word(window.shadow, most) and text[-1].isdigit():
        del ends[-1]
    for end in reversed(ends):
        digits = "".join(_GROUP.findall(_TRUNK.sub("", text[:end], count=1)))
        if len(digits) < 7:
            return
        number = valid(digits, region) if len(digits) <= 16 else None
        if number is not None:
            if text[end : end + 1] == ")" and "(" in text[:end] and ")" not in text[:end]:
                end += 1
            shown = f"{number[:3]} *** {number[-2:]}"
            yield Match(start, first + end, Sensitive.PHONE, "phone", number, shown)
            return


def valid(digits: str, region: str | None) -> str | None:
    """The number with its country code, `+4930901820`; None where it is not given out (`region` None: has one)."""
    if region is None:
        return f"+{digits}" if _given_out(digits) else None
    code = _code(region)
    for national in _without_trunk(digits, region):
        if _given_out(f"{code}{national}"):
            return f"+{code}{national}"
    return None


def _given_out(digits: str) -> bool:
    """Whether a number with its country code is of a shape that some region of that code gives out.

    It asks what phonenumbers.is_valid_number asks, of the same expressions, but twenty times as fast: those of all
    regions and kinds of a code are one.
    """
    return any(
        shape is not None and shape.fullmatch(digits, size) is not None
        for size in (1, 2, 3)
        if (shape := _shape(digits[:size])) is not None
    )


@lru_cache(maxsize=2048)
def _shape(code: str) -> re.Pattern[str] | None:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code), ())
    if not regions or code[0] == "0":
        return None
    kinds: list[str] = []
    for region in regions:
        about = (
            PhoneMetadata.metadata_for_nongeo_region(int(code))
            if region == "001"
            else PhoneMetadata.metadata_for_region(region)
        )
        described = (getattr(about, kind) for kind in _KINDS)
        kinds += (one.national_number_pattern for one in described if one and one.national_number_pattern)
    return re.compile("|".join(f"(?:{kind})" for kind in kinds if kind != "NA"))


def _without_trunk(digits: str, region: str) -> Iterator[str]:
    """What may be the national number: as it stands, without the trunk prefix, without the country code."""
    yield digits
    from phonenumbers import PhoneMetadata

    about = PhoneMetadata.metadata_for_region(region)
    trunk = about.national_prefix if about is not None else None
    if trunk and digits.startswith(trunk):
        yield digits[len(trunk) :]
    code = _code(region)
    for prefix in (code, f"00{code}"):
        if digits.startswith(prefix):
            yield digits[len(prefix) :]


@lru_cache(maxsize=16)
def _code(region: str) -> str:
    import phonenumbers

    return str(phonenumbers.country_code_for_region(region))
