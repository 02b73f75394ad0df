"""The page of who is not in a full register, and what stands on each of them."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access
from agencies.clock import today
from agencies.exporting.answers import exported_people
from agencies.personal_data import ReadPage, note_read
from agencies.views.imports import crumbs_of
from agencies.views.places import frame, officer
from eligibility.pages.missing import STATE, missing_page, missing_table, register_words


@login_required
@require_safe
@never_cache
def show(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """Those whom a full register does not name, by its dry run or since it was carried out."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    if not row.tells_missing():
        raise Http404
    now, on = timezone.now(), today(standing.institution)
    made = partial(missing_table, row, request.GET.get(STATE, ""), on, now)
    if file := exported_people(request, standing, ReadPage.MISSING, made, f"tidak-ada-impor-{row.pk}"):
        return file
    missing = missing_page(row, request.GET, on, now)
    note_read(reader=user, standing=standing, page=ReadPage.MISSING, at=now, count=len(missing.lines))
    crumbs = crumbs_of(standing, _("Not in the file"), row)
    context = frame(standing, row=row, missing=missing, register=register_words(row), crumbs=crumbs)
    return render(request, "eligibility/import_missing.html", context)
