"""A copy of the desk in another place as JSON (AUD-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carecli.domain.instants import iso

if TYPE_CHECKING:
    from carecli.domain.copied import Copied


def copied(told: Copied) -> dict[str, Any]:
    """A copy that was made: `continued` events were there already; hashes are those of both sides."""
    return {
        "at": iso(told.at),
        "source": told.source,
        "target": told.target,
        "events": told.events,
        "continued": told.continued,
        "seal": str(told.seal),
        "tables": [{"name": one.name, "rows": one.rows, "sha256": one.sha256} for one in told.tables],
        "files": told.files,
        "files_bytes": told.file_bytes,
        "folder": told.folder,
        "moved": told.moved,
    }
