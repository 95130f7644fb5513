"""Hostile text, and what shows that nobody obeyed it: terminals, spreadsheets, pages, mail, other programs."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser
from html.parser import HTMLParser
from typing import Final

from wcwidth import wcswidth

MARKUP: Final = "[bold red]maark[/] [link=http://evil.example]maark[/link] :smile: [/]"
LINES: Final = {
    "markup": MARKUP,
    "formula": '=HYPERLINK("http://evil.example";"x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+9)*cmd|' /C calc'!A0",
    "pipe": '|calc; =1+2, "=3"',
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;\"'",
    "svg": "</text></svg><svg onload=alert(1)>",
    "markdown": "![i](http://evil.example/x.png) [l](javascript:alert(1)) `c` **b** # h",
    "template": "{{ 7*1910191 }}{% raw %}${7*1910191}#{7*1910191}",
    "format": "%s %n %(x)s {0.__class__} {}",
    "toml": '"] = """ \'\'\' \\ # }',
    "json": '","evil":"y"}\\u001b[31m',
    "flood": "Z" + "\u0335\u0348\u0354" * 20,
    "wide": "日本語 e\u0301 한국 ｆｕｌｌ",
    "shell": "$(touch evil) `touch evil` ; touch evil && x | y > evil",
    "header": "x%0d%0aBcc: evil@evil.example",
}
"""What is printable, and so allowed in a name: obeyed by a program that knows more than text."""

HIDDEN: Final = {
    "colour": "\x1b[31mred\x1b[0m\x1b[2J\x1b[1;1H",
    "link": "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x07",
    "title": "\x1b]0;evil\x07\x1b]52;c;ZXZpbA==\x07",
    "dcs": "\x1bP1$r0m\x1b\\\x1b_apc\x1b\\\x1b^pm\x1b\\",
    "open": "\x1b]0;never ends",
    "c0": "a\x01\x07\x08\x0b\x0c\x0e\x1fb",
    "c1": "a\x80\x84\x85\x8d\x90\x9b31m\x9d0;t\x9cb",
    "delete": "a\x7fb",
    "override": "abc\u202etxt.exe\u202c",
    "isolate": "\u2066a\u2067b\u2068c\u2069",
    "zero width": "a\u200bb\u2060c\ufeffd\u00ade\u180ef",
    "tags": "a\U000e0001\U000e0041\U000e007fb",
    "lines": "a\r\nb\rc\nd\u2028e\u2029f\x85g\th",
    "headers": "x\r\nBcc: evil@evil.example\r\n\r\nbody",
    "rows": "x\n=1+1\n@x\t=2+2;=3+3",
}
"""What is not seen: for a terminal, or to fool an eye. Names refuse it, texts hold it."""

ALL: Final = "\n".join((*LINES.values(), *HIDDEN.values()))
"""A text of several lines with everything in it."""

_SGR: Final = re.compile(r"\x1b\[(?:0|1|2|3|4|7|9|22|23|24|27|29|3[0-7]|39|4[0-7]|49|9[0-7]|10[0-7]|;)*m")
"""Colours and weights: all that this program ever writes for a terminal to obey."""

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WANTED: Final = frozenset("\n\t\u200c\u200d\u200e\u200f")
"""Line feeds and tabs; joiners and marks that languages and emoji need."""

FLOOD: Final = "a flood of accents"
_STACKED: Final = 10
"""How many accents on one letter are writing; more are a flood."""


BRIEF: Final = f"{MARKUP} {HIDDEN['link']}{HIDDEN['override']}\n=1+1\n{{{{ 7*1910191 }}}}"
"""A text of two lines and less than 200 characters."""


def unseen(text: str) -> set[str]:
    """The signs of a text that a terminal would obey or an eye would not see."""
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return set()
    return {f"U+{ord(c):04X}" for c in set(text) if unicodedata.category(c) in _INVISIBLE and c not in _WANTED}


def flooded(text: str) -> bool:
    """Whether accents are stacked without end."""
    run = 0
    for c in "" if text.isascii() else text:
        run = run + 1 if unicodedata.combining(c) else 0
        if run > _STACKED:
            return True
    return False


def obeyed(text: str) -> list[str]:
    """What shows that markup, signs or templates of a stranger were obeyed."""
    found = [word for word in ("😄", "13371337") if word in text]
    found += ["markup"] * len(re.findall(r"(?<![\]\w-])maark(?![\[\w])", text))
    return found


def of_terminal(screen: str, columns: int | None) -> Iterator[str]:
    """What is wrong with what a terminal was sent; lines of a page are at most so many columns wide."""
    if "\x1b]" in screen:
        yield "an OSC sequence"
    bare = _SGR.sub("", screen)
    if wrong := unseen(bare):
        yield f"a terminal would obey {sorted(wrong)}"
    if flooded(bare):
        yield FLOOD
    yield from (f"{word} was obeyed" for word in obeyed(bare) if word != "markup")
    for line in bare.split("\n"):
        if columns and (width := wcswidth(line)) > columns:
            yield f"a line {width} wide at {columns} columns: {line[:60]!r}"


def of_plain(text: str) -> Iterator[str]:
    """What is wrong with what a pipe was sent."""
    if wrong := unseen(text):
        yield f"a terminal would obey {sorted(wrong)}"
    if flooded(text):
        yield FLOOD
    yield from (f"{word} was obeyed" for word in obeyed(text))


def of_json(text: str, *, lines: bool = False) -> Iterator[str]:
    """What is wrong with JSON: it is none, or not safe to print."""
    for document in text.splitlines() if lines else [text]:
        json.loads(document, parse_constant=_no_number)
    if wrong := unseen(text) - _KEPT_IN_JSON:
        yield f"a terminal would obey {sorted(wrong)}"
    yield from (f"{word} was obeyed" for word in obeyed(text) if word != "markup")


