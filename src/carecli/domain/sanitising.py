"""What a look through a file for customer data found, and what a desk looks for besides (ATT-2)."""

from enum import StrEnum
from typing import NamedTuple


class Sensitive(StrEnum):
    """A kind of data that must not leave the customer."""

    CARD = "card-number"
    IBAN = "iban"
    SECRET = "secret"  # noqa: S105  # a kind of finding
    EMAIL = "e-mail-address"
    PHONE = "phone-number"
    PATTERN = "pattern"
    """One of the desk's own."""


class Pattern(NamedTuple):
    """A regular expression of the desk's own; `name` is of small letters, digits and dashes: `customer-id`."""

    name: str
    expression: str


class Finding(NamedTuple):
    """One place in a file; `line` and `column` count from 1, in characters, within `member` of an archive.

    `shown` is what was found with its middle hidden, so that a finding gives nothing away.
    """

    kind: Sensitive
    detail: str
    """Which card, which token, which pattern: `visa`, `aws-key`, `customer-id`."""
    line: int
    column: int
    shown: str
    member: str | None = None


class Scan(NamedTuple):
    """What was found, and how far it was looked.

    `findings` are the first ones; `found` says how many there were. `unscanned` names what could not be looked
    through, and why: a binary, a damaged or encrypted member of an archive, what lies behind a bound.
    """

    findings: tuple[Finding, ...]
    found: int
    scanned: int
    """How many bytes of text were looked through, once unpacked."""
    complete: bool
    """Whether no bound was met: neither on bytes nor on the members or the depth of an archive."""
    unscanned: tuple[str, ...] = ()
    text: bool = True
    """Whether any of it was text at all."""

    @property
    def whole(self) -> bool:
        """Whether all of it was looked through."""
        return self.text and self.complete and not self.unscanned
