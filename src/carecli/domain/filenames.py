"""Names of files made safe: a stranger's name is written, shown and typed like any other (ATT-1)."""

from collections.abc import Collection
from typing import Final

MOST_BYTES: Final = 255
"""What file systems take for a name, in UTF-8."""

OTHERWISE: Final = "file"
"""What a file is called of whose name nothing is left."""

_EXTENSION_MOST: Final = 20
_SEPARATORS: Final = "/\\"
_UNSAFE: Final = frozenset('<>:"|?*')
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of what is not seen: controls, overrides of writing direction, halves of pairs."""

_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", "clock$", "conin$", "conout$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"}
)
"""Names that Windows takes for devices, whatever their extension."""


def safe(name: str) -> str:
    """The last part of a path without anything that a file system, a shell's glance or a terminal would act on.

    It neither begins with a dot or a dash nor ends with a dot or a blank, is no device of Windows, has at most 255
    bytes, and keeps its extension.
    """
    # Imported here and below: every command that writes knows of files, and few see one.
    import unicodedata

    last = name.rstrip(_SEPARATORS)
    for separator in _SEPARATORS:
        last = last.rpartition(separator)[2]
    seen = "".join("_" if c in _UNSAFE else c for c in last if unicodedata.category(c) not in _HIDDEN)
    bare = composed(" ".join(seen.split())).lstrip(".- ").rstrip(". ")
    if not bare.strip("_ "):
        return OTHERWISE
    if bare.partition(".")[0].rstrip().lower() in _RESERVED:
        bare = f"_{bare}"
    return fitted(bare)


def composed(name: str) -> str:
    """A name with each accent in one piece with its letter; some systems keep them apart."""
    import unicodedata

    return unicodedata.normalize("NFC", name)


def distinct(name: str, taken: Collection[str]) -> str:
    """The name, or `log (2).txt` and on where a file of that name is there already, letter case aside."""
    known = {each.casefold() for each in taken}
    found, count = name, 1
    while found.casefold() in known:
        count += 1
        found = fitted(name, f" ({count})")
    return found


def marked(name: str, mark: str) -> str:
    """The name with a word before its extension: `log.txt` and `redacted` make `log.redacted.txt`."""
    return fitted(name, f".{mark}")


def fitted(name: str, behind: str = "") -> str:
    """The name with a text before its extension, shortened before that until it fits."""
    stem, extension = _split(name)
    room = MOST_BYTES - len((behind + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + behind + extension


def spaced(name: str) -> tuple[str, str]:
    """The words of a name, which are often joined by `_`, and its ending: `call`, `.log`."""
    stem, extension = _split(name)
    return stem.replace("_", " "), extension


def _split(name: str) -> tuple[str, str]:
    """A name before and from its last dot; `.gz` and the like keep what stands before them."""
    stem, dot, extension = name.rpartition(".")
    if not stem or not extension or len(extension.encode()) > _EXTENSION_MOST:
        return name, ""
    inner, inner_dot, second = stem.rpartition(".")
    if extension.lower() in _PACKED and inner and 0 < len(second.encode()) <= _EXTENSION_MOST:
        return inner, inner_dot + second + dot + extension
    return stem, dot + extension


_PACKED: Final = frozenset({"gz", "bz2", "xz", "zst"})