_KEPT_IN_JSON: Final = {"U+200B", "U+2060", "U+FEFF", "U+00AD", "U+180E", "U+E0001", "U+E0041", "U+E007F"}
"""Signs of no width: a script gets the text as it was written."""


def _no_number(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def of_sheet(text: str, delimiter: str) -> Iterator[str]:
    """What is wrong with a sheet: a formula, rows of different lengths; accents stay as they are."""
    yield from (one for one in of_plain(text) if one != FLOOD)
    rows = list(
        csv.reader(
            io.StringIO(text),
            delimiter=delimiter,
            quoting=csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE,
        )
    )
    if len({len(row) for row in rows}) > 1:
        yield f"rows of different lengths: {[len(row) for row in rows]}"
    for cell in (cell for row in rows for cell in row):
        if is_formula(cell):
            yield f"a formula: {cell[:60]!r}"


_PLACE: Final = re.compile(r"[;\t\n]")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet takes a cell, or a piece of it that it may cut out, for a formula."""
    pieces = [cell, *_PLACE.split(cell)]
    return any(re.match(r"[\s\"]*(?:[=@＝＋－＠]|[+\-](?![\d.]+$))", piece) for piece in pieces)


def _theirs(formula: str) -> bool:
    return any(word in formula for word in ("evil", "cmd", "maark", "1+1", "1+9", "2+3", "2+2", "1+2", "3+3"))


def of_workbook(raw: bytes) -> Iterator[str]:
    """What is wrong with a workbook: a formula, a link, a sign that is not seen."""
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    for sheet in load_workbook(io.BytesIO(raw)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                # A report has formulas of its own: shares of what stands beside them.
                if cell.hyperlink or (cell.data_type == "f" and _theirs(str(cell.value))):
                    yield f"{sheet.title} {cell.coordinate} is a {'link' if cell.hyperlink else 'formula'}"
                if isinstance(cell.value, str) and (wrong := unseen(cell.value)):
                    yield f"{sheet.title} {cell.coordinate} holds {sorted(wrong)}"


class _Page(HTMLParser):
    """Reads a page as a browser does: elements and attributes that ours never have."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self._scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"img", "iframe", "object", "embed", "base", "form", "link", "script"}:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "srcdoc":
                self.wrong.append(f"{name}= in <{tag}>")
            if name in {"href", "src", "action", "xlink:href"} and not (value or "").startswith(
                ("#", "data:image/svg")
            ):
                self.wrong.append(f"{name}={value!r} in <{tag}>")


def of_page(text: str) -> Iterator[str]:
    """What is wrong with an HTML page: an element, a script or an address of a stranger."""
    page = _Page()
    page.feed(text)
    page.close()
    yield from page.wrong
    if wrong := unseen(text):
        yield f"a terminal would obey {sorted(wrong)}"
    if "13371337" in text:
        yield "a template was obeyed"


def of_markdown(text: str) -> Iterator[str]:
    """What is wrong with Markdown: set as HTML it holds an element of a stranger."""
    from markdown_it import MarkdownIt

    for set_as in ("commonmark", "gfm-like"):
        page = MarkdownIt(set_as, {"html": True, "linkify": False}).render(text)
        yield from of_page(page)


def of_calendar(raw: bytes) -> Iterator[str]:
    """What is wrong with an iCalendar file."""
    from icalendar import Calendar

    text = raw.decode()
    Calendar.from_ical(text)
    if wrong := unseen(text.replace("\r\n", "\n")):
        yield f"holds {sorted(wrong)}"
    if {line.partition(":")[0] for line in text.split("\r\n")} & {"Bcc", "ATTENDEE", "ATTACH", "URL"}:
        yield "has a line of a stranger"


_HEADERS: Final = {
    *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "X-Care-Desk", "MIME-Version", "Content-Type"),
}
"""The headers of our mails."""


def of_mail(raw: bytes) -> Iterator[str]:
    """What is wrong with a mail that went out: a header or recipient of a stranger, or what a terminal obeys."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    yield from (f"a header {name}" for name in message if name not in _HEADERS)
    for name, value in message.items():
        if "\n" in str(value) or unseen(str(value)):
            yield f"{name}: {str(value)!r}"
    if any(len(message.get_all(name, [])) != 1 or str(message[name]).count("@") != 1 for name in ("From", "To")):
        yield f"its people: {message.get_all('From')}, {message.get_all('To')}"
    yield from _of_parts(message)


def _of_parts(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.is_multipart():
            continue
        text = part.get_payload(decode=True)
        assert isinstance(text, bytes)
        if part.get_content_type() == "text/plain":
            yield from (f"text: {one}" for one in of_plain(text.decode()) if "markup" not in one)
        else:
            yield from (f"html: {one}" for one in of_page(text.decode()))


def of_exposition(text: str) -> Iterator[str]:
    """What is wrong with Prometheus' text format."""
    sample = re.compile(
        r"[a-z_:][a-z0-9_:]*(\{[a-z_]+=\"(?:[^\"\\\n]|\\[\\n\"])*\"(,[a-z_]+=\"[^\"\n]*\")*\})? -?[0-9.e+]+"
    )
    if not text.endswith("\n"):
        yield "no line feed at its end"
    for line in text.splitlines():
        if not (line.startswith(("# HELP ", "# TYPE ")) or sample.fullmatch(line)):
            yield f"no sample: {line!r}"


def found(what: Iterable[str]) -> list[str]:
    """Everything that is wrong, each once."""
    return list(dict.fromkeys(what))
