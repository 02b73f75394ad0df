"""The inspector's overview, and its figures as files."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.access import get_standing
from agencies.models import User
from oversight import access
from oversight.exports import Cell, Sheet, csv_file, xlsx_file
from oversight.pages.overview import FigureTable, figure_tables, overview
from oversight.tallies import tallies


@login_required
@require_safe
def show(request: HttpRequest, institution: str) -> HttpResponse:
    """Exceptions first, then what was approved; each figure opens its rows."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    page = overview(standing, request.user, clock.today(standing.institution), timezone.now())
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/overview.html", context)


@login_required
@require_safe
def export(request: HttpRequest, institution: str, kind: str) -> HttpResponseBase:
    """The figures as CSV, or as a workbook with a sheet for each table."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    tables = figure_tables(standing, tallies(standing.institution, access.audited_arrangements(standing, request.user)))
    name = f"pengawasan-{institution}-{clock.today(standing.institution).isoformat()}"
    if kind == "csv":
        return csv_file(name, [_("Table"), _("What is counted"), _("Approved")], _rows(tables))
    sheets = [Sheet(one.title, [one.head, _("Approved")], [(f.label, f.number) for f in one.figures]) for one in tables]
    return xlsx_file(name, sheets)


def _rows(tables: tuple[FigureTable, ...]) -> Iterator[tuple[Cell, ...]]:
    for table in tables:
        for figure in table.figures:
            yield (table.title, figure.label, figure.number)
