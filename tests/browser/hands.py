"""Two ways of working a page: by mouse, and by keyboard alone, where all that is used must be reachable and seen."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import FilePayload, Locator, Page

from tests.browser.test_forms import Keyboard


class Hand(Protocol):
    """What a person does to the parts of a page."""

    def follow(self, wanted: Locator) -> None:
        """Activate a link or a button, and see the page it leads to."""

    def choose(self, field: Locator, place: int) -> None:
        """Take the answer at a place, counted from 0, of the radio buttons or the list of a question."""

    def write(self, field: Locator, text: str) -> None:
        """Write into a field that is empty."""

    def hand_in(self, field: Locator, file: FilePayload) -> None:
        """Choose a file."""


class Mouse:
    """Points and clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, wanted: Locator) -> None:
        with self.page.expect_navigation():
            wanted.click()

    def choose(self, field: Locator, place: int) -> None:
        if is_list(field):
            field.select_option(index=place)
        else:
            field.nth(place).check()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def hand_in(self, field: Locator, file: FilePayload) -> None:
        field.set_input_files(file)


class KeyboardAlone:
    """Never touches the mouse: the Tab key leads to everything."""

    def __init__(self, page: Page) -> None:
        self.page, self.keyboard = page, Keyboard(page)
        # The browser hands a choice of files over from the first listener on; one added with the key may come too late.
        page.on("filechooser", lambda _chooser: None)

    def follow(self, wanted: Locator) -> None:
        self.keyboard.enter(wanted)

    def choose(self, field: Locator, place: int) -> None:
        self.keyboard.reach(field.first)
        if is_list(field):
            self._step(place)
        elif field.first.evaluate("one => one.closest('[data-question]') !== null"):
            self.page.keyboard.press(str(place + 1))  # on a sheet the number of an answer chooses it
        else:
            self.page.keyboard.press("Space")
            self._step(place)

    def _step(self, places: int) -> None:
        for _place in range(places):
            self.page.keyboard.press("ArrowDown")

    def write(self, field: Locator, text: str) -> None:
        self.keyboard.reach(field)
        self.page.keyboard.type(text)

    def hand_in(self, field: Locator, file: FilePayload) -> None:
        self.keyboard.reach(field)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)


def is_list(field: Locator) -> bool:
    """Whether a question is answered from a list that opens."""
    listed: bool = field.first.evaluate("one => one.tagName === 'SELECT'")
    return listed
