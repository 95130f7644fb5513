"""Automatic answers to mail that changed nothing: what the sender can do instead (MAIL-3, MAIL-4, MAIL-5).

They quote nothing of the mail but its subject, and tell no stranger whether a case or an address is known here.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind
from carecli.mail.outgoing.office import Office, way
from carecli.mail.reference import message_id

_LONGEST_SUBJECT: Final = 100
_PREFIXES: Final = re.compile(r"(?:(?:re|aw|sv|antw|fw|fwd|wg)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"\[?ref:\d{10}-\w*\]?", re.IGNORECASE)

_LEADS: Final = {
    MailKind.HOW_TO_OPEN: "A case cannot be opened by mail, so your mail has opened none and changed none.",
    MailKind.HOW_TO_REOPEN: "{case} is closed, so your mail changed nothing on it.",
    MailKind.HOW_TO_REPLY: "We could not tell for certain which case your mail is about, so it changed none.",
    MailKind.UNKNOWN_SENDER: "Your mail changed nothing: mail reaches a case only where a Designated Contact of an"
    " account replies to a mail that we sent about it.",
}
_OF_A_CASE: Final = frozenset({MailKind.HOW_TO_REOPEN, MailKind.HOW_TO_REPLY})
"""Answers that may name the case; the others must not tell that there is one."""

_KEPT: Final = "Customer Care keeps your mail and may look at it."


def compose(
    kind: MailKind,
    *,
    to: str,
    subject: str,
    named: tuple[str, ...],
    number: int | None,
    place: int,
    at: datetime,
    office: Office,
    key: bytes,
) -> Mail:
    """The answer of that kind to a mail with that subject; its own key keeps it to one a day, sender and case.

    `place` must be one that no other answer has, such as the id of the mail answered. `number` is the case that a
    verified sender may read of; the answer itself belongs to none.
    """
    about = written(number) if number is not None and kind in _OF_A_CASE else ""
    return Mail(
        key=f"answer/{kind}/{to.casefold()}/{about}/{at.astimezone(UTC):%Y-%m-%d}",
        number=None,
        kind=kind,
        to=to,
        subject=f"Re: {_subject(subject)}".rstrip(),
        content=_content(kind, about, office),
        message_id=message_id(key, None, place, office.domain),
        queued_at=at,
        not_before=at,
        next_at=at,
        named=named,
    )


def _subject(subject: str) -> str:
    """The subject of the mail answered, short and without a reference, which may not be the sender's to know."""
    plain = " ".join(_REFERENCE.sub(" ", subject[:1_000]).split())
    plain = _PREFIXES.sub("", plain, count=1) if _PREFIXES.match(plain) else plain
    return plain if len(plain) <= _LONGEST_SUBJECT else plain[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def _content(kind: MailKind, number: str, office: Office) -> Mapping[str, Any]:
    case = {"number": number, "subject": None, "account": None, "priority": None, "status": None}
    return {
        "lead": _LEADS[kind].replace("{case}", f"Case {number}" if number else "The case"),
        "said": None,
        "next": f"{_next(kind, office)} {_KEPT}",
        "ways": _ways(kind, number),
        "reply": None,
        "reference": None,
        "case": case if number else None,
        "phone": office.phone,
    }


def _next(kind: MailKind, office: Office) -> str:
    call = f"call {office.phone}"
    if kind is MailKind.HOW_TO_OPEN:
        return f"To open one as a Designated Contact, type the command below or {call}."
    if kind is MailKind.HOW_TO_REOPEN:
        return (
            f"To reopen it, type the command below and say what is new. If it was closed because no answer came,"
            f" {call} and give the case number; if it was closed long ago, open a new case that follows it."
        )
    if kind is MailKind.HOW_TO_REPLY:
        return (
            "To add to a case, reply to a mail that we sent you about it and leave its subject as it is,"
            f" or type the command below, or {call}."
        )
    return f"If you need support, ask a Designated Contact of your company to write to us, or {call}."


def _ways(kind: MailKind, number: str) -> list[Mapping[str, str]]:
    case = number or "NUMBER"
    if kind is MailKind.HOW_TO_OPEN:
        return [way("To open a case", "care open")]
    if kind is MailKind.HOW_TO_REOPEN:
        reopening = f"care reopen {case} -m 'what is new'"
        return [way("To reopen it", reopening), way("To open a new one", f"care open --follows {case}")]
    if kind is MailKind.HOW_TO_REPLY:
        return [way("To add to a case", f"care update {case} -m 'your text'")]
    return []
