"""The proof as one HTML page: what stands on it, and how it looks in a real browser (TICK-3, SLA-9)."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from browser import chromium, keep, legible, looked_at, looks, printed
from explanations import exempted, explanation, pinned, rebase
from notation import history, when

from carecli.domain.ledger import Explanation
from carecli.domain.ledger_causes import Numbered, Under
from carecli.domain.ledger_deadlines import deadline_ledger, deadline_stories
from carecli.domain.vocabulary import CaseType, Metric, Plan
from carecli.render.explain_page import page
from carecli.render.explain_picture import MOST_ROWS, picture

ZONE: Final = "America/New_York"
WIDTHS: Final = (400, 1_200)
OFFICE: Final = pinned(
    ZONE, "Mon-Fri 09:00-12:30 13:15-17:00", {"2026-03-04": "Founders' Day", "2026-03-05": "closed"}
)
HOSTILE: Final = "</p><script>alert(1)</script> {{ 7*7 }} \x1b[31mred\u202e" + "W" * 400


def clock(*lines: str, at: str, plan: Plan = Plan.BUSINESS_CARE) -> Explanation:
    desk = history(*lines, under=OFFICE.rules, plan=plan, zone=ZONE)
    return explanation(desk, OFFICE, when(at, ZONE))


def with_exemptions(reason: str) -> Explanation:
    """Late by the record, in time without two days in which the customer's own line was down."""
    lines = ("Mon 09:30 opened high", "Mon 14:00 asked", "Tue 10:00 answered", "Mon+1 16:00 restored")
    desk = history(*lines, under=OFFICE.rules, plan=Plan.BUSINESS_CARE, zone=ZONE)
    exempted(desk, "Tue 12:00", "Mon+1 12:00", reason, at="Tue+1 09:00")
    exempted(desk, "Mon 09:00", "Mon 11:00", "A storm.", at="Tue+1 09:10", metric=Metric.RESPONSE)
    return explanation(desk, OFFICE, when("Wed+1 10:00", ZONE))


def with_other_rules() -> Explanation:
    """A case that came under other rules when its first answer was given."""
    long_days = pinned(ZONE, "Mon-Sat 08:00-20:00", under=Under("policy-2", "calendar-2"))
    lines = ("Mon 09:30 opened medium", "Mon 10:00 investigated", "Mon 11:00 replied", "Tue 09:00 priority high")
    desk = history(*lines, under=OFFICE.rules, plan=Plan.BUSINESS_CARE, zone=ZONE)
    rebase(desk, OFFICE, long_days, when("Tue 12:00", ZONE))
    return explanation(desk, OFFICE, when("Wed 09:00", ZONE), later={long_days.under: long_days})


def with_deadlines() -> Explanation:
    """A change request, acknowledged in time and decided on too late."""
    lines = ("Mon 09:30 opened medium", "Mon 16:00 acknowledged", "Tue+1 10:00 tick")
    desk = history(*lines, under=OFFICE.rules, zone=ZONE, type_=CaseType.SERVICE_REQUEST, subtype="change-request")
    at = when("Tue+1 10:00", ZONE)
    told = [Numbered(event, seq) for seq, event in enumerate(desk.events, 1)]
    known = deadline_stories(told, lambda *_: OFFICE.rules)
    return Explanation(desk.case, OFFICE, at, (), tuple(deadline_ledger(story, OFFICE, at) for story in known))


PAGES: Final = {
    "deadlines": with_deadlines(),
    "usual": clock(
        "Mon 09:30 opened high", "Mon 10:00 replied", "Mon 15:00 asked", "Tue 11:00 answered", at="Fri 10:00"
    ),
    "minutes": clock("Mon 23:50 opened critical", "Tue 00:02 replied", at="Tue 00:04"),
    "exempted": with_exemptions("The customer's own line was down until Monday noon, as they told us."),
    "hostile": with_exemptions(HOSTILE),
    "other-rules": with_other_rules(),
    "a-year-late": clock("Mon 09:30 opened low", "Mon+52 10:00 tick", at="Mon+52 10:00"),
    "nothing": explanation(
        history("Mon 09:30 opened high", under=OFFICE.rules, zone=ZONE, type_=CaseType.ADMIN),
        OFFICE,
        when("Tue 09:00"),
    ),
}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    yield from chromium(tmp_path_factory)


@pytest.mark.parametrize("name", PAGES)
def test_it_opens_in_a_browser(browser: Any, tmp_path: Path, name: str) -> None:
    """TICK-3: no word in the console, nothing to scroll sideways at 400 px, legible in any light."""
    file = tmp_path / f"{name}.html"
    file.write_text(page(PAGES[name], ZONE), encoding="utf-8")
    for width, scheme in looks(WIDTHS, list(PAGES).index(name)):
        seen = looked_at(browser, file, width, scheme)
        legible(seen, keep(browser, f"explain-{name}-{width}-{scheme}", width, seen["high"]))
    seen = looked_at(browser, file, 800, "dark", "print")
    legible(seen, printed(browser, f"explain-{name}"))
    assert seen["drawings"] == page(PAGES[name], ZONE).count("<svg ")
    assert browser.get_log("browser") == []


