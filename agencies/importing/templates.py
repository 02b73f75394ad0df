"""Files that the wizard hands out to be filled: templates with valid values, and what is recorded now."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.db import models
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from agencies.csv_files import csv_lines
from agencies.importing.kinds import Kind, column_field, column_label, valid_values
from agencies.importing.tables import Column

Row = Mapping[str, str]
_ROWS_WITH_LISTS: Final = 10_000
"""Rows for which a template offers the valid values."""
_WIDTH: Final = 22


def as_csv(kind: Kind, rows: Iterable[Row] = ()) -> Iterator[str]:
    """A CSV file with the headings and these rows; separated by semicolons, with its mark."""
    return csv_lines([*kind.columns], ([row.get(name, "") for name in kind.columns] for row in rows))


def as_xlsx(kind: Kind, rows: Iterable[Row] = ()) -> bytes:
    """A workbook with the headings, these rows, lists of valid values and a sheet that explains them."""
    out = io.BytesIO()
    # Texts are written as texts: nothing that stands recorded is taken for a formula or an address.
    book = xlsxwriter.Workbook(out, {"constant_memory": False, "strings_to_urls": False, "strings_to_formulas": False})
    sheet, values = book.add_worksheet(_("Data")), book.add_worksheet(_("Valid values"))
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = {"day": book.add_format({"num_format": "yyyy-mm-dd"}), "text": book.add_format({"num_format": "@"})}
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(kind.columns.values()):
        form = formats["day"] if _is_day(column) else formats["text"] if not _is_number(column) else None
        sheet.set_column(place, place, _WIDTH, form)
        sheet.write_string(0, place, column.name, bold)
    _offer(sheet, values, kind, bold)
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(kind.columns.values()):
            _write(sheet, number, place, column, row.get(column.name, ""), formats)
    book.close()
    return out.getvalue()


def _offer(sheet: Worksheet, values: Worksheet, kind: Kind, bold: Format) -> None:
    """A column for each list on the sheet of valid values, and a drop-down in the column that takes it."""
    values.write_row(0, 0, [_("Column"), _("Meaning"), _("Needed"), _("Values")], bold)
    values.set_column(0, 3, _WIDTH)
    lists = len(kind.columns) + 3
    for place, column in enumerate(kind.columns.values()):
        choices = valid_values(column)
        needed = _("yes") if column.name == kind.needed else ""
        words = ", ".join(f"{code} ({label})" if label else code for code, label in choices)
        values.write_row(place + 1, 0, [column.name, column_label(column), needed, words])
        if choices:
            codes = [code for code, _label in choices] + (["?"] if column.may_be_unknown else [])
            values.write_column(lists, place, [column.name, *codes])
            letters = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
            source = f"='{values.get_name()}'!{letters}${lists + 2}:{letters}${lists + 1 + len(codes)}"
            sheet.data_validation(
                1, place, _ROWS_WITH_LISTS, place, {"validate": "list", "source": source, "error_type": "warning"}
            )


def _write(sheet: Worksheet, row: int, place: int, column: Column, cell: str, formats: Mapping[str, Any]) -> None:
    if not cell:
        return
    if _is_day(column):
        sheet.write_datetime(row, place, date.fromisoformat(cell), formats["day"])
    elif _is_number(column):
        sheet.write_number(row, place, Decimal(cell))
    else:
        sheet.write_string(row, place, cell, formats["text"])


def _is_day(column: Column) -> bool:
    return isinstance(column_field(column), models.DateField)


def _is_number(column: Column) -> bool:
    return not column.as_text and isinstance(column_field(column), models.IntegerField | models.DecimalField)
