"""Tables as CSV that spreadsheets open rightly: BOM, semicolons, and no cell that runs as a formula (pure)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

_BOM: Final = "\ufeff"
"""Without it, spreadsheets read UTF-8 as the code page of the machine."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet compute a cell: the signs, what it skips before them, and their wide forms."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The whole file; Indonesian spreadsheets expect semicolons, because the comma separates decimals."""
    return "".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same file line by line, for one that may be long."""
    yield _BOM + _line(header)
    yield from map(_line, rows)


def _line(row: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow([_cell(cell) for cell in row])
    return written.getvalue()


def _cell(cell: object) -> str:
    """A number stays one, a negative one too; its decimals stand after a comma."""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return str(cell) if isinstance(cell, int) else defused(cell)


def defused(cell: object) -> str:
    """The cell as text; what a spreadsheet would take for a formula gets an apostrophe before it.

    A text that already begins so gets another, so that `restored` gives back exactly what was there.
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if _would_run(text) else text


def restored(text: str) -> str:
    """What `defused` was given; imports read their cells through it, so that an exported text comes back as it was."""
    return text[1:] if text.startswith("'") and _would_run(text) else text


def _would_run(text: str) -> bool:
    return text.lstrip("' ").startswith(_FORMULA)
