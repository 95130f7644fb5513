"""Backups as JSON (AUD-2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from carecli.domain.instants import iso

if TYPE_CHECKING:
    from carecli.domain.backup import Backup, Listed, Made
    from carecli.domain.seal import Seal


def made(told: Made) -> dict[str, Any]:
    """A backup that was made: `shared` files are those of the backup before, `removed` names what --keep took."""
    return {
        **_backup(told.backup, told.seal),
        "files_bytes": told.file_bytes,
        "files_shared": told.shared,
        "verified": told.checked,
        "removed": list(told.removed),
    }


def listed(told: Sequence[Listed]) -> dict[str, Any]:
    """The backups on record; `there` tells whether a file still lies where one was made."""
    return {"backups": [{**_backup(one.backup, one.seal), "there": one.there} for one in told]}


def _backup(one: Backup, seal: Seal) -> dict[str, Any]:
    return {
        "at": iso(one.at),
        "path": one.path,
        "bytes": one.bytes,
        "files": one.files,
        "events": one.position,
        "digest": one.digest,
        "seal": str(seal),
    }