class Text(HTMLParser):
    """The words of each table's cells, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.open = False
        self.feed(html)

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        self.open = tag in {"td", "th", "a", "span", "br"}

    def handle_data(self, data: str) -> None:
        """Take what stands in a cell."""
        if self.open and self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data.strip("\n")


def seconds(text: str) -> int:
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


@pytest.mark.parametrize("name", ["usual", "minutes", "exempted", "other-rules", "a-year-late"])
def test_its_tables_add_up(name: str) -> None:
    """TICK-3: the column Counted, added up to the row DUE, is the allowance that the table's foot names."""
    summary, *tables = Text(page(PAGES[name], ZONE)).tables
    assert summary[1][0] == "Response"
    assert tables
    for table in tables:
        assert table[0] == ["Day", "Time", "Why", "Counted", "Sum"]
        total = 0
        for _, _, why, counted, at_hand in table[1:-1]:
            total += seconds(counted) if counted else 0
            assert seconds(at_hand) == total
            if why == "DUE":
                due = total
        (foot,) = table[-1]
        told = re.match(r"it adds up: ([\d:]+) counted by the due time, the allowance of ([\d:]+) ", foot)
        assert told, foot
        assert {seconds(told[1]), seconds(told[2])} == {due}


def test_both_results_stand_side_by_side() -> None:
    """SLA-9: by the record and adjusted, with what is exempted, by whom and why."""
    shown = unescape(page(PAGES["exempted"], ZONE))
    words = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    assert (
        "By the record met 2026-03-09 16:00 EDT, 3d TOO LATE Adjusted for what is exempted met 2026-03-09" in words
    )
    assert "(#11 exempted), by sam@desk.example: The customer's own line was down until Monday noon" in words
    assert words.count("by the clock of America/New_York") >= 6


def test_the_same_is_the_same_bytes() -> None:
    """RPT-1: the same proof makes the same page."""
    assert page(with_exemptions("x"), ZONE) == page(with_exemptions("x"), ZONE)


def test_what_people_wrote_is_text() -> None:
    """MAIL-5: no markup, escape sequence or mark of direction of a stranger's is obeyed; nothing is loaded."""
    shown = page(PAGES["hostile"], ZONE)
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} red" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    assert not re.search(r"(?:src|href)=\"(?!#)", shown)
    assert "default-src 'none'" in shown


def test_the_policy_is_quoted() -> None:
    """TICK-3: the lines of the policy that a clock goes by stand there with what they say."""
    shown = unescape(page(PAGES["usual"], ZONE))
    assert "<code>targets.business-care.high.restoration</code></dt><dd>2bd: 2 business days</dd>" in shown
    assert "<code>severity.high</code></dt><dd>Job functions can be performed, but" in shown
    assert "<code>sla.pause</code></dt><dd>Awaiting Info</dd>" in shown


def test_rules_that_came_later() -> None:
    """SLA-8: what was met before a rebasing is told by the older hours, what runs on says what changed."""
    words = " ".join(re.sub(r"<[^>]+>", " ", unescape(page(PAGES["other-rules"], ZONE))).split())
    before = "counted by Mon-Fri 09:00-12:30 13:15-17:00, by the clock of America/New_York; policy policy-hash"
    assert f"{before}, before the rebasing" in words
    assert "rules Tue 03-03 12:00 rebased (#6 rebased), policy policy-hash to policy-2" in words
    assert "2bd was due Mon 03-09 09:00, 2bd is Thu 03-05 09:00" in words


def test_the_picture_in_words() -> None:
    """TICK-3: whom the picture does not reach hears what is in it."""
    proof = PAGES["exempted"].ledgers[1].adjusted
    assert proof
    made = picture("x", "Restoration", proof, ZONE)
    assert made.words == (
        "counted from Mon 2026-03-02 09:30 EST; paused 20:00:00; exempted 143:00:00; met Mon 2026-03-09 16:00 EDT;"
        " warns Tue 2026-03-10 09:52:30 EDT; due Tue 2026-03-10 14:15 EDT; 14:30:00 counted by the due time."
        " The table below has every stretch."
    )
    kinds = {box.kind for box in made.boxes}
    assert {"counts says", "paused says", "exempt says", "closed says", "grid"} <= kinds


def test_a_year_fits() -> None:
    """TICK-3: of a clock that is a year late the picture shows the days around what happened, and a sum."""
    made = picture("x", "Response", PAGES["a-year-late"].ledgers[0], ZONE)
    days = [label.text for label in made.labels if re.match(r"\w{3} \d\d-\d\d$", label.text)]
    assert len(days) < MOST_ROWS
    assert any(re.fullmatch(r"\d+ days, [\d:]+ counted", label.text) for label in made.labels)
    assert made.height < 500
