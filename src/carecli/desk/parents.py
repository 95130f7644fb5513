"""Accounts that were sold through another one, whose Designated Contacts act for them (ACC-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.domain.people import Account
from carecli.errors import NotFound, Refused

if TYPE_CHECKING:
    from carecli.store.protocol import Reading


def parent(reading: Reading, account: str, name: str) -> str:
    """The account that another is sold through, as it is spelt.

    Raises NotFound where there is none of that name, Refused for one that cannot be the parent: itself, one that
    is no longer served, or one that was sold through it, at whatever remove.
    """
    found = reading.account(name)
    if found is None or not found.active:
        raise NotFound(
            f"there is no active account {name[:80]!r}", hint="`care account list` shows them", rule="ACC-5"
        )
    if account.casefold() in _line(reading, found):
        raise Refused(
            f"{found.name} cannot be the parent of {account}: it would be its own",
            hint="`care account show NAME` tells who is whose parent; nothing was changed",
            rule="ACC-5",
        )
    return found.name


def _line(reading: Reading, account: Account | None) -> set[str]:
    """An account and all those above it, without letter case."""
    line: set[str] = set()
    while account and account.name.casefold() not in line:
        line.add(account.name.casefold())
        account = reading.account(account.parent) if account.parent else None
    return line
