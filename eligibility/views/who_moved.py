"""The page of who moved by an import, and what follows from it."""

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
from agencies.models import DataImport, ImportKind
from agencies.personal_data import ReadPage, note_read
from agencies.views.imports import crumbs_of
from agencies.views.places import frame, officer
from eligibility.pages.who_moved import WHAT, moves_page, moves_table


@login_required
@require_safe
@never_cache
def show(request: HttpRequest, institution: str, pk: int) -> HttpResponseBase:
    """The moves told by an import of employees that was carried out."""
    standing, user = officer(request, institution)
    row = access.get_data_import(standing, pk)
    if row.kind != ImportKind.EMPLOYEES or row.state != DataImport.State.APPLIED:
        raise Http404
    now, on = timezone.now(), today(standing.institution)
    made = partial(moves_table, row, request.GET.get(WHAT, ""), on, now)
    if file := exported_people(request, standing, ReadPage.MOVES, made, f"mutasi-impor-{row.pk}"):
        return file
    moves = moves_page(row, request.GET, on, now)
    note_read(reader=user, standing=standing, page=ReadPage.MOVES, at=now, count=len(moves.lines))
    context = frame(standing, row=row, moves=moves, crumbs=crumbs_of(standing, _("Who moved"), row))
    return render(request, "eligibility/who_moved.html", context)
