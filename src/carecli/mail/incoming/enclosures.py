"""The files of a message, numbered from 1, under names that are safe anywhere (ATT-1)."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from carecli.domain.inbox import Enclosure
from carecli.errors import NotFound
from carecli.mail.incoming import bodies, parts
from carecli.mail.incoming.charsets import one_line
from carecli.mail.incoming.parts import Part

MAX_NAME: Final = 150
_MAX_EXTENSION: Final = 20
_UNSAFE: Final = re.compile('[<>:"|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069]')
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul"})
_EXTENSIONS: Final = {
    "application/ms-tnef": ".dat",
    "application/pdf": ".pdf",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
}


def described(files: Sequence[Part]) -> tuple[Enclosure, ...]:
    """What the files are; each is decoded and hashed once."""
    return tuple(_enclosure(place, file) for place, file in enumerate(files, 1))


def content(raw: bytes, place: int) -> bytes:
    """The bytes of a message's file, numbered as `reading.read` numbers them.

    Raises: NotFound where the message has no such file.
    """
    files = bodies.contents(parts.parse(raw)).files
    if not 1 <= place <= len(files):
        hint = f"it has {len(files)}, numbered from 1" if files else "it has none"
        raise NotFound(f"the message has no file {place}", hint=hint)
    return files[place - 1].data()


def safe_name(name: str, place: int, media_type: str) -> str:
    """A name without a path or a sign that a file system or a terminal would act on; keeps the extension."""
    last = re.split(r"[/\\]", one_line(name, 1_000))[-1]
    stem, extension = _split(_UNSAFE.sub("_", last).strip(" ."))
    if not stem.strip("_ "):
        stem, extension = f"file-{place}", extension or _EXTENSIONS.get(media_type, "")
    if stem.lower() in _RESERVED:
        stem = f"_{stem}"
    return stem[: MAX_NAME - len(extension)].rstrip(" .") + extension


def _enclosure(place: int, file: Part) -> Enclosure:
    data = file.data()
    media_type = file.kind if _MEDIA_TYPE.fullmatch(file.kind) else "application/octet-stream"
    name = safe_name(file.file_name, place, media_type)
    return Enclosure(place, name, media_type, len(data), sha256(data).hexdigest())


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or not extension.strip() or len(extension) > _MAX_EXTENSION:
        return name, ""
    return stem, dot + extension
