"""Why a file as a whole cannot be read, and how much of one is."""

from __future__ import annotations

from typing import Final

from agencies.errors import ActRefused

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file."""
MOST_ROWS: Final = 100_000
"""Rows of a table, be they empty."""
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 2_000_000
"""Rows times columns, be the cells empty: 20,000 rows of 100 columns, as whole exports of personnel have them. At the
bound, with every cell another, a file takes the process that serves pages 0.25 GB, and a workbook some ten seconds."""
MOST_FAULTS: Final = 10_000
"""Faults that are listed of one file; those that follow are counted, with the rows in which they stand."""


class FileRefused(ActRefused):
    """A file that cannot be read, with the way out; the message belongs to the field `file`."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "file")
