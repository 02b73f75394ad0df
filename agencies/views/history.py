"""The structure of an agency as it stood on a day."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access
from agencies.clock import JudgedDay, judged_day
from agencies.exporting.answers import exported_people
from agencies.history.structure import past_agency, past_table
from agencies.models import Institution
from agencies.personal_data import ReadPage, note_read
from agencies.views.people_frame import signed_in


@login_required
@require_safe
@never_cache
def agency_past(request: HttpRequest, institution: str, agency_code: str) -> HttpResponseBase:
    """What an agency consisted of on a day; where holders are named, the read is logged."""
    standing = access.get_standing(request.user, institution)
    agency = access.get_agency(standing, agency_code)
    day = day_of_records(request, standing.institution)
    made = partial(past_table, standing, agency, day.on, day.known_at)
    if file := exported_people(request, standing, ReadPage.HISTORY, made, f"susunan-{slugify(agency.code)}"):
        return file
    page = past_agency(standing, agency, request.GET, day.on, day.known_at)
    note_read(reader=signed_in(request), standing=standing, page=ReadPage.HISTORY, at=timezone.now(), count=page.named)
    context = {"standing": standing, "institution": standing.institution, "day": day, "page": page}
    return render(request, "agencies/agency_past.html", context)


def day_of_records(request: HttpRequest, institution: Institution) -> JudgedDay:
    """The day that the address names, and the moment up to which records count."""
    day = judged_day(request, institution)
    day.form.fields["per"].label = _("As it stood on")
    day.form.fields["diketahui"].label = _("By what was recorded up to")
    return day
