"""The addresses of the inspector's desk: the overview, cases, and the trail entry by entry."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from oversight.views import cases, overview, trail_browser

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/pengawasan/", overview.show, name="oversight"),
    path("<slug:institution>/pengawasan/daftar/", cases.cases, name="cases"),
    path("<slug:institution>/pengawasan/kasus/<key:pk>/", cases.case, name="case"),
    path("<slug:institution>/jejak/telusur/", trail_browser.browse, name="trail_browser"),
    path("<slug:institution>/jejak/telusur/periksa/", trail_browser.check, name="trail_check"),
]
