"""The address of a desk on a server, as it may be shown: passwords in it are kept beside it, and never printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from carecli.errors import Invalid

SCHEMES: Final = ("postgresql://", "postgres://")
"""How the address of a PostgreSQL database begins."""
SECRET: Final = frozenset(
    {"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"}
)
"""What an address may say that nobody else is to read, by PostgreSQL's names."""
USUAL_PORT: Final = "5432"

_ALMOST: Final = ("postgresql:", "postgres:", "postgresql/", "postgres/")
_SHAPE: Final = "postgresql://USER@HOST/DATABASE, or postgresql:///?service=NAME"
_SAFE: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_NAME_MAX: Final = 100


class Address(str):
    """An address without its passwords, which printing, joining or writing it down can thus not tell."""

    __slots__ = ("_given", "secrets")

    _given: str
    secrets: Mapping[str, str]
    """The passwords that were in it, by PostgreSQL's names."""

    @classmethod
    def of(cls, given: str) -> Address:
        """Read an address; raises Invalid, which tells nothing of it, where a password in it may be misread."""
        scheme, _, rest = given.partition("://")
        head, mark, query = rest.partition("?")
        user, at, place = head.rpartition("@")
        _require_quoted(given, rest, user)
        name, colon, password = user.partition(":")
        asked = list(_parameters(query))
        shown = "&".join(one.written for one in asked if one.name not in SECRET)
        address = cls(f"{scheme}://{name}{at}{place}{mark if shown else ''}{shown}")
        if tells_password(_unquoted(address)):
            raise _misspelt()
        address._given = given
        address.secrets = {one.name: one.value for one in asked if one.name in SECRET}
        if colon:
            address.secrets = {"password": _unquoted(password), **address.secrets}
        return address

    @property
    def given(self) -> str:
        """All of it, with its passwords: for a file that only its owner may read."""
        return self._given

    @property
    def name(self) -> str:
        """A short name, the same for the same database by whichever user: for a folder that belongs to it."""
        said = self._said()
        if "service" in said and "dbname" not in said:
            return _plain(f"service-{said['service']}")
        host = said.get("host") or said.get("hostaddr") or "local"
        ports = {port for port in said.get("port", "").split(",") if port not in {"", USUAL_PORT}}
        return _plain("-".join([*sorted(host.split(",")), *sorted(ports), said.get("dbname") or "care"]))

    def _said(self) -> dict[str, str]:
        """What it says of the place, by PostgreSQL's names."""
        head, _, query = self.partition("://")[2].partition("?")
        hosts, _, database = head.rpartition("@")[2].partition("/")
        split = [_host_and_port(one) for one in hosts.split(",")]
        said = {
            "host": ",".join(host for host, _ in split),
            "port": ",".join(port for _, port in split),
            "dbname": _unquoted(database),
        }
        given = {name: value for name, value in said.items() if value.strip(",")}
        return given | {one.name: one.value for one in _parameters(query)}


class _Parameter(NamedTuple):
    name: str
    value: str
    written: str


def is_address(text: str) -> bool:
    """Whether a text is the address of a server rather than the path of a file."""
    return text.startswith(SCHEMES)


def tells_password(text: str) -> bool:
    """Whether a text that is meant to be shown says something that is called a password, however it is spelt."""
    folded = text.casefold()
    return any(f"{word}=" in folded.replace(" ", "") for word in ("password", "passwd", "pwd"))


def require_path(text: str) -> None:
    """Raise Invalid, which tells nothing of it, for what was to be an address and would pass for a path."""
    if tells_password(text) or (text.startswith(_ALMOST) and "@" in text):
        raise _misspelt()


def _require_quoted(given: str, rest: str, user: str) -> None:
    """Raise Invalid where a sign may end a password too early: what is behind it would be told as a host."""
    before = rest.partition("/")[0].rpartition("@")[0]
    blank = " " in given or not given.isprintable()
    if set(user) & set("@/") or "?" in before or blank or not _is_quoted(given):
        raise Invalid(
            "the address of the database cannot be read: @ / ? % and blanks within a name or a password are "
            "written as %40 %2F %3F %25 %20",
            hint=f"{_SHAPE}; better no password at all: ~/.pgpass keeps it",
        )


def _misspelt() -> Invalid:
    return Invalid(
        "the address of the database cannot be read: there seems to be a password in the wrong place",
        hint=f"{_SHAPE}; better no password at all: ~/.pgpass keeps it",
    )


def _parameters(query: str) -> Iterator[_Parameter]:
    for written in filter(None, query.split("&")):
        name, _, value = written.partition("=")
        yield _Parameter(_unquoted(name), _unquoted(value), written)


def _host_and_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = text.partition(":")
    return _unquoted(host), port


def _is_quoted(text: str) -> bool:
    """Whether each % is followed by the number of a character."""
    return all(len(part) > 1 and set(part[:2]) <= _HEX for part in text.split("%")[1:])


def _unquoted(text: str) -> str:
    # Imported here: a desk in a file has no address.
    from urllib.parse import unquote

    return unquote(text)


def _plain(text: str) -> str:
    """A text as the name of a folder; what had to be changed is told apart by a digest."""
    lowered = text.lower().lstrip("/").replace("/", "-").lstrip(".")
    plain = "".join(sign if sign in _SAFE else "-" for sign in lowered)[:_NAME_MAX]
    if plain == lowered:
        return plain
    from hashlib import sha256

    return f"{plain}-{sha256(text.encode()).hexdigest()[:8]}"
