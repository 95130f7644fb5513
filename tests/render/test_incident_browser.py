"""The report's page in a real browser: it opens without a complaint, and fits a telephone (INC-3)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from browser import SCHEMES, chromium, keep, legible, looked_at
from render.reports import FULL, HOSTILE, LITTLE

from carecli.domain.incident_report import Report
from carecli.render.incident_report_page import page

WIDTHS: Final = (400, 1_000)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Debian's Chromium without a window, driven by its own driver."""
    yield from chromium(tmp_path_factory)


@pytest.mark.parametrize(
    ("name", "report"),
    [("full", FULL), ("little", LITTLE), ("hostile", HOSTILE)],
    ids=["full", "little", "hostile"],
)
def test_it_opens_in_a_browser(browser: Any, tmp_path: Path, name: str, report: Report) -> None:
    """INC-3: no word in the console, nothing to scroll sideways at 400 px, legible in light and dark."""
    file = tmp_path / f"{name}.html"
    file.write_text(page(report), encoding="utf-8")
    for width in WIDTHS:
        for scheme in SCHEMES:
            seen = looked_at(browser, file, width, scheme)
            legible(seen, keep(browser, f"incident-report-{name}-{width}-{scheme}", width, seen["high"]))
    assert browser.get_log("browser") == []
    assert browser.title.startswith("Incident report: ")


def test_the_console_is_heard(browser: Any, tmp_path: Path) -> None:
    """INC-3: the console that is silent above is one that tells of a page's errors."""
    file = tmp_path / "wrong.html"
    file.write_text("<!DOCTYPE html><title>x</title><script>nowhere()</script>", encoding="utf-8")
    browser.get(file.as_uri())
    assert "nowhere is not defined" in str(browser.get_log("browser"))


def test_the_schemes_differ(browser: Any, tmp_path: Path) -> None:
    """INC-3: who prefers a dark screen has one, and paper is white all the same."""
    file = tmp_path / "report.html"
    file.write_text(page(FULL), encoding="utf-8")
    ground = "return getComputedStyle(document.body).backgroundColor"
    seen = {}
    for scheme in SCHEMES:
        looked_at(browser, file, WIDTHS[0], scheme)
        seen[scheme] = browser.execute_script(ground)
    assert seen == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 30)"}
    printed = {"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", printed)
    assert browser.execute_script(ground) == "rgb(255, 255, 255)"
