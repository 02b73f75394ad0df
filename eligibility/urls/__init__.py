"""The addresses of this app."""

from eligibility.urls import answers, coverage, decisions, letters, published_maps, requests, sheets, worked_days
from eligibility.urls import answers, decisions, imports, letters, requests, worked_days

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
