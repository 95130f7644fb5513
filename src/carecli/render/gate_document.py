"""The gate as JSON: keys with their lines for sshd, and what was refused."""

from collections.abc import Sequence
from typing import Final

from carecli.domain.gate import Holder, Refusal
from carecli.domain.instants import iso
from carecli.render.case_document import Document

KEYS: Final = ("at", "actor", "client", "key", "words", "reason")


def keys(found: Sequence[Holder], output: str | None) -> Document:
    """Everybody's keys, and the file that they were written to."""
    rows = [
        {"email": one.email, "type": one.key.partition(" ")[0], "fingerprint": one.fingerprint, "line": one.line}
        for one in found
    ]
    return {"keys": rows, "output": output}


def refusal(refusal: Refusal) -> Document:
    """Something that was refused."""
    return {
        "at": iso(refusal.at),
        "actor": refusal.actor,
        "client": refusal.client,
        "key": refusal.key,
        "words": refusal.words,
        "reason": refusal.reason,
    }
