"""Accounts, contacts and staff, each under its folded name or address."""

import json

from carecli.domain.people import Account, Contact, Staff
from carecli.store.codec import canonical, folded
from carecli.store.session import Session


class PeopleReading(Session):
    """Who is known to the desk."""

    def account(self, name: str) -> Account | None:
        """An account by name, letter case aside."""
        found = self.one("SELECT document FROM accounts WHERE name = ?", (folded(name),))
        return None if found is None else Account.from_document(json.loads(found))

    def accounts(self) -> list[Account]:
        """Every account, by name."""
        return [
            Account.from_document(json.loads(d))
            for d in self.column("SELECT document FROM accounts ORDER BY name")
        ]

    def end_users(self, account: str) -> list[str]:
        """The names of the accounts whose parent an account is, as it is spelt, by name (ACC-5)."""
        children = "SELECT document ->> 'name' FROM accounts WHERE document ->> 'parent' = ? ORDER BY name"
        return self.column(children, (account,))

    def contact(self, email: str) -> Contact | None:
        """A contact by address, letter case aside."""
        found = self.one("SELECT document FROM contacts WHERE email = ?", (folded(email),))
        return None if found is None else Contact.from_document(json.loads(found))

    def contacts(self, account: str | None = None) -> list[Contact]:
        """The contacts of an account, or all, by account and address."""
        if account is None:
            found = self.column("SELECT document FROM contacts ORDER BY account, email")
        else:
            name = (folded(account),)
            found = self.column("SELECT document FROM contacts WHERE account = ? ORDER BY email", name)
        return [Contact.from_document(json.loads(document)) for document in found]

    def staff_member(self, email: str) -> Staff | None:
        """A member of staff by address, letter case aside."""
        found = self.one("SELECT document FROM staff WHERE email = ?", (folded(email),))
        return None if found is None else Staff.from_document(json.loads(found))

    def staff(self) -> list[Staff]:
        """All staff, by address."""
        return [
            Staff.from_document(json.loads(d)) for d in self.column("SELECT document FROM staff ORDER BY email")
        ]


class PeopleWriting(PeopleReading):
    """People as they come and change."""

    def put_account(self, account: Account) -> None:
        """Keep an account."""
        self.db.execute(
            "INSERT INTO accounts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET document = excluded.document",
            (folded(account.name), canonical(account.document())),
        )

    def put_contact(self, contact: Contact) -> None:
        """Keep a contact; the PIN stays."""
        self.db.execute(
            "INSERT INTO contacts (email, account, document) VALUES (?, ?, ?)"
            " ON CONFLICT (email) DO UPDATE SET account = excluded.account, document = excluded.document",
            (folded(contact.email), folded(contact.account), canonical(contact.document())),
        )

    def put_staff(self, staff: Staff) -> None:
        """Keep a member of staff."""
        self.db.execute(
            "INSERT INTO staff VALUES (?, ?) ON CONFLICT (email) DO UPDATE SET document = excluded.document",
            (folded(staff.email), canonical(staff.document())),
        )
