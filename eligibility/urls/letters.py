"""The addresses of letters."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from eligibility.views import letters

urlpatterns: list[URLPattern | URLResolver] = [
    path("surat/<slug:code>/", letters.letter_check, name="letter_check"),
    path("<slug:institution>/fleksibilitas/<key:pk>/surat/", letters.issue, name="arrangement_letter"),
    path("<slug:institution>/fleksibilitas/<key:pk>/surat.pdf", letters.letter_pdf, name="letter_pdf"),
]
