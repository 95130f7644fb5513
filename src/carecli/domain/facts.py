"""What the desk knows of a mail that comes in, before it is decided what becomes of it (MAIL-2, MAIL-2a)."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from carecli.domain.inbox import Incoming, Received, Verdict


class References(NamedTuple):
    """The cases that a message names: verified ones by their place in it, and the number that its subject writes.

    `headers` are those of the mails that it answers, the nearest first.
    """

    headers: tuple[int, ...] = ()
    subject: tuple[int, ...] = ()
    body: tuple[int, ...] = ()
    number: int | None = None

    @property
    def every(self) -> Iterator[int]:
        """Each case that may be meant."""
        yield from (*self.headers, *self.subject, *self.body)
        if self.number is not None:
            yield self.number


class Known(StrEnum):
    """As whom the desk knows an address."""

    CONTACT = "contact"
    STAFF = "staff"
    INACTIVE = "inactive"
    STRANGER = "stranger"


class Sender(NamedTuple):
    """Who a message says that it is from; of a contact the account, and whether it may act on its cases (DC-1).

    `end_users` are the accounts that its own is the parent of (ACC-5), `admin` tells of staff.
    """

    email: str
    known: Known
    account: str | None = None
    designated: bool = False
    end_users: tuple[str, ...] = ()
    admin: bool = False

    def acts_for(self, account: str) -> bool:
        """Whether an account is the own one, or one that it is the parent of."""
        return account == self.account or account in self.end_users

    def may_read(self, target: "Target") -> bool:
        """Whether a data-privacy request is there for the sender: its contact, or an admin (SR-1)."""
        return target.confidential_of is None or self.admin or self.email == target.confidential_of


class Target(NamedTuple):
    """Of the case that is named what counts here."""

    number: int
    account: str
    closed: bool
    confidential_of: str | None = None
    """Its contact, where it is a data-privacy request, which is for nobody else (SR-1)."""


class Facts(NamedTuple):
    """What the desk knows of a message; `targets` are the cases that its references name, where they exist.

    `own` says why it is the desk's own mail, `earlier` are the messages that came before with its Message-ID.
    """

    message: Incoming
    sender: Sender | None
    verdict: Verdict
    references: References = References()
    targets: Sequence[Target] = ()
    own: str | None = None
    earlier: Sequence[Received] = ()
