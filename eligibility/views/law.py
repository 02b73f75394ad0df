"""The pages to read the law by: one rule with its versions, and what changed between two days."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies import access
from agencies.access import Standing
from agencies.clock import end_of, judged_day
from agencies.exporting.answers import exported
from agencies.models import Institution
from eligibility.exports.law_changes import change_table
from eligibility.forms.law_changes import TwoDaysForm
from eligibility.law_access import get_reaching_versions
from eligibility.pages.law_changes import law_changes
from eligibility.pages.reading import Reading
from eligibility.pages.rule import rule_page
from eligibility.views.answers import framed, judged


@judged
def rule(request: HttpRequest, standing: Standing, reading: Reading, code: str) -> HttpResponse:
    """A rule: what it says on the day, its versions, what it lifts and what lifts it."""
    page = rule_page(reading, get_reaching_versions(standing.institution, code, reading.known_at))
    return render(request, "eligibility/rule.html", framed(standing, reading, page))


@login_required
@require_safe
def changes(request: HttpRequest, institution: str) -> HttpResponseBase:
    """What changed between two days; at first, over the year before the day that the address names."""
    standing = access.get_standing(request.user, institution)
    place = standing.institution
    form = TwoDaysForm(_typed(request, place))
    context = {"standing": standing, "institution": place, "form": form, "page": None}
    if form.is_valid():
        told = form.cleaned_data
        known_at = end_of(told["diketahui"], place) if told["diketahui"] else timezone.now()
        page = law_changes(place, told["dari"], told["sampai"], known_at)
        if file := exported(request, partial(change_table, place, page, told["diketahui"]), "perubahan-aturan"):
            return file
        context |= {"page": page, "known": told["diketahui"]}
    return render(request, "eligibility/law_changes.html", context)


def _typed(request: HttpRequest, place: Institution) -> dict[str, str]:
    """What the address says of the days, with the usual ones where it is silent."""
    last = judged_day(request, place).on
    usual = {"dari": (last - timedelta(days=365)).isoformat(), "sampai": last.isoformat(), "diketahui": ""}
    return usual | {name: request.GET[name] for name in usual if name in request.GET}
