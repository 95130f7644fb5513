"""Passwords and keys by what stands before them, private keys, and passwords within URLs (ATT-2).

After a name such as `password`, `client_secret` or `api-key` and a sign such as `=`, `:` or `>`, a value is a
secret unless it stands for one: `****`, `<token>`, `${DB_PASSWORD}`, `null`, `changeme`, `[redacted]`, a call or a
name of a program's source. What systems keep for a password (`$6$salt$hash`) is one wherever it stands. What has
no sign but a colon is prose more often, so a digit or a sign must be in it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.matches import Match
from carecli.files.scanning.windows import Window

_SIGN: Final = (
    rb"(?:[_\-]?(?:value|hash|old|new|\d{1,2}))?\\{0,2}[\"']?(?:\][\"']?|\))?"
    rb"(?P<sign>\s{0,4}(?::=|=>|->|=|:)\s{0,4}|\s{0,2}>|\s{1,4}value\s?=\s?)(?P<open>\\{0,2}[\"'`])?"
)
_KEYS: Final = re.compile(
    rb"(?:api|access|account|auth|private|secret|client|signing|encryption|master|shared|app"
    rb"|service|subscription|storage|license|webhook|session|crypt|hmac|ssh|rsa|aes)[_\-. ]?$"
)
_LONGEST: Final = 4096
_JUDGED: Final = 128
"""How many characters of a value say whether it is one."""
_PLAIN: Final = re.compile(rb"[^\s,;&|<>\"'`()\[\]{}\\]{3,%d}" % _LONGEST)
_LONE: Final = re.compile(rb"[^\s,;|<>\"'`()\[\]{}\\]{3,%d}" % _LONGEST)
"""After a sign and a blank nothing is part of a URL, where `&` parts one value from the next."""
_CREDENTIAL: Final = re.compile(rb"[A-Za-z0-9._~+/\-]{8,8192}={0,3}")
_COOKIE: Final = re.compile(rb"(?<![\w.\-])([\w.\-]{1,64})=([A-Za-z0-9%._~+/=\-]{16,4096})")
_SESSION: Final = re.compile(rb"(?i)sess|sid|auth|token|jwt")
_BEGIN: Final = re.compile(rb"-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_END: Final = re.compile(rb"-----END (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_BODY: Final = re.compile(
    rb"(?:(?:[\s\"',]|\\[nrt]){0,8}(?:[A-Za-z0-9+/=]{20,1024}|(?:Proc-Type|DEK-Info|Version|Comment)[^\n]{0,80}))*"
)
_LONGEST_KEY: Final = 16_000
_PASS: Final = re.compile(rb"(?:[a-z0-9][_\-.]|db|user|smtp|root|admin|ftp|ldap)$")
_NO_NAME: Final = re.compile(rb"(?:no|without|get|has|is|max|next|page|csrf|xsrf|num)[_\-]?$")
_IN_MARK: Final = re.compile(rb"\[[a-z0-9\-]{0,40}$")
_OF_MARK: Final = re.compile(rb"[a-z0-9\-]{1,40}-(?:\d{1,6}|x)\]")
_LINE: Final = 400
"""How far behind `Cookie:` its values are looked for."""


class _Value(NamedTuple):
    start: int
    end: int
    strong: bool
    """Whether quotes or a sign other than a colon say that it is a value."""


def secrets(window: Window) -> Iterator[Match]:
    """The secrets that start in a window, other than tokens that show themselves as such."""
    for sort, shape in _ASSIGNED.items():
        past = 0
        for name in shape.finditer(window.lower, 0, window.reach):
            if name.start() < past:
                continue
            for match in _assigned(window, name, sort):
                past = past if match.doubt is not None else _adds_nothing(match)
                yield match
    for shape, rule in _RULES:
        for found in shape.finditer(window.lower, 0, window.reach):
            yield from rule(window, found)


def _adds_nothing(match: Match) -> int:
    """Up to where a further name within a value brings nothing: else `password=password=...` takes hours."""
    size = match.end - match.start
    return match.end if size < _LONGEST else match.start + size // 2


def _assigned(window: Window, name: re.Match[bytes], sort: str) -> Iterator[Match]:
    sign = name["sign"].strip()
    if not _is_name(window, name.start(), sort):
        return
    if sign == b">" and not _in_tag(window, name):
        return
    strong = bool(name["open"]) or sign != b":"
    tight = name["sign"] == b"=" or bool(name["open"])
    value = _value(window, name.end(), name["open"], strong=strong, lone=name["sign"].endswith(b" "))
    for match in _vetted(window, value, _SORTS[sort], tight=tight):
        yield match._replace(doubt=_in_url(window, name.start())) if sign == b":" else match


def _flagged(window: Window, flag: re.Match[bytes]) -> Iterator[Match]:
    yield from _vetted(window, _value(window, flag.end(), flag["open"], strong=True), "password", tight=True)


def _is_name(window: Window, at: int, sort: str) -> bool:
    """Whether a name of a secret begins or goes on here: `key` alone is the name of anything."""
    before = window.line_before(at, 48)
    if _IN_MARK.search(before) and _OF_MARK.match(window.lower, at):
        return False
    if sort == "key":
        return _KEYS.search(before) is not None
    if sort == "pass":
        return _PASS.search(before) is not None
    return not _NO_NAME.search(before)


def _in_url(window: Window, at: int) -> int | None:
    """Where the URL begins of whose login a name is part: that has a rule of its own."""
    word = window.line_before(at, 300).rsplit(b" ", 1)[-1]
    login = word.find(b"://")
    return at - len(word) + login if login >= 0 else None


def _in_tag(window: Window, name: re.Match[bytes]) -> bool:
    """Whether a name ends a tag of XML, other than an attribute's value in one."""
    return b'"' not in name[0] and b"<" in window.before(name.start(), 24).rsplit(b" ", 1)[-1]


