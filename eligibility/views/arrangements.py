"""The pages of arrangements for those in charge: the list, one request, what waits for a decision, who is where."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agencies import clock
from agencies.access import Standing, acting_as, get_standing
from agencies.exporting.answers import exported_people
from agencies.forms.frame import posted
from agencies.personal_data import ReadPage, note_read
from agencies.views.people_frame import frame, signed_in, without_number
from eligibility.arrangement_access import IN_CHARGE, get_arrangement
from eligibility.arrangements.group_requests import Row, decide_many
from eligibility.exports.arrangements import arrangement_table, presence_table, waiting_table
from eligibility.forms.decisions import SeveralForm
from eligibility.pages.arrangements import arrangement_list
from eligibility.pages.decision import decision_page
from eligibility.pages.presence import presence_page
from eligibility.pages.waiting import OLDEST, holds_an_office, waiting_for, waiting_page


def in_charge(request: HttpRequest, institution: str) -> Standing:
    """The user as one who reads the requests of others; Http404 for who does not."""
    return acting_as(get_standing(request.user, institution), *IN_CHARGE)


@login_required
@require_safe
@never_cache
def arrangements(request: HttpRequest, institution: str) -> HttpResponseBase:
    """The arrangements in one's charge, narrowed as the address says."""
    standing = in_charge(request, institution)
    if elsewhere := without_number(request, "cari"):
        return elsewhere
    on = clock.today(standing.institution)
    made = partial(arrangement_table, standing, request.GET, on)
    if file := exported_people(request, standing, ReadPage.ARRANGEMENTS, made, "fleksibilitas-kerja"):
        return file
    listed = arrangement_list(standing, request.GET, on)
    _note(request, standing, ReadPage.ARRANGEMENTS, len(listed.rows))
    return render(request, "eligibility/arrangements.html", frame(standing, listed=listed))


def _note(request: HttpRequest, standing: Standing, page: ReadPage, count: int) -> None:
    note_read(reader=signed_in(request), standing=standing, page=page, at=timezone.now(), count=count)


@login_required
@require_safe
@never_cache
def arrangement(request: HttpRequest, institution: str, pk: int) -> HttpResponse:
    """The one page of a request, for everybody who may open it."""
    standing, user, now = get_standing(request.user, institution), signed_in(request), timezone.now()
    found = get_arrangement(standing, user, pk, now)
    note_read(reader=user, standing=standing, page=ReadPage.ARRANGEMENT, at=now, employee=found.employee)
    again = "periksa" in request.GET
    page = decision_page(standing, user, found, clock.today(standing.institution), now, again=again)
    listed = charges(standing)
    context = frame(standing, page=page, arrangement=found, letters=page.letters, listed=listed)
    return render(request, "eligibility/arrangement.html", context)


def charges(standing: Standing) -> bool:
    """Whether the user has a list of arrangements to go back to."""
    return standing.holds(*IN_CHARGE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def waiting(request: HttpRequest, institution: str) -> HttpResponseBase:
    """What waits for the user's offices; several are decided together, each with its own result."""
    standing, user, now = get_standing(request.user, institution), signed_in(request), timezone.now()
    on = clock.today(standing.institution)
    if not charges(standing) and not holds_an_office(user, standing.institution, on, now):
        raise Http404
    found = waiting_for(standing, user, on, now)
    made = partial(waiting_table, standing, found, on)
    if file := exported_people(request, standing, ReadPage.ARRANGEMENTS, made, "menunggu-keputusan"):
        return file
    form = SeveralForm(posted(request), waiting=found)
    results: tuple[Row, ...] = ()
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["requests"].select_related("employee").order_by(*OLDEST)
        results = decide_many(actor=user, arrangements=list(chosen), on=on)
    page = waiting_page(standing, user, request.GET, on, timezone.now())
    _note(request, standing, ReadPage.ARRANGEMENTS, len(page.lines) + len(results))
    return render(request, "eligibility/decisions_waiting.html", frame(standing, page=page, form=form, results=results))


@login_required
@require_safe
@never_cache
def presence(request: HttpRequest, institution: str) -> HttpResponseBase:
    """Who is where today, this week and the next."""
    standing = in_charge(request, institution)
    page = presence_page(standing, request.GET, clock.today(standing.institution), timezone.now())
    made = partial(presence_table, standing, page)
    if file := exported_people(request, standing, ReadPage.PRESENCE, made, "keberadaan"):
        return file
    _note(request, standing, ReadPage.PRESENCE, len(page.part.object_list))
    return render(request, "eligibility/presence.html", frame(standing, page=page))
