"""Where the system's Chromium is: Playwright's own cannot be downloaded everywhere."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The path at CHROMIUM_PATH, or the first known name on the PATH."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)
