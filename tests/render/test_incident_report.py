"""The incident report in words and as a page: every field, none that is not needed, nothing that runs (INC-3)."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from render.reports import BEGAN, ENDED, FULL, HARM, HOSTILE, LITTLE

from carecli.domain.incident_report import BACK
from carecli.render.incident_picture import LEAST, MOST, WIDTH, picture
from carecli.render.incident_report import markdown, plain
from carecli.render.incident_report_page import page

MARKDOWN = """\
# Incident: Calls drop on one of two relays

- **Case number:** 0000000042
- **Clients affected:** Northwind, Harbor Clinic
- **Date and time:** Friday 27 March 2026, 13:10 GMT
- **Service back:** Friday 27 March 2026, 15:30 GMT
- **Duration:** 2h 20m
- **Post-mortem:** Tuesday 31 March 2026, 15:00 BST

## Incident details

A relay failed.  \n\
The other one took half of the calls.

## Description of the case

Every third call drops.

## Customer specific details: Harbor Clinic

The night line was down.

## Incident restoration

Calls were moved to the other relay.

## Root cause

A full disk.

## Corrective measures

The disk was cleared.

## Action plan

1. Alert on disk space (Ben Ito, by 2 April 2026; open)
2. A third relay (Ada Park, by 30 April 2026; done 31 March 2026)

## Comments

We are sorry.

## Course of the incident

- Friday 27 March 2026, 13:10 GMT: Service affected
- Friday 27 March 2026, 13:20 GMT: Case opened
- Friday 27 March 2026, 15:30 GMT: Service back to normal
- Tuesday 31 March 2026, 15:00 BST: Post-mortem held

## Timeline of interactions

- Friday 27 March 2026, 13:20 GMT: dana@northwind.example opened the case
- Friday 27 March 2026, 13:40 GMT: Customer Care wrote:
  We look into it.
  More soon.

As of Wednesday 1 April 2026, 15:00 BST; times in Europe/London.
"""
LEFT_OUT = (
    "Case number",
    "Post-mortem",
    "Description of the case",
    "Customer specific",
    "Root cause",
    "Corrective measures",
    "Comments",
    "Timeline of interactions",
)
"""What is not there where nothing is known of it."""


class Elements(HTMLParser):
    """Which elements a page has, their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.names.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


def test_markdown_has_every_field() -> None:
    """INC-3: all fields of the guide's format and of the process page, times in the reader's zone."""
    assert markdown(FULL) == MARKDOWN


def test_what_is_not_necessary_is_left_out() -> None:
    """INC-3: nothing stands there empty; what has to be there says that it is not known."""
    for text in (markdown(LITTLE), plain(LITTLE), Elements(page(LITTLE)).text):
        assert not [title for title in LEFT_OUT if title in text]
        assert text.count("Not described yet.") == 2
        assert "The service is still affected." in text
        assert "2h 20m so far" in text
        assert ("Not decided yet." in text, "Nothing more is to be done." in text) == (True, False)
        over = LITTLE._replace(restored_at=ENDED)
    for text in (markdown(over), plain(over), Elements(page(over)).text):
        assert "Nothing more is to be done." in text
    assert not [title for title in LEFT_OUT if title not in Elements(page(FULL)).text]


def test_a_mail_holds_it_as_it_was_written() -> None:
    """INC-2: the text of a mail has no marks of Markdown within what people wrote."""
    told = plain(FULL._replace(comments="5 * 3 < 20 & _all_ [sic]"))
    assert "5 * 3 < 20 & _all_ [sic]" in told
    assert "Case number: 0000000042" in told


def test_nothing_that_people_wrote_is_markdown() -> None:
    """INC-3: no heading, list, link, image, HTML or code comes of a text, and no escape sequence stays."""
    text = markdown(HOSTILE)
    assert "\x1b" not in text
    assert "\u202e" not in text
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {
        "link_open",
        "image",
        "html_inline",
        "html_block",
        "fence",
        "code_inline",
        "blockquote_open",
    }
    titles = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    expected = ["Incident details", "Description of the case", "Incident restoration", "Root cause", "Action plan"]
    assert [title for title in titles if title in expected] == expected
    assert len(titles) == 11


def test_nothing_that_people_wrote_is_html() -> None:
    """INC-3: a hostile text stands on the page as text; there are neither scripts nor things from elsewhere."""
    for report in (FULL, LITTLE, HOSTILE):
        made = Elements(page(report))
        assert not {"script", "img", "iframe", "link", "object", "a", "form"} & set(made.names)
        assert not [
            name for name, _ in made.attributes if name.startswith("on") or name in {"src", "href", "style"}
        ]
        assert not re.search(r"url\(|@import|https?:(?!//example\.com)", page(report))
    assert "<script>alert(1)</script>" in Elements(page(HOSTILE)).text
    assert "{{ 7*7 }}" in Elements(page(HOSTILE)).text
    assert "\x1b" not in page(HOSTILE)


def test_the_picture_tells_the_course() -> None:
    """INC-3: points in order of time, the failure marked from its beginning to the end, and all of it in words."""
    drawn = picture(FULL)
    assert [(point.what, point.down) for point in drawn.points] == [
        ("Service affected", True),
        ("Case opened", True),
        (f"{BACK} after 2h 20m", False),
        ("Post-mortem held", False),
    ]
    assert [one.down for one in drawn.stretches] == [True, True, False]
    rooms = [one.to - one.y for one in drawn.stretches]
    assert LEAST <= rooms[0] < rooms[1] < rooms[2] <= MOST
    assert drawn.words.startswith("Service affected, Fri 27 Mar 2026, 13:10 GMT; Case opened, ")
    made = page(FULL)
    assert f'viewBox="0 0 {WIDTH} {drawn.height}" role="img" aria-labelledby="course course-words"' in made
    assert f'<desc id="course-words">{drawn.words}</desc>' in made
    assert made.count('class="down"') == 4


def test_the_shortest_picture() -> None:
    """INC-3: what goes on is drawn up to now."""
    drawn = picture(LITTLE)
    assert [one.down for one in drawn.stretches] == [True]
    assert drawn.points[0].when == "Fri 27 Mar 2026, 13:10 GMT"


@pytest.mark.parametrize("write", [markdown, plain, page])
def test_the_same_report_is_the_same_file(write: object) -> None:
    """INC-3: what is written of a report is a function of it alone."""
    assert callable(write)
    assert write(FULL) == write(FULL)
    assert write(FULL) != write(FULL._replace(started_at=BEGAN.replace(hour=12)))
    assert HARM not in write(FULL)


def test_no_address_becomes_a_link() -> None:
    """INC-3: not in Markdown that makes links of bare addresses, either; what is no address stays as it is."""
    told = markdown(
        FULL._replace(details="See http://evil.example, HTTPS://x.example, www.evil.example; at 12:30.")
    )
    assert r"See http\://evil.example, HTTPS\://x.example, www\.evil.example; at 12:30." in told


def test_who_reads_from_the_right() -> None:
    """INC-3: what people wrote finds its own direction, and leaves the words beside it alone."""
    made = page(FULL)
    assert '<h1 dir="auto">' in made
    assert '<p class="said" dir="auto">' in made
    assert "<bdi>Alert on disk space</bdi>" in made
