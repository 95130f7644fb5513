"""Policies as somebody looks at them: one with where it was found, one judged, those that can be named (SLA-8)."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class PolicyView(NamedTuple):
    """A complete policy with its content hash, and where it was found: `desk shipped file case record`."""

    document: Mapping[str, Any]
    digest: str
    source: str
    of: str | None = None
    """The file or the case that it was found by."""
    in_force: bool | None = None
    """Whether new cases are opened under it; None where no desk was asked."""


class Judged(NamedTuple):
    """A policy with everything wrong with it, or what looks like a slip; `file` is empty for the desk's own."""

    file: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    document: Mapping[str, Any] | None = None
    """The complete policy, where it is right."""


class Listed(NamedTuple):
    """A policy that can be named, with its content hash."""

    name: str
    digest: str
    shipped: bool
    in_force: bool
