"""What mail servers say of a message's origin: Authentication-Results (RFC 8601), read and not yet believed."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from carecli.domain.inbox import Authentication
from carecli.mail.incoming import addresses
from carecli.mail.incoming.headers import MAX_VALUE, unescaped, without_comments
from carecli.mail.incoming.parts import Part

MAX_HEADERS: Final = 20
_MAX_RESULTS: Final = 50
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^";]+|[";]', re.DOTALL)
_PAIR: Final = re.compile(
    r'(?<![\w.-])([A-Za-z][\w-]*(?:\s*\.\s*[\w-]+)?)(?:\s*/\s*\d+)?\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)', re.DOTALL
)
_PROPERTIES: Final[Mapping[str, tuple[str, ...]]] = {
    "dmarc": ("header.from",),
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "smtp.mail", "smtp.helo"),
}
"""Which property names the domain that a method vouches for, the first that is there."""


def results(root: Part) -> tuple[Authentication, ...]:
    """Every result of every such header, from the top; one that cannot be read says nothing."""
    values = root.headers.every("authentication-results")[:MAX_HEADERS]
    return tuple(result for place, value in enumerate(values, 1) for result in _results(value, place))


def _results(value: str, place: int) -> Iterator[Authentication]:
    first, *statements = _statements(value) if len(value) < MAX_VALUE else [""]
    server = _unquoted(first.split()[0]) if first.split() and "=" not in first else ""
    for statement in (statements if server else [first, *statements])[:_MAX_RESULTS]:
        pairs = [(re.sub(r"\s", "", name).lower(), _unquoted(said)) for name, said in _PAIR.findall(statement)]
        if pairs and "." not in pairs[0][0]:
            (method, result), *properties = pairs
            yield Authentication(
                server, method, result.lower(), _domain(method, dict(reversed(properties))), place
            )


def _statements(value: str) -> list[str]:
    """What stands between the semicolons; nothing where a quote does not end."""
    statements = [""]
    for match in _TOKEN.finditer(without_comments(unescaped(value))):
        match match[0]:
            case '"':
                return [""]
            case ";":
                statements.append("")
            case token:
                statements[-1] += token
    return statements


def _domain(method: str, properties: Mapping[str, str]) -> str | None:
    for name in _PROPERTIES.get(method, ()):
        if found := addresses.domain(properties.get(name, "")):
            return found
    return None


def _unquoted(text: str) -> str:
    """A word without its quotes; nothing where, cleaned, it could be another's name."""
    inner = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text.startswith('"') else text
    return inner[:255] if inner.isascii() and inner.isprintable() else ""
