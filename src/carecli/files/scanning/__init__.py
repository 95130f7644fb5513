"""The sanitising scanner: what of a file must not leave the customer, and a copy without it (ATT-2).

`scan` looks, `redact` copies; both read streams of any length in little memory and never raise for what a file
holds, but that `redact` refuses what it cannot copy whole. What is found, and by which rule, is told in cards,
ibans, secrets, tokens, addresses, phones and patterns.
"""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from carecli.domain.sanitising import Pattern, Scan
from carecli.files.scanning.looking import Ready, Wanted
from carecli.files.scanning.marks import Marks
from carecli.files.scanning.scanner import Walk

__all__ = ["Marks", "Pattern", "Scan", "redact", "scan"]


def scan(
    stream: BinaryIO,
    *,
    limit: int,
    patterns: Sequence[Pattern] = (),
    region: str | None = None,
    allow: Sequence[str] = (),
    name: str = "",
    progress: Callable[[int], object] | None = None,
) -> Scan:
    """Look through a file, at most `limit` bytes of it once unpacked; raises Failed where it cannot be read.

    `region` is that of phone numbers without a country code (`US`); None finds only those with one. `progress` is
    told how many bytes were looked through. Raises Invalid for a pattern or an `allow` that is no expression.
    """
    walk = Walk(Ready(Wanted(patterns, region, allow)), limit, progress=progress)
    walk.through(stream, None, name)
    return walk.scanned()


def redact(
    stream: BinaryIO,
    out: BinaryIO,
    *,
    limit: int,
    marks: Marks | None = None,
    patterns: Sequence[Pattern] = (),
    region: str | None = None,
    allow: Sequence[str] = (),
    name: str = "",
    progress: Callable[[int], object] | None = None,
) -> Scan:
    """Write a copy in which a mark stands for whatever is found, in the same encoding and packing.

    A text of its own is copied whole however long it is; `limit` bounds what is unpacked. Members of an archive
    that are no text are kept as they are, and named. Raises Refused (ATT-2) for a file that is no text, or holds
    what is damaged, encrypted, packed too deep or beyond the limit; what was written to `out` by then is worth
    nothing.
    """
    walk = Walk(Ready(Wanted(patterns, region, allow)), limit, marks if marks is not None else Marks(), progress)
    walk.through(stream, out, name)
    return walk.scanned()
