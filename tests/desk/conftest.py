"""The desk's tests share one real desk."""

from desk_fixtures import office, template
from postoffice import known, mailboxes

__all__ = ["known", "mailboxes", "office", "template"]
