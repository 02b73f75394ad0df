"""Tables as files: CSV line by line, and workbooks whose texts are never formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import xlsxwriter
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from agencies.csv_files import csv_lines

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH: Final = 24
_SHEET_NAME: Final = 31
"""Letters that the name of a sheet may have."""

Cell = str | int | None


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """A CSV file that is written while it is sent."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    add_never_cache_headers(response)
    return response


def xlsx_file(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """A workbook with a sheet for each table; the demonstration says so in the file."""
    target = BytesIO()
    # Row by row, so that a city's arrangements need not stand in memory.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {"constant_memory": True, **plain})
    bold = book.add_format({"bold": True, "bg_color": "#F4F6F8", "border": 1})
    if settings.DEMO:
        book.set_properties({"comments": _("SYNTHETIC DATA. Not an official document.")})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:_SHEET_NAME])
        page.set_column(0, max(0, len(sheet.header) - 1), _WIDTH)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, sheet.header, bold)
        if settings.DEMO:
            page.set_footer(_("SYNTHETIC DATA. Not an official document."))
        for number, row in enumerate(sheet.rows, 1):
            page.write_row(number, 0, ["" if cell is None else cell for cell in row])
    book.close()
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    add_never_cache_headers(response)
    return response
