"""The addresses of a mapping sheet that shows what its answers mean."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import sheets

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:institution>/lembar/<key:pk>/", sheets.show, name="sheet"),
    path("<slug:institution>/lembar/<key:pk>/jawaban/", sheets.save, name="sheet_save"),
    path("<slug:institution>/lembar/<key:pk>/jawaban/<slug:column>/", sheets.save_one, name="sheet_answer"),
]
