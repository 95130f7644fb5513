"""Customer data as files hold it, and the files around it, for the tests of the scanner."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

from carecli.domain.sanitising import Pattern, Scan, Sensitive
from carecli.files.scanning import Marks, redact, scan

LIMIT: Final = 64 * 2**20
PATTERNS: Final = (Pattern("customer-id", r"\bCUST-\d{6}\b"),)
PLANTED: Final = (
    (Sensitive.CARD, "4111 1111 1111 1111"),
    (Sensitive.CARD, "5555555555554444"),
    (Sensitive.IBAN, "DE89 3704 0044 0532 0130 00"),
    (Sensitive.EMAIL, "jane.doe@contoso.com"),
    (Sensitive.PHONE, "+49 30 901820"),
    (Sensitive.SECRET, "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
    (Sensitive.PATTERN, "CUST-123456"),
)
CARD_LINE: Final = b"a card 4111 1111 1111 1111 here\n"
BINARY: Final = bytes(range(256)) * 64


def scanned(data: bytes, limit: int = LIMIT, *, patterns: Sequence[Pattern] = PATTERNS) -> Scan:
    """A look through a file."""
    return scan(io.BytesIO(data), limit=limit, patterns=patterns, region="US")


def redacted(data: bytes, marks: Marks | None = None, limit: int = LIMIT) -> tuple[bytes, Scan]:
    """A copy with marks, and what was found."""
    out = io.BytesIO()
    found = redact(io.BytesIO(data), out, limit=limit, marks=marks, patterns=PATTERNS, region="US")
    return out.getvalue(), found


def where(found: Scan) -> list[tuple[Sensitive, int, int, str | None]]:
    """The kind, line, column and member of all that was found."""
    return [(one.kind, one.line, one.column, one.member) for one in found.findings]


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    """A tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """What a zip archive holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zeros(size: int) -> bytes:
    """So many zeros packed: a thousandth of that."""
    return gzip.compress(b"0" * size)
