"""The log of reads of personal data, for the officer for data protection alone."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies import access
from agencies.clock import today, zone_name
from agencies.exporting.answers import exported_people
from agencies.models import Role
from agencies.pages.reads import read_log, read_table
from agencies.personal_data import ReadPage, note_read
from agencies.views.people_frame import frame, signed_in, without_number


@login_required
@require_safe
@never_cache
def personal_data_reads(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Who read what, newest first; to read the names here is a read as well."""
    standing = access.acting_as(access.get_standing(request.user, institution), Role.DATA_PROTECTION_OFFICER)
    if elsewhere := without_number(request, "pegawai"):
        return elsewhere
    made = partial(read_table, standing.institution, request.GET, today(standing.institution))
    if file := exported_people(request, standing, ReadPage.READS, made, "pembacaan"):
        return file
    log = read_log(standing.institution, request.GET)
    note_read(reader=signed_in(request), standing=standing, page=ReadPage.READS, at=timezone.now(), count=log.people)
    context = frame(standing, log=log, zone=zone_name(standing.institution))
    return render(request, "agencies/people_reads.html", context)
