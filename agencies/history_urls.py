"""The addresses of what stood on a day, below the institution's code."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import history

HISTORY: Final[list[URLPattern]] = [
    path("<slug:institution>/opd/<code:agency_code>/per-tanggal/", history.agency_past, name="agency_past"),
]
