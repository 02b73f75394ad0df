"""Reads a sheet of an XLSX workbook in a process of its own, so that no workbook can hurt the one that serves pages."""

from __future__ import annotations

import io
import json
import subprocess  # nosec B404
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.importing import workbook_reader
from agencies.importing.archives import check_archive
from agencies.importing.refusals import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, FileRefused
from agencies.importing.tables import BadCell, Cell, gone_wrong

_HOME: Final = Path(__file__).resolve().parents[2]
_PATIENCE: Final = 60
"""Seconds."""
_MOST_KNOWN: Final = 100_000
"""Different texts that are remembered."""


@dataclass(frozen=True)
class SheetContent:
    """The sheets of a workbook, and every row of the chosen one."""

    sheets: tuple[str, ...]
    sheet: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, str], ...]
    """Row and column, from 0, of the first cell of each merged range, and how a spreadsheet names the range."""


def read_workbook(content: bytes, sheet: str = "") -> SheetContent:
    """The sheet of that name, or the first. Raises FileRefused for what cannot be read within bounds."""
    check_archive(content)
    lines = _read(content, "sheet", sheet)
    about, merged = json.loads(next(lines)), json.loads(next(lines))
    known: dict[str, Cell] = {}
    rows = [[_cell(cell, known) for cell in json.loads(line)] for line in lines]
    ranges = tuple(_range(first, last) for first, last in merged)
    return SheetContent(tuple(about["sheets"]), about["sheet"], rows, ranges)


def beginnings(content: bytes, most: int) -> dict[str, list[list[Cell]]]:
    """The first rows of so many sheets, by their names. Raises FileRefused for what cannot be read within bounds."""
    lines = _read(content, "beginnings", str(most))
    next(lines)
    known: dict[str, Cell] = {}
    told = (json.loads(line) for line in lines)
    return {name: [[_cell(cell, known) for cell in row] for row in rows] for name, rows in told}


def _read(content: bytes, what: str, which: str) -> Iterator[bytes]:
    """The lines that the reader writes."""
    bounds = (str(most) for most in (MOST_ROWS, MOST_COLUMNS, MOST_CELLS))
    # Our own reader, without a shell; the one text from outside is the sheet's name, as an argument.
    command = [sys.executable, "-m", workbook_reader.__name__, what, which, *bounds]
    try:
        found = subprocess.run(  # nosec B603
            command, input=content, capture_output=True, cwd=_HOME, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise too_large() from problem
    if found.returncode:
        raise _refusal(found.returncode, which if what == "sheet" else "")
    return iter(io.BytesIO(found.stdout))


def _cell(cell: workbook_reader.Cell, known: dict[str, Cell]) -> Cell:
    """Equal texts are kept once, which is most of the memory; beyond so many different ones that would cost more."""
    if isinstance(cell, str):
        return known.setdefault(cell, cell) if len(known) < _MOST_KNOWN else known.get(cell, cell)
    key = "\x00".join(("", *cell))
    if key in known:
        return known[key]
    bad = _bad(*cell)
    return known.setdefault(key, bad) if len(known) < _MOST_KNOWN else bad


def _bad(why: str, written: str) -> BadCell:
    """A cell that could not be handed over as it was meant, with what stands there."""
    if why == workbook_reader.LONG_NUMBER:
        sentence = _(
            "This is a number of more than 15 digits, and a spreadsheet keeps no more: format the column as text and"
            " write the number anew from its source."
        )
        number = float(written)
        return BadCell(sentence, text=f"{Decimal(written):f}", number=number if isfinite(number) else None)
    if why == workbook_reader.FORMULA:
        sentence = _("This formula was never worked out: open the file in a spreadsheet program and save it again.")
        return BadCell(sentence, text=written)
    return gone_wrong(written)


def _range(first: list[int], last: list[int]) -> tuple[int, int, str]:
    return first[0], first[1], f"{column_name(first[1])}{first[0] + 1}:{column_name(last[1])}{last[0] + 1}"


def column_name(place: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refusal(code: int, sheet: str) -> FileRefused:
    if code == workbook_reader.NO_SHEET:
        message = _("The workbook has no sheet “%(sheet)s”; choose another.") if sheet else _("No sheet holds cells.")
        return FileRefused(message % {"sheet": sheet} if sheet else message)
    if code == workbook_reader.NOT_READ:
        return FileRefused(
            _("The workbook cannot be read. Open it in a spreadsheet program, save it as XLSX anew and choose that.")
        )
    return too_large()


def too_large() -> FileRefused:
    """What is said of a table beyond the bounds, and how to split it."""
    message = _(
        "The table is larger than what is read: at most %(rows)s rows, %(columns)s columns, and %(cells)s cells, which"
        " is rows times columns. Look for a lost cell far below or to the right (Ctrl+End) and delete those rows and"
        " columns; leave out columns that are not needed; or split the file, for example by perangkat daerah, each"
        " part with the same headings."
    )
    return FileRefused(message % {"rows": _number(MOST_ROWS), "columns": MOST_COLUMNS, "cells": _number(MOST_CELLS)})


def _number(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))
