"""The page on which an agency sees whether its services can be covered."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.access import acting_as, get_agency, get_standing, keeps_structure
from agencies.exporting.answers import exported
from agencies.views.people_frame import frame
from eligibility.pages.coverage import COVERAGE_READERS, coverage_page, coverage_table, serving_table

TABLE, SERVING = "tabel", "tugas"
"""The part of the address that says which of the two tables is taken away; silent, it is the weeks."""


@login_required
@require_safe
def show(request: HttpRequest, institution: str, agency_code: str) -> HttpResponseBase:
    """The need of each service of an agency, and who serves it."""
    standing = acting_as(get_standing(request.user, institution), *COVERAGE_READERS)
    agency = get_agency(standing, agency_code)
    on, now = clock.today(standing.institution), timezone.now()
    table, stem = (serving_table, "tugas-layanan") if request.GET.get(TABLE) == SERVING else (coverage_table, "layanan")
    if file := exported(request, partial(table, agency, on, now), stem):
        return file
    page = coverage_page(agency, request.GET, on, now)
    keeps = keeps_structure(standing, agency.pk)
    return render(request, "eligibility/coverage.html", frame(standing, agency=agency, page=page, keeps=keeps))
