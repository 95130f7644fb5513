"""One message as the desk understands it: bytes in, `Incoming` out, whatever the bytes are (MAIL-2)."""

from typing import Final

from carecli.domain.inbox import Incoming
from carecli.mail.incoming import addresses, authentication, bodies, bounces, enclosures, headers, parts, robots
from carecli.mail.incoming.headers import Headers
from carecli.mail.incoming.parts import Part

MAX_SUBJECT: Final = 1_000
NOT_UNDERSTOOD: Final = Incoming(None, None, None, (), "", (), "", (), None, None, ())
"""A message of which nothing could be read; staff have the original."""


def read(raw: bytes) -> Incoming:
    """Understand a message; never raises, and takes bounded time and memory for any bytes."""
    try:
        return _read(parts.parse(raw))
    except Exception:  # noqa: BLE001  # a message that nobody can read still has to reach staff
        return NOT_UNDERSTOOD


def _read(root: Part) -> Incoming:
    heads = root.headers
    found = bodies.contents(root)
    text = bodies.text(found.texts)
    bounce = bounces.bounce(root, text)
    return Incoming(
        message_id=next(iter(headers.message_ids(heads.first("message-id"))), None),
        sender=addresses.sender(heads.every("from")),
        return_path=_return_path(heads),
        to=addresses.every([*heads.every("to"), *heads.every("cc")]),
        subject=headers.line(heads.first("subject"), MAX_SUBJECT),
        named=_named(heads),
        text=text,
        enclosures=enclosures.described(found.files),
        robot=robots.robot(root) or ("a mail that came back" if bounce else None),
        bounce=bounce,
        authentications=authentication.results(root),
    )


def _named(heads: Headers) -> tuple[str, ...]:
    """What the message answers, the nearest first."""
    answered = headers.message_ids(heads.first("in-reply-to"))
    thread = headers.message_ids(heads.first("references"))
    return tuple(dict.fromkeys([*answered, *reversed(thread)]))[: headers.MAX_IDS]


def _return_path(heads: Headers) -> str | None:
    value = heads.first("return-path")
    if value is None:
        return None
    inner = value.strip().removeprefix("<").removesuffix(">").strip()
    return addresses.spec(headers.unescaped(inner)) if inner else ""
