"""The list of cases, and one case on one page."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.access import get_standing
from agencies.exporting.answers import exported_people
from agencies.models import User
from agencies.personal_data import ReadPage, note_read
from agencies.views.people_frame import without_number
from oversight import access
from oversight.pages.case import case_page
from oversight.pages.cases import case_list, case_table


@login_required
@require_safe
@never_cache
def cases(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The arrangements that the reader audits, narrowed by the address."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    if elsewhere := without_number(request, "cari"):
        return elsewhere
    on = clock.today(standing.institution)
    made = partial(case_table, standing, request.user, request.GET, on)
    if file := exported_people(request, standing, ReadPage.CASES, made, "kasus"):
        return file
    listed = case_list(standing, request.user, request.GET, on)
    count = len(listed.rows)
    note_read(reader=request.user, standing=standing, page=ReadPage.CASES, at=timezone.now(), count=count)
    context = {"standing": standing, "institution": standing.institution, "listed": listed}
    return render(request, "oversight/cases.html", context)


@login_required
@require_safe
@never_cache
def case(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """Everything of one arrangement on one page; the read is logged."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    found = access.get_case(standing, request.user, pk)
    now = timezone.now()
    note_read(reader=request.user, standing=standing, page=ReadPage.CASE, at=now, employee=found.employee)
    page = case_page(standing, found, clock.today(standing.institution), now)
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/case.html", context)
