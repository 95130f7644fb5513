"""HTML as plain text, within bounds: markup that would explode or take for ever is only stripped of its tags."""

import re
from html import unescape
from typing import Final

from carecli.mail.incoming.charsets import clean

MAX: Final = 300_000
_MAX_TAGS: Final = 6_000
_MAX_UNCLOSED: Final = 20
_MAX_NESTING: Final = 60
"""How many quotes and lists there may be: each level makes every line within it longer."""

_UNSEEN: Final = (("<!--", "-->"), ("<style", "</style"), ("<script", "</script"), ("<title", "</title"))
_NESTING: Final = re.compile(r"<(?:blockquote|ul|ol|dl|table|pre)\b", re.IGNORECASE)
_BREAKING: Final = re.compile(r"/?(?:br|p|div|li|tr|table|blockquote|h[1-6]|ul|ol|hr)\b", re.IGNORECASE)
_BLANK_LINES: Final = re.compile(r"\n(?:[ \t]*\n){2,}")


def plain(markup: str) -> str:
    """The text of an HTML document: quotes as `> ` lines, links with their addresses, no pictures."""
    seen = _seen(markup[:MAX])
    if _risky(seen):
        return _tidied(_stripped(seen))
    try:
        return _tidied(_converted(seen))
    except Exception:  # noqa: BLE001  # whatever the converter stumbles over, the words are shown
        return _tidied(_stripped(seen))


def _risky(markup: str) -> bool:
    """Whether the converter might take long: it looks for the end of each tag, all the way where there is none."""
    tags = markup.split("<")[1:]
    unclosed = sum(">" not in tag for tag in tags)
    return len(tags) > _MAX_TAGS or unclosed > _MAX_UNCLOSED or len(_NESTING.findall(markup)) > _MAX_NESTING


def _converted(markup: str) -> str:
    # Imported here: most mail brings a plain text along.
    from carecli.mail.incoming.markup import PlainText

    return PlainText(escape_asterisks=False, escape_underscores=False, bullets="*").convert(markup)


def _seen(markup: str) -> str:
    """The markup without comments, styles and scripts, found in one pass each."""
    for begin, end in _UNSEEN:
        folded = markup.lower() if markup.isascii() else _folded(markup)
        kept, start = [], 0
        while (at := folded.find(begin, start)) >= 0:
            kept.append(markup[start:at])
            close = folded.find(end, at + len(begin))
            start = folded.find(">", close) + 1 if close >= 0 else 0
            if start <= 0:
                start = len(markup)
                break
        markup = "".join([*kept, markup[start:]])
    return markup


def _folded(markup: str) -> str:
    """Lower case that keeps every character's place, which `lower` does not for all scripts."""
    return markup.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _stripped(markup: str) -> str:
    first, *tags = markup.split("<")
    kept = [first]
    for tag in tags:
        name, _, text = tag.partition(">")
        kept.append(("\n" if _BREAKING.match(name) else "") + text)
    return unescape("".join(kept))


def _tidied(text: str) -> str:
    lines = [line.rstrip() for line in clean(text).replace("\xa0", " ").split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
