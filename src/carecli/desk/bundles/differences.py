"""Where two documents differ, by path: what a bundle says, and what it should say (IMP-2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from carecli.domain.bundle import Fault, Part
from carecli.store.codec import canonical

_MOST: Final = 20
"""How many differences of one part are told one by one."""

ABSENT: Final = object()
"""Stands for what is not there."""


def differing(part: Part, said: Any, real: Any) -> Iterator[Fault]:
    """Where what a bundle says differs from what it should say, by path; the first of many."""
    found = list(_paths("", said, real))
    yield from (Fault(part, where, what) for where, what in found[:_MOST])
    if len(found) > _MOST:
        yield Fault(part, "", f"and {len(found) - _MOST} more differences")


def _paths(where: str, said: Any, real: Any) -> Iterator[tuple[str, str]]:
    if isinstance(said, dict) and isinstance(real, dict):
        for name in [*real, *(name for name in said if name not in real)]:
            inner = f"{where}.{name}" if where else str(name)
            yield from _paths(inner, said.get(name, ABSENT), real.get(name, ABSENT))
    elif isinstance(said, list) and isinstance(real, list) and len(said) == len(real):
        for place, (one, other) in enumerate(zip(said, real, strict=True), 1):
            yield from _paths(f"{where}[{place}]", one, other)
    elif said != real or type(said) is not type(real):
        yield where, f"is {_short(said)}, its events and rules say {_short(real)}"


def plain(document: Any) -> Any:
    """A document as it comes out of a file: its words are bare texts."""
    return json.loads(canonical(document))


def _short(value: Any, most: int = 80) -> str:
    if value is ABSENT:
        return "missing"
    text = canonical(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"
