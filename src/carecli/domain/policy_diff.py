"""Two policies held against each other, setting by setting (SLA-8)."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Setting(NamedTuple):
    """A setting that differs, by its dotted name as in a policy file; None where one of them has none."""

    setting: str
    old: Any
    new: Any


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Setting]:
    """What differs, by name."""
    before, after = dict(_settings(old)), dict(_settings(new))
    pairs = (Setting(name, before.get(name), after.get(name)) for name in sorted({*before, *after}))
    return [one for one in pairs if one.old != one.new]


def _settings(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _settings(value, f"{prefix}{_key(key)}.")
        else:
            yield f"{prefix}{_key(key)}", value


def _key(key: str) -> str:
    """A key as TOML writes it: one with other characters than letters, digits, `-` and `_` is quoted."""
    bare = key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if bare else f'"{key}"'
