"""The history of a position."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access
from agencies.exporting.answers import exported_people
from agencies.personal_data import ReadPage, note_read
from agencies.views.history import day_of_records
from agencies.views.people_frame import signed_in
from eligibility.pages.position_history import history_table, position_history


@login_required
@require_safe
@never_cache
def position(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """A position on a day and all that happened to it; where holders are named, the read is logged."""
    standing = access.get_standing(request.user, institution)
    found = access.get_position(standing, pk)
    day = day_of_records(request, standing.institution)
    page = position_history(standing, found, request.GET, day)
    made = partial(history_table, standing, page, day.on)
    if file := exported_people(request, standing, ReadPage.HISTORY, made, f"riwayat-{slugify(found.code)}"):
        return file
    reader, at = signed_in(request), timezone.now()
    note_read(reader=reader, standing=standing, page=ReadPage.HISTORY, at=at, count=page.named)
    context = {"standing": standing, "institution": standing.institution, "day": day, "page": page}
    context["sheets"] = page.sheets
    return render(request, "eligibility/position_history.html", context)