def _value(window: Window, at: int, quote: bytes | None, *, strong: bool, lone: bool = False) -> _Value | None:
    if quote:
        end = window.shadow.find(quote, at, at + 512)
        line = window.shadow.find(b"\n", at, at + 512)
        if end > at and not 0 <= line < end:
            return _Value(at, end, strong=True)
        return None
    found = (_LONE if lone else _PLAIN).match(window.shadow, at)
    return _Value(at, found.end(), strong) if found is not None else None


def _vetted(window: Window, value: _Value | None, sort: str, *, tight: bool) -> Iterator[Match]:
    if value is None:
        return
    text = window.text[value.start : value.end]
    stripped = text if value.strong else text.rstrip(".?:")
    if is_secret(stripped[:_JUDGED], sort, strong=value.strong, tight=tight):
        yield _match(window, value.start, value.start + len(stripped), sort)


def is_secret(value: str, sort: str, *, strong: bool, tight: bool) -> bool:
    """Whether a value after a name of a secret is one."""
    return _looks_like_one(value, sort, strong=strong, tight=tight) and not (
        stands_for_one(value) or _is_source(value)
    )


def _looks_like_one(value: str, sort: str, *, strong: bool, tight: bool) -> bool:
    """Whether its length and its signs are those of a secret."""
    if len(value) < 4:
        return False
    if value.count(" ") > 1 and sort != "passphrase":
        return False
    letters, digits = any(map(str.isalpha, value)), any(map(str.isdigit, value))
    signs = any(sign in "!@#$%^&*+=?~" for sign in value)
    if sort == "pass":
        return letters and (digits or signs)
    if sort in {"token", "key"}:
        return len(value) >= 8 and letters and digits
    if sort == "secret" and not tight:
        return len(value) >= 6 and digits + letters + signs >= 2
    if strong and tight:
        return digits or signs or len(value) >= 6
    return (digits and (letters or signs or len(value) >= 6)) or (letters and signs)


_NOTHING: Final = frozenset(
    # A list of these would be eighty lines.
    "null none nil true false undefined empty unset yes no on off required optional missing invalid valid "  # noqa: SIM905
    "expired failed failure success accepted rejected incorrect wrong changed reset default unknown "
    "disabled enabled ok error changeme change_me changeit example sample dummy test placeholder password "
    "passwd secret token string str bytes text redacted masked hidden filtered removed omitted sanitized "
    "protected secured encrypted n/a tbd todo your_password yourpassword mypassword bearer basic prompt "
    "stdin interactive env file vault granted denied refresh present absent provided ignored set update "
    "updated authentication authorization login user username ".split()
)
_STANDS_FOR: Final = re.compile(
    r"^[*xX.\-_#•●?0]+$|\*{3,}|x{6,}|X{4,}|^<.*>?$|^\$|\$\{|\{\{|^%\w*[%({]|^%[sdv]$|^#\{|^\(?redacted|^\[|^\{|^@\w+@$"
    r"|(?i:redacted|placeholder|changeme|your[-_]|<[a-z _-]+>|\bexample\b$)|^env[:.]|^vault:|^(?:https?|file)://"
    r"|^(?:~|\.{1,2})?/|^[A-Z]:\\|^\d{4}-\d\d-\d\d|^\d\d:\d\d"
)
_SOURCE: Final = re.compile(
    r"^(?:self|this|os|process|config|settings|request|req|args|options|env|ctx|params|props|app|user|data)[.\[]"
    r"|^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$|\($|^(?:new|await|return|typeof)$"
)


def stands_for_one(value: str) -> bool:
    """Whether a value only marks where a secret would be."""
    return value.lower().strip(".") in _NOTHING or _STANDS_FOR.search(value) is not None or len(set(value)) < 3


def _is_source(value: str) -> bool:
    return _SOURCE.search(value) is not None and not any(map(str.isdigit, value))


def _credential(window: Window, header: re.Match[bytes]) -> Iterator[Match]:
    found = _CREDENTIAL.match(window.shadow, header.end())
    if found is None:
        return
    value = found[0].decode("ascii")
    if not stands_for_one(value) and (any(map(str.isdigit, value)) or len(value) >= 20):
        yield _match(window, found.start(), found.end(), "authorization")


