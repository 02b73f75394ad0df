"""The pages of indications: all of them, the rows of one, and these as a file."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.access import Standing, get_standing
from agencies.models import Role, User
from agencies.personal_data import ReadPage, note_read
from oversight import access, indications
from oversight.exports import csv_file
from oversight.indications import Indication
from oversight.pages.indications import indication_cells, indication_list, indication_page


@login_required
@require_safe
@never_cache
def listing(request: HttpRequest, institution: str) -> HttpResponse:
    """All indications, those that point at something first."""
    standing, user = _reader(request, institution)
    page = indication_list(standing, user, clock.today(standing.institution), timezone.now())
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/indications.html", context)


@login_required
@require_safe
@never_cache
def one(request: HttpRequest, institution: str, code: str) -> HttpResponse:
    """The rows of an indication, each linking to its case; the read is logged."""
    standing, user = _reader(request, institution)
    on, now = clock.today(standing.institution), timezone.now()
    page = indication_page(standing, user, _indication(code), request.GET, on, now)
    note_read(reader=user, standing=standing, page=ReadPage.INDICATION, at=now, count=len(page.rows))
    context = {"standing": standing, "institution": standing.institution, "page": page}
    return render(request, "oversight/indication.html", context)


@login_required
@require_safe
def export(request: HttpRequest, institution: str, code: str) -> HttpResponseBase:
    """Every row of an indication as CSV."""
    standing, user = _reader(request, institution)
    on, now = clock.today(standing.institution), timezone.now()
    agencies = access.audited(standing, user)
    _look, flags = indications.shown(_indication(code), standing.institution, agencies, on, now)
    note_read(reader=user, standing=standing, page=ReadPage.INDICATION, at=now, count=len(flags))
    header = [_("Case"), _("Employee"), _("Agency"), _("Position"), _("First day"), _("Last day"), _("Why")]
    return csv_file(
        f"indikasi-{code}-{on.isoformat()}", header, indication_cells(flags, sees_person=standing.holds(Role.INSPECTOR))
    )


def _reader(request: HttpRequest, institution: str) -> tuple[Standing, User]:
    assert isinstance(request.user, User)
    return access.auditor(get_standing(request.user, institution)), request.user


def _indication(code: str) -> Indication:
    found = indications.find(code)
    if found is None:
        raise Http404
    return found
