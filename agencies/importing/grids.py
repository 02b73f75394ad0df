"""A file as rows of cells, whatever wrote it: XLSX or CSV told apart by content, never by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from agencies.importing.refusals import LARGEST, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, FileRefused
from agencies.importing.tables import BadCell, Cell, Record
from agencies.importing.text_files import recognised, records_of
from agencies.importing.workbooks import read_workbook, too_large

_ARCHIVE: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF: Final = b"%PDF-"
_BEGINNING: Final = 1024
"""Bytes among which readers of PDF look for its sign."""
XLSX: Final = "XLSX"
"""How a workbook is written."""
_SEPARATORS: Final = {";": ";", ",": ",", "\t": "Tab"}


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet; `rows[0]` is what people call row 1. `written` says how the file was written."""

    rows: list[list[Cell]]
    written: str
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    merged: tuple[tuple[int, int, str], ...] = ()

    def headings(self, row: int) -> list[str]:
        """The texts of a row, without the empty cells at its end; empty for a row that is not there."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return [cell.strip() if isinstance(cell, str) else "" for cell in trimmed(cells)]

    def records(self, header_row: int) -> Iterator[Record]:
        """The rows below the headings with their numbers; a cell merged with others says so."""
        merged = self._merged_from(header_row)
        for number, cells in enumerate(self.rows[header_row:], header_row + 1):
            record = trimmed(cells)
            for column, named in merged.get(number, ()):
                record = [*record, *[""] * (column + 1 - len(record))]
                record[column] = BadCell(_merged_sentence(), {"cells": named})
            yield number, record

    def _merged_from(self, header_row: int) -> dict[int, list[tuple[int, str]]]:
        """Column and name of each range of merged cells that begins in a row below the headings."""
        found: dict[int, list[tuple[int, str]]] = {}
        for row, column, named in self.merged:
            if row >= header_row:
                found.setdefault(row + 1, []).append((column, named))
        return found

    def count(self, header_row: int) -> int:
        """How many rows below the headings hold anything."""
        return sum(1 for cells in self.rows[header_row:] if any(cells))


def opened(content: bytes, sheet: str = "") -> Grid:
    """The rows of a file. Raises FileRefused, with the way out, for one that cannot be read."""
    if len(content) > LARGEST:
        message = _("The file is larger than %(size)d MB; split it, or leave out columns that are not needed.")
        raise FileRefused(message % {"size": LARGEST // 1024 // 1024})
    if not content.strip():
        raise FileRefused(_("The file is empty; choose another."))
    if content.startswith(_ARCHIVE):
        book = read_workbook(content, sheet)
        return Grid(book.rows, XLSX, book.sheets, book.sheet, book.merged)
    _refuse_other(content)
    text = recognised(content)
    rows: list[list[Cell]] = []
    cells = 0
    for record in records_of(text):
        rows.append([*record])
        cells += len(record)
        if len(rows) > MOST_ROWS or len(record) > MOST_COLUMNS or cells > MOST_CELLS:
            raise too_large()
    return Grid(rows, f"CSV {text.encoding}, {_SEPARATORS[text.separator]}")


def trimmed(cells: list[Cell]) -> list[Cell]:
    """The cells without the empty ones at the end."""
    last = len(cells)
    while last and _is_empty(cells[last - 1]):
        last -= 1
    return cells[:last]


def _is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _refuse_other(content: bytes) -> None:
    if content.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise FileRefused(_("The workbook is protected by a password. Save it without one and choose it again."))
        raise FileRefused(
            _("This is a workbook of the old kind (.xls). Open it in a spreadsheet program and save it as XLSX.")
        )
    if _PDF in content[:_BEGINNING]:
        raise FileRefused(_("This is a PDF. Choose the table that it was made from, as XLSX or CSV."))


def _merged_sentence() -> str:
    return _(
        "The cells %(cells)s are merged: undo the merging and write the value into each cell that it is meant for."
    )
