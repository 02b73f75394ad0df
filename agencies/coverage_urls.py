"""The addresses of the pages about what services need."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import service_needs

COVERAGE: Final[list[URLPattern]] = [
    path("<slug:institution>/layanan/<key:pk>/jam/", service_needs.show, name="service_needs"),
]
