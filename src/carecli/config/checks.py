"""What is wrong with a configuration file: all of it at once, each name with the one that was meant."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from carecli.config import alerts
from carecli.errors import Invalid

LONGEST_S: Final = 30 * 86_400
LARGEST_BYTES: Final = 2**30

TRANSPORTS: Final = ("maildir", "smtp", "sendmail")
SECURITY: Final = ("starttls", "tls", "none")
LOOPBACK: Final = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


class Number(NamedTuple):
    """A whole number from `least` to `most`."""

    least: int
    most: int


OTHER: Final = ("",)
"""A setting that is looked at elsewhere."""
OWN_NAMES: Final = frozenset({"sanitising.patterns"})
"""Tables whose names are the desk's own."""

PASSWORDS: Final = ("password", "password_file", "password_keyring")
"""Where a password may be, of which a server has one."""

Setting = Number | tuple[str, ...] | None
"""What a setting takes: a number, one of some words, or (None) any text."""

_SERVER: Final[dict[str, Setting]] = {
    "host": None,
    "port": Number(1, 65_535),
    "security": SECURITY,
    "user": None,
    "password": None,
    "password_file": None,
    "password_keyring": None,
    "timeout": Number(1, 3_600),
    "ca_file": None,
}
TABLES: Final[dict[str, dict[str, Setting]]] = {
    "": {"db": None, "as": None, "timezone": None, "color": ("auto", "always", "never")},
    "mail": {
        "transport": TRANSPORTS,
        "from": None,
        "maildir": None,
        "templates": None,
        "max_bytes": Number(1, LARGEST_BYTES),
        "case_url": None,
        "reference_key_file": None,
        "reference_key_keyring": None,
    },
    "mail.smtp": {**_SERVER, "helo": None},
    "mail.sendmail": {"program": None},
    "mail.imap": {**_SERVER, "folder": None, "after": None},
    "links": {"case_url": None},
    "alerts": {
        **dict.fromkeys(alerts.TEXTS),
        "stage": ("production", "uat"),
        "priority": alerts.PRIORITIES,
    },
    # Its names are the monitor's own.
    "alerts.severities": {},
    "storage": {"files": None},
    "tick": {"late_after": None},
    "backup": {"late_after": None},
    "sanitising": {"region": None, "allow": OTHER},
    "sanitising.patterns": {},
}
"""Every setting, by the table in which it stands."""


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is wrong with a file's document."""
    sound: dict[str, Mapping[str, Any]] = {}
    for path, known in TABLES.items():
        table = _table(document, path)
        if path == "alerts.severities":
            yield from alerts.problems(table)
        elif isinstance(table, dict):
            sound[path] = table
            if path in OWN_NAMES:
                continue
            yield from _of_table(f"{path}." if path else "", table, known, _within(path))
        elif table is not None:
            yield f"{path} is a table: write [{path}]"
    yield from _wrong_zone(document.get("timezone"))
    for table in ("tick", "backup"):
        yield from _wrong_length(f"{table}.late_after", sound.get(table, {}).get("late_after"))
    yield from _wrong_folder(sound.get("storage", {}).get("files"))
    yield from _of_mail(sound)
    yield from _of_sanitising(sound)


def _table(document: Mapping[str, Any], path: str) -> object:
    """The table at a path; None where it, or one above it, is missing or no table."""
    found: object = document
    for name in filter(None, path.split(".")):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _within(path: str) -> tuple[str, ...]:
    """The names of the tables that stand in a table."""
    prefix = f"{path}." if path else ""
    return tuple(
        rest
        for other in TABLES
        if other and other.startswith(prefix) and "." not in (rest := other[len(prefix) :])
    )


def _of_table(
    prefix: str, table: Mapping[str, Any], known: Mapping[str, Setting], within: tuple[str, ...]
) -> Iterator[str]:
    for name, value in table.items():
        if name in known:
            yield from _wrong_value(f"{prefix}{name}", value, known[name])
        elif name not in within:
            from difflib import get_close_matches

            near = get_close_matches(name, [*known, *within], n=1, cutoff=0.5)
            yield f"unknown setting {prefix}{name}" + (f", did you mean {prefix}{near[0]}?" if near else "")


def _wrong_value(name: str, value: object, setting: Setting) -> Iterator[str]:
    if setting is OTHER:
        return
    if isinstance(setting, Number):
        if type(value) is not int or not setting.least <= value <= setting.most:
            yield f"{name} must be a whole number from {setting.least} to {setting.most:,}"
    elif not (isinstance(value, str) and value.strip()):
        yield f"{name} must be a text in quotes"
    elif setting is not None and value not in setting:
        yield f"{name} is {value!r}, not one of {', '.join(setting)}"


def _of_mail(sound: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    smtp, imap = (sound.get(f"mail.{name}") for name in ("smtp", "imap"))
    if {"reference_key_file", "reference_key_keyring"} <= sound.get("mail", {}).keys():
        yield "mail.reference_key_file and mail.reference_key_keyring exclude each other"
    if sound.get("mail", {}).get("transport") == "smtp" and not (smtp or {}).get("host"):
        yield 'mail.smtp.host is missing, and mail.transport is "smtp"'
    for name, table in (("mail.smtp", smtp), ("mail.imap", imap)):
        if table:
            yield from _of_server(name, table)
    after = (imap or {}).get("after", "keep")
    if isinstance(after, str) and not (
        after in {"keep", "delete"} or after.removeprefix("move:") not in {after, ""}
    ):
        yield f'mail.imap.after is {after!r}, not "keep", "delete" or "move:FOLDER"'
    if imap is not None and not imap.get("host"):
        yield "mail.imap.host is missing"


def _of_sanitising(sound: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if "sanitising" in sound:
        from carecli.config import sanitising

        yield from sanitising.problems(sound["sanitising"])


def _of_server(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    given = [each for each in PASSWORDS if each in table]
    if len(given) > 1:
        yield f"{' and '.join(f'{name}.{each}' for each in given)} exclude each other"
    host = str(table.get("host", ""))
    if table.get("security") == "none" and "user" in table and not LOOPBACK.fullmatch(host):
        yield f'{name}.security is "none": the password would be read by everybody on its way'
    if "user" not in table and given:
        yield f"{name}.user is missing, and there is a password"


def _wrong_zone(zone: object) -> Iterator[str]:
    if isinstance(zone, str) and zone.strip():
        from carecli.domain.calendar import find_zone

        try:
            find_zone(zone)
        except Invalid as error:
            yield f"timezone {error.message}, {error.hint}"


def _wrong_folder(path: object) -> Iterator[str]:
    if isinstance(path, str) and path.strip() and not path.startswith(("/", "~")):
        yield f"storage.files is {path!r}: a relative path leads elsewhere each time, begin it with / or ~"


def _wrong_length(name: str, text: object) -> Iterator[str]:
    if not (isinstance(text, str) and text.strip()):
        return
    from carecli.domain.amount import Amount

    try:
        amount = Amount.parse(text)
    except Invalid as error:
        yield f"{name}: {error.message}, {error.hint}"
        return
    if amount.business or not 0 < amount.plain_seconds <= LONGEST_S:
        yield f"{name} is {text}: more than nothing, at most 30 days, around the clock, as 15m or 2h"
