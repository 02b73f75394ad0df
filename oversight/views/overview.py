"""The inspector's overview."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.access import get_standing
from agencies.exporting.answers import exported
from agencies.models import User
from oversight import access
from oversight.pages.overview import figure_table, overview


@login_required
@require_safe
def show(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Exceptions first, then what was approved; each figure opens its rows."""
    standing = access.auditor(get_standing(request.user, institution))
    assert isinstance(request.user, User)
    on = clock.today(standing.institution)
    if file := exported(request, partial(figure_table, standing, request.user, on), "pengawasan"):
        return file
    page = overview(standing, request.user, on, timezone.now())
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/overview.html", context)
