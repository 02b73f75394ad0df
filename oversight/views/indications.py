"""The pages of indications: all of them, and the rows of one."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.access import Standing, get_standing
from agencies.exporting.answers import exported, exported_people
from agencies.models import User
from agencies.personal_data import ReadPage, note_read
from oversight import access, indications
from oversight.indications import Indication
from oversight.pages.indications import indication_list, indication_list_table, indication_page, indication_table


@login_required
@require_safe
@never_cache
def listing(request: HttpRequest, institution: str) -> HttpResponseBase:
    """All indications, those that point at something first."""
    standing, user = _reader(request, institution)
    on = clock.today(standing.institution)
    page = indication_list(standing, user, on, timezone.now())
    if file := exported(request, partial(indication_list_table, standing, page, on), "indikasi"):
        return file
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/indications.html", context)


@login_required
@require_safe
@never_cache
def one(request: HttpRequest, institution: str, code: str) -> HttpResponseBase:
    """The rows of an indication, each linking to its case; the read is logged."""
    standing, user = _reader(request, institution)
    on, now = clock.today(standing.institution), timezone.now()
    made = partial(indication_table, standing, user, _indication(code), on, now)
    if file := exported_people(request, standing, ReadPage.INDICATION, made, f"indikasi-{code}"):
        return file
    page = indication_page(standing, user, _indication(code), request.GET, on, now)
    note_read(reader=user, standing=standing, page=ReadPage.INDICATION, at=now, count=len(page.rows))
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/indication.html", context)


def _reader(request: HttpRequest, institution: str) -> tuple[Standing, User]:
    assert isinstance(request.user, User)
    return access.auditor(get_standing(request.user, institution)), request.user


def _indication(code: str) -> Indication:
    found = indications.find(code)
    if found is None:
        raise Http404
    return found
