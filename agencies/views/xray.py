"""The pages of the look through the data: every check with its number, and the rows of one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.clock import judged_day
from agencies.exporting.answers import exported, wanted
from agencies.personal_data import ReadPage, note_read
from agencies.views.people_frame import frame, reader_of, signed_in
from agencies.xray.files import checks_table, rows_table
from agencies.xray.page import rows_page, xray_page


@login_required
@require_safe
def show(request: HttpRequest, institution: str) -> HttpResponseBase:
    """All checks on a day, the weightiest first; numbers only, nobody is named."""
    standing = reader_of(request, institution)
    day = judged_day(request, standing.institution)
    page = xray_page(standing, request.GET, day.on, day.known_at)
    file = exported(request, checks_table(standing.institution, page, day.known_at), "rontgen-data")
    return file or render(request, "agencies/xray.html", frame(standing, page=page, day=day))


@login_required
@require_safe
@never_cache
def rows(request: HttpRequest, institution: str, code: str) -> HttpResponseBase:
    """The rows that one check found, each with the page that mends it."""
    standing = reader_of(request, institution)
    day = judged_day(request, standing.institution)
    page = rows_page(standing, code, request.GET, day.on, day.known_at)
    if page.check.level.personal:
        count = page.total if wanted(request) else len(page.rows)
        note_read(reader=signed_in(request), standing=standing, page=ReadPage.XRAY, at=timezone.now(), count=count)
    file = exported(request, rows_table(standing.institution, page, day.known_at), page.check.code)
    return file or render(request, "agencies/xray_check.html", frame(standing, page=page, day=day))
