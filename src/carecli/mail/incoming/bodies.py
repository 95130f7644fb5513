"""Which parts of a message are its text and which are files (MAIL-2)."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from carecli.mail.incoming import hypertext
from carecli.mail.incoming.parts import MAX_TEXT, Part

MAX_FILES: Final = 100
_NO_FILES: Final = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    }
)
"""Parts that only programs read: what a file of theirs says of the message stands in the message already."""

_READABLE: Final = frozenset({"text/plain", "text/html"})
_UU_BEGIN: Final = re.compile(r"^begin [0-7]{3,4} \S.*$", re.MULTILINE)


class Contents(NamedTuple):
    """The parts that people read, in order, and those that they save."""

    texts: Sequence[Part]
    files: Sequence[Part]


_NOTHING: Final = Contents((), ())


def contents(root: Part) -> Contents:
    """Sort the parts of a message."""
    if not root.children and not root.kind.startswith(("text/", "multipart/")):
        return _leaf(root)
    if not root.children:
        return Contents((), (root,)) if root.disposition == "attachment" else Contents((root,), ())
    found = _within(root)
    return found._replace(files=found.files[:MAX_FILES])


def text(texts: Sequence[Part]) -> str:
    """What people read: plain text as it stands, HTML as plain text; at most `MAX_TEXT` characters."""
    blocks = [block for part in texts if (block := readable(part).strip("\n"))]
    return "\n\n".join(blocks)[:MAX_TEXT]


def readable(part: Part) -> str:
    """One part as plain text, without files that stand in the middle of it (uuencode)."""
    plain = hypertext.plain(part.text) if part.kind == "text/html" else part.text
    return _without_files(plain)


def _within(part: Part) -> Contents:
    match part.kind:
        case "multipart/alternative":
            return _alternatives(part)
        case "multipart/signed" if part.children:
            first, *others = map(_sorted, part.children)
            return Contents(first.texts, [*first.files, *_files(others)])
        case "multipart/related" if part.children:
            first, *_ = map(_sorted, part.children)
            files = [file for child in part.children[1:] for file in _saved(child)]
            return Contents(first.texts, [*first.files, *files])
    found = [_sorted(child) for child in part.children]
    return Contents([text for each in found for text in each.texts], _files(found))


def _sorted(part: Part) -> Contents:
    return _within(part) if part.children else _leaf(part)


def _leaf(part: Part) -> Contents:
    if part.kind in _NO_FILES:
        return _NOTHING
    if part.kind in _READABLE and part.disposition != "attachment" and not part.file_name:
        return Contents((part,), ())
    return Contents((), (part,))


def _saved(part: Part) -> Sequence[Part]:
    """The files of a part that is not the root of its family: its texts are files too."""
    found = _sorted(part)
    return [*found.texts, *found.files]


def _alternatives(part: Part) -> Contents:
    """The first alternative that is plain text, else the first that holds any text; the files of all."""
    found = [_sorted(child) for child in part.children]
    texts = [each.texts for each in found if any(text.text.strip() for text in each.texts)]
    plain = [each for each in texts if all(text.kind == "text/plain" for text in each)]
    return Contents((plain or texts or [()])[0], _files(found))


def _files(found: Sequence[Contents]) -> list[Part]:
    return [file for each in found for file in each.files]


def _without_files(plain: str) -> str:
    kept, start = [], 0
    while begin := _UU_BEGIN.search(plain, start):
        end = plain.find("\nend", begin.end())
        if end < 0:
            break
        kept.append(plain[start : begin.start()])
        start = end + len("\nend")
    return "".join([*kept, plain[start:]])
