"""Answers an address that asks for a table as a file: `?unduh=xlsx`, `csv` or `pdf`, whole and narrowed as the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain, islice
from typing import Final

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from agencies.access import Standing
from agencies.csv_files import csv_lines
from agencies.exporting.headings import Heading, heading_of
from agencies.exporting.papers import paper, parts, zipped
from agencies.exporting.tables import Cell, ExportTable, PeopleTable
from agencies.exporting.workbooks import workbook
from agencies.models import User
from agencies.personal_data import note_read

PARAMETER: Final = "unduh"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINES: Final = 500
"""Lines of a CSV file that are sent together."""


class Format(StrEnum):
    """The kinds of file."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


def wanted(request: HttpRequest) -> Format | None:
    """The kind of file that the address asks for; None: the page itself, also where the kind is not known."""
    typed = request.GET.get(PARAMETER, "") if request.method in ("GET", "HEAD") else ""
    return Format(typed) if typed in [*Format] else None


def exported(
    request: HttpRequest, table: ExportTable | Callable[[], ExportTable], stem: str
) -> HttpResponseBase | None:
    """The table as the file that the address asks for; None where it asks for the page.

    Every row that the page would show, page after page, is in the file. `stem` begins its name. A table that takes
    queries to describe is given as a function. Whoever calls has checked who may see the rows, and notes the read
    where they are about persons (`exported_people`).
    """
    kind = wanted(request)
    if kind is None:
        return None
    table = table() if callable(table) else table
    heading = heading_of(table, request.user, timezone.now())
    name = f"{stem}-{table.institution.code}-{table.on.isoformat()}"
    answer = {Format.XLSX: _xlsx, Format.CSV: _csv, Format.PDF: _pdf}[kind](table, heading, name)
    add_never_cache_headers(answer)
    return answer


def exported_people(
    request: HttpRequest, standing: Standing, page: str, made: Callable[[], PeopleTable], stem: str
) -> HttpResponseBase | None:
    """As `exported`; to take a table about persons away is a read of each, logged under the page that shows them."""
    if wanted(request) is None:
        return None
    found = made()
    assert isinstance(request.user, User)
    note_read(
        reader=request.user,
        standing=standing,
        page=page,
        at=timezone.now(),
        employee=found.employee,
        count=found.people,
    )
    return exported(request, found.table, stem)


def _xlsx(table: ExportTable, heading: Heading, name: str) -> HttpResponseBase:
    return FileResponse(workbook(table, heading), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _csv(table: ExportTable, heading: Heading, name: str) -> HttpResponseBase:
    """Streamed; the block stands above the table, with an empty line between."""
    above: list[Sequence[Cell]] = [*([[heading.mark]] if heading.mark else []), *heading.lines, []]
    heads: list[Cell] = [column.label for column in table.columns]
    rows: Iterable[Sequence[Cell]] = chain(above, [heads], map(_in_words, table.rows()))
    lines = _joined(csv_lines([heading.title], rows))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_attached(f"{name}.csv"))


def _in_words(row: Sequence[Cell]) -> list[Cell]:
    return [(_("Yes") if cell else _("No")) if isinstance(cell, bool) else cell for cell in row]


def _joined(lines: Iterable[str]) -> Iterator[str]:
    reading = iter(lines)
    while some := "".join(islice(reading, _LINES)):
        yield some


def _pdf(table: ExportTable, heading: Heading, name: str) -> HttpResponseBase:
    """One PDF; of a long table a ZIP file of several, because none could hold a city and stay small."""
    found = parts(table.rows())
    first, second = next(found), next(found, None)
    if second is None:
        made = paper(table, heading, first, alone=True)
        return HttpResponse(made, content_type="application/pdf", headers=_attached(f"{name}.pdf"))
    bundle = zipped(table, heading, chain([first, second], found), name)
    return StreamingHttpResponse(bundle, content_type="application/zip", headers=_attached(f"{name}.zip"))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
