"""A list of arrangements as a file, row by row: no more than a part of it is ever in memory (pure)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Final

import xlsxwriter

from agencies.csv_files import csv_lines

CELL: Final = 32_767
"""The longest text that a cell of a workbook may hold."""


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]], mark: str) -> Iterator[str]:
    """The file line by line, as Indonesian spreadsheets open it; a `mark` stands above the headings."""
    return csv_lines([mark], chain([header], rows)) if mark else csv_lines(header, rows)


def xlsx_file(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], mark: str) -> IO[bytes]:
    """The file as a workbook, to be read from its start; rows are written to disk as they come."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    first = 1 if mark else 0
    if mark:
        sheet.write_string(0, 0, mark, bold)
    sheet.freeze_panes(first + 1, 2)
    sheet.set_column(0, len(header), 22)
    for column, label in enumerate(header):
        sheet.write_string(first, column, label, bold)
    for number, cells in enumerate(rows, first + 1):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell[:CELL])
    book.close()
    file.seek(0)
    return file
