"""What files are looked through for besides what every desk looks for, and what is no customer data (ATT-2)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from carecli.domain.sanitising import Pattern

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_NAME: Final = 40
_REGION: Final = re.compile(r"[A-Z]{2}")


class Sanitising(NamedTuple):
    """The settings of the scanner, as `carecli.files.scanning` takes them."""

    region: str | None = None
    """The country of phone numbers that stand without a country code; None finds only those with one."""
    patterns: tuple[Pattern, ...] = ()
    allow: tuple[str, ...] = ()
    """Values, domains of addresses as `@desk.example`, and regular expressions between slashes."""


def settings(table: Mapping[str, Any]) -> Sanitising:
    """The [sanitising] part of a file in which the checks found nothing wrong."""
    patterns = tuple(Pattern(name, expression) for name, expression in table.get("patterns", {}).items())
    return Sanitising(table.get("region"), patterns, tuple(table.get("allow", ())))


def problems(table: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is wrong with the [sanitising] part, other than unknown names."""
    region = table.get("region")
    if isinstance(region, str) and not _is_country(region):
        yield f'sanitising.region is {region!r}, not a country in two capitals such as "US"'
    allow = table.get("allow", [])
    if not (isinstance(allow, list) and all(isinstance(entry, str) and entry for entry in allow)):
        yield 'sanitising.allow must be a list of texts, as ["+1 415 555 2671", "@desk.example"]'
    else:
        for entry in allow:
            if len(entry) > 2 and entry[0] == entry[-1] == "/":
                yield from _wrong_expression(f"sanitising.allow: {entry}", entry[1:-1])
    patterns = table.get("patterns", {})
    if isinstance(patterns, dict):
        for name, expression in patterns.items():
            yield from _wrong_pattern(name, expression)


def _wrong_pattern(name: str, expression: object) -> Iterator[str]:
    where = f"sanitising.patterns.{name}"
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        yield f"{where}: a name is of small letters, digits and dashes, at most {_LONGEST_NAME}"
    elif not isinstance(expression, str) or not expression:
        yield f"{where} must be a text in quotes"
    else:
        yield from _wrong_expression(where, expression)


def _wrong_expression(where: str, expression: str) -> Iterator[str]:
    """Whether `re` can read it: `regex`, which runs it, reads all that `re` reads, and takes longer to load."""
    try:
        shape = re.compile(expression)
    except (re.error, OverflowError, RecursionError) as error:
        yield f"{where} is no regular expression: {error}"
        return
    if shape.fullmatch(""):
        yield f"{where} is met by nothing at all: it must have at least one character"


def _is_country(region: str) -> bool:
    # Which countries there are is phonenumbers' to say; loading it here would slow every command down.
    return _REGION.fullmatch(region) is not None
