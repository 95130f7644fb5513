"""The desk: one actor at one moment before one record; every use case takes it as its first argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from carecli.config import Config
from carecli.desk.rulebook import Rulebook
from carecli.domain import access
from carecli.domain.access import Actor
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.instants import whole_seconds
from carecli.domain.people import DESK_CALENDAR
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import Counted, DatabaseUnusable, NotPermitted

if TYPE_CHECKING:
    from carecli.desk.record import Record
    from carecli.domain.copied import Copy, Moved
    from carecli.domain.people import Account, Contact, Staff
    from carecli.store.protocol import Reading, Store

Now = Callable[[str], datetime]
"""Tells the present moment, given the zone in which a moment without one is meant."""


class _Unkept(Exception):
    """Ends a trial's transaction."""


class Desk(NamedTuple):
    """Everything a use case needs: `now` is read once, here; `zone` is the viewer's (CAL-3)."""

    store: Store
    actor: Actor
    now: datetime
    zone: str
    config: Config
    settings: DeskSettings
    rulebook: Rulebook
    moved: Moved | None = None
    """Where this desk works now, None where that is here; one that was moved is only read."""

    @contextmanager
    def record(
        self, *, notices: bool = True, patience_s: float | None = None, beside: bool = False
    ) -> Iterator[Record]:
        """A transaction on the record: all that is appended in it is kept, or nothing.

        It waits `patience_s` seconds for another writer where that is given, else as long as usual; `beside` lets
        others write at the same time that say so too (`Store.write`).
        """
        # Imported here: whoever only looks needs none of the rules by which cases change.
        from carecli.desk.record import Record

        refusal = None
        with self.store.write(patience_s=patience_s, beside=beside) as writing:
            try:
                yield Record(self.config, self.settings, self.actor, self.now, self.rulebook, writing, notices)
            except Counted as error:
                # Under the same lock: nobody tries a thousand at once before the first is counted.
                writing.begin_anew()
                writing.require_working(self.config.db)
                error.count()
                refusal = error
        if refusal:
            raise refusal

    @contextmanager
    def trial(self, *, notices: bool = True) -> Iterator[Record]:
        """A transaction that shows what would be, and keeps nothing (TICK-2)."""
        with suppress(_Unkept), self.record(notices=notices) as record:
            yield record
            raise _Unkept

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A consistent view of the record as the actor sees it: no other case is there (DC-3, ACC-5, SR-1)."""
        with self.store.read() as reading:
            yield reading.seeing(self.actor.sight)

    @contextmanager
    def machinery(self) -> Iterator[Reading]:
        """A consistent view of the whole record, for what runs by itself and shows nobody anything of it."""
        self.require_whole("the whole record")
        with self.store.read() as reading:
            yield reading

    def require_whole(self, what: str, *, staff: bool = False) -> None:
        """Raise NotPermitted where the database itself shows the actor a part of the record alone (DC-3).

        With `staff` it is enough for what the actor asks that staff see nearly all of it.
        """
        if self.store.login is not None and not (staff and self.actor.is_staff):
            raise kept(what, self.store.login)

    def require_working(self) -> None:
        """Raise DatabaseUnusable where this desk works elsewhere by now: before what cannot be undone here."""
        with self.store.read() as reading:
            reading.require_working(self.config.db)

    def at(self, now: datetime) -> Desk:
        """The same desk at another moment."""
        return self._replace(now=now)

    def acting(self, actor: Actor) -> Desk:
        """The same desk with another actor."""
        return self._replace(actor=actor)


@contextmanager
def open_desk(config: Config, *, actor: str | None = None, now: Now | None = None) -> Iterator[Desk]:
    """Open the desk as `actor` (else the configured one); raises NotPermitted for an unknown one."""
    from carecli.store.opening import open_store

    store = open_store(config.db, create=False)
    try:
        named = actor or config.actor or store.login
        _require_own(store.login, named)
        with store.read() as reading:
            settings = reading.settings()
            if settings is None:
                raise not_set_up(config, reading)
            who = identified(reading, named)
            zone = config.timezone or _zone_of(reading, who, settings)
            moved = reading.moved()
        yield Desk(store, who, moment(now, zone), zone, config, settings, Rulebook(), moved)
    finally:
        store.close()


def _require_own(login: str | None, named: str | None) -> None:
    """Raise NotPermitted for whoever would act as another than the database knows him to be (DC-3)."""
    if login is not None and (named or "").strip().casefold() != login.casefold():
        raise NotPermitted(
            f"the database knows this login as {login}, and nobody else acts by it",
            hint=f"--as {login}, or connect as the desk's own user",
            rule="DC-3",
        )


def kept(what: str, login: str) -> NotPermitted:
    """The error for what the database does not show to somebody who logs in as himself (DC-3)."""
    return NotPermitted(
        f"{what} is kept from {login}'s own login",
        hint="ask over SSH at the desk's gate, or by the desk's own login",
        rule="DC-3",
    )


def not_set_up(config: Config, reading: Reading) -> DatabaseUnusable:
    """The error for a database whose first set-up was cut short, or that is a copy and not whole yet."""
    copy = reading.copy_of()
    if copy:
        return unfinished_copy(config, copy)
    return DatabaseUnusable(f"the desk in {config.db} was never set up", hint="`care init` sets it up")


def unfinished_copy(config: Config, copy: Copy) -> DatabaseUnusable:
    """The error for a database that does not hold all of another yet, or does again."""
    # Imported here: few desks are copied.
    from carecli.domain.copied import unfinished

    return unfinished(config.db, copy)


def moment(now: Now | None, zone: str) -> datetime:
    """The present, as it is given or by the machine's clock."""
    return whole_seconds(now(zone) if now else datetime.now(UTC))


class Known(Protocol):
    """Who is known to a desk."""

    def staff_member(self, email: str) -> Staff | None:
        """A member of staff by address, letter case aside."""

    def contact(self, email: str) -> Contact | None:
        """A contact by address, letter case aside."""

    def account(self, name: str) -> Account | None:
        """An account by name, letter case aside."""

    def end_users(self, account: str) -> list[str]:
        """The names of the accounts whose parent an account is."""


def identified(reading: Known, email: str | None) -> Actor:
    """The active contact or member of staff with this address, or the system itself."""
    if email is None:
        raise NotPermitted(
            "nobody is named as the actor",
            hint="say who you are with --as EMAIL, CARE_AS or `as` in the config file; `care init` sets it up",
        )
    if email == SYSTEM:
        return access.SYSTEM_ACTOR
    staff = reading.staff_member(email)
    if staff and staff.active:
        return access.staff_actor(staff)
    contact = reading.contact(email)
    account = reading.account(contact.account) if contact and contact.active else None
    if contact and account and account.active:
        return access.contact_actor(contact, reading.end_users(account.name) if contact.designated else ())
    raise NotPermitted(
        f"{email} is not known here",
        hint="ask an admin of this desk to add the address with `care contact add` or `care staff add`"
        if "@" in email
        else "an actor is an e-mail address: --as name@example.com",
    )


def _zone_of(reading: Reading, actor: Actor, settings: DeskSettings) -> str:
    account = reading.account(actor.account) if actor.account else None
    own = account.calendar.timezone if account else None
    return own or settings.calendar.timezone or str(DESK_CALENDAR.timezone)
