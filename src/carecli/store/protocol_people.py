"""What the desk asks of a store about people: accounts, their contacts, staff (DC-1, ACC-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.people import Account, Contact, Staff


class PeopleReading(Protocol):
    """Accounts, contacts and staff."""

    def account(self, name: str) -> Account | None:
        """An account by name, letter case aside."""

    def end_users(self, account: str) -> list[str]:
        """The names of the accounts whose parent an account is, as it is spelt, by name (ACC-5)."""

    def accounts(self) -> list[Account]:
        """Every account, by name."""

    def contact(self, email: str) -> Contact | None:
        """A contact by address, letter case aside."""

    def contacts(self, account: str | None = None) -> list[Contact]:
        """The contacts of an account, or all, by account and address."""

    def staff_member(self, email: str) -> Staff | None:
        """A member of staff by address, letter case aside."""

    def staff(self) -> list[Staff]:
        """All staff, by address."""


class PeopleWriting(PeopleReading, Protocol):
    """People as they are kept."""

    def put_account(self, account: Account) -> None:
        """Keep an account."""

    def put_contact(self, contact: Contact) -> None:
        """Keep a contact; the PIN stays."""

    def put_staff(self, staff: Staff) -> None:
        """Keep a member of staff."""
