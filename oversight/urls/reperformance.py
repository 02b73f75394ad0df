"""The addresses of deciding again."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from oversight.views import reperformances

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/pengawasan/uji-ulang/", reperformances.listing, name="reperformances"),
    path("<slug:institution>/pengawasan/uji-ulang/mulai/", reperformances.start, name="reperformance_start"),
    path("<slug:institution>/pengawasan/uji-ulang/<key:pk>/", reperformances.one, name="reperformance"),
]
