"""What a page looks like to the rules of accessibility, on a wide screen by day and on a phone by night."""

from __future__ import annotations

from typing import Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
SCREENS: Final[tuple[tuple[ViewportSize, Literal["light", "dark"]], ...]] = ((WIDE, "light"), (PHONE, "dark"))

_AXE: Final = Axe().axe_script
# Without `preload` axe fetches no style sheet a second time; only an experimental rule would need it.
_FAULTS: Final = """axe.run({resultTypes: ["violations"], preload: false}).then(found => {
    const faults = found.violations.map(
        one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.target.join(" ")).join(", "));
    const headings = document.querySelectorAll("h1").length;
    if (headings !== 1) faults.push(headings + " h1");
    if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the screen");
    return faults;
})"""


def faults(page: Page) -> list[str]:
    """What is wrong with a page as it stands: the rules of WCAG 2.2 AA and good practice, one h1, and its width."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found: list[str] = page.evaluate(_FAULTS)
    return found


def faults_by_day_and_night(page: Page) -> list[str]:
    """The faults of a page wide and light, then on a phone and dark, without opening it again."""
    found = []
    for size, scheme in SCREENS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {fault}" for fault in faults(page)]
    return found
