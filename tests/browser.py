"""Debian's Chromium without a window, for the tests of pages: opens, measures and pictures them."""

import base64
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

ARTIFACTS: Final = Path(__file__).parents[1] / "build" / "artifacts"
"""Where the screenshots are kept: git leaves it alone."""
SCHEMES: Final = ("light", "dark")
SMALLEST_PX: Final = 12
LEAST_CONTRAST: Final = 4.5
"""What WCAG 2 asks of text."""
LEAST_SHAPE: Final = 3
"""What WCAG 2 asks of the shapes that say something: those of class `says`."""

_MEASURES: Final = """
const light = c => { const l = c.map(v => { v /= 255; return v <= .03928 ? v/12.92 : ((v+.055)/1.055)**2.4 });
  return .2126*l[0] + .7152*l[1] + .0722*l[2] };
const rgb = s => s.match(/[\\d.]+/g).slice(0, 3).map(Number);
const ground = e => { for (; e; e = e.parentElement) { const b = getComputedStyle(e).backgroundColor;
  if (!/, 0\\)$|transparent/.test(b)) return rgb(b) } return [255, 255, 255] };
const ratio = (c, e) => { const a = light(rgb(c)), b = light(ground(e));
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) };
const paint = e => { const s = getComputedStyle(e); return s.stroke === 'none' ? s.fill : s.stroke };
const named = (svg, name) => { const of = (svg.getAttribute(name) || '').split(' ').filter(Boolean);
  return of.length > 0 && of.every(id => (document.getElementById(id) || {textContent: ''}).textContent.trim()) };
const texts = [...document.querySelectorAll('main *')].filter(e =>
  [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !/^(title|desc|style)$/i.test(e.tagName)
  && e.checkVisibility());
const scrolls = e => { for (; e; e = e.parentElement)
  if (/auto|scroll/.test(getComputedStyle(e).overflowX)) return true };
const levels = [...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.tagName[1]));
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
const drawings = [...document.querySelectorAll('svg')];
return {
  wide: document.documentElement.scrollWidth, inner: innerWidth, high: document.documentElement.scrollHeight,
  beyond: texts.filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e)).map(e =>
    e.textContent.slice(0, 40)),
  cut: texts.filter(e => e.closest('svg')).filter(e => { const t = e.getBoundingClientRect(),
    s = e.closest('svg').getBoundingClientRect(); return t.left < s.left - 1 || t.right > s.right + 1 ||
    t.top < s.top - 1 || t.bottom > s.bottom + 1 }).map(e => e.textContent.slice(0, 40)),
  smallest: Math.min(...texts.map(e => { const s = parseFloat(getComputedStyle(e).fontSize);
    const svg = e.closest('svg');
    return svg ? s * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : s })),
  contrast: Math.min(...texts.map(e => ratio(e.closest('svg') ? getComputedStyle(e).fill
    : getComputedStyle(e).color, e))),
  shapes: Math.min(...[...document.querySelectorAll('svg .says')].map(e => ratio(paint(e), e))),
  drawings: drawings.length,
  wordless: drawings.filter(e => e.getAttribute('role') !== 'img' || !named(e, 'aria-labelledby') ||
    !e.querySelector(':scope > title') || !e.querySelector(':scope > desc')).length,
  twice: ids.filter((id, at) => ids.indexOf(id) !== at),
  jumps: levels.filter((level, at) => level > (at ? levels[at - 1] : 0) + 1),
  headless: [...document.querySelectorAll('table')].filter(t => !t.querySelector('th[scope]') ||
    !(t.caption || t.getAttribute('aria-labelledby'))).length,
  fetched: performance.getEntriesByType('resource').map(e => e.name),
};
"""


def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium, driven by its own driver, until the tests of a module are done: `yield from` it in a fixture."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("chromium and chromium-driver are not installed")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    profile = tmp_path_factory.mktemp("profile")
    flags = ["--headless=new", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"]
    # Chromium refuses its sandbox to root.
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    for flag in (*flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield opened
    finally:
        opened.quit()


def looked_at(browser: Any, file: Path, width: int, scheme: str, medium: str = "") -> dict[str, Any]:
    """Open a page at a width and in a colour scheme, on the screen or in `print`: what it measures.

    `wide` and `inner` are equal where nothing scrolls sideways, `beyond` the texts that go past the edge, `cut`
    those that go past their drawing; `smallest` in px, `contrast` of texts, `shapes` of what has the class `says`;
    `wordless` counts drawings without title and description, `headless` tables without caption and headings;
    `twice` ids that stand twice, `jumps` headings that leave out a level, `fetched` what the page asked for.
    """
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = {"media": medium, "features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get(file.as_uri())
    measured: dict[str, Any] = browser.execute_script(_MEASURES)
    return measured


def looks(widths: Sequence[int], turn: int) -> list[tuple[int, str]]:
    """Each width in one colour scheme, by turns: the width decides the layout and the scheme the colours.

    With CARE_EVERY=1 each width in each scheme.
    """
    if os.environ.get("CARE_EVERY") == "1":
        return [(width, scheme) for width in widths for scheme in SCHEMES]
    return [(width, SCHEMES[(place + turn) % len(SCHEMES)]) for place, width in enumerate(widths)]


def keep(browser: Any, name: str, width: int, high: int) -> Path:
    """Keep a picture of the whole page in `build/artifacts`."""
    clip = {"x": 0, "y": 0, "width": width, "height": high, "scale": 1}
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    return _kept(f"{name}.png", shot["data"])


def printed(browser: Any, name: str) -> Path:
    """Keep the page as it comes out of a printer, A4, as a PDF in `build/artifacts`."""
    paper = {"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": False, "preferCSSPageSize": True}
    return _kept(f"{name}.pdf", browser.execute_cdp_cmd("Page.printToPDF", paper)["data"])


def legible(seen: dict[str, Any], kept: Path) -> None:
    """Hold what was measured against what every page owes its readers; says where the picture is."""
    assert (seen["wide"], seen["beyond"], seen["cut"]) == (seen["inner"], [], []), kept
    assert seen["smallest"] >= SMALLEST_PX, kept
    assert seen["contrast"] >= LEAST_CONTRAST, kept
    assert seen["shapes"] is None or seen["shapes"] >= LEAST_SHAPE, kept
    assert (seen["wordless"], seen["headless"], seen["twice"], seen["jumps"]) == (0, 0, [], []), kept
    assert seen["fetched"] == [], kept


def _kept(name: str, data: str) -> Path:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    kept = ARTIFACTS / name
    kept.write_bytes(base64.b64decode(data))
    return kept
