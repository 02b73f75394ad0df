"""An exported table as a workbook: written row by row to the disk, numbers as numbers, no text as a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any, Final, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agencies.exporting.headings import Heading
from agencies.exporting.tables import Cell, ExportTable

CELL: Final = 32_767
"""The longest text that a cell of a workbook may hold."""
ROWS: Final = 1_000_000
"""Rows of one sheet, a little under what a sheet may hold; those that follow stand on the next."""
_EXACT: Final = 10**15
"""Greater numbers lose digits in a workbook: they stand as text."""
_SHEET_NAME: Final = 31
_NOT_IN_A_NAME: Final = str.maketrans("[]:*?/\\'", "        ")

TEXTS_STAY_TEXTS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _Looks(NamedTuple):
    title: Format
    soft: Format
    head: Format
    text: Format
    number: Format
    day: Format


def workbook(table: ExportTable, heading: Heading) -> IO[bytes]:
    """The file, to be read from its start; no more than a row of it is ever in memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **TEXTS_STAY_TEXTS})
    book.set_properties({"title": heading.title, "author": table.institution.name, "comments": heading.mark})
    looks = _Looks(*(book.add_format(one) for one in _FORMATS))
    rows = iter(table.rows())
    first, number = next(rows, None), 1
    while number == 1 or first is not None:
        part = chain([] if first is None else [first], islice(rows, ROWS - 1))
        _fill(book.add_worksheet(_sheet_name(table.title, number)), table, heading, looks, part)
        first, number = next(rows, None), number + 1
    book.close()
    file.seek(0)
    return file


_FORMATS: Final[tuple[dict[str, Any], ...]] = (
    {"bold": True, "font_size": 14},
    {"font_color": "#44546A"},
    {"bold": True, "text_wrap": True, "valign": "bottom", "border": 1, "bg_color": "#F4F6F8"},
    {"text_wrap": True, "valign": "top", "num_format": "@"},
    {"valign": "top"},
    {"valign": "top", "num_format": "yyyy-mm-dd"},
)


def _sheet_name(title: str, number: int) -> str:
    end = f" ({number})" if number > 1 else ""
    return " ".join(title.translate(_NOT_IN_A_NAME).split())[: _SHEET_NAME - len(end)] + end


def _fill(
    sheet: Worksheet, table: ExportTable, heading: Heading, looks: _Looks, rows: Iterator[Sequence[Cell]]
) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
    top = _write_heading(sheet, heading, looks)
    for place, column in enumerate(table.columns):
        sheet.write_string(top, place, column.label, looks.head)
    last = top
    for last, row in enumerate(rows, top + 1):
        for place, cell in enumerate(row):
            _write(sheet, looks, last, place, cell)
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, last, len(table.columns) - 1)
    sheet.repeat_rows(top)
    _on_paper(sheet, heading)


def _write_heading(sheet: Worksheet, heading: Heading, looks: _Looks) -> int:
    """The block above the table; gives the row of the heads of its columns."""
    sheet.write_string(0, 0, heading.title, looks.title)
    row = 1
    if heading.mark:
        sheet.write_string(row, 0, heading.mark, looks.title)
        row += 1
    for label, told in heading.lines:
        sheet.write_string(row, 0, label, looks.soft)
        sheet.write_string(row, 1, told)
        row += 1
    return row + 1


def _write(sheet: Worksheet, looks: _Looks, row: int, place: int, cell: Cell) -> None:
    """A number as a number, a day as a day, everything else as it was written."""
    if isinstance(cell, bool):
        sheet.write_string(row, place, _("Yes") if cell else _("No"), looks.text)
    elif isinstance(cell, int | Decimal) and -_EXACT < cell < _EXACT:
        sheet.write_number(row, place, cell, looks.number)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, looks.day)
    elif cell not in (None, ""):
        text = str(cell)
        sheet.write_string(row, place, text if len(text) <= CELL else f"{text[: CELL - 1]}…", looks.text)


def _on_paper(sheet: Worksheet, heading: Heading) -> None:
    """Landscape A4, as wide as the sheet, with the mark above and the page below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if heading.mark:
        sheet.set_header("&C" + heading.mark.replace("&", "&&"))
    sheet.set_footer("&R&P/&N")
