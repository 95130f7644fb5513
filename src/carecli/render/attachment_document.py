"""Files on cases, as the JSON that scripts read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from carecli.domain.numbers import written

if TYPE_CHECKING:
    from carecli.domain.attachment import Attachment
    from carecli.domain.sanitising import Finding, Scan

Document = dict[str, Any]

KEYS = (
    "id",
    "name",
    "media_type",
    "size",
    "sha256",
    "sanitised",
    "confirmed_by",
    "scanned",
    "findings",
    "unscanned",
    "visibility",
    "attached_at",
    "attached_by",
    "via",
    "mail",
)
"""What a file in a list has."""


def attachment(file: Attachment) -> Document:
    """A file on a case; `mail` is the message that it came by, for staff."""
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "sanitised": file.sanitised.value if file.sanitised else None,
        "confirmed_by": file.confirmed_by,
        "scanned": file.scanned,
        "findings": file.findings,
        "unscanned": list(file.unscanned),
        "visibility": "public" if file.public else "internal",
        "attached_at": file.at,
        "attached_by": file.actor,
        "via": file.via,
        "mail": file.mail,
    }


def listed(number: int, rows: list[Document]) -> Document:
    """The files of a case, with the rows that were made of them."""
    return {"number": written(number), "attachments": rows}


def fetched(number: int, file: Attachment, path: str) -> Document:
    """A file that was fetched, and where it is now."""
    return {"number": written(number), "attachment": attachment(file), "path": path}


def scanned(name: str, size: int | None, scan: Scan) -> Document:
    """What a look through a file for customer data found."""
    return {
        "name": name,
        "size": size,
        "text": scan.text,
        "scanned": scan.scanned,
        "complete": scan.complete,
        "found": scan.found,
        "findings": findings(scan.findings),
        "unscanned": list(scan.unscanned),
    }


def findings(found: Sequence[Finding]) -> list[Document]:
    """Customer data that was found, its middle hidden."""
    return [finding._asdict() | {"kind": finding.kind.value} for finding in found]


def tidied(count: int, size: int, young: int, *, dry_run: bool) -> Document:
    """What no case names: what went, or would go, and what is too young for that."""
    return {"removed": count, "bytes": size, "young": young, "dry_run": dry_run}
