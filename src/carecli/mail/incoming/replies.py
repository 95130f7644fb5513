"""What is new in a reply: no quotes, no signature, nothing that the desk itself wrote (MAIL-2).

Our own steps go first, line by line: the library loses the indentation, takes `Take care` for a Danish signature
and can be made to search for hours. What is left is shown to it for the headings and greetings that only it knows.
"""

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from carecli.mail.incoming import quotes

if TYPE_CHECKING:
    from mailparser_reply import EmailReply

MARKER: Final = "-- Please reply above this line --"
"""The line at the top of every mail of the desk: it and all that follows is ours."""

_MAX_FOR_LIBRARY: Final = 4_000
_MAX_LINE_FOR_LIBRARY: Final = 300
"""Its patterns take time with the cube of a line's length."""

_MAX_LINES: Final = 20_000
"""So many lines are looked at; more than that is a file that somebody pasted, and kept."""

_MAX_SIGNATURE: Final = 12
_MAX_SIGNATURE_LINE: Final = 100
_MAX_AFTER_GREETING: Final = 4

_MARKER: Final = re.compile(r"[-–—][\s>]*Please[\s>]+reply[\s>]+above[\s>]+this[\s>]+line", re.IGNORECASE)
"""The marker as it comes back: quoted, broken, with other dashes."""

_HEADS: Final = re.compile(r"[\d@<].*[:\uff1a]$")
_DELIMITER: Final = re.compile(r"(?:--|—|––|__|-- )\s*$")
_DEVICE: Final = re.compile(
    r"(?:sent (?:from|via|with|using) |get outlook for |gesendet (?:von|mit|über) |von meine[mr] .{1,40} gesendet|"
    r"diese (?:nachricht|e-mail|mail) wurde von |envoyé (?:de(?:puis)?|à partir de|avec) |enviado (?:desde|do|"
    r"de|a partir do) |"
    r"inviato (?:da|dal) |verzonden (?:vanaf|met|via) |verstuurd vanaf |wysłan[eoya]+ z |odesláno z |sendt fra |"
    r"skickat från |lähetetty |отправлено (?:с|из) |надіслано з |hent outlook (?:for|til) |downloade? outlook |"
    r"obtener outlook |télécharger outlook |scarica outlook |outlook (?:für|voor) |iphoneから送信|androidから送信|"
    r"从我的.{1,20}发送|发自我的|나의 .{1,20}에서 보냄)",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[-–—~] ?[^\W\d_a-z][\w.'-]*(?: [^\W\d_a-z][\w.'-]*){0,2}")
_HINTS: Final[Mapping[str, Sequence[str]]] = {
    "en": ("regards", "all the best", "best,", "wrote:", "from:", "sent from"),
    "de": ("grüße", "grüßen", "gruß", "gruss", "gruesse", "schrieb", "von:", "gesendet von"),
    "cs": ("napsal", "s pozdravem", "s úctou", "od:", "s přáním"),
    "da": ("skrev", "hilsen", "hilsner", "mvh", "dbh", "fra:", "knus", "\nkh\n"),
    "es": ("escribió", "saludo", "atentamente", "cordialmente", "de:"),
    "fr": ("a écrit", "cordialement", "salutations", "bonne journée", "envoyé"),
    "it": ("ha scritto", "cordiali saluti", "da:"),
    "ja": ("年",),
    "ko": ("년", "감사합니다", "고맙습니다", "보낸"),
    "nl": ("schreef", "groet", "van:"),
    "pl": ("napisał", "poważaniem", "powazaniem", "pozdrawiam", "od:"),
    "sv": ("skrev", "hälsning", "mvh", "från:"),
    "zh": ("写道", "发件人", "此致", "祝好"),
    "david": ("processed by david",),
}
"""Words without which a language of the library's finds nothing; trying all takes longer than reading the mail."""

_THANKS: Final = (
    "thank",
    "gracias",
    "muchas gracias",
    "bedankt",
    "dank",
    "děkuj",
    "tak",
    "på forhånd tak",
    "谢谢",
    "감사",
    "고맙",
)
"""Greetings that are an answer too: they stay."""


def new_text(text: str) -> str:
    """The text that the sender has written now; empty where nothing is new. Answers between quotes are kept."""
    lines = _above_marker(text).split("\n")
    kept = _without_signature(_own(lines[:_MAX_LINES]))
    return _tidied([*_without_name(_by_library(kept)), *lines[_MAX_LINES:]])


def _above_marker(text: str) -> str:
    """The text above our marker's line, and above a heading of any language that stands right over it."""
    found = _MARKER.search(text)
    if found is None:
        return text
    above = text[: text.rfind("\n", 0, found.start()) + 1]
    *lines, last = above.rstrip(" \t\n>").split("\n")
    heads = len(last) <= quotes.MAX_LINE and _HEADS.search(last)
    return "\n".join(lines) if heads else above


