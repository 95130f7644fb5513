"""A message taken apart by the standard library, within bounds.

The library alone would recurse as deep as a message nests, and take quadratic time on long headers.
"""

import re
from binascii import Error, a2b_qp, a2b_uu
from collections.abc import Iterator
from contextlib import suppress
from email._policybase import Compat32
from email.feedparser import FeedParser
from email.message import Message
from email.parser import HeaderParser
from email.policy import Policy
from functools import cached_property
from typing import Any, Final, cast

from carecli.mail.incoming import headers
from carecli.mail.incoming.charsets import clean, decoded
from carecli.mail.incoming.headers import Headers

MAX_CONTAINERS: Final = 50
"""How many multiparts are opened; further ones are left whole, as files."""

MAX_PARTS: Final = 1_000
MAX_TEXT: Final = 1_000_000
_MAX_HEAD: Final = 262_144
_MAX_CONTENT: Final = 2_000
"""How much of a header of MIME is looked at: the library takes quadratic time over parameters."""

_TEXT_BYTES: Final = 6 * MAX_TEXT
_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n|\r\r")
_UU_LINE: Final = re.compile(rb"[ -`]{1,90}")


class _Bounded(Compat32):
    """Keeps no header longer than it will be looked at."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Cut the value before anything reads it."""
        name, value = super().header_source_parse(sourcelines[: headers.MAX_VALUE])
        return name, value[: _MAX_CONTENT if name[:8].lower() == "content-" else headers.MAX_VALUE]


_POLICY: Final = _Bounded()


class TooManyPartsError(Exception):
    """The message has more parts than anyone sends."""


class _Count:
    """How much of one message was taken apart so far."""

    def __init__(self) -> None:
        self.parts = self.containers = 0

    def part(self, policy: "Policy[Message[str, str]]") -> "Part":
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise TooManyPartsError
        return Part(policy, self)


class Part(Message):
    """A part of a message; one that holds a message itself (message/rfc822) is left whole."""

    def __init__(self, policy: "Policy[Message[str, str]]" = _POLICY, count: _Count | None = None) -> None:
        super().__init__(policy)
        self._count = count or _Count()

    @cached_property
    def kind(self) -> str:
        """The media type, in lower case; `text/plain` where it makes no sense."""
        return super().get_content_type()

    @cached_property
    def container(self) -> bool:
        """Whether it is a multipart that is to be opened."""
        if not self.kind.startswith("multipart/"):
            return False
        self._count.containers += 1
        return self._count.containers <= MAX_CONTAINERS

    def get_content_type(self) -> str:
        """What the parser goes by: it would take apart messages within messages, without bounds."""
        return "text/plain" if self.kind.startswith("message/") else self.kind

    def get_content_maintype(self) -> str:
        """What the parser goes by: `multipart` only for what is to be opened."""
        return "multipart" if self.container else "text"

    @property
    def body(self) -> str:
        """What stands below the headers, as it came; `get_payload` would decode what it takes for text."""
        payload = self._payload  # type: ignore[attr-defined]  # there is no public way to the bytes as they came
        return payload if isinstance(payload, str) else ""

    @property
    def children(self) -> list["Part"]:
        """The parts of a multipart; none for anything else."""
        return cast("list[Part]", self.get_payload()) if self.is_multipart() else []

    @cached_property
    def headers(self) -> Headers:
        """The headers as they came."""
        return Headers(self.raw_items())

    @cached_property
    def disposition(self) -> str:
        """`inline`, `attachment`, or nothing."""
        return self.headers.word("content-disposition")

    @cached_property
    def file_name(self) -> str:
        """What the sender calls the file, decoded but not yet safe; empty where it has no name."""
        try:
            return headers.line(self.get_filename() or "", 500)
        except Exception:  # noqa: BLE001  # a header written to break the library names no file
            return ""

    @cached_property
    def text(self) -> str:
        """The part as text, clean and bounded."""
        try:
            charset = self.get_param("charset")
        except Exception:  # noqa: BLE001  # a header written to break the library names no charset
            charset = None
        data = self.data(_TEXT_BYTES)
        return clean(decoded(data, charset if isinstance(charset, str) else None)[:MAX_TEXT])

    def data(self, limit: int | None = None) -> bytes:
        """The part's bytes with the transfer encoding undone; of more than `limit` only a first part."""
        data = self.body[:limit].encode("utf-8", "surrogateescape")
        match self.headers.word("content-transfer-encoding"):
            case "base64":
                return headers.base64(data)
            case "quoted-printable":
                return quoted_printable(data)
            case "x-uuencode" | "uuencode" | "x-uue" | "uue":
                return uuencoded(data)
        return data

    def walked(self) -> Iterator["Part"]:
        """The part and all within it, from the top."""
        yield self
        for child in self.children:
            yield from child.walked()


def parse(raw: bytes) -> Part:
    """Take a message apart; what cannot be is one text under its headers. Never raises."""
    raw = _bounded(raw.lstrip(b"\r\n"))
    try:
        return _parsed(raw, heads_only=False)
    except Exception:  # noqa: BLE001  # whatever the library stumbles over, the message is kept and shown
        return _parsed(raw, heads_only=True)


def heads(text: str) -> Headers:
    """The headers of a message, or of a block of fields, that stands within another as text."""
    head, *_ = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n"), maxsplit=1)
    return Headers(_parsed(head[:_MAX_HEAD].encode("utf-8", "surrogateescape"), heads_only=True).raw_items())


def quoted_printable(data: bytes) -> bytes:
    """What quoted-printable holds; stray signs stand for themselves."""
    return a2b_qp(data)


def uuencoded(data: bytes) -> bytes:
    """What stands between `begin` and `end`, as far as it can be read."""
    kept = []
    for line in data.splitlines():
        if line.startswith(b"begin ") or not line.strip():
            continue
        if line.strip() == b"end":
            break
        with suppress(Error):
            kept.append(_uu_line(line))
    return b"".join(kept)


def _uu_line(line: bytes) -> bytes:
    try:
        return a2b_uu(line)
    except Error:
        if not _UU_LINE.fullmatch(line):
            raise
        # Some programs pad a line further than its first sign says.
        return a2b_uu(line[: 1 + ((line[0] - 32 & 63) * 4 + 5) // 3])


def _parsed(raw: bytes, *, heads_only: bool) -> Part:
    text = raw.decode("ascii", "surrogateescape")
    # The stubs know of no factory that is given the policy, as the documentation says it is.
    factory: Any = _Count().part
    policy: Any = _POLICY
    if heads_only:
        return cast("Part", HeaderParser(factory, policy=policy).parsestr(text))
    parser: FeedParser[Part] = FeedParser(factory, policy=policy)
    parser.feed(text)
    return parser.close()


def _bounded(raw: bytes) -> bytes:
    """The message with no more headers than anyone sends."""
    blank = _BLANK_LINE.search(raw)
    end = blank.start() if blank else len(raw)
    if end <= _MAX_HEAD:
        return raw
    cut = raw.rfind(b"\n", 0, _MAX_HEAD)
    return raw[: cut if cut > 0 else _MAX_HEAD] + (raw[end:] if blank else b"")
