"""Bytes as text whatever they claim to be, and text that is fit to be stored and shown."""

import re
from codecs import lookup
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}", re.ASCII)
_UNFIT: Final = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
"""Codecs that no mail uses: quadratic, or warning about what they read."""

_WIDER: Final = {
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
"""What mail programs mean by a name, where it says less than they send."""

_DROPPED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_LINE_ENDS: Final = re.compile("\r\n?|[\x85\u2028\u2029\x0b\x0c]")


def decoded(data: bytes, charset: str | None) -> str:
    """The bytes as text: as declared if they are that, else UTF-8, else as declared or Windows-1252 with gaps."""
    codec = _codec(charset)
    for name in (codec, "utf-8"):
        text = name and _strictly(data, name)
        if text is not None:
            return text
    if codec and codec != "utf-8":
        return data.decode(codec, "replace")
    return _mostly_utf8(data) or data.decode("cp1252", "replace")


def clean(text: str) -> str:
    r"""Text without control characters but `\n` and `\t`, and without lone surrogates."""
    return _DROPPED.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str, limit: int) -> str:
    """The text on one line, at most so many characters."""
    return " ".join(clean(text[: 8 * limit]).split())[:limit].rstrip()


def _codec(charset: str | None) -> str | None:
    name = (charset or "").strip("\"' ")
    if not _NAME.fullmatch(name):
        return None
    try:
        info = lookup(name)
    except (LookupError, ValueError, ImportError):
        return None
    # A codec of bytes (zip, base64) would blow up or refuse; there is no public way to ask which one is of text.
    if info.name in _UNFIT or not getattr(info, "_is_text_encoding", True):
        return None
    return _WIDER.get(info.name, info.name)


def _mostly_utf8(data: bytes) -> str | None:
    """UTF-8 that was cut in the middle of a character, or damaged here and there."""
    text = data.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if 4 * text.count("\ufffd") <= beyond_ascii else None


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None
