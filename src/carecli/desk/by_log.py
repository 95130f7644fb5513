"""The desk opened by what its log tells of people and settings: the rows derived of it may be damaged (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from carecli.desk.desk import Desk, Now, identified, kept, moment, not_set_up
from carecli.desk.rulebook import Rulebook
from carecli.desk.told_desk import UNREADABLE, Told, told_by
from carecli.domain.access import Actor
from carecli.domain.people import DESK_CALENDAR
from carecli.errors import NotPermitted

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.domain.people import Account, Contact, Staff
    from carecli.store.protocol import Reading


class _People:
    """Who is known to the desk, by its log."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def staff_member(self, email: str) -> Staff | None:
        """A member of staff by address, letter case aside."""
        return self._told.staff.get(email.casefold())

    def contact(self, email: str) -> Contact | None:
        """A contact by address, letter case aside."""
        return self._told.contacts.get(email.casefold())

    def account(self, name: str) -> Account | None:
        """An account by name, letter case aside."""
        return self._told.accounts.get(name.casefold())

    def end_users(self, account: str) -> list[str]:
        """The names of the accounts whose parent an account is."""
        return sorted(one.name for one in self._told.accounts.values() if one.parent == account)


@contextmanager
def open_by_log(
    config: Config, *, actor: str | None = None, now: Now | None = None, strict: bool = False
) -> Iterator[Desk]:
    """Open the desk as somebody whom the log knows; raises as `open_desk` does.

    Where the log knows nobody so, those count whom the desk's rows tell of, unless `strict`.
    """
    from carecli.store.opening import open_store

    store = open_store(config.db, create=False)
    try:
        if store.login is not None:
            raise kept("the whole record", store.login)
        with store.read() as reading:
            with reading.checking() as checking:
                told = told_by(checking)
            if not told.settings:
                raise not_set_up(config, reading)
            who = _who(_People(told), reading, actor or config.actor, strict=strict)
            moved = reading.moved()
        settings = told.settings[-1]
        zone = config.timezone or settings.calendar.timezone or str(DESK_CALENDAR.timezone)
        yield Desk(store, who, moment(now, zone), zone, config, settings, Rulebook(), moved)
    finally:
        store.close()


def _who(people: _People, reading: Reading, email: str | None, *, strict: bool) -> Actor:
    try:
        return identified(people, email)
    except NotPermitted:
        if strict:
            raise
        try:
            return identified(reading, email)
        except UNREADABLE:
            pass
        raise
