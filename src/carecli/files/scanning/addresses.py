"""Addresses of mail, and what only has an @ in it (ATT-2).

None are: `git@host`, `svn@`, `hg@`, `root@`; logins in a URL (`ssh://me@host`) or in a copy by scp
(`me@host:/path`); prompts (`[me@host ~]$`); units of systemd (`getty@tty1.service`), files (`logo@2x.png`),
versions (`lodash@4.17.21`), the ids of messages and of calls by SIP.
"""

import re
from collections.abc import Iterator
from typing import Final

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.matches import Match
from carecli.files.scanning.windows import Window

_LOCAL: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'" + bytes(range(0xC0, 0x100))
_SIGNS: Final = tuple(
    re.compile(sign + rb"(?=[A-Za-z0-9\xc0-\xff])") for sign in (rb"@", rb"%40", rb"&#64;", rb"\\u0040")
)
_LONGEST: Final = 128
"""Of what stands before the @, the last of which count where there are more."""
_DOMAIN: Final = re.compile(
    rb"(?!\d+\.\d)((?:[A-Za-z0-9\xc0-\xff](?:[A-Za-z0-9\xc0-\xff-]{0,62})\.){1,8})"
    rb"([A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,59})(?![A-Za-z0-9\xc0-\xff])"
)
_NO_TOP: Final = frozenset(
    b"service socket timer slice scope mount automount swap target device localdomain png jpg jpeg gif svg webp "
    b"ico bmp js ts css map json xml html htm txt log conf cfg yml yaml ini toml gz tgz jar war class java dll "
    b"exe tmp bak".split()
)
_NO_PERSON: Final = frozenset({b"git", b"svn", b"hg", b"cvs", b"root"})
_COPY: Final = re.compile(rb":(?:[/~]|[\w.\-\[\]]+/)|\x20[\w~/.\-]{1,64}\][$#]")
_LOGIN: Final = re.compile(
    rb"://[^\s/\"'<>?=&#]*$|(?:message[_\-]?id|call-id|content-id|msgid|in-reply-to|references)[\"']?\s*[:=]\s*[\"']?<?$"
)


def addresses(window: Window) -> Iterator[Match]:
    """The addresses that start in a window; `%40`, `&#64;` and `\\u0040` are an @ too."""
    for sign in _SIGNS:
        for at in sign.finditer(window.shadow, window.begin, window.reach):
            yield from _judged(window, *at.span())


def _judged(window: Window, at: int, after: int) -> Iterator[Match]:
    head = window.shadow[max(0, at - _LONGEST) : at]
    local = head[len(head.rstrip(_LOCAL)) :].lstrip(b".%+-'")
    if not local or local[-1:] in b".'" or local.lower() in _NO_PERSON:
        return
    domain = _DOMAIN.match(window.shadow, after)
    if domain is None or domain[2].lower() in _NO_TOP:
        return
    start, end = at - len(local), domain.end()
    if _COPY.match(window.shadow, end):
        return
    before = window.line_before(start, 300)
    login = _LOGIN.search(before)
    doubt = start - len(before) + login.start() if login is not None else None
    name, host = window.text[start:at], window.text[after:end]
    value = f"{name}@{host}".lower()
    shown = f"{name[0]}***@{host[0]}***.{domain[2].decode('ascii').lower()}"
    yield Match(start, end, Sensitive.EMAIL, "address", value, shown, doubt)
