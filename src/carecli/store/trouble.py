"""Where a record lies, and how an error names it."""

import os
import sqlite3
from typing import Final

from carecli.errors import DatabaseUnusable

Place = str | os.PathLike[str]
"""Where a database lies."""


class Unstorable(Exception):
    """A server does not take a value for what it was to be stored as."""


UNSTORABLE: Final = (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError, Unstorable)
"""What storing a value that is no such thing ends in: a text for a number, a list for a text."""


def unusable(
    path: Place, message: str, hint: str, *, kind: type[DatabaseUnusable] = DatabaseUnusable
) -> DatabaseUnusable:
    """The error for a database, of a `kind`: `message` goes on after its name."""
    return kind(f"the database {path} {message}", hint=hint.replace("FILE", str(path)))
