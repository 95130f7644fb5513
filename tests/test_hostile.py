"""What is held against hostile text sees it: each judge finds fault with an answer that obeys."""

import io
from collections.abc import Iterator
from email.message import EmailMessage

import hostile
import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]


def _book() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active["A1"] = '=HYPERLINK("http://evil.example";"x")'
    book.save(out)
    return out.getvalue()


def _mail(text: str = "Hello", **headers: str) -> bytes:
    message = EmailMessage()
    for name, value in {"From": "care@desk.example", "To": "a@x.example", **headers}.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


@pytest.mark.parametrize(
    "wrong",
    [
        hostile.of_terminal("a\x1b[2Jb", 80),
        hostile.of_terminal("\x1b]8;;http://x\x1b\\link", 80),
        hostile.of_terminal("a\x9bb", 80),
        hostile.of_terminal("a\u202eb", 80),
        hostile.of_terminal("日" * 41, 80),
        hostile.of_terminal("I am 😄", 80),
        hostile.of_plain("a\u200bb"),
        hostile.of_plain("bell\x07"),
        hostile.of_plain("Z" + "\u0335" * 30),
        hostile.of_plain("maark"),
        hostile.of_plain("13371337"),
        hostile.of_json('"a\x7fb"'),
        hostile.of_json('{"a": "\u202e"}'),
        hostile.of_sheet("a,b\nx,=1+1\n", ","),
        hostile.of_sheet('a,b\nx,"safe\n@SUM(1)"\n', ","),
        hostile.of_sheet("a\tb\nx\t;+1;=2\n", "\t"),
        hostile.of_sheet("a,b\nx\n", ","),
        hostile.of_workbook(_book()),
        hostile.of_page("<p><script>alert(1)</script>"),
        hostile.of_page('<svg onload="x">'),
        hostile.of_page('<a href="javascript:alert(1)">l</a>'),
        hostile.of_page("<p>a\x1bb"),
        hostile.of_markdown("![i](http://evil.example/x.png)"),
        hostile.of_markdown("a <img src=x>"),
        hostile.of_mail(_mail(Bcc="evil@evil.example")),
        hostile.of_mail(_mail(To="a@x.example, evil@evil.example")),
        hostile.of_mail(_mail("a\x1b[31mb\n")),
        hostile.of_exposition('care{a="x\ny"} 1\n'),
        hostile.of_exposition("care_up 1"),
    ],
)
def test_each_judge_finds_fault(wrong: Iterator[str]) -> None:
    """CLI: a judge that found nothing would prove nothing."""
    assert hostile.found(wrong)


def test_what_is_in_order_is_not_found_fault_with() -> None:
    """CLI: our own colours, languages, emoji, numbers and links within a page are in order."""
    assert hostile.found(hostile.of_terminal("\x1b[1;31mred\x1b[0m 日本 👩\u200d💻 e\u0301", 80)) == []
    assert hostile.found(hostile.of_plain(hostile.MARKUP)) == []
    assert hostile.found(hostile.of_sheet("a,b\n-2,'=1+1\n", ",")) == []
    assert hostile.found(hostile.of_page('<a href="#top">x</a> &lt;script&gt;')) == []
    assert hostile.found(hostile.of_exposition('# HELP a b\n# TYPE a gauge\na{b="c"} 1\n')) == []
