"""The report's page in a real browser: it opens without a complaint, and fits a telephone (INC-3)."""

import base64
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from render.reports import FULL, HOSTILE, LITTLE

from carecli.domain.incident_report import Report
from carecli.render.incident_report_page import page

ARTIFACTS: Final = Path(__file__).parents[2] / "build" / "artifacts"
"""Where the screenshots are kept: git leaves it alone."""
WIDTHS: Final = (400, 1_000)
SCHEMES: Final = ("light", "dark")
SMALLEST_PX: Final = 12
LEAST_CONTRAST: Final = 4.5
"""What WCAG 2 asks of text."""

MEASURES: Final = """
const light = c => { const l = c.map(v => { v /= 255; return v <= .03928 ? v/12.92 : ((v+.055)/1.055)**2.4 });
  return .2126*l[0] + .7152*l[1] + .0722*l[2] };
const rgb = s => s.match(/[\\d.]+/g).slice(0, 3).map(Number);
const ground = e => { for (; e; e = e.parentElement) { const b = getComputedStyle(e).backgroundColor;
  if (!/, 0\\)$|transparent/.test(b)) return rgb(b) } return [255, 255, 255] };
const texts = [...document.querySelectorAll('main *')].filter(e =>
  [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !/^(title|desc)$/i.test(e.tagName));
return {
  wide: document.documentElement.scrollWidth, inner: innerWidth, high: document.documentElement.scrollHeight,
  beyond: texts.filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.textContent.slice(0, 40)),
  smallest: Math.min(...texts.map(e => { const s = parseFloat(getComputedStyle(e).fontSize);
    const svg = e.closest('svg');
    return svg ? s * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : s })),
  contrast: Math.min(...texts.map(e => { const s = getComputedStyle(e);
    const a = light(rgb(e.closest('svg') ? s.fill : s.color)), b = light(ground(e));
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) })),
};
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Debian's Chromium without a window, driven by its own driver."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("chromium and chromium-driver are not installed")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    profile = tmp_path_factory.mktemp("profile")
    flags = ["--headless=new", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"]
    # Chromium refuses its sandbox to root.
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    for flag in (*flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield opened
    opened.quit()


def looked_at(browser: Any, file: Path, width: int, scheme: str) -> dict[str, Any]:
    """Open a page at a width and in a colour scheme: what it measures."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get(file.as_uri())
    measured: dict[str, Any] = browser.execute_script(MEASURES)
    return measured


def keep(browser: Any, name: str, width: int, high: int) -> Path:
    """Keep a picture of the whole page."""
    clip = {"x": 0, "y": 0, "width": width, "height": high, "scale": 1}
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    kept = ARTIFACTS / f"{name}.png"
    kept.write_bytes(base64.b64decode(shot["data"]))
    return kept


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
            kept = keep(browser, f"incident-report-{name}-{width}-{scheme}", width, seen["high"])
            assert (seen["wide"], seen["inner"], seen["beyond"]) == (width, width, []), kept
            assert seen["smallest"] >= SMALLEST_PX, kept
            assert seen["contrast"] >= LEAST_CONTRAST, kept
            assert kept.read_bytes().startswith(b"\x89PNG")
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
