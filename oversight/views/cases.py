"""The list of cases, the same as files, and one case on one page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.access import get_standing, read_once
from agencies.models import User
from agencies.personal_data import ReadPage, note_read
from agencies.views.people_frame import without_number
from eligibility.pages.arrangements import exported_header
from oversight import access
from oversight.exports import Sheet, csv_file, xlsx_file
from oversight.pages.case import case_page
from oversight.pages.cases import case_cells, case_list, cases_to_export


@login_required
@require_safe
@never_cache
def cases(request: HttpRequest, institution: str) -> HttpResponse:
    """The arrangements that the reader audits, narrowed by the address."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    if elsewhere := without_number(request, "cari"):
        return elsewhere
    listed = case_list(standing, request.user, request.GET, clock.today(standing.institution))
    count = len(listed.rows)
    note_read(reader=request.user, standing=standing, page=ReadPage.CASES, at=timezone.now(), count=count)
    context = {"standing": standing, "institution": standing.institution, "listed": listed}
    return render(request, "oversight/cases.html", context)


@login_required
@require_safe
def export(request: HttpRequest, institution: str, kind: str) -> HttpResponseBase:
    """Everything that the list is narrowed to, as CSV or as a workbook."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    today = clock.today(standing.institution)
    rows = cases_to_export(standing, request.user, request.GET, today)
    note_read(reader=request.user, standing=standing, page=ReadPage.CASES, at=timezone.now(), count=rows.count())
    name, header, cells = f"kasus-{institution}-{today.isoformat()}", exported_header(), case_cells(rows, today)
    return csv_file(name, header, cells) if kind == "csv" else xlsx_file(name, [Sheet(_("Cases"), header, cells)])


@login_required
@require_safe
@never_cache
def case(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Everything of one arrangement on one page; the read is logged."""
    read_once(request.user)
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    found = access.get_case(standing, request.user, pk)
    now = timezone.now()
    note_read(reader=request.user, standing=standing, page=ReadPage.CASE, at=now, employee=found.employee)
    page = case_page(standing, found, clock.today(standing.institution), now)
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/case.html", context)
