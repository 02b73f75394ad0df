"""The address of the page about the coverage of services."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import coverage

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/opd/<code:agency_code>/layanan/", coverage.show, name="coverage"),
]
