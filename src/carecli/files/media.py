"""What kind of file a name speaks of; the same on every machine, as it goes on record."""

from mimetypes import MimeTypes
from typing import Final

UNKNOWN: Final = "application/octet-stream"
TEXT: Final = "text/plain"

_PACKED: Final = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
_TEXTS: Final = (".log", ".out", ".err", ".conf", ".cfg", ".ini", ".md", ".yaml", ".yml", ".toml")


def media_type(name: str, *, text: bool) -> str:
    """By the name's ending; where that says nothing, by whether it is `text`."""
    # Built in: what an operating system adds to these tables differs from one to the next.
    known = MimeTypes()
    found, packed = known.guess_type(f"./{name}")
    if packed:
        return _PACKED.get(packed, UNKNOWN)
    if found is None and (text or name.lower().endswith(_TEXTS)):
        return TEXT
    return found or UNKNOWN
