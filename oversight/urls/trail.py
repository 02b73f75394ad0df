"""The addresses of the trail."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from oversight.views import trail

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/jejak/", trail.show, name="trail"),
    path("<slug:institution>/jejak/hapus/", trail.erase, name="trail_erase"),
]
