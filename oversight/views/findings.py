"""The pages of findings: the list, and one finding as an audit paper."""

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
from agencies.exporting.answers import exported
from agencies.models import User
from agencies.personal_data import ReadPage, note_read
from oversight import finding_access
from oversight.pages.findings import finding_list, finding_page, finding_table


@login_required
@require_safe
@never_cache
def listing(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The findings that the reader may open, the newest first."""
    standing = get_standing(request.user, institution)
    assert isinstance(request.user, User)
    on, now = clock.today(standing.institution), timezone.now()
    if file := exported(request, partial(finding_table, standing, request.user, request.GET, on, now), "temuan"):
        return file
    listed = finding_list(standing, request.user, request.GET, on, now)
    context = {"standing": standing, "institution": standing.institution, "listed": listed}
    return render(request, "oversight/findings.html", context)


@login_required
@require_safe
@never_cache
def one(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """One finding; where it is about an employee's arrangement, the read is logged."""
    standing = get_standing(request.user, institution)
    assert isinstance(request.user, User)
    found, now = finding_access.get_finding(standing, request.user, pk), timezone.now()
    if found.arrangement is not None:
        employee = found.arrangement.employee
        note_read(reader=request.user, standing=standing, page=ReadPage.FINDING, at=now, employee=employee)
    page = finding_page(standing, request.user, found, clock.today(standing.institution), now)
    context = {"standing": standing, "institution": standing.institution, "page": page, "one": found}
    return render(request, "oversight/finding.html", context)
