"""A file given back to its officer: her cells as she wrote them, and beside each row what is wrong in it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agencies.csv_files import csv_lines
from agencies.importing.grids import XLSX, Grid
from agencies.importing.tables import UNSEEN, BadCell, Cell
from agencies.importing.text_files import NUL
from agencies.importing.workbook_reader import LONGEST
from agencies.importing.workbooks import column_name

_LONGEST_WRITTEN: Final = 32_767
"""Signs that a cell of a workbook holds."""
_WIDTH: Final = 80


@dataclass(frozen=True, slots=True)
class RowFaults:
    """What is wrong in a row, and the places of the cells at fault."""

    texts: tuple[str, ...] = ()
    places: frozenset[int] = frozenset()


_FAULTLESS: Final = RowFaults()


def fault_heading() -> str:
    """The heading of the column of faults; a file that comes back with it is read without that column."""
    return _("What is wrong")


def workbook_with_faults(grid: Grid, header_row: int, said: Mapping[int, RowFaults]) -> IO[bytes]:
    """The rows of a file as they stand, the cells at fault marked, and beside them what is said of each by its number.

    To be read from its start; no more than a row of it is in memory at once. Nothing in it is a formula.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(_("Data"))
    red = {"bg_color": "#fdecea"}
    digits, marked = book.add_format({"num_format": "0"}), book.add_format({"num_format": "0"} | red)
    bold, text = book.add_format({"bold": True}), book.add_format(red | {"text_wrap": True})
    last, longest = _place_of_faults(grid, header_row), _longest_read(grid) or _LONGEST_WRITTEN
    sheet.set_column(last, last, _WIDTH)
    sheet.freeze_panes(header_row, 0)
    for number, cells in enumerate(grid.rows, 1):
        faults = said.get(number, _FAULTLESS)
        row = [_cut(cell, longest) for cell in cells[:last]]
        _write_row(sheet, number - 1, row, digits)
        for place in sorted(faults.places):
            _write(sheet, (number - 1, place), row[place] if place < len(row) else "", marked)
        if number == header_row:
            sheet.write_string(number - 1, last, fault_heading(), bold)
        elif words := _in_one_cell(_said_of(grid, number, faults, longest)):
            sheet.write_string(number - 1, last, words, text)
    book.close()
    file.seek(0)
    return file


def csv_with_faults(grid: Grid, header_row: int, said: Mapping[int, RowFaults]) -> Iterator[str]:
    """The same rows as CSV, line by line; what a spreadsheet would compute has an apostrophe before it."""
    last, longest = _place_of_faults(grid, header_row), _longest_read(grid)

    def lines() -> Iterator[list[str]]:
        for number, cells in enumerate(grid.rows, 1):
            told = [_as_text(_cut(cell, longest)) for cell in cells[:last]] + [""] * (last - len(cells))
            words = _said_of(grid, number, said.get(number, _FAULTLESS), longest)
            yield [*told, fault_heading() if number == header_row else "\n".join(words)]

    rows = lines()
    return csv_lines(next(rows, []), rows)


def _place_of_faults(grid: Grid, header_row: int) -> int:
    """Behind the last cell of any row; in a file that has come back, where the faults of the last time stand."""
    headings = grid.headings(header_row)
    if headings and headings[-1] == fault_heading() and all(len(cells) <= len(headings) for cells in grid.rows):
        return len(headings) - 1
    return max((len(cells) for cells in grid.rows), default=0)


def _longest_read(grid: Grid) -> int | None:
    """Signs that are read of a cell; None where all are."""
    return LONGEST if grid.written == XLSX else None


def _cut(cell: Cell, longest: int | None) -> Cell:
    return cell[:longest] if isinstance(cell, str) else cell


def _write_row(sheet: Worksheet, number: int, cells: Sequence[Cell], digits: Format) -> None:
    for place, cell in enumerate(cells):
        if isinstance(cell, BadCell):
            _write(sheet, (number, place), cell, digits)
        elif cell:  # there may be millions
            sheet.write_string(number, place, cell)


def _write(sheet: Worksheet, at: tuple[int, int], cell: Cell, form: Format) -> None:
    """A number that has lost digits stays a number: as a text it would pass for one that is whole."""
    if isinstance(cell, BadCell) and cell.number is not None:
        sheet.write_number(*at, cell.number, form)
    elif text := (cell.text if isinstance(cell, BadCell) else cell):
        sheet.write_string(*at, text, form)
    else:
        sheet.write_blank(*at, None, form)


def _as_text(cell: Cell) -> str:
    """A number that has lost digits with its exponent; a sign that no text file holds as one that is refused again."""
    if isinstance(cell, BadCell):
        return cell.text if cell.number is None else repr(cell.number)
    return cell.replace(NUL, UNSEEN)


def _said_of(grid: Grid, number: int, faults: RowFaults, longest: int | None) -> tuple[str, ...]:
    """The faults of a row, and which of its cells are too long to stand here whole."""
    if longest is None:
        return faults.texts
    texts = ((place, cell) for place, cell in enumerate(grid.rows[number - 1]) if isinstance(cell, str))
    long = [f"{column_name(place)}{number}" for place, text in texts if len(text) > longest]
    if not long:
        return faults.texts
    message = _("Only the first %(longest)d signs of %(cells)s stand here.")
    return (*faults.texts, message % {"longest": longest, "cells": ", ".join(long)})


def _in_one_cell(texts: Sequence[str]) -> str:
    """As many of the texts as a cell holds, and how many more there are."""
    whole = "\n".join(texts)
    if len(whole) <= _LONGEST_WRITTEN:
        return whole
    more = _("Further faults of this row stand on the page of the dry run.")
    kept = whole[: _LONGEST_WRITTEN - len(more) - 1]
    return f"{kept[: kept.rfind(chr(10))]}\n{more}"
