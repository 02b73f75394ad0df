"""The addresses of studies."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from agencies.views import studies

_AGENCY: Final = "<slug:institution>/opd/<code:agency_code>/kajian/"

STUDIES: Final[list[URLPattern]] = [
    path("<slug:institution>/kajian/", studies.studies, name="studies"),
    path(_AGENCY, studies.agency_reviews, name="agency_reviews"),
    path(f"{_AGENCY}konsep/", studies.study_draft, name="study_draft"),
    path(f"{_AGENCY}konsep/hapus/", studies.study_discard, name="study_discard"),
    path(f"{_AGENCY}konsep/tanda-tangan/", studies.study_sign, name="study_sign"),
    path(f"{_AGENCY}<key:pk>/", studies.study, name="study"),
]