def _cookies(window: Window, header: re.Match[bytes]) -> Iterator[Match]:
    most = header.end() + _LINE
    ends = (window.lower.find(sign, header.end(), most) for sign in (b"\n", b"cookie"))
    end = min((end for end in ends if end >= 0), default=most)
    for found in _COOKIE.finditer(window.shadow, header.end(), end):
        if _SESSION.search(found[1]) and not stands_for_one(found[2].decode("latin-1")):
            yield _match(window, found.start(2), found.end(2), "cookie")


def _command(window: Window, command: re.Match[bytes]) -> Iterator[Match]:
    value = window.text[command.start(1) : command.end(1)]
    if not stands_for_one(value):
        yield _match(window, command.start(1), command.end(1), "password")


def _hashed(window: Window, found: re.Match[bytes]) -> Iterator[Match]:
    """A password as systems keep it: `$6$salt$hash`."""
    if found[1].count(b"$") >= 2:
        yield _match(window, found.start(), found.end(), "password-hash")


def _private_key(window: Window, begin: re.Match[bytes]) -> Iterator[Match]:
    """Up to its end, or (torn) as far as lines of it go; never beyond where another one begins."""
    if not _BEGIN.match(window.shadow, begin.start()):
        return
    most = begin.end() + _LONGEST_KEY
    dashes = window.shadow.find(b"-----", begin.end(), most)
    end = _END.match(window.shadow, dashes) if dashes >= 0 else None
    body = _BODY.match(window.shadow, begin.end(), dashes if dashes >= 0 else most)
    until = end.end() if end is not None else body.end() if body is not None else begin.end()
    yield _match(window, begin.start(), until, "private-key")


def _match(window: Window, start: int, end: int, detail: str) -> Match:
    value = window.text[start:end]
    shown = f"{value[:2]}****" if len(value) >= 12 and detail != "password" else "****"
    if detail == "private-key":
        shown = "-----BEGIN ****"
    return Match(start, end, Sensitive.SECRET, detail, value, shown)


_SORTS: Final = {
    "password": "password",
    "pwd": "password",
    "pass": "pass",
    "passphrase": "passphrase",
    "credential": "password",
    "kennwort": "password",
    "mot_de_passe": "password",
    "contraseña": "password",
    "secret": "secret",
    "token": "token",
    "key": "key",
}
"""What the names of secrets stand for."""
_SPELLED: Final = {
    "password": rb"passw(?:or[dt]|d)?",
    "secret": rb"secret(?:[_\-.]?(?:access)?[_\-.]?key)?",
    "credential": rb"credentials?",
    "mot_de_passe": rb"mot[_ ]de[_ ]passe",
    "contraseña": rb"contrase\xf1a",
}
_ASSIGNED: Final = {name: re.compile(_SPELLED.get(name, name.encode()) + _SIGN) for name in _SORTS}
_Rule = Callable[[Window, re.Match[bytes]], Iterator[Match]]
_RULES: Final[tuple[tuple[re.Pattern[bytes], _Rule], ...]] = (
    (
        re.compile(
            rb"--(?:[a-z]{1,16}-)?(?:passw(?:or)?d|token|secret|api-?key|passphrase)\s{1,2}(?P<open>[\"'])?(?!-)"
        ),
        _flagged,
    ),
    (
        re.compile(
            rb"authorization[\"']?\s{0,2}[:=]\s{0,2}[\"']?(?:(?:bearer|basic|token|apikey|negotiate|ntlm|key)\s+)?"
        ),
        _credential,
    ),
    (re.compile(rb"bearer\s{1,2}(?=[a-z0-9._~+/\-]{8})"), _credential),
    (re.compile(rb"cookie[\"']?\s{0,2}[:=]"), _cookies),
    (re.compile(rb"mysql(?:dump|admin)?\s[^\n]{0,120}?\s-p([^\s\"']{4,80})"), _command),
    (re.compile(rb"redis-cli\s[^\n]{0,120}?\s-a\s{1,2}[\"']?([^\s\"']{3,80})"), _command),
    (re.compile(rb"snmp-server community\s{1,2}([^\s\"']{3,80})"), _command),
    (re.compile(rb"sig=(?<=[?&]sig=)([a-z0-9%+/_\-]{32,128})"), _command),
    (re.compile(rb"\$((?:[156789y]|2[abxy])\$[a-z0-9./$=,]{16,160})"), _hashed),
    (re.compile(rb"sshpass\s+-p\s{0,2}[\"']?([^\s\"']{3,80})"), _command),
    (re.compile(rb"curl\s[^\n]{0,200}?(?:-u|--user)[ =]?[\"']?[\w.@\-]+:([^\s\"']{3,80})"), _command),
    (re.compile(rb"-----begin [a-z0-9 ]{0,40}private key(?: block)?-----"), _private_key),
)
"""Each begins with letters that are searched fast, and is in small letters."""
