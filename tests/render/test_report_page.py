"""A report's page: every figure in its picture, in its table, and with its cases (RPT-1)."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from render.made_reports import ALL, BAD, FULL, HOSTILE, MUCH, NOTHING, UNTIL

from carecli.domain.report import Report, Tally
from carecli.domain.report_spread import Spread
from carecli.render.report import tables
from carecli.render.report.page import MOST_BREACHES, page
from carecli.render.report.tables import Entry

ZONE = "Europe/London"


class Read(HTMLParser):
    """What a page is made of: its tags, and the text of its tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins, and a row or a place of a table may."""
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.cells.append([])
        if tag in {"td", "th"}:
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """What follows a table stands in none of its places."""
        if tag == "table":
            self.cells.append([])

    def handle_data(self, data: str) -> None:
        """A text, of a place where one has begun."""
        if self.cells and self.cells[-1]:
            self.cells[-1][-1] += f" {data.strip()}" if data.strip() else ""

    def rows(self) -> list[list[str]]:
        """The rows of all tables."""
        return [[cell.strip() for cell in row] for row in self.cells if row]


def words(text: str) -> list[str]:
    return [unescape(found) for found in re.findall(r"<desc[^>]*>(.*?)</desc>", text, re.DOTALL)]


def test_a_figure_is_in_its_picture_and_in_its_table() -> None:
    """RPT-1: 93.3 % of restorations, 236 of 253, against a goal of 95 %; 96.0 % without the exempted time."""
    text = page(FULL, ZONE)
    assert words(text)[0] == (
        "Response 97.2 %, 318 of 327; "
        "Restoration 93.3 %, 236 of 253, below the goal of 95 %, adjusted 96.0 %; "
        "Resolution 98.0 %, 199 of 203, adjusted 98.5 %"
    )
    row = ["Restoration goal 95 %", "93.3 % 236 of 253", "236", "17", "4", "6", "12", "96.0 % 243 of 253"]
    assert row in Read(text).rows()


def test_every_row_of_every_table_is_told() -> None:
    """RPT-1: a page prints its own data: rows by name, with kept and decided beside every percentage."""
    rows = Read(page(FULL, ZONE)).rows()
    for told in (
        "2026-03|63|93.7 % 59 of 63|86.8 % 46 of 53 adjusted 98.1 %|95.2 % 40 of 42 adjusted 97.6 %",
        "Care|Low|31|90.3 % 28 of 31|–|–",
        "Umbra Rail|49|97.8 % 45 of 46 2 undecided|96.9 % 31 of 32 3 undecided|100.0 % 26 of 26 4 undecided",
        "nobody|23|95.0 % 19 of 20 2 undecided|84.6 % 11 of 13 3 undecided|100.0 % 6 of 6 4 undecided",
        "3-7d|14|7|4|0|3",
        "Awaiting Info|160|233d 8h|1d 2h|5d",
        "closed by the ladder|9|52",
        "0000000002 Voicemail is empty|Harbor Clinic nobody|Low Business Care|Response 2bd|2026-02-01 15:20|5h 2m",
    ):
        wanted = told.split("|")
        assert wanted in rows, wanted


def test_the_population_is_stated() -> None:
    """RPT-1: how many cases, and what is paused, exempt and still open; the page says what it is as of."""
    text = unescape(page(FULL, ZONE))
    for line in (
        "849 clocks: 753 kept, 30 missed, 27 still running, 16 paused, 23 cancelled",
        "45 open, 9 of them waiting for the customer; 288 closed; 6 without clocks",
        "Time is exempted in 3 cases: adjusted, 8 clocks fewer missed",
        "As of 2026-07-03 09:30 BST; policy default 1a2b3c4d; periods in Europe/London",
        "Every case that is open at the moment of this report, whenever it was opened.",
    ):
        assert line in text, line
    assert '<h1 dir="auto">Cases opened from 1\xa0January to 30\xa0June 2026</h1>' in text


def test_the_title_says_the_days_where_they_are_whole() -> None:
    """RPT-1: a page of one day, of a part of one, and of everything."""
    one = FULL.asked._replace(since=UNTIL - timedelta(days=1))
    assert "Cases opened on 30\xa0June 2026" in page(FULL._replace(asked=one), ZONE)
    part = one._replace(until=UNTIL - timedelta(hours=1))
    assert "Cases opened 2026-06-30 00:00 BST or later" in page(FULL._replace(asked=part), ZONE)
    assert "<title>Service report: All cases</title>" in page(NOTHING, ZONE)


def test_every_figure_leads_to_its_cases() -> None:
    """RPT-1: the numbers behind each figure stand under it; those of missed promises lead to the promise."""
    text = page(FULL, ZONE)
    assert '<dt dir="auto">2026-01: response, missed</dt>' in text
    assert text.count('<tr id="case-0000000001">') == 1
    assert '<a href="#case-0000000001">0000000001</a>' in text
    for name in ("Information asked, standing", "3-7d", "Northwind: restoration, undecided"):
        assert f'<dt dir="auto">{name}</dt>' in text, name
    for target in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{target}"' in text


def test_counted_time_has_no_days() -> None:
    """RPT-1: what a clock counted is told in hours: 4d 11h of business time would be no 4 days of anybody's."""
    long = Spread(1, 107 * 3_600 + 660, 107 * 3_600 + 660)
    told = FULL._replace(overall=(FULL.overall[0]._replace(elapsed=long, counted=long),))
    assert tables.durations(told).rows[0] == (
        Entry("Response"),
        Entry("1"),
        *(Entry("4d 11h"), Entry("4d 11h")),
        *(Entry("107h 11m"), Entry("107h 11m")),
    )


