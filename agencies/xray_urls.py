"""The addresses of the look through the data."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import xray

XRAY: Final[list[URLPattern]] = [
    path("<slug:institution>/rontgen-data/", xray.show, name="xray"),
    path("<slug:institution>/rontgen-data/<slug:code>/", xray.rows, name="xray_check"),
]
