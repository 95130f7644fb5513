"""Looking for customer data: with what a desk looks, and for what (ATT-2)."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from carecli.domain.filenames import safe, spaced

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.sanitising import Scan
    from carecli.files.scanning import Marks

Advance = Callable[[int], None]

WHOLE: Final = 1 << 62
"""A bound that no file reaches."""


def scanned(desk: Desk, name: str, stream: BinaryIO, limit: int, advance: Advance) -> Scan:
    """What of a customer's data stands in a stream, up to `limit` bytes once unpacked."""
    from carecli.files import scanning

    return scanning.scan(stream, limit=limit, name=name, progress=advance, **_wanted(desk))


def marks() -> Marks:
    """Marks that stand for the same data in every file of a command."""
    from carecli.files import scanning

    return scanning.Marks()


def redacted(
    desk: Desk, name: str, stream: BinaryIO, out: BinaryIO, limit: int, marks: Marks, advance: Advance
) -> Scan:
    """Write a copy with marks in place of customer data; what was replaced.

    Raises Refused for what is no text, or holds more than `limit` bytes once unpacked.
    """
    from carecli.files import scanning

    how = _wanted(desk)
    return scanning.redact(stream, out, limit=limit, marks=marks, name=name, progress=advance, **how)


def in_name(desk: Desk, name: str) -> Scan:
    """What of a customer's data stands in a name, which is shown wherever the file is."""
    words, _ = spaced(name)
    # As it is and in words: `_` joins what it stands between, and an ending looks like that of a domain.
    whole, split = (scanned(desk, "", BytesIO(text.encode()), WHOLE, lambda _: None) for text in (name, words))
    return whole if whole.found else split


def name_redacted(desk: Desk, name: str, marks: Marks) -> str:
    """The name with marks in place of customer data."""
    for words, ending in ((name, ""), spaced(name)):
        changed, found = text_redacted(desk, words, marks)
        if found:
            return safe(changed + ending)
    return name


def text_redacted(desk: Desk, text: str, marks: Marks) -> tuple[str, int]:
    """A text at hand with marks in place of customer data, and how many; raises Refused for what is no text."""
    out = BytesIO()
    scan = redacted(desk, "", BytesIO(text.encode()), out, WHOLE, marks, lambda _: None)
    return out.getvalue().decode(errors="replace"), scan.found


def _wanted(desk: Desk) -> dict[str, Any]:
    """What is looked for: what the config says, and telephone numbers of the country of the desk's holidays."""
    own = desk.config.sanitising
    country = (desk.settings.calendar.holidays or "")[:2].upper()
    usual = country if country.isalpha() and len(country) == 2 else None
    return {"region": own.region or usual, "patterns": own.patterns, "allow": own.allow}