def _own(lines: list[str]) -> list[str]:
    """The lines without older mails: marked as quoted, or below the heading of one."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        if quotes.heading(lines, at):
            return _without_rules(kept)
        if quotes.quoted(line):
            _part(kept)
        elif found := quotes.attribution(lines, at):
            marked = _quoted_below(lines, at)
            if not marked and not found.sure:
                kept.append(line)
                continue
            del kept[len(kept) - (at - found.start) :]
            if not marked and any(each.strip() for each in kept):
                return _without_rules(kept)
            _part(kept)
        else:
            kept.append(line)
    return kept


def _quoted_below(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at + 1 : at + 20] if line.strip()), "")
    return quotes.quoted(following)


def _part(kept: list[str]) -> None:
    """Keep what stood above and below a quote apart."""
    if kept and kept[-1].strip():
        kept.append("")


def _without_rules(kept: list[str]) -> list[str]:
    while kept and (not kept[-1].strip() or quotes.RULE.match(kept[-1][: quotes.MAX_LINE])):
        kept.pop()
    return kept


def _without_signature(lines: list[str]) -> list[str]:
    """The lines above a signature's delimiter, and without what telephones say of themselves."""
    lines = [line for at, line in enumerate(lines) if not _device(line, lines, at)]
    for at, line in enumerate(lines):
        if _delimits(line) and _short(lines, at + 1, _MAX_SIGNATURE):
            return lines[:at]
    return lines


def _delimits(line: str) -> bool:
    if _DELIMITER.match(line):
        return True
    return len(line) <= quotes.MAX_LINE and line.startswith("_____") and bool(quotes.RULE.match(line))


def _device(line: str, lines: list[str], at: int) -> bool:
    """Whether the line is the program's own advertisement: short, a line of its own, and nearly the last."""
    words = line.strip(" *_")
    if len(words) > 120 or not _DEVICE.match(words) or "," in words or len(words.split()) > 10:
        return False
    return _short(lines, at + 1, 3)


def _short(lines: Sequence[str], start: int, limit: int) -> bool:
    """Whether so few lines follow, none of them long."""
    count = 0
    for at in range(start, len(lines)):
        count += bool(lines[at].strip())
        if count > limit or len(lines[at]) > _MAX_SIGNATURE_LINE:
            return False
    return True


def _by_library(lines: list[str]) -> list[str]:
    """The lines without what the library knows besides: headings of an older mail, and greetings at the end."""
    text = "\n".join(lines).strip()
    if not text or len(text) > _MAX_FOR_LIBRARY or max(map(len, lines)) > _MAX_LINE_FOR_LIBRARY:
        return lines
    folded = f"\n{text.lower()}\n"
    languages = [language for language, words in _HINTS.items() if any(word in folded for word in words)]
    if not languages:
        return lines
    newest = _read(text, languages)
    if newest is None or newest.headers:
        return lines
    return _without_greeting(_first(lines, newest.content), languages)


def _read(text: str, languages: list[str]) -> "EmailReply | None":
    """What the library takes for the newest mail; None where it stumbles."""
    from mailparser_reply import EmailMessage

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it calls `re.sub` as Python 3.13 no longer likes
            return EmailMessage(text=text, languages=[*languages], keep_hyphen_lists=True).read().replies[0]
    except Exception:  # noqa: BLE001  # then the text stays as our own steps left it
        return None


def _first(lines: list[str], content: str) -> list[str]:
    """As many lines from the top as the library kept; it strips them, so they are counted."""
    left = sum(bool(line.strip()) for line in content.split("\n"))
    for at, line in enumerate(lines):
        left -= bool(line.strip())
        if left < 0:
            return lines[:at]
    return lines


def _without_greeting(lines: list[str], languages: list[str]) -> list[str]:
    """The lines without a greeting and a name at their end; a sentence that begins like a greeting stays.

    The library is shown the last lines alone, for it would take the first sentence that begins with a greeting.
    """
    places = [at for at, line in enumerate(lines) if line.strip()][-_MAX_AFTER_GREETING - 1 :]
    for at in places:
        if (
            any(line.strip() for line in lines[:at])
            and _greets(lines[at])
            and _short(lines, at, 99)
            and _signed(lines[at:], languages)
        ):
            return lines[:at]
    return lines


def _signed(lines: list[str], languages: list[str]) -> bool:
    """Whether the library takes all these lines for a signature; it never takes the first line of a text."""
    text = "\n".join(lines).strip()
    newest = _read(f".\n{text}", languages)
    return newest is not None and (newest.signatures or "").startswith(text.split("\n", 1)[0].strip())


def _greets(line: str) -> bool:
    words = line.strip(" ,.!*").lower()
    return len(words) <= 40 and len(words.split()) <= 5 and not words.startswith(_THANKS)


def _without_name(lines: list[str]) -> list[str]:
    """The lines without `-Dana Wong` as the last, standing alone; the last item of a list stays."""
    *above, last = [line.strip() for line in lines if line.strip()] or [""]
    if not above or not _NAME.fullmatch(last) or any(line.startswith("-") for line in above):
        return lines
    end = max(at for at, line in enumerate(lines) if line.strip())
    return lines if lines[end - 1].strip() else lines[:end]


def _tidied(lines: Sequence[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept).strip("\n").rstrip()
