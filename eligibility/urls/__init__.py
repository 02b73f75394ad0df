"""The addresses of this app."""

from eligibility.urls import (
    answers,
    coverage,
    decisions,
    imports,
    letters,
    published_maps,
    requests,
    sheets,
    worked_days,
)

urlpatterns = [
    *answers.urlpatterns,
    *requests.urlpatterns,
    *decisions.urlpatterns,
    *letters.urlpatterns,
    *imports.urlpatterns,
    *worked_days.urlpatterns,
    *coverage.urlpatterns,
    *published_maps.urlpatterns,
    *sheets.urlpatterns,
]
