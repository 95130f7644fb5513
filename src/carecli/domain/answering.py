"""Whether a mail that changed nothing is given an automatic answer (MAIL-3, MAIL-4, MAIL-5)."""

import re
from collections.abc import Sequence
from typing import Final

from carecli.domain.facts import Facts
from carecli.domain.inbox import Verdict
from carecli.domain.matching import Decision
from carecli.domain.outbox import MailKind
from carecli.domain.trust import aligned

NOBODY: Final = frozenset(
    {
        "noreply",
        "no-reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "do_not_reply",
        "mailer-daemon",
        "postmaster",
    }
)
"""Addresses behind which nobody reads (RFC 3834, RFC 5321)."""

_PLAIN: Final = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])",
    re.IGNORECASE | re.ASCII,
)
"""An address as nearly everybody has one: answers to any other would only fail, and fill the outbox."""


def silence(facts: Facts) -> str | None:
    """Why a message is given no automatic answer, None where it may be (MAIL-5, RFC 3834).

    An answer goes to the From address. Where the envelope names another domain, an answer might reach a person who
    never wrote: a desk that anybody can write to must not be made a loudspeaker.
    """
    message, sender = facts.message, facts.sender
    if sender is None:
        return "it names no single sender"
    if facts.verdict is Verdict.FAIL:
        return "it failed authentication"
    if not _PLAIN.fullmatch(sender.email):
        return "its address is none that mail can be sent to"
    if sender.email.rpartition("@")[0].lower() in NOBODY:
        return "nobody reads the sender's address"
    if message.return_path is not None and not aligned(_domain(message.return_path), _domain(sender.email)):
        return "its return path is of another domain"
    return None


def answer_due(
    decision: Decision, facts: Facts, given: Sequence[MailKind], per_day: int
) -> tuple[MailKind | None, str]:
    """The automatic answer to give, or None, and what the reason says of it (MAIL-3, MAIL-4, MAIL-5)."""
    kind = decision.answer
    if kind is None:
        return None, ""
    if why := silence(facts):
        return None, f"; no answer was sent: {why}"
    if kind in given:
        return None, "; no answer was sent: it got the same one within a day"
    if len(given) >= per_day:
        return None, f"; no answer was sent: {per_day} a day are the most"
    return kind, "; its sender was told how to go on"


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".")
