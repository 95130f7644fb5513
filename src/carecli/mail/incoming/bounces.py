"""Mail that says that another could not be delivered (RFC 3464, and what servers wrote before it; MAIL-5)."""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from carecli.domain.inbox import Bounce
from carecli.mail.incoming import addresses, parts
from carecli.mail.incoming.headers import Headers, line, message_ids
from carecli.mail.incoming.parts import Part

_MAX_BLOCKS: Final = 50
_MAX_LOOKED_AT: Final = 60_000
_MAX_LINE: Final = 1_000
_MAX_REASON: Final = 500
_NOT_FINAL: Final = frozenset({"delayed", "relayed", "expanded", "delivered", "deliverable"})
_RETURNED: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"})
_SUBJECT: Final = re.compile(
    r"(?:un)?deliver(?:y|able|ed|ing)\b|returned (?:mail|to sender)|mail (?:delivery|could not|system error)|"
    r"failure notice|(?:mail|message|email|delivery)\b.{0,30}\b(?:fail|return|undeliver|reject|delay|warning|"
    r"status|error)|"
    r"unzustellbar|nicht zugestellt|non remis|no (?:se ha )?entregad|niet bezorgd|mancata consegna|não entregue",
    re.IGNORECASE,
)
_SENDER: Final = re.compile(
    r"mailer.?daemon\b|post.?master|mail delivery (?:sub)?system|mail system|bounce|mail.?admin", re.IGNORECASE
)
_COPY: Final = re.compile(
    r"^[ \t>]{0,20}(?:"
    r"[-=_*#. ]{3,80}.{0,40}\b(?:original|returned|undeliver\w*|unsent|copy|below|follows?|message header|"
    r"headers?)\b.*|"
    r"(?:message|original message) headers?(?: follow.*|:)|"
    r".{0,60}\b(?:copy of (?:the|your)|headers of the|original) (?:message|mail)\b.{0,60}[:.]|"
    r"(?:Received|Return-Path|Message-ID|MIME-Version|X-Mailer): ?\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""Where the copy of the mail that came back begins: addresses below it are not about the failure."""

_FIELD: Final = re.compile(
    r"^[ \t>]{0,20}(?:final-recipient|original-recipient|x-actual-recipient|original-rcpt-to|failed recipient|"
    r"recipient|"
    r"intended recipient|rcpt to|to)\s*:\s*(?:[a-z0-9-]+\s*;)?\s*<?([^\s<>;,@]{1,128}@[^\s<>;,@]{1,255})>?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_COMMAND: Final = re.compile(r"rcpt to\s*:\s*<([^<>\s]{3,320})>", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?<![\w.+=@/-])[\w.!#$%&'*+/=?^`{|}~-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,10}")
_ASIDE: Final = re.compile(
    r"\b(?:contact|assistance|help|support|admin\w*|questions?|message.?id|queue.?id|reply-to|sender|from|"
    r"mail(?:ed)? by)\b",
    re.IGNORECASE,
)
"""Marks a line whose address is that of a helper or of the message, not of who was not reached."""

_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY: Final = re.compile(r"(?<![\d.:-])([45]\d\d)(?:[ -]|$)")
_DIAGNOSIS: Final = re.compile(r"^.*?((?<![\d.])[45]\d\d[ -].*)$", re.MULTILINE)
_DELAYED: Final = re.compile(
    r"\b(?:delayed|will (?:be )?(?:retr|keep trying|continue)|still trying|not yet been delivered|"
    r"do not need to resend|this is (?:only )?a warning|warning message)",
    re.IGNORECASE,
)
_ID: Final = re.compile(r"^[ \t>]*message-id:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)


def bounce(root: Part, text: str) -> Bounce | None:
    """What a mail server says of a mail of ours; None for any other message. `text` is the message's own."""
    found = list(root.walked())
    reports = [
        part for part in found if part.kind in {"message/delivery-status", "message/global-delivery-status"}
    ]
    complaints = [part for part in found if part.kind == "message/feedback-report"]
    if not reports and not complaints and not _looks_returned(root):
        return None
    ids = _returned_ids(found, text)
    for report in reports:
        if known := _reported(report.text, ids):
            return known
    if complaints:
        return _complained(complaints[0], found, ids)
    return _told(root, text, found, ids)


def _looks_returned(root: Part) -> bool:
    """Whether the envelope is that of a bounce; a person's mail about one is not."""
    headers = root.headers
    if headers.first("x-failed-recipients") or (
        root.kind == "multipart/report" and "delivery" in _report_type(root)
    ):
        return True
    sender = " ".join(map(line, headers.every("from")))
    nobody = "<>" in "".join((headers.first("return-path") or "").split()) or re.search(r"<\s*>", sender)
    return bool((nobody or _SENDER.search(sender)) and _SUBJECT.search(line(headers.first("subject")))) or bool(
        re.search(r"mailer.?daemon\b", sender, re.IGNORECASE)
    )


def _report_type(root: Part) -> str:
    return (root.headers.first("content-type") or "").lower()


def _reported(report: str, ids: tuple[str, ...]) -> Bounce | None:
    """The first recipient who failed for good, else the first of any fate (RFC 3464)."""
    blocks = [parts.heads(block) for block in re.split(r"\n[ \t]*\n", report.strip())[:_MAX_BLOCKS]]
    known = [_recipient(block, ids) for block in blocks if _named(block)]
    return next((each for each in known if each.final), known[0] if known else None)


def _named(block: Headers) -> str | None:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = line(block.first(name)).rpartition(";")[2]
        if found := addresses.spec(value.strip(" <>")):
            return found
    return None


def _recipient(block: Headers, ids: tuple[str, ...]) -> Bounce:
    reason = line(block.first("diagnostic-code"), _MAX_REASON).partition(";")[2].strip()
    status = _precise(_STATUS.findall(line(block.first("status"))) + _STATUS.findall(reason))
    action = block.word("action")
    final = action not in _NOT_FINAL and not (action == "" and (status or "5").startswith(("2", "4")))
    return Bounce(_named(block), status, reason or None, final, ids)


def _precise(codes: Sequence[str]) -> str | None:
    """The first status that says more than `x.0.0`, else the first."""
    return next((code for code in codes if not code.endswith(".0.0")), codes[0] if codes else None)


def _complained(complaint: Part, found: Iterable[Part], ids: tuple[str, ...]) -> Bounce:
    """A recipient called the mail unwanted (RFC 5965): it did arrive, so it is no failure."""
    heads = parts.heads(complaint.text)
    returned = [address for copy in _copies(found) for address in addresses.every(copy.every("to"))]
    named = [
        address for value in heads.every("original-rcpt-to") if (address := addresses.spec(value.strip(" <>")))
    ]
    reason = f"complaint: {line(heads.first('feedback-type'), 80) or 'abuse'}"
    return Bounce(next(iter([*named, *returned]), None), None, reason, final=False, message_ids=ids)


def _told(root: Part, text: str, found: Sequence[Part], ids: tuple[str, ...]) -> Bounce | None:
    """A bounce in words only; one that names nobody is none, unless the envelope leaves no doubt."""
    text = text[:_MAX_LOOKED_AT]
    copy = _COPY.search(text)
    words = text[: copy.start()] if copy and copy.start() else text
    recipient = next(_recipients(root, words, text, found), None)
    if recipient is None and not ids and not _SUBJECT.search(line(root.headers.first("subject"))):
        return None
    final = not _DELAYED.search(f"{line(root.headers.first('subject'))}\n{words}")
    return Bounce(recipient, _status(words, final=final), _reason(words), final, ids)


def _recipients(root: Part, words: str, text: str, found: Sequence[Part]) -> Iterator[str]:
    """Who may be meant, the surest first."""
    yield from addresses.every(root.headers.every("x-failed-recipients"))
    ours = _ours(root, found)
    yield from _specs(_FIELD.findall(words), ours)
    written = [address for copy in _copies(found) for address in addresses.every(copy.every("to"))]
    blamed = [each for line in words.split("\n") if not _ASIDE.search(line) for each in _ADDRESS.findall(line)]
    yield from _specs([each for each in blamed if each in written], ours)
    yield from _by_library(root, ours)
    yield from _specs([*blamed, *_COMMAND.findall(text), *_FIELD.findall(text)], ours)
    yield from written


def _by_library(root: Part, ours: frozenset[str]) -> Iterator[str]:
    if not _short(root):
        return
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").disabled = True  # it would print a traceback for each odd message
    try:
        delayed, failed = all_failures(root)
    except Exception:  # noqa: BLE001  # its detectors were written for well-formed mail
        return
    yield from _specs((each.decode("utf-8", "replace") for each in (*sorted(failed), *sorted(delayed))), ours)


def _short(root: Part) -> bool:
    """Whether the library's detectors are done with it in no time: they look for addresses line by line."""
    text = "\n".join([part.text for part in root.walked() if not part.children])
    return len(text) <= _MAX_LOOKED_AT and max(map(len, text.split("\n"))) <= _MAX_LINE


def _ours(root: Part, found: Sequence[Part]) -> frozenset[str]:
    """Who is not meant: the bounce's own sender and recipient, and the sender of the mail that came back."""
    named = [*root.headers.every("to"), *root.headers.every("from"), *root.headers.every("delivered-to")]
    named += [value for copy in _copies(found) for value in copy.every("from")]
    return frozenset(address.lower() for address in addresses.every(named))


def _specs(texts: Iterable[str], ours: frozenset[str]) -> Iterator[str]:
    for text in texts:
        found = addresses.spec(text.strip("<>.,;:'\" "))
        if found and found.lower() not in ours and not _SENDER.search(found.partition("@")[0]):
            yield found


def _copies(found: Iterable[Part]) -> Iterator[Headers]:
    """The headers of the mail that came back, where a part of its own holds it."""
    for part in found:
        if part.kind in _RETURNED:
            yield parts.heads(part.text)


def _returned_ids(found: Sequence[Part], text: str) -> tuple[str, ...]:
    ids = [each for copy in _copies(found) for each in _threaded(copy)]
    ids = ids or [each for match in _ID.findall(text[:_MAX_LOOKED_AT]) for each in message_ids(match)]
    return tuple(dict.fromkeys(ids))[:20]


def _threaded(copy: Headers) -> list[str]:
    return message_ids(copy.first("message-id")) + message_ids(copy.first("references"))[::-1]


def _status(words: str, *, final: bool) -> str | None:
    if found := _precise(_STATUS.findall(words)):
        return found
    reply = _REPLY.search(words)
    if reply is None:
        return None
    return f"{reply[1][0] if final else 4}.0.0"


def _reason(words: str) -> str | None:
    found = _DIAGNOSIS.search(words)
    return (line(found[1], _MAX_REASON) or None) if found else None
