"""Accounts, contacts and staff: added and changed by admins, each change on the record, none deleted (ACC-4)."""

from carecli.desk.directory.addresses import address
from carecli.desk.directory.keeping_accounts import AccountView, account, accounts, add_account, edit_account
from carecli.desk.directory.keeping_contacts import add_contact, contacts, deactivate_contact, edit_contact
from carecli.desk.directory.keeping_staff import add_staff, deactivate_staff, edit_staff, keep_staff, staff

__all__ = [
    "AccountView",
    "account",
    "accounts",
    "add_account",
    "add_contact",
    "add_staff",
    "address",
    "contacts",
    "deactivate_contact",
    "deactivate_staff",
    "edit_account",
    "edit_contact",
    "edit_staff",
    "keep_staff",
    "staff",
]
