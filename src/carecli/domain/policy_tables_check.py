"""What is wrong in the policy's tables of products, regions, needs, features and add-ons (SLA-8, WHERE-1)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from carecli.domain.calendar import find_zone, parse_hours
from carecli.domain.policy_tables import LOCAL, Channel, PhoneUse, numbers
from carecli.domain.vocabulary import Plan
from carecli.errors import Invalid

ROWS: Final = ("products", "regions", "whatnext")
"""Tables whose rows a policy names as it likes, each of the same shape; a policy file replaces them whole."""
TEXTS: Final = ("features",)
"""Tables of texts under names that a policy chooses; a policy file adds to them."""
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "whatnext.channel": tuple(Channel),
    "whatnext.phone": tuple(PhoneUse),
    "add_ons.requires": tuple(Plan),
}


def row_problems(name: str, row: Any, shape: Mapping[str, Any], where: str) -> Iterator[str]:
    """Whether a row has a name that can be typed, and every setting of its shape."""
    if not (name.replace("-", "").isalnum() and name.isascii() and name == name.lower()):
        yield f"{where} is no name for a row; write it in a-z, 0-9 and hyphens"
    if isinstance(row, Mapping):
        missing = [key for key in shape if key not in row]
        if missing:
            yield f"{where} lacks {', '.join(missing)}; a row of such a table is given whole"


def meaning_problems(where: str, value: Any) -> Iterator[str]:
    """What a setting of such a table means, where that is nothing; `where` is its place, as `products.x.title`."""
    table, _, rest = where.partition(".")
    setting = f"{table}.{rest.rpartition('.')[2]}"
    if setting in _CHOICES and value not in _CHOICES[setting]:
        yield f"{where} cannot be {value!r}; choose from {', '.join(_CHOICES[setting])}"
    elif table in TEXTS or setting in _NEEDED:
        yield from () if value.strip() else (f"{where} is empty; write what people are to read",)
    elif setting in _MEANINGS:
        yield from _MEANINGS[setting](where, value)


def _services(where: str, patterns: list[str]) -> Iterator[str]:
    if not patterns or not all(pattern.strip(" *") for pattern in patterns):
        yield f"{where} must hold names of services, with * for what may differ: ['*Premier Edition*']"


def _phones(where: str, lines: list[str]) -> Iterator[str]:
    given = list(numbers(lines))
    for line, (region, number) in zip(lines, given, strict=True):
        if not region or not any(char.isdigit() for char in number):
            yield f"{where} holds {line!r}; a region, a colon and the number are needed: 'uk: +44 20 7946 0000'"
    names = [region for region, _ in given]
    yield from (f"{where} has {name!r} twice" for name in sorted({n for n in names if names.count(n) > 1}))


def _maintenance(where: str, hours: str) -> Iterator[str]:
    if hours.strip():
        yield from _read(where, parse_hours, hours)


def _zone(where: str, zone: str) -> Iterator[str]:
    if zone != LOCAL:
        yield from _read(where, find_zone, zone)


def _read(where: str, reader: Callable[[str], object], text: str) -> Iterator[str]:
    try:
        reader(text)
    except Invalid as error:
        yield f"{where}: {error.message} ({error.hint})"


def _command(where: str, command: str) -> Iterator[str]:
    if command and not command.startswith("care "):
        yield f"{where} is {command!r}; write the command from `care` on, or nothing where there is none"


def _countries(where: str, codes: list[str]) -> Iterator[str]:
    yield from (
        f"{where} holds {code!r}; countries are two capitals, as US"
        for code in codes
        if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper())
    )


_NEEDED: Final = frozenset(
    {
        "products.title",
        "regions.title",
        "whatnext.need",
        "whatnext.who",
        "add_ons.title",
        "add_ons.description",
    }
)
_MEANINGS: Final[Mapping[str, Callable[[str, Any], Iterator[str]]]] = {
    "products.services": _services,
    "products.phones": _phones,
    "products.maintenance": _maintenance,
    "products.maintenance_zone": _zone,
    "regions.countries": _countries,
    "whatnext.command": _command,
}
