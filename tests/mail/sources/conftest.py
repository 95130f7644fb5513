"""Mailboxes to fetch from."""

from postoffice import known, mailboxes

__all__ = ["known", "mailboxes"]
