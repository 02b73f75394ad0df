"""The pages to read the law by: one rule with its versions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.access import Standing
from eligibility.law_access import get_reaching_versions
from eligibility.pages.reading import Reading
from eligibility.pages.rule import rule_page
from eligibility.views.answers import framed, judged


@judged
def rule(request: HttpRequest, standing: Standing, reading: Reading, code: str) -> HttpResponse:
    """A rule: what it says on the day, its versions, what it lifts and what lifts it."""
    page = rule_page(reading, get_reaching_versions(standing.institution, code, reading.known_at))
    return render(request, "eligibility/rule.html", framed(standing, reading, page))
