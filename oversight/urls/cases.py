"""The addresses of the inspector's desk: the overview, cases, and the trail entry by entry."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from oversight.views import cases, overview, trail_browser

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/pengawasan/", overview.show, name="oversight"),
    path("<slug:institution>/pengawasan/angka.csv", overview.export, {"kind": "csv"}, name="oversight_csv"),
    path("<slug:institution>/pengawasan/angka.xlsx", overview.export, {"kind": "xlsx"}, name="oversight_xlsx"),
    path("<slug:institution>/pengawasan/daftar/", cases.cases, name="cases"),
    path("<slug:institution>/pengawasan/daftar.csv", cases.export, {"kind": "csv"}, name="cases_csv"),
    path("<slug:institution>/pengawasan/daftar.xlsx", cases.export, {"kind": "xlsx"}, name="cases_xlsx"),
    path("<slug:institution>/pengawasan/kasus/<key:pk>/", cases.case, name="case"),
    path("<slug:institution>/jejak/telusur/", trail_browser.browse, name="trail_browser"),
    path("<slug:institution>/jejak/telusur/periksa/", trail_browser.check, name="trail_check"),
    path("<slug:institution>/jejak/telusur.csv", trail_browser.export, name="trail_export"),
]
