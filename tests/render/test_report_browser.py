"""The report's page in a real browser: silent, legible at every width, in light, dark and print (RPT-1)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, keep, legible, looked_at, looks, printed
from render.made_reports import ALL, FULL

from carecli.render.report.page import page

ZONE = "Europe/London"
WIDTHS = (400, 1_200)
HIGHEST = 12_000
"""A picture of a longer page is cut there."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Debian's Chromium without a window, driven by its own driver."""
    yield from chromium(tmp_path_factory)


def written(folder: Path, text: str) -> Path:
    file = folder / "report.html"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ALL)
def test_it_opens_in_a_browser(browser: Any, tmp_path: Path, name: str) -> None:
    """RPT-1: no word in the console, nothing fetched, nothing to scroll sideways, every picture named in words."""
    report = ALL[name]._replace(breaches=ALL[name].breaches[:60])
    file = written(tmp_path, page(report, ZONE))
    for width, scheme in looks(WIDTHS, list(ALL).index(name)):
        seen = looked_at(browser, file, width, scheme)
        legible(seen, keep(browser, f"report-{name}-{width}-{scheme}", width, min(HIGHEST, seen["high"])))
        assert seen["drawings"] == (0 if name == "nothing" else 8 if name == "full" else 6)
    assert browser.get_log("browser") == []


def test_it_prints(browser: Any, tmp_path: Path) -> None:
    """RPT-1: on paper it is black on white, with all of its tables and nothing that scrolls."""
    file = written(tmp_path, page(FULL, ZONE))
    seen = looked_at(browser, file, 680, "dark", "print")
    legible(seen, keep(browser, "report-full-680-print", 680, seen["high"]))
    ground = "return getComputedStyle(document.body).backgroundColor"
    assert browser.execute_script(ground) == "rgb(255, 255, 255)"
    wide = "return [...document.querySelectorAll('.data')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert browser.execute_script(wide) == 0
    assert printed(browser, "report-full").read_bytes().startswith(b"%PDF")


def test_a_drawing_is_announced_with_its_words(browser: Any, tmp_path: Path) -> None:
    """RPT-1: what a screen reader is given for a picture is its title, and its figures as a description."""
    looked_at(browser, written(tmp_path, page(FULL, ZONE)), 1_200, "light")
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    images = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") in {"image", "img"}]
    assert len(images) == 8
    assert images[0].startswith("Promises kept, by clock Response 97.2 %, 318 of 327; Restoration 93.3 %")
    regions = [node for node in nodes if node.get("role", {}).get("value") == "table"]
    assert {node["name"]["value"] for node in regions} >= {"Clocks by outcome", "Open cases by age and status"}


def test_the_cases_behind_a_figure_are_reached(browser: Any, tmp_path: Path) -> None:
    """RPT-1: without a script, a list of case numbers opens, and a number leads to its missed promise."""
    looked_at(browser, written(tmp_path, page(FULL, ZONE)), 1_200, "light")
    browser.find_element("css selector", "#overall-heading ~ .sheet summary").click()
    link = browser.find_element("css selector", "#overall-heading ~ .sheet details a")
    link.click()
    assert browser.current_url.endswith("#case-" + link.text)
    shown = "return document.querySelector(':target').getBoundingClientRect().top < innerHeight"
    assert browser.execute_script(shown)
    assert browser.get_log("browser") == []
