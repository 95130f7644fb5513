"""Where needs go, as the JSON that scripts read (WHERE-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from carecli.domain.whatnext import Directed
    from carecli.render.case_document import Document

ROW: Final = ("key", "need", "channel", "command", "phone", "may_call", "who", "address")


def directed(one: Directed) -> Document:
    """A need; `may_call` is null where that depends on the account's plan."""
    return {
        "key": one.need.key,
        "need": one.need.need,
        "channel": one.need.channel.value,
        "command": one.need.command or None,
        "phone": one.need.phone.value,
        "may_call": one.may_call,
        "who": one.need.who,
        "address": one.address,
    }
