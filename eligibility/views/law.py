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
from agencies.clock import today
from agencies.exporting.answers import exported
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
    """What changed between two days; at first, over the last year. Known is what is known now."""
    standing = access.get_standing(request.user, institution)
    place = standing.institution
    now = today(place)
    usual = {"dari": (now - timedelta(days=365)).isoformat(), "sampai": now.isoformat()}
    form = TwoDaysForm(usual | {name: request.GET[name] for name in usual if name in request.GET})
    context = {"standing": standing, "institution": place, "form": form, "page": None}
    if form.is_valid():
        page = law_changes(place, form.cleaned_data["dari"], form.cleaned_data["sampai"], timezone.now())
        if file := exported(request, partial(change_table, place, page), "perubahan-aturan"):
            return file
        context["page"] = page
    return render(request, "eligibility/law_changes.html", context)
