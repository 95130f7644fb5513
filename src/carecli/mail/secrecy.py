"""What a server says, without the login that we gave it: some repeat what they refuse (MAIL-6)."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Final

HIDDEN: Final = "[hidden]"
_SHORTEST: Final = 4
"""Of what is hidden: a password of three letters would tear every answer to pieces, and guards nothing."""


def hidden(text: str, user: str | None, password: str) -> str:
    """A text without a password, however logins spell it: plain, quoted, or in base64, alone or with its user."""
    for spelled in sorted(set(_spellings(user or "", password)), key=len, reverse=True):
        if len(spelled) >= _SHORTEST:
            text = text.replace(spelled, HIDDEN)
    return text


def _spellings(user: str, password: str) -> Iterator[str]:
    yield password
    yield password.replace("\\", "\\\\").replace('"', '\\"')
    # Words come back joined by single spaces.
    yield " ".join(password.split())
    for login in (password, f"\0{user}\0{password}", f"{user}\0{user}\0{password}"):
        yield b64encode(login.encode("utf-8", "surrogateescape")).decode("ascii").rstrip("=")
