"""Why a file as a whole cannot be read, and how much of one is."""

from __future__ import annotations

from typing import Final

from agencies.errors import ActRefused

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file."""
MOST_ROWS: Final = 100_000
"""Rows of a table, be they empty."""
MOST_COLUMNS: Final = 200


class FileRefused(ActRefused):
    """A file that cannot be read, with the way out; the message belongs to the field `file`."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "file")