def test_much_is_counted_and_not_cut_in_silence() -> None:
    """RPT-1: a long list says how long it is; a picture of many rows draws those with the most clocks."""
    text = page(MUCH, ZONE)
    assert f"The first {MOST_BREACHES:,} of 1,203;" in text
    assert text.count(' id="case-') == MOST_BREACHES
    assert "Drawn are the 12 rows with the most clocks; the table has all 60." in text
    assert "Account 059" in text
    longer = tables.listed("x", range(1, 131))
    assert [(len(one.numbers), one.more) for one in longer] == [(100, 30)]


def test_another_policy_stands_beside() -> None:
    """SLA-8: what would have been under another policy has a mark, a column and its name."""
    text = page(MUCH, ZONE)
    assert "under the other policy 91.7 %" in words(text)[0]
    assert "tried: policy lenient 99aa88bb" in text
    assert "Other policy" not in page(FULL, ZONE)


def test_rounding_hides_no_miss() -> None:
    """SLA-7: 95.0 % that is below the goal says so."""
    near = FULL.overall[1]._replace(raw=Tally(18_999, 1_001), adjusted=Tally(18_999, 1_001))
    text = unescape(page(FULL._replace(overall=(near,)), ZONE))
    assert "<95.0 %" in text
    assert "goal 95\xa0% not reached" in text


def test_nothing_makes_a_page_too() -> None:
    """RPT-1: of no cases there are no pictures, and no figure that was made up."""
    text = page(NOTHING, ZONE)
    assert "<svg" not in text
    assert " %<" not in text
    assert "None." in text


@pytest.mark.parametrize("name", ALL)
def test_it_needs_nothing_else(name: str) -> None:
    """RPT-1: one file: no script, nothing fetched, and a policy that would refuse both."""
    text = page(ALL[name], ZONE)
    tags = Read(text).tags
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in tags}
    for tag, attributes in tags:
        assert not {"src", "srcset", "data", "action", "style"} & set(attributes), (tag, attributes)
        assert not [key for key in attributes if key.startswith("on")], (tag, attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in text
    assert "@import" not in text
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": policy}) in tags


@pytest.mark.parametrize("name", ALL)
def test_every_picture_has_its_words(name: str) -> None:
    """RPT-1: each picture is named and told in words, and stands beside a table with a caption and headings."""
    tags = Read(page(ALL[name], ZONE)).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    pictures = [attributes for tag, attributes in tags if tag == "svg"]
    for picture in pictures:
        assert picture["role"] == "img"
        assert set((picture["aria-labelledby"] or "").split()) <= set(ids)
    count = [tag for tag, _ in tags].count
    assert count("title") == len(pictures) + 1
    assert count("desc") == len(pictures)
    assert count("table") == count("caption") >= len(pictures)


def test_what_people_wrote_is_text() -> None:
    """RPT-1: a subject or an account's name neither becomes a tag nor turns the line around."""
    text = page(HOSTILE, ZONE)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    for sign in ("\x1b", "\u202e", "\0"):
        assert sign in BAD + str(HOSTILE.breaches[2].owner)
        assert sign not in text


AGAIN = """
import hashlib
from render.made_reports import ALL
from carecli.render.report.page import page
from carecli.render.report.workbook import workbook
for report in ALL.values():
    print(hashlib.sha256(page(report, "Europe/London").encode()).hexdigest())
    print(hashlib.sha256(workbook(report, "Europe/London")).hexdigest())
"""


def printed(**environment: str) -> list[str]:
    paths = os.pathsep.join(path for path in sys.path if path)
    known = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "PYTHONPATH": paths}
    asked = [sys.executable, "-c", AGAIN]
    ran = subprocess.run(asked, env=known | environment, capture_output=True, text=True, check=True)
    return ran.stdout.split()


def test_the_same_report_is_the_same_bytes() -> None:
    """RPT-1: page and workbook, whatever the machine's zone, its language and its order of sets."""
    one = printed(TZ="UTC", LANG="C.UTF-8", PYTHONHASHSEED="1")
    two = printed(TZ="Asia/Tokyo", LANG="de_DE.UTF-8", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="4711")
    assert one == two
    assert len(set(one)) == 2 * len(ALL)


def test_another_figure_is_another_page() -> None:
    """RPT-1: the bytes are those of the figures."""
    other: Report = FULL._replace(overall=FULL.overall[:2])
    assert page(other, ZONE) != page(FULL, ZONE) == page(FULL, ZONE)
