"""The headers of a mail that leaves: each on lines of its own, whatever is put into it (MAIL-1)."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from email.utils import formataddr, getaddresses
from typing import Final, NamedTuple

from carecli.errors import Failed

_LINE: Final = 76
"""How long a line of a header may be that holds encoded words (RFC 2047); others could have 78."""

_WORD_BYTES: Final = 39
"""Of a text within one encoded word: with its wrapping 64 characters, so that one fits behind `Subject:`."""

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ADDRESS: Final = re.compile(r"[^\s,;:<>()\[\]\"\\@\x00-\x20\x7f-\x9f]+@[^\s,;:<>()\[\]\"\\@\x00-\x20\x7f-\x9f]+")
_ID: Final = re.compile(r"<[!-;=?-~]{3,900}>")


class Sender(NamedTuple):
    """Who sends: the header as a line, and the bare address."""

    line: str
    address: str


def text(name: str, value: str) -> str:
    """A header of free text; letters beyond ASCII are encoded, what looks like an encoded word is broken up."""
    # A reader would decode it, line breaks and all.
    words = _CONTROL.sub("\ufffd", " ".join(value.replace("=?", "= ?").split())).split(" ")
    odd = [place for place, word in enumerate(words) if not word.isascii() or len(word) > _LINE - 2]
    if odd:
        # From the first to the last of them: blanks between two encoded words are not read.
        encoded = _encoded(" ".join(words[odd[0] : odd[-1] + 1]))
        words = [*words[: odd[0]], *encoded, *words[odd[-1] + 1 :]]
    return _folded(name, words)


def ids(name: str, values: Iterable[str]) -> str:
    """A header of Message-IDs, which came from anywhere: what is none is left out; empty where none is left."""
    plain = [value for value in values if _ID.fullmatch(value)]
    return _folded(name, plain) if plain else ""


def message_id(value: str) -> str:
    """The mail's own Message-ID; raises Failed for what is none."""
    if not _ID.fullmatch(value):
        raise Failed("the mail has no proper Message-ID", hint="`care verify` looks at the record", rule="MAIL-1")
    return f"Message-ID: {value}\n"


def recipient(address: str) -> str:
    """The header of whom the mail is to; raises Failed for an address that no mail can be sent to."""
    return f"To: {mailbox(address)}\n"


def mailbox(address: str) -> str:
    """One plain address in ASCII; raises Failed for any other."""
    try:
        if not _ADDRESS.fullmatch(address):
            raise ValueError
        local, _, domain = address.rpartition("@")
        local.encode("ascii")
        return address if domain.isascii() else f"{local}@{domain.encode('idna').decode('ascii')}"
    except ValueError:
        raise Failed(
            f"no mail can be sent to {address[:80]!r}",
            hint="give the person another address: `care contact --help`, `care staff --help`",
            rule="MAIL-1",
        ) from None


def sender(configured: str) -> Sender:
    """The sender as it is configured; a name with letters of any script is encoded. Raises Failed."""
    try:
        [(name, address)] = getaddresses([configured])
        plain = mailbox(address)
        named = [formataddr((name, plain))] if name.isascii() else [*_encoded(name), f"<{plain}>"]
    except (Failed, ValueError):
        named = []
    if not (named and configured.isprintable() and len(configured) < 300):
        raise Failed(
            f"{configured[:80]!r} is no sender of mail",
            hint="check `from` in the [mail] part of the config file",
            rule="MAIL-6",
        )
    return Sender(_folded("From", named), plain)


def _folded(name: str, words: Iterable[str]) -> str:
    lines, line = [], f"{name}:"
    for place, word in enumerate(words):
        if place and len(line) + 1 + len(word) > _LINE:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\n".join([*lines, line]) + "\n"


def _encoded(text: str) -> Iterator[str]:
    """A text as encoded words, none of which cuts a character in two."""
    part = b""
    for character in text:
        more = character.encode()
        if len(part) + len(more) > _WORD_BYTES:
            yield _word(part)
            part = b""
        part += more
    yield _word(part)


def _word(part: bytes) -> str:
    return f"=?utf-8?b?{b64encode(part).decode('ascii')}?="
