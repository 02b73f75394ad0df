"""The addresses of this app."""

from eligibility.urls import answers, coverage, decisions, letters, published_maps, requests, sheets, worked_days

urlpatterns = [
    *answers.urlpatterns,
    *requests.urlpatterns,
    *decisions.urlpatterns,
    *letters.urlpatterns,
    *worked_days.urlpatterns,
    *coverage.urlpatterns,
    *published_maps.urlpatterns,
    *sheets.urlpatterns,
]
