"""The addresses of the import wizard, below the institution's code."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import import_results, imports

_ALL: Final = "<slug:institution>/impor/"
_ONE: Final = f"{_ALL}<key:pk>/"

IMPORTS: Final[list[URLPattern]] = [
    path(_ALL, imports.listing, name="imports"),
    path(f"{_ALL}baru/<slug:word>/", imports.start, name="import_start"),
    path(f"{_ALL}templat/<slug:word>.<slug:ending>", imports.template, name="import_template"),
    path(f"{_ALL}tercatat/<slug:word>.<slug:ending>", imports.recorded, name="import_recorded"),
    path(_ONE, import_results.show, name="data_import"),
    path(f"{_ONE}kolom/", imports.columns, name="import_columns"),
    path(f"{_ONE}laksanakan/", import_results.apply, name="import_apply"),
    path(f"{_ONE}ulangi/", import_results.again, name="import_again"),
    path(f"{_ONE}urungkan/", import_results.abandon, name="import_abandon"),
    path(f"{_ONE}batalkan/", import_results.undo, name="import_undo"),
    path(f"{_ONE}kesalahan.<slug:ending>", import_results.faults, name="import_faults"),
]
