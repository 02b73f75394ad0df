"""Tables as CSV that spreadsheets open rightly: BOM, semicolons, and no cell that runs as a formula (pure)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_BOM: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The whole file; Indonesian spreadsheets expect semicolons, because the comma separates decimals."""
    return "".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same file line by line, for one that may be long."""
    yield _BOM + _line(header)
    yield from map(_line, rows)


def _line(row: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerow([defused(cell) for cell in row])
    return written.getvalue()


def defused(cell: object) -> str:
    """The cell as text; what a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
