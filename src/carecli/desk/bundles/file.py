"""A case's bundle read from its file: whatever else is in it, a JSON object of our form (IMP-2)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from carecli.domain.bundle import FORM, VERSION
from carecli.errors import CareError, Failed, Invalid

MAX_BYTES: Final = 256 << 20
"""A bundle is read whole; a case of a hundred thousand events takes a tenth of this."""


def read(path: str) -> dict[str, Any]:
    """The document in a file, `-` for standard input; raises Failed, and Invalid for what is no bundle."""
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1) if path == "-" else _bytes(Path(path).expanduser())
    except OSError as error:
        raise Failed(f"cannot read {path}: {error.strerror}", hint="check the file's name") from None
    if len(raw) > MAX_BYTES:
        raise no_bundle(f"it is longer than {MAX_BYTES >> 20} MiB")
    try:
        told = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object)
    except _Twice as error:
        raise no_bundle(f"an object names {str(error)[:40]!r} twice") from None
    except (ValueError, RecursionError):
        raise no_bundle("it is no JSON document") from None
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise no_bundle(f"its `form` is not {FORM!r}")
    if told.get("version") != VERSION:
        raise no_bundle(f"version {str(told.get('version'))[:20]} of the form is not known here")
    return told


class _Twice(Exception):
    """A name that an object has twice: one program would read the first, another the last."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for place, name in enumerate(names) if name in names[:place]))
    return told


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def no_bundle(why: str) -> CareError:
    """The error for what is no bundle."""
    return Invalid(f"this is no bundle: {why}", hint="`care bundle NUMBER --output FILE` writes one", rule="IMP-2")
